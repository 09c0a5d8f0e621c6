# SPDX-License-Identifier: GPL-2.0-or-later
"""Injectors that take care, guess without being contradicted, or state who they are."""
from labkit.forge import inject_reset
from labkit.scenario import scenario
from labkit.steps import TO_SERVER, exchange, is_data, wait_for

_INJECTED = {"verdict": "reset-injected", "initiator": "network"}
_BOTH_RESET = {"client_errno": "ECONNRESET", "server_errno": "ECONNRESET"}


@scenario("injected-careful", live=True, vantages=("server", "middle"), hops=(6, 6), loss_to_server="certain", **_BOTH_RESET,
          **_INJECTED)
def _(lab):
    """The forged RST,ACK copies everything from the client's last packet: TTL, the next IP-ID, window and time stamps."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.1)
    model = lab.wire.last(TO_SERVER)
    inject_reset(lab, "client", with_ack=True, ttl=model.ttl - 6, ip_id=(model.ip_id + 1) & 0xFFFF, win=model.win, options=model.options)
    server.read_end()
    lab.sleep(0.3)
    client.send(150)
    client.read_end()


@scenario("injected-burst-alone", live=True, vantages=("client",), delay_s=0.025, client_errno="ECONNRESET",
          server_errno=("none", "ECONNRESET"), loss_to_client="none", loss_to_server=("none", "possible", "certain"), **_INJECTED)
def _(lab):
    """Three steps ahead in the server's name; the server takes long to answer and is not heard of again."""
    client, server = lab.connect(port=80)
    request = b"GET / HTTP/1.1\r\nHost: forbidden.example\r\n\r\n"
    client.send(request)
    wait_for(lambda: is_data(lab.wire.last(TO_SERVER)))
    lab.sleep(0.1)
    for step, offset in enumerate((0, 1460, 4380)):
        inject_reset(lab, "server", delay_s=0.0005 * step, offset=offset, with_ack=True, win=2010 + step, ttl=81 + step,
                     ip_id=4000 + 7 * step, df=False)
    client.read_end()
    server.recv(len(request))
    lab.sleep(0.1)


@scenario("box-states-its-reason", live=True, vantages=("client",), hops=(4, 4), innocent=True, verdict=("abort-idle", "abort-unanswered"),
          initiator=("server", "network", "unknown"), client_errno="ECONNRESET", server_errno="none",
          loss_to_client=("none", "possible"), loss_to_server=("none", "possible"),
          reason="a proxy's idle timer, in the server's name: it is the server as far as the client can know")
def _(lab):
    """After 300 s an F5 BIG-IP in front of the server resets the client and states the cause in the payload."""
    client, server = lab.connect()
    exchange(client, server)
    lab.stretch(300)
    inject_reset(lab, "server", with_ack=True, ttl=64, payload=b"BIG-IP: [0x2409a71:704] Flow expired (sweeper)")
    lab.wire.drop(lambda p, d: d == TO_SERVER)
    client.read_end()
    server.note("hears nothing", "ok")


@scenario("netscaler-idle", live=True, vantages=("middle",), hops=(4, 4), innocent=True, verdict=("abort-crossed", "abort-idle"),
          initiator=("both", "network", "unknown"), client_errno="ECONNRESET", server_errno="ECONNRESET",
          loss_to_client=("none", "possible"),
          reason="a box with an idle timer reset both sides: a third party, but its job")
def _(lab):
    """180 s of silence; then a NetScaler resets both sides with its code for an idle time-out in the window."""
    client, server = lab.connect()
    exchange(client, server)
    lab.stretch(180)
    for name in ("client", "server"):
        inject_reset(lab, name, with_ack=True, ttl=255, win=9300)
    client.read_end()
    server.read_end()
