"""Visitors of a company's web pages: who may call from where, what becomes of what they write, and how they become customers."""
import json
import re
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import people
import pytest
from patience import wait_for
from test_conversation import say
from test_file import png, upload
from visitors import SHOP, Visitor, chat_of
from websockets.exceptions import InvalidStatus

from client import Client

pytestmark = pytest.mark.quick
AT_ONCE = 200


@pytest.fixture(scope="module", autouse=True)
def chat(admin):
    return chat_of(admin)


@pytest.fixture
def visitor(server):
    return Visitor(server)


def customers(admin):
    return len(admin.get("/customer", condition="kind = visitor", limit=200)["items"])


def allow(admin, calls):
    row = admin.get("/setting/visit.calls")
    admin.patch("/setting/visit.calls", {"value": calls, "version": row["version"]})


def row_of(admin, conversation):
    return admin.get(f"/conversation/{conversation}")


# Who may call ----------------------------------------------------------------------------------------------------------


def test_a_visitor_who_writes_nothing_costs_nothing(server, admin, visitor):
    before = customers(admin)
    assert visitor.chat["open"] is True and visitor.chat["token"] and visitor.conversations() == []
    Visitor(server)
    assert customers(admin) == before


def test_her_first_message_makes_a_file_of_her_own(admin, visitor):
    answer = visitor.write("冰箱不制冷")
    row = row_of(admin, answer["conversation"]["id"])
    customer = admin.get(f"/customer/{row['customer_id']}")
    assert (answer["no"], row["channel"], row["state"], customer["kind"], customer["source"]) == (1, "web", "waiting", "visitor", "web")
    assert re.fullmatch(r"访客 \d{4}", customer["title"]), "two whom nobody knows are told apart"
    name = admin.get("/identity", condition=f"customer_id = {customer['id']}")["items"]
    assert [(n["channel"], n["verified_at"]) for n in name] == [("web", None)]
    say(admin, row["id"], "您好，请问什么型号？")
    again = visitor.again()
    assert [k["id"] for k in again.conversations()] == [row["id"]]
    assert [m["text"] for m in again.said(row["id"])] == ["冰箱不制冷", "您好，请问什么型号？"]


def test_only_pages_of_the_company_may_ask(server, visitor):
    visitor.write()
    stranger = Client(server.url, address=people.new_address())
    stranger.http.headers["Origin"] = "https://evil.example.com"
    refused = stranger.http.get("/visit/hello")
    assert refused.status_code == 403 and "Access-Control-Allow-Origin" not in refused.headers
    stranger.http.headers["Authorization"] = visitor.client.http.headers["Authorization"]
    for method, path in (("GET", "/visit/conversation"), ("POST", "/visit/message")):
        refused = stranger.http.request(method, path, json={"text": "x", "external_id": uuid.uuid4().hex} if method == "POST" else None)
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "origin") and "Access-Control-Allow-Origin" not in refused.headers
    own = visitor.client.http.get("/visit/conversation")
    assert own.headers["Access-Control-Allow-Origin"] == SHOP and own.headers["Vary"] == "Origin"


def test_a_browser_that_asks_first_is_told_yes_for_known_pages_alone(server):
    client = Client(server.url)
    question = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    for origin, path, yes in ((SHOP, "/visit/message", True), (SHOP, "/visit/file/1", True), ("https://evil.example.com", "/visit/message", False), (SHOP, "/my/conversation", False), (SHOP, "/customer", False)):
        answer = client.http.request("OPTIONS", path, headers=question | {"Origin": origin})
        assert answer.status_code == 204 and (answer.headers.get("Access-Control-Allow-Origin") == origin) is yes, (origin, path)
        assert ("authorization" in answer.headers.get("Access-Control-Allow-Headers", "")) is yes


def test_a_web_socket_is_opened_by_a_pass_from_her_page_alone(admin, server, visitor):
    visitor.client.get("/visit/pass")
    conversation = visitor.write()["conversation"]["id"]
    with visitor.socket() as socket:
        assert json.loads(socket.recv(timeout=10))["op"] == "hello"
        socket.send(json.dumps({"op": "subscribe", "topics": [f"conversation:{conversation}"]}))
        say(admin, conversation, "内部", "internal")
        say(admin, conversation, "您好")
        heard = json.loads(socket.recv(timeout=10))
        while heard.get("kind") != "conversation.replied":
            assert heard.get("kind") != "conversation.noted"
            heard = json.loads(socket.recv(timeout=10))
    with pytest.raises(InvalidStatus) as refused:
        visitor.socket(origin="https://evil.example.com").__enter__()
    assert refused.value.response.status_code == 403
    with pytest.raises(InvalidStatus):
        Visitor(server).socket().__enter__()      # nothing was said: there is nothing to hear
    listener = Client(server.url)
    assert listener.http.get("/visit/stream", params={"pass": "x"}).status_code in (400, 401, 426)


def test_a_token_that_was_made_up_is_none(server, visitor):
    visitor.write()
    good = visitor.chat["token"]
    for bad in ("", "x", good[:-1], good[:-2] + ("AA" if good[-2:] != "AA" else "BB"), "A" + good[1:], good + "A", "A" * 54):
        other = Visitor(server, hello=False)
        other.takes(bad or "x")
        answer = other.client.http.get("/visit/conversation")
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "not_signed_in"), bad
        assert answer.headers["Access-Control-Allow-Origin"] == SHOP, "the page has to learn that it needs another"
    staff = Visitor(server, hello=False)
    staff.takes(good)
    staff.client.get("/customer", status=401)
    staff.client.get("/my/conversation", status=401)


def test_nobody_reads_another_visitors_conversation(server, visitor):
    conversation = visitor.write("只有我")["conversation"]["id"]
    other = Visitor(server)
    other.write("另一位")
    other.client.get(f"/visit/conversation/{conversation}", status=404)
    other.client.get(f"/visit/conversation/{conversation}/message", status=404)
    other.client.post(f"/visit/conversation/{conversation}/rating", {"rating": 1}, status=404)
    other.client.post(f"/visit/conversation/{conversation}/close", status=404)


def test_what_is_asked_before_is_demanded(admin, server):
    chat_of(admin, ask_name="required", ask_phone="required")
    try:
        visitor = Visitor(server)
        refused = visitor.client.http.post("/visit/message", json={"text": "你好", "external_id": uuid.uuid4().hex})
        assert refused.status_code == 422 and {f["field"] for f in refused.json()["error"]["fields"]} == {"name", "phone"}
        phone = people.new_phone()
        conversation = visitor.write(name="王女士", phone=phone)["conversation"]["id"]
        customer = row_of(admin, conversation)["customer_id"]
        assert admin.get(f"/customer/{customer}")["phone"] in (None, ""), "a number that nobody has checked is not the customer's"
        contact = admin.get("/contact", condition=f"customer_id = {customer}")["items"][0]
        assert contact["phone"].endswith(phone[-4:])
        stranger = people.sign_in(server.url, admin, phone)
        assert stranger.get("/my/session")["customer"]["id"] != customer, "whoever owns the number does not fall into the file of who typed it"
        stranger.close()
    finally:
        chat_of(admin, ask_name="optional", ask_phone="off")


# Messages --------------------------------------------------------------------------------------------------------------


def test_two_hundred_first_messages_at_once_are_one_visitor_and_one_conversation(admin, server):
    allow(admin, 6000)
    visitor = Visitor(server)
    names = [f"m{n:03d}{uuid.uuid4().hex[:8]}" for n in range(AT_ONCE)] * 2
    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(lambda name: visitor.again().write(f"第 {name} 句", name), names))
    assert len({a["conversation"]["id"] for a in answers}) == 1
    conversation = answers[0]["conversation"]["id"]
    everything = people.everything_said(admin, conversation)
    assert [m["no"] for m in everything] == list(range(1, AT_ONCE + 1))
    assert {m["text"] for m in everything} == {f"第 {name} 句" for name in names}
    assert len(admin.get("/conversation", filter=json.dumps([["customer_id", "=", row_of(admin, conversation)["customer_id"]]]))["items"]) == 1


def test_the_same_message_twice_is_one(visitor):
    name = uuid.uuid4().hex
    first, again = visitor.write("一次", name), visitor.write("一次", name)
    assert first["no"] == again["no"] == 1 and len(visitor.said(first["conversation"]["id"])) == 1


def test_what_she_sends_is_limited(admin, server):
    allow(admin, 5)
    visitor = Visitor(server)
    codes = [visitor.client.http.post("/visit/message", json={"text": "你好", "external_id": uuid.uuid4().hex}).status_code for _ in range(8)]
    assert codes[:5] == [200] * 5 and codes[-1] == 429
    visitor.client.get("/visit/conversation")
    allow(admin, 6000)
    Visitor(server).write("长" * 2001, status=422)


def test_she_ends_it_and_rates_it(admin, visitor):
    conversation = visitor.write()["conversation"]["id"]
    visitor.client.post(f"/visit/conversation/{conversation}/rating", {"rating": 5}, status=409)
    say(admin, conversation, "您好")
    ended = visitor.client.post(f"/visit/conversation/{conversation}/close", {})
    assert ended["state"] == "closed" and ended["can_rate"]
    visitor.client.post(f"/visit/conversation/{conversation}/rating", {"rating": 6}, status=422)
    rated = visitor.client.post(f"/visit/conversation/{conversation}/rating", {"rating": 4, "text": "很耐心"})
    row = row_of(admin, conversation)
    assert (rated["rating"], row["rating"], row["rating_words"]) == (4, 4, "很耐心") and row["rated_at"]
    assert visitor.write("还有一件事")["conversation"]["id"] != conversation


# Files -----------------------------------------------------------------------------------------------------------------


def test_a_picture_travels_with_a_message_and_lies_with_its_conversation(admin, server, visitor):
    picture = upload(visitor.client, "水.png", png(60, 40), prefix="/visit")
    answer = visitor.write("", file_ids=[picture])
    message = visitor.said(answer["conversation"]["id"])[0]
    assert (message["text"], [(f["id"], f["name"], f["type"], f["thumbnail"]) for f in message["files"]]) == ("", [(picture, "水.png", "image/png", True)])
    row = row_of(admin, answer["conversation"]["id"])
    assert row["last_words"] == row["title"] == "[文件]"
    assert admin.http.get(f"/file/{picture}/content").status_code == 200
    assert visitor.client.http.get(f"/visit/file/{picture}/thumbnail").headers["Content-Type"] == "image/jpeg"
    other = Visitor(server)
    other.write()
    assert other.client.http.get(f"/visit/file/{picture}/content").status_code == 404
    reply = upload(admin, "说明.txt", "先断电".encode())
    admin.post(f"/conversation/{row['id']}/message", {"text": "请看说明书", "visibility": "public", "file_ids": [reply]})
    note = upload(admin, "内部.png", png(10, 10))
    admin.post(f"/conversation/{row['id']}/message", {"text": "", "visibility": "internal", "file_ids": [note]})
    assert visitor.client.http.get(f"/visit/file/{reply}/content").status_code == 200
    assert visitor.client.http.get(f"/visit/file/{note}/content").status_code == 404, "a note's file is for staff"
    visitor.write("又", file_ids=[reply], status=422)
    assert len(visitor.said(row["id"])) == 2


def test_a_file_that_is_not_what_it_says_is_refused(visitor):
    for name, content in (("图.png", b"MZ" + b"\0" * 200), ("页.html", b"<!doctype html><script>alert(1)</script>"), ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>")):
        place = visitor.client.post("/visit/file", {"name": name, "size": len(content)})
        answer = visitor.client.http.patch(f"/visit/file/{place['id']}", content=content, headers={"Upload-Offset": "0", "Content-Type": "application/octet-stream"})
        assert answer.status_code == 415, (name, answer.text)
        visitor.write("", file_ids=[place["id"]], status=422)
    assert visitor.conversations() == []


def test_nothing_is_said_with_neither_words_nor_files(visitor):
    visitor.write("", status=422)
    assert visitor.conversations() == []


def everything_told(admin):
    events, since = [], 0
    while (page := admin.get("/event", since=since))["more"] or page["items"]:
        events += page["items"]
        since = page["next"]
    return events


# Whose it is -----------------------------------------------------------------------------------------------------------


def prove(admin, visitor, phone):
    visitor.client.post("/visit/code", {"phone": phone})
    answer = visitor.client.post("/visit/proof", {"phone": phone, "code": people.code_sent_to(admin, phone)})
    assert answer["right"] is True
    return answer


def test_who_proves_her_number_is_joined_to_her_customer_which_can_be_taken_back(admin, server, visitor):
    phone = people.new_phone()
    customer = admin.post("/customer", {"name": "张小雨", "phone": phone})["id"]
    conversation = visitor.write("冰箱")["conversation"]["id"]
    own = row_of(admin, conversation)["customer_id"]
    assert visitor.client.post("/visit/proof", {"phone": phone, "code": "000000"})["right"] is False
    answer = prove(admin, visitor, phone)
    assert answer["token"] is None and answer["name"].startswith("张")
    assert row_of(admin, conversation)["customer_id"] == customer
    told = {(e["kind"], e["id"]) for e in everything_told(admin)}
    assert {("customer.merged", own), ("customer.took_over", customer)} <= told, "never silently"
    assert visitor.write("还是冰箱")["conversation"]["id"] == conversation
    admin.post(f"/customer/{own}/part", {})
    assert row_of(admin, conversation)["customer_id"] == own and [k["id"] for k in visitor.conversations()] == [conversation]


def test_a_visitor_whom_staff_take_for_somebody_reads_her_own_alone(admin, server, visitor):
    customer, record = people.new_customer(server.url, admin)
    private = customer.post("/my/conversation", {"text": "我的地址在……", "external_id": uuid.uuid4().hex})["conversation"]["id"]
    mine = visitor.write("我就是她")["conversation"]["id"]
    admin.post(f"/customer/{record['id']}/merge", {"customer_id": row_of(admin, mine)["customer_id"], "reason": "看起来是同一位"})
    assert [k["id"] for k in visitor.conversations()] == [mine]
    visitor.client.get(f"/visit/conversation/{private}/message", status=404)
    hers = upload(customer, "发票.png", png(10, 10), prefix="/my")
    for path in (f"/visit/file/{hers}", f"/visit/file/{hers}/content", f"/visit/file/{hers}/thumbnail"):
        visitor.client.get(path, status=404)
    visitor.write("", file_ids=[hers], status=422)
    assert visitor.write("再说一句")["conversation"]["id"] == mine
    customer.close()


def test_signing_in_on_the_phone_page_joins_too(admin, server, visitor):
    conversation = visitor.write("洗衣机")["conversation"]["id"]
    customer, record = people.new_customer(server.url, admin)
    customer.post("/my/visit", {"token": "nonsense"}, status=422)
    assert customer.post("/my/visit", {"token": visitor.chat["token"]})["right"] is True
    assert row_of(admin, conversation)["customer_id"] == record["id"]
    assert [k["id"] for k in customer.get("/my/conversation")["items"]] == [conversation], "on her phone page it is the same talk"
    assert customer.post("/my/conversation", {"text": "从手机", "external_id": uuid.uuid4().hex})["conversation"]["id"] == conversation
    assert [m["text"] for m in visitor.said(conversation)] == ["洗衣机", "从手机"]
    assert [n["verified_by"] for n in admin.get("/identity", condition=f"customer_id = {record['id']}")["items"]] == ["session"]
    # the next person at this browser gets a name of his own
    other, second = people.new_customer(server.url, admin, "李强")
    answer = other.post("/my/visit", {"token": visitor.chat["token"]})
    assert answer["token"] and row_of(admin, conversation)["customer_id"] == record["id"]
    visitor.takes(answer["token"])
    assert visitor.conversations() == [] and row_of(admin, visitor.write("我的")["conversation"]["id"])["customer_id"] == second["id"]
    customer.close()
    other.close()


def test_erased_she_is_a_stranger_and_her_copy_names_what_she_said(admin, server, visitor):
    picture = upload(visitor.client, "a.png", png(20, 20), prefix="/visit")
    conversation = visitor.write("请忘记我", file_ids=[picture])["conversation"]["id"]
    customer = row_of(admin, conversation)["customer_id"]
    copy = admin.http.get(f"/customer/{customer}/handout", params={"format": "json", "purpose": "本人申请"}).json()
    assert "请忘记我" in json.dumps(copy, ensure_ascii=False) and copy["records"]["identity"][0]["channel"] == "web"
    admin.post(f"/customer/{customer}/erase", {"reason": "本人申请"})
    assert visitor.conversations() == []
    wait_for(lambda: admin.http.get(f"/file/{picture}/content").status_code in (404, 410))
    assert admin.get("/identity", condition=f"customer_id = {customer}")["items"] == []
    fresh = visitor.write("又来了")["conversation"]["id"]
    assert row_of(admin, fresh)["customer_id"] != customer


def test_a_held_customer_keeps_her_name(admin, visitor):
    customer = row_of(admin, visitor.write("保全")["conversation"]["id"])["customer_id"]
    admin.post(f"/customer/{customer}/hold", {"reason": "诉讼", "until": None}, status=(200, 201))
    admin.post(f"/customer/{customer}/erase", {"reason": "本人申请"}, status=409)
    assert len(visitor.conversations()) == 1


# The chat --------------------------------------------------------------------------------------------------------------


def test_outside_of_service_hours_she_is_told_until_when_she_is_answered(admin, server):
    """Open for one minute a day, twelve hours from now."""
    then = time.strftime("%H", time.gmtime(time.time() + 20 * 3600))
    form = {"name": {"zh": "试", "en": "Test"}, "zone": "Asia/Shanghai", "week": [{"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "hours": [f"{then}:03-{then}:05"]}]}
    hours = admin.post("/calendar", {"code": f"n{uuid.uuid4().hex[:6]}", "name": "试", "form": form})["id"]
    policy = admin.post("/clock_policy", {"object": "conversation", "measure": "first_response", "name": "试", "target_minutes": 1, "calendar_id": hours, "place": 1})
    chat_of(admin, calendar_id=hours)
    try:
        visitor = Visitor(server)
        answer = visitor.write("请回电")["conversation"]
    finally:
        chat_of(admin, calendar_id=None)
        admin.post(f"/clock_policy/{policy['id']}/archive", {"version": policy["version"]})
    assert visitor.chat["open"] is False and visitor.chat["opens_at"] > visitor.chat["now"]
    promised = next(k for k in admin.get("/clock", object="conversation", object_id=answer["id"])["items"] if k["measure"] == "first_response")
    assert answer["answer_by"] == promised["due_at"] > visitor.chat["opens_at"]


def test_a_chat_that_is_off_answers_nobody(admin, server, visitor):
    row = chat_of(admin)
    off = admin.patch(f"/web_chat/{row['id']}", {"version": row["version"], "state": "off"})
    try:
        assert visitor.client.http.get("/visit/conversation").status_code == 403
        ours = Client(server.url)
        ours.get("/visit/hello", status=404)
    finally:
        admin.patch(f"/web_chat/{row['id']}", {"version": off["version"], "state": "on"})
    assert visitor.conversations() == []


@pytest.mark.parametrize("origin", ["shop.example.cn", "https://", "http://shop.example.cn", "https://a.cn/path", "https://*.cn", "null", "https://a.cn:port", "javascript:x"])
def test_an_origin_that_is_none_is_refused(admin, origin):
    row = chat_of(admin)
    admin.patch(f"/web_chat/{row['id']}", {"version": row["version"], "origins": origin}, status=422)


def test_of_two_chats_one_is_in_force(admin):
    first = chat_of(admin)
    second = admin.post("/web_chat", {"title": "另一个", "state": "on", "origins": "https://Other.example.cn/\nhttps://shop.example.cn"})
    assert second["origins"] == "https://other.example.cn\nhttps://shop.example.cn"
    first = admin.get(f"/web_chat/{first['id']}")
    assert first["state"] == "off"
    admin.patch(f"/web_chat/{first['id']}", {"version": first["version"], "state": "on"})
    assert admin.get(f"/web_chat/{second['id']}")["state"] == "off"
