# SPDX-License-Identifier: GPL-2.0-or-later
"""RESULTS.md: the table, and behind it the commands of each row."""

import os
import platform
import re
import subprocess
import sys

from rows import Measured, Row, Sizes

INTRODUCTION = """<!-- Made by tests/bench/compare; see README.md there. -->
# What it costs

{connections:,} connections at once ({frames} frames) unless a row says otherwise; medians of {rounds} alternated pairs; {machine}.
Times are user plus system time, memory is the peak of resident pages.

| what | measured | bar | | absolute |
|---|---|---|---|---|
"""


def number(text: str) -> float | None:
    found = re.match(r"[\d.]+", text)
    return float(found[0]) if found else None


def judged(value: str, bar: str) -> str:
    have = number(value)
    if have is None:
        return ""
    return "holds" if have <= number(bar) else "**missed**"


def machine() -> str:
    version = subprocess.run(["tshark", "--version"], capture_output=True, text=True, check=False).stdout.splitlines() if _has_tshark() else []
    return f"{os.cpu_count()} processors, {platform.system()} {platform.machine()}" + (f", {' '.join(version[0].split()[0:3:2])}" if version else "")


def _has_tshark() -> bool:
    return any(os.access(os.path.join(p, "tshark"), os.X_OK) for p in os.environ.get("PATH", "").split(":"))


class Results:
    def __init__(self, sizes: Sizes):
        self.sizes = sizes
        self.rows: list[tuple[Row, Measured]] = []

    def add(self, row: Row, measured: Measured) -> None:
        self.rows.append((row, measured))
        print(f"{row.name:66} {measured.value:>8}  bar {row.bar:>6}  {measured.detail}", flush=True, file=sys.stdout)

    def markdown(self) -> str:
        text = INTRODUCTION.format(
            connections=self.sizes.connections, frames=f"{self.sizes.connections * 126 // 10:,}", rounds=self.sizes.rounds, machine=machine()
        )
        for row, measured in self.rows:
            name = row.name.replace("|", "\\|")
            text += f"| {name} | {measured.value} | ≤ {row.bar} | {judged(measured.value, row.bar)} | {measured.detail} |\n"
        text += "\n## The commands\n"
        for row, measured in self.rows:
            if measured.commands:
                text += f"\n{row.name}\n\n```sh\n" + "\n".join(measured.commands) + "\n```\n"
        return text
