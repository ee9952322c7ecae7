"""A copy of this tree that grows by pages like the guide's and is built for itself.

Its place is fixed, build/example, and files that did not change keep their times: after the first run only what a change touches is
compiled. It shares caches, web packages and built pages with the tree that it was copied from.
"""
import os
import shutil
import subprocess
from pathlib import Path

import guide

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / "build/example"
KEPT = ("build", "web/node_modules", "web/dist")  # of the copy: made there, or shared


def tracked():
    """Every file of the tree as it is now, by path."""
    names = subprocess.run(["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                           cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    return {name: (ROOT / name).read_bytes() for name in names if name and (ROOT / name).is_file()}


def lay_out(files):
    for path in PLACE.rglob("*"):
        name = str(path.relative_to(PLACE))
        if path.is_file() and name not in files and not name.startswith(KEPT):
            path.unlink()
    for name, content in files.items():
        path = PLACE / name
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        if (ROOT / name).exists():
            shutil.copymode(ROOT / name, path)
    for name in KEPT[1:]:
        if not (PLACE / name).exists():
            (PLACE / name).symlink_to(ROOT / name)


class Tree:
    def __init__(self, *pages):
        self.files = tracked()
        for page in pages:
            guide.follow(self.files, page)
        lay_out(self.files)
        self.program = PLACE / "build/asan/anxin"

    def run(self, *command, **options):
        """Runs it in the copy, with the copy's program for tests to start, and returns what it said."""
        cache = os.environ.get("ANXIN_CACHE", str(ROOT / ".cache"))
        done = subprocess.run(command, cwd=PLACE, env=os.environ | {"ANXIN_CACHE": cache, "ANXIN_BIN": str(self.program)},
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", **options)
        assert done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout[-8000:]}"
        return done.stdout

    def build(self, *targets):
        self.run("tools/dev/build.sh", "asan", *targets)
