#!/usr/bin/env bash
# lint.sh [house|tidy|cppcheck|web …]: reads everything without running it; all four unless named. Fails when one of them complains.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
kinds=("${@:-house}")
[ $# -gt 0 ] || kinds=(house cppcheck tidy web)
step_of=${#kinds[@]}
mapfile -t sources < <(git ls-files 'src/*.c' | grep -v '_test\.c$' || true)

lint_house() { /usr/bin/python3 tools/check/house.py; }

lint_tidy() {
	[ ${#sources[@]} = 0 ] || printf '%s\0' "${sources[@]}" |
		nice xargs -0 -P "$(nproc)" -n 4 clang-tidy-14 --quiet -p build/release \
			--extra-arg=-Wno-unknown-warning-option --extra-arg=-Wno-error
}

lint_cppcheck() {
	[ ${#sources[@]} = 0 ] || nice cppcheck --quiet --error-exitcode=1 --std=c11 -j "$(nproc)" -Isrc -Ibuild/release/src \
		--enable=warning,performance --inline-suppr --suppressions-list=tools/check/cppcheck.txt \
		--cppcheck-build-dir="$cppcheck_folder" "${sources[@]}"
}

lint_web() { tools/dev/web_test.sh --only-read; }

tools/dev/setup.sh test
tools/dev/build.sh release
cppcheck_folder=$cache/cppcheck
mkdir -p "$cppcheck_folder"
for kind in "${kinds[@]}"; do
	step "$kind"
	"lint_$kind" || bad="${bad:-} $kind"
done
[ -z "${bad:-}" ] || die "complaints of:$bad"
