// HLS playlists (RFC 8216) of a presentation. Pure functions to text; addresses are relative to the
// playlist.
#pragma once

#include <string>

#include "media/presentation.h"

namespace penstock::manifest {

// index.m3u8: one EXT-X-STREAM-INF a video rendition, audio renditions as one EXT-X-MEDIA group;
// audio-only presentations list their audio renditions as the variants. Rendition playlists are
// "<name>/index.m3u8".
std::string RenderMultivariantPlaylist(const media::Presentation& presentation);
// <name>/index.m3u8: VOD, EXT-X-MAP "init.mp4", segments "<n>.m4s" counted from 0.
std::string RenderMediaPlaylist(const media::Rendition& rendition);

}  // namespace penstock::manifest
