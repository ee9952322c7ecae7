"""The API as it describes itself: its operations, and what a company holds for the places in their paths.

A route is known by what its {id} means: the word before it, "ticket" or "my/ticket". Records are found in their list, or made;
what has no list is made here. A word that is neither fails whoever asks for it, so a new kind of route cannot be left out.
"""
import functools
import re
import time
import uuid
from dataclasses import dataclass

import examples
import people
from cti import rung
from test_file import png, upload
from visitors import Visitor

from patience import wait_for

PLACE = re.compile(r"/api/v1/((?:my/|visit/)?[a-z_]+)/\{id\}")


@dataclass
class Operation:
    method: str
    path: str  # as described: /api/v1/ticket/{id}
    spec: dict

    @property
    def kind(self):
        found = PLACE.match(self.path)
        assert found or "{id}" not in self.path, f"what does {{id}} mean in {self.path}?"
        return found and found[1]

    @property
    def queries(self):
        return [p for p in self.spec["parameters"] if p["in"] == "query"]

    def at(self, **words):
        """{name}: a setting is known by its name."""
        return self.path.removeprefix("/api/v1").format(**{"name": "code.life", "code": "A01", "callback": "0" * 32, "token": "A" * 64, "no": "1"} | words)


def operations(description):
    return [Operation(method, path, spec) for path, methods in description["paths"].items() for method, spec in methods.items()]


class Company:
    """Objects of one company, by kind: `admin` is signed in to it, `customer` is one of its customers."""

    def __init__(self, admin, customer, customer_id):
        self.admin, self.customer, self.customer_id = admin, customer, customer_id
        self.meta = {record["name"]: record for record in admin.get("/meta")["records"]}
        self.known = {}
        self.makers = {
            "file": lambda: upload(admin, "a.png", png(20, 20)),
            "my/file": lambda: upload(customer, "b.png", png(20, 20), prefix="/my"),
            "attendance": self.said,
            "rule_run": self.ran,
            "webhook_delivery": self.delivered,
            "compensation_grant": self.given,
            "weekly_mail": lambda: admin.post("/weekly/send", {})["id"],
            "job": lambda: admin.get("/job", state="waiting")["items"][0]["id"],
            "clock": lambda: admin.get("/clock", object="ticket", object_id=self.one("ticket"))["items"][0]["id"],
            "my/ticket": lambda: people.report(customer)["id"],
            "conversation": self.talked, "my/conversation": self.talked,
            "visit/conversation": lambda: self.visitor.write()["conversation"]["id"],
            "visit/file": lambda: upload(self.visitor.client, "v.png", png(20, 20), prefix="/visit"),
            "identity": self.named,
            "phone_call": lambda: rung(admin),
            "bot_turn": self.heard,
            "model_call": lambda: admin.post(f"/model_account/{self.one('model_account')}/try", {}) and admin.get("/model_call", limit=1)["items"][0]["id"],
            "quality": lambda: self.inspected()["id"],
            "quality_own": lambda: self.inspected()["id"],
            "gap": self.missed,
            "evaluation": self.tried,
            "my/address": lambda: admin.post("/address", {"customer_id": customer_id, "street": "文一路 1 号"})["id"],
            "legal_hold": lambda: admin.post(f"/ticket/{self.one('ticket')}/hold", {"reason": "described"})["id"],
            "invitation": lambda: admin.post(f"/user/{self.record('user')}/invite")["id"],
            "import": lambda: admin.post("/import", {"record": "customer", "file_id": upload(admin, "c.csv", "姓名,电话\n王,13800000001\n".encode())})["id"],
        }

    @functools.cached_property
    def visitor(self):
        visitor = Visitor(self.admin, self.admin.url)
        visitor.write()
        return visitor

    def named(self):
        customer = self.admin.get(f"/conversation/{self.visitor.write()['conversation']['id']}")["customer_id"]
        return self.admin.get("/identity", filter=f'[["customer_id","=","{customer}"]]')["items"][0]["id"]

    def talked(self):
        return self.customer.post("/my/conversation", {"text": "冰箱结冰", "external_id": uuid.uuid4().hex})["conversation"]["id"]

    def heard(self):
        with people.bot_first(self.admin):
            Visitor(self.admin, self.admin.url).write("空调漏水怎么处理")
        return wait_for(lambda: self.admin.get("/bot_turn", limit=1)["items"])[0]["id"]

    def inspected(self):
        """Of a conversation that the administrator had, and that has ended."""
        talk = self.talked()
        self.admin.post(f"/conversation/{talk}/message", {"text": "这个不归我管", "visibility": "public"})
        self.admin.post(f"/conversation/{talk}/action/close", {"version": self.admin.get(f"/conversation/{talk}")["version"]})
        return wait_for(lambda: self.admin.get("/quality", filter=f'[["conversation_id","=","{talk}"]]')["items"])[0]

    def missed(self):
        with people.bot_first(self.admin):
            Visitor(self.admin, self.admin.url).write("呜啦啦啦呀")
        return wait_for(lambda: self.admin.get("/gap")["items"])[0]["id"]

    def tried(self):
        line = examples.make(self.admin, self.meta, "question_line")
        return self.admin.post(f"/question_set/{line['set_id']}/try", {})["id"]

    def one(self, kind):
        """The id of an object of this kind; the same each time."""
        if kind not in self.known:
            self.known[kind] = self.makers[kind]() if kind in self.makers else self.record(kind)
        return self.known[kind]

    def record(self, name):
        if self.meta[name]["creatable"]:
            return examples.make(self.admin, self.meta, name)["id"]
        return self.admin.get(f"/{name}", limit=1)["items"][0]["id"]

    def said(self):
        self.admin.post("/duty/me", {"state": "off"})
        return self.admin.get("/attendance", limit=1)["items"][0]["id"]

    def ran(self):
        """What a rule did to a ticket of the company, and to no other."""
        ticket = self.admin.get(f"/ticket/{self.one('ticket')}")
        rule = self.admin.post("/rule", {"name": "once", "object": "ticket", "state": "on", "events": ["assign"], "condition": f'no = "{ticket["no"]}"',
                                         "actions": [{"do": "move", "action": "contact"}]})
        place = {name: ticket[name] for name in ("owner_id", "team_id") if ticket[name]} or {"owner_id": self.admin.get("/session")["user"]["id"]}
        self.admin.post(f"/ticket/{ticket['id']}/action/assign", {"version": ticket["version"]} | place)
        started = time.monotonic()
        while not (found := [r for r in self.admin.get("/rule_run", limit=50)["items"] if r["rule_id"] == rule["id"]]):
            assert time.monotonic() - started < 20, "the rule does not run"
            time.sleep(0.05)
        self.admin.patch(f"/rule/{rule['id']}", {"version": rule["version"], "state": "off"})
        return found[0]["id"]

    def given(self, ticket=None):
        """A coupon out of a plan that was approved and carried out."""
        ticket = ticket or self.admin.post("/ticket", {"scene": "complaint", "customer_id": self.one("customer"), "text": "上门迟到，我要投诉"})["id"]
        plan = self.admin.post("/compensation", {"ticket_id": ticket, "cause": "迟到", "coupon_fen": 100})
        for action in ("approve", "grant"):
            plan = self.admin.post(f"/compensation/{plan['id']}/action/{action}", {"version": plan["version"]})
        return self.admin.get("/compensation_grant", condition=f"compensation_id = {plan['id']}")["items"][0]["id"]

    def delivered(self):
        hook = self.one("webhook")
        self.admin.post(f"/webhook/{hook}/ping", {})
        return next(d["id"] for d in self.admin.get("/webhook_delivery", limit=50)["items"] if d["webhook_id"] == hook)
