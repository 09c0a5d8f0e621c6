# SPDX-License-Identifier: GPL-2.0-or-later
"""A box on the path answers a request itself, with a page and a FIN in the server's name. Beside it, honest redirects."""
import socket

from labkit.forge import disguise, inject_fin, inject_reset
from labkit.scenario import scenario
from labkit.steps import TO_CLIENT, TO_SERVER, close_in_turn, is_data, wait_for

_REQUEST = b"GET /news HTTP/1.1\r\nHost: forbidden.example\r\nUser-Agent: lab\r\nAccept: */*\r\n\r\n"
_PAGE = (b"HTTP/1.1 302 Found\r\nConnection: close\r\nContent-Length: 0\r\nLocation: http://198.51.100.1/blocked?"
         b"host=forbidden.example\r\n\r\n")
_OK = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n"
_BLOCKED = {"verdict": "fin-injected", "initiator": "network", "hops": (5, 9), "client_errno": "EOF", "live": True}
_ANSWERED = {"server_errno": "ECONNRESET", "loss_to_client": "certain", **_BLOCKED}
_UNSEEN = "the page is not in this capture: only that the client acknowledged it, took it for the end and closed"


def _answer(size):
    return _OK % size + b"y" * size


def _request(lab, port=80):
    client, server = lab.connect(port=port)
    lab.sleep(0.05)
    client.send(_REQUEST)
    wait_for(lambda: lab.wire.last(TO_SERVER, is_data).payload == _REQUEST)
    return client, server


def _read_page(client):
    """As a browser does: the page, then the end."""
    client.read_end()
    client.close()
    # What the client read was the box's, not the server's.
    client.bytes_read -= len(_PAGE)


@scenario("block-page-then-answer", vantages=("client", "middle", "server"), delay_s=0.03,
          at={"server": {"verdict": ("fin-injected", "data-after-close", "inconclusive"), "initiator": ("network", "client", "unknown"),
                         "client_errno": ("EOF", "none"), "server_errno": ("ECONNRESET", "EOF", "EOF,EPIPE"), "reason": _UNSEEN}}, **_ANSWERED)
def _(lab):
    """302 with FIN at once, another TTL and no timestamps; the server's 4 KB answer comes 0.1 s later."""
    client, server = _request(lab)
    inject_fin(lab, "server", payload=_PAGE, ttl=60, ip_id=999, df=False, win=229)
    server.recv(len(_REQUEST))
    _read_page(client)
    lab.sleep(0.1)
    server.send(_answer(4000))
    server.read_end()


@scenario("block-page-other-ttl", vantages=("client",), delay_s=0.06, **_ANSWERED)
def _(lab):
    """A careful box: IP-ID, window and timestamps as the server's; its TTL is 8 more. The answer follows."""
    client, server = _request(lab)
    wait_for(lambda: lab.wire.last(TO_CLIENT, lambda p: p.ip_id))
    look = disguise(lab, "server")
    inject_fin(lab, "server", payload=_PAGE, **{**look, "ttl": look["ttl"] + 8})
    server.recv(len(_REQUEST))
    _read_page(client)
    lab.sleep(0.15)
    server.send(_answer(900))
    server.read_end()


@scenario("block-page-v6", vantages=("client", "middle"), v6=True, delay_s=0.03, **_ANSWERED)
def _(lab):
    """The same over IPv6: another hop limit, no timestamps, a window that is not scaled."""
    client, server = _request(lab)
    inject_fin(lab, "server", payload=_PAGE, ttl=62)
    server.recv(len(_REQUEST))
    _read_page(client)
    lab.sleep(0.1)
    server.send(_answer(2000))
    server.read_end()


_KILLED = {"server_errno": "ECONNRESET", "delay_s": 0.03, "loss_to_server": ("none", "possible"),
           "reason": "that the request was read before the reset, its forged acknowledgment does not say", **_BLOCKED}


@scenario("block-page-server-reset", vantages=("client", "middle", "server"),
          at={"server": {"verdict": ("reset-injected", "fin-injected", "inconclusive"), "initiator": ("network", "unknown"),
                         "reason": "the server's own capture shows the forged reset, and the ACK of a page that it never sent"}},
          **_KILLED)
def _(lab):
    """302 with FIN to the client, RST to the server in the client's name; the real server then resets the client's FIN."""
    client, server = _request(lab)
    inject_fin(lab, "server", payload=_PAGE, ttl=60, win=229)
    inject_reset(lab, "client", delay_s=0.035, with_ack=True, ttl=60)
    server.recv(len(_REQUEST))
    server.read_end()
    _read_page(client)
    lab.sleep(0.4)


@scenario("block-page-server-reset-careful", vantages=("client",), **{**_KILLED,
          "verdict": ("fin-injected", "graceful-then-reset", "fin-to-dead-peer", "peer-lost-state", "data-after-close", "inconclusive"),
          "initiator": ("network", "server", "unknown"),
          "reason": "a TTL of one less and half a round trip too early: hints, and nothing that contradicts the page"})
def _(lab):
    """The same by a careful box: only its TTL is one less, and the page comes before the server can have answered."""
    client, server = _request(lab)
    wait_for(lambda: lab.wire.last(TO_CLIENT, lambda p: p.ip_id))
    look = disguise(lab, "server")
    inject_fin(lab, "server", payload=_PAGE, **{**look, "ttl": look["ttl"] - 1})
    inject_reset(lab, "client", delay_s=0.001, with_ack=True, ttl=60)
    server.recv(len(_REQUEST))
    server.read_end()
    _read_page(client)
    lab.sleep(0.4)


@scenario("block-page-short-answer", vantages=("client", "middle"), delay_s=0.03, server_errno=("EOF", "ECONNRESET", "none"),
          loss_to_client="certain", reason="what the server reads when depends on which segment of the client it believes",
          **_BLOCKED)
def _(lab):
    """The server's own answer is shorter than the box's page: every byte of it lies below what the client has."""
    client, server = _request(lab)
    inject_fin(lab, "server", payload=_PAGE, ttl=60)
    server.recv(len(_REQUEST))
    _read_page(client)
    lab.sleep(0.1)
    server.send(b"HTTP/1.1 204 No Content\r\n\r\n")
    lab.sleep(0.8)
    server.close()
    lab.sleep(0.3)


# Near misses

@scenario("block-page-lost-race", live=True, vantages=("client", "middle"), hops=(5, 9), verdict="graceful", initiator="client",
          client_errno="none", server_errno="EOF")
def _(lab):
    """The real answer came first; the box's page and FIN lie below what the client has, and harm nobody."""
    client, server = _request(lab)
    server.recv(len(_REQUEST))
    size = len(_answer(600))
    server.send(_answer(600))
    client.recv(size)
    inject_fin(lab, "server", payload=_PAGE, offset=-size, ttl=60)
    lab.sleep(0.1)
    close_in_turn(client, server)


@scenario("honest-redirect", innocent=True, live=True, vantages=("client",), hops=(5, 9), verdict="graceful", initiator="server",
          client_errno="EOF", server_errno="none", delay_s=0.02)
def _(lab):
    """A real server's own 302 with its FIN in one segment; the client closes."""
    client, server = _request(lab)
    server.recv(len(_REQUEST))
    server.set_tcp(socket.TCP_CORK, 1)  # so that data and FIN leave together
    server.send(_PAGE)
    server.close()
    client.read_end()
    client.close()


@scenario("honest-redirect-pipelined", innocent=True, live=True, vantages=("client", "server"), hops=(5, 9), delay_s=0.02,
          verdict=("data-after-close", "keepalive-race", "data-crossed-fin"), initiator="server", loss_to_server="certain",
          client_errno=("ECONNRESET", "EOF", "EOF,EPIPE"), server_errno="none",
          reason="the client's second request and the server's FIN cross; the server read the first and closed")
def _(lab):
    """302 with FIN from a real server; the client's second request was under way and meets the closed socket: real resets."""
    client, server = _request(lab)
    server.recv(len(_REQUEST))
    server.set_tcp(socket.TCP_CORK, 1)
    server.send(_PAGE)
    server.close()
    client.send(_REQUEST)
    lab.sleep(0.2)
    client.read_end()
