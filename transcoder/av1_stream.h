// AV1 as encoders give it and files hold it: open bitstream units (AV1 specification, 5.3; "AV1
// Codec ISO Media File Format Binding").
#pragma once

#include <string>
#include <string_view>

namespace penstock::transcoder {

// An AV1CodecConfigurationRecord (binding, 2.3.3) with the sequence header in these units, which
// must be of the main profile, 4:2:0 with eight bits. Empty when there is none that can be read.
std::string MakeAv1Config(std::string_view units);
// RFC 6381 (binding, 5): "av01.0.04M.08". REQUIRES: a record of MakeAv1Config.
std::string Av1CodecString(std::string_view config);
// A temporal unit as a sample (binding, 2.4): without temporal delimiters and padding. Empty when
// it cannot be read.
std::string ToAv1Sample(std::string_view units);

}  // namespace penstock::transcoder
