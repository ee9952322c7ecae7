"""Reads the linked program and refuses it when a protection that the build asks for is not in it."""
import subprocess

from source import error


def readelf(program, *options):
    return subprocess.run(["readelf", "--wide", *options, program], capture_output=True, text=True, check=True).stdout


def missing(header, segments, dynamic, symbols):
    """What of the four readelf texts shows to be lacking, in words."""
    stack = next((line for line in segments.splitlines() if "GNU_STACK" in line), "")
    checks = {
        "position independent (PIE)": "DYN (Position-Independent Executable" in header,
        "relocations read-only (full RELRO)": "GNU_RELRO" in segments and "NOW" in dynamic,
        "stack not executable": "RW " in stack,
        "stack protector": "__stack_chk_fail" in symbols,
        "fortified string functions": "_chk@" in symbols.replace("__stack_chk_fail@", ""),
    }
    return [name for name, there in checks.items() if not there]


def walk(program):
    for name in missing(readelf(program, "-h"), readelf(program, "-l"), readelf(program, "-d"), readelf(program, "--dyn-syms")):
        yield error("meson.build", 1, f"the release program lacks: {name}")
