# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares what an analyser says about a recording with the truth beside it."""
import dataclasses
import json
import subprocess

RIGHT, WRONG, UNKNOWN = "right", "wrong", "unknown"
FORGED = frozenset(("reset-injected", "fin-injected"))
DIMENSIONS = ("verdict", "initiator", "errno", "loss", "half_close")
# From this suspicion on (of 100) a reader takes the connection for forged.
_ACCUSED_FROM = 50


@dataclasses.dataclass
class Answer:
    recording: str
    connection: str
    dimension: str
    outcome: str
    said: str
    truth: str
    confidence: str

    @property
    def key(self):
        return "%s %s" % (self.recording, self.dimension)


@dataclasses.dataclass
class Score:
    answers: list = dataclasses.field(default_factory=list)
    structure: list = dataclasses.field(default_factory=list)   # connections missing or too many
    accused: list = dataclasses.field(default_factory=list)     # innocent, and called forged
    failures: list = dataclasses.field(default_factory=list)    # the analyser did not answer at all

    def count(self, outcome, dimension=None):
        return sum(a.outcome == outcome and dimension in (None, a.dimension) for a in self.answers)

    def misses(self):
        return [a for a in self.answers if a.outcome != RIGHT]

    def confident_wrong(self):
        return [a for a in self.answers if a.outcome == WRONG and a.confidence == "high"]

    def share_right(self):
        """Of the answers given: an honest unknown is no answer."""
        given = self.count(RIGHT) + self.count(WRONG) + len(self.structure) + len(self.failures)
        return self.count(RIGHT) / given if given else 0.0


class AnalyserFailed(Exception):
    pass


def ask_many(tool, paths, timeout=120):
    """The connections that the analyser (a list of words) reports for these captures, in its order."""
    try:
        done = subprocess.run([*tool, *paths], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=timeout,
                              check=False)
    except subprocess.TimeoutExpired:
        raise AnalyserFailed("no answer within %d s" % timeout) from None
    if done.returncode != 0:
        raise AnalyserFailed("exit code %d: %s" % (done.returncode, done.stderr.strip()[:200]))
    return [json.loads(line) for line in done.stdout.splitlines() if line.strip()]


def ask(tool, path):
    return ask_many(tool, [path], timeout=20)


def _ends(record):
    return frozenset((record["client"], record["server"]))


def _mirrored(said, truth):
    """The analyser took the ends for each other (a capture without the SYN): its sides by their addresses."""
    if said["client"] == truth["client"]:
        return said
    swap = {"client": "server", "server": "client"}
    twin = dict(said)
    twin["initiator"] = swap.get(said.get("initiator"), said.get("initiator"))
    twin["client.errno"], twin["server.errno"] = said.get("server.errno"), said.get("client.errno")
    return twin


def _pairs(record, said):
    """Each true connection with what was said of it; and what does not fit."""
    pairs, problems = [], []
    for ends in dict.fromkeys(_ends(c) for c in record["connections"]):
        truths = [c for c in record["connections"] if _ends(c) == ends]
        found = [s for s in said if _ends(s) == ends]
        for extra in [s for s in found if s["verdict"] in record["also"]]:
            if len(found) > len(truths):
                found.remove(extra)
        if len(found) != len(truths):
            problems.append("%s: %d connections, not %d (%s)" % (
                truths[0]["client"], len(found), len(truths), ", ".join(s["verdict"] for s in found) or "none"))
        pairs += zip(truths, found)
    known = {_ends(c) for c in record["connections"]}
    problems += ["%s > %s: no such connection" % (s["client"], s["server"]) for s in said
                 if _ends(s) not in known and s["verdict"] not in record.get("strays", ())]
    return pairs, problems


def _text(value):
    if isinstance(value, list):
        return ",".join(value)
    return "" if value is None else str(value)


def _outcome(said, accepted, unknowns):
    if said in accepted:
        return RIGHT
    return UNKNOWN if said in unknowns else WRONG


def _judge(name, truth, said):
    said = _mirrored(said, truth)
    rows = [("verdict", said.get("verdict"), truth["verdict"], ("inconclusive",)),
            ("initiator", said.get("initiator"), truth["initiator"], ("unknown",)),
            ("errno", said.get("client.errno"), truth.get("client_errno"), ("unknown",)),
            ("errno", said.get("server.errno"), truth.get("server_errno"), ("unknown",)),
            ("loss", said.get("loss"), truth["loss"], ())]
    if truth["half_close"] is not None:
        rows.append(("half_close", bool(said.get("half_close", False)), [truth["half_close"]], ()))
    for number, (dimension, value, accepted, unknowns) in enumerate(rows):
        if accepted is None:
            continue  # a program's own calls are not known
        side = {2: "client ", 3: "server "}.get(number, "")
        word = _text(value)
        yield Answer(name, truth["client"], dimension, _outcome(word, [_text(a) for a in accepted], unknowns),
                     side + word, side + " or ".join(_text(a) for a in accepted), said.get("confidence", ""))


def score_recording(score, name, record, said):
    pairs, problems = _pairs(record, said)
    score.structure += ["%s: %s" % (name, problem) for problem in problems]
    for truth, answer in pairs:
        score.answers += _judge(name, truth, answer)
        is_accused = answer["verdict"] in FORGED or answer.get("suspicion", 0) >= _ACCUSED_FROM
        if record["innocent"] and is_accused and not FORGED & set(truth["verdict"]):
            score.accused.append("%s: %s, suspicion %s (%s)" % (name, answer["verdict"], answer.get("suspicion", 0),
                                                               " ".join(answer.get("indicator", []))))
