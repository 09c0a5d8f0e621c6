# SPDX-License-Identifier: GPL-2.0-or-later
"""One side is done, and the other never: leaks, and FINs that nobody acknowledges."""
import socket

from labkit.scenario import scenario
from labkit.steps import TO_CLIENT, TO_SERVER, exchange


def _closed_but_not_by_peer(lab, first, second, seconds):
    first.close()
    second.read_end()
    lab.tail(seconds)


@scenario("half-closed-idle-server-leaks", verdict="half-closed-idle", initiator="client", innocent=True,
          client_errno="none", server_errno="EOF")
def _(lab):
    """The client closes; the server never does (a CLOSE-WAIT leak). The capture goes on for five minutes."""
    client, server = lab.connect()
    exchange(client, server)
    _closed_but_not_by_peer(lab, client, server, 300)


@scenario("half-closed-idle-client-leaks", verdict="half-closed-idle", initiator="server", innocent=True,
          client_errno="EOF", server_errno="none", v6=True)
def _(lab):
    """The server closes after its idle time; the client keeps its socket for a minute and more."""
    client, server = lab.connect()
    exchange(client, server, 300, 6000)
    lab.stretch(5)
    _closed_but_not_by_peer(lab, server, client, 75)


@scenario("half-closed-idle-no-data", verdict="half-closed-idle", initiator="client", innocent=True,
          client_errno="none", server_errno="EOF")
def _(lab):
    """A connection without data: the client closes, the server never."""
    client, server = lab.connect()
    _closed_but_not_by_peer(lab, client, server, 120)


@scenario("half-closed-idle-keepalives", verdict="half-closed-idle", initiator="client", innocent=True,
          client_errno="none", server_errno="EOF")
def _(lab):
    """The leaking server's keep-alive probes are answered by the client's FIN-WAIT-2."""
    client, server = lab.connect(server_options=((socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
                                                 (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 1),
                                                 (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1)))
    exchange(client, server)
    client.close()
    server.read_end()
    lab.sleep(6)


@scenario("half-closed-idle-data-crossed", verdict="half-closed-idle", initiator="client", innocent=True, half_close=None,
          delay_s=0.03, client_errno="none", server_errno="EOF")
def _(lab):
    """shutdown(WR) while the last answer is under way; then nobody does anything."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.1)
    server.send(400)
    client.shutdown()
    server.read_end()
    client.recv(400)
    lab.tail(200)


def _orphan_that_gives_up(lab, first, direction):
    for namespace in (lab.client, lab.server):
        namespace.sysctl("net.ipv4.tcp_orphan_retries", 4)
    lab.sleep(0.05)
    lab.wire.blackhole(direction)
    first.close()
    lab.sleep(7.5)


@scenario("fin-unacked-client", verdict="half-closed-fin-unacked", initiator="client", innocent=True,
          client_errno="none", server_errno="none", vantages=("client", "middle"), loss_to_server="none",
          reason="nothing was under way but the FIN")
def _(lab):
    """The path to the server dies; the client's FIN is sent again and again, and never acknowledged."""
    client, server = lab.connect()
    exchange(client, server)
    _orphan_that_gives_up(lab, client, TO_SERVER)


@scenario("fin-unacked-server-v6", verdict="half-closed-fin-unacked", initiator="server", innocent=True, v6=True,
          client_errno="none", server_errno="none", vantages=("server", "middle"))
def _(lab):
    """The path to the client dies; the server's FIN is never acknowledged (IPv6)."""
    client, server = lab.connect()
    exchange(client, server)
    _orphan_that_gives_up(lab, server, TO_CLIENT)


@scenario("fin-unacked-acks-lost", verdict="half-closed-fin-unacked", initiator="client", innocent=True,
          client_errno="none", server_errno="EOF", vantages=("client",))
def _(lab):
    """Every FIN arrives, but no ACK of it comes back: at the client it looks like silence."""
    client, server = lab.connect()
    exchange(client, server)
    lab.client.sysctl("net.ipv4.tcp_orphan_retries", 4)
    lab.sleep(0.05)
    lab.wire.blackhole(TO_CLIENT)
    client.close()
    server.read_end()
    lab.sleep(7.5)
