#!/usr/bin/env bash
# bench.sh [NAME…] [--json]: measures the release build, on SQLite and on a PostgreSQL of its own that keeps every commit (fsync on).
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
tools/dev/setup.sh build
tools/dev/build.sh release
tools/dev/web.sh
work=$(mktemp -d /tmp/anxin-bench.XXXXXX)
chmod 755 "$work"
trap 'tools/dev/pg.sh stop "$work/pg"; rm -rf "$work"' EXIT
ANXIN_TEST_PG=$(tools/dev/pg.sh start "$work/pg" durable)
export ANXIN_TEST_PG ANXIN_SHARED=${ANXIN_SHARED:-$root/../shared}
build/release/anxin bench --data "$work/data" "$@"
