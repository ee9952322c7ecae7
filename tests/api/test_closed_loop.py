"""The closed loop that a company begins with, as rules of its pack: calls that are promised, bad reviews, silence."""
import json

import people
import pytest
from desk import HOUR, STEPS, desk  # noqa: F401 (desk is a fixture)
from test_packs import take_up
from test_scope import new_user

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


# Nobody but she, the silence or a supervisor ------------------------------------------------------------------------------------

AGENT = ["ticket.read", "ticket.work", "ticket.change", "ticket.assign", "macro.read", "macro.create"]
CLOSE = [{"do": "move", "action": "close", "reason": "客户已确认"}]


@pytest.fixture
def agent(desk):  # noqa: F811 (the fixture, not the module's name)
    user = new_user(desk.server, desk.admin, AGENT, "all")
    yield user
    user.close()


@pytest.fixture
def solved(desk):  # noqa: F811
    """A ticket that is resolved and that nobody has confirmed."""
    ticket = desk.ticket()
    resolved(desk, ticket)
    return ticket


def kinds(desk, ticket):  # noqa: F811
    return [e["kind"] for e in desk.admin.get(f"/ticket/{ticket}/timeline")["items"]]


def test_an_agent_without_the_right_closes_nothing(desk, agent, solved):  # noqa: F811
    row = agent.get(f"/ticket/{solved}")
    assert "close" not in {a["name"] for a in row["actions"]} >= {"reopen"}
    before = kinds(desk, solved)
    for action in ("close", "confirm", "cancel"):
        agent.post(f"/ticket/{solved}/action/{action}", {"version": row["version"], "reason": "客户已确认"}, status=(403, 409))
    assert agent.post(f"/ticket/{solved}/action/close", {"version": row["version"], "reason": "客户已确认"}, status=403)["error"]["code"] == "forbidden"
    agent.request("PATCH", f"/ticket/{solved}", {"version": row["version"], "state": "closed"}, status=(403, 422))
    at_once = agent.request("POST", "/ticket/act", {"rows": [{"id": solved}], "actions": CLOSE}, status=(200, 403, 422))
    assert at_once.get("done", 0) == 0, at_once
    agent.request("POST", "/macro", {"name": "关单", "object": "ticket", "actions": CLOSE}, status=(403, 422))
    assert agent.get(f"/ticket/{solved}") == row and kinds(desk, solved) == before, "nothing has happened"


def test_a_supervisor_closes_for_the_customer_with_a_reason_that_stays(desk, solved):  # noqa: F811
    boss = new_user(desk.server, desk.admin, [*AGENT, "ticket.close"], "all")
    row = boss.get(f"/ticket/{solved}")
    offered = next(a for a in row["actions"] if a["name"] == "close")
    assert (offered["label"]["zh"], offered["reason"]) == ("代客户确认", "required")
    for reason in (None, "", "  "):
        body = {"version": row["version"]} | ({} if reason is None else {"reason": reason})
        refused = boss.post(f"/ticket/{solved}/action/close", body, status=422)
        assert [(f["field"], f["code"]) for f in refused["error"]["fields"]] == [("reason", "field_required")]
    assert boss.get(f"/ticket/{solved}")["state"] == "resolved"
    closed = boss.post(f"/ticket/{solved}/action/close", {"version": row["version"], "reason": "电话里客户说已经好了"})
    assert closed["state"] == "closed" and closed["closed_at"] == desk.clock.ms
    assert kinds(desk, solved)[0] == "ticket.close"
    told = desk.admin.get(f"/ticket/{solved}/history")["items"][0]
    assert (told["actor"]["id"], told["reason"], told["version"]) == (boss.user["id"], "电话里客户说已经好了", closed["version"])
    boss.close()
