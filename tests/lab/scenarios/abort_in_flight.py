# SPDX-License-Identifier: GPL-2.0-or-later
"""An endpoint resets with data under way: the receiver that has enough, or the sender itself."""
import socket

from labkit import rewrite
from labkit.scenario import RESET_BY_CLIENT, RESET_BY_SERVER, scenario
from labkit.steps import TO_CLIENT, TO_SERVER, at_once, exchange, is_rst

def _stream(lab, sender, receiver, read, **options):
    """The sender keeps sending; the receiver reads `read` bytes and closes with the rest unread."""
    def send():
        while not sender.send(options.get("piece", 4000)).startswith("E"):
            lab.sleep(options.get("pause", 0.002))
    at_once(send, lambda: (receiver.recv(read), lab.sleep(0.02), receiver.close()))


@scenario("abort-by-receiver-download", verdict="abort-by-receiver", live=True, loss_to_client="certain", delay_s=0.015,
          vantages=("client", "middle", "server"), change=lambda frames: rewrite.snap_length(frames, 80),
          change_note="snap length 80", **RESET_BY_CLIENT)
def _(lab):
    """The client has enough of a download and closes while the server still sends."""
    client, server = lab.connect()
    client.send(90)
    server.recv(90)
    _stream(lab, server, client, 20_000)


@scenario("abort-by-receiver-upload-v6", verdict="abort-by-receiver", live=True, loss_to_server="certain", delay_s=0.01,
          v6=True, initiator="server", innocent=True, client_errno=("ECONNRESET", "EPIPE"), server_errno="none",
          change=lambda frames: rewrite.snap_length(frames, 96), change_note="snap length 96")
def _(lab):
    """The server answers an upload early (413) and closes without reading the rest."""
    client, server = lab.connect()
    client.send(200)
    server.recv(200)
    server.send(150)
    client.recv(150)
    _stream(lab, client, server, 8_000)


@scenario("abort-by-receiver-linger", verdict="abort-by-receiver", live=True, loss_to_client="certain", delay_s=0.02,
          **RESET_BY_CLIENT)
def _(lab):
    """The client cancels with SO_LINGER 0 while 8 KB of the answer are under way."""
    client, server = lab.connect()
    exchange(client, server)
    server.send(2000)
    client.recv(2000)
    server.send(8000)
    lab.sleep(0.003)
    client.abort()
    server.read_end()


@scenario("abort-by-receiver-killed", verdict="abort-by-receiver", live=True, loss_to_client="certain", delay_s=0.02,
          **RESET_BY_CLIENT)
def _(lab):
    """The downloading client is killed with data unread and more under way."""
    client, server = lab.connect()
    exchange(client, server)
    server.send(3000)
    client.wait_until_received(3000)
    server.send(6000)
    client.move_to_process()
    client.kill()
    server.read_end()


@scenario("abort-by-receiver-zero-window", verdict=("abort-by-receiver", "abort-unanswered"), live=True, loss_to_client=("certain", "possible"),
          reason="more than the window was written, but what the sender still held back is not on the wire", **RESET_BY_CLIENT)
def _(lab):
    """The client never reads: its window closes, the server waits; then the client is killed."""
    client, server = lab.connect(client_options=((socket.SOL_SOCKET, socket.SO_RCVBUF, 4096),))
    client.send(50)
    server.recv(50)
    server.send_now(60_000)
    lab.sleep(0.7)
    client.move_to_process()
    client.kill()
    server.read_end()

_ACKED_AT_CLIENT = {
    "verdict": ("abort-by-sender", "abort-as-close"), "loss_to_client": ("none", "possible"),
    "reason": "at the client everything was acknowledged before the reset came in; that no ACK had reached the "
              "server when it reset shows only there"}


def _mute(lab, direction):
    """From now on nothing gets through that way but resets: data stays unacknowledged."""
    return lab.wire.drop(lambda p, d: d == direction and not is_rst(p))


@scenario("abort-by-sender-server", verdict="abort-by-sender", live=True, loss_to_client="possible",
          vantages=("server", "client"), **RESET_BY_SERVER, at={"client": _ACKED_AT_CLIENT})
def _(lab):
    """The server sends its answer and closes with SO_LINGER 0 before any of it is acknowledged (the ACKs are lost)."""
    client, server = lab.connect()
    client.send(100)
    server.recv(100)
    lab.sleep(0.1)
    _mute(lab, TO_SERVER)
    server.send(5000)
    lab.sleep(0.05)
    server.abort()
    client.read_end()


@scenario("abort-by-sender-in-flight", verdict="abort-by-sender", live=True, loss_to_client="possible", delay_s=0.025,
          vantages=("server", "client"), **RESET_BY_SERVER,
          at={"client": _ACKED_AT_CLIENT})
def _(lab):
    """The server sends its answer and aborts at once: answer and reset are under way together."""
    client, server = lab.connect()
    exchange(client, server)
    client.send(100)
    server.recv(100)
    lab.sleep(0.1)
    server.send(2500)
    server.abort()
    client.read_end()


@scenario("abort-by-sender-client-v6", verdict="abort-by-sender", live=True, loss_to_server="possible", v6=True,
          vantages=("client",), **RESET_BY_CLIENT)
def _(lab):
    """A client that uploads is killed by its watchdog (SO_LINGER 0) with 6 KB unacknowledged."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.1)
    _mute(lab, TO_CLIENT)
    client.send(6000)
    lab.sleep(0.15)
    client.abort()
    server.read_end()


@scenario("timeout-retransmit-reset-watchdog", verdict="timeout-retransmit-reset",
          initiator=("network", "client"), innocent=True, loss_to_client="possible",
          vantages=("server",), client_errno="none", server_errno=("none", "ETIMEDOUT"),
          reason="whether timer or application gave up, and whether host or path was dead, the wire does not say")
def _(lab):
    """The path to the client dies; the server sends its data again and again until its application aborts."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.1)
    lab.wire.blackhole(TO_CLIENT)
    server.send(900)
    lab.sleep(4)
    server.abort()
    lab.sleep(0.1)
    client.note("never told", "ok")
