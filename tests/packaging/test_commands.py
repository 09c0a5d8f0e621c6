# SPDX-License-Identifier: GPL-2.0-or-later
"""What the commands of packaging/ do to a machine: with a tshark, cmake and apt that only pretend."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
NOBODY = 65534
IS_ROOT = os.geteuid() == 0

TSHARK = """#!/bin/sh
case "$*" in
  "-G folders") printf 'Global configuration:\\t%s/share\\nPersonal configuration:\\t%s/home\\n' "$ROOM" "$ROOM"
                printf 'Global Plugins:\\t%s/lib/4.0\\nPersonal Plugins:\\t%s/lib/4.0\\n' "$ROOM" "$ROOM" ;;
  "-G plugins") printf 'tcpteardown.so\\t1\\tdissector\\t%s/lib/4.0/epan/tcpteardown.so\\n' "$ROOM" ;;
  *) echo "tshark as $(id -u)" >>"$ROOM/log" ;;
esac
"""
CMAKE = """#!/bin/sh
echo "cmake as $(id -u)" >>"$ROOM/log"
mkdir -p build/release/wireshark-plugins/4.0/epan
echo plugin >build/release/wireshark-plugins/4.0/epan/tcpteardown.so
mkdir -p build/release/analysis_core/tools
echo command >build/release/analysis_core/tools/tcpteardown
"""
# Everything is installed; the plugin is a package's where a file named "packaged" says so.
DPKG_QUERY = """#!/bin/sh
[ "$1" != --search ] || exec test -e "$ROOM/packaged"
printf installed
"""


class Commands(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()  # pylint: disable=consider-using-with
        self.addCleanup(folder.cleanup)
        self.room = pathlib.Path(folder.name)
        self.room.chmod(0o755)
        self.checkout = self.room / "checkout"
        self.checkout.mkdir()
        shutil.copytree(ROOT / "packaging", self.checkout / "packaging")
        (self.room / "capture.pcap").write_bytes(b"")
        for name, text in (("tshark", TSHARK), ("cmake", CMAKE), ("dpkg-query", DPKG_QUERY)):
            (self.room / "bin").mkdir(exist_ok=True)
            (self.room / "bin" / name).write_text(text)
            (self.room / "bin" / name).chmod(0o755)
        self.log = self.room / "log"
        self.log.write_text("")
        self.owner = os.geteuid()
        self.plugin = self.room / "lib/4.0/epan/tcpteardown.so"
        self.command = self.room / ("usr/bin" if IS_ROOT else ".local/bin") / "tcpteardown"
        self.profile = self.room / ("share" if IS_ROOT else "home") / "profiles/TCP Teardown"

    def run_command(self, name: str, *words: str, status: int = 0) -> str:
        env = {"PATH": f"{self.room / 'bin'}:{os.environ['PATH']}", "ROOM": str(self.room), "HOME": str(self.room),
               "PREFIX": str(self.room / "usr")}
        ran = subprocess.run([self.checkout / "packaging" / name, *words], env=env, capture_output=True, text=True,
                             timeout=60, check=False)
        self.assertEqual(ran.returncode, status, ran.stderr)
        return ran.stderr

    def install(self) -> None:
        self.run_command("quickstart", str(self.room / "capture.pcap"))
        self.assertTrue(self.plugin.is_file())
        self.assertTrue((self.profile / "preferences").is_file())
        self.assertTrue(os.access(self.command, os.X_OK))

    def test_uninstall_takes_back_what_was_installed(self) -> None:
        self.install()
        said = self.run_command("uninstall")
        self.assertIn(f"Removed {self.plugin}", said)
        self.assertFalse(self.plugin.exists())
        self.assertFalse(self.profile.exists())
        self.assertFalse(self.command.exists())
        self.assertIn("Nothing to remove", self.run_command("uninstall"))

    def test_uninstall_after_another_build(self) -> None:
        self.install()
        shutil.rmtree(self.checkout / "build")
        self.run_command("uninstall")
        self.assertFalse(self.plugin.exists())

    def test_uninstall_leaves_another_plugin(self) -> None:
        self.install()
        self.plugin.write_text("somebody else's\n")
        self.command.write_text("somebody else's\n")
        said = self.run_command("uninstall")
        for path in (self.plugin, self.command):
            self.assertIn(f"Left {path}", said)
            self.assertTrue(path.exists())

    def test_quickstart_says_where_the_command_is(self) -> None:
        said = self.run_command("quickstart", str(self.room / "capture.pcap"))
        self.assertIn(f"Your PATH lacks {self.command.parent}", said)

    def test_uninstall_leaves_what_the_user_put_into_the_profile(self) -> None:
        self.install()
        (self.profile / "dfilters").write_text("mine\n")
        (self.profile / "preferences").write_text("changed\n")
        said = self.run_command("uninstall")
        self.assertEqual(sorted(p.name for p in self.profile.iterdir()), ["dfilters", "preferences"])
        self.assertIn(f"Left {self.profile}", said)

    def test_uninstall_leaves_a_package_alone(self) -> None:
        self.install()
        (self.room / "packaged").write_text("")
        self.assertIn("belongs to a Debian package", self.run_command("uninstall"))
        self.assertTrue(self.plugin.exists())
        self.assertTrue((self.profile / "preferences").exists())

    def test_quickstart_does_not_overwrite_a_package(self) -> None:
        (self.room / "packaged").write_text("")
        self.assertIn("belongs to a Debian package",
                      self.run_command("quickstart", str(self.room / "capture.pcap"), status=1))
        self.assertFalse(self.plugin.exists())

    def test_quickstart_as_root_builds_and_reads_as_the_owner(self) -> None:
        if not IS_ROOT:
            return
        for path in (self.checkout, self.log, *self.checkout.rglob("*")):
            os.chown(path, NOBODY, NOBODY)
        self.install()
        self.assertEqual(set(self.log.read_text().splitlines()), {f"cmake as {NOBODY}", f"tshark as {NOBODY}"})
        self.assertEqual(self.plugin.stat().st_uid, 0)

    def test_environments_stay_in_their_folder(self) -> None:
        (self.room / "precious").mkdir()
        (self.room / "roots").mkdir()
        for suite in ("../precious", "/", ".", "trixie/../../precious", ""):
            self.run_command("environments", "--folder", str(self.room / "roots"), "remove", suite, status=1)
        self.assertTrue((self.room / "precious").is_dir())


class Hardening(unittest.TestCase):
    def test_the_quickstarts_build_is_as_hard_as_a_debian_package(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["cmake", "--preset", "release", "-B", folder], cwd=ROOT, check=True, capture_output=True,
                           timeout=120)
            text = (pathlib.Path(folder) / "build.ninja").read_text()
        flags = [line for line in text.splitlines() if line.startswith("  FLAGS = ") and "-std=" in line]
        links = [line for line in text.splitlines() if line.startswith("  LINK_FLAGS = ")]
        self.assertGreater(len(flags), 10)
        for line in flags:
            for flag in ("-fstack-protector-strong", "-D_FORTIFY_SOURCE=2", "-Werror=format-security", "-fPI"):
                self.assertIn(flag, line)
        self.assertTrue(links)
        for line in links:
            self.assertIn("-Wl,-z,relro", line)
            self.assertIn("-Wl,-z,now", line)
        self.assertTrue(any(" -pie" in line for line in text.splitlines() if "LINK_FLAGS" in line), links)


if __name__ == "__main__":
    unittest.main()
