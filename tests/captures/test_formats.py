# SPDX-License-Identifier: GPL-2.0-or-later
"""The same connections in every output format and every way to read them."""

import csv
import io
import json
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

COMMAND = os.environ["TCPTEARDOWN_COMMAND"]
CAPTURES = Path(os.environ["TCPTEARDOWN_CAPTURES"])
DOWNLOAD = CAPTURES / "seeds" / "seed28580.pcap"
FIRST_KEYS = [
    "file", "stream", "client", "server", "start", "duration", "first_frame", "last_frame", "frames",
    "client.bytes", "server.bytes", "verdict", "family", "summary", "finding",
    "explanation", "advice", "severity", "confidence",
]  # fmt: skip


def output(*words: str, given: bytes | None = None) -> str:
    ran = subprocess.run([COMMAND, *words], input=given, capture_output=True, timeout=60, check=True)
    if ran.stderr:
        raise AssertionError(ran.stderr)
    return ran.stdout.decode("utf-8", errors="strict")


def all_captures() -> list[str]:
    found = [f for name in ("sockets", "seeds", "real") for f in sorted((CAPTURES / name).iterdir())]
    return [str(f) for f in found if f.suffix in (".pcap", ".pcapng", ".snoop")]


def shown(value) -> str:
    """A value of JSON as CSV writes it."""
    if isinstance(value, dict):  # a finding
        frames = ", ".join(map(str, value["frames"]))
        many = "frames" if len(value["frames"]) > 1 else "frame"
        return f"{value['kind']}: {value['text']}" + (f" ({many} {frames})" if frames else "")
    if isinstance(value, list):
        return " ".join(shown(v) for v in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


class Formats(unittest.TestCase):
    def test_json_and_csv_say_the_same(self) -> None:
        files = all_captures()
        # Numbers stay as they were written: 0.0001 must not become 1e-04.
        rows = [json.loads(line, parse_float=str) for line in output("--json", *files).splitlines()]
        table = list(csv.DictReader(io.StringIO(output("--csv", *files))))
        self.assertEqual(len(rows), len(table))
        self.assertGreater(len(rows), 100)
        for row, line in zip(rows, table):
            row.pop("rsts")
            self.assertNotIn("rsts", line)
            line["finding"] = re.sub(r"(\(frames \d+)-(\d+\))", r"\1, \2", line["finding"])  # a range of frames
            self.assertEqual({k: shown(v) for k, v in row.items()}, {k: v for k, v in line.items() if v != ""})

    def test_json_keys_are_in_the_order_of_the_contract(self) -> None:
        row = json.loads(output("--json", str(DOWNLOAD)))
        self.assertEqual(list(row)[: len(FIRST_KEYS)], FIRST_KEYS)
        self.assertEqual(list(row)[-1], "rsts")
        self.assertEqual(list(row["rsts"][0])[:4], ["frame", "from", "shape", "fate"])

    @staticmethod
    def blocks(text: str) -> dict[str, list[str]]:
        """The tables of a text report: the lines below each heading, by its first word."""
        found = {}
        for block in text.split("\n\n"):
            first, *rest = block.splitlines() or [""]
            found.setdefault(first.split()[0] if first.split() else "", rest)
        return found

    def test_text_counts_every_connection_once(self) -> None:
        for capture in all_captures():
            text = output("--all", capture)
            rows = [json.loads(line) for line in output("--json", capture).splitlines()]
            if not rows:
                self.assertIn("no TCP connections", text)
                continue
            self.assertIn(f": {len(rows)} connection", text.splitlines()[0])
            if len(rows) == 1:  # tables of one would only repeat what its own text says
                self.assertTrue(text.split("\n\n")[1].startswith(rows[0]["verdict"] + "   "), capture)
                continue
            blocks = self.blocks(text)
            self.assertEqual(len(blocks["severity"]), len(rows))
            self.assertEqual(sum(int(line.split()[-3].replace(",", "")) for line in blocks["verdict"]), len(rows), capture)

    def test_text_lists_ten_of_a_verdict_and_none_that_ended_well(self) -> None:
        rows_left_out = 0
        for capture in all_captures():
            few, every = output(capture), output("--all", capture)
            if few == every:
                continue
            rest = re.search(r"^  \.\.\. and (.*?)\. All:", few, re.MULTILINE | re.DOTALL)
            left_out = sum(int(n.replace(",", "")) for n in re.findall(r"([\d,]+) [a-z]", rest[1]))
            listed, all_listed = self.blocks(few).get("severity", []), self.blocks(every)["severity"]
            self.assertEqual(len(listed) + left_out, len(all_listed), capture)
            self.assertLessEqual({tuple(line.split()) for line in listed}, {tuple(line.split()) for line in all_listed})
            self.assertFalse([line for line in listed if line.startswith("  chat")])
            rows_left_out += left_out
        self.assertGreater(rows_left_out, 0)

    def test_a_symptom_is_what_a_program_saw(self) -> None:
        named = {"connection reset by peer": "ECONNRESET", "connection refused": "ECONNREFUSED",
                 "broken pipe, if it wrote again": "EPIPE"}
        seen = 0
        for capture in all_captures():
            text = output(capture)
            rows = [json.loads(line) for line in output("--json", capture).splitlines()]
            if len(rows) < 2:
                continue
            for symptom, error in named.items():
                found = re.search(rf"^  {symptom}: ([\d,]+) connection", text, re.MULTILINE)
                told = int(found[1].replace(",", "")) if found else 0
                having = [row for row in rows if error in row["client.errno"] + row["server.errno"]]
                self.assertLessEqual(told, len(having), (capture, symptom))
                if error == "ECONNRESET":
                    self.assertEqual(told, len(having), capture)
                seen += told
        self.assertGreater(seen, 0)

    def test_any_number_of_threads_gives_the_same(self) -> None:
        for form in ("--json", "--csv", "--all"):
            by_one = output(form, "--threads", "1", *all_captures())
            for threads in ("2", "5"):
                self.assertEqual(output(form, "--threads", threads, *all_captures()), by_one, (form, threads))

    def test_standard_input(self) -> None:
        by_name = json.loads(output("--json", str(DOWNLOAD)))
        by_pipe = json.loads(output("--json", "-", given=DOWNLOAD.read_bytes()))
        self.assertEqual(by_pipe.pop("file"), "-")
        by_name.pop("file")
        self.assertEqual(by_name, by_pipe)

    def test_script_and_its_capture_say_the_same(self) -> None:
        scripts = sorted((Path(__file__).parent.parent / "scripts").rglob("*.seg"))
        self.assertGreater(len(scripts), 0)
        with tempfile.TemporaryDirectory() as folder:
            capture = folder + "/script.pcap"
            for script in scripts:
                output("--to-pcap", str(script), capture)
                by_script = [json.loads(line) for line in output("--json", str(script)).splitlines()]
                by_capture = [json.loads(line) for line in output("--json", capture).splitlines()]
                for row in by_script + by_capture:
                    row.pop("file")
                self.assertEqual(by_script, by_capture, script)

    def test_explain_has_a_page_for_every_verdict(self) -> None:
        slugs = output("explain", "--list").split()
        self.assertGreater(len(slugs), 30)
        overview = output("explain")
        markdown = output("explain", "--markdown")
        for slug in slugs:
            self.assertIn(slug, output("explain", slug))
            self.assertIn(slug, overview)
            self.assertIn(slug, markdown)

    def test_help_and_version(self) -> None:
        self.assertIn("usage: tcpteardown", output("--help"))
        self.assertRegex(output("--version"), r"^tcpteardown \d+\.\d+\.\d+\n$")


if __name__ == "__main__":
    unittest.main()
