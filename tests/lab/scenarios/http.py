# SPDX-License-Identifier: GPL-2.0-or-later
"""Real servers and clients: nginx, curl, Python's HTTP server."""
import signal

from labkit import rewrite
from labkit.program import Program, curl, finish, nginx, start_server
from labkit.scenario import scenario


def _http(lab, client_port=45001, server_port=80, **truth):
    return lab.add_programs(Program("client", "curl"), Program("server", "nginx"), client_port, server_port, truth)


@scenario("http-nginx-curl", verdict="graceful", initiator="client", innocent=True, live=True, kind="router")
def _(lab):
    """curl fetches a file from nginx and closes: nginx would have kept the connection."""
    nginx(lab, file_size=4000)
    pair = _http(lab)
    finish(pair, curl(lab, 45001))


@scenario("http-nginx-connection-close-v6", verdict="graceful", initiator="server", innocent=True, live=True, v6=True,
          kind="router", vantages=("client",), client_errno="EOF")
def _(lab):
    """The request says Connection: close, so that nginx closes first; the client reads to the end (IPv6)."""
    nginx(lab, file_size=2000)
    client = lab.client_app(45001)
    client.connect((lab.addresses["server"], 80))
    lab.add_programs(client, Program("server", "nginx"), 45001, 80)
    client.send(b"GET /file.txt HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n")
    client.read_end()
    lab.sleep(0.05)
    client.close()


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
    finish(pair, curl(lab, 45001, path="/secret"))


@scenario("http-nginx-444-reset", verdict="abort-before-response", initiator="server", innocent=True, live=True,
          loss_to_server="possible", kind="router")
def _(lab):
    """The same with reset_timedout_connection: nginx sets SO_LINGER 0 and resets."""
    nginx(lab, http="reset_timedout_connection on;", server="location /secret { return 444; }")
    pair = _http(lab)
    finish(pair, curl(lab, 45001, path="/secret"))


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
    finish(pair, child)


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
    finish(pair, curl(lab, 45001, path="/"))
