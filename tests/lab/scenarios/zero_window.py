# SPDX-License-Identifier: GPL-2.0-or-later
"""A closed window and what comes behind it: it opens too late, its host dies, or all goes on."""
import socket

from labkit.scenario import RESET_BY_SERVER, scenario
from labkit.steps import close_in_turn, crash, exchange

_SMALL_BUFFER = ((socket.SOL_SOCKET, socket.SO_RCVBUF, 4096),)
_USER_TIMEOUT = ((socket.IPPROTO_TCP, 18, 2500),)  # TCP_USER_TIMEOUT, in milliseconds
_TOO_LATE = {"verdict": "timeout-zero-window", "innocent": True}


def _full(lab, *, server_options=(), size=50_000):
    """The client has a small buffer and does not read; the server's data fills it and waits."""
    client, server = lab.connect(client_options=_SMALL_BUFFER, server_options=server_options)
    client.send(50)
    server.recv(50)
    server.send_now(size)
    lab.sleep(0.1)
    return client, server


@scenario("zero-window-opens-too-late", vantages=("client", "server"), initiator="client", client_errno="ECONNRESET",
          server_errno="ETIMEDOUT", loss_to_client=("possible", "certain"),
          reason="the server's kernel gave up in silence; what it held was never on the wire", **_TOO_LATE)
def _(lab):
    """The server gives up probing a shut window (TCP_USER_TIMEOUT); then the client reads, and its window update draws a reset."""
    client, server = _full(lab, server_options=_USER_TIMEOUT)
    server.read_end()
    lab.sleep(0.3)
    client.read_end()


@scenario("zero-window-opens-too-late-slow-v6", v6=True, delay_s=0.04, vantages=("client", "server"), initiator="client",
          client_errno="ECONNRESET", server_errno="ETIMEDOUT", loss_to_client=("possible", "certain"),
          reason="the server's kernel gave up in silence; what it held was never on the wire", **_TOO_LATE)
def _(lab):
    """The same with a round trip of 80 ms and two minutes before the client reads again (IPv6)."""
    client, server = _full(lab, server_options=_USER_TIMEOUT)
    server.read_end()
    lab.stretch(120)
    client.read_end()


@scenario("zero-window-upload-too-late", vantages=("client", "server"), initiator="server", client_errno="ETIMEDOUT",
          server_errno="ECONNRESET", loss_to_server=("possible", "certain"),
          reason="the client's kernel gave up in silence; what it held was never on the wire", **_TOO_LATE)
def _(lab):
    """The other way round: an upload into a server that reads again when the client has given up."""
    client, server = lab.connect(server_options=_SMALL_BUFFER, client_options=_USER_TIMEOUT)
    exchange(client, server)
    client.send_now(50_000)
    client.read_end()
    lab.sleep(0.4)
    server.read_end()
    lab.tail(1)


@scenario("zero-window-prober-crashed", vantages=("client",), initiator=("client", "server", "unknown"), innocent=True,
          verdict=("timeout-zero-window", "peer-lost-state"), client_errno="ECONNRESET", server_errno="none",
          loss_to_client=("possible", "certain"), reason="a host that crashed between two probes looks like one that gave up behind them")
def _(lab):
    """The server probes twice and crashes; the client's late window update draws a reset of the restarted host."""
    client, server = _full(lab)
    lab.sleep(1.2)
    server.crash()
    lab.sleep(1)
    client.read_end()


@scenario("zero-window-reader-crashed", vantages=("server", "client"), initiator=("client", "unknown"), innocent=True,
          verdict=("peer-lost-state", "timeout-zero-window"), client_errno="none", server_errno="ECONNRESET",
          loss_to_client=("possible", "certain"), reason="the window was shut before the crash, so both rows describe it")
def _(lab):
    """The client's host crashes behind its shut window and is back at once: the next probe is answered with a reset."""
    client, server = _full(lab)
    client.crash()
    server.read_end()


@scenario("zero-window-then-dead-client", vantages=("client", "middle"), initiator=("server", "network"), client_errno="ETIMEDOUT",
          server_errno="none", loss_to_server=("possible", "certain"),
          reason="dead host or dead path: the wire does not say", **_TOO_LATE)
def _(lab):
    """An upload: the server's window shuts, two probes are answered, then its host is gone."""
    lab.client.sysctl("net.ipv4.tcp_retries2", 4)
    client, server = lab.connect(server_options=_SMALL_BUFFER)
    exchange(client, server)
    client.send_now(50_000)
    lab.sleep(0.8)
    lab.wire.blackhole()
    client.read_end()
    lab.tail(40)


@scenario("zero-window-then-dead-then-reset", vantages=("server",), initiator=("client", "network", "server"), innocent=True,
          verdict=("timeout-zero-window", "timeout-retransmit-reset", "abort-by-sender"), client_errno="none", server_errno="none",
          loss_to_client=("possible", "certain"), reason="the probes stay unanswered, then the program aborts: nobody was waiting for an answer")
def _(lab):
    """The window shuts, the client's host is gone, the server's program drops the connection after 3.5 s."""
    client, server = _full(lab)
    lab.sleep(0.4)
    lab.wire.blackhole()
    lab.sleep(3.2)
    server.abort()
    lab.sleep(0.05)


@scenario("zero-window-opens-then-dead", vantages=("server",), verdict="timeout-retransmit", innocent=True, initiator=("client", "network"),
          client_errno="none", server_errno="ETIMEDOUT", loss_to_client=("possible", "certain"),
          reason="dead host or dead path: the wire does not say")
def _(lab):
    """The window is shut, opens again and data flows; then the client's host is gone and data is repeated in vain."""
    client, server = _full(lab, server_options=_USER_TIMEOUT, size=20_000)
    lab.sleep(0.6)
    client.recv(20_000)
    lab.sleep(0.2)
    lab.wire.blackhole()
    server.send(700)
    server.read_end()
    lab.tail(20)


# Near misses

@scenario("zero-window-reader-returns", live=True, vantages=("server", "client"), verdict="graceful", initiator="server", innocent=True,
          client_errno="EOF", server_errno="none")
def _(lab):
    """The window is shut for 1.3 s, three probes are answered, then the client reads it all: an orderly end."""
    client, server = _full(lab, size=20_000)
    lab.sleep(1.2)
    client.recv(20_000)
    close_in_turn(server, client)


@scenario("zero-window-reader-returns-then-reset", live=True, vantages=("client",), verdict="abort-as-close", **RESET_BY_SERVER)
def _(lab):
    """The same, and the server ends with a reset when all is acknowledged: the shut window is long past."""
    client, server = _full(lab, size=20_000)
    lab.sleep(0.6)
    client.recv(20_000)
    lab.sleep(0.4)
    server.abort()
    client.read_end()


@scenario("zero-window-restarted-after-all-read", live=True, vantages=("client",), verdict="peer-lost-state", innocent=True,
          initiator=("server", "unknown"), client_errno="ECONNRESET", server_errno="none", loss_to_server="certain",
          reason="crash, failover or a forgetful middlebox: the wire does not say which")
def _(lab):
    """The window was shut and opened, all was read; later the server forgets, and the client's next request draws a reset."""
    client, server = _full(lab, size=20_000)
    lab.sleep(0.5)
    client.recv(20_000)
    crash(lab, server)
    lab.sleep(0.4)
    client.send(90)
    client.read_end()
