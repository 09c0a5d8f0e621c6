# SPDX-License-Identifier: GPL-2.0-or-later
# What the commands of this folder share. Sourced by bash, after "set -euo pipefail".

checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# What compiling and showing the plugin needs, by Debian's package names.
build_packages=(g++ cmake ninja-build wireshark-dev libpcap-dev tshark
  zlib1g-dev libzstd-dev liblz4-dev liblzma-dev)
# What the test suite of the plugin needs besides, on any Wireshark version. wireshark-common
# brings editcap, mergecap, randpkt and sharkd; util-linux brings setpriv.
plugin_test_packages=(libgtest-dev libgmock-dev python3 python3-scapy wireshark-common util-linux binutils)
# What the whole suite needs besides, on the release we write for (bookworm): to fuzz and to look at the
# code, to drive the real window, and to end real connections on purpose in the lab.
test_packages=(clang clang-format clang-tidy libclang-rt-dev debootstrap git jq python3-clang-14
  imagemagick wireshark xclip xdotool xvfb
  conntrack curl haproxy iproute2 iptables liblwip0 nftables nginx openssl)

say() { printf '%s\n' "$*" >&2; }

fail() {
  printf '\n%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# Runs a command as root: directly, or by sudo.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "'$1' must run as root: there is no sudo here, so become root, then repeat this command"
  fi
}

# Runs a command as whoever owns the checkout, also if we are root: what a build or a capture brings along
# gets no privileges that it does not need.
as_owner() {
  local user group home
  user=$(stat -c %u "$checkout")
  group=$(stat -c %g "$checkout")
  if [ "$(id -u)" -ne 0 ] || [ "$user" -eq 0 ]; then
    "$@"
    return
  fi
  home=$(getent passwd "$user" | cut -d: -f6)
  setpriv --reuid="$user" --regid="$group" --clear-groups env HOME="${home:-/}" "$@"
}

is_installed() {
  [ "$(dpkg-query --show --showformat '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Installs those of the named packages that are not there yet; touches nothing when all are.
install_missing() {
  local name missing=()
  for name in "$@"; do
    is_installed "$name" || missing+=("$name")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || fail "apt-get is not here; please install: ${missing[*]}"
  say "Installing ${missing[*]}"
  # Wireshark's package asks whether users may capture; noninteractive takes its default, no.
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120)
  quietly as_root "${apt[@]}" update || fail "apt-get update failed, see above"
  quietly as_root "${apt[@]}" install --yes --no-install-recommends "${missing[@]}" ||
    fail "apt-get could not install ${missing[*]}, see above"
}

# Runs a command and shows its output only if it fails, then from the end.
quietly() {
  local output status=0
  output=$(mktemp)
  "$@" >"$output" 2>&1 || status=$?
  [ "$status" -eq 0 ] || tail -n 40 "$output" >&2
  rm -f "$output"
  return "$status"
}

# One of the folders that this machine's Wireshark uses, by tshark's own name for it.
wireshark_folder() { tshark -G folders 2>/dev/null | awk -F':[ \t]+' -v name="$1" '$1 == name { print $2; exit }'; }

# root's tshark ignores personal plugins, because privileges and a user's code do not mix: so root
# installs for everybody, others for themselves.
installation_scope() { if [ "$(id -u)" -eq 0 ]; then echo Global; else echo Personal; fi; }

# Where this user's plugin goes. The folder's name holds the minor version it is bound to.
plugin_folder() { printf '%s/epan\n' "$(wireshark_folder "$(installation_scope) Plugins")"; }

# Where this user's command goes; root's below $PREFIX, which is /usr/local.
command_folder() {
  if [ "$(id -u)" -eq 0 ]; then echo "${PREFIX:-/usr/local}/bin"; else echo "$HOME/.local/bin"; fi
}

# Where this user's Wireshark profile goes.
profile_folder() { printf '%s/profiles/TCP Teardown\n' "$(wireshark_folder "$(installation_scope) configuration")"; }

# What packaging/quickstart put where, as sha256sum writes it.
installed_list() { printf '%s/tcpteardown.installed\n' "$(wireshark_folder "$(installation_scope) configuration")"; }

# Notes that a file is ours as it is now.
note_installed() {
  local list=$1 path=$2 others
  mkdir -p "$(dirname "$list")"
  others=$(grep -vF "  $path" "$list" 2>/dev/null || true)
  { [ -z "$others" ] || printf '%s\n' "$others"; sha256sum "$path"; } >"$list.new"
  mv "$list.new" "$list"
}

# Whether a file is still as we made it: as noted, or equal to our own copy.
is_ours() {
  local list=$1 path=$2 own=$3
  [ -f "$path" ] && [ ! -L "$path" ] || return 1
  ! cmp -s "$path" "$own" || return 0
  grep -qxF "$(sha256sum "$path")" "$list" 2>/dev/null
}

# Whether a package of Debian's brought this file.
is_packaged() { dpkg-query --search "$1" >/dev/null 2>&1; }
