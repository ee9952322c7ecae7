"""A new master key while the server serves: nobody notices, nothing old opens, and what is interrupted goes on."""
import subprocess
import threading

import pytest
from test_audit import rows, verify
from test_backup import back_up, place, restore  # noqa: F401 (a fixture)

from client import Client
from server import Server, binary


def rotate(company):
    said = subprocess.run([binary(), "keys", *company.options(), "rotate"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
    assert "Sanitizer" not in said.stderr, said.stderr
    return said


def reveal(client, person):
    return client.post(f"/customer/{person['id']}/reveal", {"field": "phone", "purpose": "核对"})["value"]


def test_nobody_notices_a_new_master_key(company):
    master = company.folder / "master.key"
    old = master.read_text()
    with Server(company) as server:
        client = Client(server.url).sign_in(*company.accounts[0])
        person = client.post("/customer", {"name": "旧钥匙", "phone": "13755550001"})
        stop, made = threading.Event(), []

        def work():
            other = Client(server.url).sign_in(*company.accounts[0])
            while not stop.is_set():
                made.append(other.post("/customer", {"name": "新客", "phone": f"137{len(made):08d}"}))
                assert reveal(other, made[-1]).endswith(f"{len(made) - 1:08d}")
            other.close()
        worker = threading.Thread(target=work)
        worker.start()
        for _ in range(3):
            done = rotate(company)
            assert done.returncode == 0, done.stderr
        stop.set()
        worker.join()
        assert made and reveal(client, person).endswith("13755550001")
        client.close()
    assert master.read_text() != old and master.stat().st_mode & 0o777 == 0o600
    with Server(company) as server:
        client = Client(server.url).sign_in(*company.accounts[0])
        assert reveal(client, person).endswith("13755550001") and reveal(client, made[0])
        client.close()
    assert len(rows(company, "SELECT 1 FROM event WHERE kind = 'keys.rotated' AND area = 'setting'")) == 3
    assert verify(company)[:2] == (0, []), "the audit's key does not depend on the master"


def test_a_copy_from_before_opens_with_the_master_from_before(company, place, tmp_path):  # noqa: F811
    with Server(company) as server:
        client = Client(server.url).sign_in(*company.accounts[0])
        person = client.post("/customer", {"name": "旧副本", "phone": "13755550002"})
        client.close()
    backup, keys = back_up(company, tmp_path / "kept")
    assert rotate(company).returncode == 0
    assert restore(place, backup, keys, company.folder / "master.key").returncode == 1
    done = restore(place, backup, keys, company.folder / "master.key.before")
    assert done.returncode == 0, done.stderr
    with Server(place) as server:
        client = Client(server.url).sign_in(*company.accounts[0])
        assert reveal(client, person).endswith("13755550002")
        client.close()


@pytest.mark.parametrize("times", [1, 3])
def test_what_was_killed_goes_on(company, times):
    for _ in range(times):
        process = subprocess.Popen([binary(), "keys", *company.options(), "rotate"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(0.3)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    assert rotate(company).returncode == 0
    with Server(company) as server:
        client = Client(server.url).sign_in(*company.accounts[0])
        person = client.get("/customer", limit=1)["items"][0]
        assert reveal(client, person)
        client.close()
