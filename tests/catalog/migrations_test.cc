#include "catalog/migrations.h"

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "base/encoding.h"
#include "tests/catalog/catalog_fixture.h"

namespace penstock::catalog {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

class MigrationsTest : public CatalogTest {
 protected:
  std::string path_ = (directory_.path() / "old.db").string();
};

media::Fingerprint Work(std::uint32_t seed) {
  media::Fingerprint work;
  work.duration = media::Millis(1000);
  work.audio = {seed, seed + 1};
  return work;
}

TEST_F(MigrationsTest, TheListsOfTheFirstSchemaMatchAsTheyDid) {
  {
    soci::session sql(soci::sqlite3, "dbname=\"" + path_ + "\"");
    soci::transaction transaction(sql);
    ASSERT_EQ(Migrate(sql, 1), 0);
    sql << "INSERT INTO lists VALUES ('list', 'Holder', 'Catalogue', 'review', 3, 1000)";
    sql << "INSERT INTO receipts VALUES ('list', 3, 2, 0, 1000)";
    sql << "UPDATE counters SET value = 3 WHERE name = 'reference'";
    std::string id;
    std::string state;
    std::string fingerprint;
    int sequence = 0;
    soci::statement insert =
        (sql.prepare << "INSERT INTO list_references (id, sequence, list, holder_key, kind, title, "
                        "fingerprint, state, version) VALUES (:id, :sequence, 'list', :id, "
                        "'audio', 'Title', :fingerprint, :state, 3)",
         soci::use(id, "id"), soci::use(sequence, "sequence"),
         soci::use(fingerprint, "fingerprint"), soci::use(state, "state"));
    for (const char* key : {"a", "replaced", "b"}) {
      id = key;
      ++sequence;
      state = id == "replaced" ? "inactive" : "active";
      fingerprint =
          Base64Encode(media::SerializeFingerprint(Work(static_cast<std::uint32_t>(sequence))));
      insert.execute(true);
    }
    transaction.commit();
  }
  const auto database = Open("sqlite://" + path_);
  References references(*database, clock_);
  const auto lists = *references.Lists();
  ASSERT_THAT(lists, SizeIs(1));
  EXPECT_EQ(lists[0].version, 3);
  EXPECT_EQ(lists[0].reference_count, 2);
  EXPECT_EQ(lists[0].policy, media::Policy::kReview);
  const auto versions = *references.Versions(lists[0].id);
  ASSERT_THAT(versions, SizeIs(1));
  EXPECT_TRUE(versions[0].active);
  EXPECT_TRUE(versions[0].available);
  const auto a = media::ReferenceId::FromTrusted("a");
  const auto b = media::ReferenceId::FromTrusted("b");
  EXPECT_THAT(*references.Members(lists[0].id, 3), ElementsAre(a, b));
  const auto followed = *references.After(0, 10);
  ASSERT_THAT(followed, SizeIs(2));
  EXPECT_EQ(followed[1].id, b);
  EXPECT_EQ(followed[1].fingerprint, Work(3));
  media::Match match;
  match.reference = b;
  EXPECT_TRUE(references.Describe(match)->has_value());

  // The next version goes on from there.
  media::Reference fresh;
  fresh.holder_key = "c";
  fresh.fingerprint = Work(9);
  const auto receipt = references.Import(
      {.list = "Catalogue", .holder = "Holder", .policy = {}, .full = false}, {{2, fresh}});
  ASSERT_TRUE(receipt.has_value()) << receipt.error().message;
  EXPECT_EQ(receipt->version, 4);
  EXPECT_THAT(*references.Members(lists[0].id, 4), SizeIs(3));
  ASSERT_TRUE(references.Rollback(lists[0].id, 3).has_value());
  EXPECT_EQ(references.GetList(lists[0].id)->reference_count, 2);
}

}  // namespace
}  // namespace penstock::catalog
