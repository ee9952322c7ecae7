"""The weekly report: once a week to everybody who gets it, with the numbers that she could look up herself."""
import re
import uuid
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from html.parser import HTMLParser

import pytest
from mailbox import Mailbox
from test_audit import rows
from desk import STEPS, at, comes_to_rest

from client import Client
from patience import wait_for
from server import Clock, Server

PASSWORD = "a long enough word"


def on(days):
    """So many days from a Thursday in March of the next year: behind all that the demo has done and planned, whenever it was made."""
    march = date(date.today().year + 1, 3, 1)
    return str(march + timedelta(days=(3 - march.weekday()) % 7 + days))


THURSDAY, MONDAY, NEXT = on(0), on(4), on(11)
WEEK = f"{on(-3)} – {on(3)}"


class Office:
    """A company whose clock and mail the test holds: a server, its administrator, its mailbox."""

    def __init__(self, company, clock, mailbox, options=()):
        self.company, self.clock, self.mailbox = company, clock, mailbox
        self.clock.set(at(THURSDAY, "10:00"))
        self.server = Server(company, clock=clock, environment=mailbox.environment if mailbox else None, options=("--set", "sign_in.idle=1440", "--set", "sign_in.life=168", *options)).start()
        self.admin = None
        self.sign_in()
        self.customer = self.admin.get("/customer", limit=1)["items"][0]["id"]

    def sign_in(self):
        if self.admin:
            self.admin.close()
        self.admin = Client(self.server.url, language="zh").sign_in(*self.company.accounts[0])

    def set(self, day, hour):
        self.clock.set(at(day, hour))
        self.sign_in()

    def restart(self):
        self.server.kill()
        self.server.start()
        self.sign_in()

    def role(self, permissions, scope="all"):
        code = f"r{uuid.uuid4().hex[:8]}"
        return self.admin.post("/role", {"code": code, "name": code, "permissions": permissions, "scope": scope})["id"]

    def hire(self, role=None, lang="zh", receives=True, **more):
        account = f"w{uuid.uuid4().hex[:8]}"
        user = self.admin.post("/user", {"account": account, "name": "周报", "role_id": role or self.role(["*"]), "lang": lang, "email": f"{account}@anxin.example"} | more)
        if receives:
            self.admin.post("/weekly_receiver", {"user_id": user["id"]})
        return user | {"email": f"{account}@anxin.example"}

    def as_user(self, user):
        Client(self.server.url).sign_in(*self.company.accounts[0]).post(f"/user/{user['id']}/password", {"password": PASSWORD})
        return Client(self.server.url, language="zh").sign_in(user["account"], PASSWORD)

    def ticket(self, **more):
        return self.admin.post("/ticket", {"scene": "repair", "customer_id": self.customer, "text": "冰箱有异响，请来看看", "grade": "normal"} | more)["id"]

    def act(self, ticket, action, **fields):
        return self.admin.post(f"/ticket/{ticket}/action/{action}", {"version": self.admin.get(f"/ticket/{ticket}")["version"]} | fields)

    def mails(self, user):
        return self.mailbox.to(user["email"])

    def mail(self, user, n=1):
        wait_for(lambda: len(self.mails(user)) >= n, clock=self.clock, why=lambda: (self.states(), rows(self.company, "SELECT kind, state, attempts, last_error FROM job WHERE last_error <> ''")))
        return self.mails(user)[n - 1]

    def states(self):
        return [(m["name"], m["titles"].get("user_id"), m["state"], m["last_error"]) for m in self.admin.get("/weekly_mail", limit=50)["items"]]

    def to_next_try(self):
        """Where a mail is to be tried again, the time comes; one that is on its way has all the time it takes."""
        jobs = rows(self.company, "SELECT state, run_at FROM job WHERE kind IN ('weekly.make', 'outbox_send') AND state <> 'dead'")
        if jobs and all(state == "waiting" for state, _ in jobs):
            self.clock.set(max(self.clock.ms, min(run_at for _, run_at in jobs)))

    def settle(self):
        """Until no report and no message waits."""
        wait_for(lambda: not rows(self.company, f"SELECT 1 FROM job WHERE state <> 'dead' AND (kind IN ('weekly.make', 'outbox_send') OR kind = 'weekly.plan' AND run_at <= {self.clock.ms})"), clock=self.clock,
                 why=lambda: rows(self.company, "SELECT kind, state, last_error FROM job"))


@pytest.fixture
def mailbox():
    made = Mailbox()
    yield made
    made.close()


@pytest.fixture
def office(company, tmp_path, mailbox):
    office = Office(company, Clock(tmp_path / "clock"), mailbox)
    yield office
    office.admin.close()
    office.server.stop()


def plain(message):
    return message.get_body(("plain",)).get_content()


def page(message):
    return message.get_body(("html",)).get_content()


def counts(text):
    return {name: int(n.replace(",", "")) for name, n in re.findall(r"^- (\S+)：([\d,]+)(?: \| 前一周 [\d,]+)?$", text, re.MULTILINE)}


def test_a_week_is_sent_once_over_restarts_and_again_the_next_week(office):
    receiver = office.hire()
    office.set(MONDAY, "07:59")
    office.settle()
    assert not office.mails(receiver)
    office.set(MONDAY, "08:00")
    assert WEEK in office.mail(receiver)["subject"]
    office.settle()
    office.restart()
    office.clock.move(3600)
    office.settle()
    assert len(office.mails(receiver)) == 1
    assert office.states() == [(WEEK, "周报", "sent", "")]
    office.set(NEXT, "08:00")
    assert f"{on(4)} – {on(10)}" in office.mail(receiver, 2)["subject"]
    office.settle()
    assert len(office.mails(receiver)) == 2


def test_a_server_that_was_down_sends_the_newest_report_when_it_is_back_and_none_before_it(office):
    receiver = office.hire()
    office.settle()
    office.server.stop()
    office.clock.set(at(on(20), "03:00"))
    office.server.start()
    office.sign_in()
    assert f"{on(11)} – {on(17)}" in office.mail(receiver)["subject"]
    office.settle()
    assert len(office.mails(receiver)) == 1


def test_two_nodes_send_it_once(office):
    if office.company.engine != "postgresql":
        pytest.skip("one node on SQLite")
    receiver = office.hire()
    with Server(office.company, clock=office.clock, environment=office.mailbox.environment):
        office.set(MONDAY, "08:00")
        office.mail(receiver)
        office.settle()
    assert len(office.mails(receiver)) == 1


def test_another_day_and_hour_move_the_next_report(office):
    receiver = office.hire()
    for name, value in (("weekly.day", "friday"), ("weekly.hour", 17)):
        office.admin.patch(f"/setting/{name}", {"version": office.admin.get(f"/setting/{name}")["version"], "value": value})
    office.set(on(1), "16:59")
    office.settle()
    assert not office.mails(receiver)
    office.set(on(1), "17:00")
    assert f"{on(-10)} – {on(-4)}" in office.mail(receiver)["subject"]
    office.set(MONDAY, "08:00")
    office.settle()
    assert len(office.mails(receiver)) == 1, "Monday is no day of it any more"


def figures_in_words(p):
    return f"- {p['name']}：" + ("–" if p["actual"] is None else f"{Decimal(p['actual']).quantize(Decimal('0.1'), ROUND_HALF_UP)}%")


def test_its_numbers_are_those_of_the_page_of_promises_and_of_the_lists(office):
    receiver = office.hire()
    for i in range(6):
        made = office.ticket(grade=["normal", "urgent"][i % 2])
        office.clock.move(300 * i)
        office.act(made, "accept")
        if i:
            office.act(made, "resolve", **STEPS)
        if i == 5:
            office.act(made, "reopen", reason="又响了")
    office.ticket(scene="complaint")
    office.set(MONDAY, "07:00")
    comes_to_rest(office.company, office.clock)     # what the days brought is over, or the report is read before it and the lists after it
    office.set(MONDAY, "08:00")
    text = plain(office.mail(receiver))
    promised = {p["name"]: p for p in office.admin.get("/promise/figures", period="week", day=on(-3))["items"]}
    shares = [p for p in promised.values() if p["unit"] == "share"]
    assert shares and all(figures_in_words(p) in text for p in shares), text
    states = {"held": "守住", "near": "临界", "missed": "未达", "few": "样本不足", "none": "还没有足够数据"}
    for name, p in promised.items():
        line = next(line for line in text.splitlines() if line.startswith(f"- {name}："))
        assert line.endswith(f"样本 {p['cases']:,}") and f"| {states[p['state']]} |" in line, line
    said = counts(text)
    begin, end = at(on(-3), "00:00"), at(on(4), "00:00")
    tickets = everything(office.admin, "/ticket")
    assert said["新受理"] == len([t for t in tickets if begin <= t["created_at"] < end]) == 7
    assert said["投诉"] == len([t for t in tickets if begin <= t["created_at"] < end and t["scene"] == "complaint"])
    assert said["已解决"] == len([t for t in tickets if begin <= (t["solved_at"] or 0) < end]) == 4
    assert said["重新打开"] == 1
    assert said["目前未结"] == len([t for t in tickets if t["state"] not in ("closed", "cancelled")])
    breached = rows(office.company, f"SELECT count(*) FROM service_clock WHERE object = 'ticket' AND breached_at >= {begin} AND breached_at < {end}")[0][0]
    assert said["超时次数"] == breached > 0


def everything(client, path):
    found, after = [], None
    while True:
        page_of = client.get(path, limit=200, **({"after": after} if after else {}))
        found += page_of["items"]
        if not (after := page_of["next"]):
            return found


def test_a_receiver_is_told_what_her_scope_shows_and_no_more(office):
    team = office.admin.post("/team", {"name": "夜班"})["id"]
    lead = office.hire(office.role(["ticket.read", "promise.read", "customer.read"], "own"), team_id=team)
    blind = office.hire(office.role(["promise.read"]))
    mine, other = office.ticket(), office.ticket()
    office.act(mine, "assign", owner_id=lead["id"])
    office.act(other, "assign", owner_id=office.admin.get("/session")["user"]["id"])
    office.set(MONDAY, "08:00")
    text = plain(office.mail(lead))
    assert counts(text)["新受理"] == 1 and counts(text)["目前未结"] == 1 and counts(text)["超时次数"] >= 1
    assert "您的数据范围看不到全公司" in text and "（您能看到的）" in text and "样本" not in text
    nos = {t: office.admin.get(f"/ticket/{t}")["no"] for t in (mine, other)}
    assert nos[mine] in text and nos[other] not in text
    assert f"/ticket/{mine}" in page(office.mail(lead))
    assert "新受理" not in plain(office.mail(blind)) and "SR" not in plain(office.mail(blind))


class Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.addresses = set(), []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.addresses += [value for name, value in attrs if name in ("href", "src", "background")]
        assert not any(name.startswith("on") for name, _ in attrs), (tag, attrs)


def test_names_that_are_markup_or_headers_stay_text(office):
    product = office.admin.post("/product", {"code": "evil", "name": "<img src=x onerror=alert(1)>\"><b>坏"})["id"]
    receiver = office.hire()
    promise = next(p for p in office.admin.get("/promise", limit=50)["items"] if p["code"] == "first_response")
    office.admin.patch(f"/promise/{promise['id']}", {"version": promise["version"], "name": "响应</td><script>alert(1)</script>"})
    office.ticket(product_id=product, grade="critical", text="<a href=https://evil.example>点我</a> 冰箱冒烟了")
    office.set(MONDAY, "08:00")
    message = office.mail(receiver)
    assert "<script" not in page(message) and "<img" not in page(message)
    seen = Links()
    seen.feed(page(message))
    assert not seen.tags & {"script", "img", "iframe", "link", "object", "form", "b"}
    assert seen.addresses and all(address.startswith(office.server.url) for address in seen.addresses), seen.addresses
    assert [name.lower() for name in message.keys()].count("subject") == 1 and not message["bcc"]
    for name in ("name", "code"):
        office.admin.post("/product", {"code": "x", "name": "x"} | {name: "坏\r\nBcc: x@evil.example"}, status=(201, 422))


def test_it_speaks_the_receivers_language_and_carries_the_parts_she_takes(office):
    english = office.hire(lang="en")
    short = office.hire()
    office.admin.post("/weekly_receiver", {"user_id": short["id"], "promises": False, "oldest": False})
    office.ticket()
    office.set(MONDAY, "08:00")
    assert "weekly service report" in office.mail(english)["subject"]
    text = plain(office.mail(english))
    assert "Received: 1" in text and "Oldest open tickets" in text and not re.search("[一-龥]{2,}：", text)
    assert 'lang="en"' in page(office.mail(english))
    assert "承诺" not in plain(office.mail(short)) and "新受理：1" in plain(office.mail(short)) and "最久" not in plain(office.mail(short))


def test_a_refused_mail_is_tried_again_and_in_the_end_told_to_the_administrator(company, tmp_path, mailbox):
    office = Office(company, Clock(tmp_path / "clock"), mailbox, options=("--set", "outbound.attempts=2"))
    receiver = office.hire()
    mailbox.answers[:] = [451]
    office.set(MONDAY, "08:00")

    def sent():
        office.to_next_try()
        return office.states()[0][2] == "sent"
    wait_for(sent, why=office.states)
    assert mailbox.asked == [receiver["email"]] * 2 and len(office.mails(receiver)) == 1
    mailbox.answers[:] = [550, 550]
    office.set(NEXT, "08:00")

    def failed():
        office.to_next_try()
        return office.states()[0][2] == "failed"
    wait_for(failed, why=office.states)
    assert "550" in office.states()[0][3]
    notice = office.admin.get("/notification")["items"][0]
    assert (notice["kind"], notice["object"]) == ("weekly_failed", "weekly_mail")
    office.admin.close()
    office.server.stop()


def test_whoever_has_no_address_or_has_left_fails_and_the_others_get_theirs(office):
    receiver, gone, mute = office.hire(), office.hire(), office.hire()
    office.admin.post(f"/user/{gone['id']}/archive", {"version": gone["version"]})
    office.admin.patch(f"/user/{mute['id']}", {"version": office.admin.get(f"/user/{mute['id']}")["version"], "email": ""})
    office.set(MONDAY, "08:00")
    office.mail(receiver)
    wait_for(lambda: sorted(s[2:] for s in office.states()) == [("failed", "left"), ("failed", "no_address"), ("sent", "")], why=office.states, clock=office.clock)


def test_somebody_looks_at_hers_and_sends_it_to_herself(office):
    reader = office.hire(office.role(["ticket.read", "promise.read"]), receives=False)
    hers = office.as_user(reader)
    shown = hers.get("/weekly")
    assert (shown["from"], shown["to"]) == (on(-10), on(-4))
    hers.post("/weekly/send", {})
    sent = office.mail(reader)
    assert sent["subject"] == shown["subject"] and plain(sent).splitlines() == shown["text"].splitlines() and page(sent).strip() == shown["html"].strip()
    hers.get("/weekly", status=422, day=on(0))
    assert hers.get("/weekly", day=on(-50))["from"] == on(-52)
    assert not office.mailbox.to("boss@anxin.example")
    office.as_user(office.hire(office.role(["ticket.read"]), receives=False)).get("/weekly", status=403)
    hers.close()


def test_the_page_is_told_the_mails_numbers_the_week_before_and_when_the_next_one_goes(office):
    office.set(on(-7), "10:00")
    for _ in range(2):
        office.act(office.ticket(), "accept")
    office.set(THURSDAY, "10:00")
    office.hire()
    late = office.ticket(product_id=office.admin.get("/product", limit=1)["items"][0]["id"])
    office.set(THURSDAY, "16:00")
    office.act(late, "accept")
    office.set(MONDAY, "09:00")
    office.settle()
    told = office.admin.get("/weekly")
    by_code = {k["code"]: k for k in told["counts"]}
    assert (by_code["received"]["n"], by_code["received"]["before"]) == (1, 2)
    assert by_code["open"]["n"] >= 3 and by_code["open"]["before"] is None
    assert counts(told["text"])["新受理"] == 1 and "新受理：1 | 前一周 2" in told["text"]
    assert told["next_at"] == at(NEXT, "08:00") and told["goes_out"]
    missed = [p for p in told["promises"] if p["products"]]
    assert missed and missed[0]["products"][0]["link"] and all(f"day={on(-3)}&promise=" in p["link"] for p in told["promises"])
    figures = {p["name"]: p for p in office.admin.get("/promise/figures", period="week", day=on(-3))["items"]}
    ranks = [["missed", "near", "few", "held", "none"].index(p["state"]) for p in told["promises"]]
    assert ranks == sorted(ranks)
    for p in told["promises"]:
        assert (p["actual"], p["change"], p["target"], p["cases"], p["state"]) == tuple(figures[p["name"]][k] for k in ("actual", "change", "target", "cases", "state"))
        assert f"promise={figures[p['name']]['id']}" in p["link"]
    mail = Links()
    mail.feed(told["html"])
    assert {p["link"] for p in told["promises"]} | {w["link"] for p in missed for w in p["products"] + p["teams"] if w["link"]} <= set(mail.addresses)


def test_without_a_mail_server_it_is_held(company, tmp_path):
    office = Office(company, Clock(tmp_path / "clock"), None)
    office.hire()
    office.set(MONDAY, "08:00")
    wait_for(lambda: office.states() == [(WEEK, "周报", "held", "no_channel")], why=office.states, clock=office.clock)
    office.admin.close()
    office.server.stop()


def test_it_is_of_a_whole_week_even_at_its_edges(office):
    receiver = office.hire()
    office.set(on(3), "23:59")
    office.ticket()
    office.set(MONDAY, "00:00")
    office.ticket()
    office.set(MONDAY, "08:00")
    assert counts(plain(office.mail(receiver)))["新受理"] == 1
    assert date.fromisoformat(WEEK.split(" ")[0]) + timedelta(6) == date.fromisoformat(WEEK.split(" ")[-1])
