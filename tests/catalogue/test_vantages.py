# SPDX-License-Identifier: GPL-2.0-or-later
"""The capture points of one scenario of the lab tell the same story, or one of them says less.

"Less" is meant strictly, for each field:
  verdict          inconclusive; or a name of low confidence beside one that is not low
  initiator        unknown
  loss             possible, beside none or certain
  errnos           unknown
  cause_hint       some of the other point's, or none
  idle_before_end  none given

Where a verdict says less, all that hangs on it does. Idle times may differ by a round trip and 20 ms (what lies
between two capture points, and the scheduler), or by a tenth. A disagreement that is right, or not yet understood
better, stands with its reason in vantage_reasons.tsv; a row there that nothing needs fails.
"""

import csv
import sys
import unittest
from collections import defaultdict
from functools import lru_cache
from itertools import combinations
from pathlib import Path

from reports import ROOT, Report, ask, captures_below

sys.path.insert(0, str(ROOT / "tests/lab"))
from labkit import capture, packet  # noqa: E402

POINTS = ("client", "middle", "server")
REASONS = Path(__file__).with_name("vantage_reasons.tsv")
FIELDS = ("verdict", "initiator", "loss", "client.errno", "server.errno", "cause_hint", "idle_before_end")
SAYS_NOTHING = {"verdict": "inconclusive", "initiator": "unknown", "loss": "possible",
                "client.errno": "unknown", "server.errno": "unknown"}


def scenarios() -> dict[str, dict[str, Path]]:
    """Recordings with more than one capture point: NAME.client.pcap and so on, in whatever folder."""
    found = defaultdict(dict)
    for path in captures_below("captures/lab"):
        name, _, point = path.stem.rpartition(".")
        if path.suffix == ".pcap" and point in POINTS:
            found[name][point] = path
    return {name: dict(sorted(points.items())) for name, points in sorted(found.items()) if len(points) > 1}


@lru_cache
def reports() -> dict[Path, list[Report]]:
    by_path = defaultdict(list)
    for report in ask([path for points in scenarios().values() for path in points.values()]):
        by_path[report.path].append(report)
    return by_path


def round_trip(path: Path, report: Report) -> float:
    """From the client's last SYN to its first ACK: wherever it is captured, one round trip. 0 without a handshake."""
    last_syn = None
    for number, frame in enumerate(capture.read_pcap(path), 1):
        p = frame.packet()
        if number < report["first_frame"] or p is None or not p.is_tcp:
            continue
        if f"{p.src}:{p.sport}" != report["client"].replace("[", "").replace("]", ""):
            continue
        if p.flags & packet.SYN:
            last_syn = frame.time_ns
        elif last_syn is not None and p.flags & packet.ACK:
            return (frame.time_ns - last_syn) / 1e9
    return 0.0


def verdict_says_less(one: Report, other: Report) -> bool:
    if one["verdict"] == other["verdict"]:
        return False
    return one["verdict"] == "inconclusive" or (one["confidence"] == "low" and other["confidence"] != "low")


def agree_on(name: str, one: Report, other: Report, trip: float) -> bool:
    a, b = one.get(name), other.get(name)
    if a == b:
        return True
    if name == "cause_hint":
        return set(a or ()) <= set(b or ()) or set(b or ()) <= set(a or ())
    if name == "idle_before_end":
        return a is None or b is None or abs(a - b) <= max(trip + 0.02, 0.1 * max(a, b))
    return SAYS_NOTHING[name] in (a, b)


def pair_disagrees(one: Report, other: Report, trip: float) -> list[str]:
    if verdict_says_less(one, other) or verdict_says_less(other, one):
        return []
    return [name for name in FIELDS if not agree_on(name, one, other, trip)]


def said(points: dict[str, Report], name: str) -> str:
    return "; ".join(f"{point} {report.get(name)} ({report['confidence']})" for point, report in points.items())


def disagreements() -> dict[tuple, str]:
    """(scenario, connection, field): what each capture point says."""
    found = {}
    for scenario, paths in scenarios().items():
        told = {point: reports()[path] for point, path in paths.items()}
        counts = {point: len(connections) for point, connections in told.items()}
        if len(set(counts.values())) > 1:
            found[scenario, "-", "connections"] = "; ".join(f"{point} {count}" for point, count in counts.items())
            continue
        for index in range(min(counts.values())):
            points = {point: connections[index] for point, connections in told.items()}
            trip = max(round_trip(paths[point], report) for point, report in points.items())
            for one, other in combinations(points.values(), 2):
                for name in pair_disagrees(one, other, trip):
                    found[scenario, str(index + 1), name] = said(points, name)
    return found


def reasons() -> dict[tuple, str]:
    with open(REASONS, newline="") as file:
        rows = list(csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t",
                                   quoting=csv.QUOTE_NONE))
    return {(row["scenario"], row["connection"], row["field"]): row["reason"] for row in rows}


class CapturePoints(unittest.TestCase):
    maxDiff = None

    def test_there_are_scenarios_to_compare(self) -> None:
        self.assertGreater(len(scenarios()), 150)

    def test_they_agree_or_say_less(self) -> None:
        known = reasons()
        new = [f"{' '.join(key)}: {text}" for key, text in disagreements().items() if key not in known]
        self.assertEqual([], new, "they disagree without a reason in vantage_reasons.tsv")

    def test_every_reason_is_needed(self) -> None:
        unneeded = [" ".join(key) for key in reasons() if key not in disagreements()]
        self.assertEqual([], unneeded, "rows of vantage_reasons.tsv for what agrees")

    def test_every_row_has_a_reason(self) -> None:
        self.assertEqual([], [key for key, reason in reasons().items() if len((reason or "").split()) < 3])


def answer(**fields) -> Report:
    values = {"file": "x", "verdict": "graceful", "confidence": "high", "initiator": "client", "loss": "none",
              "client.errno": "none", "server.errno": "EOF", "idle_before_end": 1.0}
    return Report({**values, **{name.replace("_errno", ".errno"): value for name, value in fields.items()}}, 1)


class SayingLess(unittest.TestCase):
    def test_what_agrees(self) -> None:
        for other in (answer(), answer(initiator="unknown"), answer(loss="possible"), answer(client_errno="unknown"),
                      answer(idle_before_end=None), answer(idle_before_end=1.09), answer(cause_hint=["linger0"]),
                      answer(verdict="inconclusive", loss="certain", confidence="low"),
                      answer(verdict="open", initiator="none", confidence="low")):
            self.assertEqual([], pair_disagrees(answer(), other, 0.03), other.fields)

    def test_what_does_not(self) -> None:
        for name, other in {"verdict": answer(verdict="open", confidence="medium"),
                            "initiator": answer(initiator="none"), "loss": answer(loss="certain"),
                            "server.errno": answer(server_errno="none"),
                            "cause_hint": answer(cause_hint=["idle-timer:5"]),
                            "idle_before_end": answer(idle_before_end=0.89)}.items():
            one = answer(cause_hint=["linger0"]) if name == "cause_hint" else answer()
            self.assertEqual([name], pair_disagrees(one, other, 0.03))
            self.assertEqual([name], pair_disagrees(other, one, 0.03))

    def test_two_low_ones_do_not_excuse_each_other(self) -> None:
        one, other = answer(confidence="low"), answer(verdict="open", confidence="low")
        self.assertEqual(["verdict"], pair_disagrees(one, other, 0.03))


if __name__ == "__main__":
    unittest.main()
