# SPDX-License-Identifier: GPL-2.0-or-later
"""Data that a host acknowledged and its application never read: early answers, pipelined requests, slow readers."""
import socket

from labkit.scenario import RESET_BY_CLIENT, RESET_BY_SERVER, scenario
from labkit.steps import at_once, close_in_turn, exchange

_SMALL_BUFFER = ((socket.SOL_SOCKET, socket.SO_RCVBUF, 4096),)
_413 = b"HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_POST = b"POST /upload HTTP/1.1\r\nHost: lab\r\nContent-Length: %d\r\n\r\n"
_GET = b"GET /%s HTTP/1.1\r\nHost: lab\r\n\r\n"
_OK = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n"
# The client's own view of an early answer: it may read the answer before it meets the reset, or meet EPIPE in its send().
_EARLY = {"initiator": "server", "innocent": True, "server_errno": "none", "client_errno": ("ECONNRESET", "EPIPE"),
          "loss_to_client": ("none", "possible"), "reason": "the answer is in the client's kernel: whether its program reads it before "
          "the reset ends its sending, the wire does not show"}


def _head(client, server, size):
    head = _POST % size
    client.send(head)
    server.recv(len(head))


def _upload(client, size, piece=1400):
    """Sends the body as long as anybody takes it."""
    while size > 0 and not client.send(min(piece, size)).startswith(("E", "timed")):
        size -= piece


# An early 413

@scenario("early-413-body-in-flight", live=True, delay_s=0.02, vantages=("client", "server"), verdict="abort-by-receiver",
          loss_to_server="certain", **_EARLY)
def _(lab):
    """413 before the body is there, then close() with the body's beginning unread and more of it under way."""
    client, server = lab.connect()
    _head(client, server, 20_000)
    at_once(lambda: _upload(client, 20_000), lambda: (server.wait_until_received(4000), server.send(_413), server.close()))
    client.read_end()


@scenario("early-413-body-acknowledged", live=True, vantages=("client", "server"), verdict=("abort-unanswered", "abort-as-close"),
          **{**_EARLY, "loss_to_server": ("possible", "certain"), "client_errno": "ECONNRESET", "loss_to_client": "none"})
def _(lab):
    """The whole body is acknowledged and not read; the server answers 413 and closes: the answer is newer than the body."""
    client, server = lab.connect()
    _head(client, server, 3000)
    client.send(3000)
    server.wait_until_received(3000)
    lab.sleep(0.1)
    server.send(_413)
    client.recv(len(_413))
    lab.sleep(0.1)
    server.close()
    client.read_end()


@scenario("early-413-slow-reader", vantages=("client", "server"), verdict=("abort-by-receiver", "abort-unanswered", "abort-as-close"),
          **{**_EARLY, "loss_to_server": ("possible", "certain")})
def _(lab):
    """The server reads nothing, its window shrinks to nothing, the client is stuck in its upload; 413 and close() after a second."""
    client, server = lab.connect(server_options=_SMALL_BUFFER)
    _head(client, server, 60_000)
    client.send_now(60_000)
    lab.sleep(1.2)
    server.send(_413)
    lab.sleep(0.1)
    server.close()
    client.recv(len(_413))
    client.read_end()


@scenario("early-413-lingering-close", live=True, vantages=("client", "server"), delay_s=0.01, verdict="graceful-half-close",
          initiator="server", innocent=True, half_close=True, server_errno="EOF", client_errno="EOF")
def _(lab):
    """Near miss: 413 and shutdown(WR), then the server reads the rest of the body: nobody is reset."""
    client, server = lab.connect()
    _head(client, server, 9000)
    client.send(4000)
    server.recv(1000)
    server.send(_413)
    server.shutdown()
    client.read_end()
    client.send(5000)
    client.close()
    server.read_end()
    server.close()


@scenario("upload-window-still", live=True, vantages=("server", "client"), verdict=("abort-unanswered", "abort-by-receiver"),
          loss_to_server=("possible", "certain"), reason="acknowledged, and the window's edge never moved: unread",
          **RESET_BY_SERVER)
def _(lab):
    """The server takes 4 KB into its small buffer and reads none: its window's edge stands still. Then its process is killed."""
    client, server = lab.connect(server_options=_SMALL_BUFFER)
    exchange(client, server, 100, 100)
    client.send(2900)
    server.wait_until_received(2900)
    client.send(1000)
    server.wait_until_received(3900)
    lab.sleep(0.15)
    server.move_to_process()
    server.kill()
    client.read_end()


@scenario("upload-window-read", live=True, vantages=("server", "client"), verdict=("abort-unanswered", "abort-by-receiver"),
          loss_to_server=("none", "possible"), reason="acknowledged and read, as the window's edge shows; whether more would have come, it does not", **RESET_BY_SERVER)
def _(lab):
    """Near miss: the upload is read, the window's edge moves on with it; then SO_LINGER 0 with nothing unread."""
    client, server = lab.connect(server_options=_SMALL_BUFFER)
    exchange(client, server, 100, 100)
    for _ in range(4):
        client.send(700)
        server.recv(700)
        lab.sleep(0.05)
    server.abort()
    client.read_end()


# Pipelined requests

def _pipelined(lab, count, *, answered, read, size=300):
    """That many requests in one go; the server reads and answers the first ones."""
    client, server = lab.connect(port=80)
    requests = [_GET % (b"page-%d" % n) for n in range(count)]
    client.send(b"".join(requests))
    server.wait_until_received(len(b"".join(requests)))
    server.recv(len(b"".join(requests[:read])))
    for _ in range(answered):
        server.send(_OK % size + b"y" * size)
        client.recv(len(_OK % size) + size)
    lab.sleep(0.05)
    return client, server


@scenario("pipelined-second-unread", live=True, vantages=("client", "server"), verdict="abort-unanswered",
          loss_to_server=("possible", "certain"), **RESET_BY_SERVER)
def _(lab):
    """Two pipelined requests; the first is answered, the server closes with the second unread: RST."""
    client, server = _pipelined(lab, 2, answered=1, read=1)
    server.close()
    client.read_end()


@scenario("pipelined-second-read-linger", live=True, vantages=("client", "server"), delay_s=0.01, verdict="abort-unanswered",
          loss_to_server=("none", "possible"), **RESET_BY_SERVER)
def _(lab):
    """Two pipelined requests, both read, the first answered; then SO_LINGER 0."""
    client, server = _pipelined(lab, 2, answered=1, read=2)
    server.abort()
    client.read_end()


@scenario("pipelined-three-one-answered-v6", live=True, v6=True, vantages=("client",), verdict="abort-unanswered",
          loss_to_server=("possible", "certain"), **RESET_BY_SERVER)
def _(lab):
    """Three pipelined requests, one answered, two unread (IPv6)."""
    client, server = _pipelined(lab, 3, answered=1, read=1)
    server.close()
    client.read_end()


@scenario("pipelined-all-answered-reset", live=True, vantages=("client", "server"), verdict="abort-as-close", **RESET_BY_SERVER)
def _(lab):
    """Near miss: two pipelined requests, both read and answered; then the server resets instead of closing."""
    client, server = _pipelined(lab, 2, answered=2, read=2)
    server.abort()
    client.read_end()


@scenario("pipelined-one-answered-fin", live=True, vantages=("client", "server"), verdict="graceful", initiator="server", innocent=True,
          client_errno="EOF", server_errno="none")
def _(lab):
    """Near miss: two pipelined requests, both read, one answered (Connection: close), an orderly end. No byte is lost."""
    client, server = _pipelined(lab, 2, answered=1, read=2)
    close_in_turn(server, client)


# A full send buffer behind a closed window

_BLOCKED = {"verdict": ("abort-by-sender", "timeout-zero-window"), "loss_to_client": ("possible", "certain"),
            "reason": "the window was shut, so more was waiting to be sent; whether the end is called an abort of the sender or the end of "
                      "a closed window is a matter of words, but nobody was waiting for an answer"}


@scenario("blocked-sender-linger", vantages=("server", "client"), initiator=("server", "client"), innocent=True, server_errno="none",
          client_errno="ECONNRESET", **_BLOCKED)
def _(lab):
    """The client does not read, its window is shut; after two probes the server drops the connection with its buffer full."""
    client, server = lab.connect(client_options=_SMALL_BUFFER)
    client.send(50)
    server.recv(50)
    server.send_now(60_000)
    lab.sleep(1.3)
    server.abort()
    lab.sleep(0.05)
    client.read_end()


@scenario("blocked-sender-linger-at-once", live=True, vantages=("server", "client"), initiator=("server", "client"), innocent=True,
          server_errno="none", client_errno="ECONNRESET", **{**_BLOCKED, "verdict": ("abort-by-sender", "timeout-zero-window",
                                                             "abort-as-close")})
def _(lab):
    """The same before the first probe: the window has just shut when the server drops the connection."""
    client, server = lab.connect(client_options=_SMALL_BUFFER)
    client.send(50)
    server.recv(50)
    server.send_now(60_000)
    lab.sleep(0.12)
    server.abort()
    lab.sleep(0.05)
    client.read_end()


@scenario("blocked-upload-client-gives-up", vantages=("client", "server"), initiator=("client", "server"), innocent=True,
          client_errno="none", server_errno="ECONNRESET", verdict=("abort-by-sender", "timeout-zero-window"),
          loss_to_server=("possible", "certain"), reason=_BLOCKED["reason"])
def _(lab):
    """An upload into a server that stops reading: after 2.5 s with a shut window the client resets. It was not waiting."""
    client, server = lab.connect(server_options=_SMALL_BUFFER)
    exchange(client, server)
    client.send_now(60_000)
    lab.sleep(2.5)
    client.abort()
    lab.sleep(0.05)
    server.read_end()


@scenario("blocked-then-read-then-abort-v6", v6=True, vantages=("client",), verdict="abort-waiting", **RESET_BY_CLIENT)
def _(lab):
    """Near miss: the window was shut for half a second, then all was read; two seconds later the client gives up waiting (IPv6)."""
    client, server = lab.connect(server_options=_SMALL_BUFFER)
    exchange(client, server)
    client.send_now(6_000)
    lab.sleep(0.5)
    server.recv(6_000)
    lab.sleep(2)
    client.abort()
    server.read_end()
