# Sourced by every script of ./dev: where things are, and how a long step shows its progress.
# Promises: $root, $cache, `step`, `with_node`; changes to the root of the tree. Starts nothing.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"
cache=${ANXIN_CACHE:-$root/.cache}
mkdir -p "$cache"
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1
export LC_ALL=C.UTF-8

step_no=0 step_of=${step_of:-0} step_started=$SECONDS

# step TEXT: announces the next of $step_of long steps, with the time since the command began.
step() {
	step_no=$((step_no + 1))
	printf '[%d/%d %3ds] %s\n' "$step_no" "$step_of" $((SECONDS - step_started)) "$*" >&2
}

note() {
	printf '    %s\n' "$*" >&2
}

# logged LOG COMMAND…: its output goes to LOG, a line every five seconds is shown, and the log's end when it fails.
logged() {
	local log=$1 shown=$SECONDS line
	shift
	"$@" 2>&1 | tee "$log" | while IFS= read -r line; do
		((SECONDS - shown < 5)) || { note "${line:0:100}"; shown=$SECONDS; }
	done && return 0
	tail -n 60 "$log" >&2
	die "failed: $*"
}

# with_node COMMAND…: runs it with the Node of deps.lock first in PATH.
with_node() {
	PATH="$cache/node/bin:$PATH" "$@"
}

die() {
	printf './dev: %s\n' "$*" >&2
	exit 1
}

# stamped NAME FILE… -- COMMAND…: runs the command unless it last succeeded with the same contents of the files.
stamped() {
	local stamp="$cache/stamp.$1" files=() sum
	shift
	while [ "$1" != -- ]; do files+=("$1"); shift; done
	shift
	sum=$(cat "${files[@]}" | sha256sum)
	[ "$(cat "$stamp" 2>/dev/null)" = "$sum" ] && return 0
	"$@"
	printf '%s\n' "$sum" >"$stamp.$$"
	mv "$stamp.$$" "$stamp"
}
