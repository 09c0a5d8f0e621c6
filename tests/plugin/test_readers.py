# SPDX-License-Identifier: GPL-2.0-or-later
"""Damaged files and files of careless tools: the command reads what Wireshark reads, no more and no less, and
its exit status is tshark's; so each connection is the same to the plugin and to the command."""
import json
import subprocess
import unittest

import damaged_files
import support

SEED = "seeds/seed28580.pcap"


def rows(text):
    return [json.loads(line) for line in text.splitlines()]


class Readers(unittest.TestCase):
    def check(self, files, suffix):
        for name, content in files.items():
            path = support.FILES / f"given.{suffix}"
            path.write_bytes(content)
            path.chmod(0o644)
            with self.subTest(name):
                plugin = support.tshark("-q", "-r", str(path), "-z", "tcpteardown,json")
                command = subprocess.run([support.COMMAND, "--json", path], check=False, text=True,
                                         capture_output=True, timeout=support.TIMEOUT)
                # tshark's numbers are its versions' own: 2, and 14 since 4.6.
                self.assertEqual((command.returncode != 0, rows(command.stdout)),
                                 (plugin.returncode != 0, rows(plugin.stdout)), plugin.stderr + command.stderr)
                self.assertEqual(command.stderr != "", command.returncode != 0)

    def test_pcap(self):
        self.check(damaged_files.pcap_files(support.CAPTURES / SEED), "pcap")

    # What counts as damage is wiretap's of 4.0; later ones know more blocks.
    @unittest.skipUnless(support.PLUGIN.parent.parent.name == "4.0", "another wiretap")
    def test_pcapng(self):
        self.check(damaged_files.pcapng_files(support.CAPTURES / SEED), "pcapng")


if __name__ == "__main__":
    unittest.main()
