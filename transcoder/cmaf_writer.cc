#include "transcoder/cmaf_writer.h"

#include <unistd.h>

#include <array>
#include <cerrno>

#include "transcoder/mp4_box.h"

namespace penstock::transcoder {
namespace {

constexpr std::uint32_t kTrackId = 1;
// sample_flags (14496-12 8.8.3.1): depends on no other; or depends on others and is no sync sample.
constexpr std::uint32_t kSyncSample = 0x02000000;
constexpr std::uint32_t kOtherSample = 0x01010000;

void UnityMatrix(BoxWriter& out) {
  for (const std::uint32_t value : {0x10000U, 0U, 0U, 0U, 0x10000U, 0U, 0U, 0U, 0x40000000U}) {
    out.U32(value);
  }
}

// Three letters of five bits (14496-12 8.4.2.3).
std::uint16_t PackLanguage(const std::string& language) {
  std::string code = "und";
  if (language.size() == 3) {
    code = language;
    for (const char letter : language) {
      if (letter < 'a' || letter > 'z') code = "und";
    }
  }
  return static_cast<std::uint16_t>((code[0] - 0x60) << 10 | (code[1] - 0x60) << 5 |
                                    (code[2] - 0x60));
}

// Descriptor tag and its length in one byte (14496-1 8.3.3); ours are all short.
void BeginDescriptor(BoxWriter& out, std::uint8_t tag, std::size_t length) {
  out.U8(tag);
  out.U8(static_cast<std::uint8_t>(length));
}

// How many packets of Opus a decoder needs before what it gives is right: 80 ms (Opus in ISOBMFF
// 4.3.6.2, 14496-12 10.1).
constexpr int kOpusRoll = -4;

void WriteRoll(BoxWriter& out) {
  out.BeginFull("sgpd", 1, 0);
  out.Text("roll");
  out.U32(2);  // default_length
  out.U32(1);
  out.U16(static_cast<std::uint16_t>(kOpusRoll));
  out.End();
}

// All samples of a fragment are in the one group of the movie header (14496-12 8.9.2).
void WriteRollOf(std::size_t samples, BoxWriter& out) {
  out.BeginFull("sbgp", 0, 0);
  out.Text("roll");
  out.U32(1);
  out.U32(static_cast<std::uint32_t>(samples));
  out.U32(1);
  out.End();
}

}  // namespace

Status CmafWriter::Append(const std::string& bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t wrote =
        ::pwrite(fd_, bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset_ + done));
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return ErrnoError("write a rendition");
    done += static_cast<std::size_t>(wrote);
  }
  offset_ += bytes.size();
  return {};
}

Status CmafWriter::WriteInit() {
  BoxWriter out;
  out.Begin("ftyp");
  out.Text("cmfc");
  out.U32(0);
  out.Text("isom");
  out.Text("iso6");
  out.Text("cmfc");
  if (header_.sample_entry == SampleEntry::kAv1) out.Text("av01");
  out.End();
  out.Begin("moov");
  out.BeginFull("mvhd", 0, 0);
  out.Zeros(8);
  out.U32(static_cast<std::uint32_t>(header_.timescale));
  out.U32(0);
  out.U32(0x10000);  // rate 1.0
  out.U16(0x0100);   // volume 1.0
  out.Zeros(10);
  UnityMatrix(out);
  out.Zeros(24);
  out.U32(kTrackId + 1);  // next_track_ID
  out.End();
  WriteTrack(out);
  out.Begin("mvex");
  out.BeginFull("trex", 0, 0);
  out.U32(kTrackId);
  out.U32(1);  // default_sample_description_index
  out.Zeros(12);
  out.End();
  out.End();
  out.End();
  init_ = {0, out.size()};
  return Append(out.bytes());
}

void CmafWriter::WriteTrack(BoxWriter& out) const {
  const bool video = header_.kind == media::RenditionKind::kVideo;
  out.Begin("trak");
  out.BeginFull("tkhd", 0, 3);  // enabled, in movie
  out.Zeros(8);
  out.U32(kTrackId);
  out.Zeros(18);           // duration, layer
  out.U16(video ? 0 : 1);  // alternate_group
  out.U16(video ? 0 : 0x0100);
  out.U16(0);
  UnityMatrix(out);
  out.U32(static_cast<std::uint32_t>(header_.width) << 16);
  out.U32(static_cast<std::uint32_t>(header_.height) << 16);
  out.End();
  if (header_.presentation_start > 0) {
    out.Begin("edts");
    out.BeginFull("elst", 0, 0);
    out.U32(1);
    out.U32(0);  // to the end of the fragments that follow
    out.U32(static_cast<std::uint32_t>(header_.presentation_start));
    out.U32(0x10000);
    out.End();
    out.End();
  }
  out.Begin("mdia");
  out.BeginFull("mdhd", 0, 0);
  out.Zeros(8);
  out.U32(static_cast<std::uint32_t>(header_.timescale));
  out.U32(0);
  out.U16(PackLanguage(header_.language));
  out.U16(0);
  out.End();
  out.BeginFull("hdlr", 0, 0);
  out.U32(0);
  out.Text(video ? "vide" : "soun");
  out.Zeros(12);
  out.Text(video ? "video" : "sound");
  out.U8(0);
  out.End();
  WriteMediaInformation(out);
  out.End();
  out.End();
}

void CmafWriter::WriteMediaInformation(BoxWriter& out) const {
  const bool video = header_.kind == media::RenditionKind::kVideo;
  out.Begin("minf");
  if (video) {
    out.BeginFull("vmhd", 0, 1);
    out.Zeros(8);
  } else {
    out.BeginFull("smhd", 0, 0);
    out.Zeros(4);
  }
  out.End();
  out.Begin("dinf");
  out.BeginFull("dref", 0, 0);
  out.U32(1);
  out.BeginFull("url ", 0, 1);  // the media are in this file
  out.End();
  out.End();
  out.End();
  out.Begin("stbl");
  out.BeginFull("stsd", 0, 0);
  out.U32(1);
  if (video) {
    WriteVideoEntry(out);
  } else {
    WriteAudioEntry(out);
  }
  out.End();
  for (const char* table : {"stts", "stsc", "stsz", "stco"}) {
    out.BeginFull(table, 0, 0);
    out.Zeros(table == std::string_view("stsz") ? 8 : 4);
    out.End();
  }
  if (header_.sample_entry == SampleEntry::kOpus) WriteRoll(out);
  out.End();
  out.End();
}

void CmafWriter::WriteVideoEntry(BoxWriter& out) const {
  const bool av1 = header_.sample_entry == SampleEntry::kAv1;
  out.Begin(av1 ? "av01" : "avc1");
  out.Zeros(6);
  out.U16(1);  // data_reference_index
  out.Zeros(16);
  out.U16(static_cast<std::uint16_t>(header_.width));
  out.U16(static_cast<std::uint16_t>(header_.height));
  out.U32(0x480000);  // 72 dpi
  out.U32(0x480000);
  out.U32(0);
  out.U16(1);  // frame_count
  out.Zeros(32);
  out.U16(0x18);  // depth
  out.U16(0xFFFF);
  out.Begin(av1 ? "av1C" : "avcC");
  out.Text(header_.decoder_config);
  out.End();
  out.Begin("pasp");
  out.U32(1);
  out.U32(1);
  out.End();
  out.Begin("colr");
  out.Text("nclx");
  out.U16(static_cast<std::uint16_t>(header_.color_primaries));
  out.U16(static_cast<std::uint16_t>(header_.color_transfer));
  out.U16(static_cast<std::uint16_t>(header_.color_matrix));
  out.U8(0);  // limited range
  out.End();
  out.End();
}

void CmafWriter::WriteAudioEntry(BoxWriter& out) const {
  const bool opus = header_.sample_entry == SampleEntry::kOpus;
  out.Begin(opus ? "Opus" : "mp4a");
  out.Zeros(6);
  out.U16(1);  // data_reference_index
  out.Zeros(8);
  out.U16(static_cast<std::uint16_t>(header_.channels));
  out.U16(16);
  out.U32(0);
  out.U32(static_cast<std::uint32_t>(header_.sample_rate) << 16);
  if (opus) {
    out.Begin("dOps");
    out.Text(header_.decoder_config);
    out.End();
  } else {
    WriteElementaryStream(out);
  }
  out.End();
}

void CmafWriter::WriteElementaryStream(BoxWriter& out) const {
  out.BeginFull("esds", 0, 0);
  const std::size_t specific = header_.decoder_config.size();
  const std::size_t config = 13 + 2 + specific;
  BeginDescriptor(out, 0x03, 3 + 2 + config + 3);  // ES_Descriptor
  out.U16(0);
  out.U8(0);
  BeginDescriptor(out, 0x04, config);  // DecoderConfigDescriptor
  out.U8(0x40);                        // MPEG-4 audio
  out.U8(0x15);                        // audio stream
  out.Zeros(3);
  out.U32(static_cast<std::uint32_t>(header_.bit_rate));
  out.U32(static_cast<std::uint32_t>(header_.bit_rate));
  BeginDescriptor(out, 0x05, specific);  // DecoderSpecificInfo
  out.Text(header_.decoder_config);
  BeginDescriptor(out, 0x06, 1);  // SLConfigDescriptor
  out.U8(2);
  out.End();
}

Status CmafWriter::WriteSegment(std::span<const Sample> samples, std::int64_t decode_time) {
  BoxWriter out;
  out.Begin("moof");
  out.BeginFull("mfhd", 0, 0);
  out.U32(++sequence_);
  out.End();
  out.Begin("traf");
  out.BeginFull("tfhd", 0, 0x020000);  // default-base-is-moof
  out.U32(kTrackId);
  out.End();
  out.BeginFull("tfdt", 1, 0);
  out.U64(static_cast<std::uint64_t>(decode_time));
  out.End();
  if (header_.sample_entry == SampleEntry::kOpus) WriteRollOf(samples.size(), out);
  // Data offset; duration, size, flags and composition offset of each sample.
  out.BeginFull("trun", 1, 0x000F01);
  out.U32(static_cast<std::uint32_t>(samples.size()));
  const std::size_t data_offset = out.size();
  out.U32(0);
  for (const Sample& sample : samples) {
    out.U32(static_cast<std::uint32_t>(sample.duration));
    out.U32(static_cast<std::uint32_t>(sample.data.size()));
    out.U32(sample.sync ? kSyncSample : kOtherSample);
    out.U32(static_cast<std::uint32_t>(sample.composition_offset));
  }
  out.End();
  out.End();
  out.End();
  constexpr std::size_t kMdatHeader = 8;
  out.PatchU32(data_offset, static_cast<std::uint32_t>(out.size() + kMdatHeader));
  out.Begin("mdat");
  for (const Sample& sample : samples) out.Text(sample.data);
  out.End();
  const ByteRange bytes{offset_, out.size()};
  PENSTOCK_CHECK(Append(out.bytes()));
  segments_.push_back(bytes);
  return {};
}

}  // namespace penstock::transcoder
