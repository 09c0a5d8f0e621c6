# SPDX-License-Identifier: GPL-2.0-or-later
"""FIN both ways, and then a reset of the side that closed second, as Windows sends it."""
from labkit import raw, tiny
from labkit.app import App
from labkit.scenario import scenario

# Both have closed in good order; the reset only saves the second closer its wait for the last ACK.
_BOTH_CLOSED = {"verdict": ("graceful-then-reset", "graceful-unconfirmed", "abort-after-own-fin"), "innocent": True, "live": True,
                "reason": "both FINs are there and all data is acknowledged; the reset that follows has no row of its own"}


# The second closer is a server (Windows: window 0, TTL 128)

def _tiny_served(lab, **options):
    client, server = tiny.connect(lab, **options)
    client.send(200)
    server.wait_for_bytes(200)
    server.send(700)
    client.recv(700)
    server.wait_until_acknowledged()
    lab.sleep(0.05)
    return client, server


@scenario("second-closer-server-fin-rst", vantages=("client", "middle"), delay_s=0.02, initiator="client", client_errno="none", **_BOTH_CLOSED)
def _(lab):
    """The client closes; the server answers with its FIN and in the same moment, before the last ACK, with RST,ACK."""
    client, server = _tiny_served(lab)
    client.close()
    server.wait_for_fin()
    server.close()
    server.reset()
    lab.sleep(0.15)


@scenario("second-closer-server-fin-rst-v6", v6=True, vantages=("client",), delay_s=0.05, initiator="client", client_errno="none",
          **_BOTH_CLOSED)
def _(lab):
    """The same over IPv6, and the server takes 0.3 s to close; its reset is 20 ms behind its FIN."""
    client, server = _tiny_served(lab)
    client.close()
    server.wait_for_fin()
    lab.sleep(0.3)
    server.close()
    lab.sleep(0.02)
    server.reset()
    lab.sleep(0.15)


# The second closer is a client

def _raw_served(lab, port, down=600):
    listener = lab.listen()
    pair = raw.pair(lab, port, ttl=128, ip_id=100, counts=True, win=8192, kernel_quiet=True)
    client = pair.client
    client.connect()
    pair.server = server = App("server", listener.accept()[0], lab.clock)
    client.send(90)
    server.recv(90)
    server.send(down)
    client.receive(down)
    return client, server


@scenario("second-closer-client-fin-rst", vantages=("client", "server"), delay_s=0.02, initiator="server", server_errno="none", **_BOTH_CLOSED)
def _(lab):
    """The server closes behind its answer; the client (Windows) acknowledges, closes too, and resets before its FIN is acknowledged."""
    client, server = _raw_served(lab, 47201)
    server.close()
    client.wait_for_fin()
    lab.sleep(0.01)
    client.close()
    client.reset()
    lab.sleep(0.15)


@scenario("second-closer-client-later", vantages=("server",), delay_s=0.01, initiator="server", server_errno="none", **_BOTH_CLOSED)
def _(lab):
    """The same, and the reset comes when the FIN has been acknowledged: behind both FINs."""
    client, server = _raw_served(lab, 47202)
    server.close()
    client.wait_for_fin()
    client.close()
    lab.sleep(0.15)
    client.reset()
    lab.sleep(0.1)


@scenario("second-closer-client-no-data", vantages=("client", "server"), delay_s=0.02, initiator="server", server_errno="none", **_BOTH_CLOSED)
def _(lab):
    """A connection without a byte: FIN, FIN, RST."""
    listener = lab.listen()
    pair = raw.pair(lab, 47203, ttl=128, ip_id=100, counts=True, win=8192, kernel_quiet=True)
    pair.client.connect()
    pair.server = App("server", listener.accept()[0], lab.clock)
    pair.server.close()
    pair.client.wait_for_fin()
    pair.client.close()
    pair.client.reset()
    lab.sleep(0.15)


@scenario("second-closer-with-data", vantages=("client", "server"), delay_s=0.02, initiator="server", server_errno="EOF", half_close=None,
          loss_to_server=("none", "possible"), also=("graceful-half-close",),
          **{**_BOTH_CLOSED, "verdict": ("graceful-then-reset", "graceful-unconfirmed",
          "abort-after-own-fin", "abort-by-sender"),
          "reason": "the second closer's last data is unacknowledged at its own end when it resets; it arrived and was read"})
def _(lab):
    """The client (Windows) answers the server's FIN with 300 bytes and FIN in one segment, and resets at once."""
    client, server = _raw_served(lab, 47204)
    server.shutdown()
    client.wait_for_fin()
    client.emit(raw.FIN | raw.ACK | raw.PSH, b"r" * 300)
    client.bytes_written += 300
    client.reset()
    server.read_end()
    lab.sleep(0.1)
