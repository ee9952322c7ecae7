"""A company of an earlier release, data and keys as that release left them, met by this program: everything is there and everything works.

tests/upgrade/release-0.1.0.tar.xz holds one for each engine: the small demo with a role, a person, a view, a token, a setting, a ticket and
a file made by hand. Its key opens nothing but these invented people.
"""
import sqlite3
import subprocess
import tarfile
import time
from contextlib import closing

import pytest
from authenticator import code
from patience import wait_for
from people import new_address

from client import Client
from server import ROOT, Company, Server, binary

pytestmark = pytest.mark.quick
KEPT = ("ticket", "customer", "device", "user_account", "role", "event", "change", "session", "api_token", "file", "lookup", "outbox")


def count(company):
    """Rows of each table as they lie there."""
    asked = {table: f"SELECT count(*) FROM {table}" for table in KEPT}
    if company.database:
        import psycopg
        with psycopg.connect(company.database.uri) as connection:
            connection.execute("SET search_path TO anxin")
            return {table: connection.execute(query).fetchone()[0] for table, query in asked.items()}
    with closing(sqlite3.connect(company.folder / "data.db")) as connection:
        return {table: connection.execute(query).fetchone()[0] for table, query in asked.items()}


@pytest.fixture(scope="module")
def old(engine, demos, tmp_path_factory):
    demos(engine)       # on PostgreSQL it makes the roles that the dump grants to
    place = tmp_path_factory.mktemp("upgrade")
    with tarfile.open(ROOT / "tests/upgrade/release-0.1.0.tar.xz") as archive:
        archive.extractall(place)
    folder = place / engine
    folder.chmod(0o700)
    (folder / "master.key").chmod(0o600)
    company = Company.empty(engine, folder, [("admin", "anxin-demo")])
    if company.database:
        subprocess.run(["pg_restore", "--no-owner", "--exit-on-error", "-d", company.database.uri, folder / "data.pgdump"], check=True)
    yield company, (folder / "token").read_text(), count(company)
    company.drop()


@pytest.fixture(scope="module")
def server(old):
    with Server(old[0]) as running:
        yield running


@pytest.fixture(scope="module")
def admin(server):
    return Client(server.url).sign_in("admin", "anxin-demo")


def found(client, record, **query):
    return client.get(f"/{record}", limit=200, **query)["items"]


def test_no_row_is_lost(old, server):
    before, after = old[2], count(old[0])
    assert not [(table, before[table], after[table]) for table in KEPT if not after[table] >= before[table] > 0 and table != "session"]     # sign-ins end by themselves
    for table in ("ticket", "customer", "device", "user_account", "file", "change"):
        assert after[table] == before[table], table


def test_people_sign_in_as_before_and_so_does_a_program(old, server):
    lead = Client(server.url, address=new_address()).sign_in("lead", "a-password-of-then")
    assert lead.get("/session")["user"]["name"] == "林组长"
    assert found(Client(server.url, address=new_address()).bearing(old[1]), "ticket")


def test_what_was_written_is_read_sealed_values_and_files_included(admin):
    ticket = next(t for t in found(admin, "ticket", q="冰箱漏水") if t["title"].startswith("升级前的报修"))
    assert ticket["description"] == "升级前的报修：冰箱漏水"
    revealed = admin.post(f"/customer/{ticket['customer_id']}/reveal", {"field": "phone", "purpose": "核对"}, status=200)["value"]
    assert revealed.endswith("13912340000")
    note = next(e for e in admin.get(f"/ticket/{ticket['id']}/timeline")["items"] if e["text"] == "升级前的备注")
    assert admin.http.get(f"/file/{note['file_ids'][0]}/content").content[:4] == b"\x89PNG"
    assert found(admin, "customer", q="13912340000")[0]["id"] == ticket["customer_id"]


def test_roles_of_then_are_found_by_their_words(admin):
    role = next(r for r in found(admin, "role") if r["code"] == "desk-lead")
    for word in (role["name"], "desk-lead"):
        wait_for(lambda: role["id"] in [r["id"] for r in found(admin, "role", q=word)])
    assert role["id"] in [h["row"]["id"] for h in admin.get("/search", q=role["name"])["items"] if h["object"] == "role"]


def test_choices_of_then_hold(admin):
    assert admin.get("/setting/code.life")["value"] == 12
    role = next(r for r in found(admin, "role") if r["code"] == "desk-lead")
    assert (role["scope"], role["permissions"]) == ("team", ["ticket.read", "user.read", "tag.read", "conversation.read", "article.read", "phrasing.read", "synonym.read", "chat_queue.read", "bot_turn.read", "phone_call.read"])
    assert (role["second_factor"], role["idle_minutes"], role["conditions"], role["masks"]) == (False, 0, [], [])
    views = {view["name"]: view["condition"] for view in found(admin, "view")}
    assert views["紧急与特急"] == "grade in (urgent, critical) and state not in (closed, cancelled)"
    assert "urgent" in views["旧视图"]         # her own words stay, for her to say anew
    assert admin.get("/ticket", condition=views["紧急与特急"], limit=5)["items"]


def test_what_is_new_works_on_what_is_old(server, admin):
    lead = Client(server.url, address=new_address()).sign_in("lead", "a-password-of-then")
    offer = lead.post("/session/factor", {}, status=200)
    lead.post("/session/factor/confirm", {"code": code(offer["secret"], time.time())}, status=200)
    user = next(u for u in found(admin, "user") if u["account"] == "lead")
    assert user["factor_at"]
    assert admin.post(f"/user/{user['id']}/invite", status=201)["state"] == "open"


def test_the_doctor_finds_nothing_bad(old, server):
    said = subprocess.run([binary(), "doctor", *old[0].options()], capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout
    assert "bad " not in said and "up to date" in said, said


def test_supervisors_keep_the_wall_and_open_work_stands_in_its_queues(server, admin):
    roles = {role["code"]: role["permissions"] for role in found(admin, "role")}
    assert {"wall.read", "ticket.order", "ticket.supervise"} <= set(roles["supervisor"])
    assert not {"wall.read", "ticket.supervise"} & set(roles["agent"])
    wall = admin.get("/wall")
    waiting = "state in (new, accepted, working, waiting_customer)"
    assert sum(team["open"] for team in wall["teams"]) == admin.get("/ticket/count", condition=waiting)["total"] > 0
