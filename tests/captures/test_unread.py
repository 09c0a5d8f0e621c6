# SPDX-License-Identifier: GPL-2.0-or-later
"""Frames that the native command cannot read: it says so, by its exit status too, and never "no TCP connections"."""

import os
import struct
import subprocess
import tempfile
import unittest
from pathlib import Path

COMMAND = os.environ["TCPTEARDOWN_COMMAND"]
CAPTURES = Path(os.environ["TCPTEARDOWN_CAPTURES"])
DOWNLOAD = CAPTURES / "seeds" / "seed28580.pcap"
ETHERNET, FDDI = 1, 10
ARP = bytes(12) + b"\x08\x06" + bytes(46)
UNKNOWN = bytes(12) + b"\x88\xb5" + bytes(46)  # an EtherType for local experiments


def pcap(link_type: int, *frames: bytes) -> bytes:
    head = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, link_type)
    return head + b"".join(struct.pack("<IIII", 9, 0, len(f), len(f)) + f for f in frames)


def pcapng(*frames: tuple[int, bytes]) -> bytes:
    """Each frame with its link type, which gets an interface of its own."""

    def block(kind: int, body: bytes) -> bytes:
        body += bytes(-len(body) % 4)
        return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)

    out = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
    for number, (link_type, frame) in enumerate(frames):
        out += block(1, struct.pack("<HHI", link_type, 0, 0))
        out += block(6, struct.pack("<IIIII", number, 0, 0, len(frame), len(frame)) + frame)
    return out


def tcp_frames() -> list[bytes]:
    content, at, frames = DOWNLOAD.read_bytes(), 24, []
    while at < len(content):
        size = struct.unpack_from("<I", content, at + 8)[0]
        frames.append(content[at + 16 : at + 16 + size])
        at += 16 + size
    return frames


class Unread(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def run_on(self, content: bytes, *words: str) -> subprocess.CompletedProcess:
        path = Path(self.folder.name) / "given"
        path.write_bytes(content)
        return subprocess.run([COMMAND, *words, str(path)], capture_output=True, text=True, timeout=60)

    def expect(self, content: bytes, status: int, message: str, connections: int = 0) -> None:
        for words in ([], ["--json"]):
            ran = self.run_on(content, *words)
            self.assertEqual(ran.returncode, status, ran.stderr)
            self.assertIn(message, ran.stderr)
            self.assertEqual(ran.stderr == "", message == "")
        self.assertEqual(ran.stdout.count("\n"), connections)

    def test_unknown_link_type(self) -> None:
        content = pcap(FDDI, *tcp_frames())
        self.expect(content, 2, "link type 10 (FDDI) is not read; use tshark")
        self.assertEqual(self.run_on(content).stdout, "")

    def test_unknown_link_type_without_frames(self) -> None:
        self.expect(pcap(FDDI), 0, "")

    def test_unknown_link_type_among_others(self) -> None:
        frames = [(ETHERNET, frame) for frame in tcp_frames()]
        frames[3:3] = [(FDDI, b"12345678")] * 2
        message = f"2 of {len(frames)} frames left out: link type 10 (FDDI) is not read; use tshark"
        self.expect(pcapng(*frames), 2, f"{message}; reported is what could be read: {len(frames) - 2} frames", 1)

    def test_no_frame_understood(self) -> None:
        self.expect(pcap(ETHERNET, UNKNOWN, UNKNOWN), 2, "no frame can be read, the first because of EtherType 0x88b5")
        self.expect(pcap(ETHERNET, *(f[:40] for f in tcp_frames())), 2, "the first is cut short or damaged")

    def test_understood_but_no_tcp(self) -> None:
        self.expect(pcap(ETHERNET, ARP, ARP), 0, "")
        self.assertIn("no TCP connections", self.run_on(pcap(ETHERNET, ARP, ARP)).stdout)

    def test_some_not_understood_and_no_tcp(self) -> None:
        self.expect(pcap(ETHERNET, ARP, UNKNOWN), 0, "1 of 2 frames not read, the first because of EtherType 0x88b5")

    def test_some_not_understood_beside_tcp(self) -> None:
        self.expect(pcap(ETHERNET, UNKNOWN, *tcp_frames()), 0, "", 1)

    def test_snoop_of_another_link_type(self) -> None:
        snoop = b"snoop\0\0\0" + struct.pack(">II", 2, 8)
        self.expect(snoop, 2, "snoop link type 8 (FDDI) is not read; use tshark")


if __name__ == "__main__":
    unittest.main()
