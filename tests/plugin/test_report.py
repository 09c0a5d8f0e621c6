# SPDX-License-Identifier: GPL-2.0-or-later
"""-z tcpteardown, its JSON and CSV forms and their filter."""
import csv
import json
import pathlib
import re
import subprocess
import unittest

import frames
import support

SEED = "seeds/seed28580.pcap"
FIRST_KEYS = ["file", "stream", "client", "server", "start", "duration", "first_frame", "last_frame",
              "frames", "client.bytes", "server.bytes", "verdict"]


def two_connections():
    talks = frames.Talk(client_port=40001).graceful() + frames.Talk(client_port=40002).reset()
    return frames.write("two.pcap", map(frames.ethernet, talks))


class Json(unittest.TestCase):
    def test_one_object_a_line_and_nothing_else(self):
        path = support.capture(SEED)
        result = support.tshark("-q", "-r", path, "-z", "tcpteardown,json")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        objects = [json.loads(line) for line in result.stdout.splitlines()]
        self.assertEqual(len(objects), 1)
        self.assertEqual(list(objects[0])[: len(FIRST_KEYS)], FIRST_KEYS)

    def test_the_file_is_named_as_it_was_given(self):
        path = support.capture(SEED)
        for arguments in (("-r", path, "-q"), (f"-r{path}", "-q"), ("-qr", path), ("-2nqr", path),
                          ("-Y", "tcp", "-qr", path), ("-o", "tcp.desegment_tcp_streams:FALSE", "-qr", path)):
            objects = support.lines(support.tshark(*arguments, "-z", "tcpteardown,json"))
            self.assertEqual([json.loads(line)["file"] for line in objects], [path], arguments)

    def test_tshark_has_no_option_that_hides_the_file(self):
        """Of tshark's short options, those that take no argument are known to plugin/command_line.cpp."""
        source = pathlib.Path(__file__).parents[2] / "plugin" / "command_line.cpp"
        known = set(re.search(r'kFlags = "(\w+)"', source.read_text(encoding="utf-8"))[1])
        options = [re.match(r"  -(\w)(?:, --[\w-]+)?( ?\S)?", line)
                   for line in support.lines(support.tshark("--help"))]
        without = {option[1] for option in options if option and not option[2]}
        with_argument = {option[1] for option in options if option and option[2]}
        self.assertTrue(without >= set("2nqx") and with_argument >= set("rYzo"), (without, with_argument))
        self.assertEqual((without - known, with_argument & known), (set(), set()))

    def test_standard_input_is_a_file_too(self):
        with open(support.capture(SEED), "rb") as content:
            result = subprocess.run(
                support.as_user(["tshark", "-q", "-r", "-", "-z", "tcpteardown,json"]), check=True,
                stdin=content, capture_output=True, env=support.environment(), timeout=support.TIMEOUT)
        self.assertEqual(json.loads(result.stdout)["file"], "-")


class Csv(unittest.TestCase):
    def test_header_and_rows_agree_with_json(self):
        path = two_connections()
        rows = list(csv.DictReader(support.lines(support.tshark("-q", "-r", path, "-z", "tcpteardown,csv"))))
        objects = support.teardowns(path)
        self.assertEqual(len(rows), 2)
        for row, connection in zip(rows, objects):
            self.assertEqual(list(row)[: len(FIRST_KEYS)], FIRST_KEYS)
            for key in ("verdict", "client", "server", "summary", "initiator"):
                self.assertEqual(row[key], connection[key])


class Text(unittest.TestCase):
    def test_what_programs_saw_comes_first_then_verdicts_then_connections(self):
        path = two_connections()
        text = "\n".join(support.lines(support.tshark("-q", "-r", path, "-z", "tcpteardown")))
        good, bad = sorted(support.teardowns(path), key=lambda connection: connection["verdict"] != "graceful")
        self.assertIn(bad["summary"], text)
        self.assertNotIn(good["summary"], text)
        self.assertIn("... and 1 graceful", text)
        self.assertLess(text.index("connection reset by peer: 1 connection"), text.index("bytes lost"))
        self.assertLess(text.index("bytes lost"), text.index(bad["summary"]))

    def test_the_worst_is_drawn_and_explained(self):
        path = support.capture("seeds/seed28580.pcap")
        connection, = support.teardowns(path)
        text = support.lines(support.tshark("-q", "-r", path, "-z", "tcpteardown"))
        drawn = [line.split() for line in text if "|--" in line or "--|" in line]
        # The numbers are those of tshark itself.
        listed = support.lines(support.tshark("-r", path, "-T", "fields", "-e", "frame.number", "-e", "tcp.ack",
                                              "-e", "tcp.len", "-e", "frame.time_relative"))
        frames = {row[0]: row[1:] for row in (line.split("\t") for line in listed)}
        self.assertGreater(len(drawn), 5)
        for number, seconds, *words in drawn:
            ack, length, relative = frames[number]
            self.assertAlmostEqual(float(seconds), float(relative), places=5)
            said = " ".join(words)
            self.assertIn(f"Ack={ack} " if "ACK " + ack not in said else "ACK " + ack, said)
            self.assertEqual(f"Len={length} " in said, length != "0")
        decisive, = [words for words in drawn if "DECISIVE," in words]
        self.assertEqual(int(decisive[0]), connection["decisive_frame"])
        self.assertIn(connection["advice"], " ".join(" ".join(text).split()))

    def test_help_lists_the_option(self):
        # With a file to read tshark does not ask its capture helpers first.
        listed = support.tshark("-r", two_connections(), "-z", "help").stderr
        wanted = {"tcpteardown", "tcpteardown,json", "tcpteardown,csv", "tcpteardown,verdicts",
                  "tcpteardown,connections"}
        self.assertEqual(wanted - {line.strip() for line in listed.splitlines()}, set())


class Filter(unittest.TestCase):
    def clients(self, path, filter, *arguments):
        return [c["client"][-5:] for c in support.teardowns(path, *arguments, filter=filter)]

    def test_a_connection_with_a_matching_frame_is_reported_whole(self):
        path = two_connections()
        whole = {c["client"][-5:]: c for c in support.teardowns(path)}
        self.assertEqual(self.clients(path, "tcp.flags.reset == 1"), ["40002"])
        self.assertEqual(support.teardowns(path, filter="tcp.flags.reset == 1"), [whole["40002"]])
        self.assertEqual(self.clients(path, "tcp.port == 40001 || tcp.port == 40002"), ["40001", "40002"])
        self.assertEqual(self.clients(path, "tcp.port == 1"), [])

    def test_our_own_fields_filter(self):
        path = two_connections()
        self.assertEqual(self.clients(path, 'tcpteardown.verdict == "graceful"', "-2"), ["40001"])
        self.assertEqual(self.clients(path, 'tcpteardown.family in {"abort", "reactive"}', "-2"), ["40002"])

    def test_in_one_pass_our_own_fields_are_refused_with_the_reason(self):
        # A single pass asks the filter before it knows how the connection ends.
        path = two_connections()
        for form in ("tcpteardown", "tcpteardown,json", "tcpteardown,csv", "tcpteardown,verdicts",
                     "tcpteardown,connections"):
            for filter in ('tcpteardown.verdict == "graceful"', "tcp.port == 80 && tcpteardown", "tcpteardown.final"):
                result = support.tshark("-q", "-r", path, "-z", f"{form},{filter}")
                self.assertEqual((result.returncode, result.stdout), (1, ""), (form, filter))
                self.assertIn("add -2", result.stderr)
        # Not so a text that only names us, nor a second pass, however it is asked for.
        self.assertEqual(self.clients(path, '!(frame.comment contains "tcpteardown.final")'), ["40001", "40002"])
        for twice in (("-2", "-q"), ("-2q",), ("-nq2",)):
            result = support.tshark(*twice, "-r", path, "-z", 'tcpteardown,json,tcpteardown.verdict=="graceful"')
            self.assertEqual([json.loads(line)["client"][-5:] for line in support.lines(result)], ["40001"])

    def test_a_wrong_form_names_the_right_one(self):
        for word, form in (("josn", "json"), ("by-sever", "by-server"), ("verdict", "verdicts")):
            result = support.tshark("-q", "-r", two_connections(), "-z", f"tcpteardown,{word}")
            self.assertNotEqual(result.returncode, 0)
            self.assertIn(f"do you mean -z tcpteardown,{form}?", result.stderr)

    def test_a_verdict_that_does_not_exist_is_refused(self):
        path = two_connections()
        for filter in ('tcpteardown.verdict=="abort-idel"', 'tcpteardown.verdict in {"graceful", "abort-idel"}',
                       'tcp && tcpteardown.verdict != "abort-idel"'):
            result = support.tshark("-2", "-q", "-r", path, "-z", f"tcpteardown,json,{filter}")
            self.assertEqual((result.returncode, result.stdout), (1, ""), filter)
            self.assertIn('tcpteardown.verdict is never "abort-idel"; do you mean "abort-idle"?', result.stderr)
        for filter in ('tcpteardown.verdict=="graceful"', 'tcpteardown.verdict contains "racefu"'):
            self.assertEqual(self.clients(path, filter, "-2"), ["40001"])

    def test_filter_with_a_comma(self):
        path = two_connections()
        self.assertEqual(self.clients(path, "tcp.port in {1,40001}"), ["40001"])

    def test_text_and_csv_take_it_too(self):
        path = two_connections()
        text = support.lines(support.tshark("-q", "-r", path, "-z", "tcpteardown,tcp.port==40001"))
        self.assertIn("40001", "".join(text))
        self.assertNotIn("40002", "".join(text))
        rows = support.lines(support.tshark("-q", "-r", path, "-z", "tcpteardown,csv,tcp.port==40001"))
        self.assertEqual(len(rows), 2)

    def test_wrong_options_are_refused(self):
        for option in ("tcpteardown,json,no.such.field", "tcpteardown,tcp.port==", "tcpteardowns"):
            result = support.tshark("-q", "-r", two_connections(), "-z", option)
            self.assertNotEqual(result.returncode, 0, option)
            self.assertIn("tshark:", result.stderr)
            self.assertEqual(result.stdout, "")


if __name__ == "__main__":
    unittest.main()
