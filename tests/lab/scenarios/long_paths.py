# SPDX-License-Identifier: GPL-2.0-or-later
"""Long and lossy paths: resets that cross what is under way, and waits that are no longer than the path."""
import itertools

from labkit.scenario import RESET_BY_CLIENT, scenario
from labkit.steps import TO_SERVER, at_once, close_in_turn, exchange, going, is_data, is_rst

_BOTH = {"vantages": ("client", "server")}
# The request was read; its sender reset before it could know.
_HASTY = {"verdict": "abort-by-sender", "loss_to_server": ("none", "possible"),
          "reason": "the request arrived and was read; the client could not know when it reset", **RESET_BY_CLIENT, **_BOTH}


@scenario("long-path-hasty-abort", delay_s=0.1, live=True, **_HASTY)
def _(lab):
    """The client resets 8 ms behind its request, on a path of 200 ms: the server's ACK crosses the reset."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.2)
    client.send(300)
    lab.sleep(0.008)
    client.abort()
    server.recv(300)
    server.read_end()


@scenario("long-path-hasty-abort-v6", v6=True, delay_s=0.15, live=True, **_HASTY)
def _(lab):
    """The same over IPv6, 120 ms behind the request, on a path of 300 ms; the reset crosses the ACK half way."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.3)
    client.send(700)
    lab.sleep(0.12)
    client.abort()
    server.recv(700)
    server.read_end()


@scenario("long-path-abort-behind-ack", delay_s=0.06, live=True, verdict=("abort-as-close", "abort-unanswered", "abort-by-sender"),
          reason="the request was acknowledged a moment ago: no wait that is longer than the path", **RESET_BY_CLIENT, **_BOTH)
def _(lab):
    """The client resets 20 ms behind the ACK of its request, on a path of 120 ms: no answer could be there."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.2)
    client.send(300)
    lab.sleep(0.185)
    client.abort()
    server.recv(300)
    server.read_end()


@scenario("long-path-waits", delay_s=0.1, live=True, verdict="abort-waiting", **RESET_BY_CLIENT, **_BOTH)
def _(lab):
    """Near miss: the client waits two seconds, ten times the path, and resets."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.2)
    client.send(300)
    server.recv(300)
    lab.sleep(2)
    client.abort()
    server.read_end()


@scenario("long-path-answer-crosses-abort", delay_s=0.12, live=True, verdict=("abort-by-receiver", "abort-waiting"), loss_to_client="certain",
          reason="the client gave up waiting, and the answer was under way: both rows describe it", **RESET_BY_CLIENT, **_BOTH)
def _(lab):
    """The client gives up after 1.5 s; the server's answer left 60 ms before the reset arrived."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.3)
    client.send(300)
    server.recv(300)
    at_once(lambda: (lab.sleep(1.5), client.abort()), lambda: (lab.sleep(1.56), server.send(900)))
    server.read_end()


@scenario("long-path-answer-read-abort", delay_s=0.1, live=True, verdict=("abort-unanswered", "abort-as-close"), loss_to_client=("none", "possible"),
          reason="the client had its answer; whether it was whole, only the program knows", **RESET_BY_CLIENT, **_BOTH)
def _(lab):
    """The client resets 10 ms behind the answer: its ACK and the reset are under way together."""
    client, server = lab.connect()
    exchange(client, server)
    exchange(client, server, 200, 1100)
    lab.sleep(0.01)
    client.abort()
    server.read_end()


@scenario("long-path-reset-crosses-fin", delay_s=0.1, live=True, verdict=("abort-as-close", "abort-unanswered", "abort-after-peer-fin", "abort-idle"),
          initiator=("both", "server", "client"), innocent=True, client_errno="none", server_errno=("none", "ECONNRESET"),
          loss_to_client=("none", "possible"), reason="FIN and reset cross: neither answers the other, and both sides ended it", **_BOTH)
def _(lab):
    """The server closes and 50 ms later, before its FIN can be there, the client resets: the reset does not acknowledge the FIN."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.5)
    server.shutdown()
    lab.sleep(0.05)
    client.abort()
    server.read_end()
    lab.sleep(0.1)


@scenario("long-path-reset-crosses-fin-v6", v6=True, delay_s=0.15, live=True, verdict=("abort-as-close", "abort-unanswered", "abort-after-peer-fin",
          "abort-idle"), initiator=("both", "client", "server"), innocent=True, client_errno=("none", "ECONNRESET"), server_errno="none",
          loss_to_client=("none", "possible"), reason="FIN and reset cross: neither answers the other, and both sides ended it", **_BOTH)
def _(lab):
    """The other way round: the client's FIN crosses the server's reset (IPv6, 300 ms)."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.6)
    client.shutdown()
    lab.sleep(0.02)
    server.abort()
    client.read_end()
    lab.sleep(0.2)


@scenario("long-path-reset-answers-fin", delay_s=0.1, live=True, verdict="abort-after-peer-fin", initiator="server", innocent=True,
          client_errno="EOF", server_errno="none", loss_to_client=("none", "possible"),
          reason="whether the answer was read before the reset, the wire does not show", **_BOTH)
def _(lab):
    """Near miss: the client has the server's FIN for 10 ms when it resets, and acknowledges it."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.5)
    server.close()
    client.read_end()
    lab.sleep(0.01)
    client.abort()
    lab.sleep(0.25)


# Lossy

def _every(n):
    """Drops each n-th packet, whichever way it goes; resets and SYNs get through."""
    count = itertools.count(1)
    return lambda p, d: p.is_tcp and not is_rst(p) and not p.flags & 2 and next(count) % n == 0


@scenario("lossy-path-graceful", delay_s=0.12, live=True, verdict=("graceful", "graceful-unconfirmed"), initiator="client", innocent=True,
          client_errno="none", server_errno="EOF", reason="the last ACK may be among the lost", **_BOTH)
def _(lab):
    """Every fifth packet is lost on a path of 240 ms; all arrives in the end, and the end is orderly."""
    lab.wire.drop(_every(5))
    client, server = lab.connect()
    for _ in range(3):
        exchange(client, server, 500, 4000)
    close_in_turn(client, server)


@scenario("lossy-path-waits", delay_s=0.08, live=True, verdict="abort-waiting", **RESET_BY_CLIENT, **_BOTH)
def _(lab):
    """Every third packet is lost on a path of 160 ms; the second request is acknowledged, and not answered for 2.5 s."""
    lab.wire.drop(_every(3))
    client, server = lab.connect()
    exchange(client, server, 300, 900)
    client.send(400)
    server.recv(400)
    lab.sleep(2.5)
    client.abort()
    server.read_end()


@scenario("lossy-path-request-repeated", delay_s=0.05, live=True, verdict=("abort-as-close", "abort-unanswered", "abort-by-sender", "abort-waiting"),
          loss_to_server=("none", "possible"), reason="acknowledged at last, a round trip before the reset: hardly a wait", **RESET_BY_CLIENT, **_BOTH)
def _(lab):
    """The request is lost twice; the third copy is acknowledged, and the client's patience of 1.2 s ends 100 ms behind it."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.2)
    lab.wire.drop(going(TO_SERVER, is_data), times=2)
    client.send(300)
    lab.sleep(1.2)
    client.abort()
    server.recv(300)
    server.read_end()


@scenario("lossy-path-reset-lost", delay_s=0.08, live=True, initiator="client", innocent=True, verdict="abort-waiting", client_errno="none",
          server_errno="ECONNRESET", loss_to_client="certain", at={
          "client": {"verdict": ("abort-waiting", "abort-by-receiver"), "reason": "behind the reset comes the answer that it did not stop"},
          "server": {"verdict": ("peer-lost-state", "abort-waiting", "abort-by-receiver"), "initiator": ("client", "unknown"),
                     "reason": "at the server the first reset never shows: only that its answer met nobody"}}, **_BOTH)
def _(lab):
    """The client gives up and its reset is lost; the server's answer, a second later, draws the reset that arrives."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.2)
    client.send(300)
    server.recv(300)
    lab.sleep(1.5)
    lab.wire.drop(going(TO_SERVER, is_rst), times=1)
    client.abort()
    lab.sleep(1)
    server.send(700)
    server.read_end()


@scenario("lossy-path-race-repeated", delay_s=0.04, verdict="keepalive-race", initiator="server", innocent=True, loss_to_server="certain",
          client_errno=("EOF", "EOF,EPIPE", "ECONNRESET"), server_errno="none", half_close=None,
          reason="EOF or ECONNRESET first: a matter of when the client looks", at={"server": {
          "verdict": ("keepalive-race", "data-after-close"), "reason": "the first copy, which crossed the FIN, never came to the server"}}, **_BOTH)
def _(lab):
    """An idle connection is closed after 60 s; the request that crossed the FIN is lost, and its repeat draws the reset."""
    client, server = lab.connect()
    exchange(client, server)
    lab.stretch(60)
    server.close()
    lab.wire.drop(going(TO_SERVER, is_data), times=1)
    lab.sleep(0.01)
    client.send(300)
    client.read_end()
    lab.sleep(0.5)


@scenario("lossy-path-upload-repeated", delay_s=0.04, live=True, verdict="data-crossed-fin", initiator="server", innocent=True,
          loss_to_server="certain", client_errno=("EOF", "EOF,EPIPE", "ECONNRESET"), server_errno="none", half_close=None,
          reason="EOF or ECONNRESET first: a matter of when the client looks", at={"server": {
          "verdict": ("data-crossed-fin", "data-after-close"), "reason": "the first copy, which crossed the FIN, never came to the server"}}, **_BOTH)
def _(lab):
    """In an upload: the segment that crossed the server's FIN is lost, and its repeat draws the reset."""
    client, server = lab.connect()
    for _ in range(3):
        client.send(1200)
        server.recv(1200)
    server.close()
    lab.wire.drop(going(TO_SERVER, is_data), times=1)
    client.send(1200)
    client.read_end()
    lab.sleep(0.5)
