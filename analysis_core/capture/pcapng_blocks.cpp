// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/pcapng_blocks.h"

// After Wireshark's wiretap/pcapng.c.
namespace tcpteardown::pcapng {
namespace {

constexpr std::size_t padded(std::size_t length) { return (length + 3) / 4 * 4; }

// Records of names, up to one of type 0; then options.
bool names_fit(Bytes body, Numbers numbers) {
  while (body.size() >= 4) {
    const std::uint16_t type = numbers.u16(body, 0);
    const std::size_t length = padded(numbers.u16(body, 2));
    body = body.subspan(4);
    if (type == 0) return options_fit(body, numbers);
    if (body.size() < length) return false;
    body = body.subspan(length);
  }
  return true;
}

bool has(Bytes body, std::size_t size) { return body.size() >= size; }

}  // namespace

Option first_option(Bytes options, Numbers numbers) {
  Option option;
  if (!has(options, 4)) return option;
  option.code = numbers.u16(options, 0);
  const std::size_t length = numbers.u16(options, 2);
  if (!has(options, 4 + padded(length))) return option;
  option.fits = true;
  option.value = options.subspan(4, length);
  option.rest = options.subspan(4 + padded(length));
  return option;
}

bool options_fit(Bytes options, Numbers numbers) {
  while (!options.empty()) {
    const Option option = first_option(options, numbers);
    if (!option.fits) return false;
    if (option.code == 0) return true;
    options = option.rest;
  }
  return true;
}

bool is_sound(std::uint32_t type, Bytes body, Numbers numbers) {
  switch (type) {
    case kNames: return has(body, 4) && names_fit(body, numbers);
    case kStatistics: return has(body, 12) && options_fit(body.subspan(12), numbers);
    case kJournal: return has(body, 23);  // __REALTIME_TIMESTAMP=0
    case kSecrets: return has(body, 8) && has(body.subspan(8), numbers.u32(body, 4));
    case kCustom:
    case kCustomNotCopied: return has(body, 4);
    default: return true;
  }
}

}  // namespace tcpteardown::pcapng
