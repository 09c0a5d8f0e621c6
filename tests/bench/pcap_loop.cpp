// SPDX-License-Identifier: GPL-2.0-or-later
// pcap_loop FILE: the least that a program can do with a capture, for comparison: libpcap hands over every
// frame, and its bytes are counted.
#include <pcap/pcap.h>

#include <array>
#include <cstdint>
#include <iostream>

int main(int count, char** words) {
  std::array<char, PCAP_ERRBUF_SIZE> error{};
  pcap_t* capture = count == 2 ? pcap_open_offline(words[1], error.data()) : nullptr;
  if (capture == nullptr) {
    std::cerr << "usage: pcap_loop FILE\n" << error.data() << '\n';
    return 1;
  }
  std::uint64_t frames = 0;
  std::uint64_t bytes = 0;
  pcap_pkthdr* header = nullptr;
  const u_char* data = nullptr;
  while (pcap_next_ex(capture, &header, &data) == 1) {
    ++frames;
    bytes += header->caplen;
  }
  std::cout << frames << " frames, " << bytes << " bytes\n";
  pcap_close(capture);
}
