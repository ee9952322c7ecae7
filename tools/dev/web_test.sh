#!/usr/bin/env bash
# web_test.sh [ARGUMENT…]: eslint, vue-tsc against the API as the release build describes it, then vitest with these arguments.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
build/release/anxin openapi | tools/gen/typescript.py >web/shared/api/generated.ts
with_node npm --prefix web run --silent lint
with_node npm --prefix web run --silent types
exec npm --prefix web test -- "$@"
