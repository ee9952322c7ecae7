"""A company's server in whose time a test moves about, with its administrator: what tests of promises, calls and shifts begin with."""
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone

import pytest
from patience import wait_for
from test_audit import rows

from client import Client
from server import Clock, Server

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
CHINA = timezone(timedelta(hours=8))
STEPS = {"steps": "换了门封条", "result": "已更换，不再漏水"}


def at(day, clock_time):
    return int(datetime.fromisoformat(f"{day}T{clock_time}").replace(tzinfo=CHINA).timestamp() * 1000)


MONDAY = at("2027-03-01", "10:00")


def comes_to_rest(company, clock):
    """Nothing is under way or due, and every follower has seen every event."""
    lags = "SELECT f.lane FROM follower_cursor f JOIN lane l ON l.lane = f.lane WHERE f.pos < l.pos"
    due = f"SELECT kind, state, last_error FROM job WHERE state = 'running' OR state <> 'dead' AND run_at <= {clock.ms}"
    wait_for(lambda: not rows(company, lags) and not rows(company, due), seconds=60, why=lambda: rows(company, due))


class Desk:
    """A server whose time the test moves, and its administrator."""

    def __init__(self, company, clock, options=()):
        self.company, self.clock = company, clock
        self.server = Server(company, clock=clock, options=options).start()
        self.admin = None
        self.sign_in()
        idle = self.admin.get("/setting/sign_in.idle")      # time jumps by hours, and nobody is away
        self.admin.patch("/setting/sign_in.idle", {"version": idle["version"], "value": 1440})
        self.customer_id = self.admin.get("/customer", limit=1)["items"][0]["id"]

    def restart(self, kill=False):
        self.server.kill() if kill else self.server.stop()
        self.server.start()
        self.sign_in()

    def sign_in(self):
        if self.admin:
            self.admin.close()
        self.admin = Client(self.server.url).sign_in(*self.company.accounts[0])

    def ticket(self, text="冰箱有异响，请来看看", **more):
        return self.admin.post("/ticket", {"scene": "repair", "customer_id": self.customer_id, "text": text, "grade": "normal"} | more)["id"]

    def act(self, ticket, action, **fields):
        version = self.admin.get(f"/ticket/{ticket}")["version"]
        return self.admin.post(f"/ticket/{ticket}/action/{action}", {"version": version, **fields})

    def clocks(self, ticket):
        return {(c["measure"], c["round"]): c for c in self.admin.get("/clock", object="ticket", object_id=ticket)["items"]}

    def solution(self, ticket):
        return self.clocks(ticket)["solution", 1]

    def told(self, ticket, measure="solution"):
        items = self.admin.get(f"/ticket/{ticket}/timeline", kind="change")["items"]
        return [(i["kind"].removeprefix("ticket.clock_"), i["data"]["percent"]) for i in reversed(items)
                if i["kind"].startswith("ticket.clock_") and i["data"]["measure"] == measure]

    def why(self, ticket, measure="solution"):
        return self.admin.get(f"/clock/{self.clocks(ticket)[measure, 1]['id']}/why")


@contextmanager
def opened(company, folder, when=MONDAY, options=()):
    clock = Clock(folder / "clock")
    clock.set(when)
    desk = Desk(company, clock, options)
    yield desk
    desk.admin.close()
    desk.server.stop()


@pytest.fixture
def desk(company, tmp_path):
    with opened(company, tmp_path) as one:
        yield one
