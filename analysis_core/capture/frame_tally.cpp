// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/frame_tally.h"

#include <pcap/pcap.h>

#include <string_view>

namespace tcpteardown {
namespace {

std::string hex16(std::uint16_t number) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text = "0x";
  for (int shift = 12; shift >= 0; shift -= 4) text += kDigits[(number >> shift) & 0xfU];
  return text;
}

std::string of_all(std::uint64_t some, std::uint64_t all) {
  return std::to_string(some) + " of " + std::to_string(all) + " frames";
}

ReadResult joined(ReadOutcome outcome, std::string message, const ReadResult& file) {
  if (!file.message.empty()) message += "; " + file.message;
  return {outcome, message};
}

}  // namespace

std::string describe_link_type(int link_type) {
  const std::string text = "link type " + std::to_string(link_type);
  const char* name = pcap_datalink_val_to_name(link_type);
  return name == nullptr ? text : text + " (" + name + ")";
}

void FrameTally::add(const RawFrame& frame, const FrameContents& contents) {
  ++frames_;
  const bool has_header = contents.header && contents.header->use != HeaderUse::cut;
  has_tcp_ = has_tcp_ || has_header || contents.error;
  switch (contents.coverage) {
    case Coverage::understood: return;
    case Coverage::unknown_link_type:
      ++of_unknown_link_types_;
      ++unknown_link_types_[frame.link_type];
      return;
    case Coverage::not_understood:
      if (not_understood_++ == 0) first_obstacle_ = contents.obstacle;
      return;
  }
}

std::string FrameTally::unknown_link_types() const {
  constexpr std::size_t kMostNames = 3;  // our choice: a forged file may have thousands
  std::string text;
  std::size_t named = 0;
  for (const auto& [link_type, count] : unknown_link_types_) {
    if (named++ == kMostNames) return text + " and others are";
    if (!text.empty()) text += ", ";
    text += describe_link_type(link_type);
  }
  return text + (named == 1 ? " is" : " are");
}

std::string FrameTally::why_not_understood() const {
  if (first_obstacle_.what.empty()) return "the first is cut short or damaged";
  std::string text = "the first because of " + std::string(first_obstacle_.what);
  if (first_obstacle_.number) text += " " + hex16(*first_obstacle_.number);
  return text;
}

ReadResult FrameTally::result(const ReadResult& file) const {
  if (file.outcome == ReadOutcome::unreadable || frames_ == 0) return file;
  const std::uint64_t unread = of_unknown_link_types_ + not_understood_;
  if (unread == frames_ && of_unknown_link_types_ > 0) {
    return joined(ReadOutcome::unreadable, unknown_link_types() + " not read; use tshark", file);
  }
  if (unread == frames_) {
    return joined(ReadOutcome::unreadable, "no frame can be read, " + why_not_understood() + "; use tshark",
                  file);
  }
  if (of_unknown_link_types_ > 0) {
    return joined(ReadOutcome::partial,
                  of_all(of_unknown_link_types_, frames_) + " left out: " + unknown_link_types() +
                      " not read; use tshark",
                  file);
  }
  if (not_understood_ > 0 && !has_tcp_) {
    return joined(file.outcome, of_all(not_understood_, frames_) + " not read, " + why_not_understood(),
                  file);
  }
  return file;
}

}  // namespace tcpteardown
