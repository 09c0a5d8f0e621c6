# SPDX-License-Identifier: GPL-2.0-or-later
"""Where captures come from: compressed files, pipes, damaged and hostile ones."""

import bz2
import fcntl
import gzip
import json
import lzma
import os
import pty
import signal
import shutil
import subprocess
import struct
import tempfile
import termios
import time
import unittest
from pathlib import Path

COMMAND = os.environ["TCPTEARDOWN_COMMAND"]
CAPTURES = Path(os.environ["TCPTEARDOWN_CAPTURES"])
DOWNLOAD = CAPTURES / "seeds" / "seed28580.pcap"
PCAPNG = CAPTURES / "real" / "lwerdna-200722_tcp_anon.pcapng"


def run(*words: str, given: bytes | None = None) -> subprocess.CompletedProcess:
    return subprocess.run([COMMAND, *words], input=given, capture_output=True, timeout=60)


def by_program(*words: str):
    """Compresses with a program; None where it is not installed."""
    if shutil.which(words[0]) is None:
        return None
    return lambda content: subprocess.run(words, input=content, capture_output=True, check=True).stdout


COMPRESSIONS = {
    "gzip": gzip.compress,
    "xz": lzma.compress,
    "zstd": by_program("zstd", "-q", "-c"),
    "lz4": by_program("lz4", "-q", "-c"),
}


class Chosen(unittest.TestCase):
    """Some connections of a capture."""

    capture = str(CAPTURES / "lab" / "several" / "interleaved-mix.server.pcap")

    def rows(self, *words: str) -> list[dict]:
        ran = run("--json", *words, self.capture)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        return [json.loads(line) for line in ran.stdout.splitlines()]

    def test_each_choice_takes_those_that_fit_and_no_others(self) -> None:
        every = self.rows()
        self.assertGreater(len(every), 3)
        first = every[0]
        for words, fits in (
            (("--stream", str(first["stream"])), lambda row: row["stream"] == first["stream"]),
            (("--verdict", first["verdict"]), lambda row: row["verdict"] == first["verdict"]),
            (("--host", first["server"]), lambda row: first["server"] in (row["client"], row["server"])),
            (("--host", ":" + first["server"].rsplit(":", 1)[1]),
             lambda row: any(end.endswith(":" + first["server"].rsplit(":", 1)[1])
                             for end in (row["client"], row["server"]))),
            (("--until", first["start"]), lambda row: row["start"] <= first["start"]),
        ):
            self.assertEqual(self.rows(*words), [row for row in every if fits(row)], words)
            counted = run(*words, self.capture).stdout.decode().splitlines()[0]
            self.assertIn(f": {sum(map(fits, every))} connection", counted)

    def test_none_is_said_with_how_many_there_were(self) -> None:
        every = len(self.rows())
        for form in ((), ("--json",), ("--by", "client")):
            ran = run(*form, "--host", "203.0.113.99", self.capture)
            self.assertEqual(ran.stdout, b"")
            self.assertIn(f"none of {every} connections matches".encode(), ran.stderr)


def wait_until_read(pipe) -> None:
    """Until the other end has taken all that was written: what it asks for next does not come."""
    for _ in range(600):
        left = struct.unpack("i", fcntl.ioctl(pipe.fileno(), termios.FIONREAD, bytes(4)))[0]
        if left == 0:
            return
        time.sleep(0.05)
    raise AssertionError("nobody reads the pipe")


class Interrupted(unittest.TestCase):
    """Ctrl-C while a capture is read from a pipe."""

    def begin(self, *words: str) -> subprocess.Popen:
        program = subprocess.Popen([COMMAND, *words, "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        self.addCleanup(program.stdout.close)
        self.addCleanup(program.stderr.close)
        self.addCleanup(program.kill)
        program.stdin.write(DOWNLOAD.read_bytes())
        program.stdin.flush()
        wait_until_read(program.stdin)
        return program

    def test_the_first_lets_the_other_program_finish(self) -> None:
        program = self.begin("--json")
        program.send_signal(signal.SIGINT)
        time.sleep(0.2)
        self.assertIsNone(program.poll())
        program.stdin.close()
        self.assertEqual(program.wait(30), 0)
        self.assertEqual(program.stdout.read().count(b"abort-by-receiver"), 1)

    def test_the_second_ends_the_reading_and_what_was_read_is_reported(self) -> None:
        program = self.begin("--json")
        program.send_signal(signal.SIGINT)
        time.sleep(0.2)
        program.send_signal(signal.SIGINT)
        self.assertEqual(program.wait(30), 2)
        self.assertEqual(json.loads(program.stdout.read())["verdict"], "abort-by-receiver")
        self.assertIn(b"interrupted; reported is what could be read: 31 frames", program.stderr.read())
        program.stdin.close()

    def test_a_file_is_left_at_once(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            pipe = Path(folder) / "named"
            os.mkfifo(pipe)
            with subprocess.Popen([COMMAND, "--json", str(pipe), str(DOWNLOAD)], stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE) as program, pipe.open("wb") as end:
                end.write(DOWNLOAD.read_bytes())
                end.flush()
                wait_until_read(end)
                program.send_signal(signal.SIGINT)
                self.assertEqual(program.wait(30), 2)
                self.assertEqual(program.stdout.read().count(b"\n"), 1, "and the next file is not begun")


class Compressed(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def file(self, content: bytes) -> str:
        path = Path(self.folder.name) / "given"  # its name tells nothing
        path.write_bytes(content)
        return str(path)

    def each(self):
        """Those that this build reads and this machine can make."""
        for name, compress in COMPRESSIONS.items():
            if compress is None:
                continue
            ran = run(self.file(compress(DOWNLOAD.read_bytes())))
            if b"which this build leaves out" in ran.stderr:
                self.assertIn(name.encode(), ran.stderr)
                self.assertEqual(ran.returncode, 2)
                continue
            yield name, compress

    def test_says_the_same_as_the_plain_file(self) -> None:
        for name, compress in self.each():
            for capture in (DOWNLOAD, PCAPNG):
                plain = run("--json", "-", given=capture.read_bytes()).stdout
                self.assertEqual(run("--json", "-", given=compress(capture.read_bytes())).stdout, plain, name)

    def test_several_members_are_one_file(self) -> None:
        content = DOWNLOAD.read_bytes()
        for name, compress in self.each():
            parts = compress(content[:1000]) + compress(content[1000:])
            self.assertEqual(run("--json", "-", given=parts).stdout, run("--json", "-", given=content).stdout, name)

    def test_cut_and_damaged_data(self) -> None:
        for name, compress in self.each():
            content = compress(DOWNLOAD.read_bytes())
            for size in (7, 20, len(content) // 2, len(content) - 1):
                ran = run(self.file(content[:size]))
                self.assertEqual(ran.returncode, 2, (name, size))
                self.assertIn(f"the {name} data is cut short".encode(), ran.stderr, (name, size))
            damaged = bytearray(content)
            damaged[len(content) // 3] ^= 0xFF
            damaged[len(content) // 2] ^= 0xFF
            self.assertEqual(run(self.file(bytes(damaged))).returncode, 2, name)

    def test_a_bomb_takes_no_memory(self) -> None:
        bomb = DOWNLOAD.read_bytes() + bytes(64_000_000)
        for name, compress in self.each():
            path = self.file(compress(bomb))
            ran = subprocess.run(
                ["/bin/sh", "-c", f"ulimit -v 400000; exec '{COMMAND}' --threads 1 '{path}'"], capture_output=True, timeout=60
            )
            self.assertEqual(ran.stderr.count(b"bad_alloc"), 0, name)

    def test_other_compressions_are_no_captures(self) -> None:
        ran = run(self.file(bz2.compress(DOWNLOAD.read_bytes())))
        self.assertEqual(ran.returncode, 2)
        self.assertIn(b"not a capture in a format", ran.stderr)


def shift(capture: bytes, start: int, end: int) -> bytes:
    """A pcap file of the frames from one to before another, counted from 0."""
    records, at = [], 24
    while at < len(capture):
        size = 16 + int.from_bytes(capture[at + 8 : at + 12], "little")
        records.append(capture[at : at + size])
        at += size
    return capture[:24] + b"".join(records[start:end])


class Joined(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        content = DOWNLOAD.read_bytes()
        self.ring = []
        # As a ring leaves them: the names say nothing of the order.
        for name, start, end in (("c", 0, 10), ("a", 10, 12), ("b", 12, None)):
            path = Path(self.folder.name) / name
            path.write_bytes(shift(content, start, end))
            self.ring.append(str(path))

    def answer(self, *words: str) -> dict:
        row = json.loads(run("--json", *words).stdout)
        row.pop("file")
        return row

    def test_connections_go_on_from_file_to_file(self) -> None:
        whole = self.answer(str(DOWNLOAD))
        self.assertEqual(self.answer("--join", *sorted(self.ring)), whole)
        self.assertEqual(run("--json", *self.ring).stdout.count(b"\n"), 3, "each file alone without --join")

    def test_the_file_is_the_one_where_it_began(self) -> None:
        row = json.loads(run("--json", "--join", *sorted(self.ring)).stdout)
        self.assertEqual(row["file"], self.ring[0])
        self.assertIn(b"c and 2 more: 1 connection", run("--join", *sorted(self.ring)).stdout)

    def test_a_bad_file_among_them_is_named(self) -> None:
        ran = run("--json", "--join", *self.ring, self.folder.name + "/none")
        self.assertEqual(ran.returncode, 2)
        self.assertIn(b"none: no such file", ran.stderr)
        self.assertEqual(ran.stdout.count(b"\n"), 1)


def talk(port: int, start: int, ends: bool) -> list[bytes]:
    """The records of a short connection, some hundred bytes each way, that starts so many seconds after others."""
    client, server = (b"\x0a\0\0\x01", port), (b"\x0a\0\0\x02", 80)
    plan = [(0, 2, 100, 0), (1, 0x12, 500, 101), (0, 0x10, 101, 501), (0, 0x18, 101, 501), (1, 0x18, 501, 111)]
    if ends:
        plan += [(0, 0x11, 111, 511), (1, 0x11, 511, 112), (0, 0x10, 112, 512)]
    records = []
    for i, (from_server, flags, seq, ack) in enumerate(plan):
        (source, source_port), (target, target_port) = (server, client) if from_server else (client, server)
        payload = b"x" * 10 if flags & 8 else b""
        tcp = struct.pack("!HHIIBBHHH", source_port, target_port, seq, ack, 0x50, flags, 500, 0, 0) + payload
        ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), i, 0x4000, 64, 6, 0, source, target)
        frame = bytes(12) + b"\x08\0" + ip + tcp
        records.append(struct.pack("<IIII", 1_000_000 + start, i * 1000, len(frame), len(frame)) + frame)
    return records


class Followed(unittest.TestCase):
    HEADER = struct.pack("<IHHIIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)

    def rows(self, capture: bytes) -> list[dict]:
        return [json.loads(line) for line in run("--follow", "--json", "-", given=capture).stdout.splitlines()]

    def stream(self, count: int, step: int) -> bytes:
        """Connections one after the other; of each third the end is not captured."""
        records = [r for i in range(count) for r in talk(20000 + i, step * i, i % 3 != 0)]
        return self.HEADER + b"".join(records)

    def test_says_of_each_connection_what_the_whole_capture_says(self) -> None:
        capture = self.stream(300, 100)
        rows = self.rows(capture)
        self.assertEqual(len(rows), 300)
        whole = {r["client"]: r for r in map(json.loads, run("--json", "-", given=capture).stdout.splitlines())}
        for row in rows:
            record = row.pop("record")
            port = int(row["client"].split(":")[1]) - 20000
            if record == "over":
                self.assertNotEqual(port % 3, 0)
                # Their numbers are given again to others: only the file's order of connections is lost.
                self.assertEqual(row, whole[row["client"]])
            else:
                age = (299 - port) * 100
                self.assertEqual(record, "idle" if age > 7440 else "end", row)
                self.assertTrue(port % 3 == 0 or age < 240)

    def test_rows_come_while_it_goes_on(self) -> None:
        reader, writer = os.pipe()
        with subprocess.Popen([COMMAND, "--follow", "--csv", "-"], stdin=reader, stdout=subprocess.PIPE) as child:
            os.close(reader)
            os.write(writer, self.HEADER + b"".join(talk(20001, 0, True) + talk(20002, 500, True)))
            self.assertTrue(child.stdout.readline().endswith(b",record\n"))
            line = child.stdout.readline()
            self.assertIn(b"10.0.0.1:20001", line)
            self.assertTrue(line.endswith(b",over\n"))
            os.close(writer)
            self.assertTrue(child.stdout.readline().endswith(b",end\n"))

    def test_the_same_ports_again(self) -> None:
        records = [r for i in range(50) for r in talk(20000 + i % 2, 50 * i, True)]
        rows = self.rows(self.HEADER + b"".join(records))
        self.assertEqual(sorted(r["first_frame"] for r in rows), [1 + 8 * i for i in range(50)])
        self.assertEqual({r["verdict"] for r in rows}, {"graceful"})

    def test_memory_is_that_of_what_is_alive(self) -> None:
        capture = self.HEADER + b"".join(r for i in range(40000) for r in talk(1024 + i, 10 * i, True))
        words = f"ulimit -v 120000; exec '{COMMAND}' --follow --json - | wc -l"
        ran = subprocess.run(["/bin/sh", "-c", words], input=capture, capture_output=True, timeout=100)
        self.assertEqual((ran.stdout.strip(), ran.stderr), (b"40000", b""))


class OnATerminal(unittest.TestCase):
    def test_progress_is_told_and_taken_back(self) -> None:
        reader, writer = os.pipe()
        terminal, its_other_end = pty.openpty()
        with subprocess.Popen([COMMAND, "--json", "-"], stdin=reader, stdout=subprocess.PIPE, stderr=its_other_end) as child:
            os.close(reader)
            os.close(its_other_end)
            content = DOWNLOAD.read_bytes()
            os.write(writer, content[:5000])
            time.sleep(1.2)
            os.write(writer, content[5000:])
            os.close(writer)
            rows = child.stdout.read()
        told = os.read(terminal, 1000)
        os.close(terminal)
        self.assertIn(b"reading standard input: 0 MB", told)
        self.assertTrue(told.endswith(b"\r\x1b[K"), told)
        self.assertEqual(rows.count(b"\n"), 1)


if __name__ == "__main__":
    unittest.main()
