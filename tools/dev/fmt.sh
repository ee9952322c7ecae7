#!/usr/bin/env bash
# fmt.sh: puts the mechanical part of layout right, in place.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
/usr/bin/python3 tools/check/layout.py
/usr/bin/python3 tools/check/rules_settings.py
(cd web && with_node npx eslint --fix .)
