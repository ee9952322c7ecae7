"""PostgreSQL itself crashes under load and recovers: commits of unknown outcome are decided, nothing acknowledged is lost or doubled.

A server of its own with fsync on; the one that the other tests share keeps nothing.
"""
import os
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from load import Load
from server import ROOT, Company, Server
from stored import check_stored

CRASHES = {"full": 3, "long": 30}
BIN = "/usr/lib/postgresql/15/bin"


class Postgresql:
    def __init__(self, folder):
        self.folder = folder
        self.uri = self.script("start", "durable")

    def script(self, verb, *more):
        said = subprocess.run([ROOT / "tools/dev/pg.sh", verb, str(self.folder), *more], check=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, text=True)
        return said.stdout.strip()

    def crash(self):
        """As kill -9 of all its processes: no checkpoint, clients cut off; then it recovers from its log."""
        owner = os.stat(self.folder / "data")
        become = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []} if os.getuid() == 0 else {}
        subprocess.run([f"{BIN}/pg_ctl", "-D", str(self.folder / "data"), "-l", str(self.folder / "log"), "-m", "immediate", "-w", "restart"],
                       check=True, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, **become)

    def stop(self):
        self.script("stop")


@pytest.fixture
def postgresql(monkeypatch):
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)         # PostgreSQL's own user must reach it, which pytest's folders do not allow
    server = Postgresql(folder / "server")
    monkeypatch.setenv("ANXIN_TEST_PG", server.uri)
    yield server
    server.stop()
    folder.rmdir()


def test_a_crash_of_the_database_loses_nothing(postgresql, tmp_path):
    company = Company.demo("postgresql", tmp_path / "data")
    server = Server(company)
    server.start()
    load = Load([server.url], company.accounts[0]).start()
    for _ in range(CRASHES.get(os.environ.get("ANXIN_TEST_LEVEL", "full"), 3)):
        time.sleep(1)
        postgresql.crash()
        load.wait_for_more(patience_s=30)
    load.stop()
    server.stop()
    check_stored(company, load.acknowledged)
    print(f"{len(load.acknowledged)} acknowledged = stored")
    company.drop()
