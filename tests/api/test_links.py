"""Tickets that have to do with each other: linked, shown on both sides to whoever may see both, taken back, through merges and splits; and what looks
like the same matter is offered until somebody says what it is.
"""
import csv
import io

import pytest
from test_merge import new_phone
from test_scope import new_user

pytestmark = pytest.mark.quick


@pytest.fixture
def customer(admin):
    return admin.post("/customer", {"name": "周婷", "phone": new_phone()})["id"]


def ticket(admin, customer, text="冰箱怎么调温度", **more):
    return admin.post("/ticket", {"scene": "usage", "customer_id": customer, "text": text} | more)["id"]


def link(client, one, other, kind="related", status=None):
    return client.post(f"/ticket/{one}/link", {"ticket_id": other, "kind": kind}, **({"status": status} if status else {}))


def links(client, of):
    return [(i["kind"], i["way"], i["ticket_id"]) for i in client.get(f"/ticket/{of}/link")["items"]]


def unlink(client, of, nth=0):
    return client.post(f"/ticket/{of}/unlink", {"link_id": client.get(f"/ticket/{of}/link")["items"][nth]["id"]})


def kinds(client, of):
    return [i["kind"] for i in client.get(f"/ticket/{of}/timeline", kind="change")["items"]]


def test_a_link_is_shown_on_both_sides_and_in_both_timelines_and_taken_back(admin, customer):
    one, other = ticket(admin, customer), ticket(admin, customer, "门关不上")
    made = link(admin, one, other, "duplicate")
    assert [t["id"] for t in made["tickets"]] == [other]
    assert links(admin, one) == [("duplicate", "from", other)] and links(admin, other) == [("duplicate", "to", one)]
    assert "ticket.linked" in kinds(admin, one) and "ticket.linked" in kinds(admin, other)
    assert unlink(admin, other)["items"] == [] == links(admin, one)
    assert "ticket.unlinked" in kinds(admin, one)
    link(admin, one, other, "caused_by")
    assert links(admin, other) == [("caused_by", "to", one)], "between customers, too, and as often as one likes"


def test_what_cannot_be_linked(server, admin, customer):
    one, other = ticket(admin, customer), ticket(admin, customer, "门关不上")
    link(admin, one, one, status=409)
    assert link(admin, one, "999999999999999999", status=422)["error"]["fields"][0]["code"] == "field_reference"
    link(admin, one, other, "cousin", status=422)
    link(admin, one, other)
    for a, b in ((one, other), (other, one)):
        assert link(admin, a, b, "duplicate", status=422)["error"]["fields"][0]["code"] == "field_taken", "one link between two"
    admin.post(f"/ticket/{one}/unlink", {"link_id": "999999999999999999"}, status=404)
    third = ticket(admin, customer, "异响")
    admin.post(f"/ticket/{third}/unlink", {"link_id": admin.get(f"/ticket/{one}/link")["items"][0]["id"]}, status=404)
    reader = new_user(server, admin, ["ticket.read"])
    assert links(reader, one)
    link(reader, one, third, status=403)
    reader.close()


def test_who_may_not_see_the_other_sees_no_link(server, admin, customer):
    region = [admin.post("/region", {"code": f"r{new_phone()}", "name": "华东"})["id"] for _ in range(2)]
    there = admin.post("/customer", {"name": "远客", "phone": new_phone(), "region_id": region[0]})["id"]
    one, other = ticket(admin, customer), ticket(admin, there)
    team = admin.post("/team", {"name": f"组{new_phone()}"})["id"]
    for t in (one, other):
        admin.post(f"/ticket/{t}/action/assign", {"version": admin.get(f"/ticket/{t}")["version"], "team_id": team})
    link(admin, one, other)
    near = new_user(server, admin, ["ticket.read", "ticket.work"], "region", region_id=region[0])
    assert links(near, other) == [] and admin.get(f"/ticket/{other}/link")["items"]
    near.post(f"/ticket/{other}/unlink", {"link_id": admin.get(f"/ticket/{one}/link")["items"][0]["id"]}, status=404)
    near.close()


def test_links_go_with_a_merge_and_come_back(admin, customer):
    winner, loser, third, fourth = (ticket(admin, customer, text) for text in ("冰箱怎么调温度", "温度还是不会调", "门关不上", "异响"))
    link(admin, loser, third, "duplicate")
    link(admin, fourth, loser, "caused_by")
    link(admin, winner, loser)
    link(admin, winner, third)
    before = {t: links(admin, t) for t in (winner, loser, third, fourth)}
    admin.post(f"/ticket/{winner}/merge", {"ticket_id": loser})
    assert links(admin, winner) == [("duplicate", "from", third), ("caused_by", "to", fourth)], "once to each, not to itself"
    assert links(admin, third) == [("duplicate", "to", winner)] and links(admin, fourth) == [("caused_by", "from", winner)]
    assert link(admin, winner, fourth, status=422)
    fifth = ticket(admin, customer, "漏水")
    link(admin, winner, fifth)
    admin.post(f"/ticket/{loser}/part", {})
    assert {t: links(admin, t) for t in before} == before | {winner: [*before[winner], ("related", "from", fifth)]}, "what came since stays"


def test_links_of_what_was_split_off_come_back_with_it(admin, customer):
    source, third, fourth = (ticket(admin, customer, text) for text in ("冰箱怎么调温度，门也关不上", "异响", "漏水"))
    link(admin, source, third)
    other = admin.post(f"/ticket/{source}/split", {"scene": "repair", "text": "门关不上"})["id"]
    assert links(admin, other) == [] and links(admin, source) == [("related", "from", third)]
    link(admin, other, fourth, "caused_by")
    admin.post(f"/ticket/{other}/unsplit", {})
    assert links(admin, source) == [("related", "from", third), ("caused_by", "from", fourth)] and links(admin, fourth) == [("caused_by", "to", source)]


def test_a_sheet_names_what_is_linked(admin, customer):
    one, other = ticket(admin, customer), ticket(admin, customer, "门关不上")
    link(admin, one, other, "duplicate")
    no = {t: admin.get(f"/ticket/{t}")["no"] for t in (one, other)}
    sheet = admin.get("/ticket/export", format="csv", condition=f"id in ({one}, {other})").text.lstrip("\ufeff")
    rows = {row["Ticket no."]: row["Linked tickets"] for row in csv.DictReader(io.StringIO(sheet))}
    assert rows == {no[one]: f"Duplicate of {no[other]}", no[other]: f"Has duplicate {no[one]}"}


def same(client, of):
    return [t["id"] for t in client.get(f"/ticket/{of}/same")["items"]]


def test_what_looks_the_same_is_offered_until_somebody_decides(admin, customer):
    one, other, unlike = ticket(admin, customer, "冰箱冷藏室结冰很厚"), ticket(admin, customer, "冷藏室结冰，很厚一层"), ticket(admin, customer, "发票抬头开错了")
    assert same(admin, one) == [other] and same(admin, other) == [one] and same(admin, unlike) == []
    assert admin.post(f"/ticket/{one}/not_same", {"ticket_id": other, "on": True})["items"] == [] == same(admin, other)
    assert other not in [t["id"] for t in admin.get(f"/ticket/{one}/likely")["items"]], "nor when merging"
    admin.post(f"/ticket/{other}/not_same", {"ticket_id": one, "on": False})
    assert same(admin, one) == [other]
    link(admin, one, other)
    assert same(admin, one) == [] == same(admin, other)
    unlink(admin, one)
    admin.post(f"/ticket/{other}/action/cancel", {"version": admin.get(f"/ticket/{other}")["version"], "reason": "重复"})
    assert same(admin, one) == [] == same(admin, other), "only what is open"


def test_what_is_being_filed_looks_like_what_is_open(server, admin, customer):
    model = admin.get("/model", limit=1)["items"][0]["id"]
    device = admin.post("/device", {"customer_id": customer, "model_id": model, "serial": f"SAME{new_phone()}"})["id"]
    there = ticket(admin, customer, "冰箱冷藏室结冰很厚", device_id=device)
    ask = lambda **more: [t["id"] for t in admin.post("/ticket/same", {"customer_id": customer, "scene": "repair"} | more, status=200)["items"]]  # noqa: E731
    assert ask(scene="usage", device_id=device) == [there], "same device and scene"
    assert ask(text="冷藏室结冰很厚") == [there], "same words, without a device"
    assert ask(text="遥控器丢了") == [] == ask()
    stranger = admin.post("/customer", {"name": "别人", "phone": new_phone()})["id"]
    assert ask(customer_id=stranger, text="冷藏室结冰很厚") == []
    nobody = new_user(server, admin, ["ticket.read"])
    nobody.post("/ticket/same", {"customer_id": customer, "scene": "repair"}, status=403)
    nobody.close()


def test_staff_remind_on_behalf_and_the_owner_hears_of_it(server, admin, customer):
    from client import Client
    one = ticket(admin, customer)
    account = server.company.accounts[1]
    owner = admin.get("/user", condition=f'account = "{account[0]}"')["items"][0]["id"]
    admin.post(f"/ticket/{one}/action/assign", {"version": admin.get(f"/ticket/{one}")["version"], "owner_id": owner})
    reminded = admin.post(f"/ticket/{one}/action/remind", {"version": admin.get(f"/ticket/{one}")["version"]})
    assert reminded["remind_count"] == 1
    admin.post(f"/ticket/{one}/action/remind", {"version": reminded["version"]}, status=409)
    hers = Client(server.url).sign_in(*account)
    assert any(n["kind"] == "reminded_by" and n["object_id"] == one for n in hers.get("/notification")["items"])
    hers.close()
