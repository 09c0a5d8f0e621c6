# SPDX-License-Identifier: GPL-2.0-or-later
"""Connections that never came to be: refused, or reported unreachable."""
from labkit import packet
from labkit.scenario import scenario
from labkit.steps import TO_CLIENT, TO_SERVER, going, is_syn


@scenario("setup-refused", verdict="setup-refused", initiator="server", live=True, innocent=True,
          client_errno="ECONNREFUSED")
def _(lab):
    """Nobody listens on the port."""
    lab.try_connect(port=81)


@scenario("setup-refused-v6", verdict="setup-refused", initiator="server", live=True, innocent=True, v6=True,
          delay_s=0.05, client_errno="ECONNREFUSED")
def _(lab):
    """Nobody listens on the port; IPv6 and a round trip of 100 ms."""
    lab.try_connect(port=444)


@scenario("setup-refused-by-host-firewall", verdict="setup-refused", initiator="server", live=True, innocent=True,
          client_errno="ECONNREFUSED", kind="direct")
def _(lab):
    """The server's own firewall rejects with tcp-reset: byte for byte a closed port."""
    lab.listen(8080)
    lab.server.run("nft", "-f", "-", stdin="table inet t { chain c { type filter hook input priority 0; "
                                           "tcp dport 8080 reject with tcp reset; }; }")
    lab.try_connect()


@scenario("setup-refused-by-router", verdict="setup-refused", initiator=("server", "network"), live=True, innocent=True,
          client_errno="ECONNREFUSED", kind="router", vantages=("client", "middle"),
          reason="a router that rejects in the server's name sends what the server would send")
def _(lab):
    """A firewall on the path rejects the SYN with tcp-reset in the server's name."""
    lab.listen(8080)
    lab.nft("table inet t { chain c { type filter hook forward priority 0; tcp dport 8080 reject with tcp reset; }; }")
    lab.try_connect()


@scenario("setup-refused-second-syn", verdict="setup-refused", initiator="server", innocent=True, live=True,
          client_errno="ECONNREFUSED", vantages=("client",))
def _(lab):
    """The first SYN is lost, its retransmission is refused."""
    lab.wire.drop(going(TO_SERVER, is_syn), times=1)
    lab.try_connect(port=82)


def _icmp(lab, kind, code, sender):
    lab.wire.add(lambda p, d: _answer(lab, p, kind, code, sender) if d == TO_SERVER and is_syn(p) else None)
    lab.try_connect()


def _answer(lab, p, kind, code, sender):
    lab.wire.inject(packet.icmp_error(p, lab.addresses[sender], kind, code), TO_CLIENT, 0.03)
    return []


for _name, _kind, _code, _errno, _sender, _v6 in (
        ("setup-unreachable-host", 3, 1, "EHOSTUNREACH", "middle", False),
        ("setup-unreachable-net", 3, 0, "ENETUNREACH", "middle", False),
        ("setup-unreachable-port", 3, 3, "ECONNREFUSED", "server", False),
        ("setup-unreachable-prohibited", 3, 13, "EHOSTUNREACH", "middle", False),
        ("setup-unreachable-no-route-v6", 1, 0, "ENETUNREACH", "middle", True),
        ("setup-unreachable-prohibited-v6", 1, 1, "EACCES", "middle", True),
        ("setup-unreachable-port-v6", 1, 4, "ECONNREFUSED", "server", True)):
    def _run(lab, kind=_kind, code=_code, sender=_sender):
        """An ICMP error answers the SYN."""
        _icmp(lab, kind, code, sender)
    _run.__doc__ = "ICMP%s type %d code %d from the %s answers the SYN." % (
        "v6" if _v6 else "", _kind, _code, "router" if _sender == "middle" else "server itself")
    scenario(_name, verdict="setup-unreachable", initiator=("network",) if _sender == "middle" else ("server", "network"),
             live=True, innocent=True, v6=_v6, vantages=("client",), client_errno=_errno,
             reason="" if _sender == "middle" else "the server itself says so, by ICMP")(_run)
