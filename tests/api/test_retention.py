"""What has been kept long enough goes by itself: sent messages, and the spreadsheets of imports with the cells that were at fault."""

import people
from test_audit import rows
from test_file import upload

from client import Client
from patience import wait_for
from server import Clock, Server

DAY_S = 86400
SHEET = "姓名,电话\n留存甲,13800001111\n,不是电话\n"


def test_what_was_kept_long_enough_goes(company, tmp_path):
    clock = Clock(tmp_path / "clock")
    with Server(company, clock=clock) as server:
        admin = Client(server.url).sign_in(*company.accounts[0])
        file = upload(admin, "客户.csv", SHEET.encode())
        job = admin.post("/import", {"record": "customer", "file_id": file})
        wait_for(lambda: rows(company, f"SELECT 1 FROM import_job WHERE id = {job['id']} AND columns <> '[]'"))
        job = admin.get(f"/import/{job['id']}")
        job = admin.patch(f"/import/{job['id']}", {"mapping": {"姓名": "name", "电话": "phone"}, "version": job["version"]})
        admin.post(f"/import/{job['id']}/check", {"version": job["version"]})
        wait_for(lambda: rows(company, f"SELECT 1 FROM import_job WHERE id = {job['id']} AND state = 'checked'"))
        people.new_customer(server.url, admin)[0].close()
        assert rows(company, "SELECT 1 FROM import_error") and rows(company, "SELECT 1 FROM outbox")
        kept = admin.get("/setting/keep.import")
        assert (kept["value"], admin.get("/setting/keep.message")["value"]) == (30, 180)
        clock.move(29 * DAY_S)
        wait_for(lambda: rows(company, f"SELECT 1 FROM job WHERE kind = 'sweep' AND run_at > {clock.ms}"))
        assert rows(company, f"SELECT 1 FROM import_job WHERE id = {job['id']} AND file_id > 0")
        clock.move(2 * DAY_S)
        wait_for(lambda: not rows(company, f"SELECT 1 FROM import_job WHERE id = {job['id']} AND file_id > 0"), 60)
        assert not rows(company, f"SELECT 1 FROM import_error WHERE import_id = {job['id']}") and not rows(company, f"SELECT 1 FROM file WHERE id = {file}")
        assert rows(company, "SELECT 1 FROM outbox")
        clock.move(150 * DAY_S)
        wait_for(lambda: clock.move(2) or not rows(company, "SELECT 1 FROM outbox"), 60)      # a chunk a second
        admin.close()
