# SPDX-License-Identifier: GPL-2.0-or-later
"""Boxes on the path that are no forgers: firewalls that reject, NATs that forget, SYN proxies, load balancers."""
from labkit.forge import inject_reset, reject
from labkit.scenario import scenario
from labkit.steps import TO_CLIENT, TO_SERVER, close_in_turn, exchange, is_data

_REJECTED = {"verdict": "midpath-reject", "initiator": "network", "client_errno": "ECONNRESET", "server_errno": "ECONNRESET",
             "loss_to_server": "certain"}

_SERVER_SEES_LOST_CLIENT = {
    "verdict": ("peer-lost-state", "midpath-reject"), "initiator": ("client", "unknown", "network"),
    "loss_to_server": ("none", "certain", "possible"),
    "reason": "the rejected request never reached the server's side; there the client has lost its state"}

_REJECT_RULE = ("table inet t { chain c { type filter hook forward priority 0; "
                "ip%s saddr %s tcp flags & (syn|rst) == 0 reject with tcp reset; }; }")


@scenario("midpath-reject-nft", live=True, kind="router", vantages=("client", "middle", "server"), loss_to_client="certain",
          at={"server": _SERVER_SEES_LOST_CLIENT}, **_REJECTED)
def _(lab):
    """The firewall's rules are reloaded: from now on it rejects the client's segments with tcp-reset. The
    server knows nothing and sends an event later."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.1)
    lab.nft(_REJECT_RULE % ("", lab.addresses["client"]))
    client.send(300)
    client.read_end()
    lab.sleep(0.5)
    server.send(90)
    server.read_end()


@scenario("midpath-reject-nft-v6", live=True, kind="router", v6=True, vantages=("client", "server"), loss_to_client="certain",
          at={"server": _SERVER_SEES_LOST_CLIENT}, **_REJECTED)
def _(lab):
    """The same over IPv6, with a request of 4 KB in several segments."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.1)
    lab.nft(_REJECT_RULE % ("6", lab.addresses["client"]))
    client.send(4000)
    client.read_end()
    lab.sleep(0.5)
    server.send(2500)
    server.read_end()


@scenario("midpath-reject-content", live=True, delay_s=0.02, vantages=("client", "middle"), loss_to_client="certain",
          **_REJECTED)
def _(lab):
    """A content filter rejects the one request that it does not like; the server's greeting of the next
    minute shows that it never saw it."""
    client, server = lab.connect(port=80)
    exchange(client, server)
    lab.sleep(0.1)
    reject(lab, TO_SERVER, lambda p: b"forbidden" in p.payload, ttl=63)
    client.send(b"GET /forbidden HTTP/1.1\r\n\r\n")
    client.read_end()
    lab.sleep(0.5)
    server.send(120)
    server.read_end()


@scenario("midpath-reject-server-side", live=True, delay_s=0.01, vantages=("server", "middle"), verdict="midpath-reject",
          initiator="network", client_errno="ECONNRESET", server_errno="ECONNRESET", loss_to_client="certain",
          loss_to_server="certain")
def _(lab):
    """A box rejects the server's answer; the client, which never got it, asks again later."""
    client, server = lab.connect()
    exchange(client, server)
    client.send(200)
    server.recv(200)
    lab.sleep(0.1)
    reject(lab, TO_CLIENT, is_data)
    server.send(700)
    server.read_end()
    lab.sleep(0.3)
    client.send(50)
    client.read_end()


@scenario("midpath-reject-silent-server", live=True, kind="router", vantages=("client",), client_errno="ECONNRESET",
          server_errno="none", verdict=("peer-lost-state", "midpath-reject"), initiator=("server", "unknown", "network"),
          loss_to_server="certain", reason="the server never speaks again: nothing tells the box from a host that forgot")
def _(lab):
    """A firewall rejects the client's request and the server never says anything more."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.1)
    lab.nft(_REJECT_RULE % ("", lab.addresses["client"]))
    client.send(300)
    client.read_end()
    server.note("sends nothing", "ok")


def _masquerade(lab, options=""):
    """The router hides the client behind its own server-side address."""
    lab.middle.run("ip", "addr", "add", "203.0.113.1/32", "dev", "m1")
    lab.server.run("ip", "neigh", "add", "203.0.113.1", "lladdr", "02:00:00:00:00:a1", "dev", "s0", "nud", "permanent")
    lab.server.run("ip", "route", "add", "203.0.113.1", "dev", "s0")
    lab.nft("table ip n { chain c { type nat hook postrouting priority 100; oif m1 meta l4proto tcp snat to 203.0.113.1:20000-60000%s; }; }"
            % options)


def _nat_pair(lab, **truth):
    """Connects through the NAT; at the server the client has the NAT's address and port."""
    pair = lab.connect(truth=truth)
    pair.addresses_at["server"] = (pair.server.sock.getpeername()[:2], pair.addresses[1])
    return pair


@scenario("nat-forgets-client-speaks", live=True, kind="router", vantages=("client",), verdict="peer-lost-state",
          innocent=True, initiator=("server", "unknown", "network"), client_errno="ECONNRESET", server_errno="none",
          loss_to_server="certain", reason="the server is told of a connection it never had: new port behind the NAT")
def _(lab):
    """The NAT's table is flushed; the client's next request leaves it with another port, which the
    server does not know."""
    _masquerade(lab, " random")
    pair = _nat_pair(lab)
    exchange(*pair)
    lab.sleep(0.2)
    lab.middle.run("conntrack", "-F")
    pair.client.send(300)
    pair.client.read_end()


@scenario("nat-forgets-server-speaks", kind="router", vantages=("server",), verdict="peer-lost-state", innocent=True,
          initiator=("client", "unknown", "network"), client_errno="none", server_errno="ECONNRESET",
          loss_to_client="certain", reason="the NAT itself answers, with its own address: it has no such connection")
def _(lab):
    """The NAT's table is flushed after an idle hour; the server's event meets the router itself."""
    _masquerade(lab)
    pair = _nat_pair(lab)
    exchange(*pair)
    lab.sleep(0.2)
    lab.middle.run("conntrack", "-F")
    lab.stretch(3600)
    pair.server.send(200)
    pair.server.read_end()
    pair.client.note("hears nothing", "ok")


@scenario("nat-graceful", live=True, kind="router", vantages=("client", "server"), verdict="graceful", innocent=True,
          initiator="client", client_errno="none", server_errno="EOF")
def _(lab):
    """A NAT that does its work."""
    _masquerade(lab)
    pair = _nat_pair(lab)
    exchange(*pair)
    close_in_turn(*pair)


def _syn_proxy(lab):
    """iptables' SYNPROXY: the router completes the handshake before it asks the server."""
    lab.middle.sysctl("net.netfilter.nf_conntrack_tcp_loose", 0)
    for rule in (("-t", "raw", "-A", "PREROUTING", "-i", "m0", "-p", "tcp", "--syn", "-j", "CT", "--notrack"),
                 ("-A", "FORWARD", "-p", "tcp", "-m", "conntrack", "--ctstate", "INVALID,UNTRACKED", "-j", "SYNPROXY",
                  "--sack-perm", "--timestamp", "--wscale", "7", "--mss", "1460"),
                 ("-A", "FORWARD", "-m", "conntrack", "--ctstate", "INVALID", "-j", "DROP")):
        lab.middle.run("iptables", *rule)


@scenario("syn-proxy-graceful", live=True, kind="router", vantages=("client", "server"), verdict="graceful", innocent=True,
          initiator="client", client_errno="none", server_errno="EOF")
def _(lab):
    """A SYN proxy in front of a living server; its rewriting of numbers must not look like forgery."""
    _syn_proxy(lab)
    client, server = lab.connect()
    exchange(client, server)
    close_in_turn(client, server)


@scenario("syn-proxy-server-refuses", live=True, kind="router", vantages=("client", "server"), innocent=True,
          verdict="abort-before-response", initiator=("server", "network", "unknown"), client_errno="ECONNRESET",
          reason="the proxy made the handshake in the server's name and the server never wanted the connection",
          at={"server": {"verdict": "setup-refused", "initiator": "server", "client_errno": ()}})
def _(lab):
    """A SYN proxy accepts the connection for a server whose port is closed."""
    _syn_proxy(lab)
    pair = lab.try_connect()
    pair.client.send(100)
    pair.client.read_end()

_IDLE_BOTH_WAYS = {"innocent": True, "verdict": ("abort-crossed", "abort-idle"), "initiator": ("both", "network", "unknown"),
                   "client_errno": "ECONNRESET", "server_errno": "ECONNRESET",
                   "loss_to_client": ("none", "possible"),
                   "reason": "a box with an idle timer reset both sides: a third party, but its job"}


@scenario("lb-idle-both-ways", vantages=("middle",), hops=(4, 4), **_IDLE_BOTH_WAYS)
def _(lab):
    """240 s of silence; then the balancer resets both sides in the same moment."""
    client, server = lab.connect()
    exchange(client, server)
    lab.stretch(240)
    inject_reset(lab, "client", with_ack=True, ttl=255)
    inject_reset(lab, "server", with_ack=True, ttl=255)
    client.read_end()
    server.read_end()


@scenario("lb-idle-one-side", vantages=("client", "server"), innocent=True, verdict="abort-idle",
          initiator=("server", "client", "network", "unknown"), client_errno="ECONNRESET", server_errno="ECONNRESET",
          loss_to_client=("none", "possible"),
          reason="each side sees the other reset; that a box spoke for both shows only where both are captured")
def _(lab):
    """The same after 350 s, captured at the hosts: each sees a bare reset of the other."""
    client, server = lab.connect()
    exchange(client, server)
    lab.stretch(350)
    inject_reset(lab, "client", win=346)
    inject_reset(lab, "server", win=346)
    client.read_end()
    server.read_end()


@scenario("lb-silent-expiry", vantages=("client", "middle"), verdict="peer-lost-state", innocent=True,
          initiator=("server", "unknown", "network"), client_errno="ECONNRESET", server_errno="none", loss_to_server="certain",
          reason="the balancer answers for a server that knows nothing of it and stays silent")
def _(lab):
    """After 350 s the balancer has forgotten; it answers the client's next request with a reset."""
    client, server = lab.connect()
    exchange(client, server)
    lab.stretch(350)
    reject(lab, TO_SERVER, lambda p: True)
    client.send(400)
    client.read_end()
    server.note("hears nothing", "ok")
