# SPDX-License-Identifier: GPL-2.0-or-later
"""The texts that stand in C++ files: string literals, as the compiler joins them."""

import re
from pathlib import Path
from typing import Iterator

# What may stand between two literals that are one: blanks and comments. Comments and characters come first, so
# that a quotation mark in them starts no literal; what the preprocessor and a static_assert hold is no text.
TOKEN = re.compile(r"""
    (?P<comment>//[^\n]*|/\*.*?\*/)
  | (?P<aside>^[ \t]*\#[^\n]*|\bstatic_assert\s*\(.*?\);)
  | (?P<char>(?<![\w])'(?:\\.|[^'\\\n])+')
  | R"(?P<mark>\w*)\((?P<raw>.*?)\)(?P=mark)"
  | "(?P<text>(?:\\.|[^"\\\n])*)"
  | (?P<blank>\s+)
  | (?P<code>.)
""", re.DOTALL | re.MULTILINE | re.VERBOSE)
ESCAPES = {"n": "\n", "t": "\t"}


def literals(code: str) -> Iterator[tuple[int, str]]:
    """Line of its beginning, and the text."""
    start, text, line = 0, None, 1
    for match in TOKEN.finditer(code):
        part = match["raw"] if match["raw"] is not None else match["text"]
        if part is not None:
            if match["raw"] is None:
                part = re.sub(r"\\(.)", lambda m: ESCAPES.get(m[1], m[1]), part)
            if text is None:
                start, text = line, ""
            text += part
        elif text is not None and not match["blank"] and not match["comment"]:
            yield start, text
            text = None
        line += match[0].count("\n")
    if text is not None:
        yield start, text


def fragments(path: Path, least: int) -> Iterator[tuple[int, str]]:
    """Sentences and parts of sentences with at least so many letters."""
    for line, text in literals(path.read_text()):
        for part in re.split(r"(?<=[.?;:])\s|\n", text):
            if sum(c.isalpha() for c in part) >= least:
                yield line, part.strip()
