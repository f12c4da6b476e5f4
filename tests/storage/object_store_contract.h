// What every object store keeps. Instantiate with a function that opens a fresh, empty store:
//
//   INSTANTIATE_TEST_SUITE_P(Filesystem, ObjectStoreContract, ::testing::Values(&OpenStore));
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/file.h"
#include "storage/object_store.h"
#include "tests/support/temporary_directory.h"

namespace penstock::storage {

using OpenStoreFunction =
    std::unique_ptr<ObjectStore> (*)(const std::filesystem::path& scratch_directory);

class ObjectStoreContract : public ::testing::TestWithParam<OpenStoreFunction> {
 protected:
  static ObjectKey Key(std::string_view text) { return ObjectKey::Parse(text).value(); }

  std::filesystem::path FileWith(const std::string& name, std::string_view bytes) const {
    std::ofstream(directory_.path() / name, std::ios::binary) << bytes;
    return directory_.path() / name;
  }

  // The object's bytes, or "<none>".
  std::string Read(std::string_view key) const {
    const auto opened = store_->Open(Key(key));
    if (!opened) return "<none>";
    return ReadAt(opened->fd.get(), 0, opened->info.size).value();
  }

  std::vector<std::string> List(std::string_view prefix) const {
    std::vector<std::string> names;
    const auto keys = store_->List(prefix).value();
    for (const ObjectKey& key : keys) names.push_back(key.text());
    return names;
  }

  const testing::TemporaryDirectory directory_;
  const std::unique_ptr<ObjectStore> store_ = GetParam()(directory_.path());
};

TEST_P(ObjectStoreContract, ShowsTheBytesThatWerePut) {
  ASSERT_TRUE(store_->PutBytes(Key("a/b/c.txt"), "some bytes"));
  EXPECT_EQ(Read("a/b/c.txt"), "some bytes");
  EXPECT_EQ(store_->Stat(Key("a/b/c.txt"))->size, 10U);
}

TEST_P(ObjectStoreContract, ShowsTheBytesOfAFileThatWasPut) {
  const std::string bytes(3'000'000, 'x');
  ASSERT_TRUE(store_->PutFile(Key("sources/a/original"), FileWith("staged", bytes)));
  EXPECT_EQ(Read("sources/a/original"), bytes);
}

TEST_P(ObjectStoreContract, KeepsAnEmptyObject) {
  ASSERT_TRUE(store_->PutBytes(Key("empty"), ""));
  EXPECT_EQ(Read("empty"), "");
  EXPECT_EQ(store_->Stat(Key("empty"))->size, 0U);
}

TEST_P(ObjectStoreContract, SaysNotFoundOfAnObjectThatIsNotThere) {
  ASSERT_TRUE(store_->PutBytes(Key("a/b"), "bytes"));
  for (const std::string_view absent : {"x", "a", "a/b/c", "a/bb"}) {
    const auto info = store_->Stat(Key(absent));
    ASSERT_FALSE(info.has_value()) << absent;
    EXPECT_EQ(info.error().kind, ErrorKind::kNotFound) << absent;
    const auto opened = store_->Open(Key(absent));
    ASSERT_FALSE(opened.has_value()) << absent;
    EXPECT_EQ(opened.error().kind, ErrorKind::kNotFound) << absent;
  }
}

TEST_P(ObjectStoreContract, PutsTheSameKeyAgain) {
  ASSERT_TRUE(store_->PutBytes(Key("a"), "old"));
  ASSERT_TRUE(store_->PutBytes(Key("a"), "newer"));
  EXPECT_EQ(Read("a"), "newer");
  ASSERT_TRUE(store_->PutFile(Key("a"), FileWith("staged", "newest")));
  EXPECT_EQ(Read("a"), "newest");
}

TEST_P(ObjectStoreContract, FailsToPutAFileThatIsNotThereAndKeepsTheOldObject) {
  ASSERT_TRUE(store_->PutBytes(Key("a"), "old"));
  EXPECT_FALSE(store_->PutFile(Key("a"), directory_.path() / "absent").has_value());
  EXPECT_FALSE(store_->PutFile(Key("b"), directory_.path() / "absent").has_value());
  EXPECT_EQ(Read("a"), "old");
  EXPECT_EQ(Read("b"), "<none>");
}

TEST_P(ObjectStoreContract, DeletesAnObjectAndWhatIsNotThereToo) {
  ASSERT_TRUE(store_->PutBytes(Key("a/b"), "bytes"));
  EXPECT_TRUE(store_->Delete(Key("a/b")));
  EXPECT_EQ(Read("a/b"), "<none>");
  EXPECT_TRUE(store_->Delete(Key("a/b")));
  EXPECT_TRUE(store_->Delete(Key("never")));
}

TEST_P(ObjectStoreContract, DeletesNoNeighbours) {
  ASSERT_TRUE(store_->PutBytes(Key("a/b"), "1"));
  ASSERT_TRUE(store_->PutBytes(Key("a/bb/c"), "2"));
  EXPECT_TRUE(store_->Delete(Key("a/b")));
  EXPECT_TRUE(store_->Delete(Key("a")));
  EXPECT_TRUE(store_->Delete(Key("a/bb")));
  EXPECT_EQ(Read("a/bb/c"), "2");
}

TEST_P(ObjectStoreContract, KeepsAnOpenObjectReadableAfterItIsDeletedOrReplaced) {
  ASSERT_TRUE(store_->PutBytes(Key("a"), "first"));
  const auto first = store_->Open(Key("a"));
  ASSERT_TRUE(store_->PutBytes(Key("a"), "second"));
  const auto second = store_->Open(Key("a"));
  ASSERT_TRUE(store_->Delete(Key("a")));
  EXPECT_EQ(ReadAt(first->fd.get(), 0, first->info.size).value(), "first");
  EXPECT_EQ(ReadAt(second->fd.get(), 0, second->info.size).value(), "second");
}

TEST_P(ObjectStoreContract, ListsTheKeysOfAPrefixInOrder) {
  for (const std::string_view key : {"assets/b/r1/v", "assets/a/r1/v", "assets/a/r1/init.mp4",
                                     "assets/a-b/x", "sources/a/original"}) {
    ASSERT_TRUE(store_->PutBytes(Key(key), "bytes"));
  }
  using ::testing::ElementsAre;
  using ::testing::IsEmpty;
  EXPECT_THAT(List("assets/a/"), ElementsAre("assets/a/r1/init.mp4", "assets/a/r1/v"));
  EXPECT_THAT(List("assets/a"),
              ElementsAre("assets/a-b/x", "assets/a/r1/init.mp4", "assets/a/r1/v"));
  EXPECT_THAT(List("assets/a/r1/i"), ElementsAre("assets/a/r1/init.mp4"));
  EXPECT_THAT(List(""), ElementsAre("assets/a-b/x", "assets/a/r1/init.mp4", "assets/a/r1/v",
                                    "assets/b/r1/v", "sources/a/original"));
  EXPECT_THAT(List("nothing/"), IsEmpty());
  EXPECT_THAT(List("assets//"), IsEmpty());
}

TEST_P(ObjectStoreContract, ListsNothingOutsideTheStore) {
  using ::testing::IsEmpty;
  EXPECT_THAT(List("/"), IsEmpty());
  EXPECT_THAT(List("/etc/"), IsEmpty());
  EXPECT_THAT(List("../"), IsEmpty());
  EXPECT_THAT(List("a/../../"), IsEmpty());
}

TEST_P(ObjectStoreContract, NeverShowsAPartOfAnObject) {
  const std::vector<std::string> versions = {std::string(100'000, 'a'), std::string(200'000, 'b')};
  ASSERT_TRUE(store_->PutBytes(Key("a"), versions[0]));
  std::atomic<bool> done = false;
  std::thread writer([&] {
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(store_->PutBytes(Key("a"), versions[i % 2]));
    done = true;
  });
  while (!done) EXPECT_THAT(versions, ::testing::Contains(Read("a")));
  writer.join();
}

TEST_P(ObjectStoreContract, PutsAndDeletesNeighboursAtOnce) {
  std::vector<std::thread> threads;
  for (const std::string key : {"d/e/a", "d/e/b", "d/e/c"}) {
    threads.emplace_back([this, key] {
      for (int i = 0; i < 20; ++i) {
        EXPECT_TRUE(store_->PutBytes(Key(key), key));
        EXPECT_EQ(Read(key), key);
        EXPECT_TRUE(store_->Delete(Key(key)));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(List(""), ::testing::IsEmpty());
}

}  // namespace penstock::storage
