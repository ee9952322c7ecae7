"""house.py: holds the tree against this house's rules. Errors fail; warnings are for the reviewer to weigh.

Reads the files git knows or would add, never what is built, except the linked program: its licences and its hardening.
"""
import subprocess
import sys
from pathlib import Path

import hardening
import licences
import rules_c
import rules_knowledge
import rules_records
import rules_settings
import rules_tree

ROOT = Path(__file__).resolve().parents[2]


def read_tree():
    names = subprocess.run(["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                           cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    tree = {}
    for name in filter(None, names):
        path = ROOT / name
        if path.is_file() and not path.is_symlink():
            try:
                tree[name] = path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue  # pictures and samples in other encodings
    return tree


def findings(tree):
    for rule in rules_c.RULES + rules_knowledge.RULES + rules_records.RULES + rules_settings.RULES + rules_tree.RULES:
        yield from rule(tree)
    program = ROOT / "build/release/anxin"
    if program.exists():
        yield from licences.walk(program, tree["tools/check/licences.txt"])
        yield from hardening.walk(program)


def main():
    found = sorted(findings(read_tree()), key=lambda f: (f.weight != "warning", f.path, f.line))
    for finding in found:
        print(finding)
    errors = sum(f.weight == "error" for f in found)
    print(f"house: {errors} errors, {len(found) - errors} warnings")
    sys.exit(1 if errors else 0)


if __name__ == "__main__":
    main()
