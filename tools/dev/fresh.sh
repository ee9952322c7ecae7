#!/usr/bin/env bash
# fresh.sh [PART…]: proves what the README promises on a machine that has nothing: a bare Debian 12 root made by debootstrap, a clone
# of the last commit, `./dev run` until the page answers, a second start of at most 5 s, `./dev test PART…` (quick unless told; full is
# what .ci/run does), and after all of it nothing that git would see. Prints seconds and megabytes of each. Needs root.
# What this machine's pip and npm need to reach their registries goes in as environment, nothing else.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
[ "$(id -u)" = 0 ] || die 'fresh needs root'
# Mounts and processes shall vanish with this one, whatever happens.
[ -n "${ANXIN_FRESH:-}" ] ||
	ANXIN_FRESH=1 exec unshare --mount --propagation private --pid --fork --kill-child --mount-proc "${BASH_SOURCE[0]}" "$@"
tools/dev/setup.sh fresh
step_of=5
port=8179
parts=("${@:-quick}")
bare=$(mktemp -d /var/tmp/anxin-fresh.XXXXXX)
chmod 755 "$bare" # it becomes a root that every user walks through
server=

finish() {
	[ -z "$server" ] || kill "$server" 2>/dev/null || true
	umount "$bare/proc" "$bare/dev/shm" "$bare/dev" 2>/dev/null || true
	rm -rf --one-file-system "$bare"
}
trap finish EXIT

mirror() {
	apt-get indextargets --format '$(CODENAME) $(SITE)' 'Created-By: Packages' | awk '$1 == "bookworm" { print $2; exit }'
}

# The registries' settings of this machine: certificate bundle, indexes, proxies.
settings=(HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive CI=true)
take_settings() {
	local name
	for name in $(compgen -e); do
		case "$name" in
		PIP_CERT | PIP_FIND_LINKS) ;;
		PIP_* | npm_config_* | [hH][tT][tT][pP]_[pP][rR][oO][xX][yY] | [hH][tT][tT][pP][sS]_[pP][rR][oO][xX][yY] | [nN][oO]_[pP][rR][oO][xX][yY])
			settings+=("$name=${!name}") ;;
		esac
	done
	local bundle=${SSL_CERT_FILE:-${PIP_CERT:-/etc/ssl/certs/ca-certificates.crt}} file
	cp "$bundle" "$bare/etc/registry-ca.pem"
	settings+=({SSL_CERT_FILE,PIP_CERT,NODE_EXTRA_CA_CERTS,npm_config_cafile}=/etc/registry-ca.pem)
	for file in /etc/pip.conf /etc/resolv.conf /etc/hosts; do
		[ ! -e "$file" ] || cp -L "$file" "$bare$file"
	done
	[ ! -e ~/.npmrc ] || cp ~/.npmrc "$bare/root/.npmrc"
}

# Only ever called in a subshell, which it replaces: so killing that ends what runs inside.
inside() {
	exec chroot "$bare" /usr/bin/env -i "${settings[@]}" bash -c "cd /anxin && $1" </dev/null
}

answers() {
	(exec 3<>"/dev/tcp/127.0.0.1/$port" && printf 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' >&3 &&
		head -n 1 <&3 | grep -q ' 200 ') 2>/dev/null
}

megabytes() { du -smx "$bare" | cut -f 1; }

# Starts ./dev run, waits for its page, stops it; leaves the seconds that took in $elapsed.
run_until_it_answers() {
	local from=$EPOCHREALTIME
	inside "exec ./dev run $port" >"$cache/fresh.run.log" 2>&1 &
	server=$!
	until answers; do
		kill -0 "$server" 2>/dev/null || { tail -n 40 "$cache/fresh.run.log" >&2; die './dev run ended without a page'; }
		sleep 0.2
	done
	elapsed=$(awk -v a="$from" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }')
	kill "$server"
	wait "$server" || true
	server=
}

step "bare Debian 12 from $(mirror)"
logged "$cache/fresh.debootstrap.log" debootstrap --variant=minbase bookworm "$bare" "$(mirror)"
mount -t proc proc "$bare/proc"
mount --bind /dev "$bare/dev"
mkdir -p /dev/shm && mount -t tmpfs tmpfs "$bare/dev/shm"
take_settings
base=$(megabytes)

step 'clone of the last commit'
git clone --quiet --no-hardlinks "$root" "$bare/anxin"

step './dev run until the page answers'
run_until_it_answers
first=$elapsed
after_run=$(megabytes)

step './dev run again'
run_until_it_answers
second=$elapsed

step "./dev test ${parts[*]}"
from=$SECONDS
code=0
inside "./dev test ${parts[*]}" 2>&1 | tee "$cache/fresh.test.log" | sed -u 's/^/    /' || code=$?
left=$(git -c safe.directory='*' -C "$bare/anxin" status --porcelain)
printf '\n'
printf 'bare root        %5d MB\n' "$base"
printf './dev run        %5d MB more, %s s until the page answers; again %s s\n' $((after_run - base)) "$first" "$second"
printf './dev test       %5d MB more, %d s (%s)\n' $(($(megabytes) - after_run)) $((SECONDS - from)) "${parts[*]}"
[ -z "$left" ] || die "git sees what was made: $left"
awk -v s="$second" 'BEGIN { exit s > 5 }' || die 'the second start took more than 5 s'
exit "$code"
