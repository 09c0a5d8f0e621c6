// SPDX-License-Identifier: GPL-2.0-or-later
#include "verdict/catalogue.h"

namespace tcpteardown {
namespace {

using rows::kCatalogue;

// Checked at compile time.
constexpr bool is_kebab_case(std::string_view s) {
  if (s.empty() || s.front() == '-' || s.back() == '-') return false;
  for (const char c : s) {
    if ((c < 'a' || c > 'z') && c != '-') return false;
  }
  return true;
}

constexpr bool is_well_formed(const Verdict& v) {
  const bool text = !v.summary.empty() && v.summary.size() <= 72 && v.summary.back() != '.' &&
                    v.summary.front() >= 'a' && v.summary.front() <= 'z';
  const bool complete =
      v.holds != nullptr && v.decisive != nullptr && v.errnos != nullptr && v.retry != nullptr;
  return is_kebab_case(v.slug) && text && complete && !v.rfc.empty();
}

constexpr bool all_well_formed_and_unique() {
  for (std::size_t i = 0; i < kCatalogue.size(); ++i) {
    if (!is_well_formed(kCatalogue[i])) return false;
    for (std::size_t k = i + 1; k < kCatalogue.size(); ++k) {
      if (kCatalogue[i].slug == kCatalogue[k].slug) return false;
    }
  }
  return true;
}

static_assert(all_well_formed_and_unique(), "a slug or a summary of the catalogue breaks the rules");

static_assert(kCatalogue.size() <= 0xff, "a VerdictId is one byte");

}  // namespace

std::span<const Verdict> catalogue() { return kCatalogue; }

const Verdict& row_of(VerdictId id) { return kCatalogue[static_cast<std::size_t>(id)]; }

const Verdict* find_verdict(std::string_view slug) {
  for (const Verdict& row : kCatalogue) {
    if (row.slug == slug) return &row;
  }
  return nullptr;
}

}  // namespace tcpteardown
