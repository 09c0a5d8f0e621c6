# SPDX-License-Identifier: GPL-2.0-or-later
"""Forgeries that fail: the connection lives on and ends by something else."""
from labkit import packet
from labkit.forge import inject_reset
from labkit.scenario import scenario
from labkit.steps import TO_SERVER, close_in_turn, exchange

_SURVIVES = {"client_errno": "none", "server_errno": "EOF", "verdict": "graceful", "initiator": "client"}


def _survived(lab, client, server):
    lab.sleep(0.2)
    exchange(client, server, 50, 60)
    close_in_turn(client, server)


@scenario("forged-in-window", live=True, vantages=("server", "middle", "client"), **_SURVIVES)
def _(lab):
    """A RST 1000 numbers ahead is in the window: challenged, and ignored."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.1)
    inject_reset(lab, "client", offset=1000, ttl=48)
    _survived(lab, client, server)


@scenario("forged-out-of-window", live=True, vantages=("server", "middle"), **_SURVIVES)
def _(lab):
    """RSTs far behind and far ahead of the window: ignored without a word."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.1)
    inject_reset(lab, "client", offset=-5000)
    inject_reset(lab, "client", offset=40_000_000)
    inject_reset(lab, "client", offset=-1_000_000_000, with_ack=True)
    _survived(lab, client, server)


@scenario("forged-lost-race-v6", live=True, v6=True, vantages=("client", "middle"), **_SURVIVES)
def _(lab):
    """The injector aimed at an answer that has arrived already: its RST lies below what was received."""
    client, server = lab.connect()
    exchange(client, server, 120, 2600)
    lab.sleep(0.05)
    inject_reset(lab, "server", offset=-2600, with_ack=True, ttl=77)
    inject_reset(lab, "server", offset=-1140, with_ack=True, ttl=77)
    _survived(lab, client, server)


@scenario("forged-sweep", live=True, vantages=("server",), **_SURVIVES)
def _(lab):
    """A blind sweep: 24 RSTs at steps of 3000 behind and ahead; none hits the number."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.1)
    for step in range(-12, 13):
        if step:
            inject_reset(lab, "client", offset=3000 * step + 7)
    _survived(lab, client, server)


@scenario("forged-syn", live=True, vantages=("server", "middle", "client"), also=("inconclusive", "setup-no-reply", "setup-stale-peer",
          "open"), **_SURVIVES)
def _(lab):
    """A blind SYN into the live connection: challenge ACK, and everything goes on."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.1)
    last = lab.wire.last(TO_SERVER)
    lab.wire.inject(last.copy(seq=(last.seq + 123_456) & 0xFFFFFFFF, ack=0, flags=packet.SYN, options=b"", payload=b"",
                              win=1024), TO_SERVER)
    _survived(lab, client, server)


@scenario("forged-after-close", live=True, vantages=("server", "middle"), client_errno="EOF", server_errno="none",
          verdict="graceful-then-reset", initiator="server")
def _(lab):
    """An exact RST into TIME-WAIT, behind both FINs: too late to harm."""
    client, server = lab.connect()
    exchange(client, server)
    close_in_turn(server, client, 0.0)
    lab.sleep(0.2)
    inject_reset(lab, "client", ttl=99)
