// HLS playlists (RFC 8216) of a presentation. Pure functions to text; addresses are relative to the
// playlist.
#pragma once

#include <string>

#include "media/presentation.h"

namespace penstock::manifest {

// index.m3u8: one EXT-X-STREAM-INF a video rendition, audio renditions as one EXT-X-MEDIA group;
// audio-only presentations list the audio renditions of the default track as the variants, and
// other tracks, if there are any, as the group. Rendition playlists are "<name>/index.m3u8".
std::string RenderMultivariantPlaylist(const media::Presentation& presentation);
// <name>/index.m3u8: EXT-X-MAP "init.mp4", segments "<n>.m4s" counted from 0. VOD, or when more
// segments come, EVENT from its beginning on.
std::string RenderMediaPlaylist(const media::Rendition& rendition, bool complete);

}  // namespace penstock::manifest
