#!/usr/bin/env bash
# bench.sh [NAME…] [--json]: measures the release build, on SQLite and on a PostgreSQL of its own that keeps every commit (fsync on).
# The name first_load is the browser's part (needs Chromium); everything else is measured by `anxin bench`.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
names=() options=() kept=() browser=
for word in "$@"; do
	case "$word" in
	--json) options+=("$word") ;;   # lines of JSON are what is printed in any case
	--*) die "no such option: $word" ;;
	first_load) browser=yes ;;
	promises_*) kept+=("$word") ;;   # takes long to fill: the data stay, in ANXIN_BENCH_KEPT
	*) names+=("$word") ;;
	esac
done
[ $# -gt ${#options[@]} ] || browser=yes

# Is a figure whose name holds this to be measured?
wants() { [ ${#names[@]} -eq 0 ] || [[ " ${names[*]} " == *$1* ]]; }

# A database that has run for a day writes over old log files; a new one makes each file of 16 MB first, in the middle of the measuring.
let_log_files_be_reused() {
	local i
	psql -qX "$1" -c "ALTER SYSTEM SET min_wal_size = '1GB'" -c 'SELECT pg_reload_conf()' >/dev/null
	for i in $(seq 40); do
		echo "SELECT pg_logical_emit_message(false, 'bench', 'fill'); SELECT pg_switch_wal();"
	done | psql -qX "$1" >/dev/null
	psql -qX "$1" -c CHECKPOINT
}

tools/dev/setup.sh test
tools/dev/build.sh release
tools/dev/web.sh
work=$(mktemp -d /tmp/anxin-bench.XXXXXX)
chmod 755 "$work"
trap '[ ! -d "$work/pg" ] || tools/dev/pg.sh stop "$work/pg"; rm -rf "$work"' EXIT
export ANXIN_SHARED=${ANXIN_SHARED:-$root/../shared} ANXIN_BIN=build/release/anxin

if [ ${#names[@]} -gt 0 ] || [ $# -eq ${#options[@]} ]; then
	ANXIN_TEST_PG=$(tools/dev/pg.sh start "$work/pg" durable)
	export ANXIN_TEST_PG
	! wants pg_ || let_log_files_be_reused "$ANXIN_TEST_PG"
	if [ -z "${ANXIN_SHEETS:-}" ] && wants import_50k; then
		export ANXIN_SHEETS=$work/sheets
		"$cache/venv/bin/python" tests/data/make_sheets.py --rows 50000 --seed 1 --out "$ANXIN_SHEETS" >/dev/null
	fi
	build/release/anxin bench --data "$work/data" "${names[@]}"
fi
[ ${#kept[@]} -eq 0 ] || build/release/anxin bench --data "${ANXIN_BENCH_KEPT:-/var/tmp/anxin-bench}" "${kept[@]}"
[ -z "$browser" ] || with_node node tests/perf/first_load.mjs
