#!/usr/bin/env bash
# bench.sh [NAME…] [--json]: measures the release build, on SQLite and on a PostgreSQL of its own that keeps every commit (fsync on).
# The name first_load is the browser's part (needs Chromium); everything else is measured by `anxin bench`.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
names=() options=() browser=
for word in "$@"; do
	case "$word" in
	--*) options+=("$word") ;;
	first_load) browser=yes ;;
	*) names+=("$word") ;;
	esac
done
[ $# -gt ${#options[@]} ] || browser=yes

tools/dev/setup.sh "${browser:+test}"
tools/dev/build.sh release
tools/dev/web.sh
work=$(mktemp -d /tmp/anxin-bench.XXXXXX)
chmod 755 "$work"
trap '[ ! -d "$work/pg" ] || tools/dev/pg.sh stop "$work/pg"; rm -rf "$work"' EXIT
export ANXIN_SHARED=${ANXIN_SHARED:-$root/../shared} ANXIN_BIN=build/release/anxin

if [ ${#names[@]} -gt 0 ] || [ $# -eq ${#options[@]} ]; then
	ANXIN_TEST_PG=$(tools/dev/pg.sh start "$work/pg" durable)
	export ANXIN_TEST_PG
	build/release/anxin bench --data "$work/data" "${names[@]}" "${options[@]}"
fi
[ -z "$browser" ] || with_node node tests/perf/first_load.mjs
