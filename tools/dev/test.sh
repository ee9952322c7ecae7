#!/usr/bin/env bash
# test.sh [quick|long] [PART…]: everything a test needs (tools, build with sanitizers, web, a PostgreSQL of its own), then test.py.
# The last line is always `N passed, N failed`, also when the build already fails; the exit code says the same.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
step_of=5
work=$(mktemp -d /tmp/anxin-test.XXXXXX)
chmod 755 "$work"

finish() {
	local code=$?
	trap - EXIT
	[ ! -d "$work/pg" ] || tools/dev/pg.sh stop "$work/pg" || true
	rm -rf "$work"
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
ANXIN_TEST_PG=$(tools/dev/pg.sh start "$work/pg")
export ANXIN_TEST_PG ANXIN_SHARED=${ANXIN_SHARED:-$root/../shared}
[ -d "$ANXIN_SHARED" ] || echo "    no shared data at $ANXIN_SHARED: tests that use it say so" >&2

code=0
tests_ran=yes
TMPDIR=$work "$cache/venv/bin/python" tools/dev/test.py "$@" || code=$?
exit "$code"
