#include "server/listen_address.h"

#include <charconv>

namespace penstock::server {

Result<ListenAddress> ParseListenAddress(std::string_view text) {
  const auto invalid = [&] {
    return Error(ErrorKind::kInvalidArgument, "invalid_listen_address",
                 "listen on " + std::string(text) + ": this is no address")
        .At("server.listen", "address:port, such as 127.0.0.1:8080 or [::1]:8080");
  };
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return invalid();
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  ListenAddress address{.host = std::string(host)};
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (host.empty() || port.empty() || error != std::errc() || end != port.data() + port.size()) {
    return invalid();
  }
  return address;
}

std::string PublicUrl(const config::ServerConfig& config, const ListenAddress& address) {
  if (!config.public_url.empty()) return config.public_url;
  std::string host = address.host;
  if (host == "0.0.0.0") host = "127.0.0.1";
  if (host == "::") host = "::1";
  if (host.find(':') != std::string::npos) host = "[" + host + "]";
  return "http://" + host + ":" + std::to_string(address.port);
}

}  // namespace penstock::server
