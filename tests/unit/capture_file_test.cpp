// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/capture_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "capture/pcap_writer.h"

namespace tcpteardown {
namespace {

class CaptureFile : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              ("tcpteardown-" + std::to_string(getpid()) + "-" +
               testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directory(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }

  std::string write(const std::string& bytes) {
    std::ofstream{path("given"), std::ios::binary} << bytes;
    return path("given");
  }

  // The three frames of a capture, as a file's bytes.
  std::string three_frames() {
    const std::vector<TimedFrame> frames{{1'000'000'000'123'456'789, Bytes(60, 1)},
                                         {1'000'000'001'000'000'000, Bytes(70, 2)},
                                         {1'000'000'001'999'999'999, Bytes(80, 3)}};
    EXPECT_EQ(write_pcap(path("three"), frames), "");
    std::ifstream file{path("three"), std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
  }

  ReadResult read(const std::string& file) {
    frames_.clear();
    return read_capture(file, [this](const RawFrame& frame) {
      frames_.push_back(frame);
      frames_.back().bytes = {};
    });
  }

  std::vector<RawFrame> frames_;

 private:
  std::filesystem::path folder_;
};

TEST_F(CaptureFile, IsReadToItsEnd) {
  const ReadResult result = read(write(three_frames()));
  EXPECT_EQ(result.outcome, ReadOutcome::complete) << result.message;
  ASSERT_EQ(frames_.size(), 3U);
  EXPECT_EQ(frames_[0].number, 1U);
  EXPECT_EQ(frames_[0].time_ns, 1'000'000'000'123'456'789);
  EXPECT_EQ(frames_[2].time_ns, 1'000'000'001'999'999'999);
  EXPECT_EQ(frames_[2].wire_length, 80U);
}

TEST_F(CaptureFile, CutAnywhereGivesTheFramesBefore) {
  const std::string whole = three_frames();
  const std::size_t ends[] = {24, 24 + 76, 24 + 76 + 86, whole.size()};  // of the header and each frame
  ASSERT_EQ(whole.size(), 24 + 76 + 86 + 96U);
  for (std::size_t size = 24; size <= whole.size(); ++size) {
    const ReadResult result = read(write(whole.substr(0, size)));
    std::size_t whole_frames = 0;
    while (whole_frames < 3 && ends[whole_frames + 1] <= size) ++whole_frames;
    EXPECT_EQ(frames_.size(), whole_frames) << size;
    EXPECT_EQ(result.outcome, size == ends[whole_frames] ? ReadOutcome::complete : ReadOutcome::partial)
        << size;
    if (result.outcome == ReadOutcome::partial) {
      EXPECT_EQ(result.message, "the file is cut short in the middle of a packet");
    }
  }
}

TEST_F(CaptureFile, CutInItsHeader) {
  const ReadResult result = read(write(three_frames().substr(0, 10)));
  EXPECT_EQ(result.outcome, ReadOutcome::unreadable);
  EXPECT_EQ(result.message, "the file is cut short in its header");
}

TEST_F(CaptureFile, ImpossibleRecordIsDamage) {
  std::string bytes = three_frames();
  bytes.replace(24 + 76 + 8, 4, "\xff\xff\xff\x7f");
  const ReadResult result = read(write(bytes));
  EXPECT_EQ(result.outcome, ReadOutcome::partial);
  EXPECT_EQ(frames_.size(), 1U);
  EXPECT_TRUE(result.message.starts_with("the file is damaged")) << result.message;
}

TEST_F(CaptureFile, EmptyFileIsACaptureWithoutFrames) {
  EXPECT_EQ(read(write("")).outcome, ReadOutcome::complete);
  EXPECT_TRUE(frames_.empty());
}

TEST_F(CaptureFile, WhatIsNoCapture) {
  EXPECT_EQ(read(write("this is no capture at all, only some text")).message,
            "not a capture in a format that tcpteardown reads (pcap, pcapng, snoop)");
  EXPECT_EQ(read(path("missing")).message, "no such file");
  EXPECT_EQ(read(std::filesystem::temp_directory_path().string()).message, "a directory, not a file");
  EXPECT_EQ(read(path("missing")).outcome, ReadOutcome::unreadable);
}

std::string big_endian(std::uint32_t value) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift);
  return out;
}

// RFC 1761: a frame of 5 bytes in a record padded to 8, of 60 on the wire.
std::string snoop_record() {
  return big_endian(60) + big_endian(5) + big_endian(32) + big_endian(0) + big_endian(100) + big_endian(7) +
         "abcde" + std::string(3, '\0');
}

TEST_F(CaptureFile, SnoopIsRead) {
  const std::string header = std::string("snoop\0\0\0", 8) + big_endian(2) + big_endian(4);
  EXPECT_EQ(read(write(header + snoop_record() + snoop_record())).outcome, ReadOutcome::complete);
  ASSERT_EQ(frames_.size(), 2U);
  EXPECT_EQ(frames_[1].number, 2U);
  EXPECT_EQ(frames_[1].time_ns, 100'000'007'000);
  EXPECT_EQ(frames_[1].wire_length, 60U);
  EXPECT_EQ(read(write(header + snoop_record() + snoop_record().substr(0, 27))).outcome,
            ReadOutcome::partial);
  EXPECT_EQ(frames_.size(), 1U);
  EXPECT_EQ(
      read(write(header + big_endian(60) + big_endian(0xffff'ffff) + big_endian(30) + std::string(40, 'x')))
          .outcome,
      ReadOutcome::partial);
  EXPECT_EQ(read(write(header.substr(0, 15))).outcome, ReadOutcome::unreadable);
}

TEST_F(CaptureFile, SnoopOfAnotherLinkTypeIsNotRead) {
  const auto read_type = [this](std::uint32_t type) {
    return read(write(std::string("snoop\0\0\0", 8) + big_endian(2) + big_endian(type) + snoop_record()));
  };
  EXPECT_EQ(read_type(0).outcome, ReadOutcome::complete);
  EXPECT_EQ(read_type(8).outcome, ReadOutcome::unreadable);
  EXPECT_TRUE(frames_.empty());
  EXPECT_EQ(read_type(8).message, "snoop link type 8 (FDDI) is not read; use tshark");
  EXPECT_EQ(read_type(2).message, "snoop link type 2 is not read; use tshark");
}

}  // namespace
}  // namespace tcpteardown
