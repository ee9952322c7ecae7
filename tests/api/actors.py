"""Two companies in one server, with people of every kind in both: who may do what is tried with them.

Ours is the demo company, theirs a second one made by command. Each has its founder (an administrator who makes what the tests
look at), an administrator and a customer; ours has one person of every role besides, somebody with every right but a narrow scope,
a token without scopes, and customers' links.
"""
import random
import sqlite3
import subprocess
import time
import uuid
from contextlib import closing, contextmanager
from dataclasses import dataclass

import people
import psycopg
from identity_provider import IdentityProvider
from visitors import Visitor

from client import Client
from server import Server, binary

PASSWORD = "a long enough word"
SYSTEM = 0  # enum actor_kind: what the server does by itself meanwhile is no fault of whoever was refused


@dataclass
class Actor:
    name: str
    client: Client
    kind: str  # staff (a token too), customer, visitor, nobody
    company: str = ""  # ours, theirs
    permissions: frozenset = frozenset()
    again: object = None  # one more sign-in of his, or of his like, for what ends it
    narrow: bool = False  # sees a part of the company's rows only
    record_id: str = ""  # a customer's

    def may(self, permission):
        return permission in self.permissions or ("*" in self.permissions and not permission.startswith("audit."))

    def admitted(self, permission):
        """What the word of a route says of this one: "ok", or the code of the refusal."""
        if permission == "anybody":
            return "ok"
        if permission == "operator" or self.kind != (permission if permission in ("customer", "visitor") else "staff"):
            return "not_signed_in"
        return "ok" if permission in ("customer", "visitor", "staff") or self.may(permission) else "forbidden"


def staff(name, company, client, again=None, narrow=False):
    me = client.get("/session")
    return Actor(name, client, "staff", company, frozenset(me["permissions"]), again, narrow or me["user"]["scope"] != "all")


class Side:
    """One of the two companies: its founder, and how to hire and to be served."""

    def __init__(self, server, name, tenant, account, password):
        self.server, self.name, self.tenant = server, name, tenant
        self.account = {"account": account, "password": password}
        self.founder = self.sign_in("founder", account, password)

    def client(self):
        return Client(self.server.url, address=people.new_address(), tenant=self.tenant)

    def sign_in(self, name, account, password=PASSWORD):
        def again():
            return self.sign_in(name, account, password)
        return staff(f"{self.name} {name}", self.name, self.client().sign_in(account, password), again)

    def hire(self, name, role_id, **place):
        account = f"h{uuid.uuid4().hex[:10]}"
        role = self.founder.client.get(f"/role/{role_id}")
        if any(word.startswith("audit.") for word in role["permissions"]):      # apart from all others: by the command line alone
            command = ["user", *self.server.company.options(), "add", self.tenant, account, name, role["code"]]
            subprocess.run([binary(), *command], input=PASSWORD + "\n", text=True, check=True, stdout=subprocess.DEVNULL)
            return self.sign_in(name, account)
        user = self.founder.client.post("/user", {"account": account, "name": name, "role_id": role_id} | place)
        setter = self.founder.again().client  # passwords are limited by address
        setter.post(f"/user/{user['id']}/password", {"password": PASSWORD})
        return self.sign_in(name, account)

    def role(self, permissions, scope, **more):
        code = f"r{uuid.uuid4().hex[:8]}"
        return self.founder.client.post("/role", {"code": code, "name": code, "permissions": permissions, "scope": scope} | more)["id"]

    def serve(self, name):
        """A new customer, signed in by a code."""
        phone = people.new_phone()
        self.founder.client.post("/customer", {"name": "张小雨", "phone": phone})
        return self.customer(name, people.sign_in(self.server.url, self.founder.client, phone), lambda: self.serve(name))

    def customer(self, name, client, again):
        return Actor(f"{self.name} {name}", client, "customer", self.name, again=again, record_id=client.get("/my/session")["customer"]["id"])

    def visit(self, name):
        """Somebody on its web pages who has written a line."""
        founder = self.founder.client
        if not any(chat["state"] == "on" for chat in founder.get("/web_chat", limit=50)["items"]):
            founder.post("/web_chat", {"title": "在线客服", "state": "on"})
        visitor = Visitor(self.server, self.server.url, self.tenant)
        conversation = visitor.write()["conversation"]["id"]
        customer = founder.get(f"/conversation/{conversation}")["customer_id"]
        return Actor(f"{self.name} {name}", visitor.client, "visitor", self.name, again=lambda: self.visit(name), record_id=customer)

    def follow_link(self, name, ticket_id):
        """Whoever opens the link in the newest message about this ticket."""
        token = self.link_of(ticket_id)

        def again():
            client = self.client()
            client.post("/my/session", {"token": token})
            return self.customer(name, client, again)
        return again()

    def link_of(self, ticket_id):
        return people.link_to(self.founder.client, ticket_id)


def without_scopes(side):
    """A token that was given nothing, so that it is left with what every member of staff may do."""
    made = side.founder.client.post("/api_token", {"name": "empty", "scopes": ["ticket.read"]})
    side.founder.client.patch(f"/api_token/{made['id']}", {"version": 1, "scopes": []})
    client = side.client()
    client.http.headers["Authorization"] = f"Bearer {made['token']}"
    return staff(f"{side.name} token without scopes", side.name, client, lambda: without_scopes(side))


class World:
    def __init__(self, server, connection):
        self.server, self.connection = server, connection
        account, password = server.company.accounts[0]
        self.ours = Side(server, "ours", "demo", account, password)
        self.theirs = Side(server, "theirs", "north", "founder", PASSWORD)
        boss = self.ours.founder.client
        self.near = self.place(boss, "近")
        self.far = self.place(boss, "远")
        at = {"region_id": self.near["region"], "team_id": self.near["team"]}
        roles = [self.ours.hire(role["code"], role["id"], **at) for role in boss.get("/role", limit=200)["items"]]
        self.customer = self.ours.serve("customer")
        self.narrow = self.ours.hire("narrow", self.ours.role(["*"], "own"), **at)
        self.linked = people.report(self.customer.client)["id"]
        stranger = self.ours.serve("other customer by code")
        self.other = self.ours.follow_link("other customer by link", people.report(stranger.client)["id"])
        self.foreign_customer = self.theirs.serve("customer")
        self.ours.guest, self.theirs.guest = self.ours.visit("visitor"), self.theirs.visit("visitor")
        administrator = next(r["id"] for r in self.theirs.founder.client.get("/role")["items"] if r["code"] == "administrator")
        self.actors = [
            *roles, self.narrow, without_scopes(self.ours), self.ours.founder,
            Actor("nobody", self.ours.client(), "nobody"),
            self.customer, self.ours.follow_link("customer by another link", self.linked), stranger, self.other,
            self.theirs.hire("administrator", administrator), self.foreign_customer, self.ours.guest, self.ours.visit("another visitor"), self.theirs.guest,
        ]

    @staticmethod
    def place(boss, name):
        region = boss.post("/region", {"code": f"{name}{random.randrange(10**6)}", "name": name})["id"]
        return {"region": region, "team": boss.post("/team", {"name": f"{name}{random.randrange(10**6)}", "region_id": region})["id"]}

    def side(self, actor):
        return self.theirs if actor.company == "theirs" else self.ours

    def events(self):
        """How far the events of every company are: one number that grows with each."""
        return self.ask("SELECT sum(event_no) FROM tenant_counter")[0][0]

    def happened(self, since):
        """Kinds of events after `since` that somebody caused."""
        n = self.events() - since
        rows = self.ask(f"SELECT kind, actor_kind FROM event ORDER BY at DESC, no DESC LIMIT {n}") if n else []
        return [kind for kind, actor in rows if actor != SYSTEM]

    def ask(self, query):
        return self.connection.execute(query).fetchall()


@contextmanager
def two_companies(company):
    """A server with both, made from a copy of the demo."""
    north = ["add", "north", "北方电器", "--admin", "founder", "--admin-name", "李华"]
    subprocess.run([binary(), "company", *company.options(), *north], input=PASSWORD + "\n", text=True, check=True, stdout=subprocess.DEVNULL)
    company.execute("UPDATE tenant SET demo = 1")  # codes and links are read in the outbox, which only a demo shows
    idp = IdentityProvider(company.folder.parent, lambda: int(time.time()))
    with Server(company, environment={"ANXIN_OUTBOUND_ALLOW": "127.0.0.0/8"}) as server:
        with closing(connect(company)) as connection:
            world = World(server, connection)
            for side in (world.ours, world.theirs):
                side.idp = idp
            yield world
    idp.close()


def connect(company, writes=False):
    if company.database:
        connection = psycopg.connect(company.database.uri, autocommit=True)
        connection.execute("SET search_path TO anxin")
        return connection
    return sqlite3.connect(f"file:{company.folder}/data.db?mode={'rw' if writes else 'ro'}", uri=True, isolation_level=None, timeout=30)


def plan_of(company, sql, off=("seqscan",)):
    """How the database would answer, as it says; on PostgreSQL without these ways of its planner."""
    with closing(connect(company)) as stored:
        if not company.database:
            return "\n".join(row[3] for row in stored.execute("EXPLAIN QUERY PLAN " + sql).fetchall())
        for way in off:
            stored.execute(f"SET enable_{way} = off")
        return "\n".join(row[0] for row in stored.execute("EXPLAIN " + sql).fetchall())
