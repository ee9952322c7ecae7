#!/usr/bin/env bash
# test.sh [quick|long] [PART…]: everything a test needs (tools, build with sanitizers, web, a PostgreSQL of its own), then test.py.
# The last line is always `N passed, N failed`, also when the build already fails; the exit code says the same.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
step_of=5
work=$(mktemp -d /tmp/anxin-test.XXXXXX)
# A database is a thousand files, and tests make and drop hundreds: in memory, where there is room, that costs half the time.
# What is to survive a crash is tested on PostgreSQLs that those tests start on the disk.
room_mb=$(df --output=avail -m /dev/shm 2>/dev/null | tail -n 1 || true)
[ "${room_mb:-0}" -lt 4096 ] && pg=$work/pg || pg=$(mktemp -d /dev/shm/anxin-test.XXXXXX)/pg
chmod 755 "$work" "${pg%/pg}"

finish() {
	local code=$?
	trap - EXIT
	[ ! -d "$pg" ] || tools/dev/pg.sh stop "$pg" || true
	rm -rf "$work" "${pg%/pg}"
	[ -n "${tests_ran:-}" ] || printf '0 passed, 1 failed\n'
	exit "$code"
}
trap finish EXIT
trap 'exit 130' INT TERM

step 'set-up'
tools/dev/setup.sh test
step 'build with AddressSanitizer and UndefinedBehaviorSanitizer'
tools/dev/build.sh asan
step 'build as it is shipped'
[ "${1:-}" = quick ] || tools/dev/build.sh release
step 'web pages'
tools/dev/web.sh
step 'PostgreSQL in a temporary folder'
ANXIN_TEST_PG=$(tools/dev/pg.sh start "$pg")
export ANXIN_TEST_PG ANXIN_SHARED=${ANXIN_SHARED:-$root/../shared}
[ -d "$ANXIN_SHARED" ] || echo "    no shared data at $ANXIN_SHARED: tests that use it say so" >&2

code=0
tests_ran=yes
TMPDIR=$work "$cache/venv/bin/python" tools/dev/test.py "$@" || code=$?
exit "$code"
