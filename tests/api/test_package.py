"""The Debian package: what it holds, that it runs from where it was unpacked, and what its scripts and its unit say."""
import os
import re
import shutil
import socket
import subprocess

import httpx
import pytest

from server import ROOT, free_port

RELEASE = os.environ.get("ANXIN_RELEASE_BIN", "")


def run(*words, **options):
    done = subprocess.run([str(w) for w in words], capture_output=True, text=True, stdin=subprocess.DEVNULL, **options)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    if not shutil.which("dpkg-deb") or not RELEASE:
        pytest.skip("no dpkg-deb, or nothing built as it is shipped")
    return run(ROOT / "tools/dev/package.sh", tmp_path_factory.mktemp("package")).split()[-1]


@pytest.fixture(scope="module")
def tree(package, tmp_path_factory):
    place = tmp_path_factory.mktemp("unpacked") / "tree"
    run("dpkg-deb", "-R", package, place)
    return place


def test_it_says_what_it_needs_and_what_an_upgrade_must_keep(package, tree):
    fields = dict(line.split(": ", 1) for line in run("dpkg-deb", "-f", package).splitlines() if ": " in line)
    assert fields["Package"] == "anxin" and re.fullmatch(r"\d+\.\d+\.\d+", fields["Version"])
    needs = {one.strip() for one in fields["Depends"].split(",")}
    assert {"adduser", "libc6", "libsqlite3-0", "libmicrohttpd12", "libsodium23"} <= needs
    assert (tree / "DEBIAN/conffiles").read_text() == "/etc/anxin/environment\n"
    listed = run("dpkg-deb", "-c", package)
    assert all(line.split()[1] == "root/root" for line in listed.splitlines())
    assert not re.search(r"(master\.key|\.db\b|generated\.ts|node_modules)", listed)


def test_its_scripts_are_sound_and_never_touch_the_data(tree):
    for name in ("postinst", "prerm", "postrm"):
        script = tree / "DEBIAN" / name
        run("sh", "-n", script)
        assert not re.search(r"\b(rm|chown|chmod)\b.*/var/lib", script.read_text()), name
        run("sh", script, "abort-upgrade")       # nothing to do, and no service manager asked


def test_the_unit_is_one_that_systemd_takes(tree, tmp_path):
    unit = (tree / "lib/systemd/system/anxin.service").read_text()
    for word in ("Type=notify", "NoNewPrivileges=yes", "ProtectSystem=strict", "StateDirectory=anxin", "CapabilityBoundingSet=\n"):
        assert word in unit
    if not shutil.which("systemd-analyze"):
        pytest.skip("no systemd-analyze")
    here = tmp_path / "anxin.service"
    here.write_text(unit.replace("/usr/bin/anxin", str(tree / "usr/bin/anxin")))
    said = subprocess.run(["systemd-analyze", "verify", str(here)], capture_output=True, text=True)
    assert "anxin.service" not in said.stderr, said.stderr


def test_what_was_unpacked_serves_and_tells_when_it_is_ready(tree, tmp_path):
    program, data, port = tree / "usr/bin/anxin", tmp_path / "data", free_port()
    run(program, "demo", "--data", data, "small")
    told = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(str(told))
        ear.settimeout(60)
        server = subprocess.Popen([str(program), "serve", "--data", str(data), "--listen", f"127.0.0.1:{port}", "--web", str(tree / "usr/share/anxin/web")],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | {"NOTIFY_SOCKET": str(told)})
        try:
            assert ear.recv(100) == b"READY=1"
            for path in ("/login", "/h5/", "/api/v1/health"):
                assert httpx.get(f"http://127.0.0.1:{port}{path}", timeout=10).status_code == 200, path
        finally:
            server.terminate()
            assert server.wait(30) == 0
