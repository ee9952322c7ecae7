"""WeChat and WeCom against a simulated server that enforces what theirs do: deliveries, answers, the ledger, media, who somebody is."""
import json
import re
import uuid
from contextlib import contextmanager

import people
import pytest
from patience import wait_for
from test_conversation import act, said, say
from test_file import png
from wechat import AES_KEY, APP, KFID, TOKEN, Deliverer, WeChat, account_of, sign, unseal

from client import Client
from gateway import Gateway
from server import Clock, Server

HOUR = 3600


class World:
    """A server, WeChat, and an account between them; time stands until a test moves it."""

    def __init__(self, company, folder, options=(), **more):
        self.clock = Clock(folder / "clock")
        self.wechat, self.sms = WeChat(now=self.now), Gateway()
        environment = {"ANXIN_OUTBOUND_ALLOW": "127.0.0.0/8", "ANXIN_SMS_GATEWAY": self.sms.url} | more
        self.server = Server(company, clock=self.clock, environment=environment, options=options)
        self.server.__enter__()
        self.account_of_admin = company.accounts[0]
        self.admin = Client(self.server.url).sign_in(*self.account_of_admin)

    def now(self):
        return self.clock.ms / 1000

    def later(self, seconds):
        """Nobody stays signed in for so long."""
        self.clock.move(seconds)
        self.admin = Client(self.server.url).sign_in(*self.account_of_admin)

    def wait(self, ask, **more):
        return wait_for(ask, clock=self.clock, why=lambda: f"it does not happen; last calls: {self.wechat.calls[-6:]}, {self.wechat.faults}", **more)

    def close(self):
        self.wechat.gate.set()
        self.server.__exit__(None, None, None)
        self.wechat.close()
        self.sms.close()

    def account(self, **more):
        """One at a time has this AppID's people."""
        row = account_of(self.admin, self.wechat, **more)
        mode = more.get("mode", "safe")
        app = row["app_id"]
        return row, Deliverer(self.server.url, row["callback"], self.now, mode=mode, app=app)

    def conversation(self, words):
        rows = self.admin.get("/conversation", sort="-created_at", limit=50)["items"]
        return next((k for k in rows if k["title"] == words or k["last_words"] == words), None)

    def reach(self, conversation):
        return self.admin.get(f"/conversation/{conversation}/reach")

    def states(self, conversation):
        return {m["no"]: m["state"] for m in self.reach(conversation)["messages"]}

    def begins(self, deliverer, openid=None):
        """Somebody writes; her openid and conversation."""
        openid = openid or f"o{uuid.uuid4().hex}"
        words = f"你好 {uuid.uuid4().hex[:8]}"
        self.wechat.wrote(openid)
        deliverer.write(openid, words)
        return openid, self.conversation(words)["id"]

    def texts(self, openid):
        return [text for to, text in self.wechat.sent if to == openid]


@contextmanager
def opened(engine, demos, folder, options=(), **more):
    """On a company of its own."""
    copy = demos(engine).copy(folder / "data")
    made = World(copy, folder, options, **more)
    yield made
    made.close()
    copy.drop()


@pytest.fixture(scope="module")
def world(engine, demos, tmp_path_factory):
    with opened(engine, demos, tmp_path_factory.mktemp("wechat")) as made:
        yield made


@pytest.fixture(scope="module")
def official(world):
    return world.account(greeting="欢迎关注")


@pytest.fixture
def deliver(official):
    return official[1]


# Deliveries ----------------------------------------------------------------------------------------------------------------


def test_the_address_is_verified_by_who_knows_the_token(deliver):
    good = deliver.verify()
    assert (good.status_code, good.text) == (200, "8273645")
    for change in ({"signature": "0" * 40}, {"signature": ""}, {"timestamp": "1"}, {"nonce": "x"}, {"timestamp": "x"}, {"timestamp": "9" * 30}):
        assert deliver.verify(**change).status_code == 403, change
    assert Deliverer(deliver.url.split("/api/")[0], "nobody", deliver.now).verify().status_code == 404


@pytest.mark.quick
def test_a_message_in_safe_mode_is_taken_in_once_however_often_it_comes(world, deliver):
    openid, words = f"o{uuid.uuid4().hex}", f"冰箱不制冷 {uuid.uuid4().hex[:6]}"
    message = deliver.message(openid, words)
    for _ in range(3):
        assert deliver.post(message).text == "success"
    row = world.conversation(words)
    assert (row["channel"], row["state"], row["last_no"]) == ("wechat", "waiting", 1)
    customer = world.admin.get(f"/customer/{row['customer_id']}")
    assert customer["title"].startswith("微信用户 ")
    assert customer["kind"] == "visitor" and openid not in json.dumps(customer) + json.dumps(row)
    names = world.admin.get("/identity", condition=f"customer_id = {customer['id']}")["items"]
    assert "wechat" in {n["channel"] for n in names}
    deliver.write(openid, "还有点漏水")
    assert [m["text"] for m in said(world.admin, row["id"])] == [words, "还有点漏水"]


def test_a_newcomers_file_says_in_which_language_she_wrote(world, deliver):
    for words, lang in ((f"My fridge does not cool any more {uuid.uuid4().hex[:6]}", "en"), (f"冰箱不制冷 {uuid.uuid4().hex[:6]}", "zh")):
        deliver.write(f"o{uuid.uuid4().hex}", words)
        assert world.admin.get(f"/customer/{world.conversation(words)['customer_id']}")["lang"] == lang


def test_what_is_not_signed_sealed_or_fresh_is_refused_and_changes_nothing(world, deliver):
    before = len(world.admin.get("/conversation", limit=200)["items"])
    message = deliver.message(f"o{uuid.uuid4().hex}", "不该收下")
    for change in ({"msg_signature": "0" * 40}, {"msg_signature": None}, {"nonce": "other"}, {"timestamp": str(int(world.now()) - 3600)}, {"timestamp": str(int(world.now()) + 3600)}, {"timestamp": ""}):
        assert deliver.post(message, **{k: v for k, v in change.items()}).status_code == 403, change
    stranger = Deliverer(deliver.url.split("/api/")[0], deliver.url.rsplit("/", 1)[1], world.now, app="wx0000000000000000")
    assert stranger.post(message).status_code == 403, "sealed for another app"
    plain = Deliverer(deliver.url.split("/api/")[0], deliver.url.rsplit("/", 1)[1], world.now, mode="plain")
    assert plain.post(message).status_code == 403, "plain where safe mode is on"
    other = Deliverer(deliver.url.split("/api/")[0], deliver.url.rsplit("/", 1)[1], world.now, aes="abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG")
    assert other.post(message).status_code == 403, "another key"
    for body in (b"", b"<xml>", b"{", b"<!DOCTYPE x [<!ENTITY a 'b'>]><xml><Encrypt>&a;</Encrypt></xml>", b"\xff" * 300, b"<xml>" + b"<a>" * 5000):
        stamp, nonce = str(int(world.now())), "n"
        answer = deliver.http.post(deliver.url, params={"timestamp": stamp, "nonce": nonce, "signature": sign(TOKEN, stamp, nonce)}, content=body, headers={"Content-Type": "text/xml"})
        assert answer.status_code in (400, 403), body
    assert len(world.admin.get("/conversation", limit=200)["items"]) == before


@pytest.mark.parametrize("mode,as_json", [("plain", False), ("compat", False), ("plain", True), ("safe", True)])
def test_every_mode_and_form_brings_the_message(world, mode, as_json):
    row, deliver = world.account(mode=mode, kind="mini" if as_json else "official")
    words = f"模式 {mode} {uuid.uuid4().hex[:6]}"
    assert deliver.post(deliver.message(f"o{uuid.uuid4().hex}", words), as_json=as_json).text == "success"
    assert world.conversation(words)
    world.admin.post(f"/wechat_account/{row['id']}/archive", {"version": world.admin.get(f"/wechat_account/{row['id']}")["version"]})
    assert deliver.post(deliver.message(f"o{uuid.uuid4().hex}", "关了")).status_code == 404


def test_the_key_before_is_still_known_after_a_change(world):
    row, deliver = world.account()
    fresh = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
    world.admin.post(f"/wechat_account/{row['id']}/secret", {"aes_key": fresh})
    deliver.write(f"o{uuid.uuid4().hex}", "旧密钥")
    deliver.aes = fresh
    deliver.write(f"o{uuid.uuid4().hex}", "新密钥")
    world.admin.post(f"/wechat_account/{row['id']}/secret", {"aes_key": "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopq"})
    deliver.aes = AES_KEY
    assert deliver.post(deliver.message("o", "再早的")).status_code == 403


def test_other_kinds_of_messages_are_words_a_person_can_read(world, deliver):
    openid, conversation = world.begins(deliver)
    deliver.write(openid, kind="location", Location_X=23.134521, Location_Y=113.358803, Scale=20, Label="天河路 1 号")
    deliver.write(openid, kind="link", Title="说明书", Description="第三页", Url="https://e.cn/a?b=1&c=2")
    deliver.write(openid, kind="event", Event="CLICK", EventKey="报修")
    assert deliver.post(deliver.message(openid, kind="event", Event="VIEW", EventKey="https://e.cn")).text == "success"
    assert [m["text"] for m in said(world.admin, conversation)][1:] == ["[位置] 天河路 1 号 (23.134521, 113.358803)", "[链接] 说明书 第三页 https://e.cn/a?b=1&c=2", "点击菜单：报修"]


def test_a_new_follower_is_greeted_and_nothing_is_kept_of_her(world, deliver):
    before = len(world.admin.get("/customer", condition="kind = visitor", limit=200)["items"])
    answer = deliver.post(deliver.message("oFollower", kind="event", Event="subscribe", EventKey=""))
    fields = dict(re.findall(r"<(\w+)><!\[CDATA\[(.*?)\]\]></\1>", answer.text, re.S))
    assert fields["MsgSignature"] == sign(TOKEN, fields["TimeStamp"], fields["Nonce"], fields["Encrypt"])
    inner = unseal(fields["Encrypt"])
    assert "欢迎关注" in inner and "<ToUserName><![CDATA[oFollower]]>" in inner and "<FromUserName><![CDATA[gh_1]]>" in inner
    assert len(world.admin.get("/customer", condition="kind = visitor", limit=200)["items"]) == before


def test_pictures_come_behind_their_message(world, deliver):
    openid, conversation = world.begins(deliver)
    world.wechat.media["MEDIA1"] = (png(32, 24), "image/png")
    deliver.write(openid, kind="image", PicUrl="https://mmbiz.qpic.cn/x", MediaId="MEDIA1")
    files = world.wait(lambda: said(world.admin, conversation)[1]["files"])
    assert (files[0]["type"], files[0]["width"], files[0]["height"]) == ("image/png", 32, 24)
    deliver.write(openid, kind="voice", MediaId="GONE", Format="amr", Recognition="洗衣机不转")
    assert said(world.admin, conversation)[2]["text"] == "[语音] 洗衣机不转"
    world.wait(lambda: sum(path == "/cgi-bin/media/get" for path, _ in world.wechat.calls) >= 2)
    assert said(world.admin, conversation)[2]["files"] == []


# Answers and the ledger ------------------------------------------------------------------------------------------------------


@pytest.mark.quick
def test_an_answer_reaches_her_and_costs_one(world, deliver):
    openid, conversation = world.begins(deliver)
    assert (world.reach(conversation)["left"], world.reach(conversation)["most"]) == (5, 5)
    say(world.admin, conversation, "您好 <b>“请问”</b> & 型号？")
    say(world.admin, conversation, "内部看看", "internal")
    world.wait(lambda: world.texts(openid))
    assert world.texts(openid) == ["您好 <b>“请问”</b> & 型号？"]
    world.wait(lambda: world.states(conversation).get(2) == "sent")
    assert world.reach(conversation)["left"] == world.wechat.left(openid) == 4
    assert world.reach(conversation)["until"] == (int(world.wechat.people[openid]["at"]) + 48 * HOUR) * 1000


def test_several_texts_go_as_one(world, deliver):
    openid, conversation = world.begins(deliver)
    for text in ("第一句", "第二句", "第三句"):
        say(world.admin, conversation, text)
    world.wait(lambda: world.texts(openid))
    assert world.texts(openid) == ["第一句\n第二句\n第三句"] and world.wechat.left(openid) == 4
    world.wait(lambda: set(world.states(conversation).values()) == {"sent"})
    assert world.reach(conversation)["left"] == 4


def test_used_up_it_goes_by_sms_and_comes_back_with_her_next_message(world, deliver):
    openid, conversation = world.begins(deliver)
    phone = people.new_phone()
    customer = world.admin.get(f"/conversation/{conversation}")["customer_id"]
    row = world.admin.get(f"/customer/{customer}")
    world.admin.patch(f"/customer/{customer}", {"version": row["version"], "phone": phone})
    for n in range(6):
        say(world.admin, conversation, f"第 {n} 条")
        no = n + 2
        world.wait(lambda: world.states(conversation).get(no) in ("sent", "sms"))
    assert world.texts(openid) == [f"第 {n} 条" for n in range(5)] and world.reach(conversation)["left"] == 0
    message = world.wait(lambda: next((call for call in world.sms.calls if "第 5 条" in call[3]["text"]), None))
    assert message[3]["to"].endswith(phone) and world.states(conversation)[7] == "sms"
    world.wechat.wrote(openid)
    deliver.write(openid, "收到")
    assert world.reach(conversation)["left"] == 5


def test_a_closed_window_without_a_phone_becomes_a_call_back(world, deliver):
    openid, conversation = world.begins(deliver)
    world.later(48 * HOUR + 1)
    assert world.reach(conversation)["open"] is False and world.reach(conversation)["fallback"] == "call"
    say(world.admin, conversation, "还在吗？")
    say(world.admin, conversation, "师傅明天到")
    world.wait(lambda: set(world.states(conversation).values()) == {"call"})
    customer = world.admin.get(f"/conversation/{conversation}")["customer_id"]
    tasks = world.admin.get("/task", condition=f"customer_id = {customer}")["items"]
    assert [t["kind"] for t in tasks if "不能回复" in t["title"]] == ["call_back"] and not world.texts(openid)


def test_before_it_closes_whoever_owes_an_answer_is_told(world, deliver):
    _openid, conversation = world.begins(deliver)
    act(world.admin, conversation, "take")
    world.later(46 * HOUR + 60)
    customer = world.admin.get(f"/conversation/{conversation}")["customer_id"]
    tasks = world.wait(lambda: world.admin.get("/task", condition=f"customer_id = {customer}")["items"])
    assert [t["title"] for t in tasks] == ["微信会话即将关闭，客户还在等回复"]


@pytest.mark.parametrize("code,left", [(45015, 0), (45047, 0), (48002, 0), (40003, 5), (45002, 5)])
def test_what_wechat_refuses_goes_another_way_and_the_ledger_follows(world, deliver, code, left):
    openid, conversation = world.begins(deliver)
    world.wechat.faults = [code]
    say(world.admin, conversation, "您好")
    world.wait(lambda: world.states(conversation).get(2) == "call")
    assert world.reach(conversation)["left"] == left and world.reach(conversation)["messages"][0]["code"] == code and not world.texts(openid)


def test_busy_is_tried_again_and_costs_once(world, deliver):
    openid, conversation = world.begins(deliver)
    world.wechat.faults = ["busy", 45009, "busy"]
    say(world.admin, conversation, "您好")
    world.wait(lambda: world.states(conversation).get(2) == "sent")
    assert world.texts(openid) == ["您好"] and world.reach(conversation)["left"] == world.wechat.left(openid) == 4


def test_a_token_that_was_taken_away_is_renewed_once(world, deliver):
    openid, conversation = world.begins(deliver)
    world.wait(lambda: world.wechat.token)
    world.clock.move(60)
    tokens, world.wechat.token = world.wechat.tokens, "taken by somebody else"
    say(world.admin, conversation, "您好")
    world.wait(lambda: world.states(conversation).get(2) == "sent")
    assert world.texts(openid) == ["您好"] and world.wechat.tokens == tokens + 1 and world.wechat.left(openid) == world.reach(conversation)["left"] == 4


@pytest.mark.parametrize("fault,arrived", [("cut", True), ("drop", False)])
def test_what_may_have_arrived_is_not_sent_twice(world, deliver, fault, arrived):
    openid, conversation = world.begins(deliver)
    world.wechat.faults = [fault]
    say(world.admin, conversation, "您好")
    world.wait(lambda: world.states(conversation).get(2) == "unsure")
    world.clock.move(600)
    assert world.texts(openid) == (["您好"] if arrived else []) and world.reach(conversation)["left"] == 4 <= world.wechat.left(openid)
    world.admin.post(f"/conversation/{conversation}/reach/2/repeat")
    world.wait(lambda: world.states(conversation).get(2) == "sent")
    world.admin.post(f"/conversation/{conversation}/reach/2/repeat", status=409)
    assert world.texts(openid)[-1] == "您好" and world.reach(conversation)["left"] == 3


def test_who_leaves_cannot_be_written_to(world, deliver):
    openid, conversation = world.begins(deliver)
    assert deliver.post(deliver.message(openid, kind="event", Event="unsubscribe", EventKey="")).text == "success"
    assert (world.reach(conversation)["open"], world.reach(conversation)["following"]) == (False, False)


# Who she is ------------------------------------------------------------------------------------------------------------------


def test_one_union_id_is_one_customer(world, deliver):
    union = f"union_{uuid.uuid4().hex}"
    first, second = f"o{uuid.uuid4().hex}", f"o{uuid.uuid4().hex}"
    world.wechat.unions |= {first: union, second: union}
    _, one = world.begins(deliver, first)
    customer = world.admin.get(f"/conversation/{one}")["customer_id"]
    world.wait(lambda: len(world.admin.get("/identity", condition=f"customer_id = {customer}")["items"]) == 2)
    _, two = world.begins(deliver, second)
    world.wait(lambda: world.admin.get(f"/conversation/{two}")["customer_id"] == customer)
    say(world.admin, two, "给第二个")
    world.wait(lambda: world.texts(second))
    assert not world.texts(first)


# 微信客服 ---------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def kf(world):
    row, deliver = world.account(kind="kf")
    return row, deliver


def poke(kf):
    deliver = kf[1]
    assert deliver.post({"ToUserName": deliver.app, "CreateTime": int(deliver.now()), "MsgType": "event", "Event": "kf_msg_or_event", "Token": "ENCtoken", "OpenKfId": KFID}).text == "success"


def test_wecom_encrypts_even_the_echo(kf):
    good = kf[1].verify(sealed=True)
    assert (good.status_code, good.text) == (200, "8273645")
    assert kf[1].verify(sealed=True, msg_signature="0" * 40).status_code == 403


def test_messages_are_fetched_once_in_order_and_answered(world, kf):
    person = f"wm{uuid.uuid4().hex}"
    for n in range(95):
        world.wechat.kf_write(person, f"第 {n} 句")
    world.wechat.sync_fault = ["drop", -1]
    poke(kf)
    poke(kf)
    row = world.wait(lambda: world.conversation("第 94 句"))
    everything = people.everything_said(world.admin, row["id"])
    assert row["channel"] == "wecom" and [m["text"] for m in everything] == [f"第 {n} 句" for n in range(95)]
    say(world.admin, row["id"], "您好")
    world.wait(lambda: world.texts(person) == ["您好"])
    world.wait(lambda: world.states(row["id"])[96] == "sent")
    assert world.reach(row["id"])["left"] == world.wechat.left(person) == 4


def test_an_answer_that_was_cut_off_is_repeated_under_its_id_and_costs_once(world, kf):
    person, words = f"wm{uuid.uuid4().hex}", f"请问 {uuid.uuid4().hex[:6]}"
    world.wechat.kf_write(person, words)
    poke(kf)
    row = world.wait(lambda: world.conversation(words))
    world.wechat.faults = ["cut", "drop"]
    say(world.admin, row["id"], "您好")
    world.wait(lambda: world.states(row["id"]).get(2) == "sent")
    assert world.texts(person) == ["您好"] and world.reach(row["id"])["left"] == world.wechat.left(person) == 4


def test_a_session_in_other_hands_is_taken_back(world, kf):
    person, words = f"wm{uuid.uuid4().hex}", f"请问 {uuid.uuid4().hex[:6]}"
    world.wechat.kf_write(person, words)
    poke(kf)
    row = world.wait(lambda: world.conversation(words))
    world.wechat.kf_state[person] = 4
    say(world.admin, row["id"], "我来接着")
    world.wait(lambda: world.texts(person) == ["我来接着"])
    assert world.wechat.kf_state[person] == 1


# Setting up ------------------------------------------------------------------------------------------------------------------


def test_secrets_go_in_and_never_come_out(world, official):
    row = official[0]
    text = json.dumps([world.admin.get(f"/wechat_account/{row['id']}"), world.admin.get("/wechat_account"), world.admin.get(f"/wechat_account/{row['id']}/history")])
    assert not [secret for secret in ("s3cret_of_the_app", AES_KEY, TOKEN) if secret in text]
    assert row["secret_at"] and row["token_at"] and row["aes_at"]
    for bad in ({"aes_key": "short"}, {"token": "a b"}, {"token": "ab"}, {"secret": "x y"}):
        world.admin.post(f"/wechat_account/{row['id']}/secret", bad, status=422)
    for bad in ({"app_id": "wx 1"}, {"app_id": APP, "api_url": "ftp://x"}, {"app_id": APP, "api_url": "https://x/"}, {"kind": "kf", "app_id": "ww1"}, {"kind": "kf", "app_id": "ww1", "open_kfid": "wk", "mode": "plain"}):
        world.admin.post("/wechat_account", {"title": "不对"} | bad, status=422)


def test_a_try_says_in_words_what_is_wrong(world, official):
    row = official[0]

    def checks(account):
        return world.admin.post(f"/wechat_account/{account}/try")["checks"]
    world.wechat.token = None
    assert [c["good"] for c in checks(row["id"])] == [True, True]
    bare = world.admin.post("/wechat_account", {"title": "未配", "app_id": APP, "api_url": world.wechat.url})
    assert len([c for c in checks(bare["id"]) if not c["good"]]) == 4
    world.admin.post(f"/wechat_account/{bare['id']}/secret", {"secret": "wrong"})
    assert any("AppSecret 不正确" in c["text"]["zh"] and "40125" in c["text"]["zh"] for c in checks(bare["id"]))
    closed = world.admin.post("/wechat_account", {"title": "连不上", "app_id": APP, "api_url": "http://127.0.0.1:1"})
    world.admin.post(f"/wechat_account/{closed['id']}/secret", {"secret": "wrong"})
    assert any("连不上接口" in c["text"]["zh"] for c in checks(closed["id"]))
    inside = world.admin.post("/wechat_account", {"title": "不许", "app_id": APP, "api_url": "http://10.0.0.1"})
    world.admin.post(f"/wechat_account/{inside['id']}/secret", {"secret": "wrong"})
    assert any("outbound-allow" in c["text"]["zh"] for c in checks(inside["id"]))


def test_the_token_is_asked_for_once_and_renewed_before_its_end(world, official):
    world.wait(lambda: world.wechat.token)
    before = world.wechat.tokens
    world.later(7200 - 200)
    world.wait(lambda: world.wechat.tokens > before)
    assert world.wechat.token_until > world.now() + 6000


def test_who_is_erased_is_gone_here_too_and_comes_back_as_a_stranger(world, deliver):
    openid, conversation = world.begins(deliver)
    customer = world.admin.get(f"/conversation/{conversation}")["customer_id"]
    say(world.admin, conversation, "您好")
    world.wait(lambda: world.states(conversation).get(2) == "sent")
    world.admin.post(f"/customer/{customer}/erase", {"reason": "客户要求注销"})
    world.wait(lambda: not any(m["text"] for m in said(world.admin, conversation)))
    assert not world.admin.get("/identity", condition=f"customer_id = {customer}")["items"]
    world.wechat.wrote(openid)
    words = f"又来了 {uuid.uuid4().hex[:6]}"
    deliver.write(openid, words)
    assert world.conversation(words)["customer_id"] != customer
