#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The README's first command as a newcomer lives it: in a Debian that has nothing, as root, then as
# a user with sudo. Runs inside a root made for it, with the checkout at /src.
set -euo pipefail

home=/home/newcomer
clone=$home/tcpteardown
say() { printf '\n== %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*"; exit 1; }

for tool in g++ cmake tshark sudo; do
  ! command -v $tool || fail "this root is not bare"
done

as_newcomer() { setpriv --reuid=newcomer --regid=newcomer --init-groups env HOME=$home "$@"; }

# The report knows how the download of the default capture ended.
check_report() {
  cat /tmp/report
  grep -q "$1" /tmp/report || fail "no $1 in the report"
}

# Where tshark, run by a command such as env, has the plugin from; nothing if it has not.
loaded_from() {
  "$@" tshark -G plugins >/tmp/plugins 2>/tmp/plugins.err || fail "tshark: $(cat /tmp/plugins.err)"
  sed -n 's/^tcpteardown\.so.*\t//p' /tmp/plugins
}

useradd --create-home newcomer
mkdir "$clone"
tar -C /src -c --exclude=./build --exclude=./.git --exclude=./captures/lab . | tar -C "$clone" -x

say "as root"
"$clone/packaging/quickstart" >/tmp/report
check_report abort-by-receiver
[[ $(loaded_from env) == /usr/lib/*/epan/tcpteardown.so ]] || fail "not in the system's plugin folder"
[ -d "/usr/share/wireshark/profiles/TCP Teardown" ] || fail "no profile"

say "as root, a second time, with a capture"
(cd "$clone/captures/seeds" && ../../packaging/quickstart seed15607.pcap) >/tmp/report
check_report abort-after-own-fin

say "a capture that is not there"
! "$clone/packaging/quickstart" /nowhere.pcap || fail "no capture, and still content"

say "uninstall"
"$clone/packaging/uninstall"
[ -z "$(loaded_from env)" ] || fail "the plugin is still there"
[ ! -e "/usr/share/wireshark/profiles/TCP Teardown" ] || fail "the profile is still there"

say "as a user with sudo, who lacks a package"
apt-get -q install --yes --no-install-recommends sudo >/dev/null
echo 'newcomer ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/newcomer
apt-get -q remove --yes libpcap-dev >/dev/null
chown -R newcomer: "$clone"
as_newcomer "$clone/packaging/quickstart" >/tmp/report
check_report abort-by-receiver
[[ $(loaded_from as_newcomer) == $home/.local/lib/wireshark/plugins/*/epan/tcpteardown.so ]] ||
  fail "not in the user's plugin folder"
[ -z "$(loaded_from env)" ] || fail "the user's plugin is everybody's"

say "uninstall as the user"
as_newcomer "$clone/packaging/uninstall"
[ -z "$(loaded_from as_newcomer)" ] || fail "the plugin is still there"

say "all as the README says"
