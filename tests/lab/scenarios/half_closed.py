# SPDX-License-Identifier: GPL-2.0-or-later
"""One side is done before the other: half-closes that end well, and those that do not."""
import socket

from labkit import rewrite
from labkit.scenario import scenario
from labkit.steps import TO_CLIENT, TO_SERVER, exchange, going, is_data, is_fin, is_pure_ack


@scenario("half-close-answer-after-fin", verdict="graceful-half-close", initiator="client", half_close=True, live=True,
          innocent=True, vantages=("client", "middle", "server"), client_errno="EOF", server_errno="EOF")
def _(lab):
    """The client sends its request and shutdown(WR); the server answers and closes (like rsh or nc -N)."""
    client, server = lab.connect()
    client.send(2000)
    client.shutdown()
    server.read_end()
    lab.sleep(0.3)
    server.send(9000)
    server.close()
    client.read_end()
    client.close()


@scenario("half-close-by-server-v6", verdict="graceful-half-close", initiator="server", half_close=True, v6=True,
          live=True, innocent=True, client_errno="EOF", server_errno="EOF")
def _(lab):
    """The server finishes first; the client uploads for a second more, over IPv6."""
    client, server = lab.connect()
    exchange(client, server)
    server.shutdown()
    client.read_end()
    for _ in range(5):
        client.send(700)
        server.recv(700)
        lab.sleep(0.2)
    client.close()
    server.read_end()
    server.close()


@scenario("half-close-one-byte", verdict="graceful-half-close", initiator="client", half_close=True, delay_s=0.01,
          live=True, innocent=True, client_errno="EOF", server_errno="EOF")
def _(lab):
    """One byte comes back after the FIN, in the same segment as the server's own FIN."""
    client, server = lab.connect()
    client.send(64)
    client.shutdown()
    server.read_end()
    server.set_tcp(socket.TCP_CORK, 1)
    server.send(1)
    server.close()
    client.read_end()
    client.close()


@scenario("half-close-with-losses", verdict="graceful-half-close", initiator="client", half_close=True, innocent=True,
          live=True, client_errno="EOF", server_errno="EOF")
def _(lab):
    """The FIN, the first segment after it and the server's FIN are each lost once."""
    client, server = lab.connect()
    lab.wire.drop(going(TO_SERVER, is_fin), times=1)
    lab.wire.drop(going(TO_CLIENT, is_data), times=1)
    lab.wire.drop(going(TO_CLIENT, is_fin), times=1)
    client.send(300)
    client.shutdown()
    server.read_end()
    server.send(4000)
    lab.sleep(0.4)
    server.close()
    client.read_end()
    client.close()


@scenario("half-close-gso", verdict="graceful-half-close", initiator="client", half_close=True, kind="direct",
          innocent=True, live=True, change=lambda frames: rewrite.snap_length(frames, 80),
          change_note="snap length 80", client_errno="EOF", server_errno="EOF")
def _(lab):
    """100 KB come back after the FIN, in super-segments; only 80 bytes of each frame are kept."""
    client, server = lab.connect()
    client.send(4000)
    client.shutdown()
    server.read_end()
    server.send(100_000)
    server.close()
    client.read_end()
    client.close()


@scenario("half-closed-active-download", verdict="half-closed-active", initiator="client", half_close=True, live=True,
          innocent=True, client_errno="none", server_errno="EOF",
          loss_to_client="none")
def _(lab):
    """The client has finished sending and the server streams on when the capture stops."""
    client, server = lab.connect()
    client.send(100)
    client.shutdown()
    server.read_end()
    for _ in range(8):
        server.send(1000)
        client.recv(1000)
        lab.sleep(0.1)


@scenario("half-closed-active-upload-v6", verdict="half-closed-active", initiator="server", half_close=True, v6=True,
          live=True, innocent=True, client_errno="EOF", server_errno="none")
def _(lab):
    """The server has finished and the client still sends when the capture stops."""
    client, server = lab.connect()
    exchange(client, server)
    server.shutdown()
    client.read_end()
    for _ in range(20):
        client.send(600)
        server.recv(600)
        lab.sleep(0.02)


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


@scenario("graceful-unconfirmed-last-ack", verdict="graceful-unconfirmed", initiator="client", innocent=True, live=True,
          client_errno="none", server_errno="EOF", change=lambda frames: frames[:-1],
          change_note="cut before the last ACK")
def _(lab):
    """The capture stops right before the ACK of the second FIN."""
    client, server = lab.connect()
    exchange(client, server)
    client.close()
    server.read_end()
    lab.sleep(0.1)
    server.close()


@scenario("graceful-unconfirmed-crossing", verdict="graceful-unconfirmed", initiator="both", innocent=True, live=True,
          delay_s=0.02, v6=True, vantages=("middle",), client_errno="none", server_errno="none",
          change=lambda frames: [f for i, f in enumerate(frames)
                                 if i <= max(j for j, g in enumerate(frames) if is_fin(g.packet()))],
          change_note="cut behind the second FIN")
def _(lab):
    """Both close at once and the capture stops before either FIN is acknowledged."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.1)
    client.close()
    server.close()
    lab.sleep(0.1)


@scenario("graceful-unconfirmed-path-dies", verdict=("graceful-unconfirmed", "half-closed-fin-unacked"),
          initiator="server", innocent=True, vantages=("client",), client_errno="EOF", server_errno="none",
          reason="both rows describe it: both FINs seen, and the second one retransmitted without an answer")
def _(lab):
    """The ACKs of the client's FIN never come back: the client sends it again for some seconds."""
    client, server = lab.connect()
    exchange(client, server)
    lab.client.sysctl("net.ipv4.tcp_orphan_retries", 3)
    server.close()
    client.read_end()
    lab.sleep(0.1)
    lab.wire.drop(going(TO_SERVER))
    client.close()
    lab.sleep(3)


@scenario("graceful-then-reset-linger", verdict="graceful-then-reset", initiator="client", innocent=True, live=True,
          client_errno="none", server_errno="EOF")
def _(lab):
    """Both FINs are acknowledged; a late duplicate of the server's FIN meets the client, which has
    forgotten the connection already (no TIME-WAIT left), and is answered with RST."""
    client, server = lab.connect()
    exchange(client, server)
    client.close()
    server.read_end()
    server.close()
    lab.sleep(0.1)
    lab.client.sysctl("net.ipv4.tcp_max_tw_buckets", 0)
    _forget_time_wait(lab)
    lab.wire.inject(lab.wire.last(TO_CLIENT, is_fin), TO_CLIENT)
    lab.sleep(0.2)


def _forget_time_wait(lab):
    lab.client.run("ss", "-K", "state", "time-wait")


@scenario("graceful-then-reset-stale-data", verdict="graceful-then-reset", initiator="server", innocent=True, live=True,
          v6=True, client_errno="EOF", server_errno="none")
def _(lab):
    """An old copy of the client's request arrives when the server is in TIME-WAIT: it acknowledges, the
    client has no socket any more and answers with RST."""
    client, server = lab.connect()
    exchange(client, server)
    server.close()
    client.read_end()
    client.close()
    lab.sleep(0.1)
    lab.wire.inject(lab.wire.last(TO_SERVER, is_data), TO_SERVER)
    lab.sleep(0.2)


@scenario("graceful-then-reset-late-copies", verdict="graceful-then-reset", initiator="server", innocent=True, live=True,
          client_errno="EOF", server_errno="none", delay_s=0.005)
def _(lab):
    """Old copies of a request and of an ACK turn up half a second late; each brings one more RST."""
    client, server = lab.connect()
    exchange(client, server, 2500, 2500)
    server.close()
    client.read_end()
    client.close()
    lab.sleep(0.5)
    for _ in range(2):
        lab.wire.inject(lab.wire.last(TO_SERVER, is_data), TO_SERVER)
    lab.wire.inject(lab.wire.last(TO_CLIENT, is_pure_ack), TO_CLIENT)
    lab.sleep(0.3)
