"""Answers to press in WeChat: as its menu, whose entries come back by our name for them, and as numbered lines in a mini-program; and what opening the chat of a
mini-program allows."""
import uuid

import people
import pytest
from test_conversation import said, say
from test_wechat import HOUR, opened, poke
from test_wechat_files import AMR

ANGRY = "你们太差劲了，气死我了"
OFFERED = ["转人工", "不用，继续问"]


@pytest.fixture(scope="module")
def world(engine, demos, tmp_path_factory):
    with opened(engine, demos, tmp_path_factory.mktemp("wechat_offers")) as made:
        people.put_setting(made.admin, "bot.receive", "first")
        yield made


@pytest.fixture(scope="module")
def deliver(world):
    return world.account()[1]


def asked(world, openid, conversation):
    """What the bot asks of who is angry, once it has arrived."""
    world.wait(lambda: world.texts(openid))
    last = said(world.admin, conversation)[-1]
    assert [o["say"] for o in last["offers"]] == OFFERED
    world.wait(lambda: world.states(conversation).get(last["no"]) == "sent")
    return last


def angry(world, deliver):
    openid, words = f"o{uuid.uuid4().hex}", f"{ANGRY}{uuid.uuid4().hex[:6]}"
    world.wechat.wrote(openid)
    deliver.write(openid, words)
    return openid, world.wait(lambda: next((k["id"] for k in world.admin.get("/conversation", sort="-created_at", limit=20)["items"] if k["title"] == words), None))


def test_what_the_bot_offers_is_a_menu_and_the_press_says_it_exactly(world, deliver):
    openid, conversation = angry(world, deliver)
    last = asked(world, openid, conversation)
    menu = world.wechat.menus[openid]
    assert [e["content"] for e in menu] == OFFERED and [e["id"] for e in menu] == [f"{conversation}.{last['no']}.{n}" for n in range(2)]
    world.wechat.wrote(openid)
    assert deliver.post(deliver.message(openid, "转人", bizmsgmenuid=menu[0]["id"])).text == "success"
    assert [m["text"] for m in said(world.admin, conversation) if m["actor"]["kind"] == "customer"][-1] == "转人工"
    world.wait(lambda: world.admin.get(f"/conversation/{conversation}")["state"] == "waiting")


@pytest.mark.parametrize("name", ["", "x", "1.1.1", "{k}.{no}.9", "{k}.{no}.", "{k}.999999.0", "{k}.{no}.0x", "-1.2.0", "9" * 60 + ".1.0"])
def test_a_name_that_stands_for_nothing_leaves_her_words(world, deliver, name):
    openid, conversation = angry(world, deliver)
    last = asked(world, openid, conversation)
    assert deliver.post(deliver.message(openid, "我自己写的", bizmsgmenuid=name.format(k=conversation, no=last["no"]))).text == "success"
    assert "我自己写的" in [m["text"] for m in said(world.admin, conversation)]


def test_the_menu_of_another_person_says_nothing(world, deliver):
    openid, conversation = angry(world, deliver)
    last = asked(world, openid, conversation)
    other, theirs = angry(world, deliver)
    asked(world, other, theirs)
    assert deliver.post(deliver.message(other, "这是我的话", bizmsgmenuid=f"{conversation}.{last['no']}.0")).text == "success"
    assert "这是我的话" in [m["text"] for m in said(world.admin, theirs)]


def test_wecom_has_the_same_menu(world):
    account, person = world.account(kind="kf"), f"wm{uuid.uuid4().hex}"
    words = f"{ANGRY}{uuid.uuid4().hex[:6]}"
    world.wechat.kf_write(person, words)
    poke(account)
    conversation = world.wait(lambda: next((k["id"] for k in world.admin.get("/conversation", sort="-created_at", limit=20)["items"] if k["title"] == words), None))
    asked(world, person, conversation)
    menu = world.wechat.menus[person]
    assert [e["content"] for e in menu] == OFFERED
    world.wechat.kf_write(person, text={"content": "转人", "menu_id": menu[0]["id"]})
    poke(account)
    world.wait(lambda: "转人工" in [m["text"] for m in said(world.admin, conversation)])


def test_a_mini_program_gets_numbered_lines_and_opening_its_chat_allows_two_messages(world):
    deliver = world.account(kind="mini")[1]
    openid, conversation = angry(world, deliver)
    asked(world, openid, conversation)
    assert world.texts(openid)[-1].endswith("\n1. 转人工\n2. 不用，继续问")
    world.wechat.wrote(openid)
    deliver.write(openid, "1")
    assert "转人工" in [m["text"] for m in said(world.admin, conversation)]
    world.wait(lambda: world.admin.get(f"/conversation/{conversation}")["state"] == "waiting")
    world.later(48 * HOUR + 1)
    assert world.reach(conversation)["open"] is False
    assert deliver.post(deliver.message(openid, kind="event", Event="user_enter_tempsession", SessionFrom="order")).text == "success"
    assert (world.reach(conversation)["open"], world.reach(conversation)["left"]) == (True, 2)
    world.wechat.people[openid] = {"at": world.now() - 48 * HOUR + 60, "left": 2}
    say(world.admin, conversation, "您好，师傅明天到")
    world.wait(lambda: "您好，师傅明天到" in world.texts(openid))
    world.clock.move(61)
    assert world.reach(conversation)["open"] is False


def test_HO_16_a_voice_message_leads_to_a_person_by_what_was_heard_in_it(world, deliver):
    """GB/T 47746—2026, the route by voice: she says it, and what recognises speech writes it down."""
    openid = f"o{uuid.uuid4().hex}"
    world.wechat.wrote(openid)
    world.wechat.media["HO16"] = (AMR, "voice/amr")
    assert deliver.post(deliver.message(openid, kind="voice", MediaId="HO16", Format="amr", Recognition="帮我转一下人工。")).text == "success"
    talks = lambda: [k for k in world.admin.get("/conversation", sort="-created_at", limit=20)["items"] if "帮我转一下人工" in k["title"]]
    conversation = world.wait(lambda: next((k["id"] for k in talks() if k["state"] == "waiting"), None))
    turns = world.admin.get("/bot_turn", condition=f"conversation_id = {conversation}")["items"]
    assert [(t["did"], t["why"]) for t in turns] == [("hand_over", "HO-02")]
    assert world.wait(lambda: [f["type"] for m in said(world.admin, conversation) for f in m["files"]]) == ["audio/amr"]
