#include "fingerprint/index/index.h"

#include <gtest/gtest.h>

#include <fstream>
#include <limits>
#include <map>
#include <random>
#include <set>
#include <thread>

namespace penstock::fingerprint {
namespace {

namespace fs = std::filesystem;
using media::ReferenceId;
using Model = std::map<std::string, int>;  // id to the seed of what it holds

class IndexTest : public ::testing::Test {
 protected:
  IndexTest() {
    std::string name = (fs::temp_directory_path() / "index-XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
  }
  ~IndexTest() override { fs::remove_all(directory_); }
  fs::path directory_;
};

IndexedReference Made(const std::string& id, int seed) {
  std::mt19937 random(static_cast<unsigned>(seed));
  IndexedReference made{.id = ReferenceId::FromTrusted(id), .fingerprint = {}, .tokens = {}};
  made.fingerprint.duration = media::Millis(seed);
  for (std::uint32_t i = 0; i < 40; ++i) {
    // A token of its own, a crowded one, and one near the end of the range.
    const std::uint32_t token = i % 3 == 0   ? random() % 7
                                : i % 3 == 1 ? static_cast<std::uint32_t>(seed) * 100 + i
                                             : 0xFFFFFFFF - random() % 3;
    made.fingerprint.audio.push_back(token);
    made.tokens.push_back({static_cast<Feature>(1 + i % 3), token, i * 10});
  }
  return made;
}

std::vector<Posting> Find(const IndexSnapshot& snapshot, Feature feature, std::uint32_t token,
                          std::size_t most) {
  std::vector<Posting> found;
  snapshot.Find(feature, {&token, 1}, most, [&](std::size_t, std::span<const Posting> places) {
    found.insert(found.end(), places.begin(), places.end());
  });
  return found;
}

// What the index answers is what a scan of the model answers.
void ExpectHolds(const Index& index, const Model& model) {
  const auto snapshot = index.Snapshot();
  ASSERT_EQ(snapshot->size(), model.size());
  using Place = std::tuple<int, std::uint32_t, std::string, std::uint32_t>;
  std::multiset<Place> expected, found;
  std::set<std::pair<Feature, std::uint32_t>> tokens;
  for (const auto& [id, seed] : model) {
    const auto made = Made(id, seed);
    const auto number = snapshot->Number(made.id);
    ASSERT_TRUE(number.has_value()) << id;
    EXPECT_EQ(snapshot->Id(*number), made.id);
    ASSERT_NE(snapshot->Fingerprint(*number), nullptr);
    EXPECT_EQ(*snapshot->Fingerprint(*number), made.fingerprint);
    for (const Token& token : made.tokens) {
      expected.emplace(static_cast<int>(token.feature), token.token, id, token.position);
      tokens.emplace(token.feature, token.token);
    }
  }
  for (int feature = 1; feature <= kFeatures; ++feature) {
    std::vector<std::uint32_t> sought;  // from the last to the first
    for (const auto& [of, token] : tokens) {
      if (static_cast<int>(of) == feature) sought.insert(sought.begin(), token);
    }
    snapshot->Find(static_cast<Feature>(feature), sought, 1 << 20,
                   [&](std::size_t asked, std::span<const Posting> places) {
                     for (const Posting& place : places) {
                       found.emplace(feature, sought[asked], snapshot->Id(place.reference).text(),
                                     place.position);
                     }
                   });
  }
  EXPECT_EQ(found, expected);
}

// Batch k of a fixed story of additions, replacements and removals.
IndexBatch Story(int k, Model& model) {
  IndexBatch batch;
  batch.after = static_cast<std::uint64_t>(k);
  batch.cursor = batch.after + 1;
  if (k % 3 == 2) {
    const std::string id = "r" + std::to_string(k - 2);
    batch.remove.push_back(ReferenceId::FromTrusted(id));
    model.erase(id);
  }
  for (int i = 0; i < 2; ++i) {
    const std::string id = "r" + std::to_string(i == 0 ? k : k / 2);
    batch.add.push_back(Made(id, 1000 + 2 * k + i));
    model[id] = 1000 + 2 * k + i;
  }
  return batch;
}

const IndexOptions kSmall{.log_bytes = 1 << 20, .log_batches = 3, .merge_at = 2};

TEST_F(IndexTest, HoldsWhatWasAppliedThroughFoldsMergesAndReopening) {
  Model model;
  for (int round = 0; round < 4; ++round) {
    auto index = Index::Open(directory_, kSmall);
    ASSERT_TRUE(index) << index.error().message;
    ExpectHolds(**index, model);
    for (int k = round * 10; k < round * 10 + 10; ++k) {
      ASSERT_TRUE((*index)->Apply(Story(k, model)));
      EXPECT_EQ((*index)->cursor(), static_cast<std::uint64_t>(k) + 1);
    }
    ExpectHolds(**index, model);
    ASSERT_TRUE((*index)->Maintain());
    ExpectHolds(**index, model);
    EXPECT_TRUE((*index)->problems().empty());
  }
}

TEST_F(IndexTest, HoldsTheSameInMemory) {
  Model model;
  const auto index = Index::InMemory(kSmall);
  for (int k = 0; k < 20; ++k) ASSERT_TRUE(index->Apply(Story(k, model)));
  ASSERT_TRUE(index->Maintain());
  ExpectHolds(*index, model);
}

TEST_F(IndexTest, ABatchTooLargeForTheLogBecomesASegment) {
  auto index = Index::Open(directory_, {.log_bytes = 100});
  ASSERT_TRUE(index);
  Model model;
  for (int k = 0; k < 5; ++k) ASSERT_TRUE((*index)->Apply(Story(k, model)));
  index->reset();
  index = Index::Open(directory_);
  ASSERT_TRUE(index);
  ExpectHolds(**index, model);
}

TEST_F(IndexTest, FindsTheNewestFirstAndNoMoreThanAsked) {
  const auto index = Index::InMemory();
  for (int k = 0; k < 5; ++k) {
    IndexedReference one{.id = ReferenceId::FromTrusted("r" + std::to_string(k)),
                         .fingerprint = {},
                         .tokens = {{Feature::kLandmark, 9, 1}, {Feature::kLandmark, 9, 2}}};
    ASSERT_TRUE(index->Apply({.remove = {}, .add = {one}}));
  }
  const std::vector<Posting> places = Find(*index->Snapshot(), Feature::kLandmark, 9, 3);
  ASSERT_EQ(places.size(), 3U);
  EXPECT_EQ(index->Snapshot()->Id(places[0].reference).text(), "r4");
  EXPECT_EQ(index->Snapshot()->Id(places[2].reference).text(), "r3");
}

TEST_F(IndexTest, ASnapshotStaysAsItWas) {
  const auto index = Index::InMemory();
  ASSERT_TRUE(index->Apply({.remove = {}, .add = {Made("a", 1)}}));
  const auto before = index->Snapshot();
  ASSERT_TRUE(index->Apply({.remove = {ReferenceId::FromTrusted("a")}, .add = {}}));
  EXPECT_EQ(before->size(), 1U);
  EXPECT_EQ(index->Snapshot()->size(), 0U);
}

// How much of what was not synced a power cut takes.
struct Loss {
  bool bytes = false;  // of files
  bool names = false;  // of directories: files that were made, renamed or removed
};

// Loses power at step `dies_at`: that step and all after it fail.
class DyingFiles : public IndexFiles {
 public:
  explicit DyingFiles(int dies_at) : left_(dies_at) {}
  bool dead() const { return left_ < 0; }
  // Leaves in the directory what the disk has then.
  void LosePower(const fs::path& directory, Loss loss) {
    fs::remove_all(directory);
    fs::create_directory(directory);
    for (const auto& [path, contents] : loss.names ? synced_names_ : names_) {
      const std::string bytes =
          contents->bytes.substr(0, loss.bytes ? contents->synced : contents->bytes.size());
      std::ofstream(path, std::ios::binary) << bytes;
    }
  }
  Result<std::unique_ptr<IndexFile>> Create(const fs::path& path) override {
    PENSTOCK_CHECK(Step());
    PENSTOCK_TRY(auto file, system_->Create(path));
    names_[path] = std::make_shared<Contents>();
    return std::unique_ptr<IndexFile>(std::make_unique<File>(*this, names_[path], std::move(file)));
  }
  Status Rename(const fs::path& from, const fs::path& to) override {
    PENSTOCK_CHECK(Step());
    names_[to] = names_[from];
    names_.erase(from);
    return system_->Rename(from, to);
  }
  Status SyncDirectory(const fs::path&) override {
    PENSTOCK_CHECK(Step());
    synced_names_ = names_;
    return {};
  }
  Status Remove(const fs::path& path) override {
    PENSTOCK_CHECK(Step());
    names_.erase(path);
    return system_->Remove(path);
  }

 private:
  struct Contents {
    std::string bytes;
    std::size_t synced = 0;
  };
  struct File : IndexFile {
    File(DyingFiles& o, std::shared_ptr<Contents> c, std::unique_ptr<IndexFile> f)
        : owner(o), contents(std::move(c)), file(std::move(f)) {}
    Status Append(std::string_view bytes) override {
      auto status = owner.Step();
      if (!status) bytes = bytes.substr(0, bytes.size() / 2);
      contents->bytes.append(bytes);
      PENSTOCK_CHECK(file->Append(bytes));
      return status;
    }
    Status Sync() override {
      PENSTOCK_CHECK(owner.Step());
      contents->synced = contents->bytes.size();
      return {};
    }
    DyingFiles& owner;
    std::shared_ptr<Contents> contents;
    std::unique_ptr<IndexFile> file;
  };
  Status Step() {
    if (--left_ < 0) return Error(ErrorKind::kInternal, "the power is cut");
    return {};
  }
  int left_;
  std::map<fs::path, std::shared_ptr<Contents>> names_, synced_names_;
  std::shared_ptr<IndexFiles> system_ = SystemIndexFiles();
};

TEST_F(IndexTest, APowerCutAtAnyStepLosesNothingThatWasAcknowledged) {
  bool finished = false;
  for (int step = 0; !finished; ++step) {
    for (const Loss loss :
         {Loss{false, false}, Loss{true, false}, Loss{false, true}, Loss{true, true}}) {
      const fs::path directory = directory_ / "index";
      fs::remove_all(directory);
      fs::create_directory(directory);
      const auto files = std::make_shared<DyingFiles>(step);
      IndexOptions options = kSmall;
      options.files = files;
      Model acknowledged, next;
      std::uint64_t tried = 0;
      {
        auto index = Index::Open(directory, options);
        ASSERT_TRUE(index);
        for (int k = 0; k < 9 && !files->dead(); ++k) {
          ++tried;
          if (!(*index)->Apply(Story(k, next))) break;
          acknowledged = next;
          if (k % 4 == 3) static_cast<void>((*index)->Maintain());
        }
        finished = !files->dead();
      }
      files->LosePower(directory, loss);
      const auto index = Index::Open(directory, kSmall);
      ASSERT_TRUE(index) << step;
      // The batch that failed may be there, but then the whole of it is.
      const bool whole = index.value()->cursor() == tried;
      ExpectHolds(**index, whole ? next : acknowledged);
      ASSERT_FALSE(HasFailure()) << "step " << step;
    }
  }
}

TEST_F(IndexTest, AFlippedByteNeverGivesAWrongAnswer) {
  Model model;
  {
    auto index = Index::Open(directory_, kSmall);
    for (int k = 0; k < 7; ++k) ASSERT_TRUE((*index)->Apply(Story(k, model)));
  }
  IndexOptions unsynced = kSmall;  // quicker, and nobody cuts the power
  unsynced.files = std::make_shared<DyingFiles>(std::numeric_limits<int>::max());
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(directory_)) paths.push_back(entry.path());
  for (const fs::path& path : paths) {
    for (std::uintmax_t at = 0; at < fs::file_size(path); at += 37) {
      const fs::path copy = directory_ / "copy";
      fs::remove_all(copy);
      fs::create_directory(copy);
      for (const fs::path& from : paths) fs::copy_file(from, copy / from.filename());
      std::fstream file(copy / path.filename(), std::ios::in | std::ios::out | std::ios::binary);
      file.seekg(static_cast<std::streamoff>(at));
      const char byte = static_cast<char>(file.get());
      file.seekp(static_cast<std::streamoff>(at));
      file.put(static_cast<char>(byte ^ 0x10));
      file.close();
      auto index = Index::Open(copy, unsynced);
      ASSERT_TRUE(index);
      // Reading everything finds the damage; the owner then adds what is missing.
      for (const auto& [id, seed] : model) {
        const auto snapshot = (*index)->Snapshot();
        for (const Token& token : Made(id, seed).tokens) {
          Find(*snapshot, token.feature, token.token, 1000);
        }
        const auto number = snapshot->Number(ReferenceId::FromTrusted(id));
        if (number) static_cast<void>(snapshot->Fingerprint(*number));
      }
      ASSERT_TRUE((*index)->Maintain());
      ASSERT_FALSE((*index)->problems().empty()) << path << " " << at;
      ASSERT_LT((*index)->cursor(), 7U) << path << " " << at;
      IndexBatch rest{.remove = {}, .add = {}, .after = 0, .cursor = 7};
      for (int k = 0; k < 7; ++k) {
        const auto gone = ReferenceId::FromTrusted("r" + std::to_string(k));
        if (!model.contains(gone.text())) rest.remove.push_back(gone);
      }
      for (const auto& [id, seed] : model) rest.add.push_back(Made(id, seed));
      ASSERT_TRUE((*index)->Apply(rest));
      ExpectHolds(**index, model);
      ASSERT_FALSE(HasFailure()) << path << " " << at;
    }
  }
}

// Fills an index with the story's first batches and returns its one segment.
fs::path Filled(const fs::path& directory, Model& model) {
  auto index = Index::Open(directory, {.log_bytes = 0, .merge_at = 2});
  for (int k = 0; k < 4; ++k) EXPECT_TRUE((*index)->Apply(Story(k, model)));
  EXPECT_TRUE((*index)->Maintain());
  for (const auto& entry : fs::directory_iterator(directory)) {
    if (entry.path().filename().string().starts_with("segment-")) return entry.path();
  }
  return {};
}

// Later batches do not hide that the index lost something, nor does a restart.
void ExpectMissingUntilGivenAgain(const fs::path& directory, Model model) {
  for (int k = 4; k < 6; ++k) {
    auto index = Index::Open(directory, kSmall);
    ASSERT_TRUE(index);
    EXPECT_EQ((*index)->cursor(), 0U);
    ASSERT_TRUE((*index)->Apply(Story(k, model)));
    EXPECT_EQ((*index)->cursor(), 0U);
  }
  auto index = Index::Open(directory, kSmall);
  ASSERT_TRUE(index);
  IndexBatch all{.remove = {}, .add = {}, .after = 0, .cursor = 6};
  for (const auto& [id, seed] : model) all.add.push_back(Made(id, seed));
  ASSERT_TRUE((*index)->Apply(all));
  ExpectHolds(**index, model);
  index->reset();
  index = Index::Open(directory, kSmall);
  ASSERT_TRUE(index);
  EXPECT_EQ((*index)->cursor(), 6U);
  ExpectHolds(**index, model);
}

TEST_F(IndexTest, ALostSegmentStaysMissingUntilItIsGivenAgain) {
  Model model;
  fs::remove(Filled(directory_, model));
  ExpectMissingUntilGivenAgain(directory_, model);
}

TEST_F(IndexTest, DamageThatIsMetWhileServingStaysMissingUntilItIsGivenAgain) {
  Model model;
  const fs::path segment = Filled(directory_, model);
  {
    std::fstream file(segment, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(12);  // within the first record
    file.put('~');
  }
  {
    auto index = Index::Open(directory_, kSmall);
    ASSERT_TRUE(index);
    EXPECT_EQ((*index)->cursor(), 4U);
    for (const auto& [id, seed] : model) {
      const auto snapshot = (*index)->Snapshot();
      const auto number = snapshot->Number(ReferenceId::FromTrusted(id));
      ASSERT_TRUE(number);
      static_cast<void>(snapshot->Fingerprint(*number));
    }
    ASSERT_TRUE((*index)->Maintain());
    EXPECT_FALSE((*index)->problems().empty());
  }
  ExpectMissingUntilGivenAgain(directory_, model);
}

TEST_F(IndexTest, WhoComesSecondReadsAndWritesNothing) {
  Model model;
  auto owner = Index::Open(directory_, kSmall);
  for (int k = 0; k < 5; ++k) ASSERT_TRUE((*owner)->Apply(Story(k, model)));
  const Model before = model;
  {
    auto reader = Index::Open(directory_, kSmall);
    ASSERT_TRUE(reader);
    ExpectHolds(**reader, model);
    EXPECT_EQ((*reader)->cursor(), 5U);
    for (int k = 5; k < 20; ++k) {
      ASSERT_TRUE((*reader)->Apply(Story(k, model)));
      ASSERT_TRUE((*reader)->Maintain());
    }
    ExpectHolds(**reader, model);
    ExpectHolds(**owner, before);
  }
  owner->reset();
  owner = Index::Open(directory_, kSmall);
  ASSERT_TRUE(owner);
  ExpectHolds(**owner, before);
  EXPECT_EQ((*owner)->cursor(), 5U);
}

TEST_F(IndexTest, AReaderKeepsItsStateWhileTheOwnerReplacesTheFiles) {
  Model model;
  auto owner = Index::Open(directory_, kSmall);
  for (int k = 0; k < 5; ++k) ASSERT_TRUE((*owner)->Apply(Story(k, model)));
  const auto reader = Index::Open(directory_, kSmall);
  ASSERT_TRUE(reader);
  const Model before = model;
  for (int k = 5; k < 20; ++k) ASSERT_TRUE((*owner)->Apply(Story(k, model)));
  ASSERT_TRUE((*owner)->Maintain());
  ExpectHolds(**reader, before);
}

TEST_F(IndexTest, BeginsAnewWhenItsTokensAreOfAnotherVersion) {
  Model model;
  for (int k = 0; k < 5; ++k)
    ASSERT_TRUE((*Index::Open(directory_, kSmall))->Apply(Story(k, model)));
  IndexOptions options = kSmall;
  options.tokens = 2;
  for (int round = 0; round < 2; ++round) {
    const auto index = Index::Open(directory_, options);
    ASSERT_TRUE(index);
    EXPECT_EQ((*index)->cursor(), 0U);
    EXPECT_EQ((*index)->Snapshot()->size(), 0U);
    EXPECT_TRUE((*index)->problems().empty());
  }
}

TEST_F(IndexTest, BeginsAnewWhenItsFilesAreOfAnotherVersion) {
  Model model;
  ASSERT_TRUE((*Index::Open(directory_, kSmall))->Apply(Story(0, model)));
  {
    std::fstream file(directory_ / "manifest", std::ios::in | std::ios::out | std::ios::binary);
    file.write("PSIDX001", 8);
  }
  const auto index = Index::Open(directory_, kSmall);
  ASSERT_TRUE(index);
  EXPECT_EQ((*index)->cursor(), 0U);
  EXPECT_EQ((*index)->Snapshot()->size(), 0U);
  EXPECT_TRUE((*index)->problems().empty());
}

TEST_F(IndexTest, FindsIdsWithoutReadingFingerprints) {
  Model model;
  const fs::path segment = Filled(directory_, model);
  const auto index = Index::Open(directory_, kSmall);
  ASSERT_TRUE(index);
  {
    std::fstream file(segment, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(12);  // within the first fingerprint
    file.put('~');
  }
  IndexBatch all;
  for (const auto& [id, seed] : model) {
    const auto number = (*index)->Snapshot()->Number(ReferenceId::FromTrusted(id));
    ASSERT_TRUE(number);
    EXPECT_EQ((*index)->Snapshot()->Id(*number).text(), id);
    all.remove.push_back(ReferenceId::FromTrusted(id));
  }
  ASSERT_TRUE((*index)->Apply(all));
  EXPECT_EQ((*index)->Snapshot()->size(), 0U);
  ASSERT_TRUE((*index)->Maintain());
  EXPECT_TRUE((*index)->problems().empty());
}

TEST_F(IndexTest, ForgetsEverythingWhenItIsCleared) {
  Model model;
  {
    const auto index = Index::Open(directory_, kSmall);
    for (int k = 0; k < 5; ++k) ASSERT_TRUE((*index)->Apply(Story(k, model)));
    ASSERT_TRUE((*index)->Clear());
  }
  const auto index = Index::Open(directory_, kSmall);
  ASSERT_TRUE(index);
  EXPECT_EQ((*index)->cursor(), 0U);
  ExpectHolds(**index, {});
}

TEST_F(IndexTest, ABatchThatClaimsNothingLeavesTheCursor) {
  const auto index = Index::InMemory();
  ASSERT_TRUE(index->Apply({.remove = {}, .add = {Made("a", 1)}, .after = 0, .cursor = 5}));
  ASSERT_TRUE(index->Apply({.remove = {}, .add = {Made("b", 2)}}));
  EXPECT_EQ(index->cursor(), 5U);
}

TEST_F(IndexTest, RefusesUnknownFeaturesAndIdsThatAreNone) {
  const auto index = Index::InMemory();
  for (const int feature : {0, kFeatures + 1, 255}) {
    IndexedReference bad = Made("a", 1);
    bad.tokens.push_back({static_cast<Feature>(feature), 7, 0});
    const auto status = index->Apply({.remove = {}, .add = {bad}});
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, "invalid_index_batch");
  }
  for (const std::string& text : {std::string(), std::string(300, 'a')}) {
    const auto id = ReferenceId::FromTrusted(text);
    EXPECT_FALSE(index->Apply({.remove = {id}, .add = {}}));
    EXPECT_FALSE(index->Apply({.remove = {}, .add = {Made(text, 1)}}));
  }
  EXPECT_EQ(index->Snapshot()->size(), 0U);
}

TEST_F(IndexTest, ReadersSeeWholeBatchesWhileItIsMaintained) {
  auto index = Index::Open(directory_, kSmall);
  ASSERT_TRUE(index);
  std::atomic<bool> done = false;
  std::thread reader([&] {
    while (!done) EXPECT_EQ((*index)->Snapshot()->size() % 2, 0U);
  });
  std::thread maintainer([&] {
    while (!done) EXPECT_TRUE((*index)->Maintain());
  });
  Model model;
  for (int k = 0; k < 60; ++k) {
    IndexBatch batch;
    for (const char* side : {"a", "b"}) {
      const std::string id = side + std::to_string(k);
      batch.add.push_back(Made(id, k));
      model[id] = k;
      const std::string old = side + std::to_string(k - 7);
      if (model.erase(old) == 1) batch.remove.push_back(ReferenceId::FromTrusted(old));
    }
    ASSERT_TRUE((*index)->Apply(batch));
  }
  done = true;
  reader.join();
  maintainer.join();
  ExpectHolds(**index, model);
}

}  // namespace
}  // namespace penstock::fingerprint
