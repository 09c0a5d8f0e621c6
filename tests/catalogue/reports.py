# SPDX-License-Identifier: GPL-2.0-or-later
"""What the native command says of every capture and script of this project, as values to test.

TCPTEARDOWN_COMMAND names the command. Nothing here knows what is right; the tests beside it do.
"""

import json
import os
import re
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
SUFFIXES = {".pcap", ".pcapng", ".snoop", ".seg"}


class Text(NamedTuple):
    kind: str  # summary, advice, explanation, or the kind of a finding
    frames: tuple
    text: str


class Report:
    """One connection: its fields by JSON key, and where it stands."""

    def __init__(self, fields: dict, number: int):
        self.fields = fields
        self.path = Path(fields["file"])
        self.number = number  # of this connection in its file, from 1

    def get(self, name: str, absent=None):
        return self.fields.get(name, absent)

    def __getitem__(self, name: str):
        return self.fields[name]

    @property
    def name(self) -> str:
        return f"{self.path.parent.name}/{self.path.name}" + (f" connection {self.number}" if self.number > 1 else "")


def sentences(paragraph: str) -> list[str]:
    return [s for s in re.split(r"(?<=[.?]) ", paragraph) if s]


def texts_of(report: Report) -> list[Text]:
    """All that is said in words, a sentence or clause each. The only place that knows where words are kept."""
    texts = [Text("summary", (), report["summary"])]
    findings = report.get("finding")
    if findings is None:
        texts += [Text("explanation", (), s) for s in sentences(report["explanation"])]
    else:
        texts += [Text(f["kind"], tuple(f.get("frames", ())), f["text"]) for f in findings]
    return texts + [Text("advice", (), s) for s in sentences(report["advice"])]


def pending() -> set[str]:
    """Scenarios of the lab whose rules are not written yet: what is said of them is not held against anything."""
    lines = (ROOT / "tests/lab/PENDING.tsv").read_text(encoding="utf-8").splitlines()
    return {line.split("\t")[0] for line in lines if line.strip() and not line.startswith("#")}


def captures_below(*folders: str) -> list[Path]:
    waiting = pending()
    found = [p for folder in folders for p in (ROOT / folder).rglob("*") if p.suffix in SUFFIXES]
    return sorted(p for p in found if p.stem.split(".")[0] not in waiting)


def ask(paths: list[Path]) -> list[Report]:
    # Damaged captures are among them on purpose: status 2, and what was read is reported.
    ran = subprocess.run([os.environ["TCPTEARDOWN_COMMAND"], "--json", *map(str, paths)],
                         capture_output=True, text=True, timeout=500)
    if ran.returncode not in (0, 2):
        raise AssertionError(f"status {ran.returncode}: {ran.stderr}")
    reports, numbers = [], {}
    for line in ran.stdout.splitlines():
        fields = json.loads(line)
        numbers[fields["file"]] = numbers.get(fields["file"], 0) + 1
        reports.append(Report(fields, numbers[fields["file"]]))
    return reports


@lru_cache
def reports_of(folder: str) -> list[Report]:
    return ask(captures_below(folder))


def all_reports() -> list[Report]:
    return reports_of("captures") + reports_of("tests/scripts")
