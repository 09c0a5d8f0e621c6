# SPDX-License-Identifier: GPL-2.0-or-later
"""Endings that look forged and are not."""
import socket

from labkit import rewrite
from labkit.scenario import scenario
from labkit.steps import TO_SERVER, exchange, is_data


@scenario("innocent-retransmission-behind-reset", live=True, innocent=True, delay_s=0.01, verdict="abort-by-receiver",
          vantages=("middle", "server"), initiator="client", client_errno="none", server_errno="ECONNRESET",
          loss_to_client="certain", also=())
def _(lab):
    """The client aborts a download; an old request of it was lost and comes again, late, behind its reset
    (the network delivers a copy it had held)."""
    client, server = lab.connect()
    exchange(client, server)
    client.send(150)
    server.recv(150)
    server.send(6000)
    lab.sleep(0.004)
    copy = lab.wire.last(TO_SERVER, is_data)
    client.abort()
    lab.wire.inject(copy, TO_SERVER, 0.05)
    lab.sleep(0.1)
    server.read_end()


@scenario("innocent-reordered-reset", live=True, innocent=True, verdict="abort-by-sender", vantages=("client", "server"),
          initiator="client", client_errno="none", server_errno="ECONNRESET", loss_to_server=("possible", "certain"),
          reason="the client reset with its data unacknowledged; that the server refused it then shows as well",
          at={"server": {"verdict": ("abort-by-sender", "abort-as-close", "abort-unanswered", "inconclusive"),
                         "loss_to_client": ("none", "possible"), "loss_to_server": ("none", "possible", "certain"),
                         "reason": "the reset overtook the client's last data: it is challenged, the data then comes late"}})
def _(lab):
    """The client sends its last data and aborts; on the way the reset overtakes the data."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.1)
    lab.wire.hold(lambda p, d: d == TO_SERVER and is_data(p), 0.02)
    client.send(100)
    lab.sleep(0.005)
    client.abort()
    lab.sleep(0.1)
    server.read_end()


@scenario("innocent-fin-plus-one-resets", live=True, innocent=True, delay_s=0.03, verdict=("data-crossed-fin", "data-after-close"),
          vantages=("client", "middle", "server"), initiator="server", client_errno=("EOF,EPIPE", "EOF", "ECONNRESET"),
          server_errno="none", loss_to_server="certain", half_close=None,
          reason="one request crossed the FIN, the next followed it: both rows describe it")
def _(lab):
    """A client that pipelines: one request crosses the server's FIN, the next is sent knowing of it. Resets at
    FIN and at FIN+1, and several of them."""
    client, server = lab.connect(client_options=((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),))
    exchange(client, server)
    lab.sleep(0.2)
    server.close()
    lab.sleep(0.005)
    client.send(200)
    lab.sleep(0.045)
    client.send(210)
    client.send(220)
    lab.sleep(0.15)
    client.recv(1)
    client.send(1)


@scenario("innocent-copies", live=True, innocent=True, verdict="abort-as-close", vantages=("middle",), hops=(2, 2),
          initiator="server", client_errno="ECONNRESET", server_errno="none",
          change=lambda frames: rewrite.duplicated(frames, routed=True),
          change_note="each frame twice, the copy one hop later (a mirror port that copies two interfaces)")
def _(lab):
    """An honest reset, seen twice with different TTLs by the mirror port."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.1)
    server.abort()
    client.read_end()


@scenario("innocent-keepalive-race-copies", live=True, innocent=True, delay_s=0.03, verdict="data-crossed-fin",
          vantages=("middle",), initiator="server", client_errno=("EOF,EPIPE", "EOF", "ECONNRESET"), server_errno="none",
          loss_to_server="certain", half_close=None, reason="EOF or ECONNRESET first: a matter of when the client reads",
          change=lambda frames: rewrite.duplicated(frames, times=3),
          change_note="each frame three times")
def _(lab):
    """A request that crosses a FIN, on a mirror port that copies everything three times."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.2)
    server.close()
    lab.sleep(0.01)
    client.send(300)
    client.recv(1)
    lab.sleep(0.15)
    client.send(1)
