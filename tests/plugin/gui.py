# SPDX-License-Identifier: GPL-2.0-or-later
"""Drives the real Wireshark on a screen of its own: keys and clicks in, windows and clipboard out."""
import os
import pathlib
import shutil
import subprocess
import time

import support

SIZE = 1400, 1000
WINDOW = SIZE[0] - 10, SIZE[1] - 20
PROFILE = pathlib.Path(os.environ.get("TCPTEARDOWN_PROFILE", ""))  # the folder with the profile's files
PROFILE_NAME = "TCP Teardown"
STARTS_WITHIN = 90 if not support.PRELOAD else 300  # seconds


def make_home(with_profile):
    """A fresh configuration, with the window as large as the screen."""
    home = support.HOME.parent / f"gui-{time.monotonic_ns()}"
    config = home / ".config" / "wireshark"
    config.mkdir(parents=True)
    (config / "recent_common").write_text(
        "gui.geometry_main_x: 0\ngui.geometry_main_y: 0\n"
        f"gui.geometry_main_width: {WINDOW[0]}\ngui.geometry_main_height: {WINDOW[1]}\n")
    (config / "preferences").write_text("gui.update.enabled: FALSE\n")
    if with_profile:
        shutil.copytree(PROFILE, config / "profiles" / PROFILE_NAME)
    for path in [home, *home.rglob("*")]:
        os.chown(path, support.NOBODY, support.NOBODY)
    return home


class Screen:
    """An X server without a monitor."""

    def __init__(self):
        # pylint: disable=consider-using-with
        read, write = os.pipe()
        self.server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{SIZE[0]}x{SIZE[1]}x24", "-nolisten", "tcp"],
            pass_fds=(write,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as number:
            self.display = f":{int(number.readline())}"

    def close(self):
        self.server.terminate()
        self.server.wait(timeout=20)


class Wireshark:
    """One run of the program, ended with the block it stands in."""

    TITLE = r"\.(pcap|pcapng)$"

    def __init__(self, path, *arguments, profile=True):
        if profile:
            arguments = ("-C", PROFILE_NAME, *arguments)
        self.screen = Screen()
        home = make_home(profile)
        self.env = support.environment(DISPLAY=self.screen.display, QT_QPA_PLATFORM="xcb", HOME=home)
        self.log = home / "log"
        with open(self.log, "wb") as log:
            # pylint: disable=consider-using-with
            self.process = subprocess.Popen(support.as_user(["wireshark", *self.source(path), *arguments]),
                                            env=self.env, stdin=subprocess.PIPE, stdout=log, stderr=log)

    def source(self, path):
        return "-r", path

    def __enter__(self):
        try:
            self.wait_for_window(self.TITLE)
        except BaseException:
            self.__exit__(None)
            raise
        return self

    def __exit__(self, kind, *_):
        self.process.terminate()
        try:
            self.process.wait(timeout=30)
        finally:
            if self.process.poll() is None:
                self.process.kill()
            self.screen.close()
        if kind is None:
            said = self.log.read_text(errors="replace")
            assert "Sanitizer" not in said and "terminated abnormally" not in said, said[-3000:]

    def do(self, *command):
        return subprocess.run(["xdotool", *map(str, command)], env=self.env | {"LD_PRELOAD": ""}, check=False,
                              text=True, capture_output=True, timeout=60)

    def wait_for_window(self, title):
        """The window whose title matches, once it is there."""
        end = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < end:
            assert self.process.poll() is None, self.log.read_text(errors="replace")[-3000:]
            found = self.do("search", "--onlyvisible", "--name", title).stdout.split()
            if found:
                time.sleep(1.5)  # to be drawn
                return found[-1]
            time.sleep(0.5)
        raise AssertionError(f"no window named {title}")

    def keys(self, *names, pause=0.4):
        for name in names:
            self.do("key", name)
            time.sleep(pause)

    def write(self, text):
        self.do("type", "--delay", "8", text)
        time.sleep(0.4)

    def click(self, x, y, window=None):
        where = ["--window", window] if window else []
        self.do("mousemove", *where, x, y)
        self.do("click", 1)
        time.sleep(0.6)

    def picture(self, path):
        area = f"{WINDOW[0]}x{WINDOW[1]}+0+0"
        subprocess.run(["import", "-window", "root", "-crop", area, "+repage", str(path)],
                       env=self.env | {"LD_PRELOAD": ""}, check=True, timeout=60)

    def clipboard(self):
        return subprocess.run(["xclip", "-selection", "clipboard", "-out"], env=self.env | {"LD_PRELOAD": ""},
                              check=False, text=True, capture_output=True, timeout=20).stdout

    # What a user does

    def filter(self, expression):
        self.keys("ctrl+slash", "ctrl+a")
        self.write(expression)
        self.keys("Return", pause=1.5)

    def to_packet(self, first_or_last):
        """The first or the last packet that the filter shows."""
        self.click(300, 150)
        self.keys({"first": "ctrl+Home", "last": "ctrl+End"}[first_or_last], pause=1)

    def to_packet_number(self, number):
        self.keys("ctrl+g", pause=1)
        self.write(str(number))
        self.keys("Return", pause=1)

    def open_tree(self):
        """Our tree of the packet that is shown, with all its branches; it is the last one."""
        self.click(200, 538)  # the first line of the packet details
        self.keys("ctrl+Left", "End", "shift+Right", pause=0.6)

    def copied_value(self, downs):
        """The value of the field so many lines below the head of the open tree (Edit > Copy > Value)."""
        self.keys(*["Down"] * downs, pause=0.1)
        self.keys("ctrl+alt+shift+v", pause=0.6)
        self.keys(*["Up"] * downs, pause=0.1)
        return self.clipboard().strip()

    def verdict(self):
        """The verdict of the packet that is shown: the first field of our tree."""
        self.open_tree()
        return self.copied_value(1)

    def set_preference(self, downs, value):
        """Sets the preference so many lines below the first entry of the protocol's menu, which dissects anew."""
        self.open_tree()
        self.keys("Menu", pause=1)
        self.keys("Up", "Up", "Right", *["Down"] * downs, "Return", pause=0.5)
        self.keys("ctrl+a")
        self.write(str(value))
        self.keys("Return", pause=3)


class LiveWireshark(Wireshark):
    """Captures from its standard input, which a test feeds."""

    TITLE = r"."  # it has none of its own while it captures from a pipe

    def __init__(self, content):
        super().__init__(None)
        self.feed(content, pause=15)

    def source(self, path):
        assert path is None
        return "-k", "-i", "-"

    def feed(self, content, pause=4):
        self.process.stdin.write(content)
        self.process.stdin.flush()
        time.sleep(pause)

    def stop(self):
        self.process.stdin.close()
        time.sleep(4)
