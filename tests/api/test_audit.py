"""The audit: whatever is changed, removed or inserted behind the server's back is named by `anxin verify-audit`, on both engines."""
import json
import os
import random
import re
import sqlite3
import subprocess
from contextlib import closing

import psycopg
import pytest

from client import Client
from gateway import Gateway
from patience import wait_for
from server import Clock, Server, binary

PLANTED = {"quick": 6, "full": 40, "long": 400}[os.environ.get("ANXIN_TEST_LEVEL", "full")]


def verify(company, *heads):
    """(exit code, lines that name a row, the line that sums up)"""
    said = subprocess.run([binary(), "verify-audit", *company.options(), *map(str, heads)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300)
    assert "Sanitizer" not in said.stderr, said.stderr
    lines = said.stdout.splitlines()
    return said.returncode, [line.split(": ", 1)[1] for line in lines if " events, " not in line], next((line for line in lines if " events, " in line), said.stderr)


def rows(company, query):
    if company.database:
        with psycopg.connect(company.database.uri) as connection:
            connection.execute("SET search_path TO anxin")
            return connection.execute(query).fetchall()
    with closing(sqlite3.connect(company.folder / "data.db")) as connection:
        return connection.execute(query).fetchall()


def one(company, query):
    return rows(company, query)[0][0]


@pytest.fixture(scope="module")
def lived(engine, demos, tmp_path_factory):
    """A company in which things happened that auditors ask for; its server has ended and the chain has every event."""
    company = demos(engine).copy(tmp_path_factory.mktemp("lived") / "data")
    with Server(company) as server:
        admin = Client(server.url).sign_in(*company.accounts[0])
        person = admin.post("/customer", {"name": "审计对象", "phone": "13712345678"})
        for note in "一二三四五":
            person = admin.patch(f"/customer/{person['id']}", {"note": note, "version": person["version"], "reason": f"改{note}"})
            admin.post(f"/customer/{person['id']}/reveal", {"field": "phone", "purpose": f"回访{note}"})
        role = admin.post("/role", {"code": "trainee", "name": "见习", "permissions": ["ticket.read"], "scope": "own"})
        admin.patch(f"/role/{role['id']}", {"permissions": ["ticket.read", "customer.read"], "version": role["version"], "reason": "转正"})
        admin.get("/customer/export", format="csv")
        anonymous = Client(server.url)
        anonymous.post("/session", {"account": company.accounts[1][0], "password": "not this one"}, status=401)
        anonymous.post("/session", {"account": "nobody here", "password": "not this one"}, status=401)
        wait_for_chain(company)
        admin.close()
        anonymous.close()
    yield company
    company.drop()


def wait_for_chain(company):
    wait_for(lambda: one(company, "SELECT coalesce(max(no), 0) FROM audit_link") >= one(company, "SELECT event_no FROM tenant_counter"))


@pytest.fixture
def tampered(lived, tmp_path):
    copy = lived.copy(tmp_path / "data")
    yield copy
    copy.drop()


@pytest.mark.quick
def test_what_nobody_touched_is_whole(lived):
    code, faults, sum_up = verify(lived)
    assert (code, faults) == (0, []), (faults, sum_up)
    counted = {what: int(n) for n, what in re.findall(r"(\d+) (events|changes|readings|links|heads)", sum_up)}
    assert counted == {"events": one(lived, "SELECT count(*) FROM event"), "changes": one(lived, "SELECT count(*) FROM change"), "readings": 5,
                       "links": one(lived, "SELECT count(*) FROM audit_link"), "heads": 1}
    assert sum_up.endswith("0 from before the audit, 0 not chained yet")


@pytest.mark.quick
def test_what_auditors_ask_for_is_told(lived):
    told = {tuple(row) for row in rows(lived, "SELECT kind, area FROM event WHERE area <> ''")}
    assert told >= {("customer.revealed", "reading"), ("customer.exported", "export"), ("user.signed_in", "sign_in"), ("user.sign_in_failed", "sign_in"),
                    ("user.sign_in_refused", "sign_in"), ("role.created", "right"), ("role.changed", "right")}
    assert not [kind for kind, _ in told if kind.startswith("ticket.") and not kind.endswith(("revealed", "exported"))]
    exported = rows(lived, "SELECT data FROM event WHERE kind = 'customer.exported'")[0][0]
    exported = exported if isinstance(exported, dict) else json.loads(exported)
    assert exported["format"] == "csv" and exported["rows"] > 0
    assert "nobody here" not in str(rows(lived, "SELECT data FROM event WHERE kind = 'user.sign_in_refused'"))


# What somebody with the database in his hands may do. Each gives (statements, what has to be named).

def change_event(company, chance):
    no = chance.randint(1, one(company, "SELECT max(no) FROM event"))
    what = chance.choice(["kind = 'ticket.noted'", "object_id = object_id + 1", "at = at + 1", "actor_id = actor_id + 1", "actor_kind = actor_kind + 1",
                          "data = '{\"rows\": 1}'", "area = 'other'", "detail = detail + 1", "request_id = 'x'", "object = 'other'", "pos = pos + 1000000"])
    return [f"UPDATE event SET {what} WHERE no = {no}"], f"event no {no}: changed"


def remove_events(company, chance):
    last = one(company, "SELECT max(no) FROM event")
    first = chance.randint(1, last)
    to = min(last, first + chance.randint(0, 3))
    return [f"DELETE FROM event WHERE no BETWEEN {first} AND {to}"], f"event no {first}"


def insert_event(company, chance):
    """As the server would have, counters and all."""
    last, pos, like = one(company, "SELECT max(no) FROM event"), one(company, "SELECT max(pos) FROM event"), chance.randint(1, one(company, "SELECT max(no) FROM event"))
    mac = chance.choice(["mac", "NULL"])
    return [f"""INSERT INTO event (tenant, no, lane, pos, kind, object, object_id, at, actor_kind, actor_id, request_id, data, detail, area, mac)
                SELECT tenant, {last + 1}, lane, {pos + 1}, kind, object, object_id, at, actor_kind, actor_id, request_id, data, detail, area, {mac} FROM event WHERE no = {like}""",
            *chance.choice([[], [f"UPDATE tenant_counter SET event_no = {last + 1}", f"UPDATE lane SET pos = {pos + 1} WHERE pos = {pos}"]])], f"event no {last + 1}:"


def exchange_events(company, chance):
    a, b = sorted(chance.sample(range(1, one(company, "SELECT max(no) FROM event")), 2))
    return [f"UPDATE event SET no = -1 WHERE no = {a}" if company.engine == "other" else f"UPDATE event SET no = 99999999 WHERE no = {a}",
            f"UPDATE event SET no = {a} WHERE no = {b}", f"UPDATE event SET no = {b} WHERE no = 99999999"], f"event no {a}: changed"


def some_change(company, chance):
    return chance.choice(rows(company, "SELECT object, object_id, version FROM change"))


def change_history(company, chance):
    object, id, version = some_change(company, chance)
    what = chance.choice(["reason = 'because'", "fields = '{\"note\": [\"a\", \"b\"]}'", "actor_id = actor_id + 1", "at = at - 1", "version = version + 1000", "mac = NULL"])
    named = f"change {object} {id} version {version + 1000 * ('1000' in what)}: changed" if what != "mac = NULL" else "change 1 without a proof, 0 when the audit began: inserted"
    return [f"UPDATE change SET {what} WHERE object = '{object}' AND object_id = {id} AND version = {version}"], named


def remove_history(company, chance):
    object, id, version = some_change(company, chance)
    return [f"DELETE FROM change WHERE object = '{object}' AND object_id = {id} AND version = {version}"], f"change {object} {id} version {version}: removed"


def insert_history(company, chance):
    object, id, version = some_change(company, chance)
    return [f"""INSERT INTO change (tenant, object, object_id, version, at, actor_kind, actor_id, reason, fields, mac)
                SELECT tenant, object, object_id, 777, at, actor_kind, actor_id, reason, fields, mac FROM change
                 WHERE object = '{object}' AND object_id = {id} AND version = {version}"""], f"change {object} {id} version 777: changed"


def change_reading(company, chance):
    id = chance.choice(rows(company, "SELECT id FROM reading"))[0]
    what = chance.choice(["purpose = '别的'", "actor_id = actor_id + 1", "object_id = object_id + 1", "field = 'email'", "at = at + 1"])
    return [f"UPDATE reading SET {what} WHERE id = {id}"], f"reading id {id}: changed"


def remove_reading(company, chance):
    id = chance.choice(rows(company, "SELECT id FROM reading"))[0]
    return [f"DELETE FROM reading WHERE id = {id}"], f"reading id {id}: removed"


def change_link(company, chance):
    no = chance.choice(rows(company, "SELECT no FROM audit_link"))[0]
    other = chance.choice(rows(company, f"SELECT no FROM audit_link WHERE no <> {no}"))[0]
    what = chance.choice(["mac", "signature"])
    return [f"UPDATE audit_link SET {what} = (SELECT l.{what} FROM audit_link l WHERE l.no = {other}) WHERE no = {no}"], f"audit_link no {no}:"


def remove_link(company, chance):
    first, no = chance.choice(rows(company, "SELECT first, no FROM audit_link"))
    named = f"audit_link of no {first} to {no}: removed"
    return [f"DELETE FROM audit_link WHERE no = {no}"], named if no < one(company, "SELECT max(no) FROM audit_link") else f"audit_head no {no}:"


def cut_the_end(company, chance):
    """All traces of the newest events go: only the head that is kept elsewhere still tells."""
    links = [row[0] for row in rows(company, "SELECT no FROM audit_link ORDER BY no")]
    last = chance.choice(links[:-1])
    return [f"DELETE FROM {table} WHERE no > {last}" for table in ("event", "audit_link")] + [
        f"UPDATE tenant_counter SET event_no = {last}", f"UPDATE follower_cursor SET pos = (SELECT pos FROM event WHERE no = {last})",
        f"UPDATE lane SET pos = (SELECT pos FROM event WHERE no = {last}) WHERE lane = (SELECT lane FROM event WHERE no = {last})"], f"audit_head no {links[-1]}:"


def claim_a_past(company, chance):
    """As if the audit had begun later."""
    tenant = one(company, "SELECT tenant FROM tenant")
    return [f"INSERT INTO audit_start (tenant, events, changes, readings) VALUES ({tenant}, 5, 0, 0)"], "audit_link no "


WAYS = (change_event, remove_events, insert_event, exchange_events, change_history, remove_history, insert_history, change_reading, remove_reading,
        change_link, remove_link, cut_the_end, claim_a_past)


def named(faults, wanted):
    return [line for line in faults if line.startswith(wanted)]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_each_way_to_tamper_is_named(tampered, way):
    statements, wanted = way(tampered, random.Random(way.__name__))
    for statement in statements:
        tampered.execute(statement)
    code, faults, _ = verify(tampered)
    assert code == 1 and named(faults, wanted), (statements, wanted, faults)


def test_whatever_is_planted_is_found(lived, tmp_path):
    """Several at once, drawn by lot: each is named, or hidden behind one that was named at the same place."""
    for draw in range(PLANTED):
        chance = random.Random(f"audit {draw}")
        company = lived.copy(tmp_path / str(draw))
        statements, wanted = chance.choice(WAYS)(company, chance)
        for statement in statements:
            company.execute(statement)
        code, faults, _ = verify(company)
        company.drop()
        assert code == 1 and named(faults, wanted), (draw, statements, wanted, faults)


def test_the_chain_goes_on_over_kills(company):
    for _ in range(3):
        server = Server(company).start()
        client = Client(server.url).sign_in(*company.accounts[0])
        for _ in range(5):
            client.post("/product", {"code": f"K{random.randrange(10**9)}", "name": "链"})
        server.kill()
        client.close()
    with Server(company):
        wait_for_chain(company)
    assert verify(company)[:2] == (0, [])


@pytest.mark.quick
def test_heads_are_sent_elsewhere_every_hour(company, tmp_path):
    clock, heads = Clock(tmp_path / "clock"), tmp_path / "elsewhere"
    gateway = Gateway()
    options = ("--audit-heads", str(heads), "--audit-url", gateway.url, "--outbound-allow", "127.0.0.1")
    with Server(company, clock=clock, options=options) as server:
        client = Client(server.url).sign_in(*company.accounts[0])
        for hour in range(1, 4):
            wait_for_chain(company)
            wait_for(lambda: rows(company, f"SELECT 1 FROM job WHERE kind = 'audit.send' AND state = 'waiting' AND run_at > {clock.ms}"))
            clock.move(3600)
            wait_for(lambda: heads.exists() and len(heads.read_text().splitlines()) >= hour)
        wait_for(lambda: len(gateway.calls) >= 3)
        client.close()
    gateway.close()
    lines = heads.read_text().splitlines()
    assert [call[3] for call in gateway.calls[:3]] == [json.loads(line) for line in lines[:3]]
    assert verify(company, heads)[:2] == (0, [])
    head = json.loads(lines[-1])
    assert head["company"] == "demo" and head["no"] == one(company, f"SELECT max(no) FROM audit_link WHERE no <= {head['no']}")


def test_a_head_signed_by_somebody_else_is_refused(lived, tmp_path):
    head = json.loads(next((lived.folder / "audit").glob("*.head")).read_text())
    (tmp_path / "heads").write_text(json.dumps(head | {"no": head["no"] + 1}) + "\n")
    code, faults, _ = verify(lived, tmp_path / "heads")
    assert code == 1 and faults == [f"audit_head no {head['no'] + 1}: signed by somebody else"]
