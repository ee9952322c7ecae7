"""Lists of customers and devices as real programs export them, imported through the public API on both engines.

What a correct import makes of them is in expected.json, drawn before the cells were dirtied. It judges every column of the list;
a record takes only some, so only the faults of mapped columns count here, and an empty phone is none: a customer may have none.
"""
import json
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest

from client import Client
from server import Server
from test_file import upload


ROWS = 300
MAKE = Path(__file__).resolve().parents[1] / "data/make_sheets.py"
OWNERS = {"客户姓名": "name", "联系电话": "phone"}


@pytest.fixture(scope="session")
def sheets(tmp_path_factory):
    out = tmp_path_factory.mktemp("sheets")
    subprocess.run([sys.executable, str(MAKE), "--rows", str(ROWS), "--seed", "3", "--out", str(out)], check=True)
    return out


@pytest.fixture(scope="session")
def expected(sheets):
    return json.loads((sheets / "expected.json").read_text())


def announce(client, record, path, mapping=None):
    job = client.post("/import", {"record": record, "file_id": upload(client, path.name, path.read_bytes())})
    return job if mapping is None else client.patch(f"/import/{job['id']}", {"version": job["version"], "mapping": mapping})


def wait(client, job, seconds=60):
    until = time.monotonic() + seconds
    while (job := client.get(f"/import/{job['id']}"))["state"] in ("checking", "running"):
        assert time.monotonic() < until, job
        time.sleep(0.05)
    return job


def step(client, job, what):
    return wait(client, client.post(f"/import/{job['id']}/{what}", {"version": job["version"]}))


def run(client, record, path, mapping=None):
    done = step(client, announce(client, record, path, mapping), "start")
    assert done["state"] == "done", done
    return done


def faults(client, job):
    found, after = [], None
    while True:
        page = client.get(f"/import/{job['id']}/error", limit=50, **({"after": after} if after else {}))
        found += page["items"]
        if not (after := page["next"]):
            return found


def total(client, record):
    return client.get(f"/{record}", limit=1, total=1)["total"]


def verdict(expected, kind, columns, key, nothing=()):
    """(row, column, code) of every fault, and (rows created, rows changed) for the rows that have none."""
    refused, seen, counts = set(), set(), [0, 0]
    for row in expected["rows"]:
        bad = {(row["row"], r["column"] + 1, "field_reference" if r["reason"] == "model_unknown" else r["reason"]) for r in row["refused"]
               if r["column"] in columns and not (kind == "xlsx" and r["reason"] == "number_rounded") and (r["column"], r["reason"]) not in nothing}
        refused |= bad
        if not bad:
            value = row["values"][key]
            counts[value is not None and value in seen] += 1
            seen.add(value)
    return refused, tuple(counts)


PHONE = ((2, "field_required"),)


@pytest.mark.parametrize("name", ["customer_utf8.csv", "customer_gb18030.csv", "customer.xlsx"])
def test_customers(own, sheets, expected, name):
    admin, kind = own.admin, name.rsplit(".", 1)[1]
    refused, (created, changed) = verdict(expected["customer"], kind, {2}, "phone", PHONE)
    before = total(admin, "customer")

    job = announce(admin, "customer", sheets / name)
    assert job["mapping"].items() >= {"客户编号": "external_no", "客户姓名": "name", "联系电话": "phone", "电子邮箱": "email"}.items()
    assert job["state"] == "new" and job["rows"] == ROWS

    checked = step(admin, job, "check")
    assert checked["state"] == "checked" and (checked["done"], checked["bad"]) == (ROWS, len({r for r, *_ in refused}))
    assert checked["created"] + checked["changed"] == created + changed
    assert {(f["row"], f["column"], f["code"]) for f in faults(admin, checked)} == refused
    assert total(admin, "customer") == before

    done = step(admin, checked, "start")
    assert (done["state"], done["created"], done["changed"], done["bad"]) == ("done", created, changed, checked["bad"])
    assert {(f["row"], f["column"], f["code"]) for f in faults(admin, done)} == refused
    assert total(admin, "customer") == before + created

    again = run(admin, "customer", sheets / name)
    assert (again["created"], again["changed"], again["bad"]) == (0, created + changed, checked["bad"])
    assert total(admin, "customer") == before + created


def add_models(admin, codes):
    product = admin.post("/product", {"code": uuid.uuid4().hex[:12], "name": "空调"})
    for code in codes:
        admin.post("/model", {"product_id": product["id"], "code": code, "name": code})


@pytest.mark.parametrize("name", ["device_gb18030.csv", "device.xlsx"])
def test_devices_find_their_owner_by_phone_and_their_model_by_code(own, sheets, expected, name):
    admin, kind = own.admin, name.rsplit(".", 1)[1]
    add_models(admin, expected["models"])
    owners = run(admin, "customer", sheets / name, OWNERS)
    assert owners["created"] > ROWS / 3
    nothing = ((7, "field_required"), (4, "field_required"), (5, "field_required"))
    refused, counts = verdict(expected["device"], kind, {1, 2, 4, 5, 7}, "serial", nothing)
    refused = {(row, column, "field_reference" if column == 8 else code) for row, column, code in refused}  # a phone that is none names nobody

    done = run(admin, "device", sheets / name)
    found = {(f["row"], f["column"], f["code"]) for f in faults(admin, done)}
    assert found == refused
    assert any(code == "field_reference" and column == 3 for _, column, code in found)
    assert (done["created"], done["changed"]) == counts
    good = next(r for r in expected["device"]["rows"] if not r["refused"] and not r["duplicate_of"] and r["values"]["owner_phone"])
    device = admin.get("/device", filter=json.dumps([["serial", "=", good["values"]["serial"]]]))["items"][0]
    owner = admin.get("/customer", filter=json.dumps([["phone", "=", good["values"]["owner_phone"]]]))["items"][0]
    assert device["customer_id"] == owner["id"] and device["purchased_on"] == good["values"]["bought"]
    assert device["titles"]["model_id"].endswith(good["values"]["model"])

    again = run(admin, "device", sheets / name)
    assert (again["created"], again["changed"], again["bad"]) == (0, sum(counts), done["bad"])


def test_a_killed_server_goes_on_without_doubling(company, sheets, tmp_path):
    path = tmp_path / "many.csv"
    path.write_text("姓名,手机\n" + "".join(f"客户{chr(0x4e00 + i)},139{i:08d}\n" for i in range(4000)))
    server = Server(company).start()
    admin = Client(server.url).sign_in(*company.accounts[0])
    before = total(admin, "customer")
    job = announce(admin, "customer", path)
    admin.post(f"/import/{job['id']}/start", {"version": job["version"]})
    while (seen := admin.get(f"/import/{job['id']}"))["done"] == 0:
        time.sleep(0.01)
    server.kill()
    assert 0 < seen["done"] < 4000 and seen["state"] == "running", seen
    with server:
        done = wait(admin, job, 120)
        assert (done["state"], done["done"], done["created"], done["changed"], done["bad"]) == ("done", 4000, 4000, 0, 0)
        assert total(admin, "customer") == before + 4000
    admin.close()


def test_a_right_lost_meanwhile_ends_a_resumed_import(company, tmp_path):
    path = tmp_path / "many.csv"
    path.write_text("姓名,手机\n" + "".join(f"客户{chr(0x4e00 + i)},139{i:08d}\n" for i in range(4000)))
    server = Server(company).start()
    admin = Client(server.url).sign_in(*company.accounts[0])
    job = announce(admin, "customer", path)
    admin.post(f"/import/{job['id']}/start", {"version": job["version"]})
    while admin.get(f"/import/{job['id']}")["done"] == 0:
        time.sleep(0.01)
    server.kill()
    company.execute("""UPDATE role SET permissions = '["import.read"]' WHERE code = 'administrator'""")
    with server:
        ended = wait(admin, job, 120)
        assert ended["state"] == "failed" and ended["done"] < 4000, ended
    admin.close()


def test_several_faults_of_a_row_are_all_named(admin, tmp_path):
    path = tmp_path / "faults.csv"
    path.write_text("姓名,手机,类型,邮箱\n,1381234,火星人,nobody\n张三,13600000001,个人,a@example.com\n")
    checked = step(admin, announce(admin, "customer", path), "check")
    assert (checked["created"], checked["bad"]) == (1, 1)
    found = {(f["row"], f["column"]): f["code"] for f in faults(admin, checked)}
    assert set(found) == {(2, 1), (2, 2), (2, 3), (2, 4)}, found
    assert found[2, 1] == "field_required" and found[2, 3] == "field_choice"


def test_a_fault_stays_when_a_later_cell_names_somebody(admin, tmp_path):
    """The look-up tries the cell as phone and e-mail first, which it is not."""
    customer = admin.post("/customer", {"name": "孙八", "external_no": "EXT-8"})
    model = admin.get("/model", limit=1)["items"][0]
    path = tmp_path / "later.csv"
    path.write_text(f"序列号,型号,购买日期,客户\nLATER0001,{model['code']},2026-02-30,EXT-8\nLATER0002,{model['code']},2026-02-28,EXT-8\n")
    done = run(admin, "device", path)
    assert (done["created"], done["bad"]) == (1, 1), done
    assert [(f["row"], f["column"]) for f in faults(admin, done)] == [(2, 3)]
    assert admin.get("/device", sort="-created_at", limit=1)["items"][0]["customer_id"] == customer["id"]


def test_values_of_people_are_masked_beside_their_fault(admin, tmp_path):
    path = tmp_path / "masked.csv"
    path.write_text("姓名,手机\n李四,1391234567\n")
    checked = step(admin, announce(admin, "customer", path), "check")
    fault, = faults(admin, checked)
    assert fault["code"] == "phone_length" and "1391234567" not in json.dumps(fault), fault


def test_what_cannot_be_imported_is_refused(admin, anonymous, server, sheets):
    content = (sheets / "customer_utf8.csv").read_bytes()
    file_id = upload(admin, "客户.csv", content)
    job = admin.post("/import", {"record": "customer", "file_id": file_id})

    assert admin.post("/import", {"record": "nothing", "file_id": file_id}, status=422)["error"]["fields"][0]["field"] == "record"
    admin.post("/import", {"record": "ticket", "file_id": file_id}, status=422)
    admin.post("/import", {"record": "customer", "file_id": "1"}, status=404)
    for mapping in ({"客户姓名": "no_such_field"}, ["name"], "name", {"客户姓名": 1}):
        admin.patch(f"/import/{job['id']}", {"version": job["version"], "mapping": mapping}, status=(400, 422))
    admin.patch(f"/import/{job['id']}", {"version": job["version"] + 1, "mapping": {}}, status=409)
    admin.post(f"/import/{job['id']}/start", {"version": job["version"] + 1}, status=409)
    for name, wrong in (("bild.png", b"\x89PNG\r\n\x1a\n" + bytes(200)), ("leer.csv", b" \n"), ("alt.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))):
        made = admin.post("/file", {"name": name, "size": len(wrong), "type": "text/csv"})["id"]
        sent = admin.http.patch(f"/file/{made}", content=wrong, headers={"Upload-Offset": "0", "Content-Type": "application/octet-stream"})
        if sent.status_code == 200:
            admin.post("/import", {"record": "customer", "file_id": made}, status=range(400, 500))
        else:
            assert 400 <= sent.status_code < 500

    anonymous.post("/import", {"record": "customer", "file_id": file_id}, status=401)
    colleague = Client(server.url).sign_in(*server.company.accounts[1])
    colleague.post("/import", {"record": "customer", "file_id": file_id}, status=404)
    own = upload(colleague, "mine.csv", content)
    colleague.post("/import", {"record": "user", "file_id": own}, status=403)
    colleague.close()


def test_a_finished_import_is_not_started_again(admin, tmp_path):
    path = tmp_path / "one.csv"
    path.write_text("姓名,手机\n赵六,13600000088\n")
    done = run(admin, "customer", path)
    admin.post(f"/import/{done['id']}/start", {"version": done["version"]}, status=409)
    admin.patch(f"/import/{done['id']}", {"version": done["version"], "mapping": {}}, status=409)


def test_a_supervisor_chooses_the_columns(server, tmp_path):
    path = tmp_path / "columns.csv"
    path.write_text("称呼,打给\n钱七,13600000077\n")
    supervisor = Client(server.url).sign_in(*server.company.accounts[1])
    done = run(supervisor, "customer", path, {"称呼": "name", "打给": "phone"})
    assert (done["created"], done["bad"]) == (1, 0), done
    supervisor.close()
