# SPDX-License-Identifier: GPL-2.0-or-later
"""The register of scenarios, and the truth that each states."""
import dataclasses
import typing

VERDICTS = frozenset("""
setup-no-reply setup-refused setup-unreachable setup-synack-unanswered setup-cancelled setup-bad-synack
setup-stale-peer setup-not-accepted setup-answered-elsewhere graceful graceful-simultaneous graceful-half-close graceful-unconfirmed graceful-then-reset
half-closed-active half-closed-idle half-closed-fin-unacked abort-before-response abort-by-receiver
abort-by-sender abort-waiting abort-unanswered abort-as-close abort-idle abort-no-data abort-after-own-fin
abort-after-peer-fin abort-crossed data-after-close keepalive-race data-crossed-fin peer-lost-state midpath-reject
fin-to-dead-peer restart-same-ports timeout-retransmit timeout-retransmit-reset timeout-keepalive
timeout-zero-window reset-injected fin-injected open inconclusive
""".split())
INITIATORS = frozenset("client server both network none unknown".split())
LOSSES = ("none", "possible", "certain")


def _several(value):
    return [value] if isinstance(value, str) else list(value)


@dataclasses.dataclass
class Truth:
    """What was caused. Several values mean that the wire shows the same for each of them."""
    verdict: list
    initiator: list
    loss_to_server: list = dataclasses.field(default_factory=lambda: ["none"])
    loss_to_client: list = dataclasses.field(default_factory=lambda: ["none"])
    half_close: bool | None = False   # None: not judged
    client_errno: list | None = None  # None: whatever the application saw
    server_errno: list | None = None
    reason: str = ""                  # why more than one answer, or an unexpected one, is right
    unaccused: bool = False           # an innocent ending: reset-injected and high suspicion are wrong

    @classmethod
    def of(cls, **values):
        lists = ("verdict", "initiator", "loss_to_server", "loss_to_client", "client_errno", "server_errno")
        truth = cls(**{k: _several(v) if k in lists and v is not None else v for k, v in values.items()})
        unknown = (set(truth.verdict) - VERDICTS) | (set(truth.initiator) - INITIATORS)
        unknown |= set(truth.loss_to_server + truth.loss_to_client) - set(LOSSES)
        if unknown:
            raise ValueError("no such word: %s" % ", ".join(sorted(unknown)))
        return truth

    @property
    def loss(self):
        """The connection's loss is that of the worse direction, for every choice of the two."""
        worst = {max(one, other, key=LOSSES.index) for one in self.loss_to_server for other in self.loss_to_client}
        return sorted(worst, key=LOSSES.index)


@dataclasses.dataclass
class Scenario:
    name: str
    about: str
    run: typing.Callable
    truth: dict
    network: dict
    vantages: tuple
    at: dict          # vantage -> truth that differs there
    change: typing.Callable | None  # applied to the recorded frames
    change_note: str
    live: bool        # fast and steady enough for every CI run
    innocent: bool
    also: tuple       # verdicts of further connections that the same ports may be seen to hold
    strays: tuple     # verdicts of what other addresses may be seen to hold (scans, translated addresses)

    @property
    def family(self):
        """The file of `scenarios/` that it stands in, and the folder of its recordings."""
        return self.run.__module__.rsplit(".", 1)[-1]

    @property
    def first_line(self):
        return self.about.splitlines()[0]


# Truths that many share: an active reset that the peer's application sees.
RESET_BY_SERVER = {"initiator": "server", "innocent": True, "client_errno": "ECONNRESET", "server_errno": "none"}
RESET_BY_CLIENT = {"initiator": "client", "innocent": True, "client_errno": "none", "server_errno": "ECONNRESET"}

SCENARIOS: dict[str, Scenario] = {}


def scenario(name, *, vantages=("client", "server"), at=None, change=None, change_note="", live=False, innocent=False, also=(), strays=(),
             kind="wire", v6=False, delay_s=0.0, hops=(0, 0), **truth):
    """Registers the decorated function(lab). Its first line of documentation says what and why."""
    def register(function):
        if name in SCENARIOS:
            raise ValueError("two scenarios are called " + name)
        network = {"kind": kind, "v6": v6, "delay_s": delay_s, "hops": hops}
        about = (function.__doc__ or "").strip()
        if not about:
            raise ValueError(name + " does not say what it is about")
        Truth.of(**truth)
        SCENARIOS[name] = Scenario(name, about, function, truth, network, vantages, at or {}, change, change_note, live,
                                   innocent, tuple(also), tuple(strays))
        return function
    return register
