# SPDX-License-Identifier: GPL-2.0-or-later
"""What SCORES.md says of each dimension, and whether a score is worse: fewer right, more wrong, or more unknown."""
import pathlib

from .scoring import DIMENSIONS, RIGHT, UNKNOWN, WRONG

PATH = pathlib.Path(__file__).resolve().parent.parent / "SCORES.md"
_OUTCOMES = (RIGHT, WRONG, UNKNOWN)


def counts(page):
    """(right, wrong, unknown) by dimension, from the first table."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line.startswith("|")]
    names = {name.replace("_", "-"): name for name in DIMENSIONS}
    return {names[row[0]]: tuple(map(int, row[1:4])) for row in rows if row[0] in names and len(row) == 5}


def worse(score, page):
    """A sentence for each count that is worse than the page says; an honest unknown costs as much as a wrong answer."""
    blessed = counts(page)
    yield from ("%s: SCORES.md has no such row" % name for name in DIMENSIONS if name not in blessed)
    for name, numbers in blessed.items():
        for outcome, before in zip(_OUTCOMES, numbers):
            now = score.count(outcome, name)
            if (now < before) if outcome == RIGHT else (now > before):
                yield "%s: %d %s, SCORES.md says %d" % (name, now, outcome, before)
    misses = {tuple(cell.strip() for cell in line.strip("|").split("|")[:3]) for line in page.splitlines() if line.startswith("|")}
    yield from ("%s: %s instead of %s, and SCORES.md does not have it" % (a.key, a.said, a.truth) for a in score.misses()
                if (a.recording, a.dimension, a.said.strip()) not in misses)
