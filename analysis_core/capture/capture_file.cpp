// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/capture_file.h"

#include <pcap/pcap.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <string_view>

#include "capture/pcapng_file.h"
#include "capture/snoop_file.h"

namespace tcpteardown {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const {
    if (file != stdin) static_cast<void>(std::fclose(file));  // only read from
  }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

struct CloseCapture {
  void operator()(pcap_t* capture) const { pcap_close(capture); }
};
using Capture = std::unique_ptr<pcap_t, CloseCapture>;

constexpr std::int64_t kSecond = 1'000'000'000;  // ns

// A damaged or forged time of a pcapng file can lie beyond what 64 bits of nanoseconds hold (the year
// 2262); it is held at the end of that range.
std::int64_t time_ns(std::int64_t seconds, std::int64_t nanoseconds) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() / kSecond - 1;
  const std::int64_t held = std::clamp(seconds, -kMost, kMost);
  return held * kSecond + std::clamp<std::int64_t>(nanoseconds, 0, kSecond - 1);
}

ReadResult unreadable(std::string message) { return {ReadOutcome::unreadable, std::move(message)}; }

// libpcap says so in many words, always these ("truncated dump file; tried to read …").
bool is_cut_short(std::string_view error) { return error.find("truncated") != std::string_view::npos; }

ReadResult damaged(std::string_view error) {
  if (is_cut_short(error)) return {ReadOutcome::partial, "the file is cut short in the middle of a packet"};
  return {ReadOutcome::partial, "the file is damaged (" + std::string(error) + ")"};
}

// A file that libpcap cannot start to read: cut inside its header, or no capture at all.
ReadResult not_opened(std::string_view error) {
  if (is_cut_short(error)) return unreadable("the file is cut short in its header");
  if (error.find("unknown file format") != std::string_view::npos) {
    return unreadable("not a capture in a format that tcpteardown reads (pcap, pcapng, snoop)");
  }
  return unreadable(std::string(error));
}

ReadResult read_frames(pcap_t* capture, const FrameHandler& handle) {
  RawFrame frame;
  frame.link_type = pcap_datalink(capture);
  pcap_pkthdr* header = nullptr;
  const u_char* bytes = nullptr;
  int status = 0;
  while ((status = pcap_next_ex(capture, &header, &bytes)) == 1) {
    ++frame.number;
    // Asked for nanoseconds, libpcap puts them where microseconds usually are.
    frame.time_ns = time_ns(header->ts.tv_sec, header->ts.tv_usec);
    frame.bytes = {bytes, header->caplen};
    frame.wire_length = header->len;
    handle(frame);
  }
  if (status == PCAP_ERROR_BREAK) return {};  // the end of the file
  return damaged(pcap_geterr(capture));
}

ReadResult read_by_libpcap(File file, const FrameHandler& handle) {
  std::array<char, PCAP_ERRBUF_SIZE> error{};
  const Capture capture{
      pcap_fopen_offline_with_tstamp_precision(file.get(), PCAP_TSTAMP_PRECISION_NANO, error.data())};
  if (!capture) return not_opened(error.data());
  if (file.get() != stdin) static_cast<void>(file.release());  // pcap_close closes it
  return read_frames(capture.get(), handle);
}

}  // namespace

ReadResult read_capture(const std::string& path, const FrameHandler& handle) {
  File file{path == "-" ? stdin : std::fopen(path.c_str(), "rb")};
  if (!file) return unreadable(errno == ENOENT ? "no such file" : std::strerror(errno));
  struct stat status {};
  if (fstat(fileno(file.get()), &status) == 0 && S_ISDIR(status.st_mode))
    return unreadable("a directory, not a file");
  const int first = std::fgetc(file.get());
  if (first == EOF) {
    return std::ferror(file.get()) != 0 ? unreadable(std::strerror(errno)) : ReadResult{};
  }
  if (std::ungetc(first, file.get()) != first) return unreadable("cannot be looked into");
  if (first == kSnoopFirstByte) return read_snoop(file.get(), handle);
  if (first == kPcapngFirstByte) return read_pcapng(file.get(), handle);
  return read_by_libpcap(std::move(file), handle);
}

}  // namespace tcpteardown
