# SPDX-License-Identifier: GPL-2.0-or-later
"""A reset as the ordinary end, behind a complete response; and behind what is not complete."""
from labkit.scenario import RESET_BY_CLIENT, RESET_BY_SERVER, scenario

_GET = b"GET /%s HTTP/1.1\r\nHost: lab\r\n\r\n"
# Whether the client's program had read what its kernel acknowledged, no wire shows.
_HAS_READ = {"loss_to_client": ("none", "possible"), **RESET_BY_CLIENT}
_OK = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n"

def _get(client, server, size, path=b"a"):
    client.send(_GET % path)
    server.recv(len(_GET % path))
    server.send(_OK % size + b"y" * size)
    client.recv(len(_OK % size) + size)


@scenario("reset-behind-response-client", live=True, vantages=("client", "server"), delay_s=0.01, verdict="abort-as-close", **_HAS_READ)
def _(lab):
    """The client has read the whole response, as Content-Length says, and ends with SO_LINGER 0."""
    client, server = lab.connect(port=80)
    _get(client, server, 900)
    lab.sleep(0.05)
    client.abort()
    server.read_end()


@scenario("reset-behind-response-client-v6", live=True, v6=True, vantages=("server",), verdict="abort-as-close", **_HAS_READ)
def _(lab):
    """The same behind three responses, the last of 4 KB (IPv6)."""
    client, server = lab.connect(port=80)
    for size in (300, 20, 4000):
        _get(client, server, size)
    lab.sleep(0.1)
    client.abort()
    server.read_end()


@scenario("reset-behind-response-server", live=True, vantages=("client", "server"), delay_s=0.01, verdict="abort-as-close", **RESET_BY_SERVER)
def _(lab):
    """The server resets behind its response when it is acknowledged."""
    client, server = lab.connect(port=80)
    _get(client, server, 900)
    lab.sleep(0.1)
    server.abort()
    client.read_end()


@scenario("reset-behind-chunked-response", live=True, vantages=("client",), verdict="abort-as-close", **_HAS_READ)
def _(lab):
    """The response ends with the last chunk; the client resets."""
    client, server = lab.connect(port=80)
    body = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
    client.send(_GET % b"c")
    server.recv(len(_GET % b"c"))
    server.send(body)
    client.recv(len(body))
    lab.sleep(0.05)
    client.abort()
    server.read_end()


@scenario("reset-behind-no-content", live=True, vantages=("client",), verdict="abort-as-close", **_HAS_READ)
def _(lab):
    """204 has no body; the client resets 30 ms later."""
    client, server = lab.connect(port=80)
    answer = b"HTTP/1.1 204 No Content\r\nServer: lab\r\n\r\n"
    client.send(_GET % b"n")
    server.recv(len(_GET % b"n"))
    server.send(answer)
    client.recv(len(answer))
    lab.sleep(0.03)
    client.abort()
    server.read_end()


@scenario("reset-behind-incomplete-response", live=True, vantages=("client", "server"), delay_s=0.01, verdict="abort-unanswered",
          loss_to_client=("none", "possible"), **RESET_BY_CLIENT)
def _(lab):
    """Near miss: 900 of the 5000 bytes that Content-Length promises are there when the client resets."""
    client, server = lab.connect(port=80)
    client.send(_GET % b"i")
    server.recv(len(_GET % b"i"))
    part = _OK % 5000 + b"y" * 900
    server.send(part)
    client.recv(len(part))
    lab.sleep(0.2)
    client.abort()
    server.read_end()


@scenario("reset-behind-unread-response", live=True, vantages=("client",), verdict="abort-as-close", loss_to_client=("possible", "certain"),
          **RESET_BY_CLIENT)
def _(lab):
    """Near miss: the response is whole and acknowledged, and the client's program closes without having read it."""
    client, server = lab.connect(port=80)
    client.send(_GET % b"u")
    server.recv(len(_GET % b"u"))
    answer = _OK % 700 + b"y" * 700
    server.send(answer)
    client.wait_until_received(len(answer))
    client.close()
    server.read_end()


@scenario("reset-behind-response-and-new-request", live=True, vantages=("client", "server"), verdict="abort-unanswered",
          loss_to_server=("none", "possible"), **RESET_BY_SERVER)
def _(lab):
    """Near miss: behind the complete response the client asks again, and only then the server resets, the request read."""
    client, server = lab.connect(port=80)
    _get(client, server, 500)
    client.send(_GET % b"again")
    server.recv(len(_GET % b"again"))
    lab.sleep(0.05)
    server.abort()
    client.read_end()
