"""E-mail against a real Dovecot and Postfix: threads, charsets, machines, bounces, files, a box that is numbered anew, a server that goes away."""
import email.message
import email.utils
import uuid

import mailserver
import pytest
from chat_floor import Hall
from mailserver import DOMAIN, PASSWORD, MailServer
from patience import wait_for
from test_conversation import act
from test_file import png, upload

from client import Client
from server import Clock, Server

if why := mailserver.left_out():
    pytest.skip(why, allow_module_level=True)


@pytest.fixture(scope="session")
def post():
    post = MailServer()
    yield post
    post.close()


class World:
    def __init__(self, company, folder, post):
        self.company, self.post, self.clock = company, post, Clock(folder / "clock")
        self.server = Server(company, clock=self.clock, environment={"ANXIN_OUTBOUND_ALLOW": "127.0.0.0/8"})
        self.server.__enter__()
        self.admin = Client(self.server.url).sign_in(*company.accounts[0])
        self.help = f"help-{uuid.uuid4().hex[:8]}@{DOMAIN}"

    def close(self):
        self.server.__exit__(None, None, None)

    def account(self, **more):
        fields = {"title": f"邮箱 {uuid.uuid4().hex[:6]}", "address": self.help, "imap_host": "127.0.0.1", "imap_port": self.post.imap_port, "imap_tls": "none", "smtp_host": "127.0.0.1",
                  "smtp_port": self.post.smtp_port, "smtp_tls": "none", "reply": "plus", "takes": "all", "state": "on"}
        row = self.admin.post("/mail_account", fields | more)
        self.admin.post(f"/mail_account/{row['id']}/secret", {"password": PASSWORD})
        return row

    def mail(self, sender, subject="洗衣机不转", text="按了启动没有反应", **heads):
        m = email.message.EmailMessage()
        m["From"], m["To"], m["Subject"], m["Message-ID"] = sender, heads.pop("to", self.help), subject, heads.pop("id", None) or email.utils.make_msgid(domain="home.test")
        for name, value in heads.items():
            m[name.replace("_", "-")] = value
        m.set_content(text)
        return m

    def send(self, m, to=None):
        self.post.send(m, to or self.help)
        return m

    def wait(self, ask, **more):
        return wait_for(ask, clock=self.clock, why=lambda: f"it does not happen: {self.rows()}", **more)

    def rows(self):
        return [(k["id"], k["title"], k["state"], k["last_no"], k["last_words"]) for k in self.admin.get("/conversation", sort="-created_at", limit=20)["items"]]

    def conversation(self, title, count=1):
        """The newest ones of this subject, once there are so many."""
        def found():
            rows = [k for k in self.admin.get("/conversation", sort="-created_at", limit=100)["items"] if k["title"] == title]
            return rows if len(rows) >= count else None
        return self.wait(found)[0]

    def messages(self, k):
        return self.admin.get(f"/conversation/{k['id']}/message")["items"]

    def texts(self, k, count):
        def came():
            all = self.messages(k)
            return all if len(all) >= count else None
        return [m["text"] for m in self.wait(came)]

    def ticket(self, k, before=None):
        """Of a conversation, once it has another one than before."""
        number = self.wait(lambda: (now := self.admin.get(f"/conversation/{k['id']}")["ticket_id"]) != before and now)
        return self.admin.get(f"/ticket/{number}")

    def letters(self, k):
        return self.admin.get(f"/conversation/{k['id']}/mail")["letters"]

    def say(self, k, text, **more):
        self.admin.post(f"/conversation/{k['id']}/message", {"text": text, "visibility": "public"} | more)

    def answers(self, address, count=1):
        def came():
            all = self.post.mails(address)
            return all if len(all) >= count else None
        return self.wait(came)


@pytest.fixture
def world(company, tmp_path, post):
    w = World(company, tmp_path, post)
    yield w
    w.close()


def person():
    return f"wang-{uuid.uuid4().hex[:8]}@{DOMAIN}"


def body(m):
    return m.get_body(("plain",)).get_content().strip()


def test_a_thread_goes_on_by_references_and_by_the_signed_address(world):
    world.account()
    she, title = person(), f"洗衣机 {uuid.uuid4().hex[:6]}"
    first = world.send(world.mail(f"王小雨 <{she}>", title))
    k = world.conversation(title)
    assert k["channel"] == "mail" and k["state"] == "waiting" and world.texts(k, 1) == ["按了启动没有反应"]
    world.say(k, "请检查水龙头")
    world.say(k, "也请看电源 <开关>")
    [answer] = world.answers(she)
    assert answer["In-Reply-To"] == first["Message-ID"] and first["Message-ID"] in answer["References"] and answer["Subject"] == f"Re: {title}"
    assert body(answer) == "请检查水龙头\n\n也请看电源 <开关>" and "&lt;开关&gt;" in answer.get_body(("html",)).get_content()
    assert answer["Auto-Submitted"] is None and "+" in answer["Reply-To"] and world.help in answer["From"]
    wait_for(lambda: {m["state"] for m in world.admin.get(f"/conversation/{k['id']}/reach")["messages"]} == {"sent"}, clock=world.clock)

    quoted = f"好了，谢谢\n\n在 2026年11月2日 10:22，安心 <{world.help}> 写道：\n> 请检查水龙头"
    world.send(world.mail(she, f"回复：{title}", quoted, In_Reply_To=answer["Message-ID"], References=f"{first['Message-ID']} {answer['Message-ID']}"))
    assert world.texts(k, 4)[3] == "好了，谢谢"
    letters = {l["no"]: l for l in world.letters(k)}
    assert letters[4]["quoted"].startswith("在 2026年") and letters[1]["subject"] == title and letters[4]["from"] == she

    reply_to = email.utils.parseaddr(answer["Reply-To"])[1]
    world.send(world.mail(she, "另一个主题", "按地址回复", to=reply_to), reply_to)
    assert world.texts(k, 5)[4] == "按地址回复"


def test_an_english_mail_goes_to_the_english_queue_and_to_who_speaks_it(world):
    world.account()
    hall = Hall(world.server, world.admin)
    mark = uuid.uuid4().hex[:6]
    of = f'title contains "{mark}"'
    queues = {"zh": hall.queue(condition=f"{of} and lang != en", by_language=True)["id"], "en": hall.queue(condition=f"{of} and lang = en", by_language=True)["id"]}
    agents = {"zh": hall.person().id, "en": hall.person(speaks="en").id}
    for lang, subject, text in (("en", "Dishwasher leaks", "It has been leaking since yesterday, please send somebody."), ("zh", "洗碗机漏水", "昨天开始漏水，请派人来看看。")):
        world.send(world.mail(person(), f"{subject} {mark}", text))
        k = world.conversation(f"{subject} {mark}")
        assert (k["lang"], k["queue_id"]) == (lang, queues[lang])
        assert world.admin.get(f"/customer/{k['customer_id']}")["lang"] == lang, "whom nobody knew writes so"
        assert world.wait(lambda k=k: world.admin.get(f"/conversation/{k['id']}")["owner_id"]) == agents[lang]
    hall.close()


def test_a_new_mail_is_a_new_thread_and_a_closed_one_is_not_reopened(world):
    world.account()
    she, title = person(), f"冰箱 {uuid.uuid4().hex[:6]}"
    first = world.send(world.mail(she, title))
    k = world.conversation(title)
    world.send(world.mail(she, title, "还有一件事"))
    other = world.conversation(title, 2)
    assert other["id"] != k["id"] and other["customer_id"] == k["customer_id"]
    for one in (k, other):
        world.say(one, "好的")
        act(world.admin, one["id"], "close")
    world.send(world.mail(she, f"Re: {title}", "又坏了", In_Reply_To=first["Message-ID"]))
    again = world.conversation(title, 3)
    assert again["id"] not in (k["id"], other["id"]) and world.texts(again, 1) == ["又坏了"]


def test_a_stranger_in_a_thread_and_a_number_in_a_subject_lead_nowhere(world):
    world.account()
    she, stranger, title = person(), person(), f"空调 {uuid.uuid4().hex[:6]}"
    world.send(world.mail(she, title))
    k = world.conversation(title)
    world.say(k, "密码是 1234")
    [answer] = world.answers(she)
    world.send(world.mail(stranger, f"Re: {title}", "我也想看", In_Reply_To=answer["Message-ID"]))
    other = world.conversation(title, 2)
    assert other["id"] != k["id"] and other["customer_id"] != k["customer_id"] and world.texts(other, 1) == ["我也想看"]
    noted = world.wait(lambda: [m for m in world.messages(k) if m["visibility"] == "internal"])
    assert "另一个地址" in noted[0]["text"] and stranger not in noted[0]["text"]
    words = f"把我接进去 {uuid.uuid4().hex[:6]}"
    world.send(world.mail(stranger, f"Re: {title} [{k['id']}]", words))
    assert world.wait(lambda: [r for r in world.rows() if r[4] == words])[0][0] not in (k["id"], other["id"])
    bad = email.utils.parseaddr(answer["Reply-To"])[1]
    bad = bad.replace("@", "0@").replace("00@", "01@")
    mistaken = f"假地址 {uuid.uuid4().hex[:6]}"
    world.send(world.mail(she, mistaken, "x", to=bad), bad)
    assert world.conversation(mistaken)["id"] != k["id"]


@pytest.mark.parametrize("charset,declared", [("gb18030", "gb2312"), ("iso-2022-jp", "iso-2022-jp"), ("utf-8", "us-ascii"), ("gbk", "utf-8"), ("latin-1", "iso-8859-1")])
def test_charsets_and_broken_declarations(world, charset, declared):
    world.account()
    words = {"iso-2022-jp": "洗濯機が動きません", "latin-1": "Küche café"}.get(charset, "洗衣机不脱水镕")
    title = f"T{uuid.uuid4().hex[:8]}"
    raw = f"From: {person()}\r\nTo: {world.help}\r\nSubject: {title}\r\nMessage-ID: <{uuid.uuid4().hex}@x>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset={declared}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n".encode()
    world.send(raw + words.encode(charset) + b"\r\n")
    assert world.texts(world.conversation(title), 1) == [words]


def test_pictures_in_the_text_and_files_come_along_and_go_out(world):
    world.account()
    she, title = person(), f"图片 {uuid.uuid4().hex[:6]}"
    m = world.mail(she, title, "看图")
    m.add_alternative("<p>看图 <img src='cid:p1'></p>", subtype="html")
    m.get_payload()[1].add_related(png(300, 200), "image", "png", cid="<p1>")
    m.add_attachment("%PDF-1.4 x".encode(), maintype="application", subtype="pdf", filename="发票 一.pdf")
    world.send(m)
    k = world.conversation(title)
    files = world.wait(lambda: (f := world.messages(k)[0]["files"]) and len(f) == 2 and f)
    assert sorted(f["type"] for f in files) == ["application/pdf", "image/png"] and "发票 一.pdf" in [f["name"] for f in files]
    mine = upload(world.admin, "说明.png", png(50, 40))
    world.say(k, "请看附图", file_ids=[mine])
    [answer] = world.answers(she)
    assert [a.get_filename() for a in answer.iter_attachments()] == ["说明.png"]


def test_what_is_too_much_for_one_mail_goes_in_the_next(world):
    world.account()
    she, title = person(), f"附件 {uuid.uuid4().hex[:6]}"
    world.send(world.mail(she, title))
    k = world.conversation(title)
    for n in range(4):
        world.say(k, f"第 {n} 批", file_ids=[upload(world.admin, f"{n}-{i}.png", png(20 + n, 20 + i)) for i in range(9)])
    large = b"%PDF-1.4\n" + b"x" * (12 << 20)
    for n in range(2):
        world.say(k, f"说明书 {n}", file_ids=[upload(world.admin, f"{n}.pdf", large)])
    mails = world.answers(she, 3)
    assert [len(list(m.iter_attachments())) for m in mails] == [27, 10, 1]
    assert [body(m).count("批") + body(m).count("说明书") for m in mails] == [3, 2, 1]


def test_machines_get_no_machines_answer_and_open_nothing(world):
    """Their system answers each of our mails; ours must not answer back."""
    world.account()
    she, title = person(), f"自动 {uuid.uuid4().hex[:6]}"
    world.send(world.mail(she, title))
    k = world.conversation(title)
    world.say(k, "您好")
    [answer] = world.answers(she)
    for _ in range(3):
        world.send(world.mail(she, f"自动回复: {title}", "我在休假", In_Reply_To=answer["Message-ID"], Auto_Submitted="auto-replied"))
    notes = world.wait(lambda: (n := [m for m in world.messages(k) if m["visibility"] == "internal"]) and len(n) == 3 and n)
    assert all("我在休假" in n["text"] for n in notes)
    assert world.admin.get(f"/conversation/{k['id']}")["waiting_since"] in (0, None)
    newsletter = f"促销 {uuid.uuid4().hex[:6]}"
    world.send(world.mail(she, newsletter, "大减价", Precedence="bulk"))
    world.conversation(newsletter)
    ours = world.post.mails(she)[0].as_bytes()
    world.send(ours)        # what we wrote comes back to us
    later = f"之后 {uuid.uuid4().hex[:6]}"
    world.send(world.mail(she, later))
    world.conversation(later)
    assert not [k for k in world.rows() if k[1] == f"Re: {title}"] and len(world.post.mails(she)) == 1


def test_a_bounce_is_told_at_the_message_that_did_not_arrive(world):
    world.account()
    title = f"退信 {uuid.uuid4().hex[:6]}"
    world.send(world.mail(f"nobody@{DOMAIN}", title))
    k = world.conversation(title)
    world.say(k, "请查收")

    def state():
        all = world.admin.get(f"/conversation/{k['id']}/reach")["messages"]
        return all and all[0]["state"] == "failed" and all[0]
    failed = world.wait(state)
    assert "退回" in failed["why"]["zh"]
    assert not [r for r in world.rows() if "Undelivered" in r[1]]


def test_who_answered_is_told_once_of_a_mail_that_came_back(world):
    world.account()
    title = f"退信 {uuid.uuid4().hex[:6]}"
    world.send(world.mail(f"nobody@{DOMAIN}", title))
    k = world.conversation(title)
    for text in ("请查收", "另有一事", "还有一事"):
        world.say(k, text)
    world.wait(lambda: [m["state"] for m in world.admin.get(f"/conversation/{k['id']}/reach")["messages"]] == ["failed"] * 3)
    told = [n for n in world.admin.get("/notification")["items"] if n["kind"] == "mail_failed" and n["object_id"] == k["id"]]
    assert len(told) == 1


def test_what_the_server_refuses_at_once_is_told_in_its_words(world):
    world.account()
    title = f"拒收 {uuid.uuid4().hex[:6]}"
    world.send(world.mail(f"refused@{DOMAIN}", title))
    k = world.conversation(title)
    world.say(k, "请查收")
    failed = world.wait(lambda: [m for m in world.admin.get(f"/conversation/{k['id']}/reach")["messages"] if m["state"] == "failed"])
    assert failed[0]["why"]["zh"].startswith("5")


def test_what_failed_inside_is_told_in_words(world):
    world.account()
    she, title = person(), f"失败 {uuid.uuid4().hex[:6]}"
    world.send(world.mail(she, title))
    k = world.conversation(title)
    world.say(k, "请查收")
    world.answers(she)
    world.server.stop()
    world.company.execute(f"UPDATE mail_letter SET state = 'failed', why = '!not_found' WHERE conversation_id = {k['id']} AND way = 'out'")
    world.server.start()
    [failed] = world.admin.get(f"/conversation/{k['id']}/reach")["messages"]
    assert failed["why"] == {"zh": "找不到，可能已删除或无权查看", "en": "Not found, or not yours to see"}


def test_danger_in_a_mail_is_a_critical_ticket(world):
    world.account()
    she, title = person(), f"急 {uuid.uuid4().hex[:6]}"
    world.send(world.mail(she, title, "洗衣机冒烟了，有烧焦味，还漏电"))
    k = world.conversation(title)
    ticket = world.ticket(k)
    assert ticket["grade"] == "critical" and ticket["channel"] == "mail"
    safety = world.answers(she)[0]
    assert "拉总闸" in body(safety) and safety["Auto-Submitted"] == "auto-replied"
    told, = [m for m in world.messages(k) if m["actor"]["kind"] == "system" and m["visibility"] == "public"]
    assert told["text"].startswith("先断电")


def test_danger_in_a_subject_alone_and_in_an_answer_to_a_thread_with_a_ticket(world):
    world.account()
    she, title = person(), f"插座冒烟 {uuid.uuid4().hex[:6]}"
    world.send(world.mail(she, title, "请尽快联系我"))
    k = world.conversation(title)
    assert world.ticket(k)["grade"] == "critical" and "119" in body(world.answers(she)[0])
    calm, title = person(), f"咨询 {uuid.uuid4().hex[:6]}"
    world.send(world.mail(calm, title, "怎么调温度"))
    k = world.conversation(title)
    ordinary = world.admin.post(f"/conversation/{k['id']}/ticket", {})["ticket"]["id"]
    world.say(k, "请看说明书第 8 页")
    answer = world.answers(calm)[0]
    world.send(world.mail(calm, f"回复: {title}", "现在冒烟了，有烧焦味", In_Reply_To=answer["Message-ID"], References=answer["Message-ID"]))
    assert world.ticket(k, before=ordinary)["grade"] == "critical" and "119" in body(world.answers(calm, 2)[1])


def test_a_forged_sender_stands_apart(world):
    world.account(authority="mx.anxin.test")
    she, title = person(), f"伪造 {uuid.uuid4().hex[:6]}"
    world.send(world.mail(she, title, Authentication_Results="mx.anxin.test; spf=pass; dkim=pass"))
    k = world.conversation(title)
    world.send(world.mail(she, title, "改地址", Authentication_Results="mx.anxin.test; spf=fail; dmarc=fail"))
    other = world.conversation(title, 2)
    assert other["customer_id"] != k["customer_id"] and world.letters(other)[0]["verdict"] == "fail" and world.letters(k)[0]["verdict"] == "pass"


def test_what_is_too_large_or_cannot_be_read_never_blocks_the_box(world):
    world.account()
    she = person()
    large = world.mail(she, f"大 {uuid.uuid4().hex[:6]}", "文字在前")
    large.add_attachment(b"x" * (27 << 20), maintype="application", subtype="octet-stream", filename="a.bin")
    world.send(large)
    title = f"后 {uuid.uuid4().hex[:6]}"
    world.send(b"From: " + she.encode() + b"\r\nSubject: broken\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n" + b"--B\r\n\r\n" * 9000)
    world.send(world.mail(she, title))
    world.conversation(title)
    k = world.conversation(large["Subject"])
    assert world.texts(k, 1)[0].startswith("文字在前\n[邮件过长")


def test_news_come_by_idle_and_a_server_that_was_away_is_found_again(world):
    row = world.account()
    she, mark = person(), uuid.uuid4().hex[:6]
    world.send(world.mail(she, f"IDLE 一 {mark}"))
    world.conversation(f"IDLE 一 {mark}")
    now = world.clock.ms
    world.send(world.mail(she, f"IDLE 二 {mark}"))
    title = f"IDLE 二 {mark}"
    wait_for(lambda: [k for k in world.admin.get("/conversation", sort="-created_at", limit=10)["items"] if k["title"] == title])       # time stands: no job's turn comes
    assert world.clock.ms == now
    world.post.stop_imap()
    try:
        world.wait(lambda: (world.clock.move(20) or world.admin.get(f"/mail_account/{row['id']}/health")["trouble"]))
    finally:
        world.post.start_imap()
    world.send(world.mail(she, f"IDLE 三 {mark}"))
    world.wait(lambda: world.clock.move(20) or [k for k in world.rows() if k[1] == f"IDLE 三 {mark}"])
    assert world.admin.get(f"/mail_account/{row['id']}/health")["trouble"] is None


def test_a_box_that_is_numbered_anew_brings_nothing_twice(world):
    world.account()
    she, title = person(), f"编号 {uuid.uuid4().hex[:6]}"
    world.send(world.mail(she, title))
    k = world.conversation(title)
    world.post.stop_imap()
    world.post.renumber(world.help)
    world.post.start_imap()
    world.send(world.mail(she, title + " 新"))
    world.wait(lambda: world.clock.move(20) or [k for k in world.rows() if k[1] == title + " 新"])
    assert len([r for r in world.rows() if r[1] == title]) == 1 and len(world.messages(k)) == 1


def test_trying_says_in_words_what_is_wrong(world):
    def tried(**more):
        row = world.account(state="off", **more)
        return [c["text"]["zh"] for c in world.admin.post(f"/mail_account/{row['id']}/try")["checks"]]
    assert any("收信正常" in t for t in tried()) and any("发信正常" in t for t in tried())
    assert any("文件夹" in t for t in tried(folder="NoSuch"))
    assert any("证书不可信" in t for t in tried(imap_tls="tls", imap_port=world.post.tls_port))
    assert any("连不上" in t for t in tried(imap_port=1))
    row = world.account(state="off")
    world.admin.post(f"/mail_account/{row['id']}/secret", {"password": "falsch"})
    assert any("登录被拒绝" in c["text"]["zh"] for c in world.admin.post(f"/mail_account/{row['id']}/try")["checks"])
