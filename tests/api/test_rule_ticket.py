"""A conversation becomes a ticket by rule (C1): as by the click, once, and shown before in a dry run."""
import uuid

import pytest
from definitions import switch_off
from test_conversation import write
from test_rules import passed, rule, runs

from patience import wait_for

assert passed           # a fixture


@pytest.fixture
def made(admin):
    """A rule on conversations that say the mark; switched off afterwards."""
    rows = []

    def make(mark, **fields):
        rows.append(rule(admin, **({"object": "conversation", "events": ["received"], "condition": f'title contains "{mark}"', "actions": [{"do": "ticket"}]} | fields)))
        return rows[-1]
    yield make
    for row in rows:
        switch_off(admin, "rule", row["id"])


@pytest.fixture
def mark():
    return uuid.uuid4().hex[:8]


def row_of(admin, conversation):
    return admin.get(f"/conversation/{conversation}")


@pytest.mark.quick
def test_a_complaint_becomes_a_ticket_with_what_is_known_filled_in_and_she_is_told(admin, customer, made, mark, passed):
    rule_row = made(mark, condition=f'scene = complaint and title contains "{mark}"')
    conversation = write(customer, f"冰箱漏水没人管，我要投诉 {mark}，电话 13812345678")["conversation"]["id"]
    ticket = admin.get(f"/ticket/{wait_for(lambda: row_of(admin, conversation)['ticket_id'])}")
    fridge = next(p["id"] for p in admin.get("/product", limit=100)["items"] if p["name"] == "冰箱")
    assert (ticket["scene"], ticket["customer_id"], ticket["product_id"], ticket["channel"]) == ("complaint", customer.id, fridge, row_of(admin, conversation)["channel"])
    assert mark in ticket["title"] and "13812345678" not in ticket["title"]
    assert [t["id"] for t in customer.get("/my/ticket")["items"]] == [ticket["id"]]
    assert [(r["object_id"], r["result"]) for r in wait_for(lambda: runs(admin, rule_row))] == [(conversation, "done")]
    write(customer, f"还是要投诉 {mark}")
    passed()
    wait_for(lambda: len(runs(admin, rule_row)) == 2)
    assert admin.get("/ticket/count", condition=f'title contains "{mark}"')["total"] == 1, "once for a conversation"


def test_the_scene_that_the_rule_names_is_taken_and_the_rules_of_tickets_follow(admin, customer, made, mark):
    made(mark, actions=[{"do": "ticket", "scene": "installation"}])
    follows = rule(admin, events=["created"], condition=f'title contains "{mark}"', actions=[{"do": "move", "action": "accept"}])
    conversation = write(customer, f"{mark} 想装空调")["conversation"]["id"]
    ticket = wait_for(lambda: row_of(admin, conversation)["ticket_id"])
    wait_for(lambda: admin.get(f"/ticket/{ticket}")["state"] == "accepted")
    assert admin.get(f"/ticket/{ticket}")["scene"] == "installation"
    switch_off(admin, "rule", follows["id"])


def test_two_rules_and_a_click_make_one(admin, customer, made, mark):
    rows = [made(mark), made(mark)]
    conversation = write(customer, f"{mark} 洗衣机不转")["conversation"]["id"]
    wait_for(lambda: all(runs(admin, row) for row in rows))
    ticket = row_of(admin, conversation)["ticket_id"]
    assert ticket and admin.post(f"/conversation/{conversation}/ticket", {})["ticket"]["id"] == ticket
    assert admin.get("/ticket/count", condition=f'title contains "{mark}"')["total"] == 1


def test_what_follows_from_the_ticket_does_not_come_round(admin, customer, made, mark, passed):
    """Rules that wake each other end: the ticket is made once, and no rule runs twice in one chain."""
    first = made(mark, events=["received", "changed", "ticketed"])
    conversation = write(customer, f"{mark} 空调不凉")["conversation"]["id"]
    wait_for(lambda: row_of(admin, conversation)["ticket_id"])
    passed()
    assert [r["result"] for r in runs(admin, first)] == ["done"]


def test_an_open_ticket_of_the_same_matter_is_linked(admin, customer, made, mark):
    device = admin.get("/device", condition="customer_id is not none", limit=1)["items"][0]
    there = admin.post("/ticket", {"scene": "repair", "customer_id": device["customer_id"], "device_id": device["id"], "text": "不制冷，请来看看"})["id"]
    conversation = admin.post("/intake/message", {"system": "app", "person": mark, "external_id": mark, "text": "还是老毛病", "customer_id": device["customer_id"]})["conversation_id"]
    row = row_of(admin, conversation)
    admin.patch(f"/conversation/{conversation}", {"version": row["version"], "device_id": device["id"]})
    made(mark, condition=f"id = {conversation}", actions=[{"do": "ticket", "scene": "repair"}])
    admin.post("/intake/message", {"system": "app", "person": mark, "external_id": f"{mark}2", "text": f"{mark} 又不制冷了"})
    assert wait_for(lambda: row_of(admin, conversation)["ticket_id"]) == there


def test_a_dry_run_shows_what_would_be_made_and_makes_nothing(admin, customer, mark):
    conversation = write(customer, f"洗碗机漏水，我要投诉 {mark}，电话 13812345678")["conversation"]["id"]
    trial = {"object": "conversation", "events": ["received"], "condition": f'title contains "{mark}"', "actions": [{"do": "ticket"}]}
    tried = wait_for(lambda: [e for e in admin.post("/rule/try", trial)["events"] if e["fires"]])
    said = tried[0]["says"][0]
    assert said["makes"] == "ticket" and mark in said["text"] and said["text"].split(" · ")[0] in ("投诉", "Complaint") and "13812345678" not in said["text"]
    assert row_of(admin, conversation)["ticket_id"] is None
    admin.post(f"/conversation/{conversation}/mark", {"no": 1, "what": "scene", "value": "usage"})
    tried = [e for e in admin.post("/rule/try", trial)["events"] if e["fires"]]
    assert tried[0]["says"][0]["text"].split(" · ")[0] in ("使用咨询", "Usage question"), "what an agent put right is what the ticket gets"
    admin.post(f"/conversation/{conversation}/ticket", {})
    tried = [e for e in admin.post("/rule/try", trial)["events"] if e["fires"]]
    assert tried[0]["says"][0] == {"text": "", "missing": [], "makes": "nothing"}


def test_it_is_for_conversations_and_for_who_may_make_tickets(admin):
    refused = admin.post("/rule", {"name": "x", "object": "ticket", "state": "on", "events": ["created"], "actions": [{"do": "ticket"}]}, status=422)
    assert refused["error"]["fields"][0]["field"] == "actions[0].do"
    wrong = admin.post("/rule", {"name": "x", "object": "conversation", "state": "on", "events": ["received"], "actions": [{"do": "ticket", "scene": "none"}]}, status=422)
    assert wrong["error"]["fields"][0]["field"] == "actions[0].scene"
    offered = {k["name"]: k for k in admin.get("/rule/kinds", object="conversation")["actions"]}
    assert [m["name"] for m in offered["ticket"]["members"]] == ["scene"] and offered["ticket"]["members"][0]["choices"]
    assert "ticket" not in {k["name"] for k in admin.get("/rule/kinds", object="ticket")["actions"]}


def test_what_she_wants_is_heard_once_and_for_all_where_it_is_grave(admin, customer):
    def scene(text):
        return row_of(admin, write(customer, text)["conversation"]["id"])["scene"]
    assert not scene("你好")
    assert scene("我不想投诉，滤网怎么清洗") == "usage"
    assert scene("你们没人管，我要投诉") == scene("发票也没有") == "complaint"
    assert scene("现在冒烟了") == scene("算了，怎么用") == "emergency"
