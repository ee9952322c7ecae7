"""Night mode as a new company has it: from 22:00 to 8:00 the bot receives, and whoever wants a person is promised a call that is there in the morning."""
import pytest
from desk import at
from people import put_setting
from test_first_run import found, word_of
from visitors import SHOP, Visitor

from patience import wait_for
from server import Clock, Company, Server

PACKS = ("appliance", "retail", "services")
NIGHT, MORNING = at("2027-03-01", "23:00"), at("2027-03-02", "08:00")


@pytest.fixture(params=PACKS)
def shop(request, engine, tmp_path):
    """A new company of this trade at eleven in the night, with a chat on its page and nothing else set up; .server has a clock that the tests move."""
    company, clock = Company.empty(engine, tmp_path / "data"), Clock(tmp_path / "clock")
    clock.set(NIGHT)
    with Server(company, clock=clock) as server:
        admin, _ = found(server, word_of(company), pack=request.param)
        admin.server = server
        put_setting(admin, "sign_in.idle", 1440)
        admin.post("/web_chat", {"title": "在线客服", "state": "on", "origins": SHOP, "ask_name": "off", "ask_phone": "off", "ask_product": "off"})
        yield admin
        admin.close()
    company.drop()


def said(visitor, conversation, n):
    return wait_for(lambda: (found := visitor.said(conversation)) and len(found) >= n and found, clock=visitor.server.clock)


@pytest.mark.parametrize("when", ["first", "night"])
def test_at_night_the_bot_answers_and_a_call_is_promised_for_the_morning(shop, when):
    put_setting(shop, "bot.receive", when)
    visitor = Visitor(shop.server)
    conversation = visitor.write("你好")["conversation"]["id"]
    assert [m["actor"]["kind"] for m in said(visitor, conversation, 2)] == ["customer", "system"]
    assert shop.get(f"/conversation/{conversation}")["state"] == "bot" and not calls(shop)
    visitor.write("转人工")
    promised = said(visitor, conversation, 5)
    row = shop.get(f"/conversation/{conversation}")
    assert (row["state"], row["away_until"]) == ("waiting", MORNING)
    assert "明天 08:00 上班后" in promised[-1]["text"], promised
    assert [(t["due_at"], t["state"], t["customer_id"]) for t in calls(shop)] == [(MORNING, "open", row["customer_id"])]
    shop.server.clock.set(MORNING + 1000)
    wait_for(lambda: shop.get(f"/conversation/{conversation}")["away_until"] is None, clock=shop.server.clock)
    assert [t["state"] for t in calls(shop)] == ["open"], "it waits for whoever comes in the morning"
    visitor.client.close()


def test_without_a_bot_the_call_is_promised_at_once(shop):
    visitor = Visitor(shop.server)
    conversation = visitor.write("水龙头漏水")["conversation"]["id"]
    assert "明天 08:00" in said(visitor, conversation, 2)[-1]["text"] and len(calls(shop)) == 1
    visitor.client.close()


def test_by_day_people_are_there_and_the_bot_of_the_night_is_silent(shop):
    shop.server.clock.set(MORNING + 1000)
    put_setting(shop, "bot.receive", "night")
    visitor = Visitor(shop.server)
    conversation = visitor.write("水龙头漏水")["conversation"]["id"]
    row = shop.get(f"/conversation/{conversation}")
    assert (row["state"], row["away_until"], row["team_id"]) == ("waiting", None, None) and row["queue_id"] and not calls(shop)
    assert visitor.client.get(f"/visit/conversation/{conversation}")["queue"]["place"] == 1
    boss = shop.get("/session")["user"]["id"]
    shop.post("/desk/me", {"ready": True})
    wait_for(lambda: shop.get(f"/conversation/{conversation}")["owner_id"] == boss, clock=shop.server.clock, why=lambda: "everybody serves it: whoever takes conversations is given it")
    visitor.client.close()


def calls(admin):
    return [t for t in admin.get("/task", limit=50)["items"] if t["kind"] == "call_back"]
