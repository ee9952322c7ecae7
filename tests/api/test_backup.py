"""A backup taken while the server is written to comes back whole; a damaged one, a stranger's keys or a full folder are refused."""
import os
import subprocess
import threading
import time

import psycopg
import pytest

from client import Client
from server import Company, Server, binary



def command(*words):
    return subprocess.run([binary(), *map(str, words)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)


def back_up(company, folder):
    said = command("backup", *company.options(), folder)
    assert said.returncode == 0, said.stderr
    return said.stdout.split()


ON_POSTGRESQL = pytest.mark.parametrize("engine", ["postgresql"], indirect=True, scope="module")
DATA = {"sqlite": "data.db", "postgresql": "data.pgdump"}


@pytest.fixture
def place(engine, tmp_path, company):
    """Where a backup comes back: a folder that is not there yet and, on PostgreSQL, a database with nothing in it."""
    new = Company.empty(engine, tmp_path / "new", company.accounts)
    yield new
    new.drop()


def restore(place, backup, keys, master):
    return command("restore", *place.options(), backup, keys, master)


def is_untouched(place):
    """Neither a folder nor a table of ours."""
    if list(place.folder.parent.glob("new*")):
        return False
    if not place.database:
        return True
    with psycopg.connect(place.database.uri) as connection:
        return connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'anxin'").fetchone() == (0,)


def codes(client):
    found, after = set(), None
    while True:
        page = client.get("/product", limit=200, **({"after": after} if after else {}))
        found |= {item["code"] for item in page["items"]}
        after = page["next"]
        if not after:
            return found


@pytest.fixture
def saved(company, tmp_path):
    backup, keys = back_up(company, tmp_path / "kept")
    return backup, keys, company.folder / "master.key"


def test_what_was_acknowledged_before_a_backup_under_load_is_in_it(company, place, tmp_path):
    acknowledged, stop = [], threading.Event()
    with Server(company) as server:
        def write():
            client = Client(server.url).sign_in(*company.accounts[0])
            while not stop.is_set():
                code = f"LOAD{len(acknowledged)}"
                client.post("/product", {"code": code, "name": "负载"})
                acknowledged.append(code)
        writer = threading.Thread(target=write)
        writer.start()
        while len(acknowledged) < 20:
            assert writer.is_alive()
        before = set(acknowledged)
        person = Client(server.url).sign_in(*company.accounts[0]).post("/customer", {"name": "王小明", "phone": "13800138000"})
        backup, keys = back_up(company, tmp_path / "kept")
        stop.set()
        writer.join()
    done = restore(place, backup, keys, company.folder / "master.key")
    assert done.returncode == 0, done.stderr
    with Server(place) as server:
        client = Client(server.url).sign_in(*company.accounts[0])
        assert before <= codes(client)
        revealed = client.post(f"/customer/{person['id']}/reveal", {"field": "phone", "purpose": "测试恢复"})
        assert revealed["value"].endswith("13800138000")


def test_no_key_is_in_a_backup(engine, saved, tmp_path):
    names = {path.name for path in (tmp_path / "kept").rglob("*")}
    assert DATA[engine] in names and "manifest" in names
    assert not any("key" in name for name in names)


@pytest.mark.parametrize("what", ["data", "manifest"])
def test_a_damaged_copy_is_refused_and_leaves_nothing(engine, saved, place, tmp_path, what):
    backup, keys, master = saved
    path = next((tmp_path / "kept").rglob(DATA[engine] if what == "data" else what))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    refused = restore(place, backup, keys, master)
    assert refused.returncode == 1 and "damaged" in refused.stderr
    assert is_untouched(place)


def test_a_missing_file_is_refused(engine, saved, place, tmp_path):
    backup, keys, master = saved
    next((tmp_path / "kept").rglob(DATA[engine])).unlink()
    assert restore(place, backup, keys, master).returncode == 1
    assert is_untouched(place)


def test_the_keys_of_another_company_are_refused(engine, saved, place, tmp_path):
    backup, _, _ = saved
    other = Company("sqlite", tmp_path / "other")
    assert command("migrate", *other.options()).returncode == 0
    refused = restore(place, backup, tmp_path / "other/keys.db", tmp_path / "other/master.key")
    assert refused.returncode == 1 and "pair" in refused.stderr
    assert is_untouched(place)


def test_a_folder_that_holds_something_is_not_touched(saved, place):
    place.folder.mkdir()
    (place.folder / "mine").write_text("x")
    assert restore(place, *saved).returncode == 1
    assert [path.name for path in place.folder.iterdir()] == ["mine"]


@ON_POSTGRESQL
def test_a_database_that_holds_a_company_is_not_touched(engine, saved, company, tmp_path):
    refused = command("restore", "--data", tmp_path / "new", "--db", company.database.uri, *saved)
    assert refused.returncode == 1 and "without a company" in refused.stderr
    with Server(company) as server:
        Client(server.url).sign_in(*company.accounts[0]).get("/customer", limit=1)


@ON_POSTGRESQL
def test_without_the_programs_of_postgresql_it_says_so(engine, company, tmp_path):
    refused = subprocess.run([binary(), "backup", *company.options(), str(tmp_path / "kept")], env=os.environ | {"PATH": "/nowhere"},
                             stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
    assert refused.returncode == 1 and "pg_dump is not there" in refused.stderr


def test_who_was_erased_after_the_backup_is_erased_again(company, place, tmp_path):
    """The words planted in her file are in the backup, and nowhere a reader could get at them once it has come back."""
    with Server(company) as server:
        client = Client(server.url).sign_in(*company.accounts[0])
        person = client.post("/customer", {"name": "欧阳植入", "phone": "13987651234", "email": "planted@example.com"})
        backup, _ = back_up(company, tmp_path / "kept")
        client.post(f"/customer/{person['id']}/erase", {"reason": "本人要求"})
        until = time.monotonic() + 30
        while (proof := client.get(f"/customer/{person['id']}/erasure")["items"])[0]["state"] != "done":
            assert time.monotonic() < until, proof
            time.sleep(0.05)
        assert proof[0]["keys"] == 1 and proof[0]["hashes"] > 0
        assert client.get(f"/customer/{person['id']}")["name"] is None
        client.close()
    done = restore(place, backup, company.folder / "keys.db", company.folder / "master.key")
    assert done.returncode == 0 and "1 people erased again" in done.stdout, (done.stdout, done.stderr)
    with Server(place) as server:
        client = Client(server.url).sign_in(*company.accounts[0])
        assert client.get(f"/customer/{person['id']}")["name"] is None
        for words in ("13987651234", "欧阳植入", "planted@example.com"):
            assert not client.get("/customer", q=words)["items"], words
        revealed = client.post(f"/customer/{person['id']}/reveal", {"field": "phone", "purpose": "测试恢复"})
        assert revealed["value"] is None
        client.close()
