"""What has been kept long enough goes by itself: sent messages, the spreadsheets of imports with the cells that were at fault, runs and notices."""

import people
from test_act import GRADE
from test_audit import rows
from test_file import upload
from test_rules import rule, ticket

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


RUNS = ("rule_run", "action_run", "action_row", "webhook_delivery", "notification")


def test_runs_and_notices_go_when_they_are_old_and_what_they_did_stays(company, tmp_path):
    clock = Clock(tmp_path / "clock")
    with Server(company, clock=clock) as server:
        admin = Client(server.url).sign_in(*company.accounts[0])
        rule(admin)
        me = admin.get("/session")["user"]["id"]
        hook = admin.post("/webhook", {"name": "kept", "url": "https://hook.example/in"})
        admin.post(f"/webhook/{hook['id']}/ping", {})
        made = ticket(admin)
        wait_for(lambda: admin.get(f"/ticket/{made}")["state"] == "accepted")
        admin.post("/ticket/act", {"rows": [{"id": made}], "actions": GRADE})
        other = Client(server.url).sign_in(*company.accounts[1])
        seen = other.get(f"/ticket/{made}")
        other.post(f"/ticket/{made}/action/assign", {"version": seen["version"], "owner_id": me})
        wait_for(lambda: all(rows(company, f"SELECT 1 FROM {table}") for table in RUNS), why=lambda: [t for t in RUNS if not rows(company, f"SELECT 1 FROM {t}")])
        clock.move(89 * DAY_S)
        wait_for(lambda: rows(company, f"SELECT 1 FROM job WHERE kind = 'sweep' AND state = 'waiting' AND run_at > {clock.ms}"), 60)
        assert all(rows(company, f"SELECT 1 FROM {table} WHERE tenant > 0") for table in RUNS)
        fresh = ticket(Client(server.url).sign_in(*company.accounts[0]), "新的一张")
        wait_for(lambda: rows(company, f"SELECT 1 FROM rule_run WHERE object_id = {fresh}"))
        clock.move(2 * DAY_S)
        long_ago = clock.ms - 90 * DAY_S * 1000
        old = [f"SELECT 1 FROM {t} WHERE {'at' if t == 'action_run' else 'created_at'} < {long_ago}" for t in RUNS if t != "action_row"]
        wait_for(lambda: not any(rows(company, ask) for ask in old), 60, clock=clock, why=lambda: [ask for ask in old if rows(company, ask)])
        assert not rows(company, "SELECT 1 FROM action_row")
        assert rows(company, f"SELECT 1 FROM rule_run WHERE object_id = {fresh}"), "of the last 90 days"
        assert Client(server.url).sign_in(*company.accounts[0]).get(f"/ticket/{made}")["state"] != "new", "what was done stays done"
