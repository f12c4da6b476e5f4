#include "upload/reservations.h"

#include <gtest/gtest.h>

namespace penstock::upload {
namespace {

const auto kFirst = media::UploadId::FromTrusted("first");
const auto kSecond = media::UploadId::FromTrusted("second");

TEST(Reservations, TwoCannotHaveTheSameRoom) {
  Reservations reservations;
  EXPECT_TRUE(reservations.Reserve(kFirst, 40, 60));
  EXPECT_FALSE(reservations.Reserve(kSecond, 40, 60));
  EXPECT_TRUE(reservations.Reserve(kSecond, 20, 60));
}

TEST(Reservations, WhatHasArrivedIsGoneFromTheRoomAlready) {
  Reservations reservations;
  EXPECT_TRUE(reservations.Reserve(kFirst, 40, 60));
  reservations.Arrived(kFirst, 30);
  EXPECT_TRUE(reservations.Reserve(kSecond, 20, 30));
}

TEST(Reservations, MoreThanWasToldTakesNothingOfOthers) {
  Reservations reservations;
  reservations.Expect(kFirst, 10);
  reservations.Expect(kSecond, 10);
  reservations.Arrived(kFirst, 50);
  EXPECT_FALSE(reservations.Reserve(kFirst, 1, 10));
  EXPECT_TRUE(reservations.Reserve(kFirst, 1, 11));
}

TEST(Reservations, TheRoomOfWhatHasEndedIsFree) {
  Reservations reservations;
  EXPECT_TRUE(reservations.Reserve(kFirst, 40, 60));
  reservations.Release(kFirst);
  reservations.Release(kFirst);
  reservations.Arrived(kFirst, 1);
  EXPECT_TRUE(reservations.Reserve(kSecond, 60, 60));
}

TEST(Reservations, LessRoomThanIsReservedTakesNoMore) {
  Reservations reservations;
  reservations.Expect(kFirst, 40);
  EXPECT_FALSE(reservations.Reserve(kSecond, 1, 30));
}

}  // namespace
}  // namespace penstock::upload
