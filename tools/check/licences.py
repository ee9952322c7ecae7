"""Walks everything the server links, also through others, and holds it against licences.txt: a library that is not listed there,
or listed under the GPL, is refused. The list is read from Debian's copyright files by hand; the walk is ldd's.
"""
import re
import subprocess
from pathlib import Path

from source import error

LINE = re.compile(r"^\s*(\S+?)\.so\S*\s+(?:=>\s+(\S+)|\()", re.M)


def linked(program):
    """Names without version of every shared library the program loads: libcurl, libgnutls, …"""
    text = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
    return sorted({Path(name).name for name, _ in LINE.findall(text)})


def known(table):
    """name -> licence"""
    return dict(line.split(None, 1) for line in table.splitlines() if line and not line.startswith("#"))


def refused(names, table):
    licences = known(table)
    for name in names:
        licence = licences.get(name)
        if licence is None:
            yield error("tools/check/licences.txt", 1, f"{name} is linked but its licence is not listed")
        elif licence.startswith("GPL"):
            yield error("tools/check/licences.txt", 1, f"{name} is under {licence}: not to be linked, also not through another")


def walk(program, table):
    yield from refused(linked(program), table)
