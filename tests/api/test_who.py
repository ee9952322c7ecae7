"""Whose a conversation is, of one that came by a name nobody has been recognised by: the desk is told what leads to whom, asks, and says so; nothing is joined by itself."""
import uuid

import people
import httpx
import pytest
from patience import wait_for
from test_conversation import act, say
from test_scope import new_user
from visitors import Visitor, chat_of

pytestmark = pytest.mark.quick


@pytest.fixture(scope="module", autouse=True)
def chat(admin):
    return chat_of(admin)


def somebody(admin, **more):
    """A customer on file with a device and a ticket."""
    phone = people.new_phone()
    row = admin.post("/customer", {"name": "何静怡", "phone": phone} | more)
    model = admin.get("/model", limit=1)["items"][0]
    device = admin.post("/device", {"serial": f"QX{uuid.uuid4().int % 10**12:012d}", "model_id": model["id"], "customer_id": row["id"]})
    ticket = admin.post("/ticket", {"scene": "usage", "customer_id": row["id"], "device_id": device["id"], "channel": "phone", "text": "怎么设置童锁"})
    return {"id": row["id"], "phone": phone, "serial": device["serial"], "no": ticket["no"]}


def talk(server, text, **more):
    visitor = Visitor(server)
    return visitor, visitor.write(text, **more)["conversation"]["id"]


def likely(staff, conversation):
    answer = staff.get(f"/conversation/{conversation}/who")
    return answer["known"], {one["customer"]["id"]: one["by"] for one in answer["customers"]}


@pytest.mark.parametrize("way", ["phone", "device", "order", "form"])
def test_what_she_gives_leads_to_her_file_and_joins_nothing(server, admin, way):
    her = somebody(admin)
    words = {"phone": f"我的电话是{her['phone']}，麻烦查一下", "device": f"机身上写的是 {her['serial'].lower()}", "order": f"之前的单号{her['no']}", "form": "洗衣机脱水时响"}[way]
    visitor, conversation = talk(server, words, **({"phone": her["phone"]} if way == "form" else {}))
    assert likely(admin, conversation) == (False, {her["id"]: ["phone" if way == "form" else way]})
    assert admin.get(f"/conversation/{conversation}")["customer_id"] != her["id"], "never by itself"


def test_asked_she_is_joined_told_and_parted_again(server, admin):
    her = somebody(admin)
    visitor, conversation = talk(server, f"冰箱不制冷，电话 {her['phone']}")
    own = admin.get(f"/conversation/{conversation}")["customer_id"]
    visitor.write(f"单号是 {her['no']}")
    assert likely(admin, conversation)[1] == {her["id"]: ["phone", "order"]}
    joined = admin.post(f"/conversation/{conversation}/she", {"customer_id": her["id"]})
    assert joined["customer_id"] == her["id"]
    note = people.everything_said(admin, conversation)[-1]
    assert note["visibility"] == "internal" and "the phone number given, the ticket number given" in note["text"], "whoever reads on sees why"
    assert likely(admin, conversation) == (True, {})
    again = admin.post(f"/conversation/{conversation}/she", {"customer_id": her["id"]}, status=409)["error"]
    assert again["code"] == "state"
    admin.post(f"/customer/{own}/part")
    assert admin.get(f"/conversation/{conversation}")["customer_id"] == own
    assert likely(admin, conversation) == (False, {her["id"]: ["phone", "order"]})


def test_what_staff_say_opens_nothing_to_her(server, admin):
    her = somebody(admin)
    customer = people.sign_in(server.url, admin, her["phone"])
    customer.post("/my/conversation", {"text": "这是我自己的页面", "external_id": uuid.uuid4().hex})
    visitor, conversation = talk(server, f"我是{her['phone']}")
    admin.post(f"/conversation/{conversation}/she", {"customer_id": her["id"]})
    assert [k["id"] for k in visitor.conversations()] == [conversation], "she has not shown who she is"
    name, = admin.get("/identity", condition=f"customer_id = {her['id']}")["items"]
    assert name["verified_at"] is None


def test_only_somebody_to_whom_something_leads_is_named_by_an_agent(server, admin):
    her, other = somebody(admin), somebody(admin)
    visitor, conversation = talk(server, f"电话{her['phone']}")
    agent = new_user(server, admin, ["conversation.read", "conversation.work", "customer.read"])
    act(agent, conversation, "take")
    refused = agent.post(f"/conversation/{conversation}/she", {"customer_id": other["id"]}, status=422)["error"]
    assert refused["fields"][0]["field"] == "customer_id"
    assert admin.get(f"/conversation/{conversation}")["customer_id"] != other["id"]
    assert agent.post(f"/conversation/{conversation}/she", {"customer_id": her["id"]})["customer_id"] == her["id"]


def test_a_number_in_two_files_offers_both_and_somebody_else_has_her_own(server, admin):
    phone = people.new_phone()
    one, two = (admin.post("/customer", {"name": name, "phone": phone})["id"] for name in ("马骏", "马丽"))
    visitor, conversation = talk(server, f"回电 {phone}")
    assert likely(admin, conversation)[1] == {one: ["phone"], two: ["phone"]}
    customer, record = people.new_customer(server.url, admin)
    known = customer.post("/my/conversation", {"text": f"帮别人问，电话{phone}", "external_id": uuid.uuid4().hex})["conversation"]["id"]
    assert likely(admin, known) == (True, {})
    say(admin, known, "您好")


def test_the_bot_asks_a_stranger_who_she_is_when_it_hands_over(server, admin):
    with people.bot_first(admin):
        visitor, conversation = talk(server, "转人工")
        said = wait_for(lambda: [m["text"] for m in visitor.said(conversation) if "转接人工" in m["text"] or "服务单号" in m["text"]])
        assert "手机号、机身序列号或服务单号" in said[-1]


def test_whose_conversations_are_known_is_promised_and_follows_the_file(server, admin):
    def joined():
        return next(p for p in admin.get("/promise/figures", period="day")["items"] if p["code"] == "contacts_joined")["held"]
    her = somebody(admin)
    visitor, conversation = talk(server, f"电话{her['phone']}")
    visitor.client.post(f"/visit/conversation/{conversation}/close", {})
    talk(server, "另一位访客")
    visitor.write("还有一件事")
    wait_for(lambda: admin.get(f"/conversation/{conversation}")["state"] == "closed")
    before = joined()
    admin.post(f"/conversation/{conversation}/she", {"customer_id": her["id"]})
    wait_for(lambda: joined() == before + 2)      # both of hers, though one alone was joined by name


class Telephone:
    """SMS as a gateway of the company's own hands it over."""
    def __init__(self, server, admin):
        self.url, self.admin, self.n = server.url, admin, 0
        self.row = admin.post("/sms_gateway", {"title": "自有网关", "kind": "generic", "state": "on", "api_url": "https://sms.example.cn/send"})

    def write(self, number, text):
        """The conversation in which it is now."""
        self.n += 1
        assert httpx.post(f"{self.url}/api/v1/sms/{self.row['callback']}", json={"id": f"{number}-{self.n}", "from": number, "text": text}, trust_env=False).status_code == 200
        return self.admin.get("/conversation", sort="-last_at", limit=1, condition="channel = sms")["items"][0]["id"]

    def close(self):
        self.admin.patch(f"/sms_gateway/{self.row['id']}", {"version": self.row["version"], "state": "off"})


@pytest.fixture
def telephone(server, admin):
    made = Telephone(server, admin)
    yield made
    made.close()


def whose(admin, conversation):
    return admin.get(f"/conversation/{conversation}")["customer_id"]


def test_a_telephone_that_a_household_shares_joins_each_by_who_wrote(admin, telephone):
    his, hers = somebody(admin), somebody(admin)
    first = telephone.write(his["phone"], "空调不制冷")
    assert likely(admin, first) == (False, {his["id"]: ["number"]})
    admin.post(f"/conversation/{first}/she", {"customer_id": his["id"]})
    act(admin, first, "close")
    second = telephone.write(his["phone"], f"我用家人的手机，单号{hers['no']}")
    answer = admin.get(f"/conversation/{second}/who")
    assert (answer["known"], answer["proven"]) == (True, False) and whose(admin, second) == his["id"], "a number is known, not a person"
    assert likely(admin, second)[1] == {hers["id"]: ["order"]}
    admin.post(f"/conversation/{second}/she", {"customer_id": hers["id"]})
    assert (whose(admin, first), whose(admin, second)) == (his["id"], hers["id"])
    assert people.everything_said(admin, second)[0]["text"] == f"我用家人的手机，单号{hers['no']}"
    act(admin, second, "close")
    third = telephone.write(his["phone"], "还是不制冷")
    assert whose(admin, third) == his["id"]
    admin.post(f"/conversation/{third}/not_she", {})
    assert whose(admin, third) not in (his["id"], hers["id"]) and likely(admin, third)[0] is False
    admin.post(f"/conversation/{third}/not_she", {}, status=409)


def test_who_was_taken_for_granted_of_a_number_is_confirmed_once_asked(admin, telephone):
    his = somebody(admin)
    first = telephone.write(his["phone"], "空调不制冷")
    assert admin.get(f"/conversation/{first}/who")["asked"] is False
    admin.post(f"/conversation/{first}/she", {"customer_id": his["id"]})
    assert admin.get(f"/conversation/{first}/who")["asked"] is True
    act(admin, first, "close")
    second = telephone.write(his["phone"], "还是不制冷")
    answer = admin.get(f"/conversation/{second}/who")
    assert (answer["known"], answer["proven"], answer["asked"]) == (True, False, False), "whoever has the telephone today"
    admin.post(f"/conversation/{second}/she", {"customer_id": his["id"]})
    assert admin.get(f"/conversation/{second}/who")["asked"] is True and whose(admin, second) == his["id"]
    note = people.everything_said(admin, second)[-1]
    assert note["visibility"] == "internal" and note["text"] == "Asked in the conversation"
    admin.post(f"/conversation/{second}/she", {"customer_id": his["id"]}, status=409)
    admin.post(f"/conversation/{second}/not_she", {})
    assert admin.get(f"/conversation/{second}/who")["asked"] is False


def test_strangers_are_told_apart_by_what_they_are_called(admin, telephone):
    one, other = ((k := telephone.write(people.new_phone(), "你好"), admin.get(f"/conversation/{k}"))[1] for _ in range(2))
    assert one["titles"]["customer_id"] != other["titles"]["customer_id"] and "*" not in one["titles"]["customer_id"]


def test_a_borrowed_number_does_not_become_hers(admin, telephone):
    his, hers = somebody(admin), somebody(admin)
    first = telephone.write(his["phone"], f"借手机发的，我的是{hers['phone']}")
    assert likely(admin, first)[1] == {his["id"]: ["number"], hers["id"]: ["phone"]}
    admin.post(f"/conversation/{first}/she", {"customer_id": hers["id"]})
    act(admin, first, "close")
    assert whose(admin, first) == hers["id"]
    second = telephone.write(his["phone"], "空调不制冷")
    assert whose(admin, second) not in (his["id"], hers["id"]), "asked anew"
    assert likely(admin, second)[1] == {his["id"]: ["number"]}


def test_who_is_erased_takes_her_own_words_along_and_nobody_elses(admin, telephone):
    his, hers = somebody(admin), somebody(admin)
    first = telephone.write(his["phone"], "空调不制冷")
    admin.post(f"/conversation/{first}/she", {"customer_id": his["id"]})
    act(admin, first, "close")
    second = telephone.write(his["phone"], f"这是我说的话，单号{hers['no']}")
    admin.post(f"/conversation/{second}/she", {"customer_id": hers["id"]})
    for ticket in admin.get("/ticket", condition=f"customer_id = {his['id']}")["items"]:
        admin.post(f"/ticket/{ticket['id']}/action/cancel", {"version": ticket["version"], "reason": "试"})
    admin.post(f"/customer/{his['id']}/erase", {"reason": "本人要求"})
    wait_for(lambda: admin.http.get(f"/conversation/{first}").status_code == 404 or all(not m["text"] for m in admin.get(f"/conversation/{first}/message")["items"]))
    assert people.everything_said(admin, second)[0]["text"] == f"这是我说的话，单号{hers['no']}"
