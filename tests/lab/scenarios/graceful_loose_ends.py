# SPDX-License-Identifier: GPL-2.0-or-later
"""Both sides close, but the end is not in the capture, or something comes behind it."""
from labkit.scenario import scenario
from labkit.steps import TO_CLIENT, TO_SERVER, exchange, going, is_data, is_fin, is_pure_ack


@scenario("graceful-unconfirmed-last-ack", verdict="graceful-unconfirmed", initiator="client", innocent=True, live=True,
          client_errno="none", server_errno="EOF", change=lambda frames: frames[:-1],
          change_note="cut before the last ACK")
def _(lab):
    """The capture stops right before the ACK of the second FIN."""
    client, server = lab.connect()
    exchange(client, server)
    client.close()
    server.read_end()
    lab.sleep(0.1)
    server.close()


@scenario("graceful-unconfirmed-crossing", verdict="graceful-unconfirmed", initiator="both", innocent=True, live=True,
          delay_s=0.02, v6=True, vantages=("middle",), client_errno="none", server_errno="none",
          change=lambda frames: [f for i, f in enumerate(frames)
                                 if i <= max(j for j, g in enumerate(frames) if is_fin(g.packet()))],
          change_note="cut behind the second FIN")
def _(lab):
    """Both close at once and the capture stops before either FIN is acknowledged."""
    client, server = lab.connect()
    exchange(client, server)
    lab.sleep(0.1)
    client.close()
    server.close()
    lab.sleep(0.1)


@scenario("graceful-unconfirmed-path-dies", verdict=("graceful-unconfirmed", "half-closed-fin-unacked"),
          initiator="server", innocent=True, vantages=("client",), client_errno="EOF", server_errno="none",
          reason="both rows describe it: both FINs seen, and the second one retransmitted without an answer")
def _(lab):
    """The ACKs of the client's FIN never come back: the client sends it again for some seconds."""
    client, server = lab.connect()
    exchange(client, server)
    lab.client.sysctl("net.ipv4.tcp_orphan_retries", 3)
    server.close()
    client.read_end()
    lab.sleep(0.1)
    lab.wire.drop(going(TO_SERVER))
    client.close()
    lab.sleep(3)


@scenario("graceful-then-reset-linger", verdict="graceful-then-reset", initiator="client", innocent=True, live=True,
          client_errno="none", server_errno="EOF")
def _(lab):
    """Both FINs are acknowledged; a late duplicate of the server's FIN meets the client, which has
    forgotten the connection already (no TIME-WAIT left), and is answered with RST."""
    client, server = lab.connect()
    exchange(client, server)
    client.close()
    server.read_end()
    server.close()
    lab.sleep(0.1)
    lab.client.sysctl("net.ipv4.tcp_max_tw_buckets", 0)
    _forget_time_wait(lab)
    lab.wire.inject(lab.wire.last(TO_CLIENT, is_fin), TO_CLIENT)
    lab.sleep(0.2)


def _forget_time_wait(lab):
    lab.client.run("ss", "-K", "state", "time-wait")


@scenario("graceful-then-reset-stale-data", verdict="graceful-then-reset", initiator="server", innocent=True, live=True,
          v6=True, client_errno="EOF", server_errno="none")
def _(lab):
    """An old copy of the client's request arrives when the server is in TIME-WAIT: it acknowledges, the
    client has no socket any more and answers with RST."""
    client, server = lab.connect()
    exchange(client, server)
    server.close()
    client.read_end()
    client.close()
    lab.sleep(0.1)
    lab.wire.inject(lab.wire.last(TO_SERVER, is_data), TO_SERVER)
    lab.sleep(0.2)


@scenario("graceful-then-reset-late-copies", verdict="graceful-then-reset", initiator="server", innocent=True, live=True,
          client_errno="EOF", server_errno="none", delay_s=0.005)
def _(lab):
    """Old copies of a request and of an ACK turn up half a second late; each brings one more RST."""
    client, server = lab.connect()
    exchange(client, server, 2500, 2500)
    server.close()
    client.read_end()
    client.close()
    lab.sleep(0.5)
    for _ in range(2):
        lab.wire.inject(lab.wire.last(TO_SERVER, is_data), TO_SERVER)
    lab.wire.inject(lab.wire.last(TO_CLIENT, is_pure_ack), TO_CLIENT)
    lab.sleep(0.3)
