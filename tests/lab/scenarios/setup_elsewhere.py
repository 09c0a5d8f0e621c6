# SPDX-License-Identifier: GPL-2.0-or-later
"""The answer to the SYN comes from another address: a translation on the way there that is not undone on the way back."""
from labkit.app import App
from labkit.scenario import scenario
from labkit.steps import TO_CLIENT, TO_SERVER, close_in_turn, exchange, is_syn_ack

_SERVICE = {False: "203.0.113.80", True: "2001:db8:5::80"}
_ELSEWHERE = {
    "verdict": "setup-answered-elsewhere", "initiator": "network", "innocent": True, "server_errno": "none",
    "strays": ("setup-answered-elsewhere", "setup-cancelled", "setup-synack-unanswered", "inconclusive"),
    "at": {"server": {"verdict": ("setup-cancelled", "setup-answered-elsewhere", "setup-synack-unanswered"),
                      "initiator": ("client", "network", "unknown"), "client_errno": ("none", "ETIMEDOUT", "unknown"),
                      "reason": "behind the translation there is one address only: a SYN-ACK that the client's kernel refuses"}}}


def _translated(lab, *, port=8080, behind=8080, undone=False):
    """A service address that the way there turns into the server's; the way back turns it round only if told so."""
    service = _SERVICE[lab.v6]
    version = "-6" if lab.v6 else "-4"
    lab.client.run("ip", version, "neigh", "add", service, "lladdr", "02:00:00:00:00:50", "dev", "c0", "nud", "permanent")
    lab.client.run("ip", version, "route", "add", service, "dev", "c0")
    lab.wire.add(lambda p, d: [(p.copy(dst=lab.addresses["server"], dport=behind), 0)] if d == TO_SERVER and p.dst == service else None)
    if undone:
        lab.wire.add(lambda p, d: [(p.copy(src=service, sport=port), 0)] if d == TO_CLIENT and p.is_tcp else None)
    return service, port, behind


def _attempt(lab, service, port, behind, timeout):
    """A connect() to the service; it cannot succeed."""
    client = lab.client_app()
    own = client.sock.getsockname()[1]
    client.sock.settimeout(timeout)
    client.connect((service, port))
    pair = lab.add_pair(client, None, port, own)
    pair.addresses = ((lab.addresses["client"], own), (service, port))
    pair.addresses_at["server"] = ((lab.addresses["client"], own), (lab.addresses["server"], behind))
    return pair


@scenario("answered-elsewhere", vantages=("client", "middle", "server"), client_errno="ETIMEDOUT", **_ELSEWHERE)
def _(lab):
    """The server answers under its own address, the client's kernel resets that; three SYNs, then connect() gives up."""
    lab.client.sysctl("net.ipv4.tcp_syn_retries", 2)
    lab.client.sysctl("net.ipv4.tcp_syn_linear_timeouts", 0)
    lab.listen()
    _attempt(lab, *_translated(lab), timeout=12)


@scenario("answered-elsewhere-once-v6", v6=True, vantages=("client", "server"), client_errno=("none", "ETIMEDOUT", "unknown"),
          live=True, reason="the program's own patience is not on the wire", **_ELSEWHERE)
def _(lab):
    """One SYN, one answer from elsewhere, one reset; the program gives up within the second (IPv6)."""
    lab.listen()
    _attempt(lab, *_translated(lab), timeout=0.6).client.close()
    lab.tail(10)


@scenario("answered-elsewhere-other-port", delay_s=0.03, vantages=("client", "server"), client_errno=("none", "ETIMEDOUT", "unknown"),
          reason="the program's own patience is not on the wire", **_ELSEWHERE)
def _(lab):
    """The service's port is translated too: asked at 80, answered from 8080; round trip 60 ms."""
    lab.listen(8080)
    _attempt(lab, *_translated(lab, port=80, behind=8080), timeout=2.5).client.close()
    lab.tail(5)


@scenario("answered-elsewhere-reset-filtered", vantages=("client", "server"), client_errno=("none", "ETIMEDOUT", "unknown"),
          reason="the program's own patience is not on the wire", **_ELSEWHERE)
def _(lab):
    """The client's firewall swallows the stray SYN-ACKs before its kernel can reset them: they are repeated."""
    lab.server.sysctl("net.ipv4.tcp_synack_retries", 1)
    lab.client.run("nft", "-f", "-", stdin="table inet t { chain c { type filter hook input priority 0; "
                                           "ip saddr %s drop; }; }" % lab.addresses["server"])
    lab.listen()
    _attempt(lab, *_translated(lab), timeout=3.5).client.close()
    lab.tail(20)


# Near misses

@scenario("translated-and-undone", live=True, vantages=("client", "server"), verdict="graceful", initiator="client", innocent=True,
          client_errno="none", server_errno="EOF")
def _(lab):
    """The translation works both ways."""
    listener = lab.listen()
    service, port, behind = _translated(lab, undone=True)
    pair = _attempt(lab, service, port, behind, timeout=3)
    pair.server = App("server", listener.accept()[0], lab.clock)
    exchange(*pair)
    close_in_turn(*pair)


@scenario("two-addresses-raced", live=True, vantages=("client",), verdict="graceful", initiator="client", innocent=True,
          client_errno="none", server_errno="EOF")
def _(lab):
    """One client port, two addresses of a name: the first does not answer, the second does, with a handshake of its own."""
    listener = lab.listen()
    silent = lab.client_app(46100)
    service = _SERVICE[False]
    lab.client.run("ip", "route", "add", service, "dev", "c0")
    lab.client.run("ip", "neigh", "add", service, "lladdr", "02:00:00:00:00:50", "dev", "c0", "nud", "permanent")
    lab.wire.drop(lambda p, d: d == TO_SERVER and p.dst == service)
    silent.connect_without_waiting((service, 8080))
    pair = lab.add_pair(silent, None, 8080, 46100, truth={
        "verdict": ("setup-no-reply", "open"), "initiator": ("network", "server", "none", "unknown"), "server_errno": "none",
        "client_errno": ("none", "ETIMEDOUT", "unknown"), "reason": "the program gave this address up when the other answered"})
    pair.addresses = ((lab.addresses["client"], 46100), (service, 8080))
    lab.sleep(0.25)
    client, server = lab.connect(listener, client_port=46100)
    silent.close()
    exchange(client, server)
    close_in_turn(client, server)


@scenario("syn-ack-repeated-from-there", live=True, vantages=("client",), strays=_ELSEWHERE["strays"], verdict="graceful", initiator="client", innocent=True,
          client_errno="none", server_errno="EOF")
def _(lab):
    """The translation is undone late: the first SYN-ACK comes from the server's own address, the next from the service's."""
    listener = lab.listen()
    service, port, behind = _translated(lab)
    first = [True]

    def rule(p, d):
        if d != TO_CLIENT or not p.is_tcp or (is_syn_ack(p) and first and first.pop()):
            return None
        return [(p.copy(src=service), 0)]
    lab.wire.add(rule)
    pair = _attempt(lab, service, port, behind, timeout=4)
    pair.server = App("server", listener.accept()[0], lab.clock)
    exchange(*pair)
    close_in_turn(*pair)
