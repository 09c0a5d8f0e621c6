# SPDX-License-Identifier: GPL-2.0-or-later
"""Real programs at the ends: nginx, curl, HAProxy, OpenSSL through Python's ssl. What their own system
calls returned is in their logs, as far as they say it; the errno of such an end is not judged."""
import contextlib
import os
import ssl
import subprocess
import tempfile
import time

from .steps import at_once


class Program:
    """Stands for the application in the record."""

    errno = None
    bytes_written = bytes_read = None

    def __init__(self, side, name):
        self.side, self.calls = side, [name]

    def release(self):
        """Nothing to give back: the lab ends its children itself."""


def _wait_until_listening(namespace, port):
    end = time.monotonic() + 8
    while time.monotonic() < end:
        if ":%d " % port in namespace.run("ss", "-Htln"):
            return
        time.sleep(0.02)
    raise RuntimeError("nothing listens on port %d" % port)


def start_server(lab, namespace, port, command, config=""):
    """Starts a program in a namespace with a folder of its own ("{}" in command and configuration)."""
    folder = tempfile.mkdtemp(prefix="lab-")
    lab.folders.append(folder)
    os.chmod(folder, 0o755)
    with open(os.path.join(folder, "config"), "w", encoding="ascii") as file:
        file.write(config.replace("{}", folder))
    log = open(os.path.join(folder, "log"), "wb")
    with contextlib.closing(log):
        lab.children.append(namespace.popen([word.replace("{}", folder) for word in command], cwd=folder, stdout=log,
                                            stderr=log, stdin=subprocess.DEVNULL))
    _wait_until_listening(namespace, port)
    return folder


_NGINX = """daemon off; master_process off; pid {}/pid; error_log {}/error.log info; worker_processes 1;
events { worker_connections 64; }
http { access_log off; client_body_temp_path {}/b; proxy_temp_path {}/p; fastcgi_temp_path {}/f;
 uwsgi_temp_path {}/u; scgi_temp_path {}/s; default_type text/plain; sendfile on; %s
 server { listen %s; root {}; %s } }
"""


def nginx(lab, port=80, http="", server="", file_size=3000):
    listen = ("[%s]:%d" if lab.v6 else "%s:%d") % (lab.addresses["server"], port)
    folder = start_server(lab, lab.server, port, ["nginx", "-p", "{}", "-c", "{}/config", "-e", "{}/error.log"],
                          _NGINX % (http, listen, server))
    with open(os.path.join(folder, "file.txt"), "w", encoding="ascii") as file:
        file.write("x" * file_size)
    return folder


def curl(lab, client_port, *arguments, path="/file.txt", port=80, address=None, scheme="http"):
    """curl with a fixed client port; its pair is recorded. Returns the started program."""
    host = address or lab.addresses["server"]
    url = "%s://%s:%d%s" % (scheme, "[%s]" % host if ":" in host else host, port, path)
    child = lab.client.popen(["curl", "-sS", "--local-port", str(client_port), "-o", "/dev/null", *arguments, url],
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.PIPE, text=True)
    lab.children.append(child)
    return child


def finish(pair, child):
    """Waits for curl and keeps its message."""
    output, _ = child.communicate(timeout=20)
    pair.client.calls.append("exit code %d: %s" % (child.returncode, output.strip()))


def certificate(lab):
    """A key and a self-signed certificate; returns their files."""
    folder = tempfile.mkdtemp(prefix="lab-")
    lab.folders.append(folder)
    key, cert = os.path.join(folder, "key"), os.path.join(folder, "cert")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                    "30", "-subj", "/CN=lab", "-keyout", key, "-out", cert], check=True, timeout=20,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return key, cert


class Tls:
    """TLS over the plain socket of an App; done by OpenSSL in memory, so that the App still sees every
    system call's result."""

    def __init__(self, app, context, server_side=False):
        self.app, self._in, self._out = app, ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._in, self._out, server_side=server_side)

    def _flush(self):
        data = self._out.read()
        if data:
            self.app.send(data)

    def _run(self, action):
        while True:
            try:
                return action()
            except ssl.SSLWantReadError:
                self._flush()
                if not self._fill():
                    return b""
            finally:
                self._flush()

    def _fill(self):
        try:
            data = self.app.sock.recv(1 << 16)
        except OSError as failure:
            self.app.note_failure("recv", failure)
            return False
        if not data:
            self.app.note("recv", "EOF")
            return False
        self.app.bytes_read += len(data)
        self._in.write(data)
        return True

    def handshake(self):
        self._run(self._tls.do_handshake)

    def send(self, size):
        self._run(lambda: self._tls.write(b"t" * size))

    def recv(self, size):
        done = 0
        with contextlib.suppress(ssl.SSLZeroReturnError):   # the peer's close_notify
            while done < size:
                data = self._run(lambda: self._tls.read(size - done))
                if not data:
                    return
                done += len(data)

    def close_notify(self):
        """Sends close_notify and does not wait for the peer's."""
        with contextlib.suppress(ssl.SSLWantReadError):
            self._tls.unwrap()
        self._flush()


def tls_contexts(lab, version=ssl.TLSVersion.TLSv1_3, tickets=0):
    key, cert = certificate(lab)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(cert, key)
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.check_hostname, client.verify_mode = False, ssl.CERT_NONE
    for context in (server, client):
        context.minimum_version = context.maximum_version = version
    server.num_tickets = tickets
    return client, server


def tls_connect(lab, port=443, version=ssl.TLSVersion.TLSv1_3, tickets=0):
    """A TLS connection with its handshake done: (client, server) as Tls. TLS 1.3 tickets come behind it, unread."""
    contexts = tls_contexts(lab, version, tickets)
    pair = lab.connect(port=port)
    client, server = Tls(pair.client, contexts[0]), Tls(pair.server, contexts[1], server_side=True)
    at_once(client.handshake, server.handshake)
    return client, server

