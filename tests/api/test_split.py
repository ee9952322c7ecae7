"""Splitting a ticket that holds two matters, and taking it back: rows, sealed values, talk, contents of files, tasks, clocks and what
searches find are as they were, and whatever came in between is there as well.
"""
import random

import pytest
from hypothesis import given, strategies as st
from test_file import png, upload
from test_merge import make_customer, make_ticket, mark, new_phone, property_test, row_of, timeline
from test_scope import new_user

from patience import wait_for

OWN = ("ticket.split", "ticket.split_from", "ticket.rejoined", "ticket.took_back")


def talk(admin, ticket):
    return [item for item in timeline(admin, ticket) if item[1] not in OWN]


def clocks(admin, ticket):
    return [{k: v for k, v in clock.items() if k not in ("remaining_ms", "spent_ms", "soon")} for clock in admin.get("/clock", object="ticket", object_id=ticket)["items"]]


def tasks(admin, ticket):
    return {t["id"]: {k: v for k, v in t.items() if k not in ("version", "updated_at", "actions", "titles")} for t in admin.get("/task", condition=f"ticket_id = {ticket}", limit=200)["items"]}


def state(admin, ticket):
    return row_of(admin, "ticket", ticket) | {"timeline": talk(admin, ticket), "clocks": clocks(admin, ticket), "tasks": tasks(admin, ticket)}


def remarks(admin, ticket):
    return [item["data"]["comment_id"] for item in admin.get(f"/ticket/{ticket}/timeline")["items"] if "comment_id" in item["data"]]


def report_files(admin, ticket):
    return [f for item in admin.get(f"/ticket/{ticket}/timeline")["items"] if item["kind"] == "ticket.created" for f in item["file_ids"]]


def found(admin, words):
    return {row["id"] for row in admin.get("/ticket", q=words)["items"]}


def some(rng, all_of):
    return [one for one in all_of if rng.random() < 0.5]


def say(admin, rng, ticket):
    words = mark(rng)
    files = [upload(admin, f"{mark(rng)}.png", png(rng.randrange(8, 40), 20))] if rng.random() < 0.5 else []
    admin.post(f"/ticket/{ticket}/comment", {"text": words, "visibility": rng.choice(["internal", "public"]), "file_ids": files})
    return words


@property_test
@given(seed=st.integers(0, 2**32))
def test_a_ticket_split_and_joined_is_as_it_was(admin, seed):
    rng = random.Random(seed)
    customer = make_customer(admin, rng, admin.get("/model", limit=1)["items"][0]["id"])
    device = next((d["id"] for d in admin.get("/device", condition=f"customer_id = {customer}")["items"]), None)
    source = make_ticket(admin, rng, customer)
    if device:
        admin.patch(f"/ticket/{source}", {"version": admin.get(f"/ticket/{source}")["version"], "device_id": device})
    said = [say(admin, rng, source) for _ in range(rng.randrange(1, 4))]
    for _ in range(rng.randrange(3)):
        admin.post("/task", {"title": f"回电 {mark(rng)}", "ticket_id": source})
    before, all_talk = state(admin, source), timeline(admin, source)
    chosen, files, moved = some(rng, remarks(admin, source)), some(rng, report_files(admin, source)), some(rng, list(before["tasks"]))

    text = f"另一件事 {mark(rng)}"
    made = admin.post(f"/ticket/{source}/split", {"scene": "usage", "text": text, "comment_ids": chosen, "file_ids": files, "task_ids": moved})
    other = made["id"]
    assert (made["customer_id"], made["device_id"], made["state"]) == (customer, device, "new") and made["no"] != before["no"]
    assert sorted(remarks(admin, other)) == sorted(chosen) and not set(chosen) & set(remarks(admin, source))
    assert set(report_files(admin, other)) == set(files) and not set(files) & set(report_files(admin, source))
    assert set(tasks(admin, other)) == set(moved) and set(tasks(admin, source)) == set(before["tasks"]) - set(moved)
    both = talk(admin, source) + [item for item in talk(admin, other) if item[2]]
    assert sorted(i[0] for i in both) == sorted(i[0] for i in all_talk), "each remark is with one of them"
    assert clocks(admin, source) == before["clocks"], "what was promised of the first is promised still"
    assert {c["measure"] for c in clocks(admin, other)} >= {"solution"} and min(c["from_at"] for c in clocks(admin, other)) >= made["created_at"]
    assert [t["id"] for t in admin.get(f"/ticket/{source}/split")["items"]] == [other]
    assert [t["id"] for t in admin.get(f"/ticket/{other}/split")["items"]] == [source]
    assert "ticket.split" in [i["kind"] for i in admin.get(f"/ticket/{source}/timeline")["items"]]

    came = [say(admin, rng, ticket) for ticket in (source, other) if rng.random() < 0.7]
    new_task = admin.post("/task", {"title": f"回电 {mark(rng)}", "ticket_id": other})["id"]
    assert admin.post(f"/ticket/{other}/unsplit", {})["id"] == source

    after = state(admin, source)
    assert {item[2] for item in after["timeline"]} == {item[2] for item in before["timeline"]} | set(came), "nothing that came in between is lost"
    assert [item for item in after["timeline"] if item[2] not in came] == before["timeline"]
    assert {k: v for k, v in after["tasks"].items() if k != new_task} == before["tasks"] and new_task in after["tasks"]
    ignored = ("timeline", "tasks", "clocks") + (("first_response_at", "next_due_at", "waiting_since") if came else ())   # what was said since is an answer
    assert {k: v for k, v in after.items() if k not in ignored} == {k: v for k, v in before.items() if k not in ignored}
    assert {c["id"] for c in after["clocks"]} >= {c["id"] for c in before["clocks"]}
    if not came:
        assert after["clocks"] == before["clocks"]
    assert all(c["state"] in ("cancelled", "met") for c in clocks(admin, other)), "no promise of it is left to break"
    for words in said + came:
        wait_for(lambda words=words: found(admin, words) == {source})
    assert admin.get(f"/ticket/{other}")["archived_at"] and not remarks(admin, other) and admin.get(f"/ticket/{source}/split")["items"] == []
    admin.post(f"/ticket/{other}/unsplit", {}, status=409)


@pytest.fixture
def source(admin):
    customer = admin.post("/customer", {"name": "周婷", "phone": new_phone()})["id"]
    return admin.post("/ticket", {"scene": "usage", "customer_id": customer, "text": "怎么调温度，门也关不上"})["id"]


def split(admin, ticket, **more):
    return admin.post(f"/ticket/{ticket}/split", {"scene": "repair", "text": "门关不上"} | more)["id"]


def test_what_cannot_be_split_off(server, admin, source):
    admin.post(f"/ticket/{source}/unsplit", {}, status=409)
    admin.post(f"/ticket/{source}/comment", {"text": "门也关不上", "visibility": "public"})
    elsewhere = split(admin, source, comment_ids=remarks(admin, source))
    for field in ("comment_ids", "file_ids", "task_ids"):
        answer = admin.post(f"/ticket/{source}/split", {"scene": "repair", "text": "门关不上", field: remarks(admin, elsewhere)}, status=422)
        assert [f["field"] for f in answer["error"]["fields"]] == [field], "what does not lie there is not given away"
    user = new_user(server, admin, ["ticket.read", "ticket.work"])
    user.post(f"/ticket/{source}/split", {"scene": "repair", "text": "门关不上"}, status=403)
    user.close()


def test_splits_are_taken_back_in_reverse(admin, source):
    admin.post(f"/ticket/{source}/comment", {"text": "门也关不上", "visibility": "public"})
    words = remarks(admin, source)
    second = split(admin, source, comment_ids=words)
    third = split(admin, second, comment_ids=words)
    assert remarks(admin, third) == words and not remarks(admin, second) + remarks(admin, source)
    admin.post(f"/ticket/{second}/unsplit", {}, status=409)
    admin.post(f"/ticket/{third}/unsplit", {})
    admin.post(f"/ticket/{second}/unsplit", {})
    assert remarks(admin, source) == words


def test_a_ticket_that_was_closed_does_not_come_back(admin, source):
    other = split(admin, source)
    admin.post(f"/ticket/{other}/action/cancel", {"version": admin.get(f"/ticket/{other}")["version"], "reason": "没有这回事"})
    admin.post(f"/ticket/{other}/unsplit", {}, status=409)


def test_the_customer_sees_each_word_where_it_lies(server, admin, source):
    """And one who was merged and parted keeps what was split meanwhile with where it came from."""
    loser = admin.get(f"/ticket/{source}")["customer_id"]
    winner = admin.post("/customer", {"name": "周婷", "phone": new_phone()})["id"]
    admin.post(f"/customer/{winner}/merge", {"customer_id": loser})
    other = split(admin, source)
    admin.post(f"/customer/{loser}/part", {})
    assert [admin.get(f"/ticket/{t}")["customer_id"] for t in (source, other)] == [loser, loser]
    admin.post(f"/ticket/{other}/unsplit", {})
