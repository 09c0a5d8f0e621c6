# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the real tshark and sharkd with our plugin, as a user who may load it.

Wireshark's programs ignore every plugin folder but the system's when they run as root, and say
nothing. So as root we become the user nobody, with a plugin folder made for this run.
"""
import atexit
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

PLUGIN = pathlib.Path(os.environ["TCPTEARDOWN_PLUGIN"])       # tcpteardown.so in <x.y>/epan/
COMMAND = os.environ.get("TCPTEARDOWN_COMMAND", "")          # the native command
CAPTURES = pathlib.Path(os.environ["TCPTEARDOWN_CAPTURES"])
PRELOAD = os.environ.get("TCPTEARDOWN_PRELOAD", "")          # the sanitizers' libraries, if built with them
NOBODY = 65534
TIMEOUT = 120  # seconds, for any one program

_base = pathlib.Path(tempfile.mkdtemp(prefix="tcpteardown-test-"))
atexit.register(shutil.rmtree, _base, ignore_errors=True)


def make_room():
    """A folder that the test user may write to, with the plugin and the captures readable."""
    _base.chmod(0o755)
    epan = _base / "plugins" / PLUGIN.parent.parent.name / "epan"
    epan.mkdir(parents=True)
    shutil.copy(PLUGIN, epan)
    for name in ("home", "run", "files"):
        (_base / name).mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(_base / name, NOBODY, NOBODY)


make_room()
HOME = _base / "home"
FILES = _base / "files"  # for captures that a test makes


def capture(name):
    """A capture of the project, copied to where the test user can read it."""
    source = CAPTURES / name
    target = FILES / name.replace("/", "-")
    if not target.exists():
        shutil.copyfile(source, target)
        target.chmod(0o644)
    return str(target)


def all_captures(folder="."):
    """The names of all captures below a folder of the project's."""
    found = [p for p in (CAPTURES / folder).rglob("*")
             if p.suffix in (".pcap", ".pcapng", ".cap", ".snoop")]
    names = sorted(str(p.relative_to(CAPTURES)) for p in found)
    assert names, f"no captures in {CAPTURES / folder}"
    return names


def environment(**more):
    env = {
        "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(HOME), "TZ": "UTC",
        "XDG_RUNTIME_DIR": str(_base / "run"), "WIRESHARK_PLUGIN_DIR": str(_base / "plugins"),
    }
    if PRELOAD:
        # Wireshark's own allocator hides what the sanitizer looks for; its leaks are not ours.
        env |= {"LD_PRELOAD": PRELOAD, "ASAN_OPTIONS": "detect_leaks=0",
                "UBSAN_OPTIONS": "print_stacktrace=1", "WIRESHARK_DEBUG_WMEM_OVERRIDE": "simple"}
    return env | {k: str(v) for k, v in more.items()}


def as_user(command):
    if os.geteuid() != 0:
        return list(command)
    user = f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"
    return ["setpriv", *user, *command]


def run(*command, env=None, stdin=None):
    """Runs a program; gives its exit status and both outputs."""
    return subprocess.run(as_user(command), env=env or environment(), input=stdin, timeout=TIMEOUT,
                          capture_output=True, text=True, errors="replace", check=False)


def tshark(*arguments, env=None):
    return run("tshark", *arguments, env=env)


def lines(result):
    assert result.returncode == 0, f"status {result.returncode}: {result.stderr[:500]}"
    return result.stdout.splitlines()


def fields(path, *arguments, names):
    """Rows of `tshark -T fields`."""
    chosen = [word for name in names for word in ("-e", name)]
    return [tuple(line.split("\t")) for line in
            lines(tshark("-r", path, *arguments, "-T", "fields", *chosen))]


def teardowns(path, *arguments, filter=""):
    """The connections as `-z tcpteardown,json` reports them."""
    option = "tcpteardown,json" + (f",{filter}" if filter else "")
    return [json.loads(line) for line in lines(tshark("-q", "-r", path, *arguments, "-z", option))]


class Sharkd:
    """A sharkd session: the GUI's order of dissection without the GUI."""

    def __init__(self):
        # pylint: disable=consider-using-with
        self.process = subprocess.Popen(as_user(["sharkd", "-"]), env=environment(), text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL)
        self.id = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(timeout=TIMEOUT)
        self.process.stdout.close()
        assert self.process.returncode == 0, f"sharkd ended with {self.process.returncode}"

    def ask(self, method, **params):
        self.id += 1
        request = {"jsonrpc": "2.0", "id": self.id, "method": method, "params": params}
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            if line.startswith("{"):
                return json.loads(line)["result"]
        raise AssertionError(f"sharkd ended in {method}")

    def load(self, path):
        assert self.ask("load", file=path) == {"status": "OK"}

    def values(self, frame, field):
        """The values of a field in a frame's tree, as filters spell them."""
        found = []

        def walk(nodes):
            for node in nodes:
                name, _, value = node.get("f", "").partition(" == ")
                if name == field:
                    found.append(value.strip('"'))
                walk(node.get("n", []))

        walk(self.ask("frame", frame=frame, proto=True)["tree"])
        return found
