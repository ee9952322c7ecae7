"""Who gets what waits: equals in turn, and whoever becomes free what nobody could take."""
import uuid

import people
import pytest
from desk import HOUR, STEPS, desk  # noqa: F401 (desk is a fixture)
from test_rules import rule
from test_scope import new_user

from patience import wait_for

RIGHTS = ["ticket.read", "ticket.work", "ticket.assign", "ticket.create", "customer.read"]


@pytest.fixture
def team(desk):
    return desk.admin.post("/team", {"name": f"组 {uuid.uuid4().hex[:6]}"})["id"]


@pytest.fixture
def agents(desk, team):
    made = [new_user(desk.server, desk.admin, RIGHTS, "team", team_id=team) for _ in range(3)]
    yield made
    for agent in made:
        agent.close()


def filed(desk, text):
    customer = desk.admin.post("/customer", {"name": "周婷", "phone": people.new_phone()})["id"]
    return desk.ticket(text, customer_id=customer)


def test_equals_take_turns_though_each_ticket_is_done_before_the_next(desk, team, agents):
    """Nobody has anything to do when the next one comes, so what is open says nothing of whose turn it is."""
    mark = uuid.uuid4().hex[:8]
    rule(desk.admin, condition=f'title contains "{mark}"', actions=[{"do": "assign", "by": "load", "team_id": team}])
    owners = []
    for n in range(9):
        desk.clock.move(60)
        ticket = filed(desk, f"{mark} 第 {n} 件，有异响")
        owners.append(wait_for(lambda ticket=ticket: desk.admin.get(f"/ticket/{ticket}")["owner_id"]))
        desk.act(ticket, "accept")
        desk.act(ticket, "resolve", **STEPS)
        desk.act(ticket, "close", reason="客户确认")
    assert set(owners) == {agent.user["id"] for agent in agents}
    assert owners == owners[:3] * 3, "one after the other, round and round"


def test_what_waited_reaches_whoever_becomes_free(desk, team, agents):
    """All are away: what comes stays with the team, in order, and is the next for her who is back first; what is handed out by a rule
    after that goes to her as well."""
    admin, (back, *others) = desk.admin, agents
    mark = uuid.uuid4().hex[:8]
    rule(admin, condition=f'title contains "{mark}"', actions=[{"do": "assign", "by": "load", "team_id": team}])
    now, leave = desk.clock.ms, {}
    for agent in agents:
        until = HOUR if agent is back else 9 * HOUR
        leave[agent.user["id"]] = admin.post("/absence", {"user_id": agent.user["id"], "reason": "annual", "from_at": now - 60_000, "to_at": now + until})
    waits = [filed(desk, f"{mark} 等着 {n}，有异响") for n in range(2)]
    for ticket in waits:
        wait_for(lambda ticket=ticket: admin.get(f"/ticket/{ticket}")["team_id"] == team)
        assert admin.get(f"/ticket/{ticket}")["owner_id"] is None
    assert back.post("/queue/take", status=200)["outcome"] == "away"
    desk.clock.move(3700)
    shown = back.get("/queue", of="team", team_id=team)
    assert [row["id"] for row in shown["items"]] == waits and shown["next_for_me"] == waits[0]
    assert [back.post("/queue/take", status=200)["ticket"]["id"] for _ in waits] == waits
    assert others[0].post("/queue/take", status=200)["outcome"] == "away"
    later = filed(desk, f"{mark} 又来一件，有异响")
    assert wait_for(lambda: admin.get(f"/ticket/{later}")["owner_id"]) == back.user["id"]
