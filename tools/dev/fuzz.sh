#!/usr/bin/env bash
# fuzz.sh [SECONDS] [NAME…]: builds the fuzz targets and runs each so long (30 s unless told).
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
tools/dev/setup.sh test
tools/dev/build.sh fuzz
exec /usr/bin/python3 tools/dev/fuzz.py "${@:-30}"
