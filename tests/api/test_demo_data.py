"""Demo data: loaded into a company that works, told to nobody, and taken away again without a trace but in the log."""
import json
import subprocess
import time

import pytest
from desk import comes_to_rest
from gateway import Gateway
from patience import wait_for
from people import new_address
from test_audit import rows

from client import Client
from server import Clock, Company, Server, binary

PASSWORD = "a long enough word"

# What tells that something was there once, and what counts: the log with its chain, cursors of those who read it, stamps of what is compiled, numbers given out, the
# search index's own books, and what this test's own calls leave behind.
LEFT = {
    "event", "change", "audit_link", "tenant_counter", "lane", "lane_writer", "follower_cursor", "definition", "number_counter", "idempotency", "session",
    "search_lane", "search_text_0", "search_text_1", "process_counter",
}
SHADOWS = ("search_text_0_", "search_text_1_", "sqlite_")  # SQLite's own tables of an index


def tables(company):
    if company.database:
        found = rows(company, "SELECT table_name FROM information_schema.tables WHERE table_schema = 'anxin' AND table_type = 'BASE TABLE'")
    else:
        found = rows(company, "SELECT name FROM sqlite_master WHERE type = 'table'")
    return sorted(name for (name,) in found if name not in LEFT and not name.startswith(SHADOWS))


def state(company):
    """Every row of every table but those of LEFT."""
    return {name: sorted(map(repr, rows(company, f"SELECT * FROM {name}"))) for name in tables(company)}


def difference(company, before):
    now = state(company)
    return {name: (sorted(set(before.get(name, [])) - set(found))[:3], sorted(set(found) - set(before.get(name, [])))[:3]) for name, found in now.items()
            if found != before.get(name, [])}


# Tables that are no record's and name a row of one: what takes their rows along when it goes.
HANGS = {
    "conversation_mark": ".gone", "wechat_bind": ".gone", "ticket_comment": ".gone", "ticket_file": ".gone", "ticket_rating": ".gone", "queue_entry": ".gone", "recovery_code": ".gone", "session": ".gone", "idempotency": ".gone",
    "lookup": "core", "search_doc": "core", "file_use": "core", "custom_number": "core", "custom_word": "core", "tag_use": "core", "told_apart": ".gone", "message": ".gone", "message_seen": ".gone", "service_clock": "core", "notification": "core", "watcher": "core",
    "pii_key": "core", "merge_part": "core", "demo_mark": "core", "promise_case": "the follower",
    "import_mark": "goes with its spreadsheet; an import that is undone finds the row gone",
    "event": "the log", "change": "the log", "reading": "the log", "action_row": "the log", "rule_hold": "no rule of time looks at it", "erasure": "nobody is erased",
}


class House:
    """A company of its own, founded by command, with nothing in it; time stands unless it is moved."""

    def __init__(self, engine, folder, **options):
        self.company = Company.empty(engine, folder / "data")
        self.clock = Clock(folder / "clock")
        self.server = Server(self.company, clock=self.clock, **options).start()
        done = subprocess.run([binary(), "company", "add", "north", "北方电器", "--admin", "lihua", *self.company.options()], input=PASSWORD + "\n",
                              capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        self.clock.set(max(self.clock.ms, int(time.time() * 1000)))
        self.admin = Client(self.server.url).sign_in("lihua", PASSWORD)

    def restart(self):
        self.server.start()
        self.admin = Client(self.server.url, address=new_address()).sign_in("lihua", PASSWORD)

    def rest(self):
        comes_to_rest(self.company, self.clock)

    def load(self):
        self.admin.post("/demo/load")
        self.settle()

    def remove(self):
        self.admin.post("/demo/remove", {"rows": self.admin.get("/demo")["rows"]})
        self.settle()

    def settle(self):
        wait_for(lambda: self.admin.get("/demo")["state"] in ("none", "present"), seconds=60, why=lambda: rows(self.company, "SELECT kind, state, last_error FROM job"))
        self.rest()

    def count(self, record):
        return self.admin.get(f"/{record}", limit=1, total=1)["total"]

    def drop(self):
        if self.server.process:
            self.server.stop()
        self.company.drop()


@pytest.fixture
def house(engine, tmp_path):
    made = House(engine, tmp_path)
    made.rest()
    yield made
    made.drop()


def test_what_was_loaded_and_removed_was_never_there(house):
    before = state(house.company)
    begun = time.monotonic()
    house.load()
    assert time.monotonic() - begun < 30, "nobody waits so long for something to try out"

    shown = house.admin.get("/demo")
    counts = {one["record"]: one["rows"] for one in shown["records"]}
    assert shown["state"] == "present" and shown["rows"] == sum(counts.values()) and shown["last"]["kind"] == "demo.loaded"
    assert counts["customer"] == counts["device"] == 24 and counts["ticket"] >= 40 and counts["user"] == 7
    assert {one["state"] for one in house.admin.get("/ticket", limit=100)["items"]} == {"new", "accepted", "working", "waiting_customer", "resolved", "closed", "cancelled"}
    assert any(one["scene"] == "complaint" for one in house.admin.get("/ticket", limit=100)["items"])
    assert [one for one in house.admin.get("/promise/figures", period="month")["items"] if one["cases"]], "the promise page has something to show"
    assert rows(house.company, "SELECT count(*) FROM ticket_comment")[0][0] > 20
    assert rows(house.company, "SELECT count(*) FROM service_clock WHERE breached_at > 0 AND ended_at = 0")[0][0] > 0, "some are overdue"
    assert rows(house.company, "SELECT count(*) FROM user_account WHERE password <> ''") == [(1,)], "nobody new can sign in"

    forecast = house.admin.get("/demo/removal")["records"]
    assert {one["record"]: (one["goes"], one["stays"]) for one in forecast} == {record: (n, 0) for record, n in counts.items()}
    house.remove()
    shown = house.admin.get("/demo")
    assert (shown["state"], shown["rows"], shown["records"]) == ("none", 0, []) and shown["last"]["kind"] == "demo.removed"
    assert shown["last"]["data"] == {"rows": sum(counts.values()), "kept": 0}
    assert difference(house.company, before) == {}
    for record in ("ticket", "customer", "device", "product", "team", "region"):
        assert house.count(record) == 0
    assert not [one for one in house.admin.get("/promise/figures", period="month")["items"] if one["cases"]]
    assert house.admin.get("/search", q="王女士")["items"] == []
    said = subprocess.run([binary(), "verify-audit", *house.company.options()], capture_output=True, text=True)
    assert said.returncode == 0, said.stdout + said.stderr


def test_whatever_hangs_on_a_row_goes_with_it(house):
    """A new table that names a ticket, a customer … and is no record's: its rows must go with them (record.gone)."""
    named = {"ticket_id", "customer_id", "device_id", "user_id", "product_id", "model_id", "team_id", "region_id", "object_id"}
    found = set()
    for name in tables(house.company) + sorted(LEFT):
        if house.company.database:
            columns = {column for (column,) in rows(house.company, f"SELECT column_name FROM information_schema.columns WHERE table_schema = 'anxin' AND table_name = '{name}'")}
        else:
            columns = {row[1] for row in rows(house.company, f"PRAGMA table_info({name})")}
        if columns & named and not columns >= {"id", "version", "created_at"}:       # those are records: their references keep a row (core/demo)
            found.add(name)
    assert found - set(HANGS) == set(), "say in .gone of the record what becomes of their rows, and here who does it"


def counts(house):
    return {one["record"]: one["rows"] for one in house.admin.get("/demo")["records"]}


def test_killed_in_the_middle_it_goes_on(house):
    before = state(house.company)
    house.admin.post("/demo/load")
    wait_for(lambda: house.admin.get("/demo")["rows"] > 60)
    house.server.kill()
    house.restart()
    assert house.admin.get("/demo")["state"] == "loading", "it was killed before the end"
    house.admin.post("/demo/remove", {"rows": house.admin.get("/demo")["rows"]}, status=409)
    house.settle()
    loaded = counts(house)
    assert (loaded["customer"], loaded["device"], loaded["user"], loaded["product"]) == (24, 24, 7, 9) and loaded["ticket"] == house.count("ticket")

    total = house.admin.get("/demo")["rows"]
    house.admin.post("/demo/remove", {"rows": total})
    wait_for(lambda: house.admin.get("/demo")["rows"] < total - 20)
    house.server.kill()
    house.restart()
    shown = house.admin.get("/demo")
    assert shown["state"] == "removing" and 0 < shown["rows"] < total
    house.admin.post("/demo/load", status=409)
    house.settle()
    assert difference(house.company, before) == {}


def test_a_second_removal_is_harmless_and_it_can_be_loaded_again(house):
    before = state(house.company)
    house.admin.post("/demo/remove", {"rows": 0}, status=409)
    house.load()
    first = counts(house)
    house.admin.post("/demo/load", status=409)
    house.admin.post("/demo/remove", {"rows": sum(first.values()) + 1}, status=409)
    house.remove()
    house.admin.post("/demo/remove", {"rows": 0}, status=409)
    house.load()
    assert counts(house).keys() == first.keys()
    house.remove()
    assert difference(house.company, before) == {}


def test_what_the_company_made_stays_and_what_it_refers_to(house):
    admin = house.admin
    mine = admin.post("/product", {"code": "washer", "name": "我们的洗衣机"})
    house.load()
    assert next(one for one in admin.get("/product", limit=50)["items"] if one["code"] == "washer")["id"] == mine["id"], "what is there is taken"

    customer, other, third = (one["id"] for one in admin.get("/customer", limit=3)["items"])
    device = admin.get("/device", filter=json.dumps([["customer_id", "=", customer]]))["items"][0]
    ticket = admin.post("/ticket", {"customer_id": customer, "scene": "usage", "channel": "phone", "text": "我们自己的一件事", "device_id": device["id"]})
    demo_ticket = admin.get("/ticket", filter=json.dumps([["customer_id", "=", other]]))["items"][0]
    admin.post(f"/ticket/{demo_ticket['id']}/comment", {"text": "试着回一句", "visibility": "internal"})
    task = admin.post("/task", {"kind": "todo", "title": "自己记的一件事", "ticket_id": demo_ticket["id"]})
    agent = next(one for one in admin.get("/user", limit=20)["items"] if one["account"] == "demo-linxiao")
    region = admin.get(f"/customer/{customer}")["region_id"]
    house.rest()

    stays = {one["record"]: one["stays"] for one in admin.get("/demo/removal")["records"] if one["stays"]}
    house.remove()
    # The own ticket keeps its customer and device, those their region and model; the own task a ticket with its customer, device and whoever owns it.
    kept = {"ticket": 1, "customer": 2, "device": stays["device"], "model": stays["model"], "region": 1} | {record: stays[record] for record in ("user", "team", "product") if record in stays}
    assert stays == kept and 1 <= stays["device"] <= 2
    assert admin.get("/demo")["last"]["data"]["kept"] == sum(stays.values()) and admin.get("/demo")["state"] == "none"
    assert admin.get(f"/ticket/{ticket['id']}")["customer_id"] == customer and admin.get(f"/device/{device['id']}")["customer_id"] == customer
    assert admin.get(f"/customer/{customer}")["region_id"] == region and admin.get(f"/task/{task['id']}")["ticket_id"] == demo_ticket["id"]
    assert any(one.get("text") == "试着回一句" for one in admin.get(f"/ticket/{demo_ticket['id']}/timeline")["items"])
    admin.get(f"/customer/{third}", status=404)
    assert house.count("ticket") == 2 and house.count("customer") == 2 and admin.get(f"/product/{mine['id']}")["name"] == "我们的洗衣机"
    assert (agent["id"] in {one["id"] for one in admin.get("/user", limit=20)["items"]}) == bool(stays.get("user") and admin.get(f"/ticket/{demo_ticket['id']}")["owner_id"] == agent["id"])
    house.load()        # beside what stayed
    house.remove()
    assert house.count("ticket") == 2 and house.count("customer") == 2


@pytest.fixture
def wired(engine, tmp_path):
    """A company whose messages and events go out."""
    outside = Gateway()
    made = House(engine, tmp_path, environment={"ANXIN_OUTBOUND_ALLOW": "127.0.0.0/8", "ANXIN_SMS_GATEWAY": outside.url, "ANXIN_SMS_TOKEN": "s3cret"})
    made.outside = outside
    yield made
    made.drop()
    outside.close()


def rule(admin, hook, **fields):
    body = {"name": f"规则 {fields}"[:60], "object": "ticket", "state": "on", "actions": [{"do": "webhook", "webhook_id": hook}, {"do": "task", "kind": "todo", "title": "规则建的任务"}]}
    return admin.post("/rule", body | fields)


def test_nothing_goes_out_and_no_rule_fires(wired):
    admin = wired.admin
    hook = admin.post("/webhook", {"name": "ERP", "url": wired.outside.url})["id"]
    for events in (["created"], ["changed"], ["commented"], ["clock_breached"], ["clock_soon"]):
        rule(admin, hook, events=events)
    rule(admin, hook, cause="time", events=[], condition="state = new")
    wired.rest()
    before = rows(wired.company, "SELECT count(*) FROM notification")
    wired.load()
    for _ in range(3):     # rules of time are asked once a minute
        wired.clock.move(61)
        wired.rest()
    assert rows(wired.company, "SELECT count(*) FROM rule_run WHERE result = 'done'") == [(0,)] and rows(wired.company, "SELECT count(*) FROM task") == [(0,)]
    assert rows(wired.company, "SELECT count(*) FROM outbox") == [(0,)] and rows(wired.company, "SELECT count(*) FROM notification") == before
    assert wired.outside.got == []

    # Tried out by hand: the rule fires, what it makes is the demo's, a message to somebody invented is held, and no other system hears.
    demo_ticket = next(one for one in admin.get("/ticket", limit=100)["items"] if one["state"] == "working")
    admin.post(f"/ticket/{demo_ticket['id']}/comment", {"text": "您好，师傅明天到", "visibility": "public"})
    wired.rest()
    assert [one["state"] for one in admin.get("/outbox")["items"]] == ["held"] and wired.outside.got == []
    assert rows(wired.company, "SELECT count(*) FROM task")[0][0] >= 1 and rows(wired.company, "SELECT count(*) FROM webhook_delivery") == [(0,)]
    # One's own customer gets hers.
    own = admin.post("/customer", {"name": "张小雨", "phone": "13700001111"})["id"]
    admin.post("/ticket", {"customer_id": own, "scene": "usage", "channel": "phone", "text": "怎么用"})
    wired.rest()
    assert any(body and b"13700001111" in body for _, _, body in wired.outside.got)
    wired.remove()
    tasks = admin.get("/task", limit=100)["items"]
    assert wired.count("ticket") == 1 and {one["customer_id"] for one in tasks} <= {None, own} and not any(one["ticket_id"] == demo_ticket["id"] for one in tasks)
    assert [one["state"] for one in admin.get("/outbox")["items"]] == ["sent"]


def test_only_an_administrator(house):
    house.load()
    supervisor = next(one for one in house.admin.get("/role")["items"] if one["code"] == "supervisor")["id"]
    person = house.admin.post("/user", {"account": "zhuguan", "name": "周主管", "role_id": supervisor})
    house.admin.post(f"/user/{person['id']}/password", {"password": PASSWORD})
    client = Client(house.server.url, address=new_address()).sign_in("zhuguan", PASSWORD)
    for path in ("/demo", "/demo/removal"):
        client.get(path, status=403)
    client.post("/demo/load", status=403)
    client.post("/demo/remove", {"rows": 1}, status=403)
    # A person of the demo has no password to guess, and the audit says who asked for what.
    Client(house.server.url, address=new_address()).post("/session", {"account": "demo-chenli", "password": "anxin-demo"}, status=401)
    house.remove()
    said = rows(house.company, "SELECT kind, area FROM event WHERE object = 'demo' ORDER BY no")
    assert said == [("demo.loading", "setting"), ("demo.loaded", "setting"), ("demo.removing", "setting"), ("demo.removed", "setting")]
    who = rows(house.company, "SELECT DISTINCT u.account FROM event e JOIN user_account u ON u.tenant = e.tenant AND u.id = e.actor_id WHERE e.kind = 'demo.removing'")
    assert who == [("lihua",)]


def test_a_company_that_is_a_demo_as_a_whole_keeps_its_people(own):
    admin = own.admin
    people = {one["account"] for one in admin.get("/user", limit=50)["items"]}
    shown = admin.get("/demo")
    assert shown["state"] == "present" and {one["record"] for one in shown["records"]} >= {"ticket", "customer", "device", "product", "model"} and "user" not in {one["record"] for one in shown["records"]}
    forecast = {one["record"]: (one["goes"], one["stays"]) for one in admin.get("/demo/removal")["records"]}
    assert forecast["team"] == (0, 2) and forecast["ticket"][1] == 0, "its people belong to teams"
    admin.post("/demo/remove", {"rows": shown["rows"]})
    wait_for(lambda: admin.get("/demo")["state"] == "none", seconds=120)
    last = admin.get("/demo")["last"]["data"]
    assert last == {"rows": sum(goes for goes, _ in forecast.values()), "kept": sum(stays for _, stays in forecast.values())}
    for record in ("ticket", "customer", "device", "product", "model"):
        assert admin.get(f"/{record}")["items"] == []
    assert {one["account"] for one in admin.get("/user", limit=50)["items"]} == people and len(admin.get("/team")["items"]) == 2
