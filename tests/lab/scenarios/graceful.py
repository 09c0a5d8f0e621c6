# SPDX-License-Identifier: GPL-2.0-or-later
"""Both sides close with FIN."""
import socket

from labkit import rewrite
from labkit.app import App
from labkit.scenario import scenario
from labkit.steps import (TO_CLIENT, TO_SERVER, at_once, close_in_turn, exchange, going, is_data, is_fin, is_pure_ack,
                          keep_alive_options)

_CLIENT_CLOSED = {"initiator": "client", "client_errno": "none", "server_errno": "EOF"}
_SERVER_CLOSED = {"initiator": "server", "client_errno": "EOF", "server_errno": "none"}


@scenario("graceful-client-first", verdict="graceful", vantages=("client", "middle", "server"), live=True, innocent=True,
          **_CLIENT_CLOSED)
def _(lab):
    """A request, an answer, then the client closes and the server follows."""
    client, server = lab.connect()
    exchange(client, server)
    close_in_turn(client, server)


@scenario("graceful-server-first-v6", verdict="graceful", v6=True, live=True, innocent=True, **_SERVER_CLOSED)
def _(lab):
    """The server closes right behind its answer, over IPv6."""
    client, server = lab.connect(port=443)
    exchange(client, server, 517, 4096)
    close_in_turn(server, client, pause=0.0)


@scenario("graceful-no-data", verdict="graceful", live=True, innocent=True, **_CLIENT_CLOSED)
def _(lab):
    """A connection without a byte, closed by the client."""
    client, server = lab.connect()
    close_in_turn(client, server, pause=0.0)


@scenario("graceful-fin-on-data", verdict="graceful", delay_s=0.005, live=True, innocent=True, **_SERVER_CLOSED)
def _(lab):
    """The server's answer leaves together with its FIN in one segment (TCP_CORK)."""
    client, server = lab.connect()
    client.send(80)
    server.recv(80)
    server.set_tcp(socket.TCP_CORK, 1)
    server.send(700)
    server.close()
    client.read_end()
    client.close()


@scenario("graceful-last-ack-lost", verdict="graceful", live=True, innocent=True, **_CLIENT_CLOSED)
def _(lab):
    """The last ACK is lost behind the client: the server sends its FIN again, TIME-WAIT acknowledges."""
    client, server = lab.connect()
    exchange(client, server)
    client.close()
    server.read_end()
    lab.sleep(0.1)
    lab.wire.drop(going(TO_SERVER, is_pure_ack), times=1)
    server.close()
    lab.sleep(0.5)


@scenario("graceful-first-fin-lost", verdict="graceful", v6=True, live=True, innocent=True, **_CLIENT_CLOSED)
def _(lab):
    """The first FIN is lost and sent again."""
    client, server = lab.connect()
    exchange(client, server)
    lab.wire.drop(going(TO_SERVER, is_fin), times=1)
    close_in_turn(client, server)


@scenario("graceful-fin-overtakes-data", verdict="graceful", live=True, innocent=True, **_CLIENT_CLOSED)
def _(lab):
    """The client's last data takes 60 ms longer than its FIN: the server has a gap for a while."""
    client, server = lab.connect()
    exchange(client, server)
    lab.wire.hold(going(TO_SERVER, is_data), 0.06, times=1)
    client.send(200)
    close_in_turn(client, server)


@scenario("graceful-data-lost-before-fin", verdict="graceful", live=True, innocent=True, **_SERVER_CLOSED)
def _(lab):
    """A segment in the middle of the answer is lost; it is repaired behind the FIN."""
    client, server = lab.connect()
    exchange(client, server)
    count = iter(range(100))
    lab.wire.drop(lambda p, d: d == TO_CLIENT and is_data(p) and next(count) == 2, times=None)
    server.send(8000)
    close_in_turn(server, client)


@scenario("graceful-many-losses", verdict="graceful", delay_s=0.002, innocent=True, **_CLIENT_CLOSED)
def _(lab):
    """Every sixth segment is lost, both ways, ends included; everything is repaired."""
    client, server = lab.connect()
    count = iter(range(100000))
    lab.wire.drop(lambda p, d: next(count) % 6 == 5)
    for _ in range(6):
        exchange(client, server, 900, 3000)
    client.close()
    server.read_end()
    server.close()
    lab.sleep(1.5)


@scenario("graceful-large-gso", verdict="graceful", kind="direct", vantages=("server", "client"), live=True,
          innocent=True, change=lambda frames: rewrite.snap_length(frames, 96),
          change_note="snap length 96", **_SERVER_CLOSED)
def _(lab):
    """600 KB in segments of up to 64 KB, as the capturing kernel shows them before segmentation."""
    client, server = lab.connect()
    client.send(100)
    server.recv(100)
    at_once(lambda: server.send(600_000), lambda: client.recv(600_000))
    close_in_turn(server, client)


@scenario("graceful-after-zero-window", verdict="graceful", live=True, innocent=True, **_SERVER_CLOSED,
          change=lambda frames: rewrite.snap_length(frames, 96), change_note="snap length 96")
def _(lab):
    """The client's window closes, opens again when it reads, and everything arrives."""
    client, server = lab.connect(client_options=((socket.SOL_SOCKET, socket.SO_RCVBUF, 4096),))
    client.send(50)
    server.recv(50)
    size = 12_000
    at_once(lambda: server.send(size), lambda: (lab.sleep(0.8), client.recv(size)))
    close_in_turn(server, client)


@scenario("graceful-after-keepalives", verdict="graceful", innocent=True, live=True, **_CLIENT_CLOSED)
def _(lab):
    """Three keep-alive probes are answered in a pause; then the client closes."""
    client, server = lab.connect(client_options=keep_alive_options(count=9))
    exchange(client, server)
    lab.sleep(3.4)
    close_in_turn(client, server)


@scenario("graceful-killed-server", verdict="graceful", live=True, innocent=True, **_SERVER_CLOSED)
def _(lab):
    """The server's process is killed with everything read: the kernel closes with a FIN."""
    client, server = lab.connect()
    exchange(client, server)
    server.move_to_process()
    server.kill()
    client.read_end()
    client.close()


@scenario("graceful-idle-hour", verdict="graceful", innocent=True, **_SERVER_CLOSED)
def _(lab):
    """An hour of silence, then the server closes: old, and still orderly."""
    client, server = lab.connect()
    exchange(client, server)
    lab.stretch(3600)
    close_in_turn(server, client)


@scenario("graceful-shutdown-then-read", verdict="graceful", live=True, innocent=True, initiator="client",
          client_errno=("EOF", "none"), server_errno="EOF",
          reason="shutdown(WR) and close() send the same FIN: whether the client still reads, the wire does not tell")
def _(lab):
    """The client says shutdown(WR) and waits for EOF; the server has nothing more to send."""
    client, server = lab.connect()
    exchange(client, server)
    client.shutdown()
    server.read_end()
    server.close()
    client.read_end()
    client.close()


@scenario("graceful-simultaneous", verdict="graceful-simultaneous", initiator="both", delay_s=0.02, live=True,
          innocent=True, vantages=("client", "middle", "server"), client_errno="none", server_errno="none")
def _(lab):
    """Both close within the 20 ms that a segment is under way."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.1)
    at_once(client.close, server.close)
    lab.sleep(0.2)


@scenario("graceful-simultaneous-lost-fin", verdict="graceful-simultaneous", initiator="both", v6=True, innocent=True,
          client_errno="none", server_errno="none", live=True)
def _(lab):
    """Both FINs are lost once; what the hosts see of each other are the retransmissions."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.06)
    lab.wire.drop(going(TO_SERVER, is_fin), times=1)
    lab.wire.drop(going(TO_CLIENT, is_fin), times=1)
    client.close()
    server.close()
    lab.sleep(0.8)


@scenario("graceful-simultaneous-data-crosses", verdict="graceful-simultaneous", initiator="both", delay_s=0.03,
          innocent=True, client_errno=("EOF", "none"), server_errno=("EOF", "none"), live=True, half_close=None,
         reason="close() would have sent the same; data that crosses a FIN is no use of a half-closed connection")
def _(lab):
    """Both send their last data and shutdown(WR) at once, then read what came: no half-close, the data
    was sent before its sender knew of the FIN."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.1)
    at_once(lambda: (client.send(300), client.shutdown()), lambda: (server.send(500), server.shutdown()))
    client.read_end()
    server.read_end()
    client.close()
    server.close()


@scenario("graceful-simultaneous-open", verdict="graceful", vantages=("client",), initiator="client", live=True, delay_s=0.04, innocent=True,
          client_errno="none", server_errno="EOF")
def _(lab):
    """Both hosts connect to each other's port at once (simultaneous open), then the client closes."""
    client = lab.client_app(4711)
    with lab.server.entered():
        other = socket.socket(lab.family, socket.SOCK_STREAM)
        other.bind((lab.addresses["server"], 8080))
    server = App("server", other, lab.clock)
    at_once(lambda: (lab.sleep(0.004), server.connect((lab.addresses["client"], 4711))),
            lambda: client.connect((lab.addresses["server"], 8080)))
    lab.add_pair(client, server, 8080, truth={"initiator": "client"})
    exchange(client, server)
    lab.sleep(0.1)
    close_in_turn(client, server)
