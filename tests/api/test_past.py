"""Tickets of another system: their numbers, times and states are kept, nothing happens because of them, on both engines."""
import json
import subprocess

import pytest

from client import Client
from patience import wait_for
from server import Clock, Server, binary
from test_import import announce, faults, step
from test_rules import rule, runs, ticket

HEADS = "Ticket ID,Status,Created,Solved,主题,内容,联系电话,客户姓名,assignee\n"
ROWS = [
    'Z-1,Pending,2023-03-01 09:00,,冰箱不制冷,<b onclick=alert(1)>不冷</b>,13700000001,赵一鸣,',
    'Z-2,Solved,2023-03-02 09:00,2023-03-04 18:30,洗衣机漏水,=HYPERLINK("http://evil"),13700000001,赵一鸣,nobody',
    'Z-3,Solved,2023-03-05 09:00,2023-03-04 10:00,时间倒了,x,13700000002,钱二,',
    'Z-4,Odd,2023-03-05 09:00,,状态不认识,x,13700000003,孙三,',
    'Z-5,Solved,2023-03-05 09:00,,没有客户,x,,李四,',
]
WORDS = {"state": {"Pending": "working", "SOLVED": "closed"}}


@pytest.fixture
def sheet(tmp_path):
    path = tmp_path / "past.csv"
    path.write_text(HEADS + "\n".join(ROWS) + "\n")
    return path


def old(client, no):
    return client.get("/ticket", filter=json.dumps([["old_no", "=", no]]))["items"]


def bring(client, sheet, source="zendesk", what="start"):
    job = announce(client, "past_ticket", sheet)
    job = client.patch(f"/import/{job['id']}", {"version": job["version"], "source": source, "words": WORDS})
    return step(client, job, what)


def test_past_tickets_keep_number_times_and_state(own, sheet):
    tried = bring(own.admin, sheet, what="check")
    found = {(f["row"], f["code"]) for f in faults(own.admin, tried)}
    assert (tried["created"], tried["bad"]) == (2, 3) and found == {(4, "field_invalid"), (5, "field_choice"), (6, "field_required")}, found
    assert not old(own.admin, "Z-1")

    done = bring(own.admin, sheet)
    assert (done["state"], done["created"], done["bad"]) == ("done", 2, 3)
    first, second = old(own.admin, "Z-1")[0], old(own.admin, "Z-2")[0]
    assert (first["state"], second["state"], first["old_source"]) == ("working", "closed", "zendesk")
    assert first["no"].startswith("SR20230301") and second["created_at"] == 1677718800000
    assert second["solved_at"] == second["closed_at"] == 1677925800000
    assert first["customer_id"] == second["customer_id"]
    assert own.admin.get(f"/ticket/{first['id']}")["description"].startswith("<b onclick")     # text like any other
    kinds = [e["kind"] for e in own.admin.get(f"/ticket/{first['id']}/timeline")["items"]]
    assert kinds == ["ticket.brought"]

    again = bring(own.admin, sheet)
    assert (again["created"], again["bad"]) == (0, 3) and len(old(own.admin, "Z-1")) == 1
    other = bring(own.admin, sheet, source="udesk")         # another system has numbers of its own
    assert other["created"] == 2 and len(old(own.admin, "Z-1")) == 2


def test_the_past_starts_no_clock_sends_nothing_and_fires_no_rule(own, sheet):
    admin = own.admin
    sent = admin.get("/outbox", limit=1, total=1)["total"]
    runs = admin.get("/rule_run", limit=1, total=1)["total"]
    bring(admin, sheet)
    ticket = old(admin, "Z-1")[0]
    assert ticket["next_due_at"] is None or ticket["next_due_at"] > 253402300000000
    assert admin.get("/clock", object="ticket", object_id=ticket["id"])["items"] == []
    assert admin.get("/outbox", limit=1, total=1)["total"] == sent
    assert admin.get("/rule_run", limit=1, total=1)["total"] == runs


def test_the_past_of_somebody_whose_file_went_into_another_is_hers(own, sheet):
    admin = own.admin
    gone = admin.post("/customer", {"name": "赵一鸣", "phone": "13700000001"})
    kept = admin.post("/customer", {"name": "赵一鸣", "phone": "13700000009"})
    admin.post(f"/customer/{kept['id']}/merge", {"customer_id": gone["id"], "reason": "同一个人"})
    bring(admin, sheet)
    assert {t["customer_id"] for t in (*old(admin, "Z-1"), *old(admin, "Z-2"))} == {kept["id"]}


def test_rules_wait_for_what_happens_here(company, sheet, tmp_path):
    """The same rules that act on a ticket of today pass over one of the past until somebody takes it up."""
    clock = Clock(tmp_path / "clock")
    with Server(company, clock=clock) as server:
        admin = Client(server.url).sign_in(*company.accounts[0])
        at_once = rule(admin, condition='title contains "不制冷"', actions=[{"do": "set", "field": "title", "value": "冰箱不制冷，已看"}])
        in_time = rule(admin, cause="time", events=[], condition='title contains "不制冷" and state in (new, working) and age(created_at) > 24h',
                       actions=[{"do": "set", "field": "title", "value": "冰箱不制冷，催办"}])
        bring(admin, sheet)
        today, past = ticket(admin, "冰箱不制冷，请来看看"), old(admin, "Z-1")[0]
        assert [r["object_id"] for r in wait_for(lambda: runs(admin, at_once))] == [today]
        clock.move(25 * 3600)
        admin = Client(server.url).sign_in(*company.accounts[0])
        assert [r["object_id"] for r in wait_for(lambda: runs(admin, in_time))] == [today]
        seen = admin.get(f"/ticket/{past['id']}")
        assert (seen["title"], seen["version"]) == (past["title"], 1)
        admin.patch(f"/ticket/{past['id']}", {"version": 1, "title": "冰箱不制冷，客户又来电"})
        clock.move(61)
        wait_for(lambda: past["id"] in [r["object_id"] for r in runs(admin, in_time)])
        admin.close()


def test_a_rule_of_time_is_tried_on_what_stands_behind_a_long_past(own, tmp_path):
    long = tmp_path / "long.csv"
    long.write_text(HEADS + "".join(f"L-{n},Pending,2023-03-01 09:00,,冰箱嗡嗡响,x,13700000001,赵一鸣,\n" for n in range(130)))
    assert bring(own.admin, long)["created"] == 130
    today = ticket(own.admin, "冰箱嗡嗡响，请来看看")
    tried = own.admin.post("/rule/try", {"object": "ticket", "cause": "time", "condition": 'title contains "嗡嗡响"', "actions": [{"do": "move", "action": "accept"}]})
    assert ([e["object_id"] for e in tried["events"]], tried["more"]) == ([today], False)


def test_the_old_number_is_found(own, sheet):
    bring(own.admin, sheet)
    ticket_id = old(own.admin, "Z-2")[0]["id"]
    wait_for(lambda: ticket_id in [i["row"]["id"] for i in own.admin.get("/search", q="Z-2")["items"]])
    assert ticket_id in [t["id"] for t in own.admin.get("/ticket", q="Z-2")["items"]]


def test_words_must_mean_something_here(own, sheet):
    job = announce(own.admin, "past_ticket", sheet)
    for words in ({"state": {"Pending": "nonsense"}}, {"nothing": {}}, {"old_no": {"a": "b"}}, {"state": 1}):
        own.admin.patch(f"/import/{job['id']}", {"version": job["version"], "words": words}, status=422)


def test_by_command(company, sheet, tmp_path):
    words = tmp_path / "words.json"
    words.write_text(json.dumps(WORDS))
    run = subprocess.run([binary(), "import", *company.options(), "demo", company.accounts[0][0], "past_ticket", sheet, "source=zendesk", f"words={words}"],
                         capture_output=True)
    assert run.returncode == 3 and "5 rows, 2 created" in run.stderr.decode(), run.stderr.decode()
    with Server(company) as server:
        admin = Client(server.url).sign_in(*company.accounts[0])
        assert len(old(admin, "Z-2")) == 1
        admin.close()
