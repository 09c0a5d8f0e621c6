# SPDX-License-Identifier: GPL-2.0-or-later
"""TLS by OpenSSL: close_notify in time, late, unread, or never."""
import ssl

from labkit.program import tls_connect
from labkit.scenario import scenario
from labkit.steps import close_in_turn


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
          reason="a TLS close_notify alone is no loss; TLS 1.2 shows the alert's record type")
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
