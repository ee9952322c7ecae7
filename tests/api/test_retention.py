"""What has been kept long enough goes by itself: customers who are gone, words and files of closed tickets, sent messages, the spreadsheets of
imports with the cells that were at fault, runs and notices. What is open, under warranty or of the demo is left alone."""
import json
import sqlite3
import uuid
from contextlib import closing

import people
import psycopg
import pytest
from desk import STEPS, Desk
from test_act import GRADE
from test_audit import rows, verify
from test_backup import back_up, place, restore  # noqa: F401 (a fixture)
from test_company_command import enter, run
from test_duties import put
from test_erasure import Planted, found_in, live
from test_file import upload
from test_rules import rule, ticket
from test_scope import new_user

from client import Client
from patience import wait_for
from server import Clock, Server

DAY_S = 86400
NO_BACKUP = ("--set", "backup.keep=0")      # it would hold what the night removes
THREE_YEARS_S = 1096 * DAY_S


def noon(tmp_path):
    """A clock that stands at the next noon in China: a day later the night has been."""
    clock = Clock(tmp_path / "clock")
    clock.set((clock.ms // (DAY_S * 1000) + 1) * DAY_S * 1000 + 4 * 3600 * 1000)
    return clock


def at_rest(company, clock):
    """No night is due or under way. At some hours of the day one lies between the making of a company and the noon at which its clock begins."""
    due = f"SELECT 1 FROM job WHERE kind IN ('retention', 'upkeep.erase') OR (kind = 'upkeep.company' AND run_at <= {clock.ms})"
    wait_for(lambda: not rows(company, due), 90)


def night(company, clock, seconds=DAY_S):
    """The night that comes by then, to its end."""
    at_rest(company, clock)
    clock.move(seconds)
    done = "SELECT 1 FROM retention_day WHERE kind = 'run' AND at >= {0}".format(clock.ms)
    wait_for(lambda: rows(company, done) and not rows(company, "SELECT 1 FROM job WHERE kind IN ('retention', 'upkeep.erase')"), 90,
             lambda: (clock.ms, rows(company, "SELECT kind, at, day, removed FROM retention_day"), rows(company, "SELECT kind, state, run_at, attempts, last_error, data FROM job WHERE kind IN ('retention', 'upkeep.company', 'upkeep.erase')")))


class Firm(Desk):
    """A company with a clock of its own; nobody of the demo, who is left alone, has anything to do with it."""

    def keep(self, **years):
        for name, value in years.items():
            put(self.admin, f"keep.{name}", value)

    def night(self, seconds=DAY_S):
        night(self.company, self.clock, seconds)
        self.sign_in()

    def customer(self, **more):
        return self.admin.post("/customer", {"name": "旧客户", "phone": people.new_phone()} | more)["id"]

    def closed(self, customer, **more):
        id = self.admin.post("/ticket", {"scene": "usage", "customer_id": customer, "text": "怎么换滤芯"} | more)["id"]
        for action, values in (("accept", {}), ("resolve", STEPS), ("close", {"reason": "客户确认"})):
            self.act(id, action, **values)
        return id

    def device(self, customer, **more):
        return self.admin.post("/device", {"serial": f"K{uuid.uuid4().hex[:10]}", "model_id": self.admin.get("/model", limit=1)["items"][0]["id"], "customer_id": customer} | more)["id"]

    def due(self, kind):
        return next(k for k in self.admin.get("/retention")["items"] if k["name"] == kind)["due"]

    def erased(self, kind):
        return sorted(id for (id,) in rows(self.company, f"SELECT object_id FROM erasure WHERE object = '{kind}' AND reason = 'retention' AND state = 'done'"))

    def quiet_since(self, record, id):
        """When anybody last had to do with it, in ms."""
        return rows(self.company, f"SELECT max(t) FROM (SELECT updated_at AS t FROM {record} WHERE id = {id} UNION ALL SELECT at FROM event WHERE object = '{record}' AND object_id = {id}) q")[0][0]


@pytest.fixture
def firm(company, tmp_path):
    made = Firm(company, noon(tmp_path), options=NO_BACKUP)
    at_rest(company, made.clock)
    yield made
    made.admin.close()
    if made.server.process:
        made.server.stop()


def one_a_day(firm, make):
    """What was made on one day and on the next, a bit before the hour of the nights: so no age is a whole number of days."""
    made = []
    for _ in range(2):
        if made:
            firm.night()
        made.append(make())
        firm.clock.move(3600)
    return made


def sheet_of(firm, word):
    """An import that was looked through: its spreadsheet and its list of faults hold that word. (import, file)"""
    file = upload(firm.admin, "客户.csv", f"姓名,电话\n{word}good,13800001111\n,{word}fault\n".encode())
    job = firm.admin.post("/import", {"record": "customer", "file_id": file})
    wait_for(lambda: rows(firm.company, f"SELECT 1 FROM import_job WHERE id = {job['id']} AND columns <> '[]'"))
    job = firm.admin.get(f"/import/{job['id']}")
    job = firm.admin.patch(f"/import/{job['id']}", {"mapping": {"姓名": "name", "电话": "phone"}, "version": job["version"]})
    firm.admin.post(f"/import/{job['id']}/check", {"version": job["version"]})
    wait_for(lambda: rows(firm.company, f"SELECT 1 FROM import_job WHERE id = {job['id']} AND state = 'checked'"))
    return int(job["id"]), int(file)


def left_of(firm, sheet):
    """What is there of it: its row, its faults, its file."""
    job, file = sheet
    asks = f"import_job WHERE id = {job} AND file_id > 0", f"import_error WHERE import_id = {job}", f"file WHERE id = {file}"
    return [bool(rows(firm.company, f"SELECT 1 FROM {ask}")) for ask in asks]


def lies_in_files(firm, word):
    """After the log was emptied too."""
    wait_for(lambda: not rows(firm.company, "SELECT 1 FROM job WHERE kind = 'upkeep.log'"), 60)
    return set(found_in(firm.company, {"fault": f"{word}fault", "good": f"{word}good"}))


def test_the_sheet_of_an_import_goes_after_its_time_and_one_that_is_a_day_younger_stays(firm):
    assert firm.admin.get("/setting/keep.import")["value"] == 30
    words = iter(("zqelder", "zqyounger"))
    old, young = one_a_day(firm, lambda: sheet_of(firm, next(words)))
    firm.night(28 * DAY_S)
    assert left_of(firm, old) == left_of(firm, young) == [True] * 3
    assert lies_in_files(firm, "zqelder") and lies_in_files(firm, "zqyounger")
    firm.night()
    assert (left_of(firm, old), left_of(firm, young)) == ([False] * 3, [True] * 3)
    assert lies_in_files(firm, "zqelder") == set() and lies_in_files(firm, "zqyounger")
    firm.night()
    assert left_of(firm, young) == [False] * 3 and lies_in_files(firm, "zqyounger") == set()
    assert firm.admin.get(f"/import/{old[0]}")["state"] == "checked", "that there was an import stays"


def messages(firm):
    return {id for (id,) in rows(firm.company, "SELECT id FROM outbox")}


def test_a_message_goes_after_its_time_and_one_that_is_a_day_younger_stays(firm):
    assert firm.admin.get("/setting/keep.message")["value"] == 180

    def made():
        before = messages(firm)
        people.new_customer(firm.server.url, firm.admin)[0].close()
        return messages(firm) - before
    old, young = one_a_day(firm, made)
    assert old and young
    firm.night(178 * DAY_S)
    assert old | young <= messages(firm), "179 and 178 days"
    firm.night()
    assert (old & messages(firm), young & messages(firm)) == (set(), young)
    firm.night()
    assert not young & messages(firm)


RUNS = {"rule_run": "id", "action_run": "id", "action_row": "run_id", "webhook_delivery": "id", "notification": "id"}


def runs(firm):
    return {(table, id) for table, key in RUNS.items() for (id,) in rows(firm.company, f"SELECT {key} FROM {table}")}


def a_day_of_runs(firm, hook):
    """One of each: what there is more than before, and the ticket that a rule has moved."""
    before = runs(firm)
    firm.admin.post(f"/webhook/{hook}/ping", {})
    made = ticket(firm.admin)
    wait_for(lambda: firm.admin.get(f"/ticket/{made}")["state"] == "accepted")
    firm.admin.post("/ticket/act", {"rows": [{"id": made}], "actions": GRADE})
    other = Client(firm.server.url).sign_in(*firm.company.accounts[1])
    other.post(f"/ticket/{made}/action/assign", {"version": other.get(f"/ticket/{made}")["version"], "owner_id": firm.admin.get("/session")["user"]["id"]})
    other.close()
    wait_for(lambda: {table for table, _ in runs(firm) - before} == set(RUNS), why=lambda: runs(firm) - before)
    return runs(firm) - before, made


def test_runs_and_notices_go_after_their_time_those_a_day_younger_stay_and_so_does_what_they_did(firm):
    assert firm.admin.get("/setting/keep.run")["value"] == 90
    rule(firm.admin)
    hook = firm.admin.post("/webhook", {"name": "kept", "url": "https://hook.example/in"})["id"]
    (old, made), (young, _) = one_a_day(firm, lambda: a_day_of_runs(firm, hook))
    firm.night(88 * DAY_S)
    assert old | young <= runs(firm), "89 and 88 days"
    firm.night()
    assert (old & runs(firm), young - runs(firm)) == (set(), set())
    firm.night()
    assert not young & runs(firm)
    assert firm.admin.get(f"/ticket/{made}")["state"] != "new", "what was done stays done"


@pytest.mark.parametrize("kind", ["customer", "ticket"])
def test_a_row_is_due_a_moment_after_its_time_and_one_that_is_a_day_younger_stays(firm, kind):
    def made():
        person = firm.customer()
        return person if kind == "customer" else firm.closed(person)
    firm.keep(**{kind: "3_years"})
    id = made()
    end = firm.quiet_since(kind, id) + THREE_YEARS_S * 1000
    firm.clock.move(1.5 * DAY_S)
    firm.sign_in()
    younger = made()
    firm.clock.set(end - DAY_S * 1000)
    firm.night()
    assert firm.due(kind) == 0 and firm.erased(kind) == []
    firm.clock.move(0.001)
    assert firm.due(kind) == 1 and firm.admin.get(f"/retention/{kind}/due", value="5_years")["due"] == 0
    firm.night()
    assert firm.erased(kind) == [int(id)] and firm.due(kind) == 0
    assert verify(firm.company)[:2] == (0, [])
    told = rows(firm.company, "SELECT data FROM event WHERE kind = 'retention.removed'")
    assert [json.loads(data if isinstance(data, str) else json.dumps(data))["removed"] for (data,) in told if kind in str(data)] == [1]
    assert firm.admin.get(f"/retention/{kind}/day")["items"][0]["removed"] == 1
    assert firm.admin.get(f"/{kind}/{younger}")["version"] >= 1
    firm.night()
    assert firm.erased(kind) == sorted([int(id), int(younger)])


def test_a_customer_who_is_gone_is_erased_with_a_certificate_and_the_demo_stays(firm):
    demo = rows(firm.company, "SELECT id, version FROM customer ORDER BY id"), rows(firm.company, "SELECT id, version FROM ticket ORDER BY id")
    firm.keep(customer="3_years", ticket="3_years")
    gone = firm.customer(note="要删的备注")
    assert found_in(firm.company, {"note": "要删的备注"})
    firm.night(THREE_YEARS_S + 2 * DAY_S)
    assert firm.erased("customer") == [int(gone)] and firm.erased("ticket") == []
    row = firm.admin.get(f"/customer/{gone}")
    assert (row["name"], row["phone"], row["note"]) == (None, None, "")
    firm.night(9 * DAY_S)                   # the index is built anew
    wait_for(lambda: rows(firm.company, "SELECT 1 FROM search_lane WHERE erased_at > 0 OR building = 1") == [], 90)
    wait_for(lambda: not rows(firm.company, "SELECT 1 FROM job WHERE kind IN ('upkeep.log', 'upkeep.search')"), 60)
    assert found_in(firm.company, {"note": "要删的备注"}) == {}
    proof = json.loads(firm.admin.get(f"/customer/{gone}/erasure")["items"][0]["certificate"])
    assert (proof["reason"], proof["asked_by"]["kind"], len(proof["keys"])) == ("retention", "system", 1)
    same = {id for (id,) in rows(firm.company, "SELECT object_id FROM demo_mark")}
    assert [r for r in rows(firm.company, "SELECT id, version FROM customer ORDER BY id") if r[0] in same] == [r for r in demo[0] if r[0] in same] != []
    assert not rows(firm.company, "SELECT 1 FROM ticket t JOIN demo_mark d ON d.object_id = t.id WHERE t.title = '—'")


HOLDS = ("ticket", "warranty", "task", "money")


@pytest.mark.parametrize("what", HOLDS)
def test_what_is_open_holds_both_and_its_end_lets_them_go(firm, what):
    person = firm.customer()
    old = firm.closed(person, device_id=firm.device(person))
    device = firm.admin.get(f"/ticket/{old}")["device_id"]
    made = None
    if what == "ticket":
        made = firm.admin.post("/ticket", {"scene": "complaint", "customer_id": person, "text": "我要投诉"})["id"]
    elif what == "task":
        made = firm.admin.post("/task", {"title": "回访", "ticket_id": old, "customer_id": person})["id"]
    elif what == "money":
        made = firm.admin.post("/compensation", {"ticket_id": old, "cause": "迟到", "coupon_fen": 5000})["id"]
    firm.night(THREE_YEARS_S + DAY_S)
    if what == "warranty":
        rows_write(firm.company, f"UPDATE device SET warranty_until = 2932896 WHERE id = {device}")
    rest = [firm.admin.get(f"/retention/{kind}/due", value="3_years") for kind in ("customer", "ticket")]
    firm.keep(customer="3_years", ticket="3_years")
    firm.night(2 * DAY_S)
    assert (firm.erased("customer"), firm.erased("ticket")) == ([], []), what
    assert all(r["due"] == 0 and r["held"] >= 1 for r in rest), rest
    if what == "ticket":
        rows_write(firm.company, f"UPDATE ticket SET state = 'closed', updated_at = created_at WHERE id = {made}")
        rows_write(firm.company, f"UPDATE task SET state = 'done', updated_at = created_at WHERE customer_id = {person}")
    elif what == "warranty":
        rows_write(firm.company, f"UPDATE device SET warranty_until = 1 WHERE id = {device}")
    elif what == "task":
        rows_write(firm.company, f"UPDATE task SET state = 'done' WHERE id = {made}")
    else:
        rows_write(firm.company, f"UPDATE compensation SET state = 'withdrawn' WHERE id = {made}")
    firm.night(THREE_YEARS_S + DAY_S if what == "ticket" else DAY_S)       # the complaint's own clocks told of it until then
    assert firm.erased("customer") == [int(person)] and int(old) not in firm.erased("ticket"), "her erasure took its words along"


def rows_write(company, statement):
    """As if it had happened long ago: by hand it would count as something that happened now."""
    if company.database:
        with psycopg.connect(company.database.uri) as connection:
            connection.execute("SET search_path TO anxin")
            connection.execute(statement)
    else:
        with closing(sqlite3.connect(company.folder / "data.db", timeout=30)) as connection, connection:
            connection.execute(statement)


OF_TICKET = ("description", "fact", "internal", "title", "steps", "result", "custom_ticket", "ticket_tag", "file_name", "file_content", "ticket_phone")


def test_words_and_files_of_a_closed_ticket_are_gone_and_its_customer_stays(firm, tmp_path):
    planted = Planted()
    id = live(planted, firm.server, firm.admin)
    ticket = firm.admin.get("/ticket", filter=json.dumps([["customer_id", "=", id]]))["items"][0]["id"]
    firm.act(ticket, "close", reason="客户确认")
    words = {place: word for place, word in planted.words.items() if place in OF_TICKET}
    wait_for(lambda: {place for place, _ in found_in(firm.company, words)} >= {"title", "steps", "result", "custom_ticket", "ticket_tag"})
    before = back_up(firm.company, tmp_path / "before")
    firm.night(THREE_YEARS_S + DAY_S)
    rows_write(firm.company, f"UPDATE task SET state = 'done' WHERE ticket_id = {ticket}")         # the call that follows a repair
    keys = rows(firm.company, f"SELECT count(*) FROM pii_key WHERE object = 'customer' AND object_id = {id}")[0][0]
    firm.keep(ticket="3_years")
    firm.night(2 * DAY_S)
    assert firm.erased("ticket") == [int(ticket)]
    row = firm.admin.get(f"/ticket/{ticket}")
    assert (row["title"], row["description"], row["contact_phone"], row["state"], row["tags"]) == ("—", None, None, "closed", [])
    said = [item for item in firm.admin.get(f"/ticket/{ticket}/timeline")["items"]]
    assert all(item["text"] is None and item["file_ids"] == [] for item in said) and any(item["kind"] == "ticket.emptied" for item in said)
    assert firm.admin.get(f"/customer/{id}")["name"] and rows(firm.company, f"SELECT count(*) FROM pii_key WHERE object = 'customer' AND object_id = {id}")[0][0] < keys
    firm.night(9 * DAY_S)                   # the index is built anew
    wait_for(lambda: rows(firm.company, "SELECT 1 FROM search_lane WHERE erased_at > 0 OR building = 1") == [], 90)
    wait_for(lambda: not rows(firm.company, "SELECT 1 FROM job WHERE kind IN ('upkeep.log', 'upkeep.search')"), 60)
    assert found_in(firm.company, words) == {}
    assert firm.admin.get("/ticket", q=row["no"])["items"][0]["id"] == ticket, "still found by its number"
    assert verify(firm.company)[:2] == (0, [])
    assert before


def test_a_backup_from_before_is_emptied_again_when_it_comes_back(firm, place, tmp_path):  # noqa: F811
    firm.keep(customer="3_years", ticket="3_years")
    gone, stays = firm.customer(note="要删的备注"), firm.customer()
    ticket = firm.closed(stays, text="门边漏水，地板湿了一片")
    firm.night(2 * DAY_S)
    backup, _ = back_up(firm.company, tmp_path / "before")
    firm.night(THREE_YEARS_S)
    assert int(gone) in firm.erased("customer")
    firm.server.stop()
    done = restore(place, backup, firm.company.folder / "keys.db", firm.company.folder / "master.key")
    assert done.returncode == 0, (done.stdout, done.stderr)
    with Server(place, clock=firm.clock, options=NO_BACKUP) as server:
        admin = Client(server.url).sign_in(*firm.company.accounts[0])
        assert admin.get(f"/customer/{gone}")["note"] == "", "before it serves"
        wait_for(lambda: admin.get(f"/ticket/{ticket}")["description"] is None, 60)
        admin.close()


def test_killed_in_the_middle_it_goes_on_and_again_it_changes_nothing(firm):
    people_ = sorted(int(firm.customer()) for _ in range(80))
    firm.keep(customer="3_years")
    firm.clock.move(THREE_YEARS_S + 2 * DAY_S)
    wait_for(lambda: rows(firm.company, "SELECT 1 FROM erasure"), 60)
    firm.server.kill()
    begun = rows(firm.company, "SELECT count(*) FROM erasure")[0][0]
    assert begun < len(people_), "it was killed before the end"
    firm.server.start()
    firm.sign_in()
    wait_for(lambda: len(rows(firm.company, "SELECT 1 FROM erasure WHERE state = 'done'")) == len(people_)
             and not rows(firm.company, "SELECT 1 FROM job WHERE kind IN ('retention', 'upkeep.erase')"), 240)
    assert firm.erased("customer") == people_, "each once"
    assert rows(firm.company, "SELECT sum(removed) FROM retention_day WHERE kind = 'customer'")[0][0] == len(people_)
    before = rows(firm.company, "SELECT id, version, updated_at FROM customer ORDER BY id"), rows(firm.company, "SELECT count(*) FROM erasure")
    firm.night()
    assert (rows(firm.company, "SELECT id, version, updated_at FROM customer ORDER BY id"), rows(firm.company, "SELECT count(*) FROM erasure")) == before


def test_a_change_takes_force_a_day_later_and_is_taken_back_before(firm):
    id = firm.customer()
    firm.night(THREE_YEARS_S + DAY_S)
    assert firm.due("customer") == 0 and firm.admin.get("/retention/customer/due", value="3_years")["due"] == 1
    firm.keep(customer="3_years")
    shown = next(k for k in firm.admin.get("/retention")["items"] if k["name"] == "customer")
    assert (shown["due"], shown["force_at"]) == (1, firm.clock.ms + DAY_S * 1000)
    firm.night(DAY_S - 1)
    assert firm.erased("customer") == []
    firm.keep(customer=None)
    firm.night(3 * DAY_S)
    assert firm.erased("customer") == [] and firm.admin.get(f"/customer/{id}")["name"]
    assert [c["fields"]["value"] for c in firm.admin.get("/setting/keep.customer/history")["items"]] == [["3_years", None], [None, "3_years"]]


@pytest.mark.quick
def test_the_law_bounds_the_time_and_security_alone_sets_it(server, admin):
    for name in ("keep.customer", "keep.ticket"):
        assert admin.get(f"/setting/{name}")["value"] == "kept", "nothing goes before somebody says so"
        put(admin, name, "2_years", status=422)
        put(admin, name, 30, status=422)
    agent = new_user(server, admin, ["setting.read", "setting.change"], "all")
    assert {k["name"] for k in agent.get("/retention")["items"]} == {"customer", "ticket", "message", "import", "run", "reading", "audit"}
    put(agent, "keep.customer", "3_years", status=403)
    agent.get("/retention/reading/due", value="3_years", status=404)
    agent.get("/retention/customer/due", value="2_years", status=422)
    agent.get("/retention/nothing/day", status=404)
    agent.close()
    nobody = new_user(server, admin, ["ticket.read"], "all")
    nobody.get("/retention", status=403)
    nobody.close()


def test_another_company_keeps_its_own_time(firm):
    assert run(firm.company, "add", "north", "北方电器", "--admin", "boss").returncode == 0
    north = enter(firm.server, "boss", "north")
    theirs = north.post("/customer", {"name": "北方客户", "phone": people.new_phone()})["id"]
    ours = Client(firm.server.url)
    ours.post("/session", {"account": firm.company.accounts[0][0], "password": firm.company.accounts[0][1], "tenant": "demo"})
    mine = ours.post("/customer", {"name": "旧客户", "phone": people.new_phone()})["id"]
    put(ours, "keep.customer", "3_years")
    firm.clock.move(THREE_YEARS_S + 2 * DAY_S)
    wait_for(lambda: rows(firm.company, f"SELECT 1 FROM retention_day WHERE kind = 'run' AND at >= {firm.clock.ms} GROUP BY kind HAVING count(*) = 2")
             and not rows(firm.company, "SELECT 1 FROM job WHERE kind IN ('retention', 'upkeep.erase')"), 90,
             why=lambda: f"{firm.clock.ms}: {rows(firm.company, 'SELECT * FROM retention_day')}, {rows(firm.company, 'SELECT tenant, kind, state, attempts, run_at, last_error FROM job')}")
    assert firm.erased("customer") == [int(mine)]
    assert enter(firm.server, "boss", "north").get(f"/customer/{theirs}")["name"]
