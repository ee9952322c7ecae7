"""What is promised of conversations (A3, B2): taken from the queue within a minute, and resolved by the bot alone. Each is held to the recount."""
import people
import pytest
from chat_floor import Hall
from desk import desk  # noqa: F401 (a fixture)
from recount import Recount
from test_bot import Talk

from patience import wait_for


def figure(desk, code, **query):
    p = next(p for p in desk.admin.get("/promise/figures", **query)["items"] if p["code"] == code)
    return p["cases"], p["held"], p["total"]


def is_the_recount(desk, code, wanted):
    wait_for(lambda: figure(desk, code) == wanted, why=lambda: (figure(desk, code), wanted))
    assert Recount(desk.admin, days=60).figures()[code] == wanted


@pytest.fixture
def hall(desk):  # noqa: F811
    hall = Hall(desk.server, desk.admin)
    yield hall
    hall.close()


def test_who_is_taken_within_a_minute_counts_and_who_waits_longer_counts_against(desk, hall):  # noqa: F811
    hall.queue(give_by="pull")
    agent, customers = hall.person(ready=False), [hall.customer() for _ in range(5)]
    taken, left = hall.asks(customers[0]), hall.asks(customers[1])
    desk.clock.move(50)
    late, gone, waits = (hall.asks(c) for c in customers[2:])
    hall.act(taken, "take", agent)
    hall.act(left, "close", desk.admin, reason="客户离开")
    is_the_recount(desk, "chat_queue", (1, 1, 0))
    desk.clock.move(61)
    is_the_recount(desk, "chat_queue", (4, 1, 0))       # by time alone: nothing has happened to them
    hall.act(late, "take", agent)
    hall.act(gone, "close", desk.admin, reason="客户离开")
    assert hall.row(waits)["state"] == "waiting"
    is_the_recount(desk, "chat_queue", (4, 1, 0))


def test_who_comes_outside_of_service_hours_is_promised_a_call_back_and_no_minute(desk, hall):  # noqa: F811
    closed = desk.admin.post("/calendar", {"code": "night", "name": "夜里", "form": {"name": {"zh": "夜里", "en": "Night"}, "zone": "Asia/Shanghai", "week": [
        {"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "hours": ["02:00-03:00"]}]}})
    hall.queue(give_by="pull", calendar_id=closed["id"])
    waits = hall.asks()
    desk.clock.move(120)
    assert hall.row(waits)["away_until"]
    is_the_recount(desk, "chat_queue", (0, 0, 0))


def test_the_bot_alone_has_resolved_what_ended_without_a_person(desk):  # noqa: F811
    people.put_setting(desk.admin, "bot.receive", "first")

    def talk(*words):
        customer, _ = people.new_customer(desk.server.url, desk.admin)
        one = Talk(customer, desk.admin)
        for said in words:
            one(said)
        return one

    def end(one):
        desk.admin.post(f"/conversation/{one.id}/action/close", {"version": one.row["version"], "reason": "结束"})
    solved, ended, silent, unsolved, person, greeted, taken = (talk("空调漏水怎么处理", "解决了"), talk("空调漏水怎么处理"), talk("空调漏水怎么处理"), talk("空调漏水怎么处理", "没解决"), talk("空调漏水怎么处理", "转人工"),
                                                        talk("你好"), talk("空调漏水怎么处理"))
    asked = bool(unsolved.row["asked_at"])
    is_the_recount(desk, "bot_alone", (2 + asked, 1, 0))        # she says that it is solved, she wants a person: the others are not over
    for one in (solved, ended, unsolved, greeted):
        end(one)
    desk.admin.post(f"/conversation/{taken.id}/action/take", {"version": taken.row["version"]})
    is_the_recount(desk, "bot_alone", (5, 2, 0))
    assert (silent.row["state"], person.row["state"]) == ("bot", "waiting")
    desk.clock.move(25 * 3600)
    desk.sign_in()
    is_the_recount(desk, "bot_alone", (6, 3, 0))        # whoever says nothing for a day
