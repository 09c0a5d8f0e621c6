# SPDX-License-Identifier: GPL-2.0-or-later
"""A Linux host and one with the lwIP stack: other options, TTL 255, other habits at the end. lwIP's RST
always has the ACK flag, also where it answers a segment it knows nothing of. What goes to lwIP is kept
below 500 bytes a segment: Debian's build corrupts its memory with larger ones."""

from labkit.lwip import Host, connect_from, connect_to
from labkit.scenario import scenario
from labkit.steps import TO_SERVER, exchange

_LWIP = {"kind": "lwip", "innocent": True, "live": True, "vantages": ("client", "server")}
_REFUSED_WITH_ACK = ("lwIP answers with RST,ACK, its ACK behind the segment it answers: the image of an active abort "
                     "that had received it")


@scenario("lwip-graceful-client-first", verdict="graceful", initiator="client", client_errno="none", **_LWIP)
def _(lab):
    """The Linux client closes first, lwIP follows."""
    client, server = connect_to(lab, Host(lab))
    exchange(client, server)
    lab.sleep(0.3)
    client.close()
    server.read_end()
    server.close()
    lab.sleep(0.3)


@scenario("lwip-graceful-server-first", verdict="graceful", initiator="server", client_errno="EOF", **_LWIP)
def _(lab):
    """lwIP closes first, with everything read."""
    client, server = connect_to(lab, Host(lab))
    exchange(client, server, 300, 2500)
    lab.sleep(0.3)
    server.close()
    client.read_end()
    lab.sleep(0.1)
    client.close()
    lab.sleep(0.3)


@scenario("lwip-half-close", verdict="graceful-half-close", initiator="client", half_close=True, client_errno="EOF", **_LWIP)
def _(lab):
    """Linux says shutdown(WR), lwIP sends 900 bytes more and closes."""
    client, server = connect_to(lab, Host(lab))
    client.send(200)
    client.shutdown()
    server.read_end()
    lab.sleep(0.4)
    server.send(900)
    server.close()
    client.read_end()
    client.close()
    lab.sleep(0.3)


@scenario("lwip-abort-as-close", verdict="abort-as-close", initiator="server", client_errno="ECONNRESET", loss_to_server=("none", "possible"),
          reason="the unread rest of the request lies below the answer: nothing on the wire tells that it was not read", **_LWIP)
def _(lab):
    """lwIP reads a part of the request, answers, and closes: the unread rest makes it a reset."""
    client, server = connect_to(lab, Host(lab))
    client.send(300)
    lab.sleep(0.3)
    server.recv(100)
    server.send(500)
    client.recv(500)
    lab.sleep(0.5)
    server.close()
    client.read_end()


@scenario("lwip-abort-unread", verdict="abort-before-response", initiator="server", client_errno="ECONNRESET",
          loss_to_server="possible", **_LWIP)
def _(lab):
    """lwIP closes with the request unread."""
    client, server = connect_to(lab, Host(lab))
    client.send(350)
    lab.sleep(0.5)
    server.close()
    client.read_end()


@scenario("lwip-linux-aborts", verdict=("abort-as-close", "abort-unanswered"), initiator="client", client_errno="none",
          loss_to_client="possible", reason="a client that got data last owes nothing; whether it had read that, or all it wanted, the wire does not show", **_LWIP)
def _(lab):
    """The Linux client aborts with lwIP's answer unread."""
    client, server = connect_to(lab, Host(lab))
    client.send(100)
    server.recv(100)
    server.send(600)
    client.wait_until_received(600)
    lab.sleep(0.4)
    client.close()
    server.read_end()


@scenario("lwip-refused", verdict="setup-refused", initiator="server", client_errno="ECONNREFUSED", **_LWIP)
def _(lab):
    """A closed port of lwIP."""
    Host(lab)
    lab.try_connect(port=8081)


@scenario("lwip-data-after-close", verdict=("data-after-close", "abort-after-own-fin"), initiator="server", half_close=None,
          client_errno=("EOF", "EOF,EPIPE"), loss_to_server=("certain", "possible", "none"), **_LWIP,
          reason="lwIP answers data after its close() with RST,ACK that acknowledges the data: both rows describe it")
def _(lab):
    """lwIP has closed; the Linux client sends another request."""
    client, server = connect_to(lab, Host(lab))
    exchange(client, server)
    lab.sleep(0.3)
    server.close()
    client.recv(1)
    lab.sleep(0.3)
    client.send(90)
    lab.sleep(0.3)
    client.send(1)


@scenario("lwip-restarted", verdict=("peer-lost-state", "abort-unanswered"), initiator=("server", "unknown"),
          client_errno="ECONNRESET", loss_to_server=("certain", "possible"), reason=_REFUSED_WITH_ACK, **_LWIP)
def _(lab):
    """The lwIP host is switched off and on; the client's next request meets a stack that knows nothing."""
    host = Host(lab)
    client, server = connect_to(lab, host)
    exchange(client, server)
    lab.sleep(0.3)
    host.restart()
    server.note("host restarted", "ok")
    client.send(200)
    client.read_end()


@scenario("lwip-switched-off", verdict="timeout-retransmit", initiator=("server", "network"), client_errno="ETIMEDOUT",
          loss_to_server=("possible", "certain"), kind="lwip", innocent=True, vantages=("client",),
          reason="dead host or dead path: the wire does not say")
def _(lab):
    """The lwIP host loses its power; the client's request is repeated for three seconds."""
    host = Host(lab)
    client, server = connect_to(lab, host)
    client.set_tcp(18, 3000)   # TCP_USER_TIMEOUT
    exchange(client, server)
    lab.sleep(0.3)
    host.power_off()
    server.note("host switched off", "ok")
    client.send(200)
    client.read_end()
    lab.tail(30)


@scenario("lwip-keepalive-expires", verdict="timeout-keepalive", initiator=("client", "network"), kind="lwip", innocent=True,
          client_errno=("none", "ECONNRESET"), vantages=("server",), reason="dead host or dead path: the wire does not say")
def _(lab):
    """lwIP's keep-alive probes find nobody; lwIP resets."""
    client, server = connect_to(lab, Host(lab))
    exchange(client, server)
    server.keep_alive(1, 1, 3)
    lab.sleep(0.2)
    lab.wire.drop(lambda p, d: d != TO_SERVER)
    server.read_end()
    client.note("hears nothing", "ok")


@scenario("lwip-client-graceful", verdict="graceful", initiator="client", server_errno="EOF", **_LWIP)
def _(lab):
    """lwIP as the client: asks, reads, closes."""
    client, server = connect_from(lab, Host(lab))
    exchange(client, server, 60, 400)
    lab.sleep(0.3)
    client.close()
    server.read_end()
    server.close()
    lab.sleep(0.3)


@scenario("lwip-client-gives-up", verdict="abort-by-sender", initiator="client", server_errno="ECONNRESET",
          loss_to_server="possible", delay_s=0.05, **{**_LWIP, "vantages": ("server",)})
def _(lab):
    """lwIP as the client aborts an upload under way (lwIP's SO_LINGER 0 resets only then)."""
    client, server = connect_from(lab, Host(lab))
    exchange(client, server, 50, 50)
    lab.sleep(0.3)
    client.send(1200)
    client.abort()
    server.read_end()


@scenario("lwip-client-meets-closed-socket", verdict="data-after-close", initiator="server", half_close=None,
          server_errno="none", loss_to_server="certain", **_LWIP)
def _(lab):
    """The Linux server has closed; lwIP's next request is answered by Linux with a bare RST."""
    client, server = connect_from(lab, Host(lab))
    exchange(client, server, 60, 400)
    lab.sleep(0.3)
    server.close()
    client.recv(1)
    lab.sleep(0.3)
    client.send(60)
    lab.sleep(0.2)


