#include "server/listen_address.h"

#include <gtest/gtest.h>

namespace penstock::server {
namespace {

TEST(PublicUrl, IsTheConfiguredOneBeforeAnyAddress) {
  config::ServerConfig config;
  config.public_url = "https://media.example";
  EXPECT_EQ(PublicUrl(config, {"0.0.0.0", 8080}), "https://media.example");
}

TEST(PublicUrl, OfAllAddressesIsTheLoopbackOne) {
  const config::ServerConfig config;
  EXPECT_EQ(PublicUrl(config, {"0.0.0.0", 8396}), "http://127.0.0.1:8396");
  EXPECT_EQ(PublicUrl(config, {"::", 8396}), "http://[::1]:8396");
}

TEST(PublicUrl, OfOneAddressIsThatAddress) {
  const config::ServerConfig config;
  EXPECT_EQ(PublicUrl(config, ParseListenAddress("192.0.2.7:80").value()), "http://192.0.2.7:80");
  EXPECT_EQ(PublicUrl(config, ParseListenAddress("[2001:db8::7]:80").value()),
            "http://[2001:db8::7]:80");
}

}  // namespace
}  // namespace penstock::server
