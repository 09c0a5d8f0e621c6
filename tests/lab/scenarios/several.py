# SPDX-License-Identifier: GPL-2.0-or-later
"""Several connections in one capture, ports that are used again, TCP Fast Open."""
import socket

from labkit.app import App
from labkit.scenario import scenario
from labkit.steps import at_once, close_in_turn, exchange


@scenario("reused-port-three-times", verdict="graceful", initiator="server", innocent=True, live=True, vantages=("client", "server"))
def _(lab):
    """One client port, three connections in a row: closed by the server, reset by the client, closed again."""
    listener = lab.listen()
    first = lab.connect(listener, client_port=43000, truth={"client_errno": "EOF", "server_errno": "none"})
    exchange(*first)
    close_in_turn(first.server, first.client, 0.02)
    lab.sleep(1.2)    # a new SYN in TIME-WAIT needs a later timestamp
    second = lab.connect(listener, client_port=43000, truth={
        "verdict": "abort-as-close", "initiator": "client", "client_errno": "none", "server_errno": "ECONNRESET",
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
        ({"verdict": "abort-as-close", "server_errno": "ECONNRESET", "loss_to_client": "possible"},
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
