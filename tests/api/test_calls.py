"""Calls that were promised, work that nobody looks at, and customers who ask to hurry: somebody hears of each in time, and once."""
import people
import pytest
from desk import HOUR, STEPS
from desk import desk as morning  # noqa: F401 (a fixture)
from test_notice import me
from test_telling import tasks

from client import Client
from patience import wait_for


@pytest.fixture
def desk(morning, company):
    morning.chen = Client(morning.server.url, address=people.new_address())
    morning.enter = lambda: morning.chen.sign_in(*next(a for a in company.accounts if a[0] == "chenli"))
    morning.enter()
    yield morning
    morning.chen.close()


def heard(client, object_id):
    return [n["kind"] for n in client.get("/notification")["items"] if n["object_id"] == object_id]


def finish(client, task, **fields):
    return client.post(f"/task/{task['id']}/action/finish", {"version": client.get(f"/task/{task['id']}")["version"], **fields})


def call_back(desk):
    ticket = desk.ticket()
    desk.act(ticket, "accept")
    desk.act(ticket, "resolve", **STEPS)
    return ticket, wait_for(lambda: [t for t in tasks(desk.admin, ticket) if t["kind"] == "call_back"])[0]


def test_a_task_that_is_due_is_told_and_one_that_stays_open_goes_up_each_once(desk):
    due = desk.clock.ms + HOUR
    made = desk.chen.post("/task", {"title": "回电", "owner_id": me(desk.admin), "due_at": due})["id"]
    moved = desk.chen.post("/task", {"title": "改期", "owner_id": me(desk.admin), "due_at": due})
    done = desk.chen.post("/task", {"title": "做完", "owner_id": me(desk.admin), "due_at": due})
    desk.chen.patch(f"/task/{moved['id']}", {"version": moved["version"], "due_at": due + 10 * HOUR})
    finish(desk.admin, done)
    desk.clock.move(3601)
    wait_for(lambda: heard(desk.admin, made) == ["task_due", "task"])
    assert heard(desk.chen, made) == []
    desk.clock.move(1801)
    wait_for(lambda: "task_late" in heard(desk.chen, made))
    desk.restart(kill=True)
    desk.chen.close()
    desk.chen = Client(desk.server.url, address=people.new_address()).sign_in(*next(a for a in desk.company.accounts if a[0] == "chenli"))
    desk.clock.move(3600)
    later = desk.chen.post("/task", {"title": "在后", "owner_id": me(desk.admin), "due_at": desk.clock.ms + HOUR})["id"]
    desk.clock.move(3601)
    wait_for(lambda: "task_due" in heard(desk.admin, later))          # jobs run in the order of their time: the others' are over
    assert heard(desk.admin, made) == ["task_due", "task"] and heard(desk.chen, made) == ["task_late"]
    assert heard(desk.admin, moved["id"]) == ["task"] and heard(desk.admin, done["id"]) == ["task"]


def test_who_was_not_reached_is_called_again_within_three_days(desk):
    ticket, call = call_back(desk)
    assert finish(desk.admin, call, outcome="not_reached")["outcome"] == "not_reached"
    second = wait_for(lambda: [t for t in tasks(desk.admin, ticket) if t["kind"] == "second_call"])[0]
    assert second["due_at"] - desk.clock.ms == 72 * HOUR and second["owner_id"]
    assert desk.admin.get(f"/ticket/{ticket}")["state"] == "resolved"


def test_what_is_not_solved_on_the_phone_goes_on(desk):
    """Otherwise three days of silence would close what the customer said is not solved."""
    ticket, call = call_back(desk)
    finish(desk.admin, call, outcome="unsolved", result="还在响")
    assert desk.admin.get(f"/ticket/{ticket}")["state"] == "working"
    wait_for(lambda: "second_call" in {t["kind"] for t in tasks(desk.admin, ticket)})


def test_who_is_content_is_not_called_again(desk):
    ticket, call = call_back(desk)
    finish(desk.admin, call, outcome="content", result="满意")
    after, late = call_back(desk)
    finish(desk.admin, late, outcome="not_reached")
    wait_for(lambda: "second_call" in {t["kind"] for t in tasks(desk.admin, after)})        # rules take events in their order
    assert {t["kind"] for t in tasks(desk.admin, ticket)} == {"call_back"}


def test_a_reminder_is_heard_at_once_and_the_second_by_supervisors(desk):
    customer, _ = people.new_customer(desk.server.url, desk.admin)
    ticket = people.report(customer)["id"]
    desk.act(ticket, "assign", owner_id=me(desk.admin))

    def remind():
        customer.post(f"/my/ticket/{ticket}/remind", {"version": customer.get(f"/my/ticket/{ticket}")["version"]})
    remind()
    assert heard(desk.admin, ticket)[0] == "reminded" and "reminded" not in heard(desk.chen, ticket)
    desk.clock.move(31 * 60)
    remind()
    assert heard(desk.admin, ticket).count("reminded") == 2 and heard(desk.chen, ticket).count("reminded") == 1
    customer.close()


def test_what_the_customer_adds_does_not_make_a_ticket_looked_at(desk):
    customer, _ = people.new_customer(desk.server.url, desk.admin)
    ticket = people.report(customer)["id"]
    filed = desk.admin.get(f"/ticket/{ticket}")["touched_at"]
    assert filed
    desk.clock.move(20 * 3600)
    desk.sign_in()
    customer.post(f"/my/ticket/{ticket}/remind", {"version": customer.get(f"/my/ticket/{ticket}")["version"]})
    assert desk.admin.get(f"/ticket/{ticket}")["touched_at"] == filed
    desk.clock.move(4 * 3600 + 60)
    desk.sign_in()

    def alarmed():
        desk.clock.move(61)
        return [t for t in tasks(desk.admin, ticket) if "24 小时未处理" in t["title"]]
    assert wait_for(alarmed)
    desk.enter()
    wait_for(lambda: "told" in heard(desk.chen, ticket))
    desk.act(ticket, "accept")
    assert desk.admin.get(f"/ticket/{ticket}")["touched_at"] == desk.clock.ms
    assert "touched_at" not in str(desk.admin.get(f"/ticket/{ticket}/history"))
    customer.close()


def test_a_caller_who_is_there_has_been_answered(desk):
    for channel, answered in (("phone", True), ("outlet", True), ("mail", False), (None, False)):
        more = {"channel": channel} if channel else {}
        ticket = desk.ticket(grade="urgent", **more)
        assert (desk.admin.get(f"/ticket/{ticket}")["first_response_at"] == desk.clock.ms) is answered, channel
        assert (desk.clocks(ticket)["first_response", 1]["state"] == "met") is answered


def test_a_company_begins_with_views_of_what_is_pressing(desk):
    views = {v["name"]: v for v in desk.admin.get("/view", limit=200)["items"] if v["record"] == "ticket"}
    assert {"已超时", "24 小时未处理", "投诉", "评价不满意", "我的小组"} <= set(views)
    assert all(views[name]["alarm"] for name in ("已超时", "24 小时未处理", "投诉", "评价不满意"))
    for view in views.values():
        desk.admin.get("/ticket/count", condition=view["condition"])
