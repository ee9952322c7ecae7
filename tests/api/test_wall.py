"""The wall: figures of this hour, sums over open work by person, team and product, and the day by the hour; equal to what the lists say, and
made once for all who may see as much (docs/adr/0033)."""
import concurrent.futures
import contextlib
import re
import time
import uuid
from pathlib import Path

import pytest
from actors import connect, plan_of
from people import new_phone
from test_metrics import read
from test_scope import new_user

from client import Client
from patience import wait_for
from server import OPERATOR, Server

OPEN = "state in (new, accepted, working, waiting_customer)"
RIGHTS = ["wall.read", "ticket.read", "user.read", "team.read", "product.read"]


@pytest.fixture(scope="module")
def world(server, admin):
    """Thirty teams with tickets; two people in the first, one with much to do and one with nothing."""
    teams = [admin.post("/team", {"name": f"小组 {uuid.uuid4().hex[:6]}"})["id"] for _ in range(30)]
    busy, idle = (new_user(server, admin, ["ticket.read", "ticket.work"], "team", team_id=teams[0]) for _ in range(2))
    customer = admin.post("/customer", {"name": "周婷", "phone": new_phone()})["id"]
    for n, team in enumerate(teams * 2):
        made = admin.post("/ticket", {"scene": "usage", "customer_id": customer, "text": "冰箱怎么调温度"})
        to = {"team_id": team} | ({"owner_id": busy.user["id"]} if n == 30 else {})
        admin.post(f"/ticket/{made['id']}/action/assign", {"version": made["version"]} | to)
    yield {"teams": teams, "busy": busy.user["id"], "idle": idle.user["id"]}
    busy.close()
    idle.close()


def fresh(client):
    """Not one of a moment ago."""
    since = time.time() * 1000
    return wait_for(lambda: (wall := client.get("/wall"))["now"] >= since and wall)


def count(client, condition):
    return client.get("/ticket/count", condition=condition)["total"]


def test_sums_are_those_of_the_lists(admin, world):
    wall = fresh(admin)
    by_team = {t["team"]: t for t in wall["teams"]}
    assert len(set(world["teams"]) & set(by_team)) == 30 and not wall["teams_more"]
    for team in (world["teams"][0], world["teams"][17]):
        assert by_team[team]["open"] == count(admin, f"team_id = {team} and {OPEN}")
        assert by_team[team]["late"] == count(admin, f"team_id = {team} and {OPEN} and next_due_at < now")
        waiting = admin.get("/ticket", condition=f"team_id = {team} and {OPEN} and owner_id is none", sort="created_at")["items"]
        assert (by_team[team]["waiting"], by_team[team]["since"]) == (len(waiting), waiting[0]["created_at"])
    assert sum(t["open"] for t in wall["teams"]) == count(admin, OPEN)
    assert sum(s["waiting"] for s in wall["skills"]) == count(admin, f"{OPEN} and owner_id is none")


def test_people_are_listed_with_what_they_have_to_do_and_those_with_nothing(admin, world):
    people = {p["user"]: p for p in fresh(admin)["people"]}
    assert (people[world["busy"]]["open"], people[world["idle"]]["open"]) == (1, 0)
    assert people[world["busy"]]["team"] == world["teams"][0] and people[world["busy"]]["user_name"] and people[world["busy"]]["team_name"]
    for user, person in people.items():
        assert person["open"] == count(admin, f"owner_id = {user} and {OPEN}")
        assert person["late"] == count(admin, f"owner_id = {user} and {OPEN} and next_due_at < now")
        assert person["soon"] <= person["open"] - person["late"]


FIGURES = {
    "waiting": "first_response_at is none and state in (new, accepted, working)",
    "breached": f"{OPEN} and next_due_at < now",
    "critical": f"{OPEN} and grade = critical",
    "soon": f"{OPEN} and next_due_at >= now and next_due_at < now + 60min",
    "unowned": f"{OPEN} and owner_id is none",
}


def test_the_figures_of_this_hour_are_those_of_the_lists_behind_them(server, admin, world):
    customer = admin.post("/customer", {"name": "周婷", "phone": new_phone()})["id"]
    made = [admin.post("/ticket", {"scene": "usage", "customer_id": customer, "text": "冰箱怎么调温度", "grade": grade}) for grade in ("critical", "critical", "urgent", "normal")]
    for ticket, actions in ((made[0], [("accept", {}), ("wait", {"reason": "等她回电"})]), (made[2], [("accept", {}), ("resolve", {"steps": "调了", "result": "好了"})])):
        for action, more in actions:
            admin.post(f"/ticket/{ticket['id']}/action/{action}", {"version": admin.get(f"/ticket/{ticket['id']}")["version"]} | more)
    admin.post(f"/ticket/{made[3]['id']}/action/grade", {"version": admin.get(f"/ticket/{made[3]['id']}")["version"], "grade": "critical"})
    admin.post(f"/ticket/{made[3]['id']}/comment", {"text": "您好，马上处理", "visibility": "public"}, status=(200, 201))
    lead = new_user(server, admin, RIGHTS, "team", team_id=world["teams"][0])
    for client in (admin, lead):
        wall = fresh(client)
        assert wall["figures"] == {name: count(client, condition) for name, condition in FIGURES.items()}
        longest = client.get("/ticket", condition=FIGURES["waiting"], sort="created_at", limit=1)["items"][0]
        assert wall["longest"]["since"] == longest["created_at"]
        worst = client.get("/ticket", condition=FIGURES["breached"], sort="next_due_at", limit=20)["items"]
        assert [t["next_due_at"] for t in wall["worst"]] == [t["next_due_at"] for t in worst]
        soon = client.get("/ticket", condition=FIGURES["soon"], sort="next_due_at", limit=200)["items"]
        assert soon and len(wall["minutes"]) == 60 and sum(wall["minutes"]) == len(soon)
        assert all(wall["minutes"][(t["next_due_at"] - wall["now"]) // 60000] for t in soon if t["next_due_at"] >= wall["now"])
    assert fresh(admin)["figures"]["critical"] >= 3
    lead.close()


def test_what_stood_there_before_is_summed_alike(own):
    """The migration says in SQL what the server says in C."""
    customer = own.admin.post("/customer", {"name": "周婷", "phone": new_phone()})["id"]
    own.admin.post("/ticket", {"scene": "usage", "customer_id": customer, "text": "冰箱怎么调温度", "grade": "critical"})
    waits = own.admin.post("/ticket", {"scene": "usage", "customer_id": customer, "text": "冰箱怎么调温度"})["id"]
    for action, more in (("accept", {}), ("wait", {"reason": "等她回电"})):
        own.admin.post(f"/ticket/{waits}/action/{action}", {"version": own.admin.get(f"/ticket/{waits}")["version"]} | more)

    def sums():
        with contextlib.closing(connect(own.company)) as stored:
            return sorted(tuple(row) for row in stored.execute("SELECT ticket_id, critical, waits_since FROM queue_entry").fetchall())
    written = sums()
    assert {row[1] for row in written} == {0, 1} and {bool(row[2]) for row in written} == {False, True}
    own.company.execute("UPDATE queue_entry SET critical = 0, waits_since = 0")
    text = next((Path(__file__).parents[2] / "schema").glob("*_queue_sums.sql")).read_text()
    for fill in re.findall(r"^UPDATE queue_entry.*?;", text, re.S | re.M):
        own.company.execute(fill)
    assert sums() == written


def test_the_day_is_counted_by_the_hour(admin):
    before = fresh(admin)["hours"]
    assert sum(h[0] for h in before) == count(admin, "created_at in today")
    customer = admin.post("/customer", {"name": "周婷", "phone": new_phone()})["id"]
    made = admin.post("/ticket", {"scene": "usage", "customer_id": customer, "text": "冰箱怎么调温度"})
    for action, more in (("accept", {}), ("resolve", {"steps": "调了温控", "result": "好了"})):
        admin.post(f"/ticket/{made['id']}/action/{action}", {"version": admin.get(f"/ticket/{made['id']}")["version"]} | more)
    after = fresh(admin)["hours"]
    assert [sum(h[i] for h in after) - sum(h[i] for h in before) for i in (0, 1)] == [1, 1]


def test_whoever_sees_a_part_is_told_the_sums_of_that_part(server, admin, world):
    team = world["teams"][0]
    lead = new_user(server, admin, RIGHTS, "team", team_id=team)
    wall = fresh(lead)
    assert {t["team"] for t in wall["teams"]} - {"0"} == {team}
    assert {world["busy"], world["idle"]} <= {p["user"] for p in wall["people"]}
    assert sum(t["open"] for t in wall["teams"]) == count(lead, OPEN)
    lead.close()


def test_who_may_not_see_each_ticket_is_told_no_sum(server, admin):
    new_user(server, admin, RIGHTS[1:]).get("/wall", status=403)
    alone = new_user(server, admin, RIGHTS, "own")
    assert alone.get("/wall")["sums"] is False and "people" not in alone.get("/wall")
    narrow = admin.post("/role", {"code": f"w{uuid.uuid4().hex[:6]}", "name": "不看投诉", "permissions": RIGHTS, "scope": "all", "conditions": [{"record": "ticket", "where": "scene != complaint"}]})
    admin.patch(f"/user/{alone.user['id']}", {"version": admin.get(f"/user/{alone.user['id']}")["version"], "role_id": narrow["id"]})
    assert alone.get("/wall")["sums"] is False and "figures" not in alone.get("/wall")
    alone.close()


# However many look at it ---------------------------------------------------------------------------------------------------

@pytest.fixture
def quiet(company):
    """A server whose wall holds for a minute, and what it asked of its database."""
    with Server(company, options=("--set", "work.share=60000")) as running:
        running.admin = Client(running.url).sign_in(*company.accounts[0])
        running.operator = Client(running.url).bearing(OPERATOR)
        yield running
        running.admin.close()
        running.operator.close()


def asked(server):
    samples = read(server.operator)
    return [samples[name] for name in ("anxin_read_statements_total", 'anxin_shared_answers_total{how="made"}', 'anxin_shared_answers_total{how="given"}')]


def test_ten_walls_cost_about_as_much_as_one(quiet):
    walls = [new_user(quiet, quiet.admin, RIGHTS, "all") for _ in range(11)]
    role = quiet.admin.get(f"/user/{walls[0].user['id']}")["role_id"]
    for wall in walls[1:]:
        quiet.admin.patch(f"/user/{wall.user['id']}", {"version": quiet.admin.get(f"/user/{wall.user['id']}")["version"], "role_id": role})
    for wall in walls:
        wall.get("/session")
    start = asked(quiet)
    first = walls[0].get("/wall")
    one = [b - a for a, b in zip(start, asked(quiet), strict=True)]
    assert one[1:] == [1, 0] and one[0] >= 8
    start = asked(quiet)
    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda wall: wall.get("/wall"), walls[1:]))
    ten = [b - a for a, b in zip(start, asked(quiet), strict=True)]
    assert ten[1:] == [0, 10] and answers == [first] * 10
    assert ten[0] <= one[0] + 20, "what each asks is who she is"
    for wall in walls:
        wall.close()


def test_those_who_ask_at_once_wait_for_the_one_who_makes_it(quiet):
    walls = [Client(quiet.url).sign_in(*quiet.company.accounts[0]) for _ in range(10)]
    before = asked(quiet)
    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda wall: wall.get("/wall"), walls))
    assert [b - a for a, b in zip(before, asked(quiet), strict=True)][1:] == [1, 9]
    assert answers == [answers[0]] * 10
    for wall in walls:
        wall.close()


def test_nobody_is_told_what_another_may_see(quiet):
    team = quiet.admin.post("/team", {"name": "夜班"})["id"]
    customer = quiet.admin.post("/customer", {"name": "周婷", "phone": new_phone()})["id"]
    quiet.admin.post("/ticket", {"scene": "usage", "customer_id": customer, "text": "冰箱怎么调温度"})
    everything = quiet.admin.get("/wall")
    lead = new_user(quiet, quiet.admin, RIGHTS, "team", team_id=team)
    nameless = new_user(quiet, quiet.admin, ["wall.read"], "all")
    blind = new_user(quiet, quiet.admin, RIGHTS, "own")
    assert sum(t["open"] for t in lead.get("/wall")["teams"]) == count(lead, OPEN) < sum(t["open"] for t in everything["teams"])
    assert everything["people"] and all(p["user_name"] for p in everything["people"])
    assert nameless.get("/wall")["people"] and not any(p["user_name"] for p in nameless.get("/wall")["people"]) and nameless.get("/wall")["worst"] == []
    assert blind.get("/wall")["sums"] is False
    assert quiet.admin.get("/wall") == everything
    for client in (lead, nameless, blind):
        client.close()


# In a long list ----------------------------------------------------------------------------------------------------------

def statements():
    """What the server asks, with numbers for its parameters."""
    text = (Path(__file__).parents[2] / "src/domain/ticket/wall.sql").read_text()
    for name, sql in re.findall(r"^-- name: (wall_\w+) .*?\n(.*?);$", text, re.S | re.M):
        if "FROM queue_entry" in sql:
            yield name, re.sub(r"\$\w+", "1", re.sub(r"(AS \w+):\w+", r"\1", sql))


def test_no_sum_reads_a_ticket_or_an_entry_itself(company):
    found = dict(statements())
    assert set(found) == {"wall_open", "wall_longest", "wall_worst", "wall_minutes", "wall_skills"}
    for name, sql in found.items():
        plan = plan_of(company, sql, off=("seqscan", "bitmapscan", "indexscan"))     # which leaves those that read an index alone
        by_index = "Index Only Scan using queue_entry_sums" if company.database else "USING COVERING INDEX queue_entry_sums (tenant=?"
        assert by_index in plan, (name, plan)
        if name == "wall_open":
            assert "TEMP B-TREE" not in plan and "Sort" not in plan, plan
