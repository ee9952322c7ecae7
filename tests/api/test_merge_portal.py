"""What a customer does on a ticket that was merged: her link goes on to where the matter is now, and what she writes is heard there."""

import people
import pytest
from test_file import upload

from client import Client

pytestmark = pytest.mark.quick


@pytest.fixture
def pair(server, admin):
    """(her client, the ticket that takes over, the one that goes into it)"""
    customer, _ = people.new_customer(server.url, admin)
    products = customer.get("/my/form")["products"][:2]
    winner, loser = (people.report(customer, product_id=p["id"])["id"] for p in products)
    yield customer, winner, loser
    customer.close()


def merge(admin, winner, loser):
    return admin.post(f"/ticket/{winner}/merge", {"ticket_id": loser})


def by_link(server, admin, ticket):
    token = people.link_to(admin, ticket)
    reader = Client(server.url, address=people.new_address())
    reader.post("/my/session", {"token": token})
    return reader


def say(customer, ticket, text, **more):
    return customer.post(f"/my/ticket/{ticket}/fact", {"version": customer.get(f"/my/ticket/{ticket}")["version"], "text": text} | more, status=200)


def words(admin, ticket):
    return [i["text"] for i in admin.get(f"/ticket/{ticket}/timeline", kind="talk")["items"]]


def clocks(admin, ticket):
    return {(c["measure"], c["round"]): c["state"] for c in admin.get("/clock", object="ticket", object_id=ticket)["items"]}


def test_the_link_to_what_was_merged_shows_where_it_went(server, admin, pair):
    _, winner, loser = pair
    reader = by_link(server, admin, loser)
    merge(admin, winner, loser)
    shown = reader.get(f"/my/ticket/{loser}")
    assert (shown["id"], shown["merged_nos"]) == (winner, [admin.get(f"/ticket/{loser}")["no"]])
    assert reader.get(f"/my/ticket/{winner}")["id"] == winner == reader.get("/my/ticket")["items"][0]["id"]
    late = by_link(server, admin, loser)
    assert late.get(f"/my/ticket/{loser}")["id"] == winner
    admin.post(f"/ticket/{loser}/part", {})
    assert reader.get(f"/my/ticket/{loser}")["id"] == loser and reader.get(f"/my/ticket/{loser}")["merged_nos"] == []
    reader.get(f"/my/ticket/{winner}", status=404)
    assert [t["id"] for t in reader.get("/my/ticket")["items"]] == [loser]
    reader.close()
    late.close()


def test_what_she_writes_by_the_old_link_is_heard_where_the_matter_is(server, admin, pair):
    customer, winner, loser = pair
    owner = admin.get("/user", condition=f'account = "{server.company.accounts[1][0]}"')["items"][0]["id"]
    admin.post(f"/ticket/{winner}/action/assign", {"version": admin.get(f"/ticket/{winner}")["version"], "owner_id": owner})
    reader = by_link(server, admin, loser)
    merge(admin, winner, loser)
    file = upload(reader, "门封.txt", b"x", prefix="/my")
    shown = say(reader, loser, "地板也湿了", file_ids=[file])
    assert shown["id"] == winner and "地板也湿了" in words(admin, winner)
    assert admin.get(f"/ticket/{winner}")["waiting_since"] and not admin.get(f"/ticket/{loser}")["waiting_since"]
    assert clocks(admin, winner)["next_response", 1] == "running" and ("next_response", 1) not in clocks(admin, loser)
    hers = Client(server.url).sign_in(*server.company.accounts[1])
    assert any(n["kind"] == "answered" and n["object_id"] == winner for n in hers.get("/notification")["items"])
    hers.close()
    assert reader.http.get(f"/my/file/{file}/content").status_code == 200
    reader.post(f"/my/ticket/{loser}/remind", {"version": shown["version"]}, status=200)
    assert (admin.get(f"/ticket/{winner}")["remind_count"], admin.get(f"/ticket/{loser}")["remind_count"]) == (1, 0)
    admin.post(f"/ticket/{loser}/part", {})
    assert "地板也湿了" in words(admin, winner) and "地板也湿了" not in words(admin, loser), "what came since stays"
    reader.close()


def test_a_remark_of_staff_on_what_was_merged_goes_there_too(admin, pair):
    _, winner, loser = pair
    merge(admin, winner, loser)
    assert admin.post(f"/ticket/{loser}/comment", {"text": "已约师傅", "visibility": "public"})["id"] == winner
    assert "已约师傅" in words(admin, winner) and admin.get(f"/ticket/{winner}")["first_response_at"]


def test_who_waits_on_the_one_waits_on_the_other_until_they_part(admin, pair):
    customer, winner, loser = pair
    say(customer, loser, "在吗")
    since = admin.get(f"/ticket/{loser}")["waiting_since"]
    merge(admin, winner, loser)
    assert admin.get(f"/ticket/{winner}")["waiting_since"] == since and clocks(admin, winner)["next_response", 1] == "running"
    assert clocks(admin, loser)["next_response", 1] == "held"
    admin.post(f"/ticket/{loser}/part", {})
    assert not admin.get(f"/ticket/{winner}")["waiting_since"] and clocks(admin, winner)["next_response", 1] == "cancelled", "nobody kept that promise"
    assert admin.get(f"/ticket/{loser}")["waiting_since"] == since and clocks(admin, loser)["next_response", 1] == "running"


def test_an_answer_on_the_winner_stays_when_they_part(admin, pair):
    customer, winner, loser = pair
    say(customer, loser, "在吗")
    merge(admin, winner, loser)
    admin.post(f"/ticket/{winner}/comment", {"text": "在的", "visibility": "public"})
    assert clocks(admin, winner)["next_response", 1] == "met"
    admin.post(f"/ticket/{loser}/part", {})
    assert clocks(admin, winner)["next_response", 1] == "met" and clocks(admin, loser)["next_response", 1] == "running"


def test_nobody_else_follows(server, admin, pair):
    _, winner, loser = pair
    stranger, _ = people.new_customer(server.url, admin)
    merge(admin, winner, loser)
    stranger.get(f"/my/ticket/{loser}", status=404)
    other = by_link(server, admin, people.report(stranger)["id"])
    other.get(f"/my/ticket/{loser}", status=404)
    other.get(f"/my/ticket/{winner}", status=404)
    other.close()
    stranger.close()


def test_a_chain_of_merges_is_followed_to_its_end(server, admin, pair):
    customer, winner, loser = pair
    third = admin.post("/ticket", {"scene": "usage", "customer_id": admin.get(f"/ticket/{winner}")["customer_id"], "text": "怎么调温度"})["id"]
    reader = by_link(server, admin, loser)
    merge(admin, winner, loser)
    merge(admin, third, winner)
    shown = reader.get(f"/my/ticket/{loser}")
    assert shown["id"] == third and len(shown["merged_nos"]) == 2
    reader.close()


def test_the_link_to_what_was_split_off_and_joined_again_leads_home(server, admin, pair):
    _, home, _ = pair
    other = admin.post(f"/ticket/{home}/split", {"scene": "repair", "text": "门关不上"})["id"]
    admin.post(f"/ticket/{other}/comment", {"text": "另约时间", "visibility": "public"})
    reader = by_link(server, admin, other)
    assert reader.get(f"/my/ticket/{other}")["id"] == other
    admin.post(f"/ticket/{other}/unsplit", {})
    assert reader.get(f"/my/ticket/{other}")["id"] == home
    assert say(reader, other, "好的")["id"] == home and "好的" in words(admin, home)
    reader.close()
