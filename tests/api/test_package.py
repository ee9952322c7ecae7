"""The Debian package: what it holds, that it runs from where it was unpacked, what its scripts and its unit say, and that dpkg puts it over the last one."""
import os
import re
import shutil
import socket
import subprocess
import tarfile

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
    assert {line.split()[1] for line in listed.splitlines()} == {"root/root"} and " ./usr/bin/anxin\n" in listed
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


# -- over the last one ----------------------------------------------------------------------------------------------------------------

RELEASES = sorted(file.name.removeprefix("release-").removesuffix(".tar.xz") for file in (ROOT / "tests/upgrade").glob("release-*.tar.xz"))


def test_its_version_is_past_every_release(package):
    """Else dpkg would see no upgrade."""
    version = run("dpkg-deb", "-f", package, "Version").strip()
    assert RELEASES and version
    for release in RELEASES:
        assert subprocess.run(["dpkg", "--compare-versions", version, "gt", release]).returncode == 0, (version, release)


def earlier(tree, place, release):
    """The package of that release: its program is the present one, the rest differs as packages do."""
    shutil.copytree(tree, place, symlinks=True)
    control = place / "DEBIAN/control"
    control.write_text(re.sub(r"^Version: .*$", f"Version: {release}", control.read_text(), flags=re.M))
    (place / "usr/share/anxin/gone-since.txt").write_text("only that release had this")
    made = place.with_suffix(".deb")
    run("dpkg-deb", "--root-owner-group", "-Znone", "--build", place, made)
    assert run("dpkg-deb", "-f", made, "Version").strip() == release
    return made


AS_ROOT = [] if os.geteuid() == 0 else ["unshare", "--map-root-user"]


@pytest.fixture
def machine(tmp_path):
    """The root of a machine of its own, with what the package's scripts call and no service manager; dpkg enters it."""
    if AS_ROOT and subprocess.run([*AS_ROOT, "true"], stderr=subprocess.DEVNULL).returncode != 0:
        pytest.skip("dpkg needs root to enter another one, and this kernel lends none")
    root = tmp_path / "machine"
    for folder in ("bin", "etc", "var/lib/dpkg/updates", "var/lib/dpkg/info", "var/lib/anxin", "tmp"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    for word in ("sh", "getent", "chgrp", "chmod"):
        program = os.path.realpath(shutil.which(word))
        shutil.copy(program, root / "bin" / word)
        for library in re.findall(r"(/\S+) \(0x", run("ldd", program)):
            (root / library[1:]).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(os.path.realpath(library), root / library[1:])
    (root / "etc/passwd").write_text("root:x:0:0::/:/bin/sh\nanxin:x:999:999::/var/lib/anxin:/bin/sh\n")
    (root / "etc/group").write_text("root:x:0:\nanxin:x:999:\n" if not AS_ROOT else "anxin:x:0:\n")     # lent, there is one group
    (root / "etc/nsswitch.conf").write_text("passwd: files\ngroup: files\n")
    (root / "var/lib/dpkg/status").touch()
    (root / "dev").mkdir()
    (root / "dev/null").touch()
    yield root


def dpkg(root, *words):
    return run(*AS_ROOT, "dpkg", f"--root={root}", "--force-depends", *words, env=os.environ | {"LC_ALL": "C", "PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"})


def test_dpkg_puts_it_over_the_last_release_and_its_company_goes_on(package, tree, machine, tmp_path):
    old, new = RELEASES[-1], run("dpkg-deb", "-f", package, "Version").strip()
    assert "found your company" in dpkg(machine, "-i", earlier(tree, tmp_path / "earlier", old))
    settings, data = machine / "etc/anxin/environment", machine / "var/lib/anxin"
    settings.write_text(settings.read_text() + "ANXIN_SMS_TOKEN=the operator's own\n")
    with tarfile.open(ROOT / f"tests/upgrade/release-{old}.tar.xz") as archive:
        archive.extractall(tmp_path / "then")
    shutil.copytree(tmp_path / "then/sqlite", data, dirs_exist_ok=True)
    data.chmod(0o700)
    (data / "master.key").chmod(0o600)
    before = (data / "data.db").read_bytes()

    said = dpkg(machine, "-i", package)
    assert f"({new}) over ({old})" in said and "found your company" not in said
    assert "Status: install ok installed\n" in dpkg(machine, "-s", "anxin") and f"Version: {new}\n" in dpkg(machine, "-s", "anxin")
    assert "ANXIN_SMS_TOKEN=the operator's own\n" in settings.read_text() and settings.stat().st_mode & 0o777 == 0o640 and settings.stat().st_gid == (os.getgid() if AS_ROOT else 999)
    assert not (machine / "usr/share/anxin/gone-since.txt").exists() and (data / "data.db").read_bytes() == before, "the data are the server's to bring up to date"

    port = free_port()
    server = subprocess.Popen([str(machine / "usr/bin/anxin"), "serve", "--data", str(data), "--listen", f"127.0.0.1:{port}", "--web", str(machine / "usr/share/anxin/web")],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert str(port) in server.stdout.readline()
        answer = httpx.post(f"http://127.0.0.1:{port}/api/v1/session", json={"account": "admin", "password": "anxin-demo"}, headers={"Origin": f"http://127.0.0.1:{port}"}, timeout=30)
        assert answer.status_code == 201, answer.text
    finally:
        server.terminate()
        assert server.wait(30) == 0
    dpkg(machine, "-r", "anxin")
    assert not (machine / "usr/bin/anxin").exists() and (data / "master.key").exists() and settings.exists()
