#!/usr/bin/env bash
# shot.sh [NAME…]: screenshots of every page (or of those whose name holds NAME) in build/shots, from a fresh demo company.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
step_of=4
step 'set-up'
tools/dev/setup.sh test
step 'build'
tools/dev/build.sh release
step 'web pages'
tools/dev/web.sh
step 'screenshots'
with_node env ANXIN_BIN=build/release/anxin node tests/web/shot.mjs build/shots "$@"
