# SPDX-License-Identifier: GPL-2.0-or-later
"""The same endings as other captures would show them: cut, one-sided, copied, reordered, wrapped,
several connections in one."""
import socket

from labkit import rewrite
from labkit.app import App
from labkit.scenario import scenario
from labkit.steps import at_once, close_in_turn, exchange, is_data, is_fin

_V4 = ("198.51.100.10", "203.0.113.20")
_V6 = ("2001:db8:c::10", "2001:db8:5::20")
_GRACEFUL = {"verdict": "graceful", "initiator": "client", "client_errno": "none", "server_errno": "EOF", "innocent": True,
             "live": True, "vantages": ("client",)}


def _graceful(lab):
    client, server = lab.connect()
    exchange(client, server)
    exchange(client, server, 60, 2400)
    close_in_turn(client, server)


def _abort_by_receiver(lab):
    client, server = lab.connect()
    exchange(client, server)
    server.send(3000)
    client.wait_until_received(3000)
    server.send(6000)
    client.close()
    server.read_end()


def _data_after_close(lab):
    client, server = lab.connect()
    exchange(client, server)
    server.close()
    client.recv(1)
    lab.sleep(0.3)
    client.send(250)
    lab.sleep(0.1)
    client.send(10)


def _keepalive_race(lab):
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.3)
    server.close()
    lab.sleep(0.01)
    client.send(300)
    client.recv(1)
    lab.sleep(0.15)
    client.send(1)


def _lost_state(lab):
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.2)
    server.set_tcp(19, 1)   # TCP_REPAIR: close() says nothing
    server.close()
    server.note("crash: closed in repair mode, nothing is sent", "ok")
    client.send(300)
    client.read_end()


def _from_frame(condition):
    """The capture that began at the first packet fulfilling the condition."""
    def change(frames):
        return frames[next(i for i, f in enumerate(frames) if condition(f.packet())):]
    return change


def _of_host(address):
    return lambda frames: rewrite.without(frames, lambda p: p.is_tcp and p.src != address)


def _lost_by_capture(condition, which):
    """The capture without the which-th packet that fulfils the condition."""
    def change(frames):
        victim = [f for f in frames if condition(f.packet())][which]
        return [f for f in frames if f is not victim]
    return change


def _one_each_way_swapped(frames):
    last = max(i for i, f in enumerate(frames) if is_fin(f.packet()))
    return rewrite.neighbours_swapped(frames, last)


_BODIES = {
    "graceful": (_graceful, _GRACEFUL),
    "abort-by-receiver": (_abort_by_receiver, {
        "verdict": "abort-by-receiver", "initiator": "client", "client_errno": "none", "server_errno": "ECONNRESET",
        "loss_to_client": "certain", "delay_s": 0.015, "innocent": True, "live": True, "vantages": ("client",)}),
    "data-after-close": (_data_after_close, {
        "verdict": "data-after-close", "initiator": "server", "client_errno": "EOF,EPIPE", "server_errno": "none",
        "loss_to_server": "certain", "half_close": None, "innocent": True, "live": True, "vantages": ("client",)}),
    "keepalive-race": (_keepalive_race, {
        "verdict": "keepalive-race", "initiator": "server", "client_errno": ("EOF,EPIPE", "EOF", "ECONNRESET"),
        "server_errno": "none", "loss_to_server": "certain", "half_close": None, "innocent": True, "live": True,
        "vantages": ("client",), "delay_s": 0.04, "reason": "EOF or ECONNRESET first: a matter of when the client reads"}),
    "peer-lost-state": (_lost_state, {
        "verdict": "peer-lost-state", "initiator": ("server", "unknown"), "client_errno": "ECONNRESET", "server_errno": "none",
        "loss_to_server": "certain", "innocent": True, "live": True, "vantages": ("client",),
        "reason": "crash, failover or a forgetful middlebox: the wire does not say which"}),
}

# body, name, what the capture did, how, and what that changes in the truth
_VARIANTS = (
    ("graceful", "snap-60", "snap length 60", lambda f: rewrite.snap_length(f, 60), {}),
    ("graceful", "snap-54-v6", "snap length 74", lambda f: rewrite.snap_length(f, 74), {"v6": True}),
    ("graceful", "wrap", "numbers shifted across 2^32", lambda f: rewrite.wrapped_at_data(f, *_V4), {}),
    ("graceful", "wrap-at-fin-v6", "numbers shifted: the FINs are the last before 2^32",
     lambda f: rewrite.wrapped_at_data(f, *_V6, before_end=181), {"v6": True}),
    ("graceful", "copies", "each frame twice", rewrite.duplicated, {}),
    ("graceful", "routed-copies", "each frame twice, the copy one hop on", lambda f: rewrite.duplicated(f, routed=True), {}),
    ("graceful", "cut-head", "cut before the first data", _from_frame(is_data), {}),
    ("graceful", "cut-to-fin", "cut before the first FIN", _from_frame(is_fin), {}),
    ("graceful", "client-frames-only", "only what the client sent", _of_host(_V4[0]), {}),
    ("graceful", "server-frames-only", "only what the server sent", _of_host(_V4[1]), {}),
    ("graceful", "capture-lost-data", "one data segment not captured", _lost_by_capture(is_data, 3), {}),
    ("graceful", "capture-lost-first-fin", "the first FIN not captured", _lost_by_capture(is_fin, 0), {}),
    ("graceful", "capture-lost-second-fin", "the second FIN not captured", _lost_by_capture(is_fin, 1), {}),
    ("graceful", "swapped", "last FIN and last ACK in the other order", _one_each_way_swapped, {}),
    ("abort-by-receiver", "snap-60", "snap length 60", lambda f: rewrite.snap_length(f, 60), {}),
    ("abort-by-receiver", "wrap", "numbers shifted across 2^32", lambda f: rewrite.wrapped_at_data(f, *_V4, before_end=400), {}),
    ("abort-by-receiver", "cut-head-v6", "cut before the first data", _from_frame(is_data), {"v6": True}),
    ("abort-by-receiver", "copies", "each frame three times", lambda f: rewrite.duplicated(f, 3), {}),
    ("data-after-close", "snap-60", "snap length 60", lambda f: rewrite.snap_length(f, 60), {}),
    ("data-after-close", "wrap-v6", "numbers shifted across 2^32", lambda f: rewrite.wrapped_at_data(f, *_V6), {"v6": True}),
    ("data-after-close", "cut-head", "cut before the FIN", _from_frame(is_fin), {}),
    ("keepalive-race", "wrap", "numbers shifted: the FIN is the last before 2^32",
     lambda f: rewrite.wrapped_at_data(f, *_V4, before_end=341), {}),
    ("keepalive-race", "cut-head", "cut before the first data", _from_frame(is_data), {}),
    ("peer-lost-state", "copies", "each frame twice, the copy one hop on", lambda f: rewrite.duplicated(f, routed=True), {}),
    ("peer-lost-state", "cut-head-v6", "cut before the first data", _from_frame(is_data), {"v6": True}),
)

for _body, _suffix, _note, _change, _more in _VARIANTS:
    def _run(lab, body=_BODIES[_body][0]):
        body(lab)
    _run.__doc__ = "An ordinary ending (%s) in another capture: %s." % (_body, _note)
    scenario("view-%s-%s" % (_body, _suffix), change=_change, change_note=_note, **{**_BODIES[_body][1], **_more})(_run)


# Open ends

@scenario("open-midway", verdict="open", initiator=("none", "unknown"), innocent=True, live=True, client_errno="none",
          server_errno="none")
def _(lab):
    """The capture stops in the middle of everything."""
    client, server = lab.connect()
    for _ in range(3):
        exchange(client, server, 50, 1500)


@scenario("open-after-handshake-v6", verdict="open", initiator=("none", "unknown"), innocent=True, live=True, v6=True,
          client_errno="none", server_errno="none")
def _(lab):
    """A connection that is only opened, then nothing for a minute."""
    lab.connect()
    lab.tail(60)


@scenario("open-answered-keepalives", verdict="open", initiator=("none", "unknown"), innocent=True, client_errno="none",
          server_errno="none")
def _(lab):
    """Idle for long, alive: each keep-alive probe is answered."""
    client, server = lab.connect(client_options=((socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
                                                 (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 1),
                                                 (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1)))
    exchange(client, server)
    lab.sleep(4.5)


@scenario("open-window-closed", verdict=("open",), initiator=("none", "unknown", "client"), innocent=True, client_errno="none",
          server_errno="none", loss_to_client=("none", "possible"), live=True,
          reason="a closed window whose probes are answered, and the capture stops within a second")
def _(lab):
    """The client does not read for a while; the capture stops before anything is decided."""
    client, server = lab.connect(client_options=((socket.SOL_SOCKET, socket.SO_RCVBUF, 4096),))
    client.send(50)
    server.recv(50)
    server.send_now(50_000)
    lab.sleep(0.5)


@scenario("open-one-retransmission", verdict="open", initiator=("none", "unknown"), innocent=True, live=True,
          client_errno="none", server_errno="none", loss_to_server="none")
def _(lab):
    """A lost segment comes again and is acknowledged; then the capture stops."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.1)
    lost = iter([True])
    lab.wire.drop(lambda p, d: is_data(p) and next(lost, False))
    client.send(100)
    server.recv(100)


# Several connections

@scenario("reused-port-three-times", verdict="graceful", initiator="server", innocent=True, live=True, vantages=("client", "server"))
def _(lab):
    """One client port, three connections in a row: closed by the server, reset by the client, closed again."""
    listener = lab.listen()
    first = lab.connect(listener, client_port=43000, truth={"client_errno": "EOF", "server_errno": "none"})
    exchange(*first)
    close_in_turn(first.server, first.client, 0.02)
    lab.sleep(1.2)    # a new SYN in TIME-WAIT needs a later timestamp
    second = lab.connect(listener, client_port=43000, truth={
        "verdict": "abort-unanswered", "initiator": "client", "client_errno": "none", "server_errno": "ECONNRESET",
        "loss_to_client": "possible"})
    exchange(*second)
    lab.sleep(0.05)
    second.client.abort()
    second.server.read_end()
    third = lab.connect(listener, client_port=43000, truth={"client_errno": "EOF", "server_errno": "none"})
    exchange(*third, 30, 40)
    close_in_turn(third.server, third.client, 0.02)


@scenario("reused-port-refused-then-served", verdict="graceful", initiator="client", innocent=True, live=True,
          vantages=("client",), client_errno="none", server_errno="EOF")
def _(lab):
    """The port is closed, closed again, then served: three SYNs of one client port with different ISNs."""
    refused = {"verdict": "setup-refused", "initiator": "server", "client_errno": "ECONNREFUSED", "server_errno": "none"}
    for _ in range(2):
        lab.try_connect(client_port=43100, truth=refused).client.close()
        lab.sleep(0.05)
    client, server = lab.connect(client_port=43100)
    exchange(client, server)
    close_in_turn(client, server)


@scenario("interleaved-mix", verdict="graceful", initiator="client", innocent=True, live=True, delay_s=0.003,
          vantages=("client", "middle", "server"), client_errno="none", server_errno="EOF")
def _(lab):
    """Twelve connections at once, each ending in its own way."""
    listener = lab.listen(backlog=64)
    pairs = [lab.connect(listener) for _ in range(12)]
    endings = (
        ({}, lambda c, s: close_in_turn(c, s, 0.05)),
        ({"initiator": "server", "client_errno": "EOF", "server_errno": "none"}, lambda c, s: close_in_turn(s, c, 0.05)),
        ({"verdict": "abort-unanswered", "server_errno": "ECONNRESET", "loss_to_client": "possible"},
         lambda c, s: (lab.sleep(0.05), c.abort(), s.read_end())),
        ({"verdict": "abort-as-close", "initiator": "server", "client_errno": "ECONNRESET", "server_errno": "none"},
         lambda c, s: (lab.sleep(0.05), s.abort(), c.read_end())),
        ({"verdict": "abort-unanswered", "initiator": "server", "client_errno": "ECONNRESET", "server_errno": "none",
          "loss_to_server": "possible"},
         lambda c, s: (c.send(400), s.wait_until_received(400), lab.sleep(0.05), s.close(), c.read_end())),
        ({"verdict": "data-after-close", "initiator": "server", "client_errno": "EOF,EPIPE", "server_errno": "none",
          "loss_to_server": "certain", "half_close": None},
         lambda c, s: (s.close(), c.recv(1), lab.sleep(0.05), c.send(30), lab.sleep(0.05), c.send(1))),
        ({"verdict": "graceful-half-close", "half_close": True, "client_errno": "EOF"},
         lambda c, s: (c.shutdown(), s.read_end(), lab.sleep(0.05), s.send(900), s.close(), c.read_end(), c.close())),
        ({"verdict": "open", "initiator": ("none", "unknown"), "server_errno": "none"}, lambda c, s: None),
        ({"verdict": "abort-waiting", "server_errno": "ECONNRESET"},
         lambda c, s: (c.send(70), s.recv(70), lab.sleep(0.8), c.abort(), s.read_end())),
        ({"verdict": "abort-after-peer-fin", "initiator": "server", "client_errno": "EOF", "server_errno": "none",
          "loss_to_client": "possible"}, lambda c, s: (s.close(), c.recv(1), lab.sleep(0.05), c.abort())),
        ({"verdict": "half-closed-idle"}, lambda c, s: (c.close(), s.recv(1))),
        ({"initiator": "server", "client_errno": "EOF", "server_errno": "none"}, lambda c, s: close_in_turn(s, c, 0.0)),
    )
    for pair, (truth, _) in zip(pairs, endings):
        pair.truth.update(truth)
    at_once(*(lambda pair=pair, end=end: (exchange(*pair), end(*pair)) for pair, (_, end) in zip(pairs, endings)))
    lab.tail(30)


@scenario("interleaved-one-port-pair-v6", verdict="graceful", initiator="client", innocent=True, live=True, v6=True,
          vantages=("client",), client_errno="none", server_errno="EOF")
def _(lab):
    """Ten connections of neighbouring ports to one server, opened and closed at once."""
    listener = lab.listen(backlog=64)
    pairs = [lab.connect(listener, client_port=44000 + n) for n in range(10)]
    at_once(*(lambda pair=pair: (exchange(*pair), close_in_turn(*pair, 0.01)) for pair in pairs))


# TCP Fast Open

@scenario("fast-open", verdict="graceful", initiator="client", innocent=True, live=True, vantages=("client", "server"),
          client_errno="none", server_errno="EOF")
def _(lab):
    """The second connection carries its request in the SYN (RFC 7413)."""
    for namespace in (lab.client, lab.server):
        namespace.sysctl("net.ipv4.tcp_fastopen", 3)
    listener = lab.listen(options=((socket.IPPROTO_TCP, socket.TCP_FASTOPEN, 8),))
    for _ in range(2):
        client = lab.client_app()
        client.fast_open(90, (lab.addresses["server"], 8080))
        server = App("server", listener.accept()[0], lab.clock)
        lab.add_pair(client, server, 8080)
        server.recv(90)
        server.send(500)
        client.recv(500)
        close_in_turn(client, server, 0.02)


@scenario("fast-open-refused", verdict="setup-refused", initiator="server", innocent=True, live=True, vantages=("client",),
          loss_to_server=("none", "certain"), reason="the SYN's data came to nobody, and the client knows it at once")
def _(lab):
    """A SYN with data to a port that was closed since the cookie was given."""
    for namespace in (lab.client, lab.server):
        namespace.sysctl("net.ipv4.tcp_fastopen", 3)
    listener = lab.listen(options=((socket.IPPROTO_TCP, socket.TCP_FASTOPEN, 8),))
    client = lab.client_app()
    client.fast_open(90, (lab.addresses["server"], 8080))
    server = App("server", listener.accept()[0], lab.clock)
    lab.add_pair(client, server, 8080, truth={"verdict": "graceful", "initiator": "client", "loss_to_server": "none",
                                              "client_errno": "none", "server_errno": "EOF"})
    server.recv(90)
    close_in_turn(client, server, 0.02)
    listener.close()
    again = lab.client_app()
    pair = lab.add_pair(again, None, 8080, truth={"client_errno": "ECONNREFUSED"})
    if not again.fast_open(90, (lab.addresses["server"], 8080)).startswith("E"):
        pair.client.read_end()
