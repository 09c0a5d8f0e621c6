# SPDX-License-Identifier: GPL-2.0-or-later
"""An answer is read at night: how many words it may have.

A word is what stands between blanks, so a number, an address and "RST,ACK" are one each.
"""

import unittest
from statistics import median

from reports import Report, Text, all_reports, reports_of, texts_of

FINDING = 20
EXPLANATION = 60
USUAL_EXPLANATION = 40  # the median of all captures
SHOWN = 10

# Everything in words of the capture that README shows: summary, findings and advice.
FIRST_CAPTURE, WHOLE_ANSWER = "seed28580.pcap", 140


def words(text: str) -> int:
    return len(text.split())


def findings(report: Report) -> list[Text]:
    return [t for t in texts_of(report) if t.kind not in ("summary", "explanation", "advice")]


class WordLimits(unittest.TestCase):
    def check(self, long: list[str]) -> None:
        self.assertEqual(0, len(long), "\n  " + "\n  ".join(long[:SHOWN]))

    def test_findings(self) -> None:
        self.assertTrue(any(findings(r) for r in all_reports()), "nothing has findings")
        self.check([f"{r.name}: {words(t.text)} words: {t.text}"
                    for r in all_reports() for t in findings(r) if words(t.text) > FINDING])

    def test_explanations(self) -> None:
        self.check([f"{r.name}, {r['verdict']}: {words(r['explanation'])} words"
                    for r in all_reports() if words(r["explanation"]) > EXPLANATION])

    def test_usual_explanation(self) -> None:
        self.assertLessEqual(median(words(r["explanation"]) for r in reports_of("captures")), USUAL_EXPLANATION)

    def test_whole_answer(self) -> None:
        first = [r for r in reports_of("captures") if r.path.name == FIRST_CAPTURE]
        self.assertEqual(1, len(first))
        self.assertLessEqual(sum(words(t.text) for t in texts_of(first[0])), WHOLE_ANSWER)


if __name__ == "__main__":
    unittest.main()
