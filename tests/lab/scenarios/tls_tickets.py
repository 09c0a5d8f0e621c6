# SPDX-License-Identifier: GPL-2.0-or-later
"""TLS 1.3: session tickets come behind the handshake whether anybody reads them or not."""
from labkit.program import tls_connect
from labkit.scenario import scenario

_UNREAD = {"innocent": True, "live": True, "initiator": "client", "client_errno": "none", "loss_to_client": ("none", "possible"),
           "reason": "what was unread are the session tickets: bytes of TLS, no data of the program"}


@scenario("tls-tickets-unread-health-check", vantages=("client", "server"), delay_s=0.01, verdict=("abort-as-close", "abort-unanswered",
          "abort-waiting", "abort-no-data"), server_errno="ECONNRESET", **_UNREAD)
def _(lab):
    """A health check: handshake, nothing asked, close() with both tickets unread."""
    client, server = tls_connect(lab, tickets=2)
    client.app.wait_until_received(100)
    client.app.close()
    server.app.read_end()


@scenario("tls-tickets-unread-upload", vantages=("client", "server"), delay_s=0.01, verdict=("abort-as-close", "abort-unanswered", "abort-waiting"),
          server_errno="ECONNRESET", **_UNREAD)
def _(lab):
    """A client that only sends (a log line of 400 bytes), reads nothing and closes: all was read by the server, and a reset comes."""
    client, server = tls_connect(lab, tickets=2)
    client.app.wait_until_received(100)
    client.send(400)
    server.recv(400)
    lab.sleep(0.1)
    client.app.close()
    server.app.read_end()


@scenario("tls-tickets-unread-v6", v6=True, vantages=("server",), verdict=("abort-as-close", "abort-unanswered", "abort-waiting", "abort-no-data"),
          server_errno="ECONNRESET", **_UNREAD)
def _(lab):
    """The health check over IPv6 with a single ticket, half a second later."""
    client, server = tls_connect(lab, tickets=1)
    client.app.wait_until_received(100)
    lab.sleep(0.5)
    client.app.close()
    server.app.read_end()


@scenario("tls-tickets-unread-close-notify", vantages=("client", "server"), verdict=("abort-as-close", "abort-unanswered", "abort-waiting"),
          server_errno="ECONNRESET", **_UNREAD)
def _(lab):
    """The client sends 200 bytes and close_notify, then close() with the tickets unread."""
    client, server = tls_connect(lab, tickets=2)
    client.app.wait_until_received(100)
    client.send(200)
    server.recv(200)
    client.close_notify()
    lab.sleep(0.05)
    client.app.close()
    server.app.read_end()


@scenario("tls-tickets-read", vantages=("client", "server"), verdict="graceful", initiator="client", innocent=True, live=True,
          client_errno="none", server_errno="EOF")
def _(lab):
    """Near miss: the client reads an answer, and the tickets with it; an orderly end."""
    client, server = tls_connect(lab, tickets=2)
    client.send(200)
    server.recv(200)
    server.send(800)
    client.recv(800)
    client.app.close()
    server.app.read_end()
    server.app.close()


@scenario("tls-no-tickets-answer-unread", vantages=("client",), verdict=("abort-as-close", "abort-unanswered"), innocent=True, live=True,
          initiator="client", client_errno="none", server_errno="ECONNRESET", loss_to_client=("possible", "certain"),
          reason="a client that got data last owes nothing; whether it had read that, or all it wanted, the wire does not show")
def _(lab):
    """Near miss: no tickets; an answer of 900 bytes is what the client leaves unread."""
    client, server = tls_connect(lab, tickets=0)
    client.send(200)
    server.recv(200)
    server.send(900)
    client.app.wait_until_received(900)
    client.app.close()
    server.app.read_end()
