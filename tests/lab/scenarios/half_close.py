# SPDX-License-Identifier: GPL-2.0-or-later
"""One side is done before the other, and the other goes on: half-closes that are used."""
import socket

from labkit import rewrite
from labkit.scenario import scenario
from labkit.steps import TO_CLIENT, TO_SERVER, exchange, going, is_data, is_fin


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


@scenario("half-closed-active-long-answer", verdict="half-closed-active", initiator="client", half_close=True, live=True, delay_s=0.01,
          innocent=True, client_errno="none", server_errno="EOF", loss_to_client=("none", "possible"),
          reason="the last segments may be unacknowledged when the capture stops")
def _(lab):
    """nc -N: the request ends with FIN and a log is streamed back, line by line, until the capture stops."""
    client, server = lab.connect()
    client.send(30)
    client.shutdown()
    server.read_end()
    for size in (300, 40, 1200, 80, 600, 90):
        server.send(size)
        client.recv(size)
        lab.sleep(0.15)
