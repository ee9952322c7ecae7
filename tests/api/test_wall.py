"""The wall: sums over open work by person, team and product, and the day by the hour; equal to what the lists say (docs/adr/0033)."""
import uuid

import pytest
from people import new_phone
from test_scope import new_user

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


def count(client, condition):
    return client.get("/ticket/count", condition=condition)["total"]


def test_sums_are_those_of_the_lists(admin, world):
    wall = admin.get("/wall")
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
    people = {p["user"]: p for p in admin.get("/wall")["people"]}
    assert (people[world["busy"]]["open"], people[world["idle"]]["open"]) == (1, 0)
    assert people[world["busy"]]["team"] == world["teams"][0] and people[world["busy"]]["user_name"] and people[world["busy"]]["team_name"]
    for user, person in people.items():
        assert person["open"] == count(admin, f"owner_id = {user} and {OPEN}")
        assert person["late"] == count(admin, f"owner_id = {user} and {OPEN} and next_due_at < now")
        assert person["soon"] <= person["open"] - person["late"]


def test_the_day_is_counted_by_the_hour(admin):
    before = admin.get("/wall")["hours"]
    assert sum(h[0] for h in before) == count(admin, "created_at in today")
    customer = admin.post("/customer", {"name": "周婷", "phone": new_phone()})["id"]
    made = admin.post("/ticket", {"scene": "usage", "customer_id": customer, "text": "冰箱怎么调温度"})
    for action, more in (("accept", {}), ("resolve", {"steps": "调了温控", "result": "好了"})):
        admin.post(f"/ticket/{made['id']}/action/{action}", {"version": admin.get(f"/ticket/{made['id']}")["version"]} | more)
    after = admin.get("/wall")["hours"]
    assert [sum(h[i] for h in after) - sum(h[i] for h in before) for i in (0, 1)] == [1, 1]


def test_whoever_sees_a_part_is_told_the_sums_of_that_part(server, admin, world):
    team = world["teams"][0]
    lead = new_user(server, admin, RIGHTS, "team", team_id=team)
    wall = lead.get("/wall")
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
    assert alone.get("/wall")["sums"] is False
    alone.close()
