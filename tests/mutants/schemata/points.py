# SPDX-License-Identifier: GPL-2.0-or-later
"""Which mutations there are: the numbers that they have, and how they are told."""
from dataclasses import dataclass


@dataclass
class Mutant:
    number: int
    file: str
    line: int
    function: str
    source: str  # the expression that is changed
    change: str  # what becomes of it

    def row(self) -> str:
        cells = (str(self.number), self.file, str(self.line), self.function, self.source, self.change)
        return "\t".join(" ".join(cell.split()) for cell in cells)


class Register:
    """Hands out numbers; 0 is the program as it is."""

    def __init__(self, first: int, thresholds: dict[str, int]):
        self.first = first
        self.thresholds = thresholds  # every use, in all files, has the same numbers
        self.mutants: list[Mutant] = []
        self.shared: dict[str, int] = {}  # of constants of one file

    def add(self, file: str, line: int, function: str, source: str, changes: list[str]) -> int:
        number = self.first + len(self.mutants)
        for change in changes:
            self.mutants.append(Mutant(self.first + len(self.mutants), file, line, function, source, change))
        return number

    def constant(self, name: str, file: str, line: int) -> int:
        if name not in self.shared:
            self.shared[name] = self.add(file, line, name, name, ["halved", "doubled"])
        return self.shared[name]
