# SPDX-License-Identifier: GPL-2.0-or-later
"""Data reaches a host whose application has closed."""
import socket

from labkit.scenario import scenario
from labkit.steps import TO_CLIENT, exchange, going, is_rst

_SERVER_CLOSED = {"initiator": "server", "innocent": True, "client_errno": "EOF,EPIPE", "server_errno": "none",
                  "loss_to_server": "certain"}

_CLIENT_CLOSED = {"initiator": "client", "innocent": True, "client_errno": "none", "server_errno": "EOF,EPIPE",
                  "loss_to_client": "certain"}


@scenario("data-after-close-request", verdict="data-after-close", live=True, vantages=("client", "middle", "server"),
          half_close=None, **_SERVER_CLOSED)
def _(lab):
    """The server closed; a second later the client, which knows it, sends another request."""
    client, server = lab.connect()
    exchange(client, server)
    server.close()
    client.recv(1)
    lab.sleep(1)
    client.send(250)
    lab.sleep(0.1)
    client.send(10)


@scenario("data-after-close-server-streams-v6", verdict="data-after-close", live=True, v6=True, delay_s=0.01,
          half_close=None, **_CLIENT_CLOSED)
def _(lab):
    """The client closes in good order while the server keeps pushing events (IPv6)."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.1)
    client.close()
    server.recv(1)
    lab.sleep(0.1)
    server.send(90)
    lab.sleep(0.2)
    server.send(90)


@scenario("data-after-close-several-resets", verdict="data-after-close", live=True, delay_s=0.015, half_close=None,
          **_CLIENT_CLOSED)
def _(lab):
    """The server has read EOF and still sends a long answer: each of its segments gets a reset."""
    client, server = lab.connect()
    client.send(200)
    server.recv(200)
    lab.sleep(0.1)
    client.close()
    server.recv(1)
    lab.sleep(0.1)
    server.send(7000)
    lab.sleep(0.2)
    server.send(10)


@scenario("data-after-close-shutdown-rdwr", verdict="data-after-close", live=True, half_close=None, **_SERVER_CLOSED)
def _(lab):
    """The server says shutdown(RDWR) and keeps the socket: late data is refused all the same."""
    client, server = lab.connect()
    exchange(client, server)
    server.shutdown(socket.SHUT_RDWR)
    client.recv(1)
    lab.sleep(0.3)
    client.send(77)
    lab.sleep(0.1)
    client.send(10)


@scenario("data-after-close-fin-wait-2-expired", verdict="data-after-close", half_close=None, **_CLIENT_CLOSED)
def _(lab):
    """The client closed two minutes ago and its kernel has forgotten FIN-WAIT-2; then the server speaks."""
    lab.client.sysctl("net.ipv4.tcp_fin_timeout", 1)
    client, server = lab.connect()
    exchange(client, server)
    client.close()
    server.recv(1)
    lab.sleep(2.5)
    lab.stretch(117)
    server.send(60)
    lab.sleep(0.1)
    server.send(10)


@scenario("data-after-close-reset-lost", verdict="data-after-close", live=True, half_close=None, vantages=("client", "server"),
          reason="at the client the first copy drew no reset: for all that is seen there it was taken",
          **{**_SERVER_CLOSED, "loss_to_server": ("certain", "possible")})
def _(lab):
    """The first reset is lost; the client's retransmission gets the one that counts."""
    client, server = lab.connect()
    exchange(client, server)
    server.close()
    client.recv(1)
    lab.sleep(0.1)
    lab.wire.drop(going(TO_CLIENT, is_rst), times=1)
    client.send(250)
    lab.sleep(0.6)
    client.send(10)


@scenario("data-after-close-last-line", verdict="data-after-close", live=True, half_close=None, initiator="client",
          innocent=True, client_errno="none", server_errno=("EOF", "EOF,EPIPE"), loss_to_client="certain",
          reason="the server's application closes behind its last line and never learns of the reset")
def _(lab):
    """The client closed; the server's goodbye (its last data with its FIN) meets no socket."""
    lab.client.sysctl("net.ipv4.tcp_fin_timeout", 60)
    client, server = lab.connect(port=25)
    exchange(client, server)
    client.close()
    server.recv(1)
    lab.sleep(0.2)
    server.send(28)
    server.close()


@scenario("close-during-download", verdict=("data-crossed-fin", "data-after-close"), live=True, delay_s=0.02,
          initiator="client", innocent=True, loss_to_client="certain", client_errno="none",
          server_errno=("EPIPE", "EOF,EPIPE", "ECONNRESET", "EOF,ECONNRESET"), half_close=None,
          reason="some of the data left before the FIN was there, some after it; a sender that never reads sees no EOF")
def _(lab):
    """The client closes in good order, everything read, while the server still streams: resets at FIN and
    at FIN+1."""
    client, server = lab.connect()
    client.send(80)
    server.recv(80)
    server.send(4000)
    client.recv(4000)
    server.send(8000)
    client.close()
    lab.sleep(0.03)
    while not server.send(2000).startswith("E"):
        lab.sleep(0.01)
