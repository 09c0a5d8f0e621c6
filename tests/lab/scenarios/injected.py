# SPDX-License-Identifier: GPL-2.0-or-later
"""A third party in the middle forges the reset that ends the connection."""
from labkit.forge import answer_to, inject_reset
from labkit.scenario import scenario
from labkit.steps import TO_CLIENT, TO_SERVER, exchange, is_data, is_syn, wait_for

_INJECTED = {"verdict": "reset-injected", "initiator": "network"}

# At the host whose name was taken the forged reset never shows; what does is the victim's honest
# answer to the next segment: a peer that does not know the connection any more.
_UNSEEN_AT_CLIENT = {"verdict": "peer-lost-state", "initiator": ("server", "unknown", "network"),
                     "reason": "the forged reset passed elsewhere; here only the server's lost state shows"}

_BOTH_RESET = {"client_errno": "ECONNRESET", "server_errno": "ECONNRESET"}


@scenario("injected-exact-then-client-goes-on", live=True, vantages=("server", "middle", "client"),
          at={"client": _UNSEEN_AT_CLIENT}, loss_to_server="certain", **_BOTH_RESET, **_INJECTED)
def _(lab):
    """An exact RST in the client's name; half a second later the client sends its next request."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.1)
    inject_reset(lab, "client")
    server.read_end()
    lab.sleep(0.4)
    client.send(200)
    client.read_end()


@scenario("injected-exact-v6", live=True, v6=True, vantages=("server", "middle"), loss_to_server="certain", **_BOTH_RESET,
          **_INJECTED)
def _(lab):
    """The same over IPv6, where no IP-ID tells anything, with another hop limit."""
    client, server = lab.connect()
    exchange(client, server, 400, 3000)
    lab.sleep(0.1)
    inject_reset(lab, "client", ttl=119, with_ack=True)
    server.read_end()
    lab.sleep(0.3)
    client.send(200)
    client.read_end()


@scenario("injected-other-ttl", live=True, vantages=("server", "middle"), hops=(7, 9), loss_to_server="certain",
          **_BOTH_RESET, **_INJECTED)
def _(lab):
    """Both hosts are some hops away; the forged RST,ACK starts with TTL 250 and a random IP-ID."""
    client, server = lab.connect()
    exchange(client, server)
    exchange(client, server)
    lab.sleep(0.1)
    inject_reset(lab, "client", with_ack=True, ttl=250, ip_id=31337, win=8760, df=False)
    server.read_end()
    lab.sleep(0.2)
    client.send(99)
    client.read_end()


@scenario("injected-reflected", live=True, vantages=("server", "middle"), hops=(3, 5), loss_to_server="certain",
          **_BOTH_RESET, **_INJECTED)
def _(lab):
    """The forged RST carries the window and IP-ID of the victim's own last packet (a box that turns
    packets round)."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.1)
    mirror = lab.wire.last(TO_CLIENT)
    inject_reset(lab, "client", ip_id=mirror.ip_id, win=mirror.win, ttl=34)
    server.read_end()
    lab.sleep(0.3)
    client.send(150)
    client.read_end()


@scenario("injected-at-client", live=True, vantages=("client", "middle"), delay_s=0.02, loss_to_client="certain",
          client_errno="ECONNRESET", server_errno="ECONNRESET", **_INJECTED)
def _(lab):
    """RST in the server's name, right behind the request: the server's answer comes 60 ms later."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.1)
    client.send(300)
    wait_for(lambda: lab.wire.last(TO_SERVER, is_data).payload.__len__() == 300)
    inject_reset(lab, "server", with_ack=True)
    server.recv(300)
    lab.sleep(0.04)
    server.send(1200)
    client.read_end()
    lab.sleep(0.1)
    server.read_end()


@scenario("injected-burst-steps", live=True, vantages=("client", "middle"), delay_s=0.025, loss_to_client="certain",
          client_errno="ECONNRESET", server_errno="ECONNRESET", **_INJECTED)
def _(lab):
    """Three RST,ACK at X, X+1460 and X+4380 with rising windows and TTLs, against a client's first
    request; the server's answer follows."""
    client, server = lab.connect(port=80)
    request = b"GET / HTTP/1.1\r\nHost: forbidden.example\r\n\r\n"
    client.send(request)
    wait_for(lambda: is_data(lab.wire.last(TO_SERVER)))
    for step, offset in enumerate((0, 1460, 4380)):
        inject_reset(lab, "server", delay_s=0.0005 * step, offset=offset, with_ack=True, ack_offset=len(request), win=1980 + step,
                     ttl=81 + step, ip_id=4000 + 7 * step, df=False)
    server.recv(len(request))
    lab.sleep(0.03)
    server.send(900)
    client.read_end()
    lab.sleep(0.1)
    server.read_end()


@scenario("injected-burst-both-sides", live=True, vantages=("middle", "client"), delay_s=0.025, loss_to_client=("none", "possible"),
          client_errno="ECONNRESET", server_errno="ECONNRESET", initiator="network", verdict="reset-injected",
          loss_to_server=("none", "possible"), reason="everything was acknowledged; what was read, the wire does not show",
          at={"client": {"verdict": ("reset-injected", "peer-lost-state"), "initiator": ("network", "server", "unknown"),
                         "reason": "what reached the client ended nothing; the reset that did is the server's own"}})
def _(lab):
    """Bursts with steps in both names at once, while the server's answer is under way: the server takes
    the first, the client challenges them and is told by the server, which is gone."""
    client, server = lab.connect()
    client.send(120)
    server.recv(120)
    server.send(700)
    lab.sleep(0.01)
    for step in range(3):
        inject_reset(lab, "server", delay_s=0.0004 * step, offset=1460 * step, with_ack=True, ttl=101 + step, win=500 + step)
        inject_reset(lab, "client", delay_s=0.0004 * step, offset=1460 * step, with_ack=True, ttl=101 + step, win=500 + step)
    client.read_end()
    server.read_end()


@scenario("injected-both-sides-quiet", vantages=("middle", "client", "server"), live=True,
          verdict=("reset-injected", "abort-crossed", "abort-as-close", "abort-unanswered", "abort-idle", "abort-waiting",
                   "inconclusive"),
          initiator=("network", "both", "client", "server", "unknown"), client_errno="ECONNRESET", server_errno="ECONNRESET",
          loss_to_client=("none", "possible"),
          reason="both are reset exactly and neither speaks again: no hard indicator, whatever was the cause")
def _(lab):
    """One exact RST to each side and nobody says anything afterwards."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.5)
    inject_reset(lab, "client", ttl=57)
    inject_reset(lab, "server", ttl=57)
    client.read_end()
    server.read_end()


@scenario("injected-with-payload", live=True, vantages=("server", "middle"), loss_to_server="certain", **_BOTH_RESET, **_INJECTED)
def _(lab):
    """The forged RST carries a text (RFC 9293 allows it)."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.1)
    inject_reset(lab, "client", payload=b"blocked by policy 7", ttl=128)
    server.read_end()
    lab.sleep(0.3)
    client.send(200)
    client.read_end()


@scenario("injected-ack-garbage", live=True, vantages=("server",), loss_to_server="certain", **_BOTH_RESET, **_INJECTED)
def _(lab):
    """The forged RST,ACK acknowledges nonsense; Linux believes it all the same."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.1)
    inject_reset(lab, "client", with_ack=True, ack_offset=7_654_321)
    server.read_end()
    lab.sleep(0.5)
    client.send(200)
    client.read_end()


@scenario("injected-upload-goes-on", live=True, vantages=("server", "middle"), delay_s=0.01, loss_to_server="certain",
          initiator="network", verdict="reset-injected", client_errno=("ECONNRESET", "EPIPE"), server_errno="ECONNRESET")
def _(lab):
    """Exact RST in the client's name in a pause of an upload; the client goes on uploading."""
    client, server = lab.connect()
    exchange(client, server)
    for _ in range(3):
        client.send(2000)
        server.recv(2000)
        lab.sleep(0.1)
    inject_reset(lab, "client", ttl=62, ip_id=0, df=True)
    lab.sleep(0.1)
    for _ in range(3):
        client.send(2000)
        lab.sleep(0.03)
    server.read_end()


@scenario("injected-client-writes-later", vantages=("server",), loss_to_server="certain", **_BOTH_RESET, **_INJECTED)
def _(lab):
    """Exact RST in the client's name; two seconds later the living client sends five bytes."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.3)
    inject_reset(lab, "client", with_ack=True, win=4128, ttl=255)
    lab.sleep(2)
    client.send(5)
    server.read_end()
    client.read_end()


@scenario("injected-refusal-before-synack", live=True, vantages=("client", "middle"), delay_s=0.04, client_errno="ECONNREFUSED",
          initiator=("network",), verdict=("reset-injected",))
def _(lab):
    """A box answers the SYN with RST,ACK in the server's name; the server's SYN-ACK comes 70 ms later."""
    lab.listen()
    lab.wire.add(lambda p, d: lab.wire.inject(answer_to(p, ttl=61, ip_id=777, df=False), TO_CLIENT, 0.005)
                 if d == TO_SERVER and is_syn(p) else None)
    lab.try_connect()
    lab.sleep(0.3)


@scenario("forged-sweep-hits", live=True, vantages=("server",), loss_to_server="certain", **_BOTH_RESET, **_INJECTED)
def _(lab):
    """A sweep that hits in the end; the client goes on."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.1)
    for step in range(4, -1, -1):
        inject_reset(lab, "client", offset=5000 * step, delay_s=0.01 * (5 - step))
    lab.sleep(0.3)
    client.send(80)
    server.read_end()
    client.read_end()
