# SPDX-License-Identifier: GPL-2.0-or-later
"""The fields in the tree, in filters, columns and exports; expert infos; preferences."""
import json
import re
import unittest

import frames
import support

SEED = "seeds/seed28580.pcap"


def expert_lines(path, *arguments):
    result = support.tshark("-r", path, "-q", *arguments, "-z", "expert")
    return [line for line in support.lines(result) if "TCP Teardown" in line]


class Tree(unittest.TestCase):
    def setUp(self):
        self.path = support.capture(SEED)
        self.connection, = support.teardowns(self.path)

    def test_fields_hold_what_the_report_holds(self):
        names = [k for k, v in self.connection.items() if isinstance(v, str) and k not in
                 ("file", "client", "server", "start", "end_time", "end_time_local")]
        self.assertIn("explanation", names)
        row, = support.fields(self.path, "-2", "-Y", "tcpteardown.final", names=[f"tcpteardown.{name}" for name in names])
        self.assertEqual(dict(zip(names, row)), {name: self.connection[name] for name in names})

    def test_every_value_is_generated(self):
        text = "\n".join(support.lines(support.tshark("-2", "-r", self.path, "-V", "-O", "tcpteardown")))
        start = text.index("[TCP Teardown")
        for line in text[start:].split("\n\n")[0].splitlines():
            if line.startswith("    [") or line.startswith("["):
                self.assertTrue(line.rstrip().endswith("]"), line)

    def tree(self):
        """The lines of our tree of the decisive frame, without brackets."""
        text = "\n".join(support.lines(
            support.tshark("-2", "-r", self.path, "-Y", "tcpteardown.final", "-O", "tcpteardown")))
        ours = text[text.index("[TCP Teardown"):].split("\n\n")[0].splitlines()
        return [(len(line) - len(line.lstrip()), line.strip().strip("[]")) for line in ours]

    def test_the_answer_stands_above_its_proof(self):
        titles = [text.split(":")[0] for depth, text in self.tree() if depth == 4]
        first = ["Verdict", "Initiator", "Data loss", "Retry", "Client application sees", "Server application sees",
                 "Confidence", "Confidence reason"]
        self.assertEqual(titles[:len(first)], first)
        last_finding = max(i for i, title in enumerate(titles) if title in ("evidence", "programs", "context"))
        self.assertEqual(titles[last_finding + 1], "Advice")

    def test_each_finding_is_a_line_with_links_to_its_frames(self):
        lines = self.tree()
        self.assertGreaterEqual(len(self.connection["finding"]), 5)
        for finding in self.connection["finding"]:
            at = lines.index((4, f"{finding['kind']}: {finding['text']}"))
            links = [text for depth, text in lines[at + 1:at + 1 + len(finding["frames"])] if depth == 8]
            self.assertEqual(links, [f"Frame: {frame}" for frame in finding["frames"]])
        frames = [frame for finding in self.connection["finding"] for frame in finding["frames"]]
        row, = support.fields(self.path, "-2", "-Y", "tcpteardown.final", names=["tcpteardown.finding.frame"])
        self.assertEqual(row[0].split(","), [str(frame) for frame in frames])

    def test_nothing_is_shown_twice(self):
        texts = [text for depth, text in self.tree() if depth == 4 and not text.startswith("Expert Info")]
        self.assertEqual(len(texts), len(set(texts)))
        self.assertFalse([text for text in texts if text.startswith(("Summary", "Explanation"))])

    def test_advice_is_readable_in_full(self):
        text = " ".join(text for _, text in self.tree())
        self.assertNotIn("[truncated]", text)
        for sentence in self.connection["advice"].split(". "):
            self.assertIn(sentence.rstrip("."), text)

    def test_frame_links(self):
        with support.Sharkd() as sharkd:
            sharkd.load(self.path)
            frame = self.connection["decisive_frame"]
            self.assertEqual(sharkd.values(2, "tcpteardown.decisive_frame"), [str(frame)])
        rows = [line.split("\t") for line in support.lines(support.tshark("-G", "fields"))]
        kinds = {row[2]: row[3] for row in rows if row[0] == "F"}
        for name in ("decisive_frame", "first_fin_frame", "first_rst_frame", "trigger_frame", "finding.frame"):
            self.assertEqual(kinds[f"tcpteardown.{name}"], "FT_FRAMENUM")

    def test_columns(self):
        rows = support.lines(support.tshark(
            "-2", "-r", self.path, "-o", 'gui.column.format:"No.","%m","Teardown","%Cus:tcpteardown.verdict:0:R"'))
        self.assertEqual(len(rows), 31)
        self.assertTrue(all(self.connection["verdict"] in row for row in rows[:-1]))

    def test_json_export(self):
        result = support.tshark("-2", "-r", self.path, "-Y", "tcpteardown.final", "-T", "json")
        layers = json.loads(result.stdout)[0]["_source"]["layers"]
        self.assertEqual(layers["tcpteardown"]["tcpteardown.verdict"], self.connection["verdict"])

    def test_exports_have_names_of_fields_and_whole_texts(self):
        exported = {}

        def walk(node):
            for key, value in node.items():
                self.assertRegex(key, r"^[a-z_][a-z0-9_.]*$")
                if isinstance(value, dict):
                    walk(value)
                else:
                    exported.setdefault(key, []).append(value)

        result = support.tshark("-2", "-r", self.path, "-Y", "tcpteardown.final", "-T", "json")
        walk(json.loads(result.stdout)[0]["_source"]["layers"]["tcpteardown"])
        for name in ("summary", "advice", "explanation"):
            self.assertEqual(exported[f"tcpteardown.{name}"], [self.connection[name]])
        self.assertNotIn("tcpteardown.line", exported)
        text = "\n".join(support.lines(support.tshark("-2", "-r", self.path, "-Y", "tcpteardown.final", "-T", "pdml")))
        ours = text[text.index('<proto name="tcpteardown"'):].split("</proto>")[0]
        names = re.findall(r'<field name="([^"]*)"', ours)
        self.assertGreater(len(names), 30)
        self.assertEqual([name for name in names if not re.match(r"(tcpteardown|_ws\.expert)(\.|$)", name)], [])
        self.assertEqual(names.count("tcpteardown.advice"), 1)


class Filters(unittest.TestCase):
    def setUp(self):
        talks = frames.Talk(client_port=40001).graceful() + frames.Talk(client_port=40002).reset()
        self.path = frames.write("filters.pcap", map(frames.ethernet, talks))

    def frames_of(self, filter, *arguments):
        return [int(row[0]) for row in support.fields(self.path, *arguments, "-Y", filter,
                                                      names=("frame.number",))]

    def test_string_filters(self):
        graceful = list(range(1, 10))
        reset = list(range(10, 17))
        self.assertEqual(self.frames_of('tcpteardown.verdict == "graceful"', "-2"), graceful)
        self.assertEqual(self.frames_of('tcpteardown.family in {"abort", "reactive"}', "-2"), reset)
        self.assertEqual(self.frames_of('tcpteardown.client.errno contains "ECONNRESET"', "-2"), reset)
        self.assertEqual(self.frames_of('tcpteardown.loss == "none"', "-2")[:9], graceful)

    def test_levels_compare_by_their_order(self):
        # An error is worse than a warning, whatever the alphabet says.
        talks = [*frames.Talk(client_port=40001).graceful(), *frames.Talk(client_port=40002).reset(),
                 *frames.Talk(client_port=40003).cut()]
        path = frames.write("levels.pcap", map(frames.ethernet, talks))
        severities = [c["severity"] for c in support.teardowns(path)]
        self.assertEqual(severities[0], "chat")
        self.assertEqual(severities[2], "error")
        levels = {"severity": ["none", "chat", "note", "warn", "error"], "loss": ["none", "possible", "certain"],
                  "confidence": ["low", "medium", "high"]}
        test = {"<": lambda a, b: a < b, "<=": lambda a, b: a <= b, "==": lambda a, b: a == b,
                ">=": lambda a, b: a >= b, ">": lambda a, b: a > b}
        for field, names in levels.items():
            truth = {c["client"][-5:]: names.index(c[field]) for c in support.teardowns(path)}
            for sign, holds in test.items():
                for place, name in enumerate(names):
                    filter = f'tcpteardown.final && tcpteardown.{field}_level {sign} "{name}"'
                    rows = support.fields(path, "-2", "-Y", filter, names=("tcpteardown.client.port",))
                    self.assertEqual({row[0] for row in rows},
                                     {port for port, level in truth.items() if holds(level, place)}, filter)

    def test_the_text_of_a_level_has_no_order(self):
        # By the alphabet an error would be less than a note.
        for field in ("severity", "loss", "confidence"):
            for sign in (">=", "<", "gt"):
                result = support.tshark("-r", self.path, "-Y", f'tcp && tcpteardown.{field} {sign} "note"')
                self.assertEqual((result.returncode, result.stdout), (4, ""))
                self.assertIn(f'by its order: tcpteardown.{field}_level {sign} "note"', result.stderr)

    def test_a_name_that_does_not_exist_is_refused(self):
        for filter, meant in (('tcp && tcpteardown.verdict == "gracefull"', "graceful"),
                              ('tcpteardown.severity != "wran"', "warn"),
                              ('tcpteardown.loss in {"none", "certian"}', "certain")):
            result = support.tshark("-r", self.path, "-Y", filter)
            self.assertEqual((result.returncode, result.stdout), (4, ""), filter)
            self.assertIn(f'do you mean "{meant}"?', result.stderr)
        for filter in ('tcpteardown.verdict in {"graceful", "open"}', 'tcpteardown.severity=="warn"',
                       'tcpteardown.verdict contains "gracefull"', 'frame.number >= 1 && tcpteardown.loss == "none"'):
            result = support.tshark("-r", self.path, "-Y", filter)
            self.assertEqual((result.returncode, result.stderr), (0, ""), filter)
        for sign in ("==", ">="):
            result = support.tshark("-r", self.path, "-Y", f'tcpteardown.severity_level {sign} "wran"')
            self.assertNotEqual(result.returncode, 0)
            self.assertIn('"wran" cannot be found', result.stderr)

    def test_texts_stay_texts(self):
        self.assertEqual(self.frames_of('tcpteardown.verdict contains "race"', "-2"), list(range(1, 10)))
        self.assertEqual(self.frames_of('tcpteardown.verdict matches "^grace"', "-2"), list(range(1, 10)))
        self.assertEqual(self.frames_of('tcpteardown.severity matches "^ch"', "-2")[:9], list(range(1, 10)))

    def test_ends_are_fields(self):
        graceful = list(range(1, 10))
        names = [f"tcpteardown.{side}.{part}" for side in ("client", "server") for part in ("address", "port")]
        row = support.fields(self.path, "-2", "-Y", "frame.number == 2", names=names)
        self.assertEqual(row, [(frames.CLIENT, "40001", frames.SERVER, "80")])
        # Known from the first frame on.
        self.assertEqual(self.frames_of("tcpteardown.client.port == 40001"), graceful)
        self.assertEqual(self.frames_of("tcpteardown.client.port < 40002", "-2"), graceful)
        self.assertEqual(len(self.frames_of("tcpteardown.client.ip == 192.0.2.0/24", "-2")), 16)
        self.assertEqual(self.frames_of("tcpteardown.server.ip == 192.0.2.0/24", "-2"), [])
        self.assertEqual(len(self.frames_of(f'tcpteardown.server.address == "{frames.SERVER}"', "-2")), 16)
        self.assertEqual(len(self.frames_of("tcpteardown.client", "-2")), 16)
        path = frames.write("ends6.pcap", map(frames.ethernet, frames.Talk(version=6).graceful()))
        row = support.fields(path, "-2", "-Y", "tcpteardown.server.ipv6 == 2001:db8::/64 && tcpteardown.final",
                             names=names)
        self.assertEqual(row, [(frames.CLIENT6, "40000", frames.SERVER6, "80")])

    def test_the_end_has_a_time(self):
        for passes in ((), ("-2",)):
            rows = support.fields(self.path, *passes, "-Y", "tcpteardown.end_time == frame.time && tcpteardown.final",
                                  names=("frame.number",))
            self.assertEqual(rows, [("9",), ("16",)])

    def test_event_filters(self):
        self.assertEqual(self.frames_of("tcpteardown.final", "-2"), [9, 16])
        self.assertEqual(self.frames_of("tcpteardown.final == 1", "-2"), [9, 16])
        self.assertEqual(self.frames_of('tcpteardown.event == "rst-accepted"', "-2"), [16])
        self.assertEqual(self.frames_of('tcpteardown.client.state == "TIME-WAIT"', "-2"), [9])

    def test_one_pass_shows_what_is_known_so_far(self):
        # The last frame of each connection knows all.
        self.assertIn(9, self.frames_of('tcpteardown.verdict == "graceful"'))
        self.assertIn(16, self.frames_of('tcpteardown.family in {"abort", "reactive"}'))
        self.assertNotIn(3, self.frames_of('tcpteardown.verdict == "graceful"'))

    def test_expert_filter(self):
        verdict = support.teardowns(self.path)[1]["verdict"].replace("-", "_")
        self.assertEqual(self.frames_of(f"tcpteardown.expert.{verdict}", "-2"), [16])

    def test_experts_reach_filters_on_any_expert(self):
        found = self.frames_of('_ws.expert.message contains "reset" && _ws.expert.group == "Sequence"', "-2")
        self.assertIn(16, found)


class Experts(unittest.TestCase):
    def test_counted_with_and_without_a_tree(self):
        path = support.capture(SEED)
        plain = expert_lines(path, "-2")
        self.assertNotEqual(plain, [])
        result = support.tshark("-2", "-r", path, "-V", "-z", "expert")
        self.assertEqual([line for line in support.lines(result) if line.startswith("  ")
                          and "Sequence       TCP Teardown" in line], plain)

    def test_ordinary_frames_have_none(self):
        path = frames.write("plain.pcap", map(frames.ethernet, frames.Talk().graceful()))
        rows = support.fields(path, "-2", "-Y", "frame.number in {1..5}", names=("_ws.expert.message",))
        self.assertEqual(len(rows), 5)
        closing = support.fields(path, "-2", "-Y", "tcpteardown.expert.graceful", names=("frame.number",))
        self.assertEqual(closing, [("9",)])


class Preferences(unittest.TestCase):
    def test_least_severity(self):
        path = frames.write("plain.pcap", map(frames.ethernet, frames.Talk().graceful()))
        self.assertNotEqual(expert_lines(path, "-2"), [])
        self.assertEqual(expert_lines(path, "-2", "-o", "tcpteardown.least_severity:warn"), [])

    def test_annotate_telling_frames_only(self):
        path = frames.write("plain.pcap", map(frames.ethernet, frames.Talk().graceful()))
        every = support.fields(path, "-2", "-Y", "tcpteardown.verdict", names=("frame.number",))
        telling = support.fields(path, "-2", "-Y", "tcpteardown.verdict", "-o", "tcpteardown.annotate:telling",
                                 names=("frame.number",))
        self.assertEqual(len(every), 9)
        self.assertIn(("9",), telling)
        self.assertNotIn(("1",), telling)
        self.assertNotIn(("4",), telling)

    def test_the_report_does_not_depend_on_them(self):
        path = support.capture(SEED)
        self.assertEqual(support.teardowns(path), support.teardowns(
            path, "-o", "tcpteardown.annotate:telling", "-o", "tcpteardown.least_severity:error"))


if __name__ == "__main__":
    unittest.main()
