#!/usr/bin/env bash
# fmt.sh: lays out the C and web sources in place.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
git ls-files -z 'src/*.c' 'src/*.h' 'tests/*.c' | xargs -0r clang-format-14 -i
if [ -e web/package-lock.json ]; then
	(cd web && with_node npx eslint --fix .)
fi
