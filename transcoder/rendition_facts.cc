#include "transcoder/rendition_facts.h"

#include <algorithm>
#include <array>
#include <utility>

namespace penstock::transcoder {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 40> kShortCodes = {{
    {"ara", "ar"}, {"bul", "bg"}, {"cat", "ca"}, {"ces", "cs"}, {"chi", "zh"}, {"cze", "cs"},
    {"dan", "da"}, {"deu", "de"}, {"dut", "nl"}, {"ell", "el"}, {"eng", "en"}, {"est", "et"},
    {"fas", "fa"}, {"fin", "fi"}, {"fra", "fr"}, {"fre", "fr"}, {"ger", "de"}, {"gre", "el"},
    {"heb", "he"}, {"hin", "hi"}, {"hrv", "hr"}, {"hun", "hu"}, {"ind", "id"}, {"ita", "it"},
    {"jpn", "ja"}, {"kor", "ko"}, {"lit", "lt"}, {"lav", "lv"}, {"nld", "nl"}, {"nor", "no"},
    {"pol", "pl"}, {"por", "pt"}, {"ron", "ro"}, {"rus", "ru"}, {"spa", "es"}, {"swe", "sv"},
    {"tur", "tr"}, {"ukr", "uk"}, {"vie", "vi"}, {"zho", "zh"},
}};

}  // namespace

std::string LanguageTag(std::string_view language) {
  const bool letters =
      std::all_of(language.begin(), language.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  if (!letters || language.size() < 2 || language.size() > 3) return {};
  for (const auto& [code, tag] : kShortCodes) {
    if (code == language) return std::string(tag);
  }
  return std::string(language);
}

}  // namespace penstock::transcoder
