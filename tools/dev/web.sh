#!/usr/bin/env bash
# web.sh: builds the web pages into web/dist when a source of theirs changed.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
[ -e web/package-lock.json ] || exit 0

build_web() {
	logged "$cache/web.log" nice npm --prefix web run build
}

mapfile -t sources < <(find web -type f -not -path '*/node_modules/*' -not -path 'web/dist/*' | sort)
[ -d web/dist ] || rm -f "$cache/stamp.web-build"
export PATH="$cache/node/bin:$PATH"
stamped web-build "${sources[@]}" -- build_web
