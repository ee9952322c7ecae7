"""Queues: the order in which open work is done, by itself and by hand, and taking the next of it (docs/adr/0033)."""
import concurrent.futures
import contextlib
import re
import time
import uuid
from pathlib import Path

import pytest
from actors import connect, plan_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from people import new_phone
from test_scope import new_user

RIGHTS = ["ticket.read", "ticket.create", "ticket.work", "ticket.assign", "ticket.change", "customer.read", "user.read"]
FAR = 253402300799999
COLUMNS = "ticket_id, list_id, place, owner_id, team_id, region_id, product_id, due_at"


@pytest.fixture
def team(admin):
    return admin.post("/team", {"name": f"小组 {uuid.uuid4().hex[:6]}"})["id"]


@pytest.fixture(scope="module")
def customer(admin):
    return admin.post("/customer", {"name": "周婷", "phone": new_phone()})["id"]


def agent(server, admin, team, rights=RIGHTS, scope="team"):
    return new_user(server, admin, rights, scope, team_id=team)


def ticket(admin, customer, team=None, owner=None, **more):
    made = admin.post("/ticket", {"scene": "usage", "customer_id": customer, "text": "冰箱怎么调温度"} | more)
    place = {k: v for k, v in (("team_id", team), ("owner_id", owner)) if v}
    return admin.post(f"/ticket/{made['id']}/action/assign", {"version": made["version"]} | place)["id"] if place else made["id"]


def queue(client, **query):
    """All pages of a list."""
    ids, after = [], {}
    while True:
        page = client.get("/queue", limit=7, **query, **after)
        ids += [row["id"] for row in page["items"]]
        assert len(page["items"]) == len(page["places"])
        if not page["next"]:
            assert len(set(ids)) == len(ids) and page["total"] >= len(ids)
            return ids
        after = {"after": page["next"]}


def waiting(client, team, mine):
    return [i for i in queue(client, of="team", team_id=team) if i in mine]


def put(client, row, behind=None, verb="order", status=200, **more):
    return client.post(f"/ticket/{row}/{verb}", ({"behind_id": behind} if behind else {}) | more, status=status)


def places(client, **query):
    page = client.get("/queue", limit=200, **query)
    return {place["id"]: place for place in page["places"]}


def rows(company, columns=COLUMNS):
    with contextlib.closing(connect(company)) as stored:
        return sorted(tuple(row) for row in stored.execute(f"SELECT {columns} FROM queue_entry").fetchall())


# By itself ---------------------------------------------------------------------------------------------------------------

def test_by_itself_danger_comes_first_then_grade_then_what_is_due_next_then_age(admin, customer, team):
    calm = ticket(admin, customer, team)
    older = ticket(admin, customer, team)
    urgent = ticket(admin, customer, team, grade="urgent")
    danger = ticket(admin, customer, team, danger="smoke", scene="repair")
    critical = ticket(admin, customer, team, grade="critical")
    mine = [calm, older, urgent, danger, critical]
    due = {i: admin.get(f"/ticket/{i}")["next_due_at"] or FAR for i in mine}
    assert waiting(admin, team, mine) == [danger, critical, urgent, *sorted((calm, older), key=lambda i: (due[i], int(i)))]


def test_who_waits_for_the_customer_comes_last_and_what_is_solved_is_in_no_list(server, admin, customer, team):
    user = agent(server, admin, team)
    first, second = (ticket(admin, customer, team, user.user["id"], grade=g) for g in ("critical", "normal"))
    assert queue(user) == [first, second]
    for action, more in (("accept", {}), ("wait", {"reason": "等她回电"})):
        admin.post(f"/ticket/{first}/action/{action}", {"version": admin.get(f"/ticket/{first}")["version"]} | more)
    assert queue(user) == [second, first]
    for action, more in (("resume", {}), ("resolve", {"steps": "调了温控", "result": "好了"})):
        admin.post(f"/ticket/{first}/action/{action}", {"version": admin.get(f"/ticket/{first}")["version"]} | more)
    assert queue(user) == [second]
    admin.post(f"/ticket/{second}/archive", {"version": admin.get(f"/ticket/{second}")["version"]})
    assert queue(user) == []
    user.close()


def test_places_of_tickets_that_were_there_before_are_those_of_new_ones(own):
    """The migration says in SQL what the server says in C."""
    by = own.admin.post("/customer", {"name": "周婷", "phone": new_phone()})["id"]
    for more in ({"grade": "urgent"}, {"grade": "critical"}, {"danger": "smoke", "scene": "repair"}, {}):
        ticket(own.admin, by, **more)
    waits = ticket(own.admin, by)
    for action, more in (("accept", {}), ("wait", {"reason": "等她回电"})):
        own.admin.post(f"/ticket/{waits}/action/{action}", {"version": own.admin.get(f"/ticket/{waits}")["version"]} | more)
    written = rows(own.company)
    assert {int(row[2][:2], 16) >> 2 for row in written} == {1, 2, 3, 4, 5}, "of every band"
    text = (Path(__file__).parents[2] / "schema/038_queue.sql").read_text()
    engine = "postgresql" if own.company.database else "sqlite"
    fill = re.search(rf"-- only {engine}\n(INSERT.*?);\n-- end", text, re.S)[1]
    own.company.execute("DELETE FROM queue_entry")
    own.company.execute(fill)
    assert rows(own.company) == written
    with contextlib.closing(connect(own.company)) as stored:
        still = {row[0] for row in stored.execute("SELECT id FROM ticket WHERE state IN ('new', 'accepted', 'working', 'waiting_customer') AND archived_at = 0").fetchall()}
    assert {row[0] for row in written} == still


# By hand -----------------------------------------------------------------------------------------------------------------

@given(moves=st.lists(st.tuples(st.integers(0, 5), st.integers(-1, 5)), min_size=1, max_size=12))
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_tickets_stand_where_they_are_put(server, admin, customer, team, moves):
    """Against a list in Python; a team's tickets and those that wait for all teams are one list."""
    mine = [ticket(admin, customer, team if n % 2 else None) for n in range(6)]
    wanted = waiting(admin, team, mine)
    for one, after in moves:
        row, leader = mine[one], mine[after] if after >= 0 else None
        if row != leader:
            wanted.remove(row)
            wanted.insert(wanted.index(leader) + 1 if leader else 0, row)
        versions = {i: admin.get(f"/ticket/{i}")["version"] for i in mine}
        put(admin, row, leader, team_id=team)
        assert waiting(admin, team, mine) == wanted
        assert {i: admin.get(f"/ticket/{i}")["version"] for i in mine} == versions, "who edits a ticket is not disturbed"
    for i in mine:
        admin.post(f"/ticket/{i}/archive", {"version": admin.get(f"/ticket/{i}")["version"]})


def test_a_move_writes_one_row_and_is_taken_back(admin, customer, team, server):
    mine = [ticket(admin, customer, team) for _ in range(4)]
    before = rows(server.company)
    first = put(admin, mine[3])
    assert (first["was"], first["moved"]) == ("self", 1)
    assert len(set(rows(server.company)) - set(before)) == 1
    assert waiting(admin, team, mine) == [mine[3], *mine[:3]]
    second = put(admin, mine[3], mine[1])
    assert waiting(admin, team, mine) == [mine[0], mine[1], mine[3], mine[2]]
    put(admin, mine[3], was=second["was"])
    assert waiting(admin, team, mine) == [mine[3], *mine[:3]]
    put(admin, mine[3], was=first["was"])
    assert rows(server.company) == before and places(admin, of="team", team_id=team)[mine[3]]["put_by"] is None
    assert put(admin, mine[0])["moved"] in (0, 1)


def test_two_people_moving_at_once_are_both_heard(server, admin, customer, team):
    mine = [ticket(admin, customer, team) for _ in range(8)]
    others = [agent(server, admin, team, [*RIGHTS, "ticket.order"]) for _ in range(2)]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for _ in range(10):
            list(pool.map(lambda job: put(*job), ((others[0], mine[6], mine[0]), (others[1], mine[7], mine[3]))))
            now = waiting(admin, team, mine)
            assert sorted(now) == sorted(mine)
            assert now[now.index(mine[0]) + 1] == mine[6] and now[now.index(mine[3]) + 1] == mine[7]
            list(pool.map(lambda job: put(*job), ((others[0], mine[6], mine[5]), (others[1], mine[7], mine[5]))))
            now = waiting(admin, team, mine)
            assert set(now[now.index(mine[5]) + 1:now.index(mine[5]) + 3]) == {mine[6], mine[7]}, "one behind the other, none lost"
    for user in others:
        user.close()


def test_where_there_is_no_room_those_behind_give_way(server, admin, customer, team):
    """As many moves into one gap as use up its numbers; and tickets that somehow stand at one place part again."""
    mine = [ticket(admin, customer, team) for _ in range(6)]
    for n in range(60):
        put(admin, mine[2 + n % 4], mine[0])
        now = waiting(admin, team, mine)
        assert now[:2] == [mine[0], mine[2 + n % 4]] or now[now.index(mine[0]) + 1] == mine[2 + n % 4]
    server.company.execute(f"UPDATE queue_entry SET place = '{'1' * 32}' WHERE list_id = {team}")
    assert waiting(admin, team, mine) == sorted(mine, key=int)
    put(admin, mine[5], mine[0])
    assert waiting(admin, team, mine) == [mine[0], mine[5], *mine[1:5]]
    mine_places = [row[1] for row in rows(server.company, "list_id, place") if row[0] == int(team)]
    assert len(set(mine_places)) == len(mine_places)


def test_a_place_lasts_until_it_is_worked(server, admin, customer, team):
    user, boss = agent(server, admin, team), agent(server, admin, team, [*RIGHTS, "ticket.order"])
    mine = [ticket(admin, customer, team) for _ in range(3)]
    put(boss, mine[2])
    shown = places(user, of="team")[mine[2]]
    assert shown["put_by"] == boss.user["name"] and shown["put_at"] > 0
    taken = user.post("/queue/take", status=200)
    assert taken["ticket"]["id"] == mine[2]
    assert places(user)[mine[2]]["put_by"] == boss.user["name"], "it goes along to whoever takes it"
    user.post("/ticket/undo", {"run": taken["run"]}, status=200)
    assert waiting(user, team, mine) == [mine[2], *mine[:2]], "and comes back with it"
    admin.post(f"/ticket/{mine[2]}/action/grade", {"version": admin.get(f"/ticket/{mine[2]}")["version"], "grade": "urgent"})
    assert places(user, of="team")[mine[2]]["put_by"] is None, "it became another matter"
    own = ticket(admin, customer, team, user.user["id"])
    later = ticket(admin, customer, team, user.user["id"])
    put(user, later, verb="place")
    assert queue(user) == [later, own]
    admin.post(f"/ticket/{later}/action/assign", {"version": admin.get(f"/ticket/{later}")["version"], "owner_id": boss.user["id"]})
    assert places(boss)[later]["put_by"] is None, "her order is not another's"
    user.close()
    boss.close()


def test_who_may_order_what(server, admin, customer, team):
    user, other, boss = (agent(server, admin, team, rights) for rights in (RIGHTS, RIGHTS, [*RIGHTS, "ticket.order"]))
    hers, waits = ticket(admin, customer, team, user.user["id"]), ticket(admin, customer, team)
    put(user, hers, verb="place")
    put(other, hers, verb="place", status=409)
    put(user, waits, verb="place", status=409)
    put(user, waits, status=403)
    put(boss, waits)
    put(boss, hers)
    for more, field in (({"behind_id": hers}, "behind_id"), ({"was": "zz"}, "was"), ({"behind_id": "999999999999"}, "behind_id")):
        assert put(boss, waits, status=422, **more)["error"]["fields"][0]["field"] == field
    user.get("/queue", after="x", status=422)
    admin.post(f"/ticket/{waits}/archive", {"version": admin.get(f"/ticket/{waits}")["version"]})
    put(boss, waits, status=409)
    for client in (user, other, boss):
        client.close()


# Taking ------------------------------------------------------------------------------------------------------------------

def test_twenty_who_press_at_once_get_twenty_tickets(server, admin, customer, team):
    users = [agent(server, admin, team) for _ in range(20)]
    mine = [ticket(admin, customer, team) for _ in range(22)]
    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        taken = list(pool.map(lambda user: user.post("/queue/take", status=200)["ticket"], users))
    assert len({t["id"] for t in taken}) == 20
    assert {t["id"] for t in taken if t["team_id"] == team} >= {t["id"] for t in taken} & set(mine)
    assert [t["owner_id"] for t in taken] == [user.user["id"] for user in users]
    assert all(t["state"] == "accepted" for t in taken)
    for user in users:
        user.close()


def test_nobody_takes_what_she_may_not_have(server, admin, customer, team):
    reader = agent(server, admin, team, ["ticket.read"])
    reader.post("/queue/take", status=403)
    alone = agent(server, admin, team, RIGHTS, "own")
    hidden = admin.post("/role", {"code": f"q{uuid.uuid4().hex[:6]}", "name": "不看投诉", "permissions": RIGHTS, "scope": "team",
                                  "conditions": [{"record": "ticket", "where": "scene != usage"}]})
    admin.patch(f"/user/{alone.user['id']}", {"version": admin.get(f"/user/{alone.user['id']}")["version"], "role_id": hidden["id"]})
    ticket(admin, customer, team)
    seen = ticket(admin, customer, team, scene="repair", text="冰箱不制冷")
    taken = []
    while (got := alone.post("/queue/take", status=200)["ticket"]):
        taken.append(got)
    assert seen in {t["id"] for t in taken} and not [t for t in taken if t["scene"] == "usage"]
    reader.close()
    alone.close()


def test_an_empty_list_says_so(server, admin, customer, team):
    user = agent(server, admin, team, RIGHTS, "own")
    ticket(admin, customer, team)
    assert user.post("/queue/take", status=200) == {"ticket": None, "outcome": "none", "run": "0", "ahead": 0}
    user.close()


def test_who_is_on_leave_or_on_a_break_is_given_nothing(server, admin, customer, team):
    user = agent(server, admin, team)
    mine = ticket(admin, customer, team, danger="smoke", scene="repair")
    put(admin, mine)
    now = int(time.time() * 1000)
    leave = admin.post("/absence", {"user_id": user.user["id"], "reason": "annual", "from_at": now - 60_000, "to_at": now + 3_600_000})
    assert user.post("/queue/take", status=200) == {"ticket": None, "outcome": "away", "run": "0", "ahead": 0}
    admin.post(f"/absence/{leave['id']}/archive", {"version": leave["version"]})
    got = user.post("/queue/take", status=200)
    assert (got["ticket"]["id"], got["outcome"]) == (mine, "taken")
    user.close()


def test_a_taken_ticket_is_given_back(server, admin, customer, team):
    user = agent(server, admin, team)
    mine = ticket(admin, customer, team, danger="smoke", scene="repair")
    put(admin, mine)
    taken = user.post("/queue/take", status=200)
    assert taken["ticket"]["id"] == mine and queue(user) == [mine]
    user.post("/ticket/undo", {"run": taken["run"]}, status=200)
    back = admin.get(f"/ticket/{mine}")
    assert (back["state"], back["owner_id"], back["team_id"]) == ("new", None, team)
    assert queue(user) == [] and waiting(user, team, [mine]) == [mine]
    user.close()


def test_one_that_was_accepted_and_left_is_taken_without_beginning_anew(server, admin, customer, team):
    user, other = agent(server, admin, team), agent(server, admin, team)
    mine = ticket(admin, customer, team, other.user["id"], danger="smoke", scene="repair")
    for action, more in (("accept", {}), ("start", {}), ("assign", {"owner_id": "0"})):
        admin.post(f"/ticket/{mine}/action/{action}", {"version": admin.get(f"/ticket/{mine}")["version"]} | more)
    put(admin, mine)
    got = user.post("/queue/take", status=200)["ticket"]
    assert (got["id"], got["state"], got["owner_id"]) == (mine, "working", user.user["id"])
    user.close()
    other.close()


# By skill ----------------------------------------------------------------------------------------------------------------

@pytest.fixture
def products(admin):
    return [admin.post("/product", {"code": f"q{uuid.uuid4().hex[:8]}", "name": f"产品 {n}"})["id"] for n in range(3)]


def knowing(server, admin, team, *products):
    user = agent(server, admin, team)
    for product in products:
        admin.post("/user_skill", {"user_id": user.user["id"], "product_id": product})
    return user


def next_of(user, team):
    """What the page says comes next, and what pressing then gives."""
    shown = user.get("/queue", of="team", team_id=team)["next_for_me"]
    taken = user.post("/queue/take", status=200)
    assert (taken["ticket"] or {}).get("id") == shown
    return taken["ticket"]["id"], taken["ahead"]


@pytest.fixture
def front(admin, customer, team):
    """Tickets of a team before all that wait for every team, in the given order."""
    def make(*rows, **more):
        made = [ticket(admin, customer, team, **({"product_id": product} if product else {}), **({"grade": "critical"} | more)) for product in rows]
        return made
    return make


def test_who_has_skills_gets_the_next_that_they_fit_and_without_one_the_first(server, admin, team, products, front):
    washer, dryer, _ = products
    user, plain = knowing(server, admin, team, dryer), agent(server, admin, team)
    first, second, fits, later = front(washer, washer, dryer, dryer)
    assert waiting(user, team, [first, second, fits, later]) == [first, second, fits, later]
    assert next_of(user, team) == (fits, 2)
    assert next_of(plain, team) == (first, 0), "without skills the order alone counts"
    assert next_of(user, team) == (later, 1)
    assert next_of(user, team) == (second, 0), "nothing that she knows: the first"
    user.close()
    plain.close()


def test_a_ticket_of_no_product_fits_everybody_and_a_put_away_skill_counts_no_more(server, admin, team, products, front):
    user = knowing(server, admin, team, products[1])
    foreign, none, known = front(products[0], None, products[1])
    assert next_of(user, team) == (none, 1)
    skill = admin.get("/user_skill", condition=f"user_id = {user.user['id']}")["items"][0]
    admin.post(f"/user_skill/{skill['id']}/archive", {"version": skill["version"]})
    assert next_of(user, team) == (foreign, 0) and next_of(user, team) == (known, 0)
    user.close()


def test_skill_chooses_only_among_what_is_as_urgent(server, admin, team, products, front):
    user = knowing(server, admin, team, products[1])
    (fits,) = front(products[1], grade="urgent")
    (critical,) = front(products[0])
    (danger,) = front(products[0], danger="smoke", scene="repair")
    (known,) = front(products[1], danger="smoke", scene="repair")
    assert [next_of(user, team) for _ in range(4)] == [(danger, 0), (known, 0), (critical, 0), (fits, 0)]
    user.close()


def test_what_was_put_to_the_front_by_hand_is_taken_first(server, admin, team, products, front):
    user = knowing(server, admin, team, products[1])
    fits, put_there = front(products[1], products[0])
    put(admin, put_there, team_id=team)
    assert next_of(user, team) == (put_there, 0) and next_of(user, team) == (fits, 0)
    user.close()


def test_what_is_late_waits_only_for_a_colleague_who_knows_it(server, admin, team, products, front):
    user, expert = knowing(server, admin, team, products[1]), knowing(server, admin, team, products[0])
    late, fits, other = front(products[0], products[1], products[1])
    server.company.execute(f"UPDATE queue_entry SET due_at = 1 WHERE ticket_id = {late}")
    assert next_of(user, team) == (fits, 1), "somebody who is there knows it"
    now = int(time.time() * 1000)
    admin.post("/absence", {"user_id": expert.user["id"], "reason": "annual", "from_at": now - 60_000, "to_at": now + 3_600_000})
    assert next_of(user, team) == (late, 0), "nobody else does"
    assert next_of(user, team) == (other, 0)
    user.close()
    expert.close()


def test_a_team_may_take_strictly_in_order(server, admin, team, products, front):
    row = admin.get(f"/team/{team}")
    assert row["take_by"] == "skill"
    admin.patch(f"/team/{team}", {"version": row["version"], "take_by": "order"})
    user = knowing(server, admin, team, products[1])
    first, fits = front(products[0], products[1])
    assert user.get("/queue", of="team", team_id=team)["take_by"] == "order"
    assert next_of(user, team) == (first, 0) and next_of(user, team) == (fits, 0)
    user.close()


# In a long list ----------------------------------------------------------------------------------------------------------

LOOK = "SELECT e.ticket_id, e.place FROM queue_entry e WHERE e.tenant = 1 AND e.list_id = 7 AND (e.place, e.ticket_id) > ('2', 9) ORDER BY e.place, e.ticket_id LIMIT 64"


def test_the_next_of_a_list_are_found_by_an_index_and_come_sorted(company):
    plan = plan_of(company, LOOK, off=("seqscan", "sort"))
    if company.database:
        assert "queue_entry_by_place" in plan and "Sort" not in plan
    else:
        assert "USING INDEX queue_entry_by_place" in plan.replace("COVERING ", "") and "TEMP B-TREE" not in plan
