"""All that one customer said, over all channels, beside the conversation that an agent has: nobody else's, and no more than the agent may see."""
import uuid

import people
import pytest
from cti import Cti, line_of
from test_conversation import act, say, write
from test_scope import new_user
from test_who import somebody, telephone  # noqa: F401 (a fixture)
from visitors import Visitor, chat_of

pytestmark = pytest.mark.quick
WORKS = ["conversation.read", "conversation.work", "customer.read"]


@pytest.fixture(scope="module", autouse=True)
def chat(admin):
    return chat_of(admin)


@pytest.fixture
def customer(customer):
    customer.phone = customer.record["phone"]
    return customer


def talks(staff, conversation, **options):
    return staff.get(f"/conversation/{conversation}/talks", **options)


def ids(staff, conversation):
    return [one["conversation"]["id"] for one in talks(staff, conversation)["items"]]


def closed(admin, client, text):
    conversation = write(client, text)["conversation"]["id"]
    act(admin, conversation, "close")
    return conversation


def test_her_other_conversations_are_there_newest_first_and_her_own_alone(server, admin, customer):
    first, second = closed(admin, customer, "冰箱怎么调温度"), closed(admin, customer, "冰箱后壁结冰")
    other, _ = people.new_customer(server.url, admin)
    closed(admin, other, "我是别人")
    now = write(customer, "还是结冰")["conversation"]["id"]
    answer = talks(admin, now)
    assert [one["conversation"]["id"] for one in answer["items"]] == [second, first], "not this one, nobody else's"
    shown = answer["items"][0]["conversation"]
    assert (shown["title"], shown["channel"], shown["state"]) == ("冰箱后壁结冰", "web", "closed") and shown["last_at"] > 0
    assert (answer["whole"], answer["more"]) == (True, False)
    other.close()


def test_a_number_proves_nobody_until_she_was_asked(server, admin, telephone):  # noqa: F811
    """A household may share it: what came by it is there, what she wrote elsewhere is not."""
    her = somebody(admin)
    hers = people.sign_in(server.url, admin, her["phone"])
    own = closed(admin, hers, "这是我自己写的")
    first = telephone.write(her["phone"], "空调不制冷")
    assert ids(admin, first) == []
    admin.post(f"/conversation/{first}/she", {"customer_id": her["id"]})
    assert ids(admin, first) == [own] and ids(admin, own) == [first]
    act(admin, first, "close")
    second = telephone.write(her["phone"], "还是不制冷")
    answer = talks(admin, second)
    assert admin.get(f"/conversation/{second}")["customer_id"] == her["id"]
    assert [one["conversation"]["id"] for one in answer["items"]] == [first] and answer["whole"] is False
    assert ids(admin, own) == [first], "nor beside hers, what somebody else may have written"
    who = admin.get(f"/conversation/{second}/who")
    assert (who["known"], who["proven"], who["asked"]) == (True, False, False)
    admin.post(f"/conversation/{second}/she", {"customer_id": her["id"]})
    assert admin.get(f"/conversation/{second}/who")["asked"] is True
    assert ids(admin, second) == [first, own] and talks(admin, second)["whole"] is True
    assert people.everything_said(admin, second)[-1]["visibility"] == "internal"
    admin.post(f"/conversation/{second}/she", {"customer_id": her["id"]}, status=409)
    admin.post(f"/conversation/{second}/not_she", {})
    assert ids(admin, second) == [] and ids(admin, own) == [first]
    hers.close()


def test_a_name_that_nobody_has_proven_shows_what_came_by_it_and_says_so(admin, server):
    visitor = Visitor(server)
    first = visitor.write("洗衣机脱水时响")["conversation"]["id"]
    visitor.client.post(f"/visit/conversation/{first}/close", {})
    second = visitor.write("还有一件事")["conversation"]["id"]
    stranger = Visitor(server)
    third = stranger.write("洗衣机脱水时响")["conversation"]["id"]
    answer = talks(admin, second)
    assert [one["conversation"]["id"] for one in answer["items"]] == [first] and answer["whole"] is False
    assert talks(admin, third)["items"] == []


def test_what_was_taken_from_her_file_is_not_shown_beside_hers(admin, server, customer):
    """Somebody else wrote by her number: her file does not lead there any more."""
    visitor = Visitor(server)
    talk = visitor.write(f"电话 {customer.phone}")["conversation"]["id"]
    own = closed(admin, customer, "这是我自己写的")
    before = admin.get(f"/conversation/{talk}")["customer_id"]
    admin.post(f"/conversation/{talk}/she", {"customer_id": customer.id})
    assert ids(admin, talk) == [own] and ids(admin, own) == [talk], "and what else came by that browser is hers"
    admin.post(f"/customer/{before}/part")
    assert ids(admin, talk) == [] and ids(admin, own) == []


def test_an_agent_is_shown_what_she_may_see(server, admin, customer):
    mine, team = (new_user(server, admin, WORKS, "own") for _ in range(2))
    first = closed(admin, customer, "别人接待的")
    second = write(customer, "我接待过的")["conversation"]["id"]
    say(admin, second, "您好")
    act(admin, second, "assign", owner_id=mine.user["id"])
    act(mine, second, "close")
    now = write(customer, "现在的")["conversation"]["id"]
    act(admin, now, "assign", owner_id=mine.user["id"])
    assert ids(admin, now) == [second, first] and ids(mine, now) == [second]
    talks(team, now, status=404)
    reader = new_user(server, admin, ["customer.read"])
    talks(reader, now, status=403)
    for one in (mine, team, reader):
        one.close()


def test_a_telephone_call_says_how_long_it_was(server, admin):
    line = line_of(admin)
    phone = people.new_phone()
    cti = Cti(server.url, line["callback"])
    for said in cti.events(uuid.uuid4().hex, phone):
        assert cti.post(said).status_code == 200
    first, = [p["conversation_id"] for p in admin.get("/phone_call", sort="-created_at", limit=5)["items"] if p["line_id"] == line["id"]]
    act(admin, first, "close")
    cti.event(uuid.uuid4().hex, "ringing", direction="in", caller=phone, called="400", extension="8001")
    second = next(p["conversation_id"] for p in admin.get("/phone_call", sort="-created_at", limit=5)["items"] if p["line_id"] == line["id"] and p["conversation_id"] != first)
    assert [(one["conversation"]["id"], one["seconds"]) for one in talks(admin, second)["items"]] == [(first, 192)]
    deaf = new_user(server, admin, WORKS)
    assert [one["seconds"] for one in talks(deaf, second)["items"]] == [0], "calls are a right of their own"
    deaf.close()


def test_more_than_the_strip_holds_is_asked_for_by_page(server, admin, customer):
    all_of_them = [closed(admin, customer, f"第 {i} 次") for i in range(23)]
    now = write(customer, uuid.uuid4().hex)["conversation"]["id"]
    answer = talks(admin, now)
    assert len(answer["items"]) == 20 and answer["more"] is True
    rest = talks(admin, now, after=answer["items"][-1]["conversation"]["id"])
    assert [one["conversation"]["id"] for one in answer["items"] + rest["items"]] == all_of_them[::-1] and rest["more"] is False
