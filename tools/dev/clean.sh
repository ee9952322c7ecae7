#!/usr/bin/env bash
# clean.sh [all]: removes what was built; `all` also what was fetched and the data of ./dev run.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
rm -rf build web/dist web/apps/*/dist
[ "${1:-}" != all ] || rm -rf "$cache" data data-empty data-sim web/node_modules
