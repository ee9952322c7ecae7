#!/usr/bin/env bash
# web_test.sh [ARGUMENT…]: eslint, vue-tsc against the API as the program describes it (ANXIN_BIN, else the release build), then vitest with these
# arguments; `--only-read` leaves vitest out.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
"${ANXIN_BIN:-build/release/anxin}" openapi | tools/gen/typescript.py >web/shared/api/generated.ts
with_node npm --prefix web run --silent lint
with_node npm --prefix web run --silent types
[ "${1:-}" = --only-read ] || with_node npm --prefix web test -- "$@"
