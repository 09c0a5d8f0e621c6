# SPDX-License-Identifier: GPL-2.0-or-later
"""Scanners and emulators: raw sockets whose own kernel resets the answers, and honest connect() scans."""
from labkit import packet, raw
from labkit.app import App
from labkit.raw import ACK, FIN, PSH, RST, SYN
from labkit.scenario import scenario
from labkit.steps import close_in_turn, exchange

_SCAN = {"verdict": "setup-cancelled", "initiator": "client", "innocent": True, "live": True, "server_errno": "none"}
_GET = b"GET / HTTP/1.0\r\n\r\n"


# What the raw socket says behind its kernel's reset is of no connection.
_TALKS_ON = {"loss_to_server": ("none", "possible", "certain"),
             "reason": "what the raw socket sends behind the reset reaches nobody; whether that is called a loss is a matter of words", **_SCAN}


def _synack(client):
    return client.expect(lambda p: p.flags & SYN)


def _goes_on(lab, port, **look):
    """SYN from the raw socket; the kernel resets the SYN-ACK; the scanner goes on as if nothing were."""
    lab.listen()
    client = raw.pair(lab, port, **look).client
    client.syn()
    _synack(client)
    lab.sleep(0.002)
    return client


@scenario("syn-scan-goes-on", vantages=("client", "server"), **_TALKS_ON)
def _(lab):
    """The kernel resets the SYN-ACK, then the raw socket sends ACK and a request: the server resets those. TTL and IP-ID differ."""
    client = _goes_on(lab, 40201)
    client.emit(ACK)
    client.emit(ACK | PSH, _GET)
    lab.sleep(0.3)


@scenario("syn-scan-goes-on-one-look", vantages=("server",), **_TALKS_ON)
def _(lab):
    """The same by an emulator with TTL 64 and IP-ID 0 throughout, like its kernel's reset."""
    client = _goes_on(lab, 40202, ttl=64, ip_id=0)
    client.emit(ACK)
    client.emit(ACK | PSH, _GET)
    lab.sleep(0.3)


@scenario("syn-scan-goes-on-later", vantages=("client", "server"), delay_s=0.04, hops=(9, 9), **_TALKS_ON)
def _(lab):
    """The raw socket goes on 0.8 s behind its kernel's reset: a pause between two probes, no round trip."""
    client = _goes_on(lab, 40203, counts=True, ip_id=7)
    lab.sleep(0.8)
    client.emit(ACK)
    lab.sleep(0.4)
    client.emit(ACK | PSH, _GET)
    lab.sleep(0.3)


@scenario("syn-scan-fin-behind", vantages=("server",), v6=True, **_SCAN)
def _(lab):
    """The scanner closes in its own way, with FIN,ACK, behind its kernel's reset (IPv6)."""
    client = _goes_on(lab, 40204, ttl=64)
    client.emit(FIN | ACK)
    lab.sleep(0.3)


@scenario("syn-scan-own-reset", vantages=("client", "server"), **_SCAN)
def _(lab):
    """Two resets: the kernel's, and the scanner's own with another TTL and IP-ID."""
    client = _goes_on(lab, 40205)
    client.emit(RST)
    lab.sleep(0.3)


@scenario("syn-scan-quiet-kernel", vantages=("client", "server"), **_SCAN)
def _(lab):
    """The kernel is kept quiet; the scanner itself resets the SYN-ACK, with the TTL and IP-ID of its SYN."""
    client = _goes_on(lab, 40206, kernel_quiet=True, ip_id=54321)
    lab.sleep(0.02)
    client.emit(RST)
    lab.sleep(0.3)


@scenario("syn-scan-three-ports", vantages=("client",), **_SCAN)
def _(lab):
    """A SYN scan of three ports: open, closed, open."""
    lab.listen(8080)
    lab.listen(8082)
    refused = {"verdict": "setup-refused", "client_errno": None}
    for port, truth in ((8080, {}), (8081, {**refused, "initiator": "server"}), (8082, {})):
        client = raw.pair(lab, 40207, dport=port, truth=truth).client
        client.syn()
        client.expect(lambda p: True)
        lab.sleep(0.05)


# Emulators: a whole connection from a raw socket

def _emulated(lab, port, **look):
    listener = lab.listen()
    pair = raw.pair(lab, port, kernel_quiet=True, **look)
    client = pair.client
    client.connect()
    pair.server = App("server", listener.accept()[0], lab.clock)
    client.send(_GET)
    pair.server.recv(len(_GET))
    pair.server.send(600)
    client.receive(600)
    return pair


@scenario("emulator-graceful", live=True, vantages=("client", "server"), verdict="graceful", initiator="server", innocent=True,
          server_errno="none")
def _(lab):
    """A banner grabber with one TTL and one IP-ID throughout; an orderly end."""
    client, server = _emulated(lab, 40210)
    server.close()
    client.wait_for_fin()
    client.close()
    lab.sleep(0.2)


@scenario("emulator-resets", live=True, vantages=("client", "server"), verdict=("abort-as-close", "abort-unanswered"), initiator="client",
          innocent=True, server_errno="ECONNRESET", loss_to_client=("none", "possible"),
          reason="the program had what it wanted; that it was whole, only the program knows")
def _(lab):
    """A banner grabber with one TTL, no timestamps and IP-ID 54321 throughout resets when it has the banner."""
    client, server = _emulated(lab, 40211)
    lab.sleep(0.05)
    client.reset()
    server.read_end()


@scenario("emulator-bare-reset-v6", live=True, v6=True, vantages=("server",), verdict=("abort-as-close", "abort-unanswered"),
          initiator="client", innocent=True, server_errno="ECONNRESET", loss_to_client=("none", "possible"),
          reason="the program had what it wanted; that it was whole, only the program knows")
def _(lab):
    """The same with a bare RST, half a second later (IPv6)."""
    client, server = _emulated(lab, 40212, ttl=64)
    lab.sleep(0.5)
    client.emit(RST, win=0)
    server.read_end()


# connect() scans

@scenario("connect-scan", live=True, vantages=("client",), verdict="graceful", initiator="client", innocent=True, client_errno="none",
          server_errno="none")
def _(lab):
    """connect() and close() on three ports: one is open, one closed, one open and reset."""
    listener = lab.listen(8080)
    client = lab.client_app()
    client.connect((lab.addresses["server"], 8080))
    pair = lab.add_pair(client, None, 8080)
    client.close()
    lab.try_connect(8081, truth={"verdict": "setup-refused", "initiator": "server", "client_errno": "ECONNREFUSED"})
    hasty = lab.connect(lab.listen(8082), truth={"verdict": "abort-no-data", "server_errno": "ECONNRESET"})
    hasty.client.abort()
    hasty.server.read_end()
    pair.server = App("server", listener.accept()[0], lab.clock)
    pair.server.read_end()
    pair.truth["server_errno"] = "EOF"
    pair.server.close()
    lab.sleep(0.1)


# Segments of no connection

_BESIDE = {"verdict": "graceful", "initiator": "client", "innocent": True, "client_errno": "none", "server_errno": "EOF", "live": True}


def _probe(lab, flags, ports, payload=b""):
    client, server = lab.connect()
    exchange(client, server)
    for number, port in enumerate(ports):
        probe = raw.RawClient(lab, 40300 + number, dport=port)
        probe.emit(flags, payload, options=b"")
        lab.sleep(0.02)
        probe.release()
    close_in_turn(client, server)


@scenario("fin-scan", vantages=("client", "server"), strays=("inconclusive",), **_BESIDE)
def _(lab):
    """Beside a good connection: FINs without ACK to closed ports, answered by RST,ACK with number 0, and to an open one."""
    _probe(lab, FIN, (81, 8080, 82))


@scenario("null-and-xmas-scan", vantages=("client",), strays=("inconclusive",), **_BESIDE)
def _(lab):
    """Beside a good connection: segments without any flag, and with FIN, PSH and URG."""
    _probe(lab, 0, (81, 82))
    _probe_more(lab)


def _probe_more(lab):
    for number, port in enumerate((83, 8080)):
        probe = raw.RawClient(lab, 40400 + number, dport=port)
        probe.emit(FIN | PSH | packet.URG, options=b"")
        lab.sleep(0.02)
        probe.release()


@scenario("ack-scan", vantages=("client",), strays=("inconclusive", "peer-lost-state", "open"), **_BESIDE)
def _(lab):
    """Beside a good connection: bare ACKs of connections that never were, answered by bare resets."""
    _probe(lab, ACK, (81, 8080))
