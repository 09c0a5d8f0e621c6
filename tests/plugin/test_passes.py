# SPDX-License-Identifier: GPL-2.0-or-later
"""One verdict, whichever way Wireshark walks through the capture."""
import json
import pathlib
import random
import subprocess
import unittest

import support

CAPTURES = ("seeds/seed28580.pcap", "seeds/seed15607.pcap", "sockets/s01.pcap", "sockets/s05.pcap",
            "sockets/s10.pcap", "sockets/s21.pcap", "sockets/s30.pcap", "sockets/s44.pcap")


def merged():
    """All recordings of sockets one after the other: many connections, some on the same ports."""
    target = support.FILES / "merged.pcapng"
    if not target.exists():
        names = [support.capture(name) for name in support.all_captures("sockets")]
        subprocess.run(["mergecap", "-w", target, *names], check=True)
        target.chmod(0o644)
    return str(target)


def by_connection(connections):
    return {(c["client"], c["server"], c["first_frame"]): c for c in connections}


class Passes(unittest.TestCase):
    def test_one_pass_reports_what_two_passes_report(self):
        for path in [*map(support.capture, CAPTURES), merged()]:
            once = support.teardowns(path)
            self.assertNotEqual(once, [])
            self.assertEqual(once, support.teardowns(path, "-2"))

    def test_a_tree_does_not_change_the_report(self):
        for path in map(support.capture, CAPTURES):
            plain = support.teardowns(path)
            result = support.tshark("-r", path, "-V", "-z", "tcpteardown,json")
            told = [line for line in support.lines(result) if line.startswith('{"file"')]
            self.assertEqual(len(told), len(plain))

    def test_second_pass_shows_the_final_verdict_on_every_frame(self):
        path = merged()
        expected = {c["stream"]: c["verdict"] for c in support.teardowns(path)}
        rows = support.fields(path, "-2", "-Y", "tcp && !icmp",
                              names=("tcp.stream", "tcpteardown.verdict"))
        self.assertGreater(len(rows), 500)
        wrong = [row for row in rows if expected.get(int(row[0])) != row[1]]
        # A stream can hold the end of one connection and the start of the next.
        shared = {c["stream"] for c in support.teardowns(path)}
        self.assertLess(len(wrong), len(rows) // 50, (len(shared), wrong[:5]))

    def test_exactly_one_final_frame_for_each_connection_that_ended(self):
        path = merged()
        finals = support.fields(path, "-2", "-Y", "tcpteardown.final",
                                names=("frame.number", "tcpteardown.verdict"))
        ended = [(str(c["decisive_frame"]), c["verdict"]) for c in support.teardowns(path)
                 if "decisive_frame" in c and c["family"] not in ("open", "inconclusive")]
        self.assertGreater(len(ended), 40)
        self.assertEqual(set(ended) - set(finals), set())
        self.assertEqual(len(finals), len(set(finals)))

    def finals(self, path, *arguments):
        return support.fields(path, *arguments, "-Y", "tcpteardown.final",
                              names=("frame.number", "tcpteardown.client.port", "tcpteardown.verdict",
                                     "tcpteardown.summary"))

    def test_one_pass_says_an_end_once_when_it_is_over(self):
        path = merged()
        once, twice = self.finals(path), self.finals(path, "-2")
        self.assertGreater(len(once), 60)
        # Once a connection, and where the second pass says it; left to that are only ends by silence, and an
        # attempt that may go on.
        self.assertEqual(len({row[:2] for row in once}), len(once))
        self.assertEqual({row[:2] for row in once} - {row[:2] for row in twice}, set())
        silent = {row[2] for row in twice if row[:2] not in {told[:2] for told in once}}
        self.assertEqual({verdict for verdict in silent
                          if not verdict.startswith(("timeout-", "setup-no-reply", "setup-bad-synack",
                                                     "half-closed-"))}, set())
        # What comes later changes few of them: a host that denies its RST, a second RST.
        changed = [row for row in once if row[:3] not in {told[:3] for told in twice}]
        self.assertLess(len(changed), len(once) // 8, changed)

    def test_one_pass_never_speaks_of_the_end_of_the_capture(self):
        path = merged()
        names = [f"tcpteardown.{name}" for name in ("summary", "finding", "explanation", "advice",
                                                    "confidence_reason")]
        texts = [" ".join(row) for row in support.fields(path, names=names)]
        self.assertGreater(len([text for text in texts if "so far" in text]), 100)
        self.assertEqual([text for text in texts if "capture end" in text], [])
        shown = support.lines(support.tshark("-r", path, "-V"))
        self.assertEqual([line for line in shown if "capture end" in line], [])
        self.assertNotEqual([line for line in support.lines(support.tshark("-2", "-r", path, "-V"))
                             if "capture end" in line], [])

    def test_one_pass_has_one_expert_info_for_each_end(self):
        path = merged()
        slugs = {line.split("\t")[2] for line in support.lines(support.tshark("-G", "fields"))
                 if "\ttcpteardown.expert." in line}
        verdicts = {c["verdict"] for c in support.teardowns(path)}
        names = [f"tcpteardown.expert.{verdict.replace('-', '_')}" for verdict in sorted(verdicts)]
        self.assertEqual(set(names) - slugs, set())
        filter = " || ".join(names)
        told = support.fields(path, "-Y", filter, names=("frame.number",))
        finals = support.fields(path, "-Y", "tcpteardown.final", names=("frame.number",))
        harmless = support.fields(path, "-Y", f"tcpteardown.final && !({filter})", names=("frame.number",))
        self.assertEqual(sorted(told + harmless), sorted(finals))
        unanswered = support.fields(path, "-Y", 'tcpteardown.event contains "unanswered"', names=("frame.number",))
        self.assertEqual(unanswered, [])

    def test_a_read_filter_does_not_disturb(self):
        path = support.capture("seeds/seed28580.pcap")
        whole = support.teardowns(path)[0]
        filtered = support.teardowns(path, "-2", "-R", "tcp.flags.reset==1")
        self.assertEqual([c["verdict"] for c in filtered], [whole["verdict"]])

    def test_a_display_filter_hides_frames_but_not_facts(self):
        path = support.capture("seeds/seed28580.pcap")
        whole = support.teardowns(path)
        result = support.tshark("-r", path, "-Y", "frame.number == 3", "-q", "-z", "tcpteardown,json")
        self.assertEqual(result.returncode, 0)
        rows = support.fields(path, "-2", "-Y", "frame.number == 3", names=("tcpteardown.verdict",))
        self.assertEqual(rows, [(whole[0]["verdict"],)])

    def test_a_count_ends_the_capture_early(self):
        path = support.capture("seeds/seed28580.pcap")
        early = support.teardowns(path, "-c", "5")
        self.assertEqual([c["last_frame"] for c in early], [5])
        self.assertNotEqual(early[0]["verdict"], support.teardowns(path)[0]["verdict"])


class Live(unittest.TestCase):
    def test_a_capture_that_is_still_being_made(self):
        # From a pipe tshark reads as from a network: frame by frame, without knowing the end.
        path = support.capture("seeds/seed28580.pcap")
        whole, = support.teardowns(path)
        with open(path, "rb") as content:
            result = subprocess.run(support.as_user(["tshark", "-q", "-i", "-", "-z", "tcpteardown,json"]),
                                    env=support.environment(), stdin=content, capture_output=True, check=True,
                                    timeout=support.TIMEOUT)
        live, = [json.loads(line) for line in result.stdout.decode().splitlines()]
        self.assertEqual(live | {"file": path}, whole)

    def test_live_endings_are_told_as_they_come(self):
        with open(merged(), "rb") as content:
            result = subprocess.run(
                support.as_user(["tshark", "-l", "-i", "-", "-Y", "tcpteardown.final", "-T", "fields", "-e",
                                 "frame.number", "-e", "tcpteardown.summary", "-e", "tcpteardown.confidence_reason"]),
                env=support.environment(), stdin=content, capture_output=True, check=True, timeout=support.TIMEOUT)
        told = result.stdout.decode().splitlines()
        self.assertGreater(len(told), 60)
        self.assertEqual(len({line.split("\t")[0] for line in told}), len(told))
        self.assertEqual([line for line in told if "capture end" in line], [])
        self.assertTrue(all(line.split("\t")[1] for line in told))

    def test_a_session_that_is_reset_on_the_way(self):
        path = merged()
        result = support.tshark("-M", "100", "-q", "-r", path, "-z", "tcpteardown,json")
        rest = [json.loads(line) for line in support.lines(result)]
        self.assertNotEqual(rest, [])
        self.assertLess(len(rest), len(support.teardowns(path)))


class Preferences(unittest.TestCase):
    IDLE = "lab/abort_quiet/abort-idle-350.client.pcap"  # reset after 350 s without data

    def verdicts(self, name, *options):
        result = support.tshark(*options, "-q", "-r", support.capture(name), "-z", "tcpteardown,json")
        return [json.loads(line)["verdict"] for line in support.lines(result)]

    def test_idle_threshold(self):
        self.assertEqual(self.verdicts(self.IDLE), ["abort-idle"])
        self.assertEqual(self.verdicts(self.IDLE, "-o", "tcpteardown.idle_threshold:400"), ["abort-as-close"])

    def test_silence_before_a_timeout_is_claimed(self):
        name = "lab/timeouts/timeout-retransmit-acks-lost.pcap"
        self.assertEqual(self.verdicts(name), ["timeout-retransmit"])
        self.assertEqual(self.verdicts(name, "-o", "tcpteardown.silence:300"), ["open"])

    def test_a_change_is_seen_on_the_next_click(self):
        with support.Sharkd() as sharkd:
            sharkd.load(support.capture(self.IDLE))
            for seconds, verdict in ((5, "abort-idle"), (400, "abort-as-close"), (5, "abort-idle")):
                sharkd.ask("setconf", name="tcpteardown.idle_threshold", value=str(seconds))
                for frame in (3, 8, 1):
                    self.assertEqual(sharkd.values(frame, "tcpteardown.verdict"), [verdict])


class OtherTimes(unittest.TestCase):
    def test_a_file_shifted_in_time(self):
        # What a time shift leaves of a capture: all gaps, and none of the dates. Before 1970, too.
        path = support.capture("seeds/seed28580.pcap")
        whole, = support.teardowns(path)
        for shift in ("86400.5", "-1000000000"):
            shifted = str(support.FILES / f"shifted{shift}.pcapng")
            subprocess.run(["editcap", "-t", shift, path, shifted], check=True)
            pathlib.Path(shifted).chmod(0o644)
            report, = support.teardowns(shifted)
            for key in set(whole) - {"file", "start", "end_time", "end_time_local"}:
                self.assertEqual(report[key], whole[key], key)


class Clicks(unittest.TestCase):
    def test_random_clicks_show_the_same_as_two_passes(self):
        path = merged()
        names = ("frame.number", "tcpteardown.verdict", "tcpteardown.summary", "tcpteardown.final")
        table = {int(row[0]): row[1:] for row in support.fields(path, "-2", names=names)}
        chance = random.Random(7)
        with support.Sharkd() as sharkd:
            sharkd.load(path)
            for frame in chance.choices(list(table), k=150):
                verdict = sharkd.values(frame, "tcpteardown.verdict")
                self.assertEqual(",".join(verdict), table[frame][0], frame)
                final = sharkd.values(frame, "tcpteardown.final")
                self.assertEqual(len(final), len(table[frame][2].split(",")) if table[frame][2] else 0)

    def test_filters_between_clicks_change_nothing(self):
        path = merged()
        chance = random.Random(11)
        with support.Sharkd() as sharkd:
            sharkd.load(path)
            count = sharkd.ask("status")["frames"]
            seen = {}
            for _ in range(60):
                if chance.random() < 0.3:
                    sharkd.ask("frames", filter=chance.choice(
                        ["tcpteardown.final", 'tcpteardown.family == "abort"', "tcp.port == 80"]))
                frame = chance.randint(1, count)
                now = (sharkd.values(frame, "tcpteardown.verdict"),
                       sharkd.values(frame, "tcpteardown.client.state"))
                self.assertEqual(seen.setdefault(frame, now), now)

    def test_the_state_dies_with_the_file(self):
        one, other = support.capture("seeds/seed28580.pcap"), support.capture("sockets/s01.pcap")
        fresh = {}
        for path in (one, other):
            with support.Sharkd() as sharkd:
                sharkd.load(path)
                fresh[path] = sharkd.values(3, "tcpteardown.finding")
        self.assertNotEqual(fresh[one], fresh[other])
        with support.Sharkd() as sharkd:
            for path in (one, other, one, one, other):
                sharkd.load(path)
                self.assertEqual(sharkd.values(3, "tcpteardown.finding"), fresh[path])


if __name__ == "__main__":
    unittest.main()
