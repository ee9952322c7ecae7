"""微信客服 besides messages: an answer that did not arrive, a session in other hands, a colleague who answers in WeCom, and the first word."""
import uuid

import pytest
from test_conversation import said, say
from test_wechat import opened, poke


@pytest.fixture(scope="module")
def world(engine, demos, tmp_path_factory):
    with opened(engine, demos, tmp_path_factory.mktemp("wechat_kf")) as made:
        yield made


@pytest.fixture(scope="module")
def kf(world):
    return world.account(kind="kf", greeting="您好，这里是安心售后", fallback="call")


@pytest.fixture
def talk(world, kf):
    """Somebody writes and is answered: her name, the conversation, our name for the answer."""
    person, words = f"wm{uuid.uuid4().hex}", f"请问 {uuid.uuid4().hex[:6]}"
    world.wechat.kf_write(person, words)
    poke(kf)
    conversation = world.wait(lambda: world.conversation(words))["id"]
    say(world.admin, conversation, "您好")
    world.wait(lambda: world.states(conversation).get(2) == "sent")
    return person, conversation, next(body["msgid"] for path, body in reversed(world.wechat.calls) if path == "/cgi-bin/kf/send_msg")


def notes(world, conversation):
    return [m["text"] for m in said(world.admin, conversation) if m["visibility"] == "internal"]


@pytest.mark.parametrize("reason, words, left, following", [(10, "客户拒收", 0, False), (4, "会话已超过 48 小时", 0, True), (6, "超过可发条数", 0, True), (13, "内容被安全限制", 4, True), (77, "原因未说明", 4, True)])
def test_an_answer_that_did_not_arrive_goes_another_way_and_staff_read_why(world, kf, talk, reason, words, left, following):
    person, conversation, name = talk
    world.wechat.kf_event(person, "msg_send_fail", fail_msgid=name, fail_type=reason)
    world.wechat.kf_event(person, "msg_send_fail", fail_msgid=name, fail_type=reason)
    poke(kf)
    world.wait(lambda: world.states(conversation)[2] == "call")
    reach = world.reach(conversation)
    assert (reach["left"], reach["following"]) == (left, following)
    assert notes(world, conversation) == [f"微信没有送达：{words}"]
    tasks = world.admin.get("/task", condition=f"customer_id = {world.admin.get(f'/conversation/{conversation}')['customer_id']}")["items"]
    assert [t["title"] for t in tasks if t["state"] == "open"] == ["微信已不能回复，请致电客户"]


def test_of_what_others_send_by_the_account_nothing_is_believed(world, kf, talk):
    person, conversation, name = talk
    for other in ("theirs", "anxin_", "anxin_x", "anxin_-5", f"{name}x", f"anxin_{uuid.uuid4().int % 10**15}"):
        world.wechat.kf_event(person, "msg_send_fail", fail_msgid=other, fail_type=10)
    world.wechat.kf_write(person, "还在吗")
    poke(kf)
    world.wait(lambda: [m["text"] for m in said(world.admin, conversation)][-1] == "还在吗")
    assert world.states(conversation)[2] == "sent" and world.reach(conversation)["following"] and not notes(world, conversation)


def test_the_desk_sees_in_whose_hands_the_session_is(world, kf, talk):
    person, conversation, _name = talk
    assert world.reach(conversation)["session"] == 0
    for change, session in ((1, 3), (2, 3), (3, 4)):
        world.wechat.kf_event(person, "session_status_change", change_type=change, new_servicer_userid="wangwu")
        poke(kf)
        world.wait(lambda now=session: world.reach(conversation)["session"] == now)
    world.wechat.kf_write(person, "又来了")
    poke(kf)
    world.wait(lambda: world.reach(conversation)["session"] == 0)
    world.wechat.kf_event(person, "session_status_change", change_type=4, new_servicer_userid="wangwu")
    poke(kf)
    world.wait(lambda: world.reach(conversation)["session"] == 3)
    world.wechat.kf_state[person] = 3
    say(world.admin, conversation, "我来")
    world.wait(lambda: world.texts(person)[-1] == "我来")
    world.wait(lambda: world.reach(conversation)["session"] == 1)


def test_what_a_colleague_says_in_wecom_stands_in_the_history_and_answers(world, kf):
    person, words = f"wm{uuid.uuid4().hex}", f"有人吗 {uuid.uuid4().hex[:6]}"
    world.wechat.kf_write(person, words)
    poke(kf)
    row = world.wait(lambda: world.conversation(words))
    assert row["waiting_since"]
    world.wechat.kf_write(person, "我在，马上处理", origin=5, servicer_userid="lisi")
    world.wechat.kf_write(f"wm{uuid.uuid4().hex}", "从没写过的人", origin=5, servicer_userid="lisi")
    poke(kf)
    world.wait(lambda: notes(world, row["id"]) == ["企业微信中由 lisi 回复：我在，马上处理"])
    now = world.admin.get(f"/conversation/{row['id']}")
    assert not now["waiting_since"] and now["first_response_at"] and not world.texts(person)


def test_who_opens_the_chat_is_greeted_once_and_in_time(world, kf):
    person = f"wm{uuid.uuid4().hex}"
    code = world.wechat.kf_enter(person)
    poke(kf)
    world.wait(lambda: [text for one, text in world.wechat.greeted if one == code] == ["您好，这里是安心售后"])
    late = world.wechat.kf_enter(person)
    world.later(30)
    poke(kf)
    words = f"之后 {uuid.uuid4().hex[:6]}"
    world.wechat.kf_write(person, words)
    poke(kf)
    world.wait(lambda: world.conversation(words))
    assert not [one for one, _text in world.wechat.greeted if one == late] and late in world.wechat.welcomes


def test_without_a_greeting_nobody_is_greeted(world, kf):
    row = world.admin.get(f"/wechat_account/{kf[0]['id']}")
    world.admin.patch(f"/wechat_account/{row['id']}", {"greeting": "", "version": row["version"]})
    code = world.wechat.kf_enter(f"wm{uuid.uuid4().hex}")
    words = f"问 {uuid.uuid4().hex[:6]}"
    world.wechat.kf_write(f"wm{uuid.uuid4().hex}", words)
    poke(kf)
    world.wait(lambda: world.conversation(words))
    assert code in world.wechat.welcomes
