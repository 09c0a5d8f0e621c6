# SPDX-License-Identifier: GPL-2.0-or-later
"""A half-close that is used, and then a reset: who reset is who ended it. And sequence numbers that change on the way."""
from labkit.scenario import scenario
from labkit.steps import TO_CLIENT, TO_SERVER, close_in_turn, exchange


def _half_closed(lab, size=900):
    """The client has finished sending and reads on."""
    client, server = lab.connect()
    exchange(client, server)
    client.shutdown()
    server.recv(1)
    if size:
        server.send(size)
        client.recv(size)
    lab.sleep(0.1)
    return client, server


@scenario("half-close-then-server-resets", live=True, vantages=("client", "server"), verdict="abort-after-peer-fin", initiator="server",
          innocent=True, half_close=True, client_errno="ECONNRESET", server_errno="EOF")
def _(lab):
    """The client said shutdown(WR) and reads; the server sends 900 bytes, then resets instead of going on."""
    client, server = _half_closed(lab)
    server.abort()
    client.read_end()


@scenario("half-close-then-server-killed-v6", v6=True, live=True, delay_s=0.02, vantages=("client", "server"), initiator="server",
          verdict=("abort-after-peer-fin", "abort-by-sender"), innocent=True, half_close=True, client_errno="ECONNRESET", server_errno="EOF",
          loss_to_client=("none", "possible"), reason="its last bytes were under way with the reset, and arrived")
def _(lab):
    """The same with its last 2 KB unacknowledged when the server resets (IPv6, SO_LINGER 0)."""
    client, server = _half_closed(lab)
    server.send(2000)
    lab.sleep(0.003)
    server.abort()
    client.read_end()


@scenario("half-close-then-client-resets", live=True, vantages=("client", "server"), verdict="abort-after-own-fin", initiator="client",
          innocent=True, half_close=True, client_errno="none", server_errno=("EOF,EPIPE", "EOF"), loss_to_client=("none", "possible"),
          reason="what the client had read of what its kernel acknowledged, the wire does not show")
def _(lab):
    """The client said shutdown(WR), read 900 bytes of the answer and has enough: it resets."""
    client, server = _half_closed(lab)
    client.abort()
    lab.sleep(0.1)
    server.send(10)


@scenario("fin-then-peer-resets", live=True, vantages=("client", "server"), verdict="abort-after-peer-fin", initiator="client", innocent=True,
          client_errno=("ECONNRESET", "none"), server_errno="EOF", reason="whether the client still reads behind its FIN, the wire does not show")
def _(lab):
    """Near miss: nothing flows behind the client's FIN; the server answers it with a reset after a tenth of a second."""
    client, server = _half_closed(lab, size=0)
    server.abort()
    client.read_end()


# Numbers that change on the way: captured at the firewall, which sees what each side sends, before it translates

_RENUMBERED = {"innocent": True, "live": True, "vantages": ("middle", "server"), "client_errno": None, "server_errno": None}
_AT_FIREWALL = {"reason": "each side's numbers as it sends them: the acknowledgments belong to others", "loss_to_server": ("none", "possible"),
                "loss_to_client": ("none", "possible"), "half_close": None}


def _renumber(lab, by):
    lab.client.sysctl("net.ipv4.tcp_sack", 0)
    lab.wire.add(lambda p, d: [(p.copy(seq=(p.seq + by) & 0xFFFFFFFF), 0)] if d == TO_SERVER and p.is_tcp else
                 [(p.copy(ack=(p.ack - by) & 0xFFFFFFFF), 0)] if d == TO_CLIENT and p.is_tcp else None)


@scenario("renumbered-graceful", verdict="graceful", initiator="client", at={"middle": {
          "verdict": ("graceful", "graceful-unconfirmed", "graceful-simultaneous", "inconclusive", "half-closed-fin-unacked"),
          "initiator": ("client", "both", "server", "unknown"), **_AT_FIREWALL}}, **_RENUMBERED)
def _(lab):
    """A firewall gives the client numbers of its own, 1.6 thousand million higher; an orderly end."""
    _renumber(lab, 1_600_000_000)
    client, server = lab.connect()
    exchange(client, server)
    close_in_turn(client, server)


@scenario("renumbered-abort", verdict="abort-as-close", initiator="server", at={"middle": {
          "verdict": ("abort-as-close", "abort-by-sender", "abort-by-receiver", "abort-unanswered", "abort-before-response", "inconclusive"),
          "initiator": ("server", "unknown"), **_AT_FIREWALL}}, **_RENUMBERED)
def _(lab):
    """The same, and the server ends with a reset behind its answer."""
    _renumber(lab, 700_000_000)
    client, server = lab.connect()
    exchange(client, server)
    exchange(client, server)
    lab.sleep(0.1)
    server.abort()
    client.read_end()
