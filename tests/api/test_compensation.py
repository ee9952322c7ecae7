"""What a complaining customer is given: who proposes, who approves, and that nothing is given twice or past somebody."""
import json
import threading
import uuid

import pytest
from people import new_customer, new_phone, report
from test_scope import new_user

from client import Client

RIGHTS = ["compensation.read", "compensation.create", "compensation.change", "compensation_grant.read", "ticket.read", "ticket.merge", "ticket.create",
          "ticket.change", "device.read", "customer.read", "user.read"]
BOSS = [*RIGHTS, "compensation.approve", "compensation_grant.settle"]


@pytest.fixture
def desk(server, admin):
    people = [new_user(server, admin, rights, "all") for rights in (RIGHTS, BOSS, BOSS)]
    yield people
    for client in people:
        client.close()
        admin.post(f"/user/{client.user['id']}/archive", {"version": admin.get(f"/user/{client.user['id']}")["version"]})      # a list of approvers holds twenty


def complaint(admin, scene="complaint", device=None):
    customer = admin.post("/customer", {"name": "周婷", "phone": new_phone()})["id"]
    if device:
        model = admin.get("/model", limit=1)["items"][0]["id"]
        device = admin.post("/device", {"serial": f"C{uuid.uuid4().hex[:9].upper()}", "model_id": model, "customer_id": customer} | device)["id"]
    return admin.post("/ticket", {"scene": scene, "customer_id": customer, "device_id": device, "text": "态度很差，我要投诉"})


def plan(client, ticket, status=None, device=False, **values):
    values |= {"device_id": ticket["device_id"]} if device else {}
    return client.post("/compensation", {"ticket_id": ticket["id"], "cause": "上门迟到两次"} | (values or {"coupon_fen": 5000}), status=status)


def act(client, made, action, status=None, kind="compensation", **values):
    version = client.get(f"/{kind}/{made['id']}")["version"]
    return client.post(f"/{kind}/{made['id']}/action/{action}", {"version": version} | values, status=status)


def grants(admin, made):
    return {g["kind"]: g for g in admin.get("/compensation_grant", condition=f"compensation_id = {made['id']}")["items"]}


def test_under_the_limit_whoever_has_the_right_may_approve_her_own(admin, desk):
    agent, boss, _ = desk
    ticket = complaint(admin)
    act(agent, plan(agent, ticket), "approve", status=403)
    done = act(boss, plan(boss, ticket), "approve", reason="同意")
    assert (done["state"], done["alone"], done["decision"]) == ("approved", True, "同意")


def test_over_the_limit_it_takes_a_second_person(admin, desk):
    _, boss, other = desk
    made = plan(boss, complaint(admin), coupon_fen=15000, refund_fen=5001)
    assert made["total_fen"] == 20001
    assert act(boss, made, "approve", status=403)["error"]["code"] == "second_person"
    done = act(other, made, "approve")
    assert (done["state"], done["alone"]) == ("approved", False)


def test_several_small_plans_on_one_ticket_are_one_large_one(admin, desk):
    _, boss, other = desk
    ticket = complaint(admin)
    act(boss, plan(boss, ticket, coupon_fen=12000), "approve")
    second = plan(boss, ticket, coupon_fen=12000)
    assert act(boss, second, "approve", status=403)["error"]["code"] == "second_person"
    act(other, second, "decline", reason="太多")
    act(boss, plan(boss, ticket, coupon_fen=8000), "approve")


def test_small_plans_on_many_tickets_come_to_the_limit_of_a_day(admin, desk):
    _, boss, _ = desk
    for _ in range(5):
        act(boss, plan(boss, complaint(admin), refund_fen=20000), "approve")
    assert act(boss, plan(boss, complaint(admin), refund_fen=1), "approve", status=403)["error"]["code"] == "second_person"


def test_a_long_warranty_counts_too(admin, desk):
    _, boss, _ = desk
    made = plan(boss, complaint(admin, device={"purchased_on": "2026-01-31"}), warranty_months=21, device=True)
    assert act(boss, made, "approve", status=403)["error"]["code"] == "second_person"


def test_what_is_changed_after_approval_is_approved_anew(admin, desk):
    agent, boss, other = desk
    made = plan(agent, complaint(admin))
    done = act(boss, made, "approve")
    changed = boss.patch(f"/compensation/{made['id']}", {"version": done["version"], "refund_fen": 90000})
    assert (changed["state"], changed["decided_by"], changed["total_fen"]) == ("proposed", None, 95000)
    act(agent, made, "grant", status=409)
    act(boss, made, "approve", status=403)      # who changed it is no second person, though another proposed it
    act(other, made, "approve")


def test_who_raised_the_sum_is_no_second_person_after_somebody_else_touched_it(admin, desk):
    agent, boss, other = desk
    made = plan(agent, complaint(admin))
    raised = boss.patch(f"/compensation/{made['id']}", {"version": made["version"], "refund_fen": 90000})
    agent.patch(f"/compensation/{made['id']}", {"version": raised["version"], "cause": "上门迟到三次"})
    assert act(boss, made, "approve", status=403)["error"]["code"] == "second_person"
    assert act(other, made, "approve")["alone"] is False


def test_it_is_carried_out_once_with_two_at_it(admin, desk, server):
    agent, boss, _ = desk
    ticket = complaint(admin, device={"purchased_on": "2026-01-31"})
    made = plan(agent, ticket, device=True, warranty_months=6, coupon_fen=1000, refund_fen=2000)
    act(boss, made, "approve")
    version, answers = agent.get(f"/compensation/{made['id']}")["version"], []

    def carry_out(client):
        answers.append(client.http.post(f"/compensation/{made['id']}/action/grant", json={"version": version}, headers={"Idempotency-Key": uuid.uuid4().hex}).status_code)
    both = [threading.Thread(target=carry_out, args=(client,)) for client in (agent, boss)]
    [one.start() for one in both]
    [one.join() for one in both]
    assert sorted(answers) == [200, 409]
    given = grants(admin, made)
    assert {kind: (g["amount_fen"], g["months"]) for kind, g in given.items()} == {"warranty": (0, 6), "coupon": (1000, 0), "refund": (2000, 0)}
    device = admin.get(f"/device/{ticket['device_id']}")
    assert device["warranty_until"] == given["warranty"]["until"] == device["extended_until"]
    act(agent, made, "withdraw", status=409, reason="不给了")
    agent.patch(f"/compensation/{made['id']}", {"version": agent.get(f"/compensation/{made['id']}")["version"], "refund_fen": 1}, status=409)
    settled = act(boss, given["refund"], "settle", kind="compensation_grant", reference="ERP-1")
    assert (settled["state"], settled["reference"]) == ("done", "ERP-1")
    act(boss, given["refund"], "settle", kind="compensation_grant", reference="ERP-2", status=409)


def test_a_device_keeps_its_longer_warranty_whatever_its_dates(admin, desk):
    agent, boss, _ = desk
    ticket = complaint(admin, device={"purchased_on": "2019-01-31"})
    made = plan(agent, ticket, warranty_months=3, device=True)
    act(boss, made, "approve")
    act(agent, made, "grant")
    device = admin.get(f"/device/{ticket['device_id']}")
    admin.patch(f"/device/{device['id']}", {"version": device["version"], "purchased_on": "2018-01-31"})
    assert admin.get(f"/device/{device['id']}")["warranty_until"] == device["extended_until"] > "2026"


def test_what_makes_no_plan(admin, desk):
    agent, boss, _ = desk
    ticket = complaint(admin)
    stranger = complaint(admin, device={"purchased_on": "2026-01-31"})
    for wrong in ({"coupon_fen": -1}, {"warranty_months": 6, "device_id": stranger["device_id"]}, {"coupon_fen": 1, "state": "approved"}):
        plan(agent, ticket, status=422, **wrong)
    for empty in ({"coupon_fen": 0}, {"warranty_months": 6}):
        act(boss, plan(agent, ticket, **empty), "approve", status=422)
    made = plan(agent, ticket)
    act(boss, made, "decline", status=422)
    assert act(boss, made, "decline", reason="无依据")["state"] == "declined"
    act(boss, made, "approve", status=409)


def test_no_token_approves(admin, desk, server):
    _, boss, _ = desk
    made = plan(boss, complaint(admin))
    token = admin.post("/api_token", {"name": f"t{uuid.uuid4().hex[:6]}", "scopes": ["compensation.read", "compensation.approve"]})["token"]
    program = Client(server.url)
    program.http.headers["Authorization"] = f"Bearer {token}"
    act(program, made, "approve", status=403)
    program.close()


def test_who_may_approve_is_shown_before(admin, desk, server):
    agent, boss, other = desk
    ticket = complaint(admin)
    blind = new_user(server, admin, BOSS, "own")
    asked = agent.get(f"/ticket/{ticket['id']}/compensation_ask", coupon_fen=25000)
    names = {p["id"] for p in asked["approvers"]}
    me = [c.get("/session")["user"]["id"] for c in (agent, boss, other, blind)]
    assert asked["needs_second"] and asked["total_fen"] == 25000 and me[0] not in names and me[3] not in names
    assert not boss.get(f"/ticket/{ticket['id']}/compensation_ask", coupon_fen=5000)["needs_second"]
    assert me[1] not in {p["id"] for p in boss.get(f"/ticket/{ticket['id']}/compensation_ask", coupon_fen=5000)["approvers"]}
    blind.close()


def test_the_timeline_tells_it_to_staff_and_only_what_was_given_to_the_customer(admin, desk):
    agent, boss, _ = desk
    ticket = complaint(admin)
    made = plan(agent, ticket)
    act(boss, made, "approve")
    act(agent, made, "grant")
    kinds = [e["kind"] for e in admin.get(f"/ticket/{ticket['id']}/timeline")["items"] if "compensation" in e["kind"]]
    assert kinds == ["ticket.compensation_granted", "ticket.compensation_approved", "ticket.compensation_proposed"]


def test_splitting_a_ticket_makes_no_second_sum(admin, desk):
    _, boss, other = desk
    ticket = complaint(admin)
    act(boss, plan(boss, ticket, coupon_fen=12000), "approve")
    split = admin.post(f"/ticket/{ticket['id']}/split", {"scene": "complaint", "text": "另一件事也要投诉"})
    assert boss.get(f"/ticket/{split['id']}/compensation_ask", coupon_fen=12000)["ticket_fen"] == 12000
    second = plan(boss, split, coupon_fen=12000)
    assert act(boss, second, "approve", status=403)["error"]["code"] == "second_person"
    act(other, second, "approve")
    third = plan(boss, ticket, coupon_fen=1)
    assert act(boss, third, "approve", status=403)["error"]["code"] == "second_person"


def test_whoever_a_condition_keeps_from_the_ticket_is_not_offered_as_approver(admin, desk, server):
    agent, _, _ = desk
    repairs = new_user(server, admin, BOSS, "all")
    role = admin.get(f"/role/{repairs.role['id']}")
    admin.patch(f"/role/{role['id']}", {"version": role["version"], "conditions": [{"record": "ticket", "where": "scene = repair"}]})
    names = {p["id"] for p in agent.get(f"/ticket/{complaint(admin)['id']}/compensation_ask", coupon_fen=25000)["approvers"]}
    assert names and repairs.user["id"] not in names
    repairs.close()


def approval(client, made, **options):
    return client.get(f"/compensation/{made['id']}/approval", **options)


def told(client):
    return [(n["kind"], n["object_id"]) for n in client.get("/notification")["items"] if n["kind"].startswith("approval")]


def test_a_plan_says_who_may_approve_it_and_why_somebody_may_not(admin, desk):
    agent, boss, other = desk
    ticket = complaint(admin)
    made = plan(boss, ticket, coupon_fen=25000)
    mine, hers, agents = (approval(client, made) for client in (boss, other, agent))
    assert (mine["may_approve"], mine["hand"], mine["over_limit"]) == (False, True, True)
    assert (hers["may_approve"], hers["hand"]) == (True, False)
    assert (agents["may_approve"], agents["hand"]) == (False, False)
    assert (mine["total_fen"], mine["limit_fen"], mine["ticket_fen"]) == (25000, 20000, 0)
    me, others = (client.get("/session")["user"]["id"] for client in (boss, other))
    assert others in {p["id"] for p in mine["approvers"]} and me not in {p["id"] for p in mine["approvers"]}
    act(other, made, "approve")
    assert not approval(other, made)["may_approve"]
    small = approval(boss, plan(boss, complaint(admin), coupon_fen=100))
    assert (small["may_approve"], small["hand"], small["over_limit"]) == (True, True, False)


def test_whoever_is_asked_hears_of_it_and_the_proposer_of_the_answer(admin, desk):
    agent, boss, other = desk
    ticket = complaint(admin)
    asked = boss.get("/session")["user"]["id"]
    made = plan(agent, ticket, coupon_fen=500, approver_id=asked)
    assert told(boss) == [("approval_asked", ticket["id"])] and told(other) == []
    made = agent.patch(f"/compensation/{made['id']}", {"version": made["version"], "approver_id": other.get("/session")["user"]["id"]})
    assert told(other) == [("approval_asked", ticket["id"])] and len(told(boss)) == 1
    act(other, made, "approve")
    assert told(agent) == [("approval_given", ticket["id"])]
    nobody_named = plan(agent, complaint(admin), coupon_fen=500)
    assert told(boss)[0][1] == told(other)[0][1] == nobody_named["ticket_id"]
    act(boss, nobody_named, "decline", reason="无依据")
    assert told(agent)[0] == ("approval_refused", nobody_named["ticket_id"])
    before = told(other)
    plan(boss, complaint(admin), coupon_fen=100)        # which she may approve alone
    assert told(other) == before


def test_the_customer_reads_what_was_given_and_nothing_of_what_was_only_thought_of(server, admin, desk):
    agent, boss, _ = desk
    customer, _ = new_customer(server.url, admin)
    ticket = report(customer, "complaint")
    made = plan(agent, ticket, coupon_fen=3000, refund_fen=2000)
    for refused in (plan(agent, ticket, coupon_fen=999), plan(agent, ticket, coupon_fen=998)):
        act(boss, refused, "decline", reason="太少")
    act(boss, made, "approve")
    seen = customer.get(f"/my/ticket/{ticket['id']}")
    assert seen["given"] == [] and "compensation" not in json.dumps(seen)
    act(agent, made, "grant")
    seen = customer.get(f"/my/ticket/{ticket['id']}")
    assert [(g["kind"], g["amount_fen"], g["months"], g["until"], g["state"]) for g in seen["given"]] == [
        ("coupon", 3000, 0, None, "waiting"), ("refund", 2000, 0, None, "waiting")]
    assert [e["kind"] for e in seen["timeline"]["items"] if "compensation" in e["kind"]] == ["ticket.compensation_granted"]
    act(boss, grants(admin, made)["refund"], "settle", kind="compensation_grant", reference="ERP-9")
    seen = customer.get(f"/my/ticket/{ticket['id']}")
    assert seen["given"][1]["state"] == "done" and "ERP-9" not in json.dumps(seen)
    customer.close()
