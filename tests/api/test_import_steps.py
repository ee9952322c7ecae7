"""What stands around an import: a preview with its faults, cancelling, the refused rows to take away, and what there is to import at all."""
import csv
import io

from client import Client
from patience import wait_for
from server import Server
from test_import import announce, step, total, upload
from test_past import HEADS, ROWS, WORDS, old, sheet  # noqa: F401


def test_the_first_rows_with_their_faults(own, sheet):  # noqa: F811
    admin = own.admin
    job = announce(admin, "past_ticket", sheet)
    columns = {c["head"]: c["words"] for c in job["columns"]}
    assert columns["Status"] == ["Pending", "Solved", "Odd"]
    rows = admin.get(f"/import/{job['id']}/preview")["rows"]
    assert [r["row"] for r in rows] == [2, 3, 4, 5, 6] and rows[0]["cells"][0] == "Z-1"
    assert all([f["code"] for f in r["faults"] if f["field"] == "state"] == ["field_choice"] for r in rows)        # its words are not told yet
    job = admin.patch(f"/import/{job['id']}", {"version": job["version"], "source": "zendesk", "words": WORDS})
    rows = admin.get(f"/import/{job['id']}/preview")["rows"]
    assert [[(f["column"], f["field"], f["code"]) for f in r["faults"]] for r in rows] == [
        [], [], [(4, "solved_at", "field_invalid")], [(2, "state", "field_choice")], [(7, "phone", "field_required")]]
    assert not old(admin, "Z-1") and admin.get(f"/import/{job['id']}")["state"] == "new"


def test_refused_rows_come_back_as_they_were_and_run_nothing(own, tmp_path):
    admin = own.admin
    rows = [*ROWS, 'Z-6,Odd,2023-03-05 09:00,,"=1+1","@cmd, ""x""",13700000009,+SUM(1),-2']
    path = tmp_path / "past.csv"
    path.write_text(HEADS + "\n".join(rows) + "\n")
    job = announce(admin, "past_ticket", path)
    job = step(admin, admin.patch(f"/import/{job['id']}", {"version": job["version"], "source": "zendesk", "words": WORDS}), "start")
    assert (job["created"], job["bad"]) == (2, 4)
    answer = admin.http.get(f"/import/{job['id']}/reject", params={"format": "csv"})
    assert answer.status_code == 200 and answer.headers["content-disposition"].startswith("attachment")
    table = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert table[0][:-1] == HEADS.strip().split(",") and len(table) == 5
    assert [r[0] for r in table[1:]] == ["Z-3", "Z-4", "Z-5", "Z-6"] and all(r[-1] for r in table[1:])
    assert table[4][4:9] == ["'=1+1", "'@cmd, \"x\"", "13700000009", "'+SUM(1)", "'-2"]
    stranger = Client(own.url).sign_in(*next(a for a in own.company.accounts if a[0] == "linxiao"))
    stranger.get(f"/import/{job['id']}/reject", format="csv", status=403)
    stranger.get(f"/import/{job['id']}/preview", status=403)
    stranger.close()


def test_cancelled_it_stops_keeps_what_is_written_and_may_start_again(company, tmp_path):
    path = tmp_path / "customers.csv"
    path.write_text("姓名,手机号\n" + "\n".join(f"客户{n},1370{n:07}" for n in range(6000)) + "\n")
    with Server(company) as server:
        admin = Client(server.url).sign_in(*company.accounts[0])
        before = total(admin, "customer")
        job = announce(admin, "customer", path)
        job = admin.post(f"/import/{job['id']}/cancel", {})             # before it began: nothing but its state changes
        admin.post(f"/import/{job['id']}/cancel", {}, status=409)
        admin.post(f"/import/{job['id']}/start", {"version": job["version"]})
        wait_for(lambda: 0 < admin.get(f"/import/{job['id']}")["done"])
        stopped = admin.post(f"/import/{job['id']}/cancel", {})
        assert stopped["state"] == "cancelled"
        # another import of the same worker ends only after the first has let go
        other = tmp_path / "one.csv"
        other.write_text("姓名,手机号\n单独一位,13699999999\n")
        assert step(admin, announce(admin, "customer", other), "start")["created"] == 1
        stopped = admin.get(f"/import/{job['id']}")
        assert stopped["state"] == "cancelled" and 0 < stopped["created"] < 6000
        assert total(admin, "customer") == before + stopped["created"] + 1
        done = step(admin, stopped, "start")
        assert done["state"] == "done" and done["created"] + done["changed"] == 6000
        assert total(admin, "customer") == before + 6001
        admin.close()


def test_what_there_is_to_import(own):
    targets = {t["name"]: t for t in own.admin.get("/meta")["targets"]}
    assert set(targets) == {"past_ticket", "past_comment", "past_file"} and all(t["permissions"] == ["import"] for t in targets.values())
    assert (targets["past_file"]["file_of"], targets["past_ticket"]["file_of"]) == ("path", None)
    assert {f["name"] for f in targets["past_ticket"]["fields"]} >= {"old_no", "state", "opened_at"}
    other = Client(own.url).sign_in(*next(a for a in own.company.accounts if a[0] == "linxiao"))
    assert [t["permissions"] for t in other.get("/meta")["targets"]] == [[], [], []]
    other.close()


def test_a_table_with_tags_in_its_cells_is_a_table(own):
    admin = own.admin
    body = "单号,内容\n1,\"<p>你好</p><script>alert(1)</script>\"\n".encode()
    answer = admin.http.get(f"/file/{upload(admin, 'x.csv', body)}/content")
    assert answer.headers["content-type"].startswith("text/plain") and answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff" and answer.content == body
    page = "a,b\n<script>alert(1)</script>\n".encode()
    file_id = admin.post("/file", {"name": "x.csv", "size": len(page)})["id"]
    assert admin.http.patch(f"/file/{file_id}", content=page, headers={"Upload-Offset": "0", "Content-Type": "application/octet-stream"}).status_code == 415
