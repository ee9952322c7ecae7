"""Two nodes on one PostgreSQL: what a clock or a rule does happens once, whichever of them does it and whichever is killed meanwhile."""
import contextlib
import json
import uuid
from collections import Counter

import pytest
from actors import connect
from desk import at
from test_rules import rule, runs, ticket

from client import Client
from patience import wait_for
from server import Clock, Server

TICKETS = 40


@pytest.fixture(scope="module")
def engine():
    return "postgresql"


@pytest.fixture
def nodes(company, tmp_path):
    clock = Clock(tmp_path / "clock")
    clock.set(at("2027-03-01", "10:00"))        # a Monday
    both = [Server(company, clock=clock) for _ in range(2)]
    both[1].log = company.folder.with_suffix(".second.log")
    for node in both:
        node.start()
    yield both, clock
    for node in both:
        node.stop()


def sign_in(node):
    return Client(node.url).sign_in(*node.company.accounts[0])


def told(company):
    """(ticket, measure, percent) of every step that a clock ever told, as often as it is stored."""
    with contextlib.closing(connect(company)) as stored:
        rows = stored.execute("SELECT object_id, kind, data FROM event WHERE kind LIKE 'ticket.clock_%'").fetchall()
    events = [(str(id), json.loads(data) if isinstance(data, str) else data) for id, kind, data in rows]
    return Counter((id, data["measure"], data["percent"]) for id, data in events if "percent" in data)


def test_rules_of_two_nodes_fire_once(company, nodes):
    (first, second), _ = nodes
    here, there = sign_in(first), sign_in(second)
    mark = uuid.uuid4().hex[:8]
    row = rule(here, condition=f'title contains "{mark}"', actions=[{"do": "move", "action": "contact"}])
    filed = [ticket((here, there)[n % 2], f"{mark} 有异响 {n}") for n in range(TICKETS)]
    first.kill()                # in the middle of it, most likely; the other goes on
    filed += [ticket(there, f"{mark} 有异响 {n}") for n in range(TICKETS, TICKETS + 10)]
    first.start()
    fired = lambda: [r for page in (there.get("/rule_run", filter=json.dumps([["rule_id", "=", row["id"]]]), limit=200),) for r in page["items"]]  # noqa: E731
    wait_for(lambda: len(fired()) >= len(filed))
    last = rule(there, condition='title contains "zuihou"')
    ticket(there, "zuihou 有异响，请来看看")
    wait_for(lambda: runs(there, last))
    assert Counter(r["object_id"] for r in fired()) == Counter(filed)
    with contextlib.closing(connect(company)) as stored:
        moved = stored.execute("SELECT object_id FROM event WHERE kind = 'ticket.contact'").fetchall()
    assert {id: n for id, n in Counter(str(id) for id, in moved).items() if id in filed} == dict.fromkeys(filed, 1)
    here.close(), there.close()


@pytest.mark.parametrize("killed", [0, 1])
def test_clocks_of_two_nodes_are_told_once(company, nodes, killed):
    both, clock = nodes
    clients = [sign_in(node) for node in both]
    filed = [ticket(clients[n % 2], f"有异响，请来看看 {n}", grade="normal") for n in range(TICKETS)]
    wanted = {(id, "solution", percent): 1 for id in filed for percent in (75, 100)}
    ours = lambda: {step: n for step, n in told(company).items() if step[0] in filed and step[1] == "solution"}  # noqa: E731
    clock.move(4 * 3600 + 1)
    both[killed].kill()
    wait_for(lambda: len(ours()) >= len(wanted))
    both[killed].start()
    clock.move(2 * 3600)        # both look at them again: half as much again has passed
    wait_for(lambda: len(ours()) >= len(wanted) + TICKETS)
    assert ours() == wanted | {(id, "solution", 150): 1 for id in filed}
    for client in clients:
        client.close()
