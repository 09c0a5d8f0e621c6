# SPDX-License-Identifier: GPL-2.0-or-later
"""Connections that the capture leaves alive."""
import socket

from labkit.scenario import scenario
from labkit.steps import exchange, is_data


@scenario("open-midway", verdict="open", initiator=("none", "unknown"), innocent=True, live=True, client_errno="none",
          server_errno="none")
def _(lab):
    """The capture stops in the middle of everything."""
    client, server = lab.connect()
    for _ in range(3):
        exchange(client, server, 50, 1500)


@scenario("open-after-handshake-v6", verdict="open", initiator=("none", "unknown"), innocent=True, live=True, v6=True,
          client_errno="none", server_errno="none")
def _(lab):
    """A connection that is only opened, then nothing for a minute."""
    lab.connect()
    lab.tail(60)


@scenario("open-answered-keepalives", verdict="open", initiator=("none", "unknown"), innocent=True, client_errno="none",
          server_errno="none")
def _(lab):
    """Idle for long, alive: each keep-alive probe is answered."""
    client, server = lab.connect(client_options=((socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
                                                 (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 1),
                                                 (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1)))
    exchange(client, server)
    lab.sleep(4.5)


@scenario("open-window-closed", verdict=("open",), initiator=("none", "unknown", "client"), innocent=True, client_errno="none",
          server_errno="none", loss_to_client=("none", "possible"), live=True,
          reason="a closed window whose probes are answered, and the capture stops within a second")
def _(lab):
    """The client does not read for a while; the capture stops before anything is decided."""
    client, server = lab.connect(client_options=((socket.SOL_SOCKET, socket.SO_RCVBUF, 4096),))
    client.send(50)
    server.recv(50)
    server.send_now(50_000)
    lab.sleep(0.5)


@scenario("open-one-retransmission", verdict="open", initiator=("none", "unknown"), innocent=True, live=True,
          client_errno="none", server_errno="none", loss_to_server="none")
def _(lab):
    """A lost segment comes again and is acknowledged; then the capture stops."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.1)
    lost = iter([True])
    lab.wire.drop(lambda p, d: is_data(p) and next(lost, False))
    client.send(100)
    server.recv(100)
