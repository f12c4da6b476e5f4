// Evidence that two aligned films are the same and not alike by chance.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace penstock::fingerprint {

// What frames that stand opposite each other show. What never changes on one side (a logo, a bar, a
// steady camera's street, the bias of a crop) says nothing, whether it agrees or not: evidence is
// how the bits of both sides change together.
struct FilmAgreement {
  double error_rate = 0;  // share of differing bits
  // Distinct moments on the side that has fewer: frames that differ in 16 bits from the last.
  int changes = 0;
  // Mean correlation of a bit of one side with the same bit of the other, each bit weighed by how
  // much it changes: 1 for equal sides, 0 for chance.
  double correlation = 0;
  // The sum of the bits' covariances in units of its standard deviation for unrelated sides: normal
  // with deviation 1 by chance. The bits are taken to be independent, the frames of a side are not:
  // n frames that resemble the ones before tell as much as n / (1 + 2 sum of r_a(l) r_b(l)) that do
  // not, r being the autocorrelations over lags l (Bartlett, 1935), and never more than changed.
  double significance = 0;
};

// REQUIRES: sides of equal length, not empty.
FilmAgreement MeasureAgreement(std::span<const std::array<std::uint64_t, 4>> a,
                               std::span<const std::array<std::uint64_t, 4>> b);

}  // namespace penstock::fingerprint
