"""The worked example of the developer guide as a change to the tree: which files it tells the reader to write, which lines to add.

A block of the page belongs to the path in backquotes that ends the line above it. A `diff` block adds its + lines, each below the
line that stands before it; any other block is a whole new file. NNN in a path is the next free number of schema/.
"""
import re
from dataclasses import dataclass
from pathlib import Path

BLOCK = re.compile(r"^.*`([\w./]+)`:\n```(\w+)\n((?:(?!```).*\n)*)```$", re.M)

NUMBERED = re.compile(r"schema/\d{3}_")


@dataclass
class Block:
    path: str
    language: str
    text: str

    @property
    def lines(self):
        """How many lines it asks the reader to write."""
        lines = self.text.splitlines()
        return sum(line.startswith("+") for line in lines) if self.language == "diff" else len(lines)


def read(root):
    return (Path(root) / "docs/guide/developer/example-contract.md").read_text()


def blocks(page):
    return [Block(*found) for found in BLOCK.findall(page)]


def added(old, diff):
    """The text with the + lines of a diff in their places."""
    lines, at = old.splitlines(), -1
    for line in diff.splitlines():
        if line.startswith("+"):
            at += 1
            lines.insert(at, line[1:])
        else:
            at = lines.index(line[1:])
    return "\n".join(lines) + "\n"


def next_number(files):
    return f"{1 + max(int(path[7:10]) for path in files if NUMBERED.match(path)):03}"


def follow(files, page):
    """Does to the files (contents by path) what the page says."""
    for block in blocks(page):
        path = block.path.replace("NNN", next_number(files))
        if block.language == "diff":
            files[path] = added(files[path].decode(), block.text).encode()
        else:
            assert path not in files, f"{path} is there already"
            files[path] = block.text.encode()
