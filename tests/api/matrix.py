"""Calls of every route that the API describes, with what a company holds: bodies out of schemas and /meta, objects to call them on.

What a schema cannot tell (a scene's questions, a password that is right) stands in OWN_BODIES and WORDS, and nowhere else: a route
that cannot be called by what is here fails the test.
"""
import copy
import itertools
import random
import re
import time
from contextlib import closing

import authenticator
import described
import examples
import people
from actors import PASSWORD, connect
from cti import rung
from docx import docx, p
from patience import wait_for
from test_file import png, upload

counter = itertools.count(1)
NOBODY = "999999999999999999"  # no object has this id
SHEET = "姓名,电话\n王,13800000001\n"
PICTURE = png(20, 20)

# What a reference is to, where its name does not say.
TARGETS = {"set": "question_set", "queue": "chat_queue", "overflow": "chat_queue", "bundle": "file", "logo": "file", "owner": "user", "approver": "user", "provider": "sign_in_provider", "identity": "user", "parent": "region", "object": "ticket", "after": "rule", "household": "customer", "reason": "break_reason", "cover": "user", "kind": "shift_kind", "behind": "ticket"}

SYNONYM = "/api/v1/synonym"            # its words are a text, not those of an import
# Values that a name needs beyond what its schema says.
WORDS = {
    "contact_phone": people.new_phone, "phone": people.new_phone, "password": lambda: PASSWORD, "old_password": lambda: PASSWORD,
    "symptoms": lambda: ["frost"], "answers": lambda: {}, "mapping": lambda: {"姓名": "name"}, "words": lambda: {}, "record": lambda: "customer",
    "scopes": lambda: ["ticket.read"], "object": lambda: "ticket", "events": lambda: ["created"], "event_data": lambda: {}, "changed": lambda: [],
    "actions": lambda: [{"do": "move", "action": "contact"}], "plan_due_at": lambda: 1900000000000,
}

# The same in queries.
ASKED = {"object": "ticket", "record": "customer", "first": "2030-01-07"}
# What a query needs that its words do not say.
MORE_ASKED = {"/api/v1/retention/{name}/due": {"value": "3_years"}, "/api/v1/breach/export": {"record": "customer"},
              **{path: {"from": "2026-01-01", "to": "2026-01-02"} for path in ("/api/v1/quality_report", "/api/v1/quality_report/export")}}
# Who came by a link to one ticket does not open everything.
NOT_BY_LINK = {("get", "/api/v1/my/handout"), ("post", "/api/v1/my/consent"), ("get", "/api/v1/my/self"), ("patch", "/api/v1/my/self"),
               ("patch", "/api/v1/my/address/{id}"), ("get", "/api/v1/my/address/{id}"), ("get", "/api/v1/my/request"), ("post", "/api/v1/my/request"),
               ("get", "/api/v1/my/conversation"), ("post", "/api/v1/my/conversation"), ("get", "/api/v1/my/conversation/{id}"), ("get", "/api/v1/my/conversation/{id}/message"), ("post", "/api/v1/my/conversation/{id}/read"),
               ("post", "/api/v1/my/conversation/{id}/rating"), ("post", "/api/v1/my/visit"),
               ("get", "/api/v1/my/wechat"), ("post", "/api/v1/my/wechat"), ("delete", "/api/v1/my/wechat")}

# What stands in a path besides {id} and {action}.
PLACES = {"/api/v1/setting": {"name": "report.free"}, "/api/v1/pack": {"name": "appliance"}, "/api/v1/retention": {"name": "customer"},
          "/api/v1/wechat": {"callback": "0" * 32}, "/api/v1/phone": {"callback": "0" * 32}, "/api/v1/sms": {"callback": "0" * 32}, "/api/v1/sent_file": {"token": "A" * 64}, "/api/v1/conversation": {"no": "1"}, "/api/v1/knowledge/entry": {"code": "A01"},
          "/api/v1/knowledge/used": {"code": "A01"}, "/api/v1/knowledge/named": {"code": "A01"}}

def task_body(holdings):
    """About nothing, and whoever is not of the company's own side keeps it: nobody may make what he does not see."""
    return dict.fromkeys(["ticket_id", "customer_id", "device_id"] + (["owner_id", "team_id"] if holdings.actor else []))


def planned_body(holdings):
    """For whoever plans himself where he may not see others."""
    return {"user_id": holdings.actor.client.get("/session")["user"]["id"]} if holdings.actor and holdings.actor.kind == "staff" else {}


def patron_of(holdings):
    """Whose data a customer's call is about: her own."""
    mine = holdings.actor and holdings.actor.kind == "customer"
    return holdings.actor.client if mine else holdings.patron.client


def own_stage(holdings):
    """A state of the company's own, of tasks: there is one flow in force at most."""
    if not any(f["object"] == "task" and f["state"] == "on" for f in holdings.admin.get("/flow", limit=200)["items"]):
        holdings.admin.post("/flow", {"name": "own", "object": "task", "state": "on", "states": [{"code": "held", "zh": "held", "state": "open"}],
                                      "moves": [{"move": "o_hold", "own": True, "from": ["open"], "to": "held", "zh": "hold"}]})
    return {"object": "task", "from": "held", "to": ""}


# Bodies that depend on what the company holds beyond an object of the route's kind.
OWN_BODIES = {
    ("post", "/api/v1/my/ticket"): lambda h: {"answers": people.answers(next(s for s in h.form()["scenes"] if s["name"] == "repair"))},
    ("post", "/api/v1/import"): lambda h: {"file_id": h.one("sheet"), "bundle_id": None},     # customers name no files
    ("post", "/api/v1/knowledge/read"): lambda h: {"file_id": h.one("document")},
    ("post", "/api/v1/session"): lambda h: h.side.account | h.admin.company,
    ("post", "/api/v1/my/code"): lambda h: h.admin.company,
    ("post", "/api/v1/my/session"): lambda h: {"token": h.side.link_of(h.one("my/ticket"))},
    ("patch", "/api/v1/company"): lambda h: h.company_card(),
    ("post", "/api/v1/pack/{name}/use"): lambda h: {"from": "appliance"},
    ("patch", "/api/v1/setting/{name}"): lambda h: {part: h.admin.get("/setting/report.free")[part] for part in ("value", "version")},
    **{(method, path): lambda h: task_body(h) for method, path in (("post", "/api/v1/task"), ("patch", "/api/v1/task/{id}"))},
    ("post", "/api/v1/calendar/preview"): lambda h: {"form": examples.OWN_RULES["calendar"]["form"](0)},
    ("post", "/api/v1/calendar/ical"): lambda h: {"zone": "Asia/Shanghai", "text": "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"},
    ("post", "/api/v1/my/visit"): lambda h: {"token": h.side.visit("who signs in").client.http.headers["Authorization"].removeprefix("Bearer ")},
    ("post", "/api/v1/web_chat"): lambda h: {field: value(0) for field, value in examples.OWN_RULES["web_chat"].items()},
    ("patch", "/api/v1/web_chat/{id}"): lambda h: {field: value(0) for field, value in examples.OWN_RULES["web_chat"].items()},
    ("post", "/api/v1/conversation/{id}/ticket"): lambda h: {"ticket_id": None},
    ("patch", "/api/v1/conversation/{id}"): lambda h: {"device_id": None},  # only the customer's own
    ("post", "/api/v1/conversation/{id}/mark"): lambda h: {"no": 1, "what": "emotion", "value": "none"},
    ("post", "/api/v1/chat_queue"): lambda h: {field: value(0) for field, value in examples.OWN_RULES["chat_queue"].items()},
    ("patch", "/api/v1/chat_queue/{id}"): lambda h: {field: value(0) for field, value in examples.OWN_RULES["chat_queue"].items()},
    **{(method, path): lambda h: {"words": "nobody says it", "answers": "nor this", "messages": 1} for method, path in
       (("post", "/api/v1/quality_rule"), ("patch", "/api/v1/quality_rule/{id}"), ("post", "/api/v1/quality_rule/try"))},
    ("post", "/api/v1/quality/{id}/review"): lambda h: {"verdicts": [], "added": [], "score": None},
    ("post", "/api/v1/quality/{id}/decide"): lambda h: {"verdicts": [], "added": [], "score": None},
    ("post", "/api/v1/my/consent"): lambda h: {"purpose": "survey", "version": "2026-11", "given": True},
    **{("post", f"/api/v1/{name}"): planned_body for name in ("shift", "absence")},
    ("post", "/api/v1/duty/copy"): lambda h: {"from": "2030-01-07", "to": "2030-01-14"},
    ("patch", "/api/v1/my/self"): lambda h: {"version": patron_of(h).get("/my/self")["version"], "email": "hers@example.cn"},
    ("patch", "/api/v1/my/address/{id}"): lambda h: {"version": max((a["version"] for a in h.patron.client.get("/my/self")["addresses"] if a["id"] == h.one("my/address")), default=1)},
    ("post", "/api/v1/tag/{id}/merge"): lambda h: {"tag_id": h.fresh("tag")},
    ("post", "/api/v1/rule/try"): lambda h: {"condition": "grade = urgent"},
    ("post", "/api/v1/flow"): lambda h: {field: value(0) for field, value in examples.OWN_RULES["flow"].items()},
    ("post", "/api/v1/flow/try"): lambda h: {"object": "ticket", "states": [], "moves": [{"move": "wait", "off": True}]},
    ("post", "/api/v1/flow/empty"): own_stage,
    ("post", "/api/v1/report_form"): lambda h: {field: value(0) for field, value in examples.OWN_RULES["report_form"].items()},
    ("patch", "/api/v1/report_form/{id}"): lambda h: {"symptoms": examples.OWN_RULES["report_form"]["symptoms"](0)},
    ("post", "/api/v1/report_form/try"): lambda h: {"id": None, "pack": None, "scenes": [{"name": "usage", "off": True}], "symptoms": {}},
    ("post", "/api/v1/ticket/{id}/watch"): planned_body,       # whoever watches is oneself: others are a supervisor's to take off
    ("post", "/api/v1/compensation"): lambda h: {"warranty_months": 0} | ({"ticket_id": h.own_ticket()} if h.actor else {}),     # within what one person may approve
    ("post", "/api/v1/template/preview"): lambda h: {"ticket_id": h.own_ticket()} if h.actor else {},
    ("post", "/api/v1/gap/{id}/add"): lambda h: {"article": "A01", "text": f"缺口 {next(counter)}"},
    ("post", "/api/v1/question_set/{id}/lines"): lambda h: {"items": [{"question": f"题 {next(counter)}", "expected": "A01"}]},
    ("post", "/api/v1/weekly_receiver"): lambda h: {"user_id": h.fresh("user")},  # somebody is one once
    ("post", "/api/v1/weekly/send"): lambda h: {"day": "2026-03-08"},
    ("post", "/api/v1/macro"): lambda h: {"record": "ticket"},  # the actions of WORDS are a ticket's
    ("post", "/api/v1/customer/{id}/merge"): lambda h: {"customer_id": h.fresh("customer")},
    ("post", "/api/v1/ticket/{id}/merge"): lambda h: {"ticket_id": h.fresh("ticket")},
    ("post", "/api/v1/ticket/{id}/link"): lambda h: {"ticket_id": h.fresh("ticket"), "kind": "related"},
    ("post", "/api/v1/ticket/{id}/unlink"): lambda h: {"link_id": getattr(h, "linked", NOBODY)},
    ("post", "/api/v1/ticket/{id}/not_same"): lambda h: {"ticket_id": h.fresh("ticket"), "on": True},
    ("post", "/api/v1/customer/{id}/not_same"): lambda h: {"customer_id": h.fresh("customer"), "on": True},
    ("post", "/api/v1/ticket/{id}/split"): lambda h: {"scene": "usage", "text": "another matter", "comment_ids": [], "file_ids": [], "task_ids": []},
    **{("post", f"/api/v1/ticket/{{id}}/{last}"): lambda h: {"was": "self", "behind_id": None} for last in ("place", "order")},
    ("post", "/api/v1/my/device/find"): lambda h: {"serial": h.serial()},
    **{("post", f"/api/v1/{name}/{{id}}/hold"): lambda h: {"until": None} for name in ("customer", "ticket")},
    ("post", "/api/v1/session/enrol"): lambda h: {"ticket": h.ticket_to_enrol()},
    ("post", "/api/v1/session/code"): lambda h: h.first_code(h.ticket_to_enrol()),
    ("post", "/api/v1/sign_in_provider"): lambda h: {"issuer": h.side.idp.issuer, "client_id": h.side.idp.client_id, "state": "on", "domains": "", "factor": "own"},
    ("patch", "/api/v1/sign_in_provider/{id}"): lambda h: {"state": "on", "domains": "", "factor": "own", "client_id": h.side.idp.client_id},
    ("post", "/api/v1/model_account"): lambda h: {"base_url": "https://model.example.cn/v1", "state": "off", "for_embed": False},
    ("patch", "/api/v1/model_account/{id}"): lambda h: {"base_url": "https://model.example.cn/v1", "state": "off", "for_embed": False},
    ("post", "/api/v1/model_account/{id}/secret"): lambda h: {"secret": "abc"},
    ("post", "/api/v1/sms_gateway"): lambda h: {"api_url": "https://sms.example.cn", "templates": "* = SMS_1 text", "sign_name": "安心", "access_id": "LTAI", "app_id": "1", "state": "off"},
    ("patch", "/api/v1/sms_gateway/{id}"): lambda h: {"api_url": "https://sms.example.cn", "templates": "* = SMS_1 text", "state": "off"},
    ("post", "/api/v1/phone_line"): lambda h: {"dial_url": "https://cti.example.cn/dial", "record_hosts": "rec.example.cn", "state": "off"},
    ("patch", "/api/v1/phone_line/{id}"): lambda h: {"dial_url": "https://cti.example.cn/dial", "record_hosts": "rec.example.cn", "state": "off"},
    ("post", "/api/v1/phone_line/{id}/secret"): lambda h: {"secret": "0123456789abcdef"},
    ("post", "/api/v1/mail_account"): lambda h: {"address": "a@example.cn", "imap_host": "imap.example.cn", "smtp_host": "smtp.example.cn", "imap_port": 993, "smtp_port": 465, "state": "off", "folder": "INBOX"},
    ("patch", "/api/v1/mail_account/{id}"): lambda h: {"address": "a@example.cn", "imap_host": "imap.example.cn", "smtp_host": "smtp.example.cn", "state": "off"},
    ("post", "/api/v1/wechat_account"): lambda h: {"app_id": "wx0123456789abcdef", "open_kfid": "wk1", "api_url": "https://wechat.example.cn", "state": "off"},
    ("patch", "/api/v1/wechat_account/{id}"): lambda h: {"mode": "safe", "api_url": "https://wechat.example.cn", "state": "off"},
    ("post", "/api/v1/wechat_account/{id}/secret"): lambda h: {"secret": "abc", "token": "abc", "aes_key": "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR"},
    ("post", "/api/v1/session/provider/start"): lambda h: h.admin.company | {"invitation": None},
    ("post", "/api/v1/session/invitation"): lambda h: {"token": h.invited()},
    ("post", "/api/v1/session/invitation/accept"): lambda h: {"token": h.invited()},
}
# What somebody gives who sets up or has a second factor: by the last word of the path.
FACTOR_BODIES = {
    "factor": lambda client: {},
    "confirm": lambda client: {"code": offered(client)},
    "recovery": lambda client: {"code": has_factor(client)[0]},
    "remove": lambda client: {"code": has_factor(client)[1]},
}
ONLY = {("post", "/api/v1/my/session"), ("post", "/api/v1/my/device/find")}  # nothing else goes into these


def offered(client):
    return authenticator.code(client.post("/session/factor", {}, status=200)["secret"], time.time())


def has_factor(client):
    return client.post("/session/factor/confirm", {"code": offered(client)}, status=200)["recovery_codes"]


class Call:
    """One route, an action of a flow each for itself, as `by` would call it: everything but the object that it is about."""

    def __init__(self, operation, action=None):
        self.operation, self.action = operation, action
        self.method, self.path, self.spec = operation.method, operation.path, operation.spec
        self.permission, self.kind = self.spec["x-permission"], operation.kind

    def __str__(self):
        return f"{self.method.upper()} {self.path}" + (f" ({self.action['name']})" if self.action else "")

    @property
    def writes(self):
        return self.method != "get"

    @property
    def is_stream(self):
        return "101" in self.spec["responses"]

    @property
    def content(self):
        return self.spec.get("requestBody", {}).get("content", {})

    @property
    def schema(self):
        return self.content.get("application/json", {}).get("schema")

    def record(self, meta):
        """Whose fields the body holds: POST /kind and PATCH /kind/{id} of a record."""
        name = re.fullmatch(r"/api/v1/(\w+)(/\{id\})?", self.path)
        return meta.get(name[1]) if name and self.method in ("post", "patch") else None

    def send(self, actor, target=None, body=None, query=None):
        words = {"id": target, "action": self.action and self.action["name"]} | PLACES.get(self.path.partition("/{")[0], {})
        path = self.path.removeprefix("/api/v1").format(**words)
        options = {"params": self.query(actor) | (query or {})}
        if "application/octet-stream" in self.content:
            options |= {"content": PICTURE, "headers": {"Upload-Offset": "0", "Content-Type": "application/octet-stream"}}
        elif self.writes:
            options |= {"json": body, "headers": {"Idempotency-Key": f"matrix-{next(counter):08d}"}}
        answer = actor.client.http.request(self.method.upper(), path, **options)
        if answer.status_code == 428:
            proof = people.prove(answer.json()["error"]["arg"])
            answer = actor.client.http.request(self.method.upper(), path, **options | {"headers": {"Idempotency-Key": f"proved-{next(counter):08d}", "X-Proof": proof}})
        return Answer(answer, target)

    def query(self, actor):
        query = MORE_ASKED.get(self.path, {}) | (dict(actor.client.company) if any(q["name"] == "tenant" for q in self.operation.queries) else {})
        for one in self.operation.queries:
            if one["required"] and one["name"] not in query:
                query[one["name"]] = ASKED.get(one["name"]) or one["schema"].get("enum", ["frost"])[0]
        return query


class Answer:
    """Status and words of an answer, without what differs from one request to the next."""

    def __init__(self, answer, target=None):
        self.status, self.text = answer.status_code, answer.text
        self.json = answer.json() if "json" in answer.headers.get("content-type", "") else {}
        error = self.json.get("error") if isinstance(self.json, dict) else None
        self.code = error["code"] if error else "ok"
        plain = re.sub(r'"request_id":"[^"]*"', "", self.text)
        self.same = (self.status, answer.headers.get("content-type"), plain.replace(target, "ID") if target else plain)

    def __str__(self):
        return f"{self.status} {self.text[:160]}"


def calls(description, meta):
    """Every operation; an action of each flow for itself."""
    flows = {flow["name"]: flow["actions"] for flow in meta["flows"]}
    for operation in described.operations(description):
        for action in [a for a in flows[operation.kind] if a["who"] != "system"] if "{action}" in operation.path else [None]:
            yield Call(operation, action)


# How an object is made that is more than a POST of its record.
MAKERS = {
    "file": lambda h: upload(h.maker("file"), f"{h.marker}.png", PICTURE),
    "document": lambda h: upload(h.maker("file"), f"{h.marker}.docx", docx(p("字"))),
    "sheet": lambda h: upload(h.maker("file"), f"{h.marker}.csv", SHEET.encode()),
    "import": lambda h: h.maker("import").post("/import", {"record": "customer", "file_id": h.one("sheet")})["id"],
    "legal_hold": lambda h: h.admin.post(f"/ticket/{h.one('ticket')}/hold", {"reason": h.marker})["id"],
    "invitation": lambda h: h.maker("user").post(f"/user/{h.fresh('user')}/invite", {})["id"],
    "ticket": lambda h: h.ticket(),
    "my/ticket": lambda h: people.report(h.patron.client, product_id=h.one("product"), description=f"冰箱漏水 {h.marker}")["id"],
    "conversation": lambda h: h.conversation(),
    "my/conversation": lambda h: h.written_by(h.patron.client),
    "visit/conversation": lambda h: h.guest_wrote(),
    "visit/file": lambda h: upload(h.guest.client, f"{h.marker}.png", PICTURE, prefix="/visit"),
    "visit/file to add": lambda h: upload(h.guest.client, f"{h.marker}.csv", SHEET.encode(), prefix="/visit"),
    "identity": lambda h: h.channel_name(),
    "bot_turn": lambda h: h.heard(),
    "model_call": lambda h: h.asked(),
    "phone_call": lambda h: rung(h.admin, **{"owner_id": (h.assigned or {}).get("owner_id"), "team_id": (h.assigned or {}).get("team_id")}),
    "quality": lambda h: h.inspected(),
    "quality_own": lambda h: h.inspected(),
    "gap": lambda h: h.missed(),
    "evaluation": lambda h: h.tried(),
    "my/file": lambda h: upload(h.patron.client, f"{h.marker}.png", PICTURE, prefix="/my"),
    "file to add": lambda h: upload(h.maker("file"), f"{h.marker}.csv", SHEET.encode()),
    "my/file to add": lambda h: upload(h.patron.client, f"{h.marker}.csv", SHEET.encode(), prefix="/my"),
    "my/device": lambda h: h.record("device"),
    "my/address": lambda h: h.admin.post("/address", {"customer_id": h.patron.record_id, "street": "文一路 1 号"})["id"],
    "clock": lambda h: h.admin.get("/clock", object="ticket", object_id=h.one("ticket"))["items"][0]["id"],
    "attendance": lambda h: h.attended(),
    "weekly_mail": lambda h: h.reported(),
    "rule_run": lambda h: h.ran(),
    "webhook_delivery": lambda h: h.delivered(),
    "job": lambda h: h.given_up(),
    "compensation": lambda h: h.admin.post("/compensation", h.body(h.calls["post", "/api/v1/compensation"]))["id"],
    "compensation_grant": lambda h: h.given(h.fresh("ticket")),
}
ALONE = ("file", "file to add", "sheet", "document", "view", "import", "visit/file to add")  # shown, or lent, to nobody but who made it


# Questions that no knowledge base of appliances answers, each unlike the others: what is alike is one gap.
STRANGE = itertools.cycle(["月球移民套餐怎么订", "给大象刷牙用什么膏", "潜水艇驾照要考几科", "火山口烤肉好吃吗", "恐龙蛋几天孵出来", "哪里能学吹唢呐", "国际象棋开局怎么走", "马拉松报名截止了吗", "怎么写七言绝句",
                           "股票什么时候涨", "护照丢了去哪补", "火星上有没有水", "小提琴弓怎么上松香", "南极企鹅吃什么"])


class Holdings(described.Company):
    """What one company holds, marked by a word in every text; made when first asked for, by its founder or by `actor`.

    known: objects that are there already, such as the region and team that all others belong to. assigned: whose its tickets are.
    """

    def __init__(self, side, description, marker, known, patron=None, assigned=None):
        self.side, self.patron, self.marker, self.assigned, self.actor, self.others = side, patron, marker, assigned, None, {}
        super().__init__(side.founder.client, patron and patron.client, patron and patron.record_id)
        self.known, self.guest = dict(known), side.guest
        self.calls = {(call.method, call.path, *([call.action["name"]] if call.action else [])): call for call in calls(description, self.admin.get("/meta"))}

    def by(self, actor):
        """The same, with objects of the actor's own as far as he may make any."""
        if actor.name not in self.others:
            self.others[actor.name] = self.made_by(actor)
        return self.others[actor.name]

    def made_by(self, actor):
        other = copy.copy(self)
        other.actor, other.known = actor, {kind: made for kind, made in self.known.items() if kind not in ALONE}
        if actor.kind == "customer" and actor.record_id != self.patron.record_id:
            other.patron = actor
            other.known = {kind: made for kind, made in other.known.items() if "my/" not in kind} | {"customer": actor.record_id}
        if actor.kind == "visitor" and actor is not self.guest:
            other.guest = actor
            other.known = {kind: made for kind, made in other.known.items() if not kind.startswith("visit/")}
        return other

    def maker(self, kind):
        makes = self.actor and self.actor.kind == "staff" and self.actor.may(f"{kind}.create")
        return self.actor.client if makes else self.admin

    def one(self, kind):
        if kind not in self.known:
            self.known[kind] = self.fresh(kind)
        return self.known[kind]

    def fresh(self, kind):
        return MAKERS[kind](self) if kind in MAKERS else self.record(kind)

    def record(self, name):
        call = self.calls.get(("post", f"/api/v1/{name}"))
        if not call:
            return self.admin.get(f"/{name}", limit=1)["items"][0]["id"]
        return self.maker(name).post(f"/{name}", self.body(call))["id"]

    def ticket(self):
        made = self.record("ticket")
        if self.assigned:
            self.admin.post(f"/ticket/{made}/action/assign", {"version": self.version("ticket", made)} | self.assigned)
        return made

    def written_by(self, customer):
        return customer.post("/my/conversation", {"text": f"冰箱漏水 {self.marker}", "external_id": f"{self.marker}{next(counter):08d}"})["conversation"]["id"]

    def guest_wrote(self):
        """Answered, so that it can be rated; what she writes next goes on in it."""
        made = self.guest.client.post("/visit/message", {"text": f"洗衣机响 {self.marker}", "external_id": f"{self.marker}{next(counter):08d}"})["conversation"]["id"]
        self.admin.post(f"/conversation/{made}/message", {"text": "已处理", "visibility": "public"})
        return made

    def channel_name(self):
        """A name of the customer whom the others of these know, or of a visitor's own file."""
        customer = self.known.get("customer", self.guest.record_id)
        asked = {"filter": f'[["customer_id","=","{customer}"]]'}
        if not self.admin.get("/identity", **asked)["items"]:
            self.admin.post(f"/customer/{customer}/merge", {"customer_id": self.side.visit("who is somebody").record_id})
        return self.admin.get("/identity", **asked)["items"][0]["id"]

    def heard(self):
        """By the bot, in a conversation like the others of these."""
        turn = {}
        with people.bot_first(self.admin):
            self.conversation(lambda made: turn.update(self.turn_of(made)))
        return turn["id"]

    def asked(self):
        """A call of a model that nobody answers."""
        self.admin.post(f"/model_account/{self.one('model_account')}/try", {})
        return self.admin.get("/model_call", limit=1)["items"][0]["id"]

    def missed(self):
        """A question that the bot did not understand; whoever keeps the knowledge base reads its words, whosever it was."""
        words = next(STRANGE)
        with people.bot_first(self.admin):
            customer, _ = people.new_customer(self.admin.url, self.admin)
            customer.post("/my/conversation", {"text": words, "external_id": f"gap{next(counter):08d}"})
            found = wait_for(lambda: next((g for state in ("open", "added", "dismissed") for g in self.admin.get("/gap", state=state)["items"] if words in str(g["questions"])), None),
                             why=lambda: f"{words} is no gap: {self.admin.get('/bot_turn', sort='-created_at', limit=2)['items']}")
        customer.close()
        if found["state"] != "open":     # what is alike joins the gap that was closed
            self.admin.post(f"/gap/{found['id']}/reopen", {"version": found["version"]})
        return found["id"]

    def trying(self, lines=100):
        row = self.admin.post("/question_set", {"name": f"题集 {self.marker} {next(counter)}"})
        self.admin.post(f"/question_set/{row['id']}/lines", {"items": [{"question": f"空调漏水 {self.marker} {n}", "expected": "A02"} for n in range(lines)]})
        return self.admin.post(f"/question_set/{row['id']}/try", {})["id"]

    def tried(self):
        """A trial that is over, and so changes by nobody's doing but a call's."""
        made = self.trying(lines=1)
        wait_for(lambda: self.admin.get(f"/evaluation/{made}")["state"] == "done")
        return made

    def turn_of(self, conversation):
        return wait_for(lambda: self.admin.get("/bot_turn", filter=f'[["conversation_id","=","{conversation}"]]')["items"])[0]

    def conversation(self, meanwhile=lambda made: None):
        """Of somebody who lives where the others of these do, with whoever has their tickets."""
        customer, record = people.new_customer(self.admin.url, self.admin)
        if "region" in self.known:
            self.admin.patch(f"/customer/{record['id']}", {"version": record["version"], "region_id": self.known["region"]})
        made = self.written_by(customer)
        meanwhile(made)
        customer.close()
        if self.assigned:
            for action, field in (("route", "team_id"), ("assign", "owner_id")):
                self.admin.post(f"/conversation/{made}/action/{action}", {"version": self.version("conversation", made), field: self.assigned[field]})
        return made

    def inspected(self):
        """The result of a conversation like the others of these, with one finding."""
        talk = self.conversation()
        self.admin.post(f"/conversation/{talk}/message", {"text": "这个不归我管", "visibility": "public"})
        self.admin.post(f"/conversation/{talk}/action/close", {"version": self.version("conversation", talk)})
        return wait_for(lambda: self.admin.get("/quality", filter=f'[["conversation_id","=","{talk}"]]')["items"])[0]["id"]

    def own_ticket(self):
        """One that the actor sees, however narrow his scope."""
        made = self.fresh("ticket")
        self.admin.post(f"/ticket/{made}/action/assign", {"version": self.version("ticket", made), "owner_id": self.actor.client.get("/session")["user"]["id"]})
        return made

    def prepare(self, call, target):
        """Brings an object to where the call is one that can be made."""
        last = call.path.rpartition("/")[2]
        if last == "restore":
            if call.kind == "job":
                self.maker(call.kind).post(f"/job/{target}/drop", {})
            else:
                self.maker(call.kind).post(f"/{call.kind}/{target}/archive", {"version": self.version(call.kind, target)})
        if last == "reopen" and call.kind == "gap":
            self.admin.post(f"/gap/{target}/dismiss", {"version": self.version("gap", target)})
        if last == "try" and call.kind == "question_set":
            self.admin.post(f"/question_set/{target}/lines", {"items": [{"question": "空调漏水", "expected": "A02"}]})
            for trial in self.admin.get("/evaluation", condition='state = "running"')["items"]:      # one draft at a time
                if trial["article_id"]:
                    self.admin.post(f"/evaluation/{trial['id']}/stop", {}, status=(200, 409))
        if last == "reset":
            has_factor(self.side.sign_in("who lost her phone", self.with_password(target)).client)
        if last == "part":
            self.admin.post(f"/{call.kind}/{self.fresh(call.kind)}/merge", {f"{call.kind}_id": target})
        if last == "place" and call.kind == "ticket":
            self.admin.post(f"/ticket/{target}/action/assign", {"version": self.version("ticket", target), "owner_id": (self.actor or self.side.founder).client.get("/session")["user"]["id"]})
        if last == "unlink":
            self.linked = self.admin.post(f"/ticket/{target}/link", {"ticket_id": self.fresh("ticket"), "kind": "related"})["items"][0]["id"]
        if last == "undo" and call.writes:
            self.maker("import").post(f"/import/{target}/start", {"version": self.version("import", target)})
            wait_for(lambda: self.admin.get(f"/import/{target}")["state"] == "done", 10, clock=None)
        if last == "decide":
            self.admin.post(f"/quality_own/{target}/appeal", {"text": "not so"})
        if last == "unsplit":
            self.admin.post(f"/ticket/{target}/split", {"scene": "usage", "text": "another matter"})
        if last == "rating" and call.permission == "customer":
            self.admin.post(f"/conversation/{target}/message", {"text": "已处理", "visibility": "public"}, status=(200, 409))
        if last in ("confirm", "unsolved", "rate") and call.kind.endswith("ticket"):
            for action in ("accept", "start", "resolve"):
                move = self.calls["post", "/api/v1/ticket/{id}/action/{action}", action]
                assert move.send(self.side.founder, target, self.body(move, target)).status == 200

    def announced(self, actor, kind):
        """A file of which nothing has come yet."""
        return actor.client.post(f"/{kind}", {"name": f"{self.marker}.png", "size": len(PICTURE)})["id"]

    def reported(self):
        """A report on its way goes on by itself: one that has arrived where it can."""
        made = self.admin.post("/weekly/send", {})["id"]
        wait_for(lambda: self.admin.get(f"/weekly_mail/{made}")["state"] != "waiting", 10, clock=None)
        return made

    def given_up(self):
        """A job that was tried too often: nothing makes one without waiting for hours."""
        made = random.randrange(10**15)
        with closing(connect(self.side.server.company, writes=True)) as stored:
            stored.execute(f"INSERT INTO job (tenant, id, kind, run_at, state, unique_key) SELECT tenant, {made}, 'sweep', 1, 'dead', '{made}' FROM tenant WHERE code = '{self.side.tenant}'")
        return str(made)
    def company_card(self):
        card = self.admin.get("/company")
        return {part: card[part] for part in ("name", "service_phone", "logo_id", "version")}

    # Signing in ------------------------------------------------------------------------------------------------------

    def with_password(self, user):
        """A person's account, once she has the password of the tests."""
        self.side.founder.again().client.post(f"/user/{user}/password", {"password": PASSWORD})
        return self.admin.get(f"/user/{user}")["account"]

    def attended(self):
        """What somebody of the team said of herself."""
        user = self.fresh("user")
        self.side.sign_in("who says", self.with_password(user)).client.post("/duty/me", {"state": "off"})
        return self.admin.get("/attendance", condition=f"user_id = {user}")["items"][0]["id"]

    def ticket_to_enrol(self):
        role = self.side.role(["ticket.read"], "all", second_factor=True)
        user = self.admin.post("/user", {"account": f"enrol{next(counter)}", "name": "试用", "role_id": role})["id"]
        return self.side.client().post("/session", {"account": self.with_password(user), "password": PASSWORD} | self.admin.company)["ticket"]

    def first_code(self, ticket):
        offer = self.side.client().post("/session/enrol", {"ticket": ticket}, status=200)
        return {"ticket": ticket, "code": authenticator.code(offer["secret"], time.time())}

    def invited(self):
        self.fresh("invitation")
        newest = next(m for m in self.admin.get("/outbox", sort="-created_at", limit=20)["items"] if m["template"] == "staff_invited")
        return re.search(r"/invite#([\w-]+)", newest["body"])[1]

    def form(self):
        return self.patron.client.get("/my/form", **self.admin.company)

    def serial(self):
        return self.admin.get(f"/device/{self.one('my/device')}")["serial"]

    def version(self, kind, target):
        kind = kind.removeprefix("my/").removeprefix("visit/")
        for client in [self.admin, *([self.actor.client] if self.actor else [])]:
            found = client.http.get(f"/{kind}/{target}")
            if found.status_code == 200:
                return found.json().get("version", 1)
        return 1

    def harmless(self, kind):
        """An action that every record knows."""
        field = next(f for f in self.meta[kind]["fields"] if not (f["system"] or f["fixed"] or f["sealed"]))
        return {"do": "set", "field": field["name"], "value": examples.good(self.admin, self.meta, field, kind)}

    def run_on(self, kind):
        """What was done by whoever asks to take it back; to nothing that there is."""
        client = self.actor.client if self.actor and self.actor.kind == "staff" and self.actor.may(f"{kind}.change") else self.admin
        return client.post(f"/{kind}/act", {"rows": [{"id": NOBODY}], "actions": [self.harmless(kind)]})["run"]

    # Bodies ----------------------------------------------------------------------------------------------------------

    def body(self, call, target=None):
        if call.path.endswith("/condition/check"):
            return {"text": "true"}
        if call.path.endswith("/undo") and "{id}" not in call.path:
            return {"run": self.run_on(call.path.split("/")[3])}
        if call.path.endswith("/act"):
            return {"rows": [], "actions": [self.harmless(call.path.split("/")[3])]}
        own = OWN_BODIES.get((call.method, call.path), lambda h: {})(self)
        if (call.method, call.path) in ONLY:
            return own
        fields = {f["name"]: f for f in (call.record(self.meta) or {"fields": []})["fields"] if not f["system"]}
        made = {}
        for name, schema in call.schema["properties"].items():
            if name in own:
                continue
            plain = name not in fields or (name in WORDS and not call.path.startswith(SYNONYM))
            made[name] = self.value(call, name, schema, target) if plain else self.field(call, name, fields[name])
        if call.action:
            made |= {f["name"]: self.value(call, f["name"], {"type": "string"} | ({"pattern": "id"} if f["type"] == "ref" else {}), target) for f in call.action["fields"]}
            made |= {"grade": "urgent"} if "grade" in made else {}
            made |= {"outcome": "content"} if "outcome" in made else {}
        return {name: value for name, value in (made | own).items() if value is not None}

    def field(self, call, name, field):
        """A value that a record's field takes, marked where it is a text."""
        record = call.record(self.meta)["name"]
        if name in examples.OWN_RULES.get(record, {}):
            return examples.OWN_RULES[record][name](next(examples.counter))
        if field["type"] == "ref":
            return None if field["to"] == record else self.one(field["to"])
        value = examples.good(self.admin, self.meta, field, record)
        if field["type"] in ("text", "name", "place", "sealed"):
            return f"{value} {self.marker}"
        room = not field["most"] or field["most"] >= 20
        return f"{self.marker}{next(counter)}" if field["type"] == "code" and room else value

    def value(self, call, name, schema, target):
        if name == "version":
            return self.version(call.kind, target) if target and target != NOBODY else 1
        if name == "field":
            return next(f["name"] for f in self.meta[call.kind]["fields"] if f["sealed"])
        if name in WORDS and not call.path.startswith(SYNONYM):
            return WORDS[name]()
        if "anyOf" in schema:
            return {inner: self.value(call, inner, one, target) for inner, one in schema["anyOf"][0]["properties"].items()}
        if "enum" in schema:
            return schema["enum"][0]
        if is_reference(schema):
            return self.named(target_of(call, name), target)
        kind = schema.get("type")
        kind = kind if isinstance(kind, str) else kind and kind[0]
        if kind == "array":
            return [self.named(target_of(call, name), target)] if is_reference(schema["items"]) else []
        if kind == "string":
            return "2026-03-08" if schema.get("format") == "date" else f"说明 {self.marker}"[:schema.get("maxLength", 99)]
        return {"integer": max(1, schema.get("minimum", 1)), "boolean": True}.get(kind, [])

    def named(self, kind, target):
        """What a body names: the one of its kind, but no file twice on one object."""
        return self.one(f"{kind} to add" if target and kind in ("file", "my/file", "visit/file") else kind)

    def references(self, call):
        """(path in the body, kind of what is named there) of everything in a body that names an object."""
        record = call.record(self.meta)
        to = {f["name"]: f["to"] for f in record["fields"] if f["to"]} if record else {}
        actions = {f["name"]: target_of(call, f["name"]) for f in (call.action or {"fields": []})["fields"] if f["type"] == "ref"}
        found = {(name,): kind for name, kind in (to | actions).items() if name in call.schema["properties"] or name in actions}
        return found | dict(references_in(call, call.schema))


def references_in(call, schema, path=()):
    for name, one in schema["properties"].items():
        if "anyOf" in one:
            yield from references_in(call, one["anyOf"][0], (*path, name))
        elif is_reference(one) and name != "link_id":   # links are read by their tickets alone (test_links.py)
            yield (*path, name), target_of(call, name)
        elif one.get("type") == "array" and is_reference(one["items"]) and name != "comment_ids":  # remarks are read by their ticket alone (test_split.py)
            yield (*path, name, 0), target_of(call, name)


def is_reference(schema):
    return "pattern" in schema


def target_of(call, name):
    if name == "ids":
        return call.path.split("/")[3]  # POST /view/order: of views
    word = name.removesuffix("s").removesuffix("_id")
    word = TARGETS.get(word, word)
    if call.permission == "visitor" and word == "file":
        return "visit/file"
    return f"my/{word}" if call.permission == "customer" and word in ("file", "device") else word


def put(body, path, value):
    """A copy of the body with another value at the path."""
    if not path:
        return value
    head, *rest = path
    if head == 0:
        return [put(body[0] if body else None, rest, value)]
    return {**(body or {}), head: put((body or {}).get(head), rest, value)}
