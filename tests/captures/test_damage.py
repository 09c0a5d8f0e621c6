# SPDX-License-Identifier: GPL-2.0-or-later
"""Files that are cut, damaged, empty or no captures: a clear message, what could be read, tshark's exit status."""

import os
import resource
import struct
import subprocess
import tempfile
import unittest
from pathlib import Path

COMMAND = os.environ["TCPTEARDOWN_COMMAND"]
CAPTURES = Path(os.environ["TCPTEARDOWN_CAPTURES"])
DOWNLOAD = CAPTURES / "seeds" / "seed28580.pcap"
PCAPNG = CAPTURES / "real" / "lwerdna-200722_tcp_anon.pcapng"


def run(*words: str, given: bytes | None = None) -> subprocess.CompletedProcess:
    return subprocess.run([COMMAND, *words], input=given, capture_output=True, timeout=60)


class Damage(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def file(self, content: bytes, name: str = "given.pcap") -> str:
        path = Path(self.folder.name) / name
        path.write_bytes(content)
        return str(path)

    def test_cut_capture_reports_what_is_there(self) -> None:
        for whole in (DOWNLOAD, PCAPNG):
            content = whole.read_bytes()
            ran = run("--json", self.file(content[: len(content) // 2]))
            self.assertEqual(ran.returncode, 2)
            self.assertGreaterEqual(ran.stdout.count(b"\n"), 1, whole.name)
            self.assertIn(b"cut short in the middle of a packet; reported is what could be read", ran.stderr)

    def test_every_cut_ends_well(self) -> None:
        content = DOWNLOAD.read_bytes()[:3000]
        for size in range(0, len(content), 37):
            ran = run(self.file(content[:size]))
            self.assertIn(ran.returncode, (0, 2), size)

    def test_damaged_record(self) -> None:
        content = bytearray(DOWNLOAD.read_bytes())
        content[24 + 8 : 24 + 12] = b"\xff\xff\xff\x7f"
        ran = run(self.file(bytes(content)))
        self.assertEqual(ran.returncode, 2)
        self.assertIn(b"the file is damaged", ran.stderr)
        self.assertIn(b"no TCP connections", ran.stdout)

    def test_garbage(self) -> None:
        ran = run(self.file(b"no capture, only a text that is long enough"))
        self.assertEqual((ran.returncode, ran.stdout), (2, b""))
        self.assertIn(b"not a capture in a format that tcpteardown reads", ran.stderr)

    def test_empty_file_has_an_empty_report(self) -> None:
        ran = run(self.file(b""))
        self.assertEqual((ran.returncode, ran.stderr), (0, b""))
        self.assertIn(b"no TCP connections", ran.stdout)
        self.assertEqual(run("--json", self.file(b"")).stdout, b"")

    def test_header_without_frames(self) -> None:
        ran = run(self.file(DOWNLOAD.read_bytes()[:24]))
        self.assertEqual((ran.returncode, ran.stderr), (0, b""))

    def test_missing_file_and_folder(self) -> None:
        for path, message in ((self.folder.name + "/none", b"no such file"), (self.folder.name, b"a directory")):
            ran = run(path)
            self.assertEqual((ran.returncode, ran.stdout), (2, b""))
            self.assertIn(message, ran.stderr)

    def test_one_bad_file_does_not_hide_the_others(self) -> None:
        ran = run("--json", self.folder.name + "/none", str(DOWNLOAD))
        self.assertEqual(ran.returncode, 2)
        self.assertEqual(ran.stdout.count(b"\n"), 1)

    def test_wrong_script_names_its_line(self) -> None:
        ran = run(self.file(b"handshake\n+0 A > . 1:2(2) ack 1\n", "wrong.seg"))
        self.assertEqual((ran.returncode, ran.stdout), (2, b""))
        self.assertIn(b"wrong.seg: line 2: ", ran.stderr)

    def test_wrong_command_line(self) -> None:
        for words in ([], ["--jsn", "x"], ["explain", "no-such-verdict"]):
            ran = run(*words)
            self.assertEqual((ran.returncode, ran.stdout), (1, b""), words)
            self.assertTrue(ran.stderr.startswith(b"tcpteardown: "), ran.stderr)

    def test_file_names_are_shown_and_not_obeyed(self) -> None:
        name = "\x1b]0;owned\x07\n.pcap"
        ran = run(self.folder.name + "/" + name)
        self.assertIn(b"no such file", ran.stderr)
        for text in (ran.stderr, run("--" + name).stderr, run("explain", name).stderr):
            self.assertEqual([byte for byte in text.replace(b"\n", b"") if byte < 32 or byte == 127], [])
        self.assertEqual(ran.stderr.count(b"\n"), 1)

    def test_file_name_is_no_formula_in_a_spreadsheet(self) -> None:
        for name in ("=cmd|'calc'!A0.pcap", "+1.pcap", "@sum.pcap", "-1.pcap"):
            self.file(DOWNLOAD.read_bytes(), name)
            ran = subprocess.run([COMMAND, "--csv", "--", name], cwd=self.folder.name, capture_output=True, timeout=60)
            cell = ran.stdout.splitlines()[1].removeprefix(b'"')
            self.assertTrue(cell.startswith(b"'" + name.encode()), cell[:40])

    def test_no_memory_for_all_of_it(self) -> None:
        """The file is named, what was read is reported, and the next one comes to its turn."""
        if b"__asan_init" in Path(COMMAND).read_bytes():
            return  # takes terabytes of addresses itself
        syns = bytearray(DOWNLOAD.read_bytes()[:24])
        ip = bytes.fromhex("450000280001400040060000") + b"\x0a\0\0\x01\x0a"
        for number in range(400_000):
            packet = bytes(12) + b"\x08\0" + ip + struct.pack(">I", number)[1:]
            packet += struct.pack(">HHIIBBHI", 1024, 80, number, 0, 0x50, 2, 1024, 0)
            syns += struct.pack("<IIII", 1_400_000_000, 0, len(packet), len(packet)) + packet
        scan, limit = self.file(bytes(syns), "scan.pcap"), 110 << 20
        for option in ("--json", "--csv"):
            ran = subprocess.run([COMMAND, option, "--threads", "1", scan, DOWNLOAD], capture_output=True, timeout=120,
                                 preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
            self.assertEqual(ran.returncode, 2, ran.stderr)
            self.assertRegex(ran.stderr.decode(), r"scan\.pcap: there is no memory for more of it; reported is what could be "
                                                  r"read: \d{5,6} frames\n$")
            rows = ran.stdout.splitlines()
            self.assertGreater(len(rows), 10_000)
            self.assertIn(b"seed28580", rows[-1])

    def test_full_disk_is_noticed(self) -> None:
        with open("/dev/full", "wb") as full:
            ran = subprocess.run([COMMAND, "--json", str(DOWNLOAD)], stdout=full, stderr=subprocess.PIPE, timeout=60)
        self.assertEqual(ran.returncode, 2)
        self.assertIn(b"could not be written", ran.stderr)


if __name__ == "__main__":
    unittest.main()
