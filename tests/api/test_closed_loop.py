"""The closed loop that a company begins with, as rules of its pack: calls that are promised, bad reviews, silence."""
import json

import people
import pytest
from desk import HOUR, STEPS, desk  # noqa: F401 (desk is a fixture)
from test_packs import take_up

from patience import wait_for

PACKS = ("appliance", "retail", "services")


@pytest.fixture(params=PACKS)
def trade(request, desk):  # noqa: F811
    """A company of each trade."""
    if request.param != PACKS[0]:
        take_up(desk.admin, request.param)
    return desk


def tasks(desk, ticket):
    found = desk.admin.get("/task", limit=200)["items"]
    return sorted((t["kind"], t["due_at"] - desk.clock.ms) for t in found if t["ticket_id"] == ticket)


def resolved(desk, ticket):
    desk.act(ticket, "accept")
    desk.act(ticket, "resolve", **STEPS)


def test_a_complaint_is_called_within_the_hour_and_called_back_within_three_days(trade):
    ticket = trade.ticket("态度很差，我要投诉", scene="complaint")
    wait_for(lambda: tasks(trade, ticket) == [("complaint_call", HOUR)])
    resolved(trade, ticket)
    wait_for(lambda: ("call_back", 72 * HOUR) in tasks(trade, ticket))


def test_a_repair_is_called_back_within_a_day_and_once_more_when_it_was_not_solved(trade):
    customer, _ = people.new_customer(trade.server.url, trade.admin)
    ticket = people.report(customer)["id"]
    resolved(trade, ticket)
    wait_for(lambda: tasks(trade, ticket) == [("call_back", 24 * HOUR)])
    customer.post(f"/my/ticket/{ticket}/unsolved", {"version": customer.get(f"/my/ticket/{ticket}")["version"], "reason": "还在漏"})
    wait_for(lambda: tasks(trade, ticket) == [("call_back", 24 * HOUR), ("second_call", 72 * HOUR)])
    assert trade.admin.get(f"/ticket/{ticket}")["state"] == "working"
    customer.close()


def test_a_bad_review_is_followed_up_within_two_hours(trade):
    customer, _ = people.new_customer(trade.server.url, trade.admin)
    ticket = people.report(customer)["id"]
    resolved(trade, ticket)
    for what, fields in (("confirm", {}), ("rate", {"result": "not", "attitude": 1, "speed": 1, "solution": 1})):
        customer.post(f"/my/ticket/{ticket}/{what}", {"version": customer.get(f"/my/ticket/{ticket}")["version"], **fields})
    wait_for(lambda: ("review_call", 2 * HOUR) in tasks(trade, ticket))
    customer.close()


@pytest.mark.parametrize("moves", [(), ("accept",), ("accept", "start")], ids=["new", "accepted", "working"])
def test_what_nobody_touched_for_a_day_is_told(trade, moves):
    ticket = trade.ticket()
    for move in moves:
        trade.act(ticket, move)
    state = trade.admin.get(f"/ticket/{ticket}")["state"]

    def late():
        trade.clock.move(61)
        return [t["kind"] for t in trade.admin.get("/task", limit=200)["items"] if t["ticket_id"] == ticket and "超过 24 小时未处理" in t["title"]]
    trade.clock.move(24 * 3600 - 600)
    trade.sign_in()
    assert late() == []
    trade.clock.move(540)
    assert wait_for(late) == ["todo"] and trade.admin.get(f"/ticket/{ticket}")["state"] == state


def test_three_days_of_silence_close_a_ticket_and_say_why(desk):
    silent, answered = desk.ticket(), desk.ticket()
    resolved(desk, silent)
    resolved(desk, answered)
    desk.act(answered, "reopen", reason="还在响")
    desk.clock.move(72 * 3600 - 60)
    desk.sign_in()
    desk.clock.move(61)
    desk.sign_in()

    def closed():
        desk.clock.move(61)
        return desk.admin.get(f"/ticket/{silent}")["state"] == "closed"
    wait_for(closed)
    assert desk.admin.get(f"/ticket/{answered}")["state"] == "working"
    assert "3 天内未反馈" in json.dumps(desk.admin.get(f"/ticket/{silent}/history"), ensure_ascii=False)


def test_what_was_not_solved_needs_a_new_plan_before_it_goes_on(desk):
    customer, _ = people.new_customer(desk.server.url, desk.admin)
    ticket = people.report(customer)["id"]
    resolved(desk, ticket)

    def allowed():
        return {a["name"]: a["primary"] for a in desk.admin.get(f"/ticket/{ticket}")["actions"]}

    def unsolved():
        customer.post(f"/my/ticket/{ticket}/unsolved", {"version": customer.get(f"/my/ticket/{ticket}")["version"], "reason": "还在漏"})

    def plan(status=None, **fields):
        version = desk.admin.get(f"/ticket/{ticket}")["version"]
        return desk.admin.post(f"/ticket/{ticket}/action/plan", {"version": version} | fields, status=status)

    plan(status=409, new_plan="上门换门封", plan_due_at=desk.clock.ms + HOUR)
    unsolved()
    assert allowed()["plan"] is True and not {"resolve", "wait"} & set(allowed())
    version = desk.admin.get(f"/ticket/{ticket}")["version"]
    for action, fields in (("resolve", STEPS), ("wait", {"reason": "等客户"})):
        assert desk.admin.post(f"/ticket/{ticket}/action/{action}", {"version": version} | fields, status=409)["error"]["code"] == "state"
    assert customer.get(f"/my/ticket/{ticket}")["plan_due_at"] is None
    plan(status=422, new_plan="", plan_due_at=desk.clock.ms + HOUR)
    assert plan(status=422, new_plan="上门换门封", plan_due_at=desk.clock.ms)["error"]["fields"][0]["field"] == "plan_due_at"
    done = plan(new_plan="上门换门封", plan_due_at=desk.clock.ms + 26 * HOUR)
    assert (done["new_plan"], done["plan_due_at"], done["waiting_since"]) == ("上门换门封", desk.clock.ms + 26 * HOUR, None)
    seen = customer.get(f"/my/ticket/{ticket}")
    assert (seen["plan"], seen["plan_due_at"]) == ("上门换门封", desk.clock.ms + 26 * HOUR)
    assert "ticket.plan" in [e["kind"] for e in seen["timeline"]["items"]]
    assert allowed()["resolve"] is True and allowed()["plan"] is False
    desk.act(ticket, "resolve", **STEPS)

    unsolved()          # a second time: the old plan is no answer
    assert "resolve" not in allowed() and customer.get(f"/my/ticket/{ticket}")["plan"] == ""
    plan(new_plan="换一台", plan_due_at=desk.clock.ms + HOUR)
    desk.clock.move(3661)

    def reminded():
        desk.clock.move(61)
        return "承诺客户的时间已过，请联系客户" in [t["title"] for t in desk.admin.get("/task", limit=200)["items"] if t["ticket_id"] == ticket]
    wait_for(reminded)
    desk.act(ticket, "resolve", **STEPS)
    desk.act(ticket, "reopen", reason="又响了")      # the company's own reopening, too
    assert "resolve" not in allowed()
    customer.close()
