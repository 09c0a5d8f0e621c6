# SPDX-License-Identifier: GPL-2.0-or-later
"""Bad input ends as it does without us: tshark's own status and message, no crash, and what could
be read is reported."""
import pathlib
import random
import subprocess
import unittest

import frames
import support

SEED = "seeds/seed28580.pcap"
ALL_OPTIONS = (("-q", "-z", "tcpteardown"), ("-q", "-z", "tcpteardown,json"), ("-q", "-z", "tcpteardown,csv"),
               ("-2", "-Y", "tcpteardown.final"), ("-V",), ("-T", "json"), ("-2", "-q", "-z", "expert"))


def made(name, content):
    path = support.FILES / name
    path.write_bytes(content)
    path.chmod(0o644)
    return str(path)


class Status(unittest.TestCase):
    def same_as_without(self, path):
        """Runs tshark with and without us; gives our standard output by option."""
        outputs = {}
        for options in ALL_OPTIONS:
            ours = support.tshark("-r", path, *options)
            plain = support.tshark("-r", path, "-q", "-2" if "-2" in options else "-n",
                                   env=support.environment(WIRESHARK_PLUGIN_DIR=support.FILES))
            self.assertEqual((ours.returncode, ours.stderr), (plain.returncode, plain.stderr), options)
            outputs[options] = ours.stdout
        return outputs

    def test_no_file(self):
        self.same_as_without(str(support.FILES / "missing.pcap"))

    def test_empty_file(self):
        self.same_as_without(made("empty.pcap", b""))

    def test_no_capture(self):
        self.same_as_without(made("text.pcap", b"This is no capture.\n" * 30))

    def test_header_only(self):
        content = pathlib.Path(support.capture(SEED)).read_bytes()[:24]
        outputs = self.same_as_without(made("header.pcap", content))
        self.assertEqual(outputs[ALL_OPTIONS[1]], "")
        self.assertEqual(len(outputs[ALL_OPTIONS[2]].splitlines()), 1)

    def test_no_tcp(self):
        packets = [frames.ethernet(frames.IP(src=frames.CLIENT, dst=frames.SERVER) / frames.UDP(dport=9))
                   for _ in range(5)]
        outputs = self.same_as_without(frames.write("udp.pcap", packets))
        self.assertEqual(outputs[ALL_OPTIONS[1]], "")

    def test_cut_in_the_middle_of_a_packet(self):
        content = pathlib.Path(support.capture(SEED)).read_bytes()
        outputs = self.same_as_without(made("cut.pcap", content[: len(content) * 2 // 3 + 5]))
        self.assertEqual(outputs[ALL_OPTIONS[1]].count('"verdict"'), 1)


class Noise(unittest.TestCase):
    def survives(self, path):
        for options in ALL_OPTIONS:
            result = support.tshark("-r", path, *options,
                                    env=support.environment(WIRESHARK_ABORT_ON_DISSECTOR_BUG=1))
            self.assertIn(result.returncode, (0, 2), (path, options, result.stderr[-2000:]))
            self.assertNotIn("Sanitizer", result.stderr)

    def test_flipped_bytes(self):
        chance = random.Random(3)
        for name in chance.sample(support.all_captures(), 6):
            path = support.FILES / "noise.pcapng"
            subprocess.run(["editcap", "-E", "0.02", "--seed", "5", support.capture(name), path], check=True,
                           stderr=subprocess.DEVNULL)
            path.chmod(0o644)
            self.survives(str(path))

    def test_random_packets(self):
        for kind in ("tcp", "ip", "icmp"):
            path = support.FILES / f"random-{kind}.pcap"
            subprocess.run(["randpkt", "-t", kind, "-c", "300", path], check=True, stdout=subprocess.DEVNULL)
            path.chmod(0o644)
            self.survives(str(path))

    def test_random_segments_of_one_connection(self):
        # Any flags, numbers near each other, so that the rules get work.
        chance = random.Random(9)
        packets = []
        for _ in range(400):
            ends = [(frames.CLIENT, 1), (frames.SERVER, 2)]
            (source, sport), (target, dport) = ends if chance.random() < 0.5 else ends[::-1]
            packets.append(frames.ethernet(
                frames.IP(src=source, dst=target, ttl=chance.choice([64, 63, 120])) / frames.TCP(
                    sport=sport, dport=dport, flags=chance.randrange(64), seq=chance.randrange(40),
                    ack=chance.randrange(40), window=chance.choice([0, 1, 500]))
                / frames.Raw(bytes(chance.choice([0, 0, 1, 5])))))
        self.survives(frames.write("random-segments.pcap", packets))

    def test_headers_nested_without_end(self):
        packet = frames.Talk().segment(0, "S")
        for _ in range(60):
            packet = frames.IP(src=frames.CLIENT, dst=frames.SERVER, proto=4) / packet
        self.survives(frames.write("nested.pcap", [frames.ethernet(packet)]))


if __name__ == "__main__":
    unittest.main()
