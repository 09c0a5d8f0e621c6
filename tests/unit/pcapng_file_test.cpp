// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/pcapng_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace tcpteardown {
namespace {

// Writes blocks in one byte order or the other.
class File {
 public:
  explicit File(bool is_little_endian) : is_little_endian_(is_little_endian) {}

  [[nodiscard]] std::string number(std::uint64_t value, int size) const {
    std::string out;
    for (int i = 0; i < size; ++i) {
      const int shift = 8 * (is_little_endian_ ? i : size - 1 - i);
      out += static_cast<char>(value >> shift);
    }
    return out;
  }

  File& block(std::uint32_t type, std::string body) {
    body.resize((body.size() + 3) / 4 * 4);
    const std::string length = number(body.size() + 12, 4);
    bytes += number(type, 4) + length + body + length;
    return *this;
  }
  File& section() {
    return block(0x0a0d0d0a, number(0x1a2b3c4d, 4) + number(1, 2) + number(0, 2) + number(~0ULL, 8));
  }
  File& interface(std::uint16_t link_type, const std::string& options = "", std::uint32_t snap_length = 0) {
    return block(1, number(link_type, 2) + number(0, 2) + number(snap_length, 4) + options);
  }
  [[nodiscard]] std::string option(std::uint16_t code, const std::string& value) const {
    std::string padded = value;
    padded.resize((value.size() + 3) / 4 * 4);
    return number(code, 2) + number(value.size(), 2) + padded;
  }
  File& packet(std::uint32_t interface, std::uint64_t ticks, const std::string& data,
               std::uint32_t wire_length) {
    return block(6, number(interface, 4) + number(ticks >> 32, 4) + number(ticks, 4) +
                        number(data.size(), 4) + number(wire_length, 4) + data);
  }

  std::string bytes;

 private:
  bool is_little_endian_;
};

struct Read {
  ReadResult result;
  std::vector<RawFrame> frames;
  std::vector<std::string> data;
};

Read read(const std::string& bytes) {
  Read found;
  std::size_t given = 0;
  ByteInput input{[&](std::span<std::uint8_t> room, std::string& /*problem*/) {
    const std::size_t some = std::min(room.size(), bytes.size() - given);
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(given), some, room.begin());
    given += some;
    return some;
  }};
  found.result = read_pcapng(input, [&found](const RawFrame& frame) {
    found.frames.push_back(frame);
    found.data.emplace_back(frame.bytes.begin(), frame.bytes.end());
  });
  return found;
}

class Pcapng : public testing::TestWithParam<bool> {
 protected:
  File file{GetParam()};
};

TEST_P(Pcapng, TwoInterfacesOfDifferentKinds) {
  file.section().interface(1).interface(113).packet(1, 5, "abcde", 60).packet(0, 7, "", 0);
  const Read found = read(file.bytes);
  EXPECT_EQ(found.result.outcome, ReadOutcome::complete) << found.result.message;
  ASSERT_EQ(found.frames.size(), 2U);
  EXPECT_EQ(found.frames[0].number, 1U);
  EXPECT_EQ(found.frames[0].link_type, 113);
  EXPECT_EQ(found.frames[0].time_ns, 5'000);
  EXPECT_EQ(found.frames[0].wire_length, 60U);
  EXPECT_EQ(found.data[0], "abcde");
  EXPECT_EQ(found.frames[1].link_type, 1);
}

TEST_P(Pcapng, ClocksOfEveryResolution) {
  const auto resolution = [this](char value) { return file.option(9, std::string(1, value)); };
  file.section().interface(1, resolution(9)).interface(1, resolution(3)).interface(1, resolution(12));
  file.interface(1, resolution(static_cast<char>(0x8a)));
  file.interface(1, resolution(0) + file.option(14, file.number(100, 8)));
  file.packet(0, 1'500'000'000'000'000'001, "", 0)
      .packet(1, 1'500, "", 0)
      .packet(2, 2'500'000'000'000, "", 0);
  file.packet(3, 1024 + 256, "", 0).packet(4, 7, "", 0);
  const Read found = read(file.bytes);
  ASSERT_EQ(found.frames.size(), 5U) << found.result.message;
  EXPECT_EQ(found.frames[0].time_ns, 1'500'000'000'000'000'001);
  EXPECT_EQ(found.frames[1].time_ns, 1'500'000'000);
  EXPECT_EQ(found.frames[2].time_ns, 2'500'000'000);
  EXPECT_EQ(found.frames[3].time_ns, 1'250'000'000);
  EXPECT_EQ(found.frames[4].time_ns, 107'000'000'000);
}

TEST_P(Pcapng, ForgedTimesStayInRange) {
  for (int resolution = 0; resolution < 256; ++resolution) {
    File forged{GetParam()};
    forged.section().interface(1, forged.option(9, std::string(1, static_cast<char>(resolution))) +
                                      forged.option(14, forged.number(1ULL << 63, 8)));
    forged.packet(0, ~0ULL, "", 0);
    ASSERT_EQ(read(forged.bytes).frames.size(), 1U) << resolution;
  }
}

TEST_P(Pcapng, OldAndSimplePackets) {
  file.section().interface(1, "", 4);
  file.block(2, file.number(0, 2) + file.number(9, 2) + file.number(0, 4) + file.number(3, 4) +
                    file.number(2, 4) + file.number(50, 4) + "xy");
  file.block(3, file.number(6, 4) + "abcd");
  const Read found = read(file.bytes);
  ASSERT_EQ(found.frames.size(), 2U) << found.result.message;
  EXPECT_EQ(found.data[0], "xy");
  EXPECT_EQ(found.frames[0].time_ns, 3'000);
  EXPECT_EQ(found.data[1], "abcd");
  EXPECT_EQ(found.frames[1].wire_length, 6U);
}

TEST_P(Pcapng, OtherBlocksAreSkippedButLogEntriesAreFrames) {
  file.section()
      .interface(1)
      .block(5, "statistics")
      .block(0x80000001, "private")
      .block(9, "__REALTIME_TIMESTAMP=12")
      .block(0xbad, "somebody's own")
      .packet(0, 1, "a", 1);
  const Read found = read(file.bytes);
  ASSERT_EQ(found.frames.size(), 1U) << found.result.message;
  EXPECT_EQ(found.frames[0].number, 3U) << "tshark counts the log entry and the custom block";
}

TEST_P(Pcapng, SecondSectionHasItsOwnByteOrderAndInterfaces) {
  file.section().interface(1).packet(0, 1, "a", 1);
  File other{!GetParam()};
  other.section().interface(113).packet(0, 2, "b", 1);
  const Read found = read(file.bytes + other.bytes);
  ASSERT_EQ(found.frames.size(), 2U) << found.result.message;
  EXPECT_EQ(found.frames[1].number, 2U);
  EXPECT_EQ(found.frames[1].link_type, 113);
}

TEST_P(Pcapng, DamageIsNamedAndWhatCameBeforeIsKept) {
  file.section().interface(1).packet(0, 1, "a", 1);
  const std::string good = file.bytes;
  File unknown_interface{GetParam()};
  unknown_interface.packet(7, 1, "a", 1);
  File long_data{GetParam()};
  long_data.block(6, std::string(12, '\0') + long_data.number(1000, 4) + long_data.number(1000, 4));
  File short_block{GetParam()};
  for (const std::string& bad :
       {unknown_interface.bytes, long_data.bytes, short_block.number(6, 4) + short_block.number(8, 4),
        short_block.number(6, 4) + short_block.number(0xffff'fff0, 4)}) {
    const Read found = read(good + bad);
    EXPECT_EQ(found.result.outcome, ReadOutcome::partial);
    EXPECT_EQ(found.result.message, "the file is damaged (an impossible block behind frame 1)");
    EXPECT_EQ(found.frames.size(), 1U);
  }
}

// As Wireshark has it; tests/plugin/test_readers.py asks it about more.
TEST_P(Pcapng, BlocksThatContradictThemselvesAreDamage) {
  file.section().interface(1).packet(0, 1, "abcd", 4);
  const std::string good = file.bytes;
  File second_length{GetParam()};
  second_length.packet(0, 2, "efgh", 4).bytes.replace(second_length.bytes.size() - 4, 4, "none");
  File options{GetParam()};
  options.interface(1, options.number(1, 2) + options.number(500, 2));
  File statistics{GetParam()};
  statistics.block(5, "short");
  for (const std::string& bad : {second_length.bytes, options.bytes, statistics.bytes}) {
    const Read found = read(good + bad);
    EXPECT_EQ(found.result.outcome, ReadOutcome::partial);
    EXPECT_EQ(found.frames.size(), 1U);
  }
}

TEST_P(Pcapng, LongBlocksAreSkippedPieceByPiece) {
  file.section().interface(1).block(0x77, std::string(17 * 1024 * 1024, 'x')).packet(0, 1, "a", 1);
  const Read found = read(file.bytes);
  EXPECT_EQ(found.result.outcome, ReadOutcome::complete) << found.result.message;
  EXPECT_EQ(found.frames.size(), 1U);
}

TEST_P(Pcapng, CutAnywhere) {
  file.section().interface(1).packet(0, 1, "abcd", 4).packet(0, 2, "efgh", 4);
  for (std::size_t size = 1; size < file.bytes.size(); ++size) {
    const Read found = read(file.bytes.substr(0, size));
    const bool has_whole_frame = size >= 28 + 20 + 36;
    EXPECT_EQ(found.frames.size(), has_whole_frame ? 1U : 0U) << size;
    EXPECT_EQ(found.result.outcome == ReadOutcome::unreadable, size < 28) << size;
  }
}

INSTANTIATE_TEST_SUITE_P(ByteOrders, Pcapng, testing::Bool(),
                         [](const auto& test) { return test.param ? "little" : "big"; });

}  // namespace
}  // namespace tcpteardown
