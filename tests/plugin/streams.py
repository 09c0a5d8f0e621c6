#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Holds the key "stream" of the native command against Wireshark's tcp.stream of each connection's first frame.

    TCPTEARDOWN_COMMAND=… tests/plugin/streams.py CAPTURE_OR_FOLDER…
"""
import json
import os
import pathlib
import subprocess
import sys

SUFFIXES = (".pcap", ".pcapng", ".cap", ".snoop")
_FIELDS = ("frame.number", "tcp.srcport", "tcp.dstport", "tcp.stream")


def _lines(*command):
    # Damaged captures are read as far as it goes; what is wrong with them is another test's business.
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, timeout=300, check=False)
    return done.stdout.splitlines()


def of_wireshark(path):
    """(frame, the two ports) -> the streams of such headers in the frame; several in tunnels and ICMP errors."""
    chosen = [word for name in _FIELDS for word in ("-e", name)]
    found = {}
    for line in _lines("tshark", "-n", "-r", path, "-Y", "tcp.stream", "-T", "fields", *chosen):
        frame, *columns = line.split("\t")
        for source, destination, stream in zip(*(column.split(",") for column in columns)):
            found.setdefault((int(frame), frozenset((source, destination))), []).append(int(stream))
    return found


def differences(path):
    """(how many connections, those whose stream is not Wireshark's)."""
    reports = [json.loads(line) for line in _lines(os.environ["TCPTEARDOWN_COMMAND"], "--json", path)]
    theirs = of_wireshark(path) if reports else {}
    wrong = []
    for report in reports:
        ports = frozenset(report[end].rsplit(":", 1)[1] for end in ("client", "server"))
        streams = theirs.get((report["first_frame"], ports), [])
        if report.get("stream") not in streams:
            wrong.append("%s frame %d, %s > %s: stream %s, not %s" % (
                path, report["first_frame"], report["client"], report["server"], report.get("stream"), streams))
    return len(reports), wrong


def captures(arguments):
    for path in map(pathlib.Path, arguments):
        yield from sorted(p for p in path.rglob("*") if p.suffix in SUFFIXES) if path.is_dir() else [path]


def main():
    count, wrong = 0, []
    for path in captures(sys.argv[1:]):
        here, found = differences(str(path))
        count, wrong = count + here, wrong + found
    print("\n".join([*wrong, "%d connections, %d with another stream than Wireshark's" % (count, len(wrong))]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
