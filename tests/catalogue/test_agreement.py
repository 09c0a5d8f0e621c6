# SPDX-License-Identifier: GPL-2.0-or-later
"""No text of any recording contradicts a field, and each rule notices the contradiction it is for.

agreement.py holds the rules. A rule that applies to no recording any more speaks of words that nobody says:
then its patterns must follow the texts.
"""

import unittest

import agreement
from reports import Report, all_reports

SHOWN = 5  # contradictions of a rule in a failure's message


class AllRecordings(unittest.TestCase):
    """One test for each rule, made below."""


def test_of(rule):
    def test(self) -> None:
        judged = [(report, rule(report)) for report in all_reports()]
        wrong = [f"{r.name}, {r['verdict']}: {problem}" for r, problems in judged for problem in problems or ()]
        applies = sum(problems is not None for _, problems in judged)
        self.assertEqual(0, len(wrong), f"of {applies} connections\n  " + "\n  ".join(wrong[:SHOWN]))
        self.assertGreater(applies, 0, "the rule applies to no recording")
    return test


for _rule in agreement.RULES:
    setattr(AllRecordings, f"test_{_rule.__name__}", test_of(_rule))


def report(*texts, **fields) -> Report:
    """A report without a contradiction; texts are (kind, text), dots in names of fields are underscores."""
    values = {
        "file": "x", "verdict": "abort-by-receiver", "family": "abort", "severity": "error", "confidence": "high",
        "initiator": "client", "loss": "none", "suspicion": 0, "decisive_frame": 9, "idle_before_end": 5.0,
        "client.errno": "none", "server.errno": "ECONNRESET", "client.unacked": 0, "server.unacked": 0,
        "client.unread_max": 0, "server.unread_max": 0, "quality": ["full"], "cause_hint": ["linger0"], "advice": "",
        "summary": "client 10.0.0.1:1 reset the connection in frame 9; no data is lost",
        "rsts": [{"frame": 9, "from": "client", "ttl_delta": 0}], "client.bytes": 100, "server.bytes": 200,
    }
    dotted = {name.replace("_", ".", 1) if name.split("_")[0] in ("client", "server") else name: value
              for name, value in fields.items()}
    values.update({name.replace("half_close_bytes", "half_close.bytes"): value for name, value in dotted.items()})
    values["finding"] = [{"kind": kind, "frames": [], "text": text} for kind, text in texts if kind != "advice"]
    values["advice"] = " ".join(text for kind, text in texts if kind == "advice")
    return Report(values, 1)


# For each rule what it must notice, and what is nearly the same and true.
EXAMPLES = {
    "loss_none_is_none": (
        report(("evidence", "what the server had still to send is gone with it")),
        report(("evidence", "a TLS alert, no data, was discarded"), ("alternative", "a SYN-ACK that was lost"))),
    "loss_is_told": (
        report(loss="certain", summary="client 10.0.0.1:1 reset the connection in frame 9"),
        report(loss="certain", summary="client 10.0.0.1:1 reset the connection in frame 9; 5 bytes are lost")),
    "possible_is_not_certain": (
        report(("evidence", "340 bytes are lost"), loss="possible"),
        report(("evidence", "up to 340 bytes may be unread"), loss="possible")),
    "byte_counts_are_the_fields": (
        report(("evidence", "1,340 bytes from the server are lost"), server_unacked=340),
        report(("evidence", "up to 1,340 bytes from the server may be unread"), client_unread_max=1340)),
    "no_suspicion_no_tampering": (
        report(("context", "the tampering signature psh-ack.rst is a pattern and no proof")),
        report(("alternative", "a RST that a third party forged"))),
    "suspicion_is_told": (
        report(suspicion=90),
        report(("evidence", "somebody forged it: its sender went on"), suspicion=90)),
    "known_hop_limits_are_not_to_be_compared": (
        report(("advice", "Compare the hop limit (TTL) of frame 9 with the server's earlier packets.")),
        report(("advice", "Compare the hop limit (TTL) of frame 8 with the server's earlier packets."))),
    "summary_names_the_initiator": (
        report(initiator="server"),
        report(initiator="server", summary="client 10.0.0.1:1 answered the close of server 10.0.0.2:2 with RST")),
    "errnos_are_the_fields": (
        report(("programs", "client: ECONNRESET; server: no error")),
        report(("programs", "client: no error; server: ECONNRESET (Linux)"))),
    "nobody_absent_sees_no_error": (
        report(("programs", "client: ECONNREFUSED; server: no error"), family="setup"),
        report(("programs", "client: ECONNREFUSED"), family="setup")),
    "half_close_bytes_are_the_field": (
        report(("evidence", "the server sent 500 bytes more"), half_close_bytes=400),
        report(("evidence", "the server sent 1,500 bytes more"), half_close_bytes=1500)),
    "idle_times_are_the_field": (
        report(("evidence", "nothing was sent for 5 min 50 s")),
        report(("evidence", "after 5 s without data"), ("context", "the capture starts 2 min late"))),
    "confidence_has_its_reason": (
        report(confidence="low"),
        report(confidence="low", confidence_reason="only one side's packets were captured")),
    "quality_is_the_field": (
        report(("quality", "the capture starts in the middle of the connection")),
        report(("quality", "the capture starts in the middle of the connection"), quality=["midstream"])),
    "hints_fit_the_verdict": (
        report(family="timeout"),
        report(family="timeout", cause_hint=["idle-timer:350"])),
    "causes_of_an_abort_stay_together": (
        report(cause_hint=["linger0", "unread-data", "process-exit"], server_bytes=0),
        report(cause_hint=["linger0", "unread-data", "process-exit"])),
    "texts_do_not_deny_each_other": (
        report(("against", "hardly restarted"), ("advice", "Look for a restart of the server.")),
        report(("advice", "Look for a restart of the server."))),
    "race_is_the_verdict": (
        report(("against", "closed at once, so hardly because the connection was idle"), verdict="keepalive-race"),
        report(verdict="keepalive-race")),
    "retry_is_the_field": (
        report(("advice", "It is safe to send it again."), retry="unsafe"),
        report(("advice", "Repeat it only if that is safe."), retry="unsafe")),
    "decisive_frame_is_named": (
        report(decisive_frame=10),
        report()),
}


class Rules(unittest.TestCase):
    def test_each_has_its_examples(self) -> None:
        self.assertEqual([rule.__name__ for rule in agreement.RULES], list(EXAMPLES))

    def test_each_notices_its_contradiction(self) -> None:
        for name, (wrong, _) in EXAMPLES.items():
            self.assertTrue(getattr(agreement, name)(wrong), name)

    def test_none_sees_one_where_there_is_none(self) -> None:
        for name, (_, right) in EXAMPLES.items():
            self.assertFalse(getattr(agreement, name)(right), name)

    def test_durations_are_read_as_they_are_written(self) -> None:
        for text, value in {"less than 1 µs": 0, "70 µs": 7e-5, "2.3 ms": 0.0023, "43.1 s": 43.1, "5 min 50 s": 350,
                            "2 h 3 min": 7380, "2 h": 7200, "12 days": 1036800}.items():
            self.assertAlmostEqual(agreement.seconds(text), value)


if __name__ == "__main__":
    unittest.main()
