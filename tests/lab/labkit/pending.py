# SPDX-License-Identifier: GPL-2.0-or-later
"""Scenarios whose rules are not written yet: PENDING.tsv, a scenario, a tab, and why."""
import pathlib

PATH = pathlib.Path(__file__).resolve().parent.parent / "PENDING.tsv"


def read():
    """Why each is pending, by scenario."""
    lines = PATH.read_text(encoding="utf-8").splitlines() if PATH.exists() else []
    return dict(line.split("\t", 1) for line in lines if line.strip() and not line.startswith("#"))


def is_pending(recording, waiting):
    return recording.stem.split(".")[0] in waiting


def problems(scenarios):
    """What is wrong with the list itself."""
    lines = [line for line in (PATH.read_text(encoding="utf-8").splitlines() if PATH.exists() else [])
             if line.strip() and not line.startswith("#")]
    names = [line.split("\t", 1)[0] for line in lines]
    yield from ("PENDING.tsv: %s stands there without a reason" % line for line in lines if not line.partition("\t")[2].strip())
    yield from ("PENDING.tsv: no scenario %s" % name for name in names if name not in scenarios)
    yield from ("PENDING.tsv: %s stands there twice" % name for name in sorted({n for n in names if names.count(n) > 1}))
