"""What hangs on a ticket follows it into another and comes back: who watches, what is planned and given, the conversations that it was made of."""
import random
import uuid
from contextlib import closing

import pytest
from actors import connect
from merge_parts import answer, end, mates, new_phone  # noqa: F401
from test_compensation import BOSS, act, grants, plan
from test_conversation import write
from test_rules import off, rule
from test_scope import new_user
from test_telling import told

from patience import wait_for


@pytest.fixture
def pair(admin, customer):
    """The ticket that stays, and the one that goes into it."""
    return [admin.post("/ticket", {"scene": "usage", "customer_id": customer.id, "text": "怎么调温度"}) for _ in range(2)]


@pytest.fixture
def boss(server, admin):
    client = new_user(server, admin, BOSS, "all")
    yield client
    client.close()
    admin.post(f"/user/{client.user['id']}/archive", {"version": admin.get(f"/user/{client.user['id']}")["version"]})      # a list of approvers holds twenty


def merge(admin, winner, loser):
    admin.post(f"/ticket/{winner['id']}/merge", {"ticket_id": loser["id"]})


def part(admin, loser):
    admin.post(f"/ticket/{loser['id']}/part", {})


def say(admin, ticket):
    admin.post(f"/ticket/{ticket['id']}/comment", {"text": "已联系", "visibility": "internal"})


def watch(client, ticket, on=True):
    return client.post(f"/ticket/{ticket['id']}/watch", {"on": on})


def watchers(client, ticket):
    return [w["id"] for w in client.get(f"/ticket/{ticket['id']}/watch")["watchers"]]


def heard(client):
    return [n["object_id"] for n in client.get("/notification")["items"] if n["kind"] == "watched"]


def of(admin, kind, ticket):
    return [row["id"] for row in admin.get(f"/{kind}", condition=f"ticket_id = {ticket['id']}", sort="created_at")["items"]]


# Who watches ---------------------------------------------------------------------------------------------------------------

def test_who_watched_what_went_hears_what_is_said_where_it_went(admin, pair, mates):
    winner, loser = pair
    first, both = mates
    for client, ticket in ((first, loser), (both, loser), (both, winner)):
        watch(client, ticket)
    merge(admin, winner, loser)
    say(admin, winner)
    assert heard(first) == [winner["id"]] and heard(both) == [winner["id"]], "each once"
    assert sorted(watchers(admin, winner)) == sorted(m.user["id"] for m in mates) and first.get(f"/ticket/{winner['id']}/watch")["watching"]
    part(admin, loser)
    say(admin, winner)
    assert (watchers(admin, winner), sorted(watchers(admin, loser))) == ([both.user["id"]], sorted(m.user["id"] for m in mates))
    assert len(heard(first)) == 1 and len(heard(both)) == 2


def test_a_rule_tells_who_watched_what_went(admin, pair, mates):
    winner, loser = pair
    watch(mates[0], loser)
    merge(admin, winner, loser)
    row = rule(admin, events=["noted"], condition=f'no = "{winner["no"]}"', actions=[{"do": "notify", "to": "watchers", "text": "请看"}])
    say(admin, winner)
    assert wait_for(lambda: told(mates[0], winner["id"])) == ["请看"]
    off(admin, row)


def test_who_stops_watching_hears_of_neither_side(admin, pair, mates):
    winner, loser = pair
    first, second = mates
    for client in mates:
        watch(client, loser)
    merge(admin, winner, loser)
    assert not watch(first, winner, on=False)["watching"] and watchers(admin, winner) == [second.user["id"]]
    assert admin.post(f"/ticket/{winner['id']}/watch", {"on": False, "user_id": second.user["id"]})["watchers"] == []
    say(admin, winner)
    assert heard(first) == heard(second) == []
    part(admin, loser)
    assert watchers(admin, loser) == watchers(admin, winner) == [], "it was this matter that they did not want to hear of"


def test_who_watches_what_went_watches_where_it_went(admin, pair, mates):
    winner, loser = pair
    merge(admin, winner, loser)
    watch(mates[0], loser)
    assert watchers(admin, winner) == [mates[0].user["id"]]
    say(admin, winner)
    part(admin, loser)
    assert (heard(mates[0]), watchers(admin, winner), watchers(admin, loser)) == ([winner["id"]], [mates[0].user["id"]], [])


# What is planned and given ---------------------------------------------------------------------------------------------------

def test_a_plan_is_where_its_ticket_went_and_is_decided_there(admin, pair, boss):
    winner, loser = pair
    proposed, given = plan(boss, loser, coupon_fen=1000), plan(boss, loser, coupon_fen=2000)
    for action in ("approve", "grant"):
        act(boss, given, action)
    own = plan(boss, winner, coupon_fen=500)
    before = {p["id"]: admin.get(f"/compensation/{p['id']}") for p in (proposed, given)}
    merge(admin, winner, loser)
    assert of(admin, "compensation", winner) == [proposed["id"], given["id"], own["id"]] and of(admin, "compensation", loser) == []
    assert [g["compensation_id"] for g in admin.get("/compensation_grant", condition=f"ticket_id = {winner['id']}")["items"]] == [given["id"]]
    assert boss.get(f"/ticket/{winner['id']}/compensation_ask", coupon_fen=0)["ticket_fen"] == 3500
    assert act(boss, proposed, "approve")["state"] == "approved", "the ticket that went is closed to it, the one it is on now is not"
    act(boss, proposed, "grant")
    part(admin, loser)
    assert of(admin, "compensation", winner) == [own["id"]] and of(admin, "compensation", loser) == [proposed["id"], given["id"]]
    assert {g["compensation_id"] for g in admin.get("/compensation_grant", condition=f"ticket_id = {loser['id']}")["items"]} == {proposed["id"], given["id"]}, \
        "also what was given meanwhile goes with its plan"
    assert {g["ticket_id"] for made in (proposed, given) for g in grants(admin, made).values()} == {loser["id"]}
    moving = ("version", "updated_at", "actions", "titles")
    now = admin.get(f"/compensation/{given['id']}")
    assert {k: v for k, v in now.items() if k not in moving} == {k: v for k, v in before[given["id"]].items() if k not in moving}


def test_plans_alone_over_the_limit_are_seen_together_from_either_side(admin, pair, boss):
    winner, loser = pair
    made = plan(boss, loser, coupon_fen=15000)
    plan(boss, winner, coupon_fen=15000)
    merge(admin, winner, loser)
    assert act(boss, made, "approve", status=403)["error"]["code"] == "second_person", "one matter now, and past the limit"


# Conversations -----------------------------------------------------------------------------------------------------------------

def talk_of(admin, customer, ticket):
    """A conversation of hers that belongs to the ticket; it is over, so that the next one is another."""
    made = write(customer, "冰箱不制冷")["conversation"]["id"]
    admin.post(f"/conversation/{made}/ticket", {"ticket_id": ticket["id"]})
    admin.post(f"/conversation/{made}/action/close", {"version": admin.get(f"/conversation/{made}")["version"]})
    return made


def test_a_conversation_is_where_its_ticket_went(admin, customer, pair):
    winner, loser = pair
    talk, own = talk_of(admin, customer, loser), talk_of(admin, customer, winner)
    template = admin.post("/template", {"name": f"模板 {uuid.uuid4().hex[:6]}", "text_zh": "单号 {{ticket.no}}", "text_en": ""})

    def filled():
        return admin.post(f"/conversation/{talk}/template", {"template_id": template["id"]})["text"]
    merge(admin, winner, loser)
    assert of(admin, "conversation", winner) == [talk, own] and of(admin, "conversation", loser) == []
    assert winner["no"] in filled() and admin.post(f"/conversation/{talk}/ticket", {})["ticket"]["id"] == winner["id"]
    part(admin, loser)
    assert (of(admin, "conversation", winner), of(admin, "conversation", loser)) == ([own], [talk]) and loser["no"] in filled()


def test_what_is_put_on_a_ticket_that_went_is_on_the_one_it_went_into(admin, customer, pair):
    winner, loser = pair
    merge(admin, winner, loser)
    talk = talk_of(admin, customer, loser)
    assert of(admin, "conversation", winner) == [talk]
    part(admin, loser)
    assert of(admin, "conversation", winner) == [talk], "what came since stays"


# Joined again after a split ----------------------------------------------------------------------------------------------------

def test_what_hangs_on_a_ticket_split_off_comes_back_with_it(admin, customer, pair, mates, boss):
    home = pair[0]
    off = admin.post(f"/ticket/{home['id']}/split", {"scene": "repair", "text": "门关不上"})
    talk, made = talk_of(admin, customer, off), plan(boss, off, coupon_fen=1000)
    for action in ("approve", "grant"):
        act(boss, made, action)
    watch(mates[0], off)
    watch(mates[1], off)
    watch(mates[1], home)
    admin.post(f"/ticket/{off['id']}/unsplit", {})
    assert (of(admin, "conversation", home), of(admin, "compensation", home), len(of(admin, "compensation_grant", home))) == ([talk], [made["id"]], 1)
    assert sorted(watchers(admin, home)) == sorted(m.user["id"] for m in mates)
    say(admin, home)
    assert [heard(m) for m in mates] == [[home["id"]], [home["id"]]]


# Of customers ------------------------------------------------------------------------------------------------------------------

@pytest.fixture
def two(admin):
    """Customers: who stays, and who goes into her."""
    return [admin.post("/customer", {"name": "周婷", "phone": new_phone()})["id"] for _ in range(2)]


def handed_over(admin, customer):
    answer = admin.post("/intake/message", {"system": "erp", "person": uuid.uuid4().hex, "external_id": uuid.uuid4().hex, "text": "扫地机不充电", "customer_id": customer})
    return answer["conversation_id"]


def test_what_is_made_of_a_talk_meanwhile_goes_back_with_it(server, admin, two):
    winner, loser = two
    talk = handed_over(admin, loser)
    admin.post(f"/customer/{winner}/merge", {"customer_id": loser})
    ticket = admin.post(f"/conversation/{talk}/ticket", {"scene": "usage"})["ticket"]
    assert ticket["customer_id"] == winner
    answer(admin, random.Random(0), talk)
    end(admin, talk)
    task = admin.post("/task", {"title": "回电", "ticket_id": ticket["id"], "customer_id": winner})["id"]
    admin.post(f"/customer/{loser}/part", {})
    quality = admin.get("/quality", condition=f"conversation_id = {talk}")["items"][0]
    assert [admin.get(path)["customer_id"] for path in (f"/conversation/{talk}", f"/ticket/{ticket['id']}", f"/task/{task}")] + [quality["customer_id"]] == [loser] * 4
    with closing(connect(server.company)) as stored:
        keys = {stored.execute(f"SELECT key FROM {table} WHERE id = {row}").fetchone()[0] for table, row in (("conversation", talk), ("ticket", ticket["id"]), ("customer", loser))}
    assert len(keys) == 1, "who is erased takes her words along, and nobody else's"


@pytest.mark.parametrize("hers", [True, False])
def test_a_talk_is_on_no_ticket_of_the_other_after_they_part(admin, two, hers):
    winner, loser = two
    with_talk, with_ticket = (loser, winner) if hers else (winner, loser)
    talk, ticket = handed_over(admin, with_talk), admin.post("/ticket", {"scene": "usage", "customer_id": with_ticket, "text": "怎么调温度"})["id"]
    admin.post(f"/customer/{winner}/merge", {"customer_id": loser})
    admin.post(f"/conversation/{talk}/ticket", {"ticket_id": ticket})
    admin.post(f"/customer/{loser}/part", {})
    row = admin.get(f"/conversation/{talk}")
    assert (row["customer_id"], row["ticket_id"], admin.get(f"/ticket/{ticket}")["customer_id"]) == (with_talk, None, with_ticket)


def test_who_is_still_merged_is_still_found(admin, two):
    winner, loser = two
    phone = new_phone()
    third = admin.post("/customer", {"name": "周婷婷", "phone": phone})["id"]
    for one in (third, loser):
        admin.post(f"/customer/{winner}/merge", {"customer_id": one})
    admin.post(f"/customer/{loser}/part", {})
    assert [row["id"] for row in admin.get("/customer", q=phone)["items"]] == [winner]
    admin.post(f"/customer/{third}/part", {})
    assert [row["id"] for row in admin.get("/customer", q=phone)["items"]] == [third]
