# SPDX-License-Identifier: GPL-2.0-or-later
"""What carries a connection changes nothing: the native command, the plugin and Wireshark's own table agree."""
import json
import re
import subprocess
import unittest

import frames
import support
from carriers import CARRIERS, in_gre, wlan


def native(path):
    done = subprocess.run([support.COMMAND, "--json", path], check=True, text=True, capture_output=True,
                          timeout=support.TIMEOUT)
    assert done.stderr == "", done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def counted_by_wireshark(path):
    """Frames of each conversation, as `-z conv,tcp` has them: pairs of ends, and how many."""
    rows = support.lines(support.tshark("-n", "-q", "-r", path, "-z", "conv,tcp"))
    found = [re.match(r"(\S+)\s+<->\s+(\S+)\s+\d+ \d+ \w+\s+\d+ \d+ \w+\s+(\d+) ", row) for row in rows]
    return sorted((frozenset((m[1], m[2])), int(m[3])) for m in found if m)


class Carriers(unittest.TestCase):
    def check(self, path, connections):
        reports = native(path)
        self.assertEqual(reports, support.teardowns(path))
        self.assertEqual(len(reports), connections)
        ours = sorted((frozenset((r["client"], r["server"])), r["frames"]) for r in reports)
        self.assertEqual(ours, counted_by_wireshark(path))
        return reports

    def test_each_carrier(self):
        for name, (link_type, carrier) in CARRIERS.items():
            with self.subTest(carrier=name):
                packets = frames.Talk().graceful()
                report, = self.check(frames.write(f"{name}.pcap", map(carrier, packets), link_type=link_type), 1)
                self.assertEqual((report["verdict"], report["frames"]), ("graceful", len(packets)))

    def test_aggregates(self):
        closed = frames.Talk(client_port=40001).graceful()
        reset = frames.Talk(client_port=40002).reset()
        packets = [*(frames.aggregate(*pair) for pair in zip(closed, reset)),
                   *map(frames.aggregate, closed[len(reset):])]
        reports = self.check(frames.write("aggregates.pcap", packets, link_type=frames.WLAN), 2)
        self.assertEqual([r["verdict"] == "graceful" for r in reports], [True, False])

    def test_aggregates_in_a_tunnel(self):
        packets = [in_gre(0x8200, bytes)(frames.aggregate(packet)) for packet in frames.Talk().graceful()]
        self.check(frames.write("tunnelled-aggregates.pcap", packets), 1)

    def test_what_carries_no_packet(self):
        beacon = b"\x80\x00" + wlan(None)[2:]
        without_data = wlan(None, b"\x48\x01")
        packets = [*map(wlan, frames.Talk().graceful()), beacon, without_data]
        self.check(frames.write("beacons.pcap", packets, link_type=frames.WLAN), 1)


if __name__ == "__main__":
    unittest.main()
