# SPDX-License-Identifier: GPL-2.0-or-later
"""Every sentence is said by some script, or it goes: a text that no script says is a text that nobody has read.

What is said stands in sentences/*.golden. The pages of VERDICTS.md are read there; they are in files of their own,
findings/pages*.cpp, and not asked for here.
"""

import tempfile
import unittest
from pathlib import Path

import cpp_texts
from reports import ROOT

LEAST_LETTERS = 22  # shorter pieces are found by chance, in some other sentence
FINDINGS = ROOT / "analysis_core/findings"
SAID = Path(__file__).parent / "sentences"


def texts_to_say() -> list[tuple[str, str]]:
    """Where it stands, and the text without the punctuation that another text may replace."""
    found = []
    for path in sorted(FINDINGS.glob("*.cpp")):
        if path.name.startswith("pages"):
            continue
        for line, text in cpp_texts.fragments(path, LEAST_LETTERS):
            if " " in text:  # else a name, such as that of a tampering signature
                found.append((f"{path.name}:{line}", text.strip(" ,;.:()\"")))
    return found


class Said(unittest.TestCase):
    maxDiff = None

    def test_every_text_is_said_by_a_script(self) -> None:
        said = "\n".join(path.read_text() for path in SAID.glob("*.golden")).lower()
        texts = texts_to_say()
        self.assertGreater(len(texts), 100, "these cannot be all texts")
        unsaid = [f"{where}: {text}" for where, text in texts if text.lower() not in said]
        self.assertEqual(0, len(unsaid), "write a script that says it, or remove it:\n  " + "\n  ".join(unsaid))


class Literals(unittest.TestCase):
    def test_are_joined_and_told_from_everything_else(self) -> None:
        code = '''#include "not/a/text.h"
            // "nor this"
            char c = '"'; f("one " /* "and" */
              "text", R"(raw "text")" + g("it\\'s \\"so\\"")); static_assert(true, "for the compiler");
        '''
        self.assertEqual([(3, "one text"), (4, 'raw "text"'), (4, "it's \"so\"")], list(cpp_texts.literals(code)))

    def test_are_cut_into_sentences(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "x.cpp"
            path.write_text('f("The first of the sentences is here. short; and this is the next one: that was it");')
            self.assertEqual([(1, "The first of the sentences is here."), (1, "and this is the next one:")],
                             list(cpp_texts.fragments(path, 18)))


if __name__ == "__main__":
    unittest.main()
