"""A backup taken while the server is written to comes back whole; a damaged one, a stranger's keys or a full folder are refused."""
import subprocess
import threading

import pytest

from client import Client
from server import Company, Server, binary

pytestmark = pytest.mark.quick


@pytest.fixture(scope="module", params=["sqlite"])
def engine(request):
    """PostgreSQL has its own tools for this; the command says so (below)."""
    return request.param


def command(*words):
    return subprocess.run([binary(), *map(str, words)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)


def back_up(company, folder):
    said = command("backup", *company.options(), folder)
    assert said.returncode == 0, said.stderr
    return said.stdout.split()


def restore(new, backup, keys, master):
    return command("restore", "--data", new, backup, keys, master)


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


def test_what_was_acknowledged_before_a_backup_under_load_is_in_it(company, tmp_path):
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
    done = restore(tmp_path / "new", backup, keys, company.folder / "master.key")
    assert done.returncode == 0, done.stderr
    with Server(Company("sqlite", tmp_path / "new", None, company.accounts)) as server:
        client = Client(server.url).sign_in(*company.accounts[0])
        assert before <= codes(client)
        revealed = client.post(f"/customer/{person['id']}/reveal", {"field": "phone", "purpose": "测试恢复"})
        assert revealed["value"].endswith("13800138000")


def test_no_key_is_in_a_backup(company, saved, tmp_path):
    names = {path.name for path in (tmp_path / "kept").rglob("*")}
    assert "data.db" in names and "manifest" in names
    assert not any("key" in name for name in names)


@pytest.mark.parametrize("what", ["data.db", "manifest"])
def test_a_damaged_copy_is_refused_and_leaves_nothing(saved, tmp_path, what):
    backup, keys, master = saved
    path = next((tmp_path / "kept").rglob(what))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    refused = restore(tmp_path / "new", backup, keys, master)
    assert refused.returncode == 1 and "damaged" in refused.stderr
    assert not list(tmp_path.glob("new*"))


def test_a_missing_file_is_refused(saved, tmp_path):
    backup, keys, master = saved
    next((tmp_path / "kept").rglob("data.db")).unlink()
    assert restore(tmp_path / "new", backup, keys, master).returncode == 1
    assert not list(tmp_path.glob("new*"))


def test_the_keys_of_another_company_are_refused(saved, tmp_path):
    backup, _, _ = saved
    other = Company("sqlite", tmp_path / "other")
    assert command("migrate", *other.options()).returncode == 0
    refused = restore(tmp_path / "new", backup, tmp_path / "other/keys.db", tmp_path / "other/master.key")
    assert refused.returncode == 1 and "pair" in refused.stderr
    assert not list(tmp_path.glob("new*"))


def test_a_folder_that_holds_something_is_not_touched(saved, tmp_path):
    (tmp_path / "new").mkdir()
    (tmp_path / "new/mine").write_text("x")
    assert restore(tmp_path / "new", *saved).returncode == 1
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["mine"]


def test_on_postgresql_it_says_what_to_use(tmp_path):
    refused = command("backup", "--data", tmp_path, "--db", "postgresql:///x", tmp_path / "kept")
    assert refused.returncode == 1 and "pg_dump" in refused.stderr
