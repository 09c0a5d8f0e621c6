# SPDX-License-Identifier: GPL-2.0-or-later
"""A host closed, waited in FIN-WAIT-2 for the other's FIN, and forgot the connection when its time was up."""
from labkit import raw
from labkit.app import App
from labkit.scenario import scenario
from labkit.steps import crash, exchange, keep_alive_options

# Linux keeps an orphan in FIN-WAIT-2 for tcp_fin_timeout, and is silent when it forgets it.
_EXPIRED = {"verdict": "data-after-close", "initiator": "client", "innocent": True, "client_errno": "none", "half_close": None,
            "vantages": ("client", "server")}
# A probe carries nothing: one verdict for both, or that of a connection that the other side never closed.
_PROBED = {**_EXPIRED, "verdict": ("data-after-close", "half-closed-idle", "abort-after-own-fin"),
           "reason": "the reset answers a keep-alive; no data was under way: only the leak behind it is worth a word"}


def _closed_by_client(lab, seconds=1, **options):
    lab.client.sysctl("net.ipv4.tcp_fin_timeout", seconds)
    client, server = lab.connect(**options)
    exchange(client, server)
    lab.sleep(0.1)
    client.close()
    server.recv(1)
    return client, server


@scenario("fin-wait-2-expired-late-data", server_errno="EOF,EPIPE", loss_to_client="certain", **_EXPIRED)
def _(lab):
    """The server answers two seconds behind the client's FIN, when FIN-WAIT-2 has expired: a bare reset."""
    client, server = _closed_by_client(lab)
    lab.sleep(2.5)
    server.send(700)
    lab.sleep(0.1)
    server.send(1)


@scenario("fin-wait-2-expired-after-a-minute-v6", v6=True, delay_s=0.02, server_errno="EOF,EPIPE", loss_to_client="certain", **_EXPIRED)
def _(lab):
    """The same after 63 seconds, two segments, a round trip of 40 ms (IPv6)."""
    client, server = _closed_by_client(lab)
    lab.sleep(2)
    lab.stretch(61)
    server.send(2000)
    lab.sleep(0.15)
    server.send(1)


@scenario("fin-wait-2-expired-keep-alive", server_errno=("EOF", "EOF,EPIPE", "EOF,ECONNRESET"), **_PROBED)
def _(lab):
    """The leaking server's keep-alive comes when FIN-WAIT-2 has expired: a bare reset."""
    client, server = _closed_by_client(lab, server_options=keep_alive_options(idle=3))
    lab.sleep(3.5)


@scenario("fin-wait-2-keep-alives-answered-then-expired", server_errno=("EOF", "EOF,EPIPE"), **_PROBED)
def _(lab):
    """Two keep-alives are answered from FIN-WAIT-2, the third finds it expired."""
    client, server = _closed_by_client(lab, seconds=3, server_options=keep_alive_options())
    lab.sleep(5)


@scenario("fin-wait-2-expired-one-byte-keep-alive", vantages=("server",), verdict=("data-after-close", "half-closed-idle", "abort-after-own-fin"),
          initiator="server", innocent=True, half_close=None, server_errno="none", loss_to_server=("none", "possible"),
          reason="the probe's one byte is an old one; nothing was lost")
def _(lab):
    """The other way round, with a client whose keep-alives carry one old byte (old systems do)."""
    lab.server.sysctl("net.ipv4.tcp_fin_timeout", 1)
    listener = lab.listen()
    pair = raw.pair(lab, 47100, ttl=128, kernel_quiet=True)
    client = pair.client
    client.connect()
    pair.server = server = App("server", listener.accept()[0], lab.clock)
    client.send(80)
    server.recv(80)
    server.send(300)
    client.receive(300)
    server.close()
    client.wait_for_fin()
    lab.sleep(2.5)
    client.emit(raw.ACK, b"\0", seq=(client.snd_nxt - 1) & 0xFFFFFFFF)
    lab.sleep(0.1)


@scenario("fin-wait-2-expired-late-fin", vantages=("client", "server"), verdict=("graceful-unconfirmed", "graceful-then-reset", "fin-to-dead-peer",
          "graceful"), initiator="client", innocent=True, client_errno="none", server_errno="EOF",
          reason="the server's FIN is answered with a reset: too late for an ACK, and nothing is lost")
def _(lab):
    """The server closes two seconds behind the client: its FIN finds FIN-WAIT-2 expired."""
    client, server = _closed_by_client(lab)
    lab.sleep(2.5)
    server.close()
    lab.sleep(0.1)


# Near misses

@scenario("fin-wait-2-not-expired", vantages=("client", "server"), verdict="graceful", initiator="client", innocent=True,
          client_errno="none", server_errno="EOF")
def _(lab):
    """The server takes two seconds and closes in time, with two keep-alives before."""
    client, server = _closed_by_client(lab, seconds=20, server_options=keep_alive_options())
    lab.sleep(2.5)
    server.close()
    lab.sleep(0.1)


@scenario("fin-wait-2-crashed", vantages=("server",), verdict=("data-after-close", "half-closed-idle", "peer-lost-state", "abort-after-own-fin"),
          initiator=("client", "unknown"), innocent=True, half_close=True, client_errno="none", server_errno=("EOF", "EOF,EPIPE", "EOF,ECONNRESET"),
          loss_to_client=("certain", "possible"), reason="it had finished and was read to behind its FIN: a half-close that died")
def _(lab):
    """The client says shutdown(WR), reads on, and its host crashes: the server's next data draws a reset."""
    client, server = lab.connect()
    exchange(client, server)
    client.shutdown()
    server.recv(1)
    server.send(600)
    client.recv(600)
    crash(lab, client)
    server.send(900)
    lab.sleep(0.1)
    server.send(1)
