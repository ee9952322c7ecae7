"""What the bot tells of an order: the customer's own alone, by its number or all there are, and nothing of anybody else's."""
import itertools
import uuid

import people
from test_bot import bot, customer, pressed, talk  # noqa: F401
from visitors import Visitor, chat_of

from patience import wait_for

BOUGHT = people.days_ago(100)
numbers = itertools.count(int(uuid.uuid4().int % 10**9))


def order_no():
    return f"2026{next(numbers) % 10**10:010d}"


def device(admin, customer_id, **more):
    model = admin.get("/model", limit=1)["items"][0]["id"]
    return admin.post("/device", {"serial": f"OD{uuid.uuid4().hex[:10]}", "model_id": model, "customer_id": customer_id, "purchased_on": BOUGHT, "purchase_channel": "旗舰店"} | more)


def test_an_order_number_is_kept_as_it_is_printed(admin, talk):
    kept = device(admin, talk.customer.id, order_no=" jd 88-12ab ")
    assert kept["order_no"] == "JD88-12AB"
    assert kept["id"] in [r["id"] for r in admin.get("/device", condition='order_no = "JD88-12AB"')["items"]]
    refused = admin.post("/device", {"serial": "OD12345678", "model_id": kept["model_id"], "order_no": "订单一"}, status=422)
    assert [f["field"] for f in refused["error"]["fields"]] == ["order_no"]
    admin.patch(f"/device/{kept['id']}", {"version": kept["version"], "order_no": "x" * 41}, status=422)


def test_a_number_tells_the_device_when_where_warranty_and_what_is_open(talk, admin):
    no, other = order_no(), order_no()
    bought = device(admin, talk.customer.id, order_no=no)
    device(admin, talk.customer.id, order_no=other)
    ticket = admin.post("/ticket", {"scene": "repair", "customer_id": talk.customer.id, "device_id": bought["id"], "text": "不制冷，请来看看"})
    code = admin.get(f"/model/{bought['model_id']}")["code"]
    answer = talk(f"帮我查一下订单 {no}")
    for word in (no, code, BOUGHT, "旗舰店", "保修到", bought["warranty_until"], ticket["no"]):
        assert word in answer["text"], (word, answer["text"])
    assert other not in answer["text"] and {"解决了", "转人工"} <= set(pressed(answer)) and talk.turn()["did"] == "own"
    assert ticket["no"] not in talk(f"{other}")["text"], "the number alone is enough where it is hers"


def test_without_a_number_all_of_hers_are_told(talk, admin):
    mine = [order_no(), order_no()]
    for no in mine:
        device(admin, talk.customer.id, order_no=no)
    answer = talk("查一下我的订单物流")
    assert all(no in answer["text"] for no in mine) and "物流" in answer["text"]


def test_somebody_elses_order_is_as_unknown_as_one_that_nobody_has(server, talk, admin):
    stranger, record = people.new_customer(server.url, admin)
    stranger.close()
    theirs, nobodys = order_no(), order_no()
    hers = device(admin, record["id"], order_no=theirs)
    said = {no: talk(f"订单 {no} 到哪里了") for no in (theirs, nobodys)}
    assert said[theirs]["text"].replace(theirs, "N") == said[nobodys]["text"].replace(nobodys, "N")
    assert pressed(said[theirs]) == pressed(said[nobodys]) == ["转人工"]
    assert "没有查到" in said[theirs]["text"] and hers["serial"] not in said[theirs]["text"] and "旗舰店" not in said[theirs]["text"]


def test_a_number_that_was_asked_for_is_looked_up(talk, admin):
    no = order_no()
    device(admin, talk.customer.id, order_no=no)
    talk("我想查订单")
    assert "没有查到订单" in talk(order_no())["text"].replace("在您名下", "")
    assert "旗舰店" in talk(no)["text"]


def test_whoever_has_not_shown_who_she_is_is_told_of_no_order(server, admin, bot):  # noqa: F811
    _, record = people.new_customer(server.url, admin)
    no = order_no()
    device(admin, record["id"], order_no=no)
    chat_of(admin)
    visitor = Visitor(server)
    conversation = visitor.write(f"查一下订单 {no}")["conversation"]["id"]
    answer = wait_for(lambda: next((m["text"] for m in visitor.said(conversation) if m["no"] > 1 and m["actor"]["kind"] == "system"), None))
    assert "旗舰店" not in answer and BOUGHT not in answer


def test_english_is_told_in_english(talk, admin):
    no = order_no()
    device(admin, talk.customer.id, order_no=no)
    answer = talk(f"what about my order {no} please")
    assert f"Order {no}" in answer["text"] and "under warranty until" in answer["text"] and "A person, please" in pressed(answer)


def test_a_serial_number_and_a_ticket_are_no_orders(talk, admin):
    mine = device(admin, talk.customer.id, order_no=order_no())
    ticket = admin.post("/ticket", {"scene": "repair", "customer_id": talk.customer.id, "device_id": mine["id"], "text": "不制冷，请来看看"})
    for number in (mine["serial"], ticket["no"]):
        assert "没有查到订单" not in talk(f"{number} 的订单")["text"].replace("在您名下", "")
