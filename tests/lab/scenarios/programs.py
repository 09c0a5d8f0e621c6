# SPDX-License-Identifier: GPL-2.0-or-later
"""Real servers, clients and libraries: nginx, curl, Python's HTTP server, HAProxy, OpenSSL."""
import signal
import ssl

from labkit import rewrite
from labkit.program import Program, curl, nginx, start_server, tls_connect
from labkit.scenario import scenario
from labkit.steps import close_in_turn, is_rst


def _http(lab, client_port=45001, server_port=80, **truth):
    return lab.add_programs(Program("client", "curl"), Program("server", "nginx"), client_port, server_port, truth)


def _finish(pair, child):
    """Waits for curl and keeps its message."""
    output, _ = child.communicate(timeout=20)
    pair.client.calls.append("exit code %d: %s" % (child.returncode, output.strip()))


@scenario("http-nginx-curl", verdict="graceful", initiator="client", innocent=True, live=True, kind="router")
def _(lab):
    """curl fetches a file from nginx and closes: nginx would have kept the connection."""
    nginx(lab, file_size=4000)
    pair = _http(lab)
    _finish(pair, curl(lab, 45001))


@scenario("http-nginx-connection-close-v6", verdict="graceful", initiator="server", innocent=True, live=True, v6=True,
          kind="router", vantages=("client",))
def _(lab):
    """The request says Connection: close, so that nginx closes first (IPv6)."""
    nginx(lab, file_size=2000)
    pair = _http(lab)
    _finish(pair, curl(lab, 45001, "-H", "Connection: close"))


@scenario("http-nginx-keepalive-timeout", verdict="graceful", initiator="server", innocent=True, kind="router",
          client_errno="EOF")
def _(lab):
    """nginx closes the idle connection after two seconds; the client reads EOF and closes."""
    nginx(lab, http="keepalive_timeout 2s;", file_size=800)
    client = lab.client_app(45001)
    client.connect((lab.addresses["server"], 80))
    lab.add_programs(client, Program("server", "nginx"), 45001, 80)
    client.send(b"GET /file.txt HTTP/1.1\r\nHost: lab\r\n\r\n")
    client.read_end()
    client.close()


@scenario("http-nginx-444", verdict="graceful", initiator="server", innocent=True, live=True, kind="router", vantages=("client",))
def _(lab):
    """nginx closes without an answer (return 444): orderly on the wire, whatever the client thinks of it."""
    nginx(lab, server="location /secret { return 444; }")
    pair = _http(lab)
    _finish(pair, curl(lab, 45001, path="/secret"))


@scenario("http-nginx-444-reset", verdict="abort-before-response", initiator="server", innocent=True, live=True,
          loss_to_server="possible", kind="router")
def _(lab):
    """The same with reset_timedout_connection: nginx sets SO_LINGER 0 and resets."""
    nginx(lab, http="reset_timedout_connection on;", server="location /secret { return 444; }")
    pair = _http(lab)
    _finish(pair, curl(lab, 45001, path="/secret"))


@scenario("http-curl-max-time", verdict="data-after-close", initiator="client", innocent=True, half_close=None,
          loss_to_client="certain", server_errno=("EOF", "EOF,EPIPE", "none", "EPIPE"),
          reason="the slow server does not look at its socket before it answers")
def _(lab):
    """curl waits one second and closes; the slow server answers after two and meets a closed socket."""
    listener = lab.listen(80)
    child = curl(lab, 45001, "--max-time", "1")
    accepted, _ = listener.accept()
    pair = lab.accepted_pair(Program("client", "curl"), accepted, 45001, 80)
    pair.server.sock.recv(4096)
    lab.sleep(2)
    pair.server.send(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
    lab.sleep(0.1)
    pair.server.send(b"more")
    _finish(pair, child)


@scenario("http-curl-killed", verdict="abort-by-receiver", initiator="client", innocent=True, loss_to_client="certain",
          delay_s=0.01, vantages=("server", "client"), server_errno=("ECONNRESET", "EPIPE"),
          change=lambda frames: rewrite.snap_length(frames, 96), change_note="snap length 96")
def _(lab):
    """curl hangs (SIGSTOP) in a download and is killed with data unread and more under way."""
    listener = lab.listen(80)
    child = curl(lab, 45001, "--limit-rate", "20k")
    accepted, _ = listener.accept()
    pair = lab.accepted_pair(Program("client", "curl"), accepted, 45001, 80)
    pair.server.sock.recv(4096)
    pair.server.send(b"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n")
    for _ in range(4):
        pair.server.send(3000)
        lab.sleep(0.05)
    child.send_signal(signal.SIGSTOP)
    pair.server.send(6000)
    lab.sleep(0.05)
    pair.server.send(8000)
    child.kill()
    child.wait(5)
    pair.client.calls.append("killed")
    while not pair.server.send(3000).startswith("E"):
        lab.sleep(0.01)


@scenario("http-python-server", verdict=("graceful", "graceful-simultaneous"), initiator=("server", "client", "both"),
          innocent=True, live=True, kind="router",
          reason="Content-Length tells curl the end as early as the server's FIN: who is first is a matter of luck")
def _(lab):
    """Python's HTTP/1.0 server closes behind its answer; curl closes when it has the whole answer."""
    start_server(lab, lab.server, 80, ["/usr/bin/python3", "-m", "http.server", "-b", lab.addresses["server"], "80"])
    pair = _http(lab)
    _finish(pair, curl(lab, 45001, path="/"))


# HAProxy in the middle: two connections; the test looks at each from its own end

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
    _finish(pair, curl(lab, 45001, address=lab.addresses["middle"]))


@scenario("haproxy-504", verdict="graceful", initiator=("server", "client"), innocent=True, kind="router", vantages=("client",),
          reason="HAProxy says Connection: close, or leaves that to curl, by version")
def _(lab):
    """The backend does not answer within a second: HAProxy says 504 to the client and closes in order."""
    listener = lab.listen(80)
    _haproxy(lab)
    pair = _client_leg(lab)
    child = curl(lab, 45001, address=lab.addresses["middle"])
    lab.held = listener.accept()
    _finish(pair, child)


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
    _finish(pair, child)


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


# TLS by OpenSSL

@scenario("tls-graceful", verdict="graceful", initiator="client", innocent=True, live=True, server_errno="EOF", client_errno="none")
def _(lab):
    """TLS 1.3 with close_notify both ways, then FINs."""
    client, server = tls_connect(lab)
    client.send(200)
    server.recv(200)
    server.send(3000)
    client.recv(3000)
    server.close_notify()
    client.recv(1)
    client.close_notify()
    server.recv(1)
    close_in_turn(client.app, server.app)


@scenario("tls-late-close-notify", verdict="data-after-close", initiator="server", innocent=True, live=True, v6=True,
          half_close=None, client_errno=("EOF", "EOF,EPIPE", "none"), server_errno="none",
          loss_to_server=("none", "certain"), reason="only the client's close_notify is lost, encrypted as any record")
def _(lab):
    """The server sends close_notify and closes; the client's own close_notify meets a closed socket."""
    client, server = tls_connect(lab)
    client.send(200)
    server.recv(200)
    server.send(3000)
    client.recv(3000)
    server.close_notify()
    server.app.close()
    lab.sleep(0.05)
    client.recv(1)
    client.app.recv(1)
    client.close_notify()
    lab.sleep(0.1)
    client.app.close()


@scenario("tls12-late-close-notify", verdict="data-after-close", initiator="server", innocent=True, live=True,
          half_close=None, client_errno=("EOF", "EOF,EPIPE", "none"), server_errno="none", loss_to_server="none",
          reason="SPEC: a TLS close_notify alone is no loss; TLS 1.2 shows the alert's record type")
def _(lab):
    """The same with TLS 1.2, where the alert can be recognised."""
    client, server = tls_connect(lab, version=ssl.TLSVersion.TLSv1_2)
    client.send(200)
    server.recv(200)
    server.send(3000)
    client.recv(3000)
    server.close_notify()
    server.app.close()
    lab.sleep(0.05)
    client.recv(1)
    client.app.recv(1)
    client.close_notify()
    lab.sleep(0.1)
    client.app.close()


@scenario("tls12-close-notify-unread", verdict="abort-after-peer-fin", initiator="client", innocent=True, live=True,
          client_errno=("none", "ECONNRESET"), server_errno="none", loss_to_server=("none", "possible"),
          reason="only the close_notify was unread; whether the rest was, the wire does not show")
def _(lab):
    """The client sends close_notify and FIN; the server closes with the alert unread: RST."""
    client, server = tls_connect(lab, version=ssl.TLSVersion.TLSv1_2)
    client.send(200)
    server.recv(200)
    server.send(500)
    client.recv(500)
    client.close_notify()
    client.app.close()
    lab.sleep(0.1)
    server.app.close()


@scenario("tls-truncated", verdict="graceful", initiator="server", innocent=True, live=True, client_errno="EOF", server_errno="none")
def _(lab):
    """The server closes without close_notify: TLS calls it truncation, TCP an orderly end."""
    client, server = tls_connect(lab)
    client.send(200)
    server.recv(200)
    server.send(2000)
    client.recv(2000)
    server.app.close()
    client.app.read_end()
    client.app.close()


@scenario("tls-abort", verdict="abort-by-receiver", initiator="client", innocent=True, live=True, delay_s=0.02,
          client_errno="none", server_errno=("ECONNRESET", "EPIPE"), loss_to_client="certain")
def _(lab):
    """The client drops a TLS download in the middle (SO_LINGER 0)."""
    client, server = tls_connect(lab)
    client.send(200)
    server.recv(200)
    server.send(6000)
    client.recv(100)
    server.send(6000)
    client.app.abort()
    server.app.read_end()
