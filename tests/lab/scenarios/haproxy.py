# SPDX-License-Identifier: GPL-2.0-or-later
"""HAProxy in the middle: two connections, each looked at from its own end."""
from labkit.program import Program, curl, finish, nginx, start_server
from labkit.scenario import scenario
from labkit.steps import is_rst

_HAPROXY = """global
 maxconn 50
 tune.ssl.default-dh-param 2048
defaults
 mode http
 timeout connect 1s
 timeout client 2s
 timeout server 1s
 %s
frontend f
 bind 198.51.100.1:80
 %s
 default_backend b
backend b
 server s 203.0.113.20:80 source 203.0.113.1:46001 %s
"""


def _haproxy(lab, defaults="", frontend="", server=""):
    lab.middle.run("ip", "addr", "add", "203.0.113.1/32", "dev", "m1")
    lab.server.run("ip", "neigh", "add", "203.0.113.1", "lladdr", "02:00:00:00:00:a1", "dev", "s0", "nud", "permanent")
    lab.server.run("ip", "route", "add", "203.0.113.1", "dev", "s0")
    start_server(lab, lab.middle, 80, ["haproxy", "-db", "-f", "{}/config"], _HAPROXY % (defaults, frontend, server))


def _client_leg(lab, **truth):
    pair = lab.add_programs(Program("client", "curl"), Program("server", "HAProxy"), 45001, 80, truth)
    pair.addresses = (pair.addresses[0], (lab.addresses["middle"], 80))
    return pair


@scenario("haproxy-graceful", verdict="graceful", initiator="client", innocent=True, live=True, kind="router", vantages=("client",))
def _(lab):
    """curl through HAProxy to nginx, seen at the client."""
    nginx(lab)
    _haproxy(lab)
    pair = _client_leg(lab)
    finish(pair, curl(lab, 45001, address=lab.addresses["middle"]))


@scenario("haproxy-504", verdict="graceful", initiator=("server", "client"), innocent=True, kind="router", vantages=("client",),
          reason="HAProxy says Connection: close, or leaves that to curl, by version")
def _(lab):
    """The backend does not answer within a second: HAProxy says 504 to the client and closes in order."""
    listener = lab.listen(80)
    _haproxy(lab)
    pair = _client_leg(lab)
    child = curl(lab, 45001, address=lab.addresses["middle"])
    lab.held = listener.accept()
    finish(pair, child)


@scenario("haproxy-gives-up-on-backend", verdict=("abort-waiting", "graceful", "half-closed-idle", "abort-after-own-fin"),
          initiator="client", innocent=True, kind="router", vantages=("server",), server_errno=("ECONNRESET", "EOF"),
          reason="judged by what HAProxy's close looks like: FIN or RST, both its giving up",
          loss_to_client="none")
def _(lab):
    """The same, seen at the backend, which takes the request and never answers."""
    listener = lab.listen(80)
    _haproxy(lab)
    child = curl(lab, 45001, address=lab.addresses["middle"])
    accepted, peer = listener.accept()
    pair = lab.accepted_pair(Program("client", "HAProxy"), accepted, peer[1], 80)
    pair.addresses = (peer[:2], pair.addresses[1])
    pair.server.sock.recv(4096)
    pair.server.read_end()
    pair.server.close()
    finish(pair, child)


@scenario("haproxy-rejects", verdict=("abort-before-response", "abort-no-data"), initiator="server", innocent=True, live=True,
          kind="router", vantages=("client",), client_errno="ECONNRESET", loss_to_server=("none", "certain", "possible"),
          reason="the request may be under way when the reset comes")
def _(lab):
    """HAProxy's access list rejects the connection right behind the handshake."""
    _haproxy(lab, frontend="tcp-request connection reject")
    client = lab.client_app(45001)
    pair = lab.add_pair(client, None, 80)
    client.connect((lab.addresses["middle"], 80))
    pair.addresses = (pair.addresses[0], (lab.addresses["middle"], 80))
    client.read_end()


def _first_check(frames):
    last = next(i for i, f in enumerate(frames) if is_rst(f.packet()))
    return frames[:last + 1]


@scenario("haproxy-health-check", verdict="setup-cancelled", initiator="client", innocent=True, kind="router",
          vantages=("server",), change=_first_check, change_note="cut behind the first check")
def _(lab):
    """HAProxy's TCP health check answers the SYN-ACK with RST: it never completes the handshake."""
    lab.listen(80)
    _haproxy(lab, server="check inter 2s")
    pair = lab.add_programs(Program("client", "HAProxy"), Program("server", "listener"), 46001, 80)
    pair.addresses = (("203.0.113.1", 46001), pair.addresses[1])
    lab.sleep(4.5)
