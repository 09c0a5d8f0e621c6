# SPDX-License-Identifier: GPL-2.0-or-later
"""What is measured: one row of RESULTS.md each, with the bar that it should stay below."""

from dataclasses import dataclass
from statistics import median
from typing import Callable, NamedTuple

from peers import Missing, Programs

MEGABYTE = 1 << 20


@dataclass
class Sizes:
    rounds: int = 5
    connections: int = 100_000
    many: int = 1_000_000
    counted: int = 10_000  # where instructions are counted, which is fifty times slower
    shown: int = 10_000  # where every frame is written out
    segments: int = 10_000_000

    @staticmethod
    def small() -> "Sizes":
        return Sizes(rounds=1, connections=300, many=10_000, counted=0, shown=100, segments=30_000)


class Measured(NamedTuple):
    value: str  # what is compared with the bar
    detail: str  # absolute numbers
    commands: list[str]


class Row(NamedTuple):
    name: str
    bar: str
    measure: Callable[[Programs, Sizes], Measured]


def measured(programs: Programs, value: str, detail: str) -> Measured:
    commands, programs.commands = programs.commands, []
    return Measured(value, detail, commands)


def row(name: str, bar: str, measure: Callable[[Programs, Sizes], tuple[str, str]]) -> Row:
    def guarded(programs: Programs, sizes: Sizes) -> Measured:
        programs.commands = []
        try:
            return measured(programs, *measure(programs, sizes))
        except Missing as missing:
            return measured(programs, "-", f"not measured: no {missing} here")

    return Row(name, bar, guarded)


def ratio(rounds: int, ours, theirs, unit: str, scale: float = 1) -> tuple[str, str]:
    """Alternated pairs: the median of their ratios, and the medians of both."""
    pairs = [(ours(), theirs()) for _ in range(rounds)]
    mine, other = (median(column) * scale for column in zip(*pairs))
    return f"{median(a / b for a, b in pairs):.3f}", f"{mine:.4g} {unit} ÷ {other:.4g} {unit}"


def everyday(programs: Programs, sizes: Sizes):
    return programs.traffic("--alive", str(sizes.connections), str(sizes.connections))


def tshark_slower(name: str, bar: str, *words: str) -> Row:
    def measure(programs: Programs, sizes: Sizes) -> tuple[str, str]:
        capture = everyday(programs, sizes)
        one = lambda with_plugin: lambda: programs.tshark(list(words), capture, with_plugin).cpu  # noqa: E731
        return ratio(sizes.rounds, one(True), one(False), "s")

    return row(f"tshark with ÷ without: {name}", bar, measure)


def tshark_output(name: str, bar: str, *words: str) -> Row:
    def measure(programs: Programs, sizes: Sizes) -> tuple[str, str]:
        capture = programs.traffic("--alive", str(sizes.shown), str(sizes.shown))
        one = lambda with_plugin: lambda: programs.tshark(list(words), capture, with_plugin).cpu  # noqa: E731
        return ratio(sizes.rounds, one(True), one(False), "s")

    return row(f"tshark with ÷ without, whole packets: {name}", bar, measure)


def tshark_instructions(name: str, bar: str, *words: str) -> Row:
    def measure(programs: Programs, sizes: Sizes) -> tuple[str, str]:
        if sizes.counted == 0:
            raise Missing("time")
        capture = programs.traffic("--alive", str(sizes.counted), str(sizes.counted))
        one = lambda with_plugin: lambda: programs.tshark_instructions(list(words), capture, with_plugin)  # noqa: E731
        return ratio(1, one(True), one(False), "million instructions", 1e-6)

    return row(f"the same in instructions: {name}", bar, measure)


def tshark_memory(name: str, bar: str, *kind: str) -> Row:
    def measure(programs: Programs, sizes: Sizes) -> tuple[str, str]:
        capture = programs.traffic(*kind, "--alive", str(sizes.connections), str(sizes.connections))
        words = ["-q", "-z", "conv,tcp"]
        one = lambda with_plugin: lambda: programs.tshark(words, capture, with_plugin).peak  # noqa: E731
        return ratio(1, one(True), one(False), "MB", 1 / MEGABYTE)

    return row(f"tshark's peak memory with ÷ without, {name}", bar, measure)


def bytes_a_connection(programs: Programs, sizes: Sizes) -> tuple[str, str]:
    few, many = sizes.connections // 10, sizes.connections
    peaks = [programs.native("--csv", "--threads", "1", capture=programs.traffic("--alive", str(n), str(n))).peak for n in (few, many)]
    return f"{(peaks[1] - peaks[0]) / (many - few):.0f}", f"{peaks[0] / MEGABYTE:.0f} MB of {few:,}, {peaks[1] / MEGABYTE:.0f} MB of {many:,}"


def native_against(name: str, bar: str, peer, words: tuple[str, ...] = (), few_alive: bool = False) -> Row:
    def measure(programs: Programs, sizes: Sizes) -> tuple[str, str]:
        capture = programs.traffic(str(sizes.connections)) if few_alive else everyday(programs, sizes)
        peer(programs, capture)  # into the page cache
        programs.commands = []
        # User plus system time is a fair measure of one thread only; what a second one gains has rows of its own.
        ours = lambda: programs.native("--threads", "1", *words, capture=capture).cpu  # noqa: E731
        return ratio(sizes.rounds, ours, lambda: peer(programs, capture).cpu, "s")

    return row(f"native {' '.join(words) or 'text report'} ÷ {name}", bar, measure)


def own_report(programs: Programs, capture):
    return programs.tshark(["-q", "-z", "tcpteardown"], capture, with_plugin=True)


def native_memory(name: str, bar: str, *kind: str) -> Row:
    def measure(programs: Programs, sizes: Sizes) -> tuple[str, str]:
        capture = programs.traffic(*kind, str(sizes.many))
        size = capture.stat().st_size / MEGABYTE
        peaks = {form: programs.native(*form.split(), capture=capture).peak / MEGABYTE for form in ("", "--json")}
        return f"{max(peaks.values()):.0f} MB", ", ".join(f"{f or 'text'} {p:.0f} MB" for f, p in peaks.items()) + f"; a file of {size:.0f} MB"

    return row(f"native, peak memory: {name}", bar, measure)


def segment_cost(programs: Programs, sizes: Sizes) -> tuple[str, str]:
    few, many = sizes.many // 1000, sizes.many
    return ratio(
        min(sizes.rounds, 3),
        lambda: programs.segment_cost(many, sizes.segments),
        lambda: programs.segment_cost(few, sizes.segments),
        "ns",
    )


def two_threads(words: tuple[str, ...]) -> Row:
    def measure(programs: Programs, sizes: Sizes) -> tuple[str, str]:
        capture = everyday(programs, sizes)
        one = lambda count: lambda: programs.native("--threads", count, *words, capture=capture).wall  # noqa: E731
        return ratio(sizes.rounds, one("2"), one("1"), "s")

    return row(f"two threads ÷ one, wall clock: {' '.join(words) or 'text report'}", "0.65", measure)


RESETS = ("-Y", "tcp.flags.reset==1")
ROWS = [
    tshark_slower("-q -z conv,tcp", "1.08", "-q", "-z", "conv,tcp"),
    tshark_slower("-Y tcp.flags.reset==1", "1.08", *RESETS),
    tshark_slower("-2 -Y tcp.flags.reset==1", "1.08", "-2", *RESETS),
    tshark_instructions("-q -z conv,tcp", "1.04", "-q", "-z", "conv,tcp"),
    tshark_instructions("-Y tcp.flags.reset==1", "1.04", *RESETS),
    tshark_slower("-T fields", "1.10", "-T", "fields", "-e", "frame.number", "-e", "tcp.stream"),
    tshark_output("-T json", "1.5", "-T", "json"),
    tshark_output("-V", "1.5", "-V"),
    row("bytes of memory an ordinary connection takes", "400", bytes_a_connection),
    tshark_memory("ordinary traffic", "1.05"),
    tshark_memory("refused SYNs", "1.15", "--refused"),
    native_against("bare libpcap loop", "4", Programs.bare_loop),
    native_against("bare libpcap loop", "6", Programs.bare_loop, ("--json",)),
    native_against("bare libpcap loop, 300 alive at a time", "4", Programs.bare_loop, (), True),
    native_against("bare libpcap loop, 300 alive at a time", "6", Programs.bare_loop, ("--json",), True),
    native_against("tcptrace -n", "0.2", Programs.tcptrace),
    native_against("tcptrace -n, 300 alive at a time", "0.2", Programs.tcptrace, (), True),
    native_against("tshark -q -z tcpteardown", "0.04", own_report),
    native_memory("1 million connections", "700 MB", "--snap", "96"),
    native_memory("1 million SYNs refused", "500 MB", "--refused"),
    row("cost of a segment: 1 million connections ÷ 1,000, equal packets", "2", segment_cost),
    two_threads(()),
    two_threads(("--json",)),
]
