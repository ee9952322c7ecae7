#!/usr/bin/env bash
# build.sh [release|asan|fuzz]: compiles into build/KIND. Cheap when nothing changed.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
kind=${1:-release}
case "$kind" in
release) options=(--buildtype=debugoptimized -Doptimization=2) ;;
asan) options=(--buildtype=debug -Doptimization=1 -Db_sanitize=address,undefined -Db_lundef=false) ;;
fuzz) options=(--buildtype=debug -Doptimization=1 -Db_sanitize=address,undefined -Db_lundef=false -Dfuzz=true) ;;
*) die "no such kind of build: $kind" ;;
esac
[ -e "$cache/yyjson/yyjson.c" ] || tools/dev/setup.sh build

if [ ! -e "build/$kind/build.ninja" ]; then
	[ "$kind" != fuzz ] || export CC='ccache clang-14'
	nice meson setup "build/$kind" "${options[@]}" -Dyyjson="$cache/yyjson" >"$cache/meson.$kind.log" ||
		{ tail -n 20 "$cache/meson.$kind.log" >&2; die 'meson setup failed'; }
fi
nice ninja -C "build/$kind" -j "${ANXIN_JOBS:-$(nproc)}" --quiet
