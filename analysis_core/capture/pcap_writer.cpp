// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/pcap_writer.h"

#include <pcap/pcap.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <string>

namespace tcpteardown {
namespace {

constexpr int kSnapLength = 262'144;  // bytes, libpcap's largest
constexpr std::int64_t kSecond = 1'000'000'000;

struct CloseCapture {
  void operator()(pcap_t* capture) const { pcap_close(capture); }
};
struct CloseDump {
  void operator()(pcap_dumper_t* dump) const { pcap_dump_close(dump); }
};

}  // namespace

std::string write_pcap(const std::string& path, std::span<const TimedFrame> frames) {
  const std::unique_ptr<pcap_t, CloseCapture> format{
      pcap_open_dead_with_tstamp_precision(DLT_EN10MB, kSnapLength, PCAP_TSTAMP_PRECISION_NANO)};
  if (!format) return "libpcap cannot write";
  const std::unique_ptr<pcap_dumper_t, CloseDump> dump{pcap_dump_open(format.get(), path.c_str())};
  if (!dump) return pcap_geterr(format.get());
  for (const TimedFrame& frame : frames) {
    pcap_pkthdr header{};
    header.ts.tv_sec = frame.time_ns / kSecond;
    header.ts.tv_usec = frame.time_ns % kSecond;  // nanoseconds, as asked for above
    header.caplen = static_cast<bpf_u_int32>(frame.bytes.size());
    header.len = header.caplen;
    pcap_dump(static_cast<u_char*>(static_cast<void*>(dump.get())), &header, frame.bytes.data());
  }
  return pcap_dump_flush(dump.get()) == 0 ? std::string{} : path + ": " + std::strerror(errno);
}

}  // namespace tcpteardown
