// H.264 as files hold it: NAL units behind start codes or lengths (ISO/IEC 14496-10 B,
// 14496-15 5.3).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace penstock::transcoder {

// An AVCDecoderConfigurationRecord (ISO/IEC 14496-15 5.3.3.1) for lengths of four bytes from the
// parameter sets of an Annex B stream: one SPS and at least one PPS, of 4:2:0 with eight bits.
// Empty when they are missing.
std::string MakeAvcConfig(std::string_view annex_b);
// RFC 6381: "avc1.64001f". REQUIRES: a record of MakeAvcConfig.
std::string AvcCodecString(std::string_view config);
// The NAL units of an Annex B stream behind lengths of four bytes.
std::string ToLengthPrefixed(std::string_view annex_b);

// A foreign stream whose pictures can be handed on without being encoded anew: progressive 4:2:0
// of eight bits in a profile that every player knows (the caller has looked at that), with
// one SPS and one PPS that never change. Of each picture only its slices are kept.
class H264Stream {
 public:
  // One access unit with lengths of four bytes; idr: it refers to no other.
  struct Picture {
    std::string data;
    bool idr = false;
  };

  // extradata: of the container, an AVCDecoderConfigurationRecord or Annex B. Nothing when its
  // parameter sets cannot be used as they are.
  static std::optional<H264Stream> Open(std::string_view extradata);

  // Nothing when the packet is not one whole picture, brings other parameter sets, or holds units
  // that not every player knows, or that players could read in different ways.
  std::optional<Picture> Read(std::string_view packet) const;

  const std::string& config() const { return config_; }

 private:
  std::optional<std::vector<std::string_view>> Split(std::string_view packet) const;

  int length_size_ = 0;  // bytes; 0: start codes
  std::vector<std::string> parameter_sets_;
  std::string config_;
};

}  // namespace penstock::transcoder
