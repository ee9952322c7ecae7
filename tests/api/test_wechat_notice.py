"""Notices by WeChat: a name is hers only once she has shown it; who can be told so is, once; what WeChat refuses goes by SMS, and the outbox says why."""
import uuid

import people
import pytest
from definitions import faults
from test_conversation import said
from test_file import png
from test_wechat import opened
from wechat import unseal

from client import Client

DATA = "character_string1 = {{ticket.no}}\nthing2 = {{ticket.title}}\ntime3 = {{ticket.created}}"
KEYWORDS = ("character_string1", "thing2", "time3")
PATIENCE_S = 31 * 60


@pytest.fixture(scope="module")
def world(engine, demos, tmp_path_factory):
    mail = {"ANXIN_SMTP": "smtp://127.0.0.1:9", "ANXIN_MAIL_FROM": "service@example.cn"}       # nobody takes mail there: that it is meant to go is enough
    with opened(engine, demos, tmp_path_factory.mktemp("wechat_notice"), **mail) as made:
        yield made


class Told:
    """An account, a template with a form there, a customer signed in on her page."""

    def __init__(self, world, kind="official", **more):
        self.world = world
        for other in world.admin.get("/template", condition='wechat_kind != "none"', limit=100)["items"]:
            world.admin.patch(f"/template/{other['id']}", {"version": other["version"], "active": False})
        for other in world.admin.get("/wechat_account", limit=100)["items"]:
            if other["state"] == "on":
                world.admin.patch(f"/wechat_account/{other['id']}", {"version": other["version"], "state": "off"})
        self.account, self.deliver = world.account(kind=kind)
        self.their_id = f"T{uuid.uuid4().hex}"
        self.kind = "subscribe" if kind == "mini" else "template"
        world.wechat.templates[self.their_id] = (self.kind, KEYWORDS)
        self.template = world.admin.post("/template", {
            "name": f"受理 {uuid.uuid4().hex[:6]}", "text_zh": "已受理 {{ticket.no}}", "wechat_kind": self.kind, "wechat_app": self.account["app_id"], "wechat_id": self.their_id,
            "wechat_data": DATA, "notice": "ticket_received"} | more)
        self.openid = f"o{uuid.uuid4().hex}"

    def patron(self, name="陈晓", **more):
        self.phone = people.new_phone()
        self.customer = self.world.admin.post("/customer", {"name": name, "phone": self.phone} | more)
        self.page = people.sign_in(self.world.server.url, self.world.admin, self.phone)
        return self

    def say(self, text, openid=None):
        """A passive answer, as she reads it."""
        answer = self.deliver.post(self.deliver.message(openid or self.openid, text))
        assert answer.status_code == 200
        if answer.text == "success":
            return ""
        return unseal(answer.text.split("<Encrypt><![CDATA[")[1].split("]]>")[0])

    def word(self):
        return self.page.post("/my/wechat", headers={"Accept-Language": "zh"})

    def binds(self):
        assert "绑定成功" in self.say(self.word()["say"])
        return self

    def names(self):
        """Those that she has shown to be hers."""
        return [n for n in self.world.admin.get("/identity", condition=f"customer_id = {self.customer['id']}")["items"] if n["verified_at"]]

    def files(self, text="冰箱冷藏室不制冷，还有点漏水，请尽快来看看"):
        """She reports; her ticket and the outbox's rows about it, newest first."""
        self.ticket = self.world.admin.post("/ticket", {"scene": "repair", "customer_id": self.customer["id"], "text": text})
        return self.ticket

    def rows(self):
        return [m for m in self.world.admin.get("/outbox", sort="-created_at", limit=100)["items"] if self.ticket["no"] in (m.get("body") or "")]

    def by(self, channel):
        return [m for m in self.rows() if m["channel"] == channel]

    def settled(self, *states):
        """The row by WeChat, once it is in one of these."""
        return self.world.wait(lambda: next((m for m in self.by("wechat") if m["state"] in states), None))

    def notices(self):
        return [one for one in self.world.wechat.notices if one[0] == self.openid]

    def event(self, kind, **fields):
        assert self.deliver.post(self.deliver.message(self.openid, kind="event", Event=kind, **fields)).text == "success"


@pytest.fixture
def told(world):
    return Told(world).patron()


def agreed(told, *pairs, event="subscribe_msg_popup_event", around="SubscribeMsgPopupEvent", at=None, as_json=True):
    """What she pressed, as a mini-program pushes it: JSON, one entry without an array."""
    entries = [{"TemplateId": template, "SubscribeStatusString": status, "PopupScene": "0"} for template, status in pairs]
    message = told.deliver.message(told.openid, kind="event", Event=event, at=at)
    if as_json:
        message["List"] = entries if len(entries) > 1 else entries[0]
        answer = told.deliver.post(message, as_json=True)
    else:
        message[around] = Lists(entries)
        answer = told.deliver.post(message)
    assert answer.text == "success"


class Lists(dict):
    """<List>…</List><List>…</List>: the same name more than once."""

    def __init__(self, entries):
        super().__init__()
        self.entries = entries

    def items(self):
        return [("List", entry) for entry in self.entries]


# Whose name it is ----------------------------------------------------------------------------------------------------------------


def test_a_name_is_hers_once_she_says_there_the_word_of_her_signed_in_page(world, told):
    told.deliver.write(told.openid, "我家冰箱坏了")
    stranger = world.conversation("我家冰箱坏了")
    assert stranger["customer_id"] != told.customer["id"] and not told.names()
    assert [one["since"] for one in told.page.get("/my/wechat")["items"]] == [None]
    word = told.word()
    assert word["say"].startswith("绑定 ") and word["until"] > world.clock.ms
    before = len(said(world.admin, stranger["id"]))
    message = told.deliver.message(told.openid, " 绑定" + word["say"][3:].lower())
    for _ in range(3):                  # the same delivery again says the same
        assert told.deliver.post(message).status_code == 200
    name, = told.names()
    assert (name["channel"], name["verified_by"]) == ("wechat", "session") and name["verified_at"]
    assert told.page.get("/my/wechat")["items"][0]["since"] == name["verified_at"]
    row = world.admin.get(f"/conversation/{stranger['id']}")
    assert row["customer_id"] == told.customer["id"] and len(said(world.admin, row["id"])) == before, "what she wrote before is in her file, the word is nowhere"
    told.page.delete("/my/wechat")
    assert not told.names() and told.page.get("/my/wechat")["items"][0]["since"] is None
    told.binds()
    assert told.names()[0]["verified_at"]


def test_no_word_of_others_shows_anything(world, told):
    word = told.word()["say"]
    later = told.word()["say"]
    assert "不正确或已过期" in told.say(word), "the later one stands for her"
    assert "不正确或已过期" in told.say("绑定 ABCDE23456") and not told.names()
    assert "绑定成功" in told.say(later)
    assert "不正确或已过期" in told.say(later, openid=f"o{uuid.uuid4().hex}"), "it holds once"
    late = told.word()["say"]
    world.later(11 * 60)
    assert "不正确或已过期" in told.say(late, openid=f"o{uuid.uuid4().hex}") and len(told.names()) == 1
    for text in ("绑定", "绑定微信怎么弄", "绑定 ABCDE2345O", "binding ABCDE23456"):
        assert told.say(text, openid=(openid := f"o{uuid.uuid4().hex}")) == "" and openid
        assert world.conversation(text), "whatever else is said is said to the company"


def test_a_name_that_another_has_shown_to_be_his_stays_his(world, told):
    told.binds()
    other = Told.__new__(Told)
    other.__dict__.update(told.__dict__)
    other.patron("周杰")
    assert "已关联另一位客户" in other.say(other.word()["say"])
    assert not other.names() and told.names()[0]["verified_at"]


def test_the_link_of_a_ticket_shows_no_names_and_gives_no_word(world, told):
    told.files()
    link = people.link_to(world.admin, told.ticket["id"])
    guest = Client(world.server.url, address=people.new_address())
    guest.post("/my/session", {"token": link})
    for verb in ("GET", "POST", "DELETE"):
        guest.request(verb, "/my/wechat", status=403)


# Templates -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("change, at, zh, en", [
    ({"wechat_data": "first = x"}, "wechat_data", "看不懂微信关键词这一行：first = x", "cannot be read: first = x"),
    ({"wechat_data": "thing1 = a\nthing1 = b"}, "wechat_data", "thing1 = b", "thing1 = b"),
    ({"wechat_data": "time1 = 明天上午"}, "wechat_data", "不符合微信对这个关键词的要求：time1 = 明天上午", "does not take this for the keyword: time1"),
    ({"wechat_data": "thing1 = {{ticket.nope}}"}, "wechat_data", "没有这个变量：ticket.nope", "no such variable: ticket.nope"),
    ({"wechat_data": ""}, "wechat_data", "不能为空", "is required"),
    ({"wechat_id": ""}, "wechat_id", "不能为空", "is required"),
    ({"wechat_id": "模板"}, "wechat_id", "A–Z", "A–Z"),
    ({"wechat_app": ""}, "wechat_app", "不能为空", "is required"),
    ({"wechat_page": "/pages/a"}, "wechat_page", "pages/ticket/index", "pages/ticket/index"),
    ({"wechat_kind": "none"}, "notice", "请先填写微信消息类型", "Say first which message"),
])
def test_what_wechat_would_refuse_is_refused_when_it_is_saved(world, told, change, at, zh, en):
    was = world.admin.get(f"/template/{told.template['id']}")
    for lang, words in (("zh", zh), ("en", en)):
        refused = world.admin.request("PATCH", f"/template/{was['id']}", {"version": was["version"]} | change, headers={"Accept-Language": lang}, status=422)
        (field, message), = faults(refused, "field", "message")
        assert field == at and words in message, message
    assert world.admin.get(f"/template/{was['id']}")["wechat_data"] == DATA


# Sending -------------------------------------------------------------------------------------------------------------------------


def test_who_has_shown_her_name_is_told_there_once_and_not_by_sms(world, told):
    told.files()
    assert [m["channel"] for m in told.rows()] == ["sms"], "not before she has shown it"
    told.binds().files()
    row = told.settled("sent")
    (_, template, values, body), = told.notices()
    assert template == told.their_id and set(values) == set(KEYWORDS)
    assert values["character_string1"] == told.ticket["no"] and len(values["thing2"]) <= 20 and "年" in values["time3"]
    assert f"/h5/#/ticket/{told.ticket['id']}?t=" in body["url"] and body["client_msg_id"] == f"anxin_{row['id']}"
    assert [m["channel"] for m in told.rows()] == ["wechat"] and row["attempts"] == 1
    told.event("TEMPLATESENDJOBFINISH", MsgID=str(world.wechat.number_of(told.notices()[0])), Status="success")
    assert told.settled("arrived")["last_error"] == ""


def test_somebody_elses_number_for_the_matter_is_told_by_sms(world, told):
    told.binds()
    told.ticket = world.admin.post("/ticket", {"scene": "repair", "customer_id": told.customer["id"], "text": "冰箱漏水", "contact_phone": people.new_phone()})
    assert [m["channel"] for m in told.rows()] == ["sms"]


@pytest.mark.parametrize("code", [43004, 43101, 40003, 40037, 47003, 48001, 45009])
def test_what_wechat_refuses_goes_by_sms_at_once_and_says_why(world, told, code):
    told.binds()
    world.wechat.faults.append(code)
    told.files()
    row = told.settled("failed")
    assert row["last_error"] == f"{code} sms" and not told.notices()
    sms = world.wait(lambda: next((m for m in told.by("sms") if m["state"] == "sent"), None))
    assert sms["template"] == "ticket_received" and told.ticket["no"] in sms["body"] and len(told.by("sms")) == 1
    assert [m for m in world.sms.calls if told.ticket["no"] in m[3]["text"]]


def test_who_left_is_not_asked_again_until_she_writes(world, told):
    told.binds()
    world.wechat.unfollowed.add(told.openid)
    told.files()
    assert told.settled("failed")["last_error"] == "43004 sms"
    calls = len(world.wechat.calls)
    told.files()
    assert told.settled("failed")["last_error"] == "43004 sms" and len(world.wechat.calls) == calls
    world.wechat.unfollowed.clear()
    told.deliver.write(told.openid, "我又回来了")
    told.files()
    assert told.settled("sent")


def test_a_token_that_is_none_any_more_is_renewed_and_the_notice_sent_once(world, told):
    told.binds()
    forced = world.wechat.forced
    world.later(60)
    world.wechat.new_token()                # ours is not the newest any more: 40001
    told.files()
    assert told.settled("sent")["attempts"] >= 2
    assert world.wechat.forced == forced + 1 and len(told.notices()) == 1 and not told.by("sms")


def test_busy_is_tried_again_and_an_outcome_that_got_lost_repeated_under_its_id(world, told):
    told.binds()
    world.wechat.faults.extend(["busy", "busy"])
    told.files()
    assert told.settled("sent") and len(told.notices()) == 1
    world.wechat.faults.append("cut")
    told.files()
    assert told.settled("sent") and len(told.notices()) == 2, "sent, no answer, asked again: WeChat knew it"


def test_what_does_not_go_out_in_time_goes_by_sms(world, told):
    told.binds()
    world.wechat.faults.extend(["busy"] * 50)
    told.files()
    world.wait(lambda: told.by("wechat")[0]["attempts"] is not None)
    world.later(PATIENCE_S)
    row = told.settled("failed")
    assert row["last_error"].endswith(" sms") and len(told.by("sms")) == 1
    world.wechat.faults.clear()


def test_a_value_that_a_keyword_cannot_hold_is_not_sent_and_named(world, told):
    was = world.admin.get(f"/template/{told.template['id']}")
    world.admin.patch(f"/template/{was['id']}", {"version": was["version"], "wechat_data": DATA.replace("thing2 = {{ticket.title}}", "phrase2 = {{ticket.title}}")})
    told.binds().files()
    assert told.settled("failed")["last_error"] == "phrase2 sms" and len(told.by("sms")) == 1 and not told.notices()


def test_a_block_told_later_goes_by_sms_even_when_it_comes_before_the_answer_is_written(world, told):
    told.binds().files()
    told.settled("sent")
    number = world.wechat.number_of(told.notices()[0])
    for _ in range(3):
        told.event("TEMPLATESENDJOBFINISH", MsgID=str(number), Status="failed:user block")
    assert told.settled("failed")["last_error"] == "user_block sms" and len(told.by("sms")) == 1
    told.deliver.write(told.openid, "再试试")
    early = world.wechat.next_number()
    told.event("TEMPLATESENDJOBFINISH", MsgID=str(early), Status="failed: system failed")
    told.files()
    told.settled("sent", "failed")
    assert world.wechat.number_of(told.notices()[-1]) == early
    world.clock.move(16)
    assert told.settled("failed")["last_error"] == "system_failed sms"


def test_without_a_number_it_goes_nowhere_else_and_says_so(world, told):
    told.binds()
    row = world.admin.get(f"/customer/{told.customer['id']}")
    world.admin.patch(f"/customer/{row['id']}", {"version": row["version"], "phone": ""})
    world.wechat.faults.append(40037)
    told.files()
    assert told.settled("failed")["last_error"] == "40037 none" and not told.by("sms")


def test_without_a_number_it_goes_by_mail_if_there_is_an_address(world, told):
    told.binds()
    row = world.admin.get(f"/customer/{told.customer['id']}")
    world.admin.patch(f"/customer/{row['id']}", {"version": row["version"], "phone": "", "email": f"{uuid.uuid4().hex[:8]}@example.cn"})
    world.wechat.faults.append(40037)
    told.files()
    assert told.settled("failed")["last_error"] == "40037 mail"
    mail, = told.by("mail")
    assert mail["template"] == "ticket_received" and mail["subject"] and not told.by("sms")


def test_a_message_from_a_template_goes_in_its_own_form(world, told):
    told.binds()
    was = world.admin.get(f"/template/{told.template['id']}")
    world.admin.patch(f"/template/{was['id']}", {"version": was["version"], "notice": "none"})
    told.files()
    assert [m["channel"] for m in told.rows()] == ["sms"]
    for send in ("text", "link"):
        macro = world.admin.post("/macro", {"record": "ticket", "name": f"发模板 {uuid.uuid4().hex[:6]}", "actions": [{"do": "reply", "template_id": was["id"], "send": send}]})
        now = world.admin.get(f"/ticket/{told.ticket['id']}")
        world.admin.post("/ticket/act", {"rows": [{"id": now["id"], "version": now["version"]}], "macro_id": macro["id"]})
    world.wait(lambda: len(told.notices()) == 2)
    assert {m["template"] for m in told.by("wechat")} == {"ticket_message", "ticket_answered"} and len(told.by("sms")) == 1


# Subscriptions -------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def mini(world):
    return Told(world, kind="mini", wechat_page="pages/ticket/index").patron().binds()


def accepts(world, mini, *more, **how):
    world.wechat.subscribed[mini.openid, mini.their_id] = world.wechat.subscribed.get((mini.openid, mini.their_id), 0) + 1
    agreed(mini, (mini.their_id, "accept"), *more, **how)


def test_an_agreement_is_worth_one_message_however_often_it_is_told(world, mini):
    world.clock.move(1)
    at = int(world.now())
    accepts(world, mini, ("Tother", "reject"), at=at)
    agreed(mini, (mini.their_id, "accept"), ("Tother", "reject"), at=at)        # delivered again
    first = mini.files()
    mini.settled("sent")
    (_, _, values, body), = mini.notices()
    assert values["character_string1"] == mini.ticket["no"] and body["page"] == "pages/ticket/index" and "url" not in body
    calls = len(world.wechat.calls)
    mini.files()
    assert mini.settled("failed")["last_error"] == "43101 sms" and len(world.wechat.calls) == calls, "used up: not even asked"
    sent = [m for m in world.wechat.notices if m[0] == mini.openid]
    mini.ticket = first
    message = mini.deliver.message(mini.openid, kind="event", Event="subscribe_msg_sent_event")
    message["List"] = [{"TemplateId": "Tother", "MsgID": "1", "ErrorCode": "0", "ErrorStatus": "success"},
                       {"TemplateId": mini.their_id, "MsgID": str(world.wechat.number_of(sent[0])), "ErrorCode": "0", "ErrorStatus": "success"}]
    assert mini.deliver.post(message, as_json=True).text == "success"
    assert mini.settled("arrived")


def test_every_entry_of_a_list_counts_in_xml_as_in_json(world, mini):
    world.clock.move(1)
    accepts(world, mini, as_json=False)
    world.clock.move(1)
    world.wechat.subscribed[mini.openid, mini.their_id] += 1
    agreed(mini, ("Tother", "reject"), (mini.their_id, "accept"), as_json=False)
    for _ in range(2):
        mini.files()
        assert mini.settled("sent")
    mini.files()
    assert mini.settled("failed")["last_error"] == "43101 sms" and len(mini.notices()) == 2


def test_who_takes_it_back_in_her_settings_is_told_by_sms(world, mini):
    world.clock.move(1)
    accepts(world, mini)
    world.clock.move(1)
    agreed(mini, (mini.their_id, "reject"), event="subscribe_msg_change_event")
    mini.files()
    assert mini.settled("failed")["last_error"] == "43101 sms" and not mini.notices()


def test_a_unit_that_paid_for_nothing_is_given_back(world, mini):
    world.clock.move(1)
    accepts(world, mini)
    world.wechat.faults.append(40037)
    mini.files()
    assert mini.settled("failed")["last_error"] == "40037 sms"
    mini.files()
    assert mini.settled("sent") and len(mini.notices()) == 1


def test_a_subscribe_message_whose_outcome_got_lost_is_not_repeated(world, mini):
    world.wechat.subscribed[mini.openid, mini.their_id] = 5
    world.wechat.faults.append("cut")
    mini.files()
    assert mini.settled("unsure") and len(mini.notices()) == 1 and not mini.by("sms")


# Cards ---------------------------------------------------------------------------------------------------------------------------


def test_a_card_of_a_mini_program_comes_with_its_title_and_picture(world, told):
    world.wechat.media["thumb1"] = (png(), "image/png")
    told.deliver.post(told.deliver.message(told.openid, kind="miniprogrampage", Title="一键报修", AppId="wxshop", PagePath="pages/repair/index?sn=1", ThumbUrl="https://x/y", ThumbMediaId="thumb1"))
    row = world.conversation("[小程序卡片] 一键报修")
    message = world.wait(lambda: next((m for m in said(world.admin, row["id"]) if m["files"]), None))
    assert message["text"] == "[小程序卡片] 一键报修"
