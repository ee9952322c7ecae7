"""Conversations: what a customer writes is there once, in order, in one conversation, and is answered by a person."""
import json
import uuid
from concurrent.futures import ThreadPoolExecutor

import people
import pytest

from client import Client
from listener import Listener
from patience import wait_for

pytestmark = pytest.mark.quick
AT_ONCE = 200


def write(customer, text, **options):
    return customer.post("/my/conversation", {"text": text, "external_id": uuid.uuid4().hex} | options)


def say(staff, conversation, text, visibility="public", **options):
    return staff.post(f"/conversation/{conversation}/message", {"text": text, "visibility": visibility}, **options)


def said(client, conversation, mine="", **query):
    return client.get(f"{mine}/conversation/{conversation}/message", **query)["items"]


def act(staff, conversation, action, **more):
    version = staff.get(f"/conversation/{conversation}")["version"]
    return staff.post(f"/conversation/{conversation}/action/{action}", {"version": version} | more)


def test_a_message_waits_for_a_person_who_answers_and_both_read_the_same(admin, customer):
    asked = write(customer, "冰箱后壁结冰，电话 13812345678")
    conversation = asked["conversation"]["id"]
    row = admin.get(f"/conversation/{conversation}")
    assert (asked["no"], row["state"], row["customer_id"], row["last_from"], row["owner_id"]) == (1, "waiting", customer.id, "customer", None)
    assert row["waiting_since"] == row["asked_at"] > 0 and "13812345678" not in row["title"] + row["last_words"]
    row = say(admin, conversation, "您好，请问有故障代码吗？")
    assert (row["state"], row["waiting_since"], row["last_no"]) == ("active", None, 2) and row["owner_id"] and row["first_response_at"] >= row["taken_at"] > 0
    write(customer, "没有代码")
    seen = said(customer, conversation, "/my")
    assert [(m["no"], m["actor"]["kind"], m["text"]) for m in seen] == [
        (1, "customer", "冰箱后壁结冰，电话 13812345678"), (2, "user", "您好，请问有故障代码吗？"), (3, "customer", "没有代码")]
    assert set(seen[1]["actor"]) == {"kind", "name"}, "what she is called, and nothing else of a person of the company"
    assert [m["text"] for m in said(admin, conversation)] == [m["text"] for m in seen]
    assert admin.get(f"/conversation/{conversation}")["waiting_since"] > 0


def test_a_note_is_for_staff(server, admin, customer):
    conversation = write(customer, "洗衣机震动")["conversation"]["id"]
    listener = Listener(server, customer, "/my/stream")
    listener.subscribe(f"conversation:{conversation}")
    say(admin, conversation, "疑似未拆运输螺栓", "internal")
    say(admin, conversation, "请看一下四个脚")
    heard = listener.heard(lambda e: e.get("kind") == "conversation.replied")
    assert not [e for e in heard if e.get("kind") == "conversation.noted"]
    assert [m["text"] for m in said(customer, conversation, "/my")] == ["洗衣机震动", "请看一下四个脚"]
    assert [m["no"] for m in said(admin, conversation)] == [1, 2, 3]
    assert admin.get(f"/conversation/{conversation}")["last_words"] == "请看一下四个脚"


def test_delivered_again_it_is_the_same_message(customer, admin):
    body = {"text": "空调不制冷", "external_id": uuid.uuid4().hex}
    first, again = customer.post("/my/conversation", body), customer.post("/my/conversation", body)
    assert first["no"] == again["no"] == 1 and first["conversation"]["id"] == again["conversation"]["id"]
    assert len(said(admin, first["conversation"]["id"])) == 1


def test_two_hundred_first_messages_at_once_open_one_conversation(server, admin):
    """Each is delivered twice, as channels do."""
    one, record = people.new_customer(server.url, admin)
    names = [f"m{n:03d}{uuid.uuid4().hex[:8]}" for n in range(AT_ONCE)] * 2

    def send(name):
        client = Client(server.url, address=one.http._transport._pool._local_address)
        client.http.cookies = one.http.cookies
        answer = client.post("/my/conversation", {"text": f"第 {name} 句", "external_id": name})
        client.close()
        return answer

    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(send, names))
    assert len({a["conversation"]["id"] for a in answers}) == 1
    conversation = answers[0]["conversation"]["id"]
    everything = people.everything_said(admin, conversation)
    assert [m["no"] for m in everything] == list(range(1, AT_ONCE + 1))
    assert {m["text"] for m in everything} == {f"第 {name} 句" for name in names}
    assert len(admin.get("/conversation", filter=json.dumps([["customer_id", "=", record["id"]]]))["items"]) == 1
    one.close()


def test_after_the_last_number_seen_nothing_is_missing_and_nothing_twice(admin, customer):
    conversation = write(customer, "一")["conversation"]["id"]
    for text in "二三四五":
        write(customer, text)
    assert [m["text"] for m in said(customer, conversation, "/my", after=2)] == ["三", "四", "五"]
    assert [m["text"] for m in said(admin, conversation, before=3)] == ["一", "二"]
    assert said(customer, conversation, "/my", after=5) == []


def test_nobody_reads_somebody_elses(server, admin, customer):
    conversation = write(customer, "只给我看")["conversation"]["id"]
    other, _ = people.new_customer(server.url, admin)
    other.get(f"/my/conversation/{conversation}/message", status=404)
    other.post(f"/my/conversation/{conversation}/read", {"no": 1}, status=404)
    assert other.get("/my/conversation")["items"] == []
    other.close()


def test_who_came_by_the_link_of_a_ticket_has_no_conversations(server, admin, customer):
    reader = Client(server.url, address=people.new_address())
    reader.post("/my/session", {"token": people.link_to(admin, people.report(customer)["id"])})
    reader.get("/my/conversation", status=403)
    reader.post("/my/conversation", {"text": "你好", "external_id": uuid.uuid4().hex}, status=403)
    reader.close()


def test_a_closed_one_stays_closed_and_the_next_message_opens_another(admin, customer):
    conversation = write(customer, "第一件事")["conversation"]["id"]
    say(admin, conversation, "已处理")
    row = act(admin, conversation, "close")
    assert (row["state"], row["waiting_since"]) == ("closed", None) and row["closed_at"]
    say(admin, conversation, "还有一句", status=409)
    another = write(customer, "第二件事")["conversation"]
    assert another["id"] != conversation
    assert [k["id"] for k in customer.get("/my/conversation")["items"]] == [another["id"], conversation]


def test_it_is_transferred_put_back_and_read(admin, customer):
    conversation = write(customer, "转接")["conversation"]["id"]
    colleague = next(u for u in admin.get("/user", limit=50)["items"] if u["account"] != "admin")
    row = act(admin, conversation, "assign", owner_id=colleague["id"])
    assert (row["state"], row["owner_id"], row["team_id"]) == ("active", colleague["id"], colleague["team_id"])
    row = act(admin, conversation, "put_back")
    assert (row["state"], row["owner_id"]) == ("waiting", None)
    team = admin.get("/team", limit=1)["items"][0]["id"]
    row = act(admin, conversation, "route", team_id=team)
    assert (row["state"], row["owner_id"], row["team_id"]) == ("waiting", None, team)
    say(admin, conversation, "我来")
    assert customer.post(f"/my/conversation/{conversation}/read", {"no": 2})["customer_no"] == 2
    assert customer.post(f"/my/conversation/{conversation}/read", {"no": 1})["customer_no"] == 2, "never back"
    assert customer.post(f"/my/conversation/{conversation}/read", {"no": 99})["customer_no"] == admin.get(f"/conversation/{conversation}")["last_no"], "nobody reads what is not there"


@pytest.mark.parametrize("fields, at", [({"text": ""}, "text"), ({"text": "好" * 2001}, "text"), ({"external_id": "kurz"}, "external_id")])
def test_what_cannot_be_taken_in_is_refused_by_its_field(customer, fields, at):
    answer = customer.post("/my/conversation", {"text": "你好", "external_id": uuid.uuid4().hex} | fields, status=422)
    assert [f["field"] for f in answer["error"]["fields"]] == [at]
    assert customer.get("/my/conversation")["items"] == []


def test_live_events_tell_staff_and_customer_what_came(server, admin, customer):
    conversation = write(customer, "在吗")["conversation"]["id"]
    hers, theirs = Listener(server, customer, "/my/stream"), Listener(server, admin)
    hers.subscribe(f"conversation:{conversation}")
    theirs.subscribe("view:conversation")
    say(admin, conversation, "在的")
    write(customer, "太好了")
    for listener in (hers, theirs):
        assert listener.hears(lambda e: e["kind"] == "conversation.received" and e["data"]["no"] == 3)


def test_what_was_said_finds_it_soon_after(timed):
    admin = Client(timed.url).sign_in(*timed.company.accounts[0])
    customer, _ = people.new_customer(timed.url, admin)
    conversation = write(customer, "您好")["conversation"]["id"]
    word = f"编号{uuid.uuid4().hex[:8]}"
    write(customer, f"铭牌上写着 {word}")
    timed.clock.move(21)
    assert wait_for(lambda: conversation in [k["id"] for k in admin.get("/conversation", q=word)["items"]])
    customer.close()
    admin.close()
