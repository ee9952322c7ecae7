"""An import taken back: what it made goes, what it changed is as it was, what was changed or used since stays and says why; on both engines."""
import csv
import io
import random

import people
from test_audit import rows
from test_custom import define
from test_import import announce, step, total
from test_past import WORDS, bring, old, sheet  # noqa: F401
from test_past_comment import comments, talk
from test_past_file import GOOD, files, pack, shown
from test_retention import DAY_S, night, noon
from test_scope import new_user

from client import Client
from patience import wait_for
from server import Server

HEADS = ["姓名", "电话", "邮箱", "备注", "客户编号", "标签"]
FOLLOWS = {"version", "updated_at", "actions"}


def state(client, *records):
    """All that is known of all rows, but what every write sets anew."""
    known = {}
    for record in records:
        after = None
        while True:
            page = client.get(f"/{record}", limit=100, **({"after": after} if after else {}))
            known |= {(record, row["id"]): {k: v for k, v in client.get(f"/{record}/{row['id']}").items() if k not in FOLLOWS} for row in page["items"]}
            if not (after := page.get("next")):
                break
    return known


def write(path, table, heads=HEADS):
    with open(path, "w", newline="", encoding="utf-8") as f:
        csv.writer(f).writerows([heads, *table])
    return path


def run(client, path, record="customer"):
    done = step(client, announce(client, record, path), "start")
    assert done["state"] == "done", done
    return done


def look(client, job):
    return client.get(f"/import/{job['id']}/undo")


def undo(client, job):
    job = client.post(f"/import/{job['id']}/undo", {"version": client.get(f"/import/{job['id']}")["version"]})
    assert job["state"] == "undoing"
    return wait_undone(client, job)


def wait_undone(client, job):
    wait_for(lambda: client.get(f"/import/{job['id']}")["state"] == "undone", 60, lambda: client.get(f"/import/{job['id']}"))
    return client.get(f"/import/{job['id']}")


def stays(client, job):
    return client.get(f"/import/{job['id']}/stay")["items"]


def sheet_of(client, job):
    answer = client.http.get(f"/import/{job['id']}/stay_sheet", params={"format": "csv"})
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_what_it_made_goes_and_what_it_changed_is_as_it_was(own, tmp_path):
    admin = own.admin
    kept = admin.post("/customer", {"name": "旧名", "phone": (phone := people.new_phone()), "note": "原来的备注"})
    before = state(admin, "customer", "device")
    new = people.new_phone()
    done = run(admin, write(tmp_path / "c.csv", [["新名", phone, "a@example.com", "改过", "", ""], ["新客户", new, "", "", "", "重点"], ["新客户二", new, "", "再写一次", "", ""]]))
    assert (done["created"], done["changed"]) == (1, 2) and admin.get(f"/customer/{kept['id']}")["note"] == "改过"
    seen = look(admin, done)
    assert (seen["possible"], seen["marks"], seen["looked"], seen["goes"], seen["restores"], seen["changed"] + seen["used"] + seen["erased"]) == (True, 3, 3, 1, 2, 0)

    ended = undo(admin, done)
    assert (ended["undo_done"], ended["undo_stays"]) == (3, 0) and ended["undone_at"] > 0
    assert state(admin, "customer", "device") == before
    assert [c["id"] for c in admin.get("/customer", q=phone)["items"]] == [kept["id"]], "found by its number again"
    assert not admin.get("/customer", q=new)["items"] and not admin.get("/customer", q="新客户")["items"]
    assert not stays(admin, ended)
    assert {"import.undoing", "import.undone"} <= {kind for (kind,) in rows(own.company, f"SELECT kind FROM event WHERE object = 'import' AND object_id = {done['id']}")}

    again = admin.post(f"/import/{done['id']}/undo", {"version": ended["version"]}, status=409)
    assert again["error"]["code"] == "import_undone" and not look(admin, done)["possible"]
    admin.post(f"/import/{done['id']}/start", {"version": ended["version"]}, status=409)


def test_what_was_changed_or_used_since_stays_and_says_why(own, tmp_path):
    admin = own.admin
    phones = [people.new_phone() for _ in range(5)]
    was = admin.post("/customer", {"name": "有人会改", "phone": phones[0]})
    admin.post("/customer", {"name": "没有人改", "phone": phones[1], "note": "旧"})
    done = run(admin, write(tmp_path / "c.csv", [["改甲", phones[0]], ["改乙", phones[1]], ["新丙", phones[2]], ["=新丁", phones[3]], ["新戊", phones[4]]], HEADS[:2]))
    of = {p: admin.get("/customer", q=p)["items"][0] for p in phones}
    admin.patch(f"/customer/{was['id']}", {"note": "人写的", "version": of[phones[0]]["version"]})
    ticket = admin.post("/ticket", {"scene": "usage", "customer_id": of[phones[2]]["id"], "text": "怎么换滤芯"})
    admin.patch(f"/customer/{of[phones[3]]['id']}", {"note": "人写的", "version": of[phones[3]]["version"]})

    seen = look(admin, done)
    assert (seen["goes"], seen["restores"], seen["changed"], seen["used"]) == (1, 1, 2, 1), seen
    ended = undo(admin, done)
    assert (ended["undo_done"], ended["undo_stays"]) == (5, 3)
    left = stays(admin, ended)
    assert [(s["row"], s["code"], s["made"]) for s in left] == [(2, "changed", False), (4, "used", True), (5, "changed", True)]
    assert left[1]["by"]["id"] == ticket["id"] and left[1]["object_id"] == of[phones[2]]["id"]
    table = sheet_of(admin, ended)
    assert table[0][:2] == HEADS[:2] and [(r[0], bool(r[-1])) for r in table[1:]] == [("改甲", True), ("新丙", True), ("'=新丁", True)]
    assert "Ticket" in table[2][-1]
    assert admin.get(f"/customer/{was['id']}")["note"] == "人写的" and admin.get(f"/customer/{of[phones[1]]['id']}")["note"] == "旧"
    admin.get(f"/customer/{of[phones[4]]['id']}", status=404)


def test_an_old_number_that_somebody_else_has_now_is_not_taken_from_her(own, tmp_path):
    admin = own.admin
    one = admin.post("/customer", {"name": "编号甲", "phone": (phone := people.new_phone()), "external_no": "U-1"})
    done = run(admin, write(tmp_path / "c.csv", [["编号甲", phone, "", "", "U-2", ""]]))
    admin.post("/customer", {"name": "编号乙", "phone": people.new_phone(), "external_no": "U-1"})
    ended = undo(admin, done)
    assert [s["code"] for s in stays(admin, ended)] == ["refused"] and admin.get(f"/customer/{one['id']}")["external_no"] == "U-2"


def test_past_tickets_go_with_whom_and_what_they_brought(own, sheet, tmp_path):  # noqa: F811
    admin = own.admin
    before = state(admin, "customer", "device", "ticket")
    tickets = bring(admin, sheet)
    said = comments(admin, tmp_path / "comments.csv")
    rows_of_files = ["Z-1,files/a.txt,", "Z-1,files/照片/door.png,C-1"]
    file = files(admin, tmp_path, rows_of_files, pack(GOOD))
    assert file["created"] == 2, file
    ticket = old(admin, "Z-1")[0]
    assert look(admin, tickets)["used"] >= 1, "remarks and files hang on it"

    assert undo(admin, file)["undo_stays"] == 0 and shown(admin, ticket) == []
    assert undo(admin, said)["undo_stays"] == 0 and talk(admin, ticket) == []
    seen = look(admin, tickets)
    ended = undo(admin, tickets)
    assert (ended["undo_stays"], seen["goes"], seen["used"]) == (0, ended["undo_done"], 0), stays(admin, ended)
    assert state(admin, "customer", "device", "ticket") == before
    assert bring(admin, sheet, source="zendesk")["created"] == 2, "and may come again"


def test_a_remark_with_a_file_that_came_later_stays(own, sheet, tmp_path):  # noqa: F811
    admin = own.admin
    bring(admin, sheet)
    said = comments(admin, tmp_path / "comments.csv")
    files(admin, tmp_path, ["Z-1,files/a.txt,C-1"], pack(GOOD))
    ended = undo(admin, said)
    assert [s["code"] for s in stays(admin, ended)] == ["used"] and len(talk(admin, old(admin, "Z-1")[0])) == 1


def test_who_may(own, tmp_path):
    admin = own.admin
    done = run(admin, write(tmp_path / "c.csv", [["谁的", people.new_phone()]], HEADS[:2]))
    other = new_user(own, admin, ["import.create", "import.read", "customer.import", "customer.read"], scope="team")
    other.get(f"/import/{done['id']}/undo", status=403)
    other.post(f"/import/{done['id']}/undo", {"version": done["version"]}, status=403)
    stranger = Client(own.url).sign_in(*next(a for a in own.company.accounts if a[0] == "linxiao"))
    stranger.post(f"/import/{done['id']}/undo", {"version": done["version"]}, status=403)
    admin.post(f"/import/{done['id']}/undo", {"version": done["version"] + 1}, status=409)
    assert admin.get(f"/import/{done['id']}")["state"] == "done"
    checked = step(admin, announce(admin, "customer", write(tmp_path / "d.csv", [["还没有", people.new_phone()]], HEADS[:2])), "check")
    assert admin.post(f"/import/{checked['id']}/undo", {"version": checked["version"]}, status=409)["error"]["code"] == "state"


def random_sheet(random, known):
    """Rows that make and change, some of them the same customer again, some with faults."""
    pool = [people.new_phone() for _ in range(6)] + known
    table = []
    for n in range(random.randint(5, 30)):
        table.append([random.choice(["", f"名{n}", "张三"]) or f"名{n}", random.choice([*pool, "12345"]), random.choice(["", f"m{n}@example.com", "不是邮箱"]),
                      random.choice(["", f"备注{n}", "多行\n备注", "“引号”,逗号"]), random.choice(["", "", f"X{n}"]), random.choice(["", "重点", "重点、老客户"]), random.choice(["", "3", "44"])])
    return table


def test_state_before_is_state_after(own, tmp_path):
    admin = own.admin
    define(admin, object="customer", name="楼层")
    heads = [*HEADS, "楼层"]
    known = [people.new_phone() for _ in range(5)]
    for n, phone in enumerate(known):
        admin.post("/customer", {"name": f"原有{n}", "phone": phone, "note": f"原{n}", "tags": ["原有"]})
    for seed in range(12):
        before = state(admin, "customer", "device", "task")
        done = run(admin, write(tmp_path / f"{seed}.csv", random_sheet(random.Random(seed), known), heads))
        seen = look(admin, done) if done["created"] + done["changed"] else None
        if not seen:
            continue
        ended = undo(admin, done)
        assert (ended["undo_stays"], ended["undo_done"], seen["goes"] + seen["restores"]) == (0, seen["marks"], seen["marks"]), (seed, stays(admin, ended))
        assert state(admin, "customer", "device", "task") == before, seed


def test_killed_in_between_it_goes_on(company, tmp_path):
    path = write(tmp_path / "c.csv", [[f"客户{n}", f"1370{n:07}"] for n in range(400)], HEADS[:2])
    server = Server(company).start()
    admin = Client(server.url).sign_in(*company.accounts[0])
    before = total(admin, "customer")
    done = run(admin, path)
    admin.post(f"/import/{done['id']}/undo", {"version": done["version"]})
    wait_for(lambda: admin.get(f"/import/{done['id']}")["undo_done"] > 0)
    server.kill()
    assert 0 < rows(company, f"SELECT undo_done FROM import_job WHERE id = {done['id']}")[0][0]
    server = Server(company).start()
    admin = Client(server.url).sign_in(*company.accounts[0])
    ended = wait_undone(admin, done)
    assert (ended["undo_done"], ended["undo_stays"], total(admin, "customer")) == (400, 0, before)
    admin.close()
    server.stop()


def test_nothing_is_taken_back_once_the_spreadsheet_is_gone(company, tmp_path):
    clock = noon(tmp_path)
    with Server(company, clock=clock) as server:
        admin = Client(server.url).sign_in(*company.accounts[0])
        done = run(admin, write(tmp_path / "c.csv", [["留存", people.new_phone()]], HEADS[:2]))
        assert look(admin, done)["possible"]
        night(company, clock, 31 * DAY_S)
        admin = Client(server.url).sign_in(*company.accounts[0])
        assert not rows(company, f"SELECT 1 FROM import_mark WHERE import_id = {done['id']}")
        job = admin.get(f"/import/{done['id']}")
        assert not look(admin, job)["possible"] and job["marks"] == 0
        assert admin.post(f"/import/{done['id']}/undo", {"version": job["version"]}, status=409)["error"]["code"] == "import_forgotten"
        admin.close()


def test_erased_meanwhile_its_old_values_are_not_there_any_more(own, tmp_path):
    admin = own.admin
    one = admin.post("/customer", {"name": "要删除的", "phone": (phone := people.new_phone()), "note": "旧备注"})
    done = run(admin, write(tmp_path / "c.csv", [["改了名", phone, "", "新备注", "", ""]]))
    admin.post(f"/customer/{one['id']}/erase", {"reason": "本人要求"})
    wait_for(lambda: admin.get(f"/customer/{one['id']}/erasure")["items"][0]["state"] == "done")
    ended = undo(admin, done)
    assert stays(admin, ended)[0]["code"] in ("changed", "erased") and ended["undo_stays"] == 1
    shown = admin.get(f"/customer/{one['id']}")
    assert not shown.get("note") and not shown.get("name")
