# SPDX-License-Identifier: GPL-2.0-or-later
"""Multipath TCP on one path: MP_FASTCLOSE ends the whole connection, and its sender is the one who ended it."""
import socket

from labkit import packet
from labkit.app import App
from labkit.scenario import scenario
from labkit.steps import TO_SERVER, close_in_turn, exchange, is_rst

_MPTCP = 262  # IPPROTO_MPTCP
_ABORTED = {"innocent": True, "live": True, "vantages": ("client", "server")}


def _connect(lab, port=8080):
    """Sockets of IPPROTO_MPTCP at both ends."""
    for namespace in (lab.client, lab.server):
        namespace.sysctl("net.mptcp.enabled", 1)
    listener = lab.server.socket(lab.family, socket.SOCK_STREAM, _MPTCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((lab.addresses["server"], port))
    listener.listen(4)
    listener.settimeout(5)
    lab.listeners.append(listener)
    sock = lab.client.socket(lab.family, socket.SOCK_STREAM, _MPTCP)
    sock.bind((lab.addresses["client"], 0))
    client = App("client", sock, lab.clock)
    client.connect((lab.addresses["server"], port))
    return lab.add_pair(client, App("server", listener.accept()[0], lab.clock), port)


@scenario("mptcp-fastclose-client", verdict=("abort-as-close", "abort-unanswered"), initiator="client", client_errno="none",
          server_errno="ECONNRESET", loss_to_client=("none", "possible"),
          reason="whether the client's program had read what its kernel acknowledged, the wire does not show", **_ABORTED)
def _(lab):
    """The client ends with SO_LINGER 0: Linux puts MP_FASTCLOSE into its reset."""
    client, server = _connect(lab)
    exchange(client, server)
    lab.sleep(0.2)
    client.abort()
    server.read_end()
    lab.sleep(0.1)


@scenario("mptcp-fastclose-server-v6", v6=True, delay_s=0.02, verdict="abort-as-close", initiator="server", client_errno="ECONNRESET",
          server_errno="none", **_ABORTED)
def _(lab):
    """The server ends so behind its answer (IPv6)."""
    client, server = _connect(lab)
    exchange(client, server)
    exchange(client, server, 80, 900)
    lab.sleep(0.2)
    server.abort()
    client.read_end()
    lab.sleep(0.1)


@scenario("mptcp-fastclose-in-an-ack", verdict=("abort-as-close", "abort-unanswered", "abort-after-own-fin"), initiator="client",
          client_errno="none", server_errno="ECONNRESET", loss_to_client=("none", "possible"), innocent=True, live=True, vantages=("server",),
          reason="the reset is the server's, and only the answer to MP_FASTCLOSE: which row it belongs to, is a matter of words")
def _(lab):
    """MP_FASTCLOSE in an ACK, as other systems send it (RFC 8684 §3.5): the server's reset answers that."""
    client, server = _connect(lab)
    exchange(client, server)
    lab.sleep(0.2)
    lab.wire.add(lambda p, d: [(p.copy(flags=packet.ACK), 0)] if d == TO_SERVER and is_rst(p) and p.flags & packet.ACK else None)
    client.abort()
    server.read_end()
    lab.sleep(0.1)


@scenario("mptcp-fastclose-download", delay_s=0.02, verdict="abort-by-receiver", initiator="client", client_errno="none",
          server_errno=("ECONNRESET", "EPIPE"), loss_to_client="certain", **_ABORTED)
def _(lab):
    """The client drops a download with MP_FASTCLOSE while data is under way."""
    client, server = _connect(lab)
    exchange(client, server)
    server.send(2000)
    client.recv(2000)
    server.send(6000)
    lab.sleep(0.003)
    client.abort()
    server.read_end()


@scenario("mptcp-graceful", verdict="graceful", initiator="client", innocent=True, live=True, client_errno="none", server_errno="EOF",
          vantages=("client", "server"))
def _(lab):
    """Near miss: an orderly end, DATA_FIN and then the FINs of the only subflow."""
    client, server = _connect(lab)
    exchange(client, server)
    close_in_turn(client, server)
    lab.sleep(0.1)
