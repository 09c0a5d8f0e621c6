# SPDX-License-Identifier: GPL-2.0-or-later
"""The FIN and the next request cross."""
import socket

from labkit.scenario import scenario
from labkit.steps import TO_CLIENT, exchange, going, is_fin


@scenario("keepalive-race-delayed", verdict="data-crossed-fin", live=True, delay_s=0.05, initiator="server", innocent=True,
          vantages=("client", "middle", "server"), loss_to_server="certain",
          client_errno=("EOF", "EOF,EPIPE", "ECONNRESET"), server_errno="none", half_close=None,
          reason="the FIN came first: the client reads EOF, and EPIPE if it writes once more")
def _(lab):
    """The server closes, sooner than any keep-alive timer, while the client's next request is under way."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.3)
    server.close()
    lab.sleep(0.02)
    client.send(300)
    client.recv(1)
    lab.sleep(0.2)
    client.send(1)


@scenario("keepalive-race-node-5s", verdict="keepalive-race", delay_s=0.02, initiator="server", innocent=True, v6=True,
          loss_to_server="certain", client_errno=("EOF,EPIPE", "ECONNRESET", "EOF"), server_errno="none", half_close=None,
          reason="EOF or ECONNRESET first: a matter of when the client reads")
def _(lab):
    """A server with five seconds of keep-alive, and a client that comes back after five seconds (IPv6)."""
    client, server = lab.connect()
    exchange(client, server)
    lab.stretch(4.7)
    server.close()
    lab.sleep(0.005)
    client.send(420)
    client.recv(1)
    lab.sleep(0.1)
    client.send(1)


@scenario("keepalive-race-gunicorn-2s", verdict="keepalive-race", live=True, delay_s=0.03, initiator="server", innocent=True,
          vantages=("client", "middle", "server"), loss_to_server="certain",
          client_errno=("EOF,EPIPE", "ECONNRESET", "EOF"), server_errno="none", half_close=None,
          reason="EOF or ECONNRESET first: a matter of when the client reads")
def _(lab):
    """A server with the shortest keep-alive that is a default anywhere, two seconds."""
    client, server = lab.connect()
    exchange(client, server)
    lab.stretch(1.7)
    server.close()
    lab.sleep(0.01)
    client.send(300)
    client.recv(1)
    lab.sleep(0.15)
    client.send(1)


@scenario("keepalive-race-nginx-75s", verdict="keepalive-race", live=True, delay_s=0.04, initiator="server", innocent=True,
          loss_to_server="certain", client_errno=("EOF,EPIPE", "ECONNRESET", "EOF"), server_errno="none", half_close=None,
          reason="EOF or ECONNRESET first: a matter of when the client reads")
def _(lab):
    """Two pipelined requests cross the FIN of a server with 75 seconds of keep-alive."""
    client, server = lab.connect(client_options=((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),))
    exchange(client, server)
    lab.stretch(74.7)
    server.close()
    lab.sleep(0.01)
    client.send(300)
    lab.sleep(0.005)
    client.send(310)
    client.recv(1)
    lab.sleep(0.15)
    client.send(1)


@scenario("keepalive-race-fin-lost", verdict="data-crossed-fin", live=True, initiator="server", innocent=True,
          loss_to_server="certain", client_errno="ECONNRESET", server_errno="none", half_close=None,
          vantages=("server", "client"),
          at={"client": {"verdict": ("data-crossed-fin", "peer-lost-state", "data-after-close", "inconclusive"),
                         "initiator": ("server", "unknown"),
                         "reason": "at the client the FIN never shows: only that the server knew nothing any more"}})
def _(lab):
    """The server's FIN is lost; the client's request is answered by the reset of the closed socket."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.2)
    lab.wire.drop(going(TO_CLIENT, is_fin))
    server.close()
    lab.sleep(0.02)
    client.send(300)
    client.read_end()


@scenario("keepalive-race-two-requests", verdict="data-crossed-fin", live=True, delay_s=0.04, initiator="server", innocent=True,
          loss_to_server="certain", client_errno=("EOF,EPIPE", "ECONNRESET", "EOF"), server_errno="none", half_close=None,
          reason="EOF or ECONNRESET first: a matter of when the client reads")
def _(lab):
    """Two pipelined requests cross the FIN: two resets with the same number."""
    client, server = lab.connect(client_options=((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),))
    exchange(client, server)
    lab.sleep(0.3)
    server.close()
    lab.sleep(0.01)
    client.send(300)
    lab.sleep(0.005)
    client.send(310)
    client.recv(1)
    lab.sleep(0.15)
    client.send(1)


@scenario("keepalive-race-client-closes", verdict="data-crossed-fin", live=True, delay_s=0.04, initiator="client", innocent=True,
          loss_to_client="certain", client_errno="none", server_errno=("EOF,EPIPE", "ECONNRESET", "EOF"), half_close=None,
          reason="the other way round: the client closes while an event of the server is under way")
def _(lab):
    """The client closes while the server's push is under way."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.3)
    client.close()
    lab.sleep(0.01)
    server.send(120)
    server.recv(1)
    lab.sleep(0.15)
    server.send(1)
