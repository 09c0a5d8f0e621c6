# SPDX-License-Identifier: GPL-2.0-or-later
"""Nothing above a certain size gets through: path MTU discovery that fails, and why. Both hosts are alive."""
import socket

from labkit import packet
from labkit.scenario import scenario
from labkit.steps import TO_CLIENT, TO_SERVER, close_in_turn, exchange, is_data

_USER_TIMEOUT = 18   # TCP_USER_TIMEOUT, in milliseconds
_BY_SIZE = {"verdict": "timeout-retransmit", "initiator": "network", "innocent": True}
_DOWN = {"loss_to_client": ("possible", "certain"), "server_errno": "ETIMEDOUT", "client_errno": "none",
         "reason": "the client is alive and acknowledges what is small; what was dropped was repeated to the end", **_BY_SIZE}
_UP = {"loss_to_server": ("possible", "certain"), "client_errno": "ETIMEDOUT", "server_errno": "none",
       "reason": "the server is alive and acknowledges what is small; what was dropped was repeated to the end", **_BY_SIZE}


def _length(p):
    """Bytes of the IP packet."""
    return len(p.pack()) - 14


def _hole(lab, direction, mtu, report=False):
    """A link of that MTU. Its router drops what is larger, and says so if told to."""
    back = TO_CLIENT if direction == TO_SERVER else TO_SERVER

    def rule(p, d):
        if d != direction or not p.is_tcp or _length(p) <= mtu:
            return None
        if report:
            kind, code = (2, 0) if lab.v6 else (3, 4)
            lab.wire.inject(packet.icmp_error(p, lab.addresses["middle"], kind, code, mtu), back, 0.005)
        return []
    return lab.wire.add(rule)


def _connected(lab, giving_up, milliseconds=4000):
    option = ((socket.IPPROTO_TCP, _USER_TIMEOUT, milliseconds), (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1))
    return lab.connect(**{giving_up + "_options": option})


def _download(lab, mtu, pieces, *, report=False, before=(200,)):
    """Small answers get through; then an answer of which the full segments do not, and its short last piece does."""
    client, server = _connected(lab, "server")
    for size in before:
        exchange(client, server, 120, size)
    lab.sleep(0.1)
    _hole(lab, TO_CLIENT, mtu, report)
    client.send(150)
    server.recv(150)
    for size in pieces:
        server.send(size)
    server.read_end()
    return client, server


@scenario("size-hole-1400", delay_s=0.005, vantages=("server", "middle", "client"), at={"client": {
          "verdict": ("timeout-retransmit", "open", "inconclusive"), "initiator": ("network", "none", "unknown", "server"),
          "loss_to_client": ("none", "possible", "certain"), "server_errno": ("ETIMEDOUT", "none", "unknown"),
          "reason": "at the client there is a gap before the last piece, and nothing more"}}, **_DOWN)
def _(lab):
    """Packets above 1400 bytes are dropped: both full segments of the answer are lost, its last 200 bytes are SACKed."""
    _download(lab, 1400, (2896, 200))
    lab.tail(30)


@scenario("size-hole-600", vantages=("server",), **_DOWN)
def _(lab):
    """Packets above 600 bytes are dropped; answers of 500 bytes had passed."""
    _download(lab, 600, (1200, 90), before=(500, 300, 540))
    lab.tail(30)


@scenario("size-hole-1000-v6", v6=True, delay_s=0.01, vantages=("server", "middle"), **_DOWN)
def _(lab):
    """IPv6: packets above 1000 bytes are dropped, against the least MTU of 1280."""
    _download(lab, 1000, (4284, 300))
    lab.tail(30)


@scenario("size-hole-no-small-piece", vantages=("server",), **{**_DOWN, "initiator": ("network", "client"),
          "reason": "nothing small was sent behind the large segments: a client that died in that moment would show the same"})
def _(lab):
    """The same without a short last piece: that small packets pass shows only before."""
    _download(lab, 1400, (2896,), before=(200, 900, 1300))
    lab.tail(20)


@scenario("size-hole-upload", delay_s=0.01, vantages=("client", "server"), at={"server": {
          "verdict": ("timeout-retransmit", "open", "inconclusive"), "initiator": ("network", "none", "unknown", "client"),
          "loss_to_server": ("none", "possible", "certain"), "client_errno": ("ETIMEDOUT", "none", "unknown"),
          "reason": "at the server there is a gap before the last piece, and nothing more"}}, **_UP)
def _(lab):
    """An upload: its header of 300 bytes arrives, no full segment does."""
    client, server = _connected(lab, "client")
    exchange(client, server)
    lab.sleep(0.1)
    _hole(lab, TO_SERVER, 1400)
    client.send(300)
    server.recv(300)
    client.send(4344)
    client.send(100)
    client.read_end()
    lab.tail(30)


@scenario("size-hole-reported", vantages=("server", "middle"), **_DOWN)
def _(lab):
    """A router says "too big, 1400" each time, but the server's firewall throws ICMP away: captured, and not obeyed."""
    lab.server.run("nft", "-f", "-", stdin="table inet t { chain c { type filter hook input priority 0; "
                                           "ip protocol icmp drop; }; }")
    _download(lab, 1400, (2896, 150), report=True)
    lab.tail(20)


@scenario("size-hole-client-closes", delay_s=0.01, vantages=("server", "client"), innocent=True, client_errno="none",
          verdict=("half-closed-active", "half-closed-idle", "timeout-retransmit"), initiator=("client", "network"), half_close=None,
          server_errno=("EOF", "ECONNRESET", "none"), loss_to_client=("possible", "certain"),
          reason="the client gives up first: its FIN is acknowledged while the answer's large segments go on being repeated")
def _(lab):
    """The client waits two seconds for the answer of which it has only the end, says shutdown(WR), and waits on."""
    client, server = _connected(lab, "server", 9000)
    exchange(client, server)
    lab.sleep(0.1)
    _hole(lab, TO_CLIENT, 1400)
    client.send(150)
    server.recv(150)
    server.send(1448)
    server.send(200)
    lab.sleep(2)
    client.shutdown()
    server.read_end()
    lab.sleep(1.5)


# Near misses

@scenario("path-mtu-discovered", live=True, vantages=("server", "client"), verdict="graceful", initiator="client", innocent=True,
          client_errno="none", server_errno="EOF")
def _(lab):
    """A router says "too big, 1400" and the server obeys: the answer is cut smaller, and all ends well."""
    client, server = lab.connect()
    exchange(client, server)
    _hole(lab, TO_CLIENT, 1400, report=True)
    client.send(150)
    server.recv(150)
    server.send(6000)
    client.recv(6000)
    lab.sleep(0.05)
    close_in_turn(client, server)


@scenario("lossy-large-segments", vantages=("server",), verdict="timeout-retransmit", initiator=("client", "network"), innocent=True,
          client_errno="none", server_errno="ETIMEDOUT", loss_to_client=("possible", "certain"),
          reason="the path dies for everything; that only large segments were under way is chance")
def _(lab):
    """No size decides: behind answers of full segments the whole path dies, in a moment with two full segments under way."""
    client, server = _connected(lab, "server")
    exchange(client, server, 120, 4344)
    lab.sleep(0.1)
    lab.wire.drop(lambda p, d: d == TO_CLIENT)
    server.send(2896)
    server.read_end()
    lab.tail(20)


@scenario("same-segment-dropped-thrice", live=True, vantages=("server", "client"), verdict="graceful", initiator="client", innocent=True,
          client_errno="none", server_errno="EOF")
def _(lab):
    """One full segment is lost three times and then arrives: bad luck, no limit of size."""
    client, server = lab.connect()
    exchange(client, server)
    lab.wire.drop(lambda p, d: d == TO_CLIENT and is_data(p) and len(p.payload) > 1000, times=4)
    client.send(150)
    server.recv(150)
    server.send(1448)
    server.send(200)
    client.recv(1648)
    lab.sleep(0.05)
    close_in_turn(client, server)
