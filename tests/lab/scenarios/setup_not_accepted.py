# SPDX-License-Identifier: GPL-2.0-or-later
"""The handshake is done for the client and not for the server: accept queue full, deferred accept, a one-way path."""
import socket
import time

from labkit.app import App
from labkit.scenario import scenario
from labkit.steps import TO_SERVER, close_in_turn, exchange, is_syn

_USER_TIMEOUT = ((socket.IPPROTO_TCP, 18, 5000),)  # TCP_USER_TIMEOUT, in milliseconds
_NOT_ACCEPTED = {"verdict": "setup-not-accepted", "initiator": "server", "innocent": True, "server_errno": "none"}
# What the client wrote lies nowhere: its kernel repeats it, the server's drops it.
_UNHEARD = {"loss_to_server": ("possible", "certain"),
            "reason": "what the client sent was never taken; whether silence makes it certain is a matter of words", **_NOT_ACCEPTED}


def _full(lab, *, retries=2, overflow=0, options=()):
    """A client whose SYN is answered and whose third step finds the accept queue full: another client was quicker.
    Returns the listener, too."""
    lab.server.sysctl("net.ipv4.tcp_synack_retries", retries)
    lab.server.sysctl("net.ipv4.tcp_abort_on_overflow", overflow)
    listener = lab.listen(backlog=0)
    address = (lab.addresses["server"], 8080)
    client = lab.client_app(options=options)
    own = client.sock.getsockname()[1]
    until = time.monotonic() + 0.08 + 6 * lab.wire.delay_s
    lab.wire.add(lambda p, d: [(p, until - time.monotonic())] if d == TO_SERVER and p.sport == own and not is_syn(p)
                 and time.monotonic() < until else None)
    client.connect(address)
    quicker = lab.client_app()
    quicker.connect(address)
    pair = lab.add_pair(client, None, 8080)
    lab.add_pair(quicker, None, 8080, truth={"verdict": "open", "initiator": ("none", "unknown"), "client_errno": "none",
                                             "loss_to_server": "none", "reason": "it waits in the queue"})
    return listener, pair.client


@scenario("accept-queue-full-request", vantages=("client", "server"), client_errno="ETIMEDOUT", **_UNHEARD)
def _(lab):
    """The client's third step and its request are dropped, the SYN-ACK is repeated twice behind them; it gives up in the end."""
    _, client = _full(lab, options=_USER_TIMEOUT)
    client.send(100)
    client.read_end()
    lab.tail(30)


@scenario("accept-queue-full-reset-in-the-end", vantages=("client", "middle"), client_errno="ECONNRESET", **{**_UNHEARD,
          "loss_to_server": "certain"})
def _(lab):
    """The embryonic socket expires; the next repeat of the client's request meets no socket and draws a reset."""
    _, client = _full(lab, retries=1)
    client.send(400)
    client.read_end()


@scenario("accept-queue-full-nothing-sent", vantages=("client", "server"), client_errno="none", **_NOT_ACCEPTED)
def _(lab):
    """The client waits for the server to speak first; all that shows are repeated SYN-ACKs, answered each time."""
    _full(lab)
    lab.sleep(7.5)
    lab.tail(20)


@scenario("accept-queue-full-client-gives-up-v6", v6=True, vantages=("client",), client_errno=("none", "ETIMEDOUT"), **_UNHEARD)
def _(lab):
    """The client's program waits three seconds and closes: its FIN is dropped as well (IPv6)."""
    lab.client.sysctl("net.ipv4.tcp_orphan_retries", 3)
    _, client = _full(lab, retries=3)
    client.send(700)
    lab.sleep(3)
    client.close()
    lab.sleep(5)
    lab.tail(10)


@scenario("accept-queue-full-capture-stops", vantages=("client",), client_errno="none", **{**_UNHEARD,
          "verdict": ("setup-not-accepted", "open"), "initiator": ("server", "none", "unknown"),
          "loss_to_server": ("none", "possible", "certain"),
          "reason": "one SYN-ACK is repeated behind the client's ACK and data when the capture stops: nothing is decided"})
def _(lab):
    """The capture stops four seconds after the request, with one repeated SYN-ACK in it."""
    _, client = _full(lab)
    client.send(100)
    lab.sleep(2)


@scenario("accept-queue-full-abort", live=True, vantages=("client", "server"), client_errno="ECONNRESET", **{**_UNHEARD,
          "loss_to_server": "certain"})
def _(lab):
    """tcp_abort_on_overflow: the third step of the handshake is answered with a reset, and so is the request behind it."""
    _, client = _full(lab, overflow=1)
    client.send(120)
    client.read_end()


@scenario("accept-queue-full-abort-quiet", live=True, vantages=("client", "server"), client_errno="ECONNRESET", **_NOT_ACCEPTED)
def _(lab):
    """The same, and the client had sent nothing: SYN, SYN-ACK, ACK, RST."""
    _, client = _full(lab, overflow=1)
    client.read_end()


@scenario("accept-queue-full-abort-v6", live=True, v6=True, delay_s=0.04, vantages=("client", "middle"), client_errno="ECONNRESET",
          **{**_UNHEARD, "loss_to_server": "certain"})
def _(lab):
    """The same with 1 KB behind the third step and a round trip of 80 ms (IPv6)."""
    _, client = _full(lab, overflow=1)
    client.send(1000)
    client.read_end()
    lab.tail(1)


@scenario("client-unheard", vantages=("client", "middle", "server"), client_errno="ETIMEDOUT", initiator=("network", "server"),
          **{k: v for k, v in _UNHEARD.items() if k != "initiator"},
          at={"server": {"verdict": "setup-synack-unanswered", "initiator": ("client", "network"),
                         "loss_to_server": ("none", "possible", "certain"),
                         "reason": "nothing of the client but its SYN reaches the server"}})
def _(lab):
    """Behind the SYN nothing of the client reaches the server: SYN-ACK and request are both repeated."""
    lab.server.sysctl("net.ipv4.tcp_synack_retries", 2)
    lab.wire.drop(lambda p, d: d == TO_SERVER and not is_syn(p))
    lab.listen()
    client = lab.client_app(options=_USER_TIMEOUT)
    client.connect((lab.addresses["server"], 8080))
    lab.add_pair(client, None, 8080)
    client.send(250)
    client.read_end()
    lab.sleep(1.5)
    lab.tail(30)


# Near misses: accepted after all

_LATE = {"verdict": "graceful", "initiator": "client", "innocent": True, "client_errno": "none", "server_errno": "EOF"}


@scenario("accept-queue-full-for-a-while", vantages=("client", "server"), **_LATE)
def _(lab):
    """The server's program comes round after two seconds: the repeated request is accepted, and all ends well."""
    listener, client = _full(lab, retries=3)
    client.send(100)
    lab.sleep(2)
    lab.pairs[1].server = App("server", listener.accept()[0], lab.clock)
    lab.pairs[1].truth["server_errno"] = "none"
    lab.pairs[0].server = server = App("server", listener.accept()[0], lab.clock)
    server.recv(100)
    exchange(client, server)
    close_in_turn(client, server)


def _deferred(lab, seconds=2):
    """TCP_DEFER_ACCEPT: the server wants the connection only with its first data. Returns listener and client."""
    listener = lab.listen(options=((socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, seconds),))
    client = lab.client_app()
    client.connect((lab.addresses["server"], 8080))
    return listener, client


def _accepted(lab, listener, client):
    return lab.add_pair(client, App("server", listener.accept()[0], lab.clock), 8080)


@scenario("deferred-accept-request", live=True, vantages=("client", "server"), **_LATE)
def _(lab):
    """TCP_DEFER_ACCEPT, and the request comes half a second later: nothing special shows."""
    listener, client = _deferred(lab)
    lab.sleep(0.5)
    client.send(120)
    pair = _accepted(lab, listener, client)
    pair.server.recv(120)
    pair.server.send(340)
    client.recv(340)
    close_in_turn(*pair)


@scenario("deferred-accept-late-request", vantages=("client", "server"), **_LATE)
def _(lab):
    """TCP_DEFER_ACCEPT, and the client is silent for four seconds: one SYN-ACK is repeated, its answer accepted."""
    listener, client = _deferred(lab)
    lab.sleep(4)
    client.send(120)
    pair = _accepted(lab, listener, client)
    pair.server.recv(120)
    pair.server.send(340)
    client.recv(340)
    close_in_turn(*pair)


@scenario("deferred-accept-silent", vantages=("client", "server"), verdict=("open", "setup-not-accepted"), innocent=True,
          initiator=("none", "unknown", "server"), client_errno="none", server_errno="none",
          reason="the repeated SYN-ACK was answered and accept() returned, but nothing on the wire says that it was taken")
def _(lab):
    """TCP_DEFER_ACCEPT, and the client never says anything: the SYN-ACK comes again; then the capture stops."""
    listener, client = _deferred(lab)
    lab.sleep(4)
    _accepted(lab, listener, client)
    lab.tail(2)


@scenario("deferred-accept-unanswered", vantages=("client", "middle"), client_errno="ECONNRESET", **{**_UNHEARD,
          "loss_to_server": "certain"})
def _(lab):
    """TCP_DEFER_ACCEPT, the client's answer to the repeated SYN-ACK is lost: the server forgets it, and resets its request."""
    lab.server.sysctl("net.ipv4.tcp_synack_retries", 1)
    _, client = _deferred(lab, 1)
    lab.add_pair(client, None, 8080)
    hole = lab.wire.blackhole(TO_SERVER)
    lab.sleep(5)
    lab.wire.remove(hole)
    client.send(90)
    client.read_end()
