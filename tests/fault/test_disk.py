"""A disk that is full or broken under the running server (libfiu): refusals while it lasts, nothing acknowledged lost.

The release program, because the sanitizers want to be loaded before libfiu.
"""
import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from client import Client
from load import Load, word
from server import Server
from stored import check_stored

PRELOAD = "/usr/lib/fiu/fiu_run_preload.so /usr/lib/fiu/fiu_posix_preload.so"
EIO, ENOSPC = 5, 28
FATAL = 70       # the code with which the server ends after an I/O error

pytestmark = pytest.mark.skipif(not shutil.which("fiu-ctrl") or not Path(os.environ.get("ANXIN_RELEASE_BIN", "/nonexistent")).exists(),
                                reason="needs libfiu and the release build")


@pytest.fixture(scope="module")
def engine():
    return "sqlite"


@pytest.fixture
def server(company, tmp_path):
    server = Server(company, release=True, environment={"LD_PRELOAD": PRELOAD, "FIU_CTRL_FIFO": str(tmp_path / "fiu")})
    yield server.start()
    if server.process:
        server.kill()


def control(server, *commands):
    pid = server.process.pid
    subprocess.run(["fiu-ctrl", "-f", server.environment["FIU_CTRL_FIFO"], *(part for c in commands for part in ("-c", c)), str(pid)], check=True,
                   timeout=10)


def test_a_full_disk_refuses_and_recovers(server, company):
    load = Load([server.url], company.accounts[0]).start()
    time.sleep(1)
    for _ in range(5):
        control(server, f"enable name=posix/io/rw/pwrite,failinfo={ENOSPC}")
        time.sleep(0.5)
        before = len(load.acknowledged)
        time.sleep(0.3)
        assert len(load.acknowledged) == before, "acknowledged on a full disk"
        assert Client(server.url).get("/session", status=(200, 401)) is not None       # it still answers
        control(server, "disable name=posix/io/rw/pwrite")
        time.sleep(0.7)
        assert len(load.acknowledged) > before, "not writing again after the disk had room"
    load.stop()
    assert load.refusals > 0
    server.kill()       # libfiu's own thread takes SIGTERM, and dies of it
    check_stored(company, load.acknowledged)


def test_a_full_disk_says_so(server, company):
    client = Client(server.url).sign_in(*company.accounts[0])
    customer = client.get("/customer", limit=1)["items"][0]["id"]
    control(server, f"enable name=posix/io/rw/pwrite,failinfo={ENOSPC}")
    body = {"scene": "repair", "customer_id": customer, "channel": "phone", "text": word()}
    answer = client.post("/ticket", body, status=507)
    assert answer["error"]["code"] == "database_full"
    control(server, "disable name=posix/io/rw/pwrite")
    client.post("/ticket", body)


@pytest.mark.parametrize("point", ["posix/io/sync/fdatasync", "posix/io/rw/pwrite"])
def test_a_broken_disk_ends_the_server_and_loses_nothing(server, company, point):
    load = Load([server.url], company.accounts[0]).start()
    for _ in range(3):
        time.sleep(0.7)
        control(server, f"enable name={point},failinfo={EIO}")
        assert server.process.wait(10) == FATAL
        server.start()
    load.stop()
    server.kill()       # libfiu's own thread takes SIGTERM, and dies of it
    check_stored(company, load.acknowledged)
