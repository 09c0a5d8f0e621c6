# SPDX-License-Identifier: GPL-2.0-or-later
"""Forged FINs to either end, to both, ahead of the data, and before what the real host does next."""
from labkit import packet, tiny
from labkit.forge import answer_to, disguise, inject_fin
from labkit.scenario import scenario
from labkit.steps import TO_CLIENT, TO_SERVER, exchange

_FORGED = {"verdict": "fin-injected", "initiator": "network", "hops": (6, 8), "live": True}
# The capture of the host in whose name it was forged: only what the victim does because of it shows there.
_UNSEEN = "the forged FIN is not in this capture: only its acknowledgment is, of something never sent, and that the victim closed"


def _talk(lab, times=2):
    client, server = lab.connect()
    for _ in range(times):
        exchange(client, server)
    lab.sleep(0.1)
    return client, server


# In the client's name, to the server

_UPLOAD = {"delay_s": 0.015, "client_errno": ("ECONNRESET", "EPIPE", "EOF"), "server_errno": "EOF", "loss_to_server": "certain",
           "reason": "the server's own FIN may come before its reset",
           "at": {"client": {"verdict": ("fin-injected", "data-after-close", "keepalive-race", "data-crossed-fin", "inconclusive"),
                             "initiator": ("network", "server", "unknown"), "server_errno": ("EOF", "none"), "reason": _UNSEEN}}, **_FORGED}


def _upload_cut(lab, **look):
    """The client uploads in pieces; the server believes the FIN and closes; the upload goes on."""
    client, server = lab.connect()
    exchange(client, server)
    for _ in range(3):
        client.send(1000)
        server.recv(1000)
        lab.sleep(0.05)
    inject_fin(lab, "client", **{**disguise(lab, "client"), **look})
    server.read_end()
    server.close()
    lab.sleep(0.08)
    while not client.send(1000).startswith("E"):
        lab.sleep(0.05)


@scenario("fin-forged-upload-no-timestamps", vantages=("server", "middle", "client"), **_UPLOAD)
def _(lab):
    """In the client's name in a pause of its upload, without timestamps; the server closes, the client uploads on."""
    _upload_cut(lab, options=b"")


@scenario("fin-forged-upload-other-ttl", vantages=("server", "client"), **_UPLOAD)
def _(lab):
    """The same with another TTL and everything else alike."""
    _upload_cut(lab, ttl=125)


@scenario("fin-forged-upload-v6", vantages=("server",), v6=True, **_UPLOAD)
def _(lab):
    """The same over IPv6: no timestamps, another hop limit."""
    _upload_cut(lab, options=b"", ttl=240)


# To both

_BOTH = {"client_errno": "EOF", "server_errno": "EOF", "vantages": ("client", "middle", "server"), **_FORGED}


def _cut_both(lab, client, server, **look):
    looks = {name: {**disguise(lab, name), **look} for name in ("client", "server")}
    for name in ("client", "server"):
        inject_fin(lab, name, **looks[name])
    server.read_end()
    client.read_end()


@scenario("fin-forged-both-ends", delay_s=0.02, **_BOTH)
def _(lab):
    """To both ends in each other's name, with IP-IDs out of count; both applications read EOF and close."""
    client, server = _talk(lab)
    _cut_both(lab, client, server, ip_id=4321)
    client.close()
    server.close()
    lab.sleep(0.6)


@scenario("fin-forged-both-ends-no-timestamps", delay_s=0.02, **_BOTH)
def _(lab):
    """To both ends, without timestamps; the server closes a tenth of a second after the client."""
    client, server = _talk(lab)
    _cut_both(lab, client, server, options=b"", ip_id=0)
    client.close()
    lab.sleep(0.1)
    server.close()
    lab.sleep(0.6)


# What the real host does next

@scenario("fin-forged-then-real-fin", delay_s=0.02, vantages=("client", "middle", "server"), client_errno="EOF", server_errno="EOF",
          at={"server": {"verdict": ("fin-injected", "graceful", "graceful-simultaneous", "inconclusive"),
                         "initiator": ("network", "client", "server", "both", "unknown"), "client_errno": ("EOF", "none"),
                         "server_errno": ("EOF", "none"), "reason": _UNSEEN}}, **_FORGED)
def _(lab):
    """The real server closes a little later: two FINs at one number, the forged one outside the count of IP-IDs."""
    client, server = _talk(lab)
    inject_fin(lab, "server", **disguise(lab, "server", ahead=500))
    client.read_end()
    client.close()
    lab.sleep(0.25)
    server.shutdown()
    server.read_end()
    server.close()
    lab.sleep(0.3)


@scenario("fin-forged-silent-server", delay_s=0.02, vantages=("client", "middle"), client_errno="EOF", server_errno="none", **_FORGED)
def _(lab):
    """The server thinks for long and is not heard of again, but for the ACKs that refuse the client's FIN. No timestamps."""
    client, server = _talk(lab)
    client.send(200)
    server.recv(200)
    lab.sleep(0.1)
    inject_fin(lab, "server", **{**disguise(lab, "server"), "options": b""})
    client.read_end()
    client.close()
    lab.sleep(1.5)


@scenario("fin-forged-careful-silent-server", delay_s=0.02, vantages=("client", "middle"), client_errno="EOF", server_errno="none",
          **_FORGED)
def _(lab):
    """The same by the careful forger: what accuses it are the server's ACKs at the FIN's number that refuse the client's FIN."""
    client, server = _talk(lab)
    client.send(200)
    server.recv(200)
    lab.sleep(0.1)
    inject_fin(lab, "server", **disguise(lab, "server"))
    client.read_end()
    client.close()
    lab.sleep(1.5)


@scenario("fin-forged-other-system", delay_s=0.01, vantages=("client", "middle"), client_errno="EOF", loss_to_client="certain",
          **_FORGED)
def _(lab):
    """The server is no Linux: it acknowledges what it never sent as RFC 9293 says, and answers later."""
    client, server = tiny.connect(lab)
    for _ in range(2):
        client.send(150)
        server.wait_for_bytes(150)
        server.send(500)
        client.recv(500)
        server.wait_until_acknowledged()
    client.send(200)
    server.wait_for_bytes(350)
    lab.sleep(0.05)
    lab.wire.inject(answer_to(lab.wire.last(TO_SERVER), flags=packet.FIN | packet.ACK, seq=server.snd_nxt, ack=server.rcv_nxt,
                              win=8192, ttl=51, ip_id=777), TO_CLIENT)
    client.read_end()
    client.close()
    lab.sleep(0.1)
    server.send(900)
    lab.sleep(0.3)


# Ahead of the data

def _ahead(lab, offset, pieces, **look):
    client, server = _talk(lab)
    client.send(90)
    server.recv(90)
    inject_fin(lab, "server", offset=offset, **{**disguise(lab, "server"), **look})
    lab.sleep(0.08)
    for size in pieces:
        server.send(size)
        lab.sleep(0.01)
    client.read_end()
    return client, server


@scenario("fin-forged-ahead", delay_s=0.02, vantages=("client", "middle"), client_errno="EOF", server_errno=("EOF", "EOF,EPIPE", "ECONNRESET"),
          loss_to_client="certain", reason="EOF or reset first: a matter of which segment of the client comes first", **_FORGED)
def _(lab):
    """A FIN 1000 numbers ahead of the server: it waits in the client's queue and cuts the 3 KB answer there."""
    client, server = _ahead(lab, 1000, (1000, 1000, 1000), options=b"")
    client.close()
    lab.sleep(0.1)
    server.read_end()


@scenario("fin-forged-ahead-exact", delay_s=0.02, vantages=("client", "server"), client_errno="EOF",
          server_errno=("none", "ECONNRESET", "EOF"), loss_to_client="certain", reason="the server closes and does not look again",
          at={"server": {"verdict": ("fin-injected", "data-after-close", "fin-to-dead-peer", "inconclusive"),
                         "initiator": ("network", "client", "unknown"), "client_errno": ("EOF", "none"), "reason": _UNSEEN}}, **_FORGED)
def _(lab):
    """A FIN 700 numbers ahead with another TTL, just behind the answer: what the server sends next meets a closed socket."""
    client, server = _ahead(lab, 700, (700,), ttl=200)
    client.close()
    lab.sleep(0.3)
    server.send(50)
    server.close()
    lab.sleep(0.3)
