# SPDX-License-Identifier: GPL-2.0-or-later
"""One direction of the path dies and the other lives; hosts that stop, and captures that stop too soon."""
import socket

from labkit.scenario import scenario
from labkit.steps import TO_CLIENT, TO_SERVER, close_in_turn, exchange

_USER_TIMEOUT = ((socket.IPPROTO_TCP, 18, 3000),)  # TCP_USER_TIMEOUT, in milliseconds
_DEAD = {"verdict": "timeout-retransmit", "innocent": True}
# All that the client sends arrives; only nothing comes back. Its own capture cannot know.
_BACK = {"client_errno": "ETIMEDOUT", "server_errno": "none", "vantages": ("client", "middle", "server"),
         "initiator": ("network",), "loss_to_server": ("none", "possible"), "reason": "everything arrived, and was acknowledged in vain",
         "at": {"client": {"initiator": ("network", "server"), "loss_to_server": ("possible",),
                           "reason": "at the client a dead way back looks like a dead server"}}, **_DEAD}


def _way_back_dies(lab, size=300, pieces=1, read=True):
    client, server = lab.connect(client_options=_USER_TIMEOUT)
    exchange(client, server)
    lab.sleep(0.1)
    lab.wire.blackhole(TO_CLIENT)
    for _ in range(pieces):
        client.send(size)
    if read:
        server.recv(size * pieces)
    client.read_end()
    return client, server


# Where the capture stops with the last repeat, nothing says yet that it was the last.
_NO_TAIL = {"verdict": ("timeout-retransmit", "open"), "client_errno": ("ETIMEDOUT", "none", "unknown"),
            "reason": "nothing behind the last repeat says that it was the last"}


@scenario("way-back-dead", **{**_BACK, **_NO_TAIL, "initiator": ("network", "none", "unknown"), "at": {"client": {
          **_BACK["at"]["client"], "initiator": ("network", "server", "none", "unknown")}}})
def _(lab):
    """The client's request arrives five times and is acknowledged each time; no ACK comes back. Nobody else speaks afterwards."""
    _way_back_dies(lab)


@scenario("way-back-dead-upload", delay_s=0.03, **_BACK)
def _(lab):
    """The same with an upload in eight segments, and half a minute of silence behind it."""
    _way_back_dies(lab, 1400, 8)
    lab.tail(30)


@scenario("way-back-dead-v6", v6=True, **_BACK)
def _(lab):
    """The same over IPv6."""
    _way_back_dies(lab, 700)
    lab.tail(5)


@scenario("way-back-dead-answer-lost", vantages=("server", "middle", "client"), client_errno="ETIMEDOUT", server_errno="ETIMEDOUT",
          loss_to_client=("possible", "certain"), loss_to_server=("none", "possible"), initiator="network",
          reason="the request arrived again and again, the answer never; both give up",
          at={"client": {"initiator": ("network", "server"), "loss_to_client": ("none", "possible", "certain"),
                         "server_errno": ("ETIMEDOUT", "none", "unknown"),
                         "reason": "at the client a dead way back looks like a dead server"}}, **_DEAD)
def _(lab):
    """The way back dies behind the request: the server repeats its answer, the client repeats its request."""
    client, server = lab.connect(client_options=_USER_TIMEOUT, server_options=_USER_TIMEOUT)
    exchange(client, server)
    lab.sleep(0.1)
    lab.wire.blackhole(TO_CLIENT)
    client.send(300)
    server.recv(300)
    server.send(900)
    client.read_end()
    server.read_end()
    lab.tail(20)


@scenario("way-there-dead", vantages=("client", "middle", "server"), client_errno="ETIMEDOUT", server_errno="ETIMEDOUT",
          loss_to_server=("possible", "certain"), loss_to_client=("none", "possible"), initiator="network",
          reason="every event of the server arrives; no ACK and no request of the client does",
          at={"server": {"initiator": ("network", "client"), "loss_to_client": ("none", "possible", "certain"),
                         "client_errno": ("ETIMEDOUT", "none", "unknown"), "loss_to_server": ("none", "possible", "certain"),
                         "reason": "at the server a dead way there looks like a dead client"}}, **_DEAD)
def _(lab):
    """The way to the server dies: the client gets the server's event five times and acknowledges it in vain; its request is lost."""
    client, server = lab.connect(client_options=_USER_TIMEOUT, server_options=_USER_TIMEOUT)
    exchange(client, server)
    lab.sleep(0.1)
    lab.wire.blackhole(TO_SERVER)
    server.send(250)
    client.recv(250)
    client.send(400)
    server.read_end()
    client.read_end()
    lab.tail(10)


@scenario("way-there-dead-push", vantages=("client", "server"), client_errno="none", server_errno="ETIMEDOUT",
          loss_to_client=("none", "possible"), initiator="network", reason="all of it arrived, and was acknowledged in vain",
          at={"server": {"initiator": ("network", "client"), "loss_to_client": ("possible",),
                         "reason": "at the server a dead way there looks like a dead client"}}, **_DEAD)
def _(lab):
    """The same with a client that has nothing to say: its ACKs alone are lost. A quarter of a minute of silence follows."""
    client, server = lab.connect(server_options=_USER_TIMEOUT)
    exchange(client, server)
    lab.sleep(0.1)
    lab.wire.blackhole(TO_SERVER)
    server.send(1000)
    client.recv(1000)
    server.read_end()
    lab.tail(15)


@scenario("way-back-dead-from-the-start", vantages=("client", "middle", "server"), verdict="setup-synack-unanswered", initiator="network",
          innocent=True, client_errno="ETIMEDOUT", server_errno="none", at={"client": {
          "verdict": "setup-no-reply", "initiator": ("network", "server"), "reason": "at the client a dead way back looks like a dead server"}})
def _(lab):
    """No SYN-ACK comes back: the client repeats its SYN behind the server's SYN-ACKs, so it is no silent client."""
    lab.client.sysctl("net.ipv4.tcp_syn_retries", 2)
    lab.client.sysctl("net.ipv4.tcp_syn_linear_timeouts", 0)
    lab.server.sysctl("net.ipv4.tcp_synack_retries", 2)
    lab.listen()
    lab.wire.blackhole(TO_CLIENT)
    lab.try_connect()
    lab.tail(10)


# Dead, and the capture stops soon

_STOPS = {"innocent": True, "client_errno": "none", "server_errno": "none", "loss_to_server": ("none", "possible", "certain"),
          "vantages": ("client",)}


@scenario("stalled-four-repeats", verdict=("open", "timeout-retransmit"), initiator=("none", "unknown", "server", "network"),
          reason="the path is dead and the client has not given up when the capture stops", **_STOPS)
def _(lab):
    """The path dies; the capture stops 1.8 s behind the request, with four repeats unanswered."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.1)
    lab.wire.blackhole()
    client.send(300)
    lab.sleep(1.8)


@scenario("stalled-strangers-go-on", verdict=("timeout-retransmit", "open"), initiator=("server", "network", "none", "unknown"),
          reason="the client goes on repeating, ever more seldom; strangers' packets end the capture", **_STOPS)
def _(lab):
    """The same, and six seconds later a stranger's datagram is the last of the capture: the next repeat is not due yet."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.1)
    lab.wire.blackhole()
    client.send(300)
    lab.sleep(3.6)
    lab.tail(2.5)


@scenario("stalled-two-repeats", verdict="open", initiator=("none", "unknown"),
          reason="two repeats are nothing yet", **_STOPS)
def _(lab):
    """The path dies; the capture stops half a second behind the request, with two repeats unanswered."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.1)
    lab.wire.blackhole()
    client.send(300)
    lab.sleep(0.35)


# Near misses

@scenario("way-back-dead-for-a-while", live=True, vantages=("client", "server"), verdict="graceful", initiator="client", innocent=True,
          client_errno="none", server_errno="EOF")
def _(lab):
    """The way back is dead for 1.2 s: the server gets the request four times, then all goes on and ends well."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.1)
    hole = lab.wire.blackhole(TO_CLIENT)
    client.send(300)
    server.recv(300)
    lab.sleep(1.2)
    lab.wire.remove(hole)
    server.send(500)
    client.recv(500)
    close_in_turn(client, server)


@scenario("acks-lost-then-reset", live=True, vantages=("client", "server"), verdict=("abort-waiting", "abort-by-sender", "timeout-retransmit-reset"),
          initiator=("client", "server", "network"), innocent=True, client_errno="none", server_errno="ECONNRESET",
          loss_to_server=("none", "possible"), reason="all arrived; the client could not know and reset with its request unacknowledged",
          at={"server": {"verdict": ("abort-waiting", "abort-unanswered", "abort-by-sender", "abort-as-close", "timeout-retransmit-reset"),
                         "initiator": ("client", "network"),
                         "reason": "at the server the repeats were acknowledged and the client reset without an answer"}})
def _(lab):
    """The way back is dead; the client repeats its request three times and its program aborts after 1.1 s."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.1)
    lab.wire.drop(lambda p, d: d == TO_CLIENT)
    client.send(300)
    server.recv(300)
    lab.sleep(1.1)
    client.abort()
    server.read_end()
