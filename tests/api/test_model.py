"""A language model beside the bot: asked only where a company allows it, told nothing of anybody, and never believed further than its sources go."""
import json
import uuid

import people
import pytest
from definitions import faults
from model_server import KEY, account_of
from model_world import ASK, ASK_EN, CURTAIN, MADE, MADE_EN, PHONE, honest_again, world  # noqa: F401
from patience import wait_for
from test_conversation import act, said, say, write

from client import Client


def pressed(message):
    return [o["say"] for o in message["offers"]]


# What it is for --------------------------------------------------------------------------------------------------------------


def test_where_the_bot_has_no_answer_one_is_made_of_an_article_with_its_source_and_its_mark(world):
    id, answer = world.talk(ASK)
    assert "按住遥控器" in answer["text"] or "先关闭投影机" in answer["text"], answer["text"]
    assert "[1] 星云投影幕布怎么收起" in answer["text"] and MADE in answer["text"]
    assert CURTAIN["title_zh"] in pressed(answer) and {"解决了", "没解决", "转人工"} <= set(pressed(answer))
    turn, call = world.turn(id), world.call()
    assert (turn["did"], turn["article"]) == ("answer", world.article["code"])
    assert (call["purpose"], call["outcome"], call["asked_tokens"], call["said_tokens"]) == ("answer", "said", 400, 60)
    assert world.model.keys[-1] == f"Bearer {KEY}"
    _, answer = world.go_on("解决了")
    assert "很高兴" in answer["text"]


def test_english_is_answered_in_english_from_english_articles(world):
    _, answer = world.talk(ASK_EN)
    assert MADE_EN in answer["text"] and "[1] How the Nebula" in answer["text"] and "A person, please" in pressed(answer)


def test_a_single_word_is_answered_in_the_language_of_the_talk(world):
    world.talk("你好")
    _, answer = world.go_on("Nebula")
    assert MADE in answer["text"] and MADE_EN not in answer["text"], answer["text"]


def test_an_answer_of_the_bots_own_may_be_put_into_other_words_and_its_own_words_are_one_press_away(world):
    id, answer = world.talk("空调开着就是不凉，怎么办")
    assert world.turn(id)["did"] == "answer" and MADE in answer["text"], (world.call(), answer["text"])
    title = next(o for o in pressed(answer) if f"[1] {o}" in answer["text"])
    before = world.calls()
    _, plain = world.go_on(title)
    assert MADE not in plain["text"] and world.calls() == before


def test_what_the_bot_decides_stays_the_bots(world):
    """Danger, money, a person, her own things: no model is asked."""
    before = world.calls()
    for words in ("冰箱后面冒烟了，有糊味", "弄坏了地板谁赔偿", "转人工", "我要投诉上门的师傅", "我的洗衣机还在保修期吗", "你好"):
        _, answer = world.talk(words)
        assert MADE not in answer["text"], words
    assert world.calls() == before


# What it is told -----------------------------------------------------------------------------------------------------------------


def test_nothing_that_tells_of_anybody_leaves_the_house(world):
    words = f"{ASK}，我叫欧阳晓丽，姓王女士也行，电话 {PHONE}，住杭州市西湖区文三路 90 号 3 幢 502，订单 TB20261122887766，邮箱 li@example.cn，身份证 110101199003077571"
    before = len(world.model.asked)
    world.talk(words)
    asked = json.dumps(world.model.asked[before:], ensure_ascii=False)
    assert len(world.model.asked) == before + 1 and "星云投影幕布" in asked
    for part in ("欧阳", "晓丽", "王女士", PHONE, "文三路", "TB2026", "887766", "li@", "11010119", KEY, world.record["id"], world.phone):
        assert part not in asked, part
    document = world.model.documents()[-1]
    assert set(document) == {"sources", "question"} and len(world.model.asked[-1]["messages"]) == 2 and "tools" not in world.model.asked[-1]


def test_drafts_and_what_is_for_staff_are_never_read(world):
    for fields in ({"audience": "staff"}, {"audience": "public", "draft": True}):
        draft = fields.pop("draft", False)
        article = world.admin.post("/article", {"code": f"K-{uuid.uuid4().hex[:8]}", "title_zh": "流星灯带怎么换", "body_zh": "内部：流星灯带只在仓库更换。"} | fields)
        if not draft:
            world.admin.post(f"/article/{article['id']}/action/publish", {"version": article["version"]})
    world.talk("流星灯带怎么换")
    assert "仓库" not in json.dumps(world.model.asked, ensure_ascii=False)


def test_who_took_back_her_consent_is_served_without_a_model(world):
    consent = world.admin.post("/consent", {"customer_id": world.record["id"], "purpose": "service"})
    consent = world.admin.patch(f"/consent/{consent['id']}", {"version": consent["version"], "state": "withdrawn"})
    before = world.calls()
    _, answer = world.talk(ASK)
    assert MADE not in answer["text"] and world.calls() == before
    world.admin.patch(f"/consent/{consent['id']}", {"version": consent["version"], "state": "given"})
    assert MADE in world.talk(ASK)[1]["text"]


def test_switched_off_nobody_is_asked(world):
    before = world.calls()
    for off in ({"state": "off"}, {"for_answer": False}):
        world.change(**off)
        assert MADE not in world.talk(ASK)[1]["text"]
        world.change(state="on", for_answer=True)
    assert world.calls() == before


# What goes wrong -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer, outcome, reason", [
    ((429, {"error": {"message": f"slow down, {KEY}"}}), "failed", "busy"), ((500, b"<html>"), "failed", "down"), ((401, {"error": {"message": f"bad key {KEY}"}}), "failed", "key"), ((404, b""), "failed", "absent"),
    (b"{", "failed", "garbage"), (b"\x00" * 300000, "late", "late"), ({"choices": []}, "failed", "garbage"), ({"choices": [{"message": {"content": "x"}, "finish_reason": "length"}]}, "declined", "cut"), ("NO_ANSWER", "declined", ""),
    ((302, b""), "failed", "garbage"), ("先关闭投影机，等风扇停止转动。", "held", "citation")])
def test_whatever_comes_back_she_is_answered_as_without_a_model(world, answer, outcome, reason):
    world.model.answer = lambda *_: answer
    spent = lambda: next((d["tokens"] for d in world.admin.get("/model_usage")["items"]), 0)
    before = spent()
    _, told = world.talk(ASK)
    assert told["text"].startswith("我没有完全明白")
    call = world.call()
    assert (call["outcome"], call["reason"]) == (outcome, reason)
    assert (spent() == before) == (isinstance(answer, tuple) and answer[0] >= 400), "what was turned away costs nothing"
    row = world.admin.get(f"/model_account/{world.account['id']}")
    assert KEY not in json.dumps(row) + json.dumps(call)


def test_a_slow_endpoint_is_not_waited_for_longer_than_said_and_one_that_fails_is_left_alone(world):
    world.change(timeout_s=1)
    world.model.delay.clear()
    for _ in range(3):
        _, told = world.talk(ASK)
        assert told["text"].startswith("我没有完全明白") and world.call()["outcome"] == "late"
    asked = len(world.model.asked)
    assert world.talk(ASK)[1]["text"].startswith("我没有完全明白")
    assert world.call()["outcome"] == "pause" and len(world.model.asked) == asked
    world.model.delay.set()
    world.clock.move(180)
    world.change(timeout_s=5)
    assert MADE in world.talk(ASK)[1]["text"]


def test_money_in_an_answer_calls_a_person(world):
    world.model.answer = lambda *_: "我们给您全额退款[1]。"
    id, told = world.talk(ASK)
    assert "由人工客服按规定核实" in told["text"] and "全额" not in told["text"]
    assert wait_for(lambda: world.admin.get(f"/conversation/{id}")["state"] == "waiting") and world.turn(id)["why"] == "HO-20"
    assert "涉及费用或承诺" in next(m["text"] for m in said(world.admin, id) if m["visibility"] == "internal")


def test_the_days_tokens_are_a_wall(world):
    used = world.admin.get("/model_usage")["items"][0]["tokens"]
    world.set("model.daily_tokens", used + 100)
    asked = len(world.model.asked)
    assert MADE not in world.talk(ASK)[1]["text"]
    assert world.call()["outcome"] == "budget" and len(world.model.asked) == asked
    world.set("model.daily_tokens", None)
    assert MADE in world.talk(ASK)[1]["text"]
    today = world.admin.get("/model_usage")["items"][0]
    assert today["tokens"] == used + 460 and today["said"] > 0, "what was set aside is given back when the endpoint has counted"


def test_killed_while_the_model_thinks_she_gets_exactly_one_answer(world):
    world.model.delay.clear()
    asked = len(world.model.asked)
    for row in world.admin.get("/conversation", condition=f"customer_id = {world.record['id']}", limit=50)["items"]:
        if row["state"] != "closed":
            act(world.admin, row["id"], "close")
    sent = write(world.customer, ASK)
    id = sent["conversation"]["id"]
    wait_for(lambda: len(world.model.asked) > asked)
    world.server.kill()
    world.model.delay.set()
    world.server.start()
    world.clock.move(600)       # the lease of the call that died
    world.admin = Client(world.server.url).sign_in(*world.server.company.accounts[0])
    world.customer = people.sign_in(world.server.url, world.admin, world.phone)
    told = lambda: [m for m in said(world.admin, id) if m["actor"]["kind"] == "system" and m["visibility"] == "public"]
    wait_for(told, clock=world.clock)
    world.clock.move(600)
    other, _ = people.new_customer(world.server.url, world.admin)
    sent = write(other, "你好")     # a round behind whatever might still come
    wait_for(lambda: [m for m in said(other, sent["conversation"]["id"], "/my") if m["actor"]["kind"] == "system"], clock=world.clock)
    assert len(told()) == 1 and world.admin.get("/bot_turn", condition=f"conversation_id = {id}", total=1)["total"] == 1, told()
    assert "open" in {c["outcome"] for c in world.admin.get("/model_call", limit=50)["items"]}, "the call that nobody heard of stays in the ledger as such"


# Setting it up -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["http://api.example.cn/v1", "ftp://api.example.cn", "https://api.example.cn/v1/", "https://user@api.example.cn/v1", "http://8.8.8.8/v1", "http://localhost.evil.example/v1", "https://", "api.example.cn"])
def test_an_address_is_https_or_of_the_house(world, url):
    assert ("base_url", "field_invalid") in faults(world.admin.post("/model_account", {"title": "x", "base_url": url, "model": "m"}, status=422), "field", "code")


def test_a_try_says_in_words_what_is_wrong(world):
    path = f"/model_account/{world.account['id']}/try"
    assert world.admin.post(path)["good"]
    world.model.answer = lambda *_: (401, {"error": {"message": KEY}})
    told = world.admin.post(path)
    assert not told["good"] and "密钥" in told["text"]["zh"] and "key" in told["text"]["en"] and KEY not in json.dumps(told)
    refused = account_of(world.admin, world.model, base_url="http://169.254.169.254/latest", state="off")
    told = world.admin.post(f"/model_account/{refused['id']}/try")
    assert not told["good"] and "outbound-allow" in told["text"]["zh"]


def test_the_key_never_comes_out_and_stays_with_its_address(world):
    row = world.admin.get(f"/model_account/{world.account['id']}")
    assert KEY not in json.dumps(row) and row["secret_at"] > 0
    log = world.server.tail(5000)
    assert KEY not in log
    world.change(base_url=world.model.url.replace("127.0.0.1", "localhost"))
    assert world.admin.get(f"/model_account/{row['id']}")["secret_at"] in (0, None)
    world.talk(ASK)
    assert world.model.keys[-1] is None
    world.change(base_url=world.model.url)
    world.admin.post(f"/model_account/{row['id']}/secret", {"secret": KEY})


# A summary -----------------------------------------------------------------------------------------------------------------------


def test_a_closed_conversation_gets_a_draft_of_its_summary_for_staff_alone(world):
    world.change(for_summary=True)
    world.model.answer = lambda *_: "1. 客户问幕布怎么收起\n2. 已告知按住上键\n3. 无"
    id, _ = world.talk("转人工")
    say(world.admin, id, f"欧阳晓丽女士您好，请按住上键，您的电话是 {PHONE}")
    write(world.customer, "好的")
    act(world.admin, id, "close")
    note = wait_for(lambda: next((m for m in said(world.admin, id) if m["visibility"] == "internal" and "小结草稿" in m["text"]), None))
    assert "已告知按住上键" in note["text"] and "由 AI 生成" in note["text"]
    assert not [m for m in said(world.customer, id, "/my") if "小结" in m["text"]]
    talk = world.model.documents()[-1]["question"]
    assert "欧阳" not in talk and PHONE not in talk and "按住上键" in talk
    world.change(for_summary=False)
