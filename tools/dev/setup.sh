#!/usr/bin/env bash
# setup.sh [build|test]: makes this machine able to build (default), or to run the tests as well.
# Promises: installs only what is missing, everything by exact version and hash, and costs under a second when nothing is.
# After it, nothing needs the network.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
kind=${1:-build}
step_of=3
[ "$kind" = test ] && step_of=4

missing_packages() {
	local groups=build
	[ "$kind" = test ] && groups='build|test'
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
	no_cluster_of_debian
	$sudo apt-get update -qq
	$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
		-o Dpkg::Options::=--force-confold -o Dpkg::Use-Pty=0 "$@" >"$cache/apt.log" </dev/null ||
		{ tail -n 20 "$cache/apt.log" >&2; die "apt-get failed"; }
}

make_venv() {
	rm -rf "$cache/venv"
	/usr/bin/python3 -m venv "$cache/venv"
}

install_python_tools() {
	"$cache/venv/bin/pip" install -q --require-hashes --no-deps -r tools/requirements.lock
}

install_web_packages() {
	(cd web && with_node npm ci --no-audit --no-fund --loglevel=error)
}

packages=$(missing_packages)
step "Debian packages: ${packages:+installing }$(wc -w <<<"$packages") missing"
[ -z "$packages" ] || install_packages $packages

step 'yyjson and Node from deps.lock'
[ -x "$cache/venv/bin/pip" ] || make_venv
[ -x "$cache/node/bin/node" ] && [ -e "$cache/yyjson/yyjson.c" ] || rm -f "$cache"/stamp.deps.*
stamped "deps.$(uname -m)" deps.lock tools/dev/fetch.py -- "$cache/venv/bin/python" tools/dev/fetch.py "$cache"

if [ "$kind" = test ]; then
	step 'Python tools of the tests'
	stamped python tools/requirements.lock -- install_python_tools
fi

step 'web packages'
if [ -e web/package-lock.json ]; then
	[ -d web/node_modules ] || rm -f "$cache/stamp.web"
	stamped web web/package-lock.json -- install_web_packages
fi
