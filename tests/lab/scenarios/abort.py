# SPDX-License-Identifier: GPL-2.0-or-later
"""Resets that an endpoint's own stack sends of its own accord: close() with unread data, SO_LINGER 0,
a killed process, a closed listener."""
import socket

from labkit import rewrite
from labkit.scenario import scenario
from labkit.steps import TO_CLIENT, TO_SERVER, at_once, exchange, is_rst

_BY_SERVER = {"initiator": "server", "innocent": True, "client_errno": "ECONNRESET", "server_errno": "none"}
_BY_CLIENT = {"initiator": "client", "innocent": True, "client_errno": "none", "server_errno": "ECONNRESET"}


# abort-before-response

@scenario("abort-before-response-unread", verdict="abort-before-response", live=True, loss_to_server="possible",
          vantages=("client", "middle", "server"), **_BY_SERVER)
def _(lab):
    """The server accepts, never reads the request and closes."""
    client, server = lab.connect()
    client.send(1200)
    server.wait_until_received(1200)
    server.close()
    client.read_end()


@scenario("abort-before-response-linger-v6", verdict="abort-before-response", live=True, loss_to_server="possible", v6=True,
          **_BY_SERVER)
def _(lab):
    """The server reads the whole request, then drops the connection with SO_LINGER 0 (IPv6)."""
    client, server = lab.connect()
    client.send(400)
    server.recv(400)
    server.abort()
    client.read_end()


@scenario("abort-before-response-listener-closed", verdict="abort-before-response", live=True, loss_to_server="possible",
          **_BY_SERVER)
def _(lab):
    """The listener is closed while the connection waits in its accept queue, the request in it."""
    listener = lab.listen()
    client = lab.client_app()
    client.connect((lab.addresses["server"], 8080))
    lab.add_pair(client, None, 8080)
    client.send(200)
    lab.sleep(0.2)
    listener.close()
    client.read_end()


@scenario("abort-before-response-killed", verdict="abort-before-response", live=True, loss_to_server="possible",
          delay_s=0.015, **_BY_SERVER)
def _(lab):
    """The server's process is killed before it has read the request."""
    client, server = lab.connect()
    client.send(3000)
    server.wait_until_received(3000)
    server.move_to_process()
    server.kill()
    client.read_end()


@scenario("abort-before-response-in-flight", verdict="abort-before-response", live=True, loss_to_server="certain",
          delay_s=0.03, **_BY_SERVER)
def _(lab):
    """The reset leaves the server while the rest of the request is still under way to it."""
    client, server = lab.connect()
    client.send(1000)
    server.wait_until_received(1000)
    client.send(900)
    lab.sleep(0.005)
    server.close()
    client.read_end()


@scenario("abort-before-response-nobody-asked", verdict="abort-before-response", live=True, **_BY_SERVER)
def _(lab):
    """The listener closes on a connection that never carried a byte."""
    listener = lab.listen()
    client = lab.client_app()
    client.connect((lab.addresses["server"], 8080))
    lab.add_pair(client, None, 8080)
    lab.sleep(0.2)
    listener.close()
    client.read_end()


# abort-by-receiver

def _stream(lab, sender, receiver, read, **options):
    """The sender keeps sending; the receiver reads `read` bytes and closes with the rest unread."""
    def send():
        while not sender.send(options.get("piece", 4000)).startswith("E"):
            lab.sleep(options.get("pause", 0.002))
    at_once(send, lambda: (receiver.recv(read), lab.sleep(0.02), receiver.close()))


@scenario("abort-by-receiver-download", verdict="abort-by-receiver", live=True, loss_to_client="certain", delay_s=0.015,
          vantages=("client", "middle", "server"), change=lambda frames: rewrite.snap_length(frames, 80),
          change_note="snap length 80", **_BY_CLIENT)
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
          **_BY_CLIENT)
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
          **_BY_CLIENT)
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
          reason="more than the window was written, but what the sender still held back is not on the wire", **_BY_CLIENT)
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


# abort-by-sender

_ACKED_AT_CLIENT = {
    "verdict": ("abort-by-sender", "abort-as-close"), "loss_to_client": ("none", "possible"),
    "reason": "at the client everything was acknowledged before the reset came in; that no ACK had reached the "
              "server when it reset shows only there"}


def _mute(lab, direction):
    """From now on nothing gets through that way but resets: data stays unacknowledged."""
    return lab.wire.drop(lambda p, d: d == direction and not is_rst(p))


@scenario("abort-by-sender-server", verdict="abort-by-sender", live=True, loss_to_client="possible",
          vantages=("server", "client"), **_BY_SERVER, at={"client": _ACKED_AT_CLIENT})
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
          vantages=("server", "client"), **_BY_SERVER,
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
          vantages=("client",), **_BY_CLIENT)
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


# abort-waiting

@scenario("abort-waiting-client-timeout", verdict="abort-waiting", live=True, loss_to_server="none", **_BY_CLIENT)
def _(lab):
    """The client waits three seconds for an answer that does not come, then aborts."""
    client, server = lab.connect()
    client.send(300)
    server.recv(300)
    lab.sleep(3)
    client.abort()
    server.read_end()


@scenario("abort-waiting-keepalive-client-v6", verdict="abort-waiting", v6=True, **_BY_CLIENT)
def _(lab):
    """The second request on a connection is not answered for 30 s; the client gives up (IPv6)."""
    client, server = lab.connect()
    exchange(client, server, 500, 4000)
    client.send(450)
    server.recv(450)
    lab.stretch(30)
    client.abort()
    server.read_end()


@scenario("abort-waiting-server", verdict=("abort-waiting", "abort-idle"),
          reason="the client's silence is both: an answer that did not come and a long idle gap", initiator="server", innocent=True, client_errno="ECONNRESET",
          server_errno="none")
def _(lab):
    """A server that speaks first waits a minute for the client's login, then resets."""
    client, server = lab.connect(port=25)
    server.send(80)
    client.recv(80)
    client.send(20)
    server.recv(20)
    server.send(120)
    client.recv(120)
    lab.stretch(60)
    server.abort()
    client.read_end()


@scenario("abort-waiting-one-second", verdict="abort-waiting", live=True, delay_s=0.02, **_BY_CLIENT)
def _(lab):
    """An impatient client: 0.8 s behind its request it resets."""
    client, server = lab.connect()
    exchange(client, server)
    exchange(client, server)
    client.send(800)
    server.recv(800)
    lab.sleep(0.8)
    client.abort()
    server.read_end()


# abort-unanswered

@scenario("abort-unanswered-second-request", verdict="abort-unanswered", live=True, loss_to_server="possible",
          **_BY_SERVER)
def _(lab):
    """The server answers the first request, takes the second and closes without reading it."""
    client, server = lab.connect()
    exchange(client, server)
    client.send(700)
    server.wait_until_received(700)
    server.close()
    client.read_end()


@scenario("abort-unanswered-linger-v6", verdict="abort-unanswered", live=True, loss_to_server="possible", v6=True,
          **_BY_SERVER)
def _(lab):
    """The server reads the third request and drops the connection (SO_LINGER 0, IPv6)."""
    client, server = lab.connect()
    exchange(client, server)
    exchange(client, server, 60, 2000)
    client.send(60)
    server.recv(60)
    lab.sleep(0.3)
    server.abort()
    client.read_end()


@scenario("abort-unanswered-client-has-all", verdict="abort-unanswered", live=True, loss_to_client="possible",
          **_BY_CLIENT)
def _(lab):
    """The client gets its answer but closes without reading its last part."""
    client, server = lab.connect()
    client.send(100)
    server.recv(100)
    server.send(5000)
    client.recv(3000)
    client.wait_until_received(2000)
    lab.sleep(0.1)
    client.close()
    server.read_end()


# abort-as-close

@scenario("abort-as-close-server", verdict="abort-as-close", live=True, **_BY_SERVER)
def _(lab):
    """The server's answer is complete and acknowledged; it then closes with SO_LINGER 0."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.1)
    server.abort()
    client.read_end()


@scenario("abort-as-close-request-tail", verdict="abort-as-close", live=True, loss_to_server="none", v6=True, **_BY_SERVER)
def _(lab):
    """The server reads half of the request, answers 400 and closes: the unread rest makes it a reset."""
    client, server = lab.connect()
    client.send(1300)
    lab.sleep(0.02)
    server.recv(700)
    server.send(380)
    client.recv(380)
    lab.sleep(0.1)
    server.close()
    client.read_end()


@scenario("abort-as-close-push", verdict="abort-as-close", live=True, **_BY_SERVER)
def _(lab):
    """A daytime-like server says its line, and resets when it is acknowledged."""
    client, server = lab.connect(port=13)
    client.send(1)
    server.recv(1)
    server.send(26)
    client.recv(26)
    lab.sleep(0.2)
    server.abort()
    client.read_end()


# abort-idle

@scenario("abort-idle-client", verdict="abort-idle", loss_to_client="possible", **_BY_CLIENT)
def _(lab):
    """A client's pool throws out a connection that was idle for ten minutes, with a reset."""
    client, server = lab.connect()
    exchange(client, server)
    lab.stretch(600)
    client.abort()
    server.read_end()


@scenario("abort-idle-server-v6", verdict="abort-idle", v6=True, **_BY_SERVER)
def _(lab):
    """The server resets after two minutes of silence behind its own answer."""
    client, server = lab.connect()
    exchange(client, server)
    exchange(client, server)
    lab.stretch(120)
    server.abort()
    client.read_end()


@scenario("abort-idle-350", verdict="abort-idle", delay_s=0.01, **_BY_SERVER)
def _(lab):
    """350 s of silence, then the server's side resets."""
    client, server = lab.connect()
    exchange(client, server, 50, 900)
    lab.stretch(350)
    server.abort()
    client.read_end()


# abort-no-data

@scenario("abort-no-data-health-check", verdict="abort-no-data", live=True, **_BY_CLIENT)
def _(lab):
    """A health check: connect, then reset."""
    client, server = lab.connect()
    client.abort()
    server.read_end()


@scenario("abort-no-data-late-v6", verdict="abort-no-data", live=True, v6=True, delay_s=0.02, **_BY_CLIENT)
def _(lab):
    """The client connects, says nothing for two seconds and resets (IPv6)."""
    client, server = lab.connect()
    lab.sleep(2)
    client.abort()
    server.read_end()


@scenario("abort-before-response-access-list", verdict="abort-before-response", live=True, **_BY_SERVER)
def _(lab):
    """The server accepts and resets at once (an access list of the application)."""
    client, server = lab.connect()
    server.abort()
    client.read_end()


# abort-after-own-fin

@scenario("abort-after-own-fin-unread", verdict="abort-after-own-fin", live=True, initiator="client", innocent=True,
          half_close=True, loss_to_client="possible", client_errno="none", server_errno="EOF,EPIPE")
def _(lab):
    """The client says shutdown(WR), gets an answer it does not read, and closes: FIN, then RST."""
    client, server = lab.connect()
    exchange(client, server)
    client.shutdown()
    server.recv(1)
    server.send(800)
    client.wait_until_received(800)
    client.close()
    lab.sleep(0.1)
    server.send(10)


@scenario("abort-after-own-fin-linger", verdict="abort-after-own-fin", live=True, initiator="server", innocent=True,
          v6=True, client_errno="EOF,EPIPE", server_errno="none")
def _(lab):
    """The server finishes (FIN acknowledged), waits half a second for the client's FIN and resets."""
    client, server = lab.connect()
    exchange(client, server)
    server.shutdown()
    client.recv(1)
    lab.sleep(0.5)
    server.abort()
    lab.sleep(0.1)
    client.send(10)


@scenario("abort-after-own-fin-at-once", verdict="abort-after-own-fin", live=True, initiator="client", innocent=True,
          delay_s=0.02, vantages=("client", "server", "middle"), loss_to_client="possible", client_errno="none", server_errno=("EOF", "EOF,EPIPE", "ECONNRESET"),
          reason="how far the server's application had read when the reset came is its own affair")
def _(lab):
    """FIN and RST of the client follow each other within a millisecond."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.1)
    client.shutdown()
    client.abort()
    lab.sleep(0.1)
    server.read_end()


@scenario("abort-after-own-fin-linger2", verdict="abort-after-own-fin", live=True, initiator="client", innocent=True,
          loss_to_client="possible", client_errno="none", server_errno="EOF,EPIPE")
def _(lab):
    """TCP_LINGER2 -1: Linux sends a bare RST the moment its FIN is acknowledged."""
    client, server = lab.connect()
    exchange(client, server)
    client.set_tcp(socket.TCP_LINGER2, -1)
    client.close()
    server.recv(1)
    lab.sleep(0.1)
    server.send(10)


# abort-after-peer-fin

@scenario("abort-after-peer-fin-linger", verdict="abort-after-peer-fin", live=True, initiator="client", innocent=True,
          client_errno="none", server_errno="EOF")
def _(lab):
    """The client closes; the server reads EOF and answers with a reset instead of its FIN."""
    client, server = lab.connect()
    exchange(client, server)
    client.close()
    server.read_end()
    lab.sleep(0.1)
    server.abort()


@scenario("abort-after-peer-fin-unread", verdict="abort-after-peer-fin", live=True, initiator="server", innocent=True, v6=True,
          client_errno="none", server_errno=("ECONNRESET", "none"), loss_to_client="possible",
          reason="whether the server's application still reads after its shutdown(WR) the wire does not show")
def _(lab):
    """The server says goodbye (31 bytes, as a TLS close_notify) and FIN; the client closes unread."""
    client, server = lab.connect()
    exchange(client, server)
    server.send(31)
    server.shutdown()
    client.wait_until_received(31)
    lab.sleep(0.05)
    client.close()
    server.read_end()


@scenario("abort-after-peer-fin-idle", verdict="abort-after-peer-fin", initiator="server", innocent=True,
          loss_to_client="possible", client_errno="EOF", server_errno="none")
def _(lab):
    """The server closed its idle connection; 20 s later the client's pool notices and resets."""
    client, server = lab.connect()
    exchange(client, server)
    server.close()
    client.read_end()
    lab.stretch(20)
    client.abort()


@scenario("abort-after-peer-fin-killed", verdict="abort-after-peer-fin", live=True, initiator="client", innocent=True,
          client_errno=("none", "ECONNRESET"), server_errno="none", loss_to_server="possible",
          reason="the client's shutdown(WR) is a FIN like that of close()")
def _(lab):
    """The client sends its last data with FIN; the server's process is killed before it read them."""
    client, server = lab.connect()
    exchange(client, server)
    client.send(640)
    client.close()
    server.wait_until_received(640)
    lab.sleep(0.05)
    server.move_to_process()
    server.kill()


# abort-crossed

@scenario("abort-crossed-unread", verdict="abort-crossed", live=True, initiator="both", innocent=True, delay_s=0.02,
          vantages=("client", "middle", "server"), client_errno="none", server_errno="none",
          loss_to_server="possible", loss_to_client="possible")
def _(lab):
    """Both have unread data and close at once: two resets cross."""
    client, server = lab.connect()
    exchange(client, server)
    at_once(lambda: client.send(300), lambda: server.send(500))
    client.wait_until_received(500)
    server.wait_until_received(300)
    lab.sleep(0.1)
    at_once(client.close, server.close)
    lab.sleep(0.1)


@scenario("abort-crossed-linger-v6", verdict="abort-crossed", live=True, initiator="both", innocent=True, delay_s=0.03,
          v6=True, client_errno="none", server_errno="none", loss_to_client="possible")
def _(lab):
    """Both pools throw the connection out in the same moment."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(1)
    at_once(client.abort, server.abort)
    lab.sleep(0.15)


