# SPDX-License-Identifier: GPL-2.0-or-later
"""The native command's "stream" is Wireshark's tcp.stream: it is what people type into a filter."""
import concurrent.futures
import os
import pathlib
import subprocess
import unittest

import storm
import streams
import support

SCRIPTS = pathlib.Path(__file__).parents[1] / "scripts"


class Streams(unittest.TestCase):
    def check(self, paths, least):
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            found = list(pool.map(streams.differences, map(str, paths)))
        self.assertEqual([line for _, wrong in found for line in wrong], [])
        self.assertGreater(sum(count for count, _ in found), least)

    def check_in_few_files(self, paths, least):
        """Behind each other: the same ports again and again, and few runs of tshark."""
        # mergecap writes all names into one comment, whose length has 16 bits; that of 4.4 does not look.
        together = []
        for first in range(0, len(paths), 300):
            together.append(support.FILES / ("together-%d.pcapng" % first))
            subprocess.run(["mergecap", "-a", "-w", together[-1], *map(str, paths[first:first + 300])], check=True)
        self.check(together, least)

    def test_other_peoples_captures(self):
        self.check([support.CAPTURES / name for name in support.all_captures("real")], 80)

    def test_our_captures(self):
        names = [name for folder in ("seeds", "sockets", "lab") for name in support.all_captures(folder)]
        self.check_in_few_files([support.CAPTURES / name for name in names], 500)

    def test_scripts(self):
        """All at the same two addresses and ports."""
        paths = []
        for script in sorted(SCRIPTS.rglob("*.seg")):
            paths.append(support.FILES / ("script-%d.pcap" % len(paths)))
            subprocess.run([support.COMMAND, "--to-pcap", str(script), paths[-1]], check=True)
        self.check_in_few_files(paths, 100)

    def test_storms(self):
        paths = [support.FILES / ("storm-%d.pcap" % seed) for seed in range(12)]
        for seed, path in enumerate(paths):
            storm.write(path, seed)
        self.check(paths, 200)

    def test_plugin_and_command_give_the_same(self):
        path = support.FILES / "storm.pcap"
        storm.write(path, 99)
        path.chmod(0o644)
        told = {(c["first_frame"], c["client"]): c["stream"] for c in support.teardowns(str(path))}
        self.assertGreater(len(told), 10)
        _, wrong = streams.differences(str(path))
        self.assertEqual(wrong, [])
        theirs = streams.of_wireshark(str(path))
        for (frame, client), stream in told.items():
            port = client.rsplit(":", 1)[1]
            self.assertIn(stream, [s for (f, ports), all_of in theirs.items() if f == frame and port in ports for s in all_of])


if __name__ == "__main__":
    unittest.main()
