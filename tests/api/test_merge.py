"""Merging customers and tickets, and taking it back: whatever hung on either side, and whatever came in between, both are as they were.

A world is drawn by a seed: customers with devices, contacts, addresses, consents, tasks and tickets with talk and files, some of them
waiting for an answer; conversations by several ways, names in channels, turns of the bot, calls, inspections, plans with what was given by
them, proofs, watchers (merge_parts). What is compared is all there is of each side: rows, sealed values in clear, timelines, messages,
contents of files and what holds them, keys, clocks with their due times, and what searches find. In between staff and customers write,
with files, tickets are made of conversations, plans go on.
"""
import os
import random
import re
import time
import uuid
from contextlib import closing

import people
import pytest
from actors import connect
from hypothesis import HealthCheck, example, given, settings, strategies as st
from merge_parts import BY_TICKET, MORE, Switchboard, answer, ask_bot, end, hang_more, hang_on_ticket, mark, mates, more_of, new_phone, of_ticket, plan_goes_on, plan_on, watch, watchers  # noqa: F401
from test_file import png, upload
from test_scope import new_user

from patience import wait_for

WORDS = ["漏水", "结冰", "异响", "不制冷", "门封", "显示屏"]
PARTS = {"ticket": "customer_id", "device": "customer_id", "contact": "customer_id", "address": "customer_id", "consent": "customer_id", "task": "customer_id"} | {kind: "customer_id" for kind in MORE}
SEALED = {"customer": ["name", "phone"], "contact": ["name", "phone"], "address": ["street"], "ticket": ["description"]}
MOVING = ("version", "updated_at", "touched_at", "actions", "titles")
COUNTING = ("remaining_ms", "spent_ms", "soon")
EXAMPLES = {"quick": 6, "full": 20, "long": 60}[os.environ.get("ANXIN_TEST_LEVEL", "full")]
property_test = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def own(admin, rng, record):
    """Values of fields that the company defines, some of them left out."""
    there = {f["kind"]: f"x_{f['code']}" for f in admin.get("/custom_field", condition=f'object = {record} and name = "merged"', limit=50)["items"]}
    for kind in ("text", "number", "flag"):
        if kind not in there:
            there[kind] = f"x_{admin.post('/custom_field', {'object': record, 'name': 'merged', 'kind': kind})['code']}"
    values = {"text": mark(rng), "number": rng.randrange(-9, 9), "flag": rng.random() < 0.5}
    return {there[kind]: value for kind, value in values.items() if rng.random() < 0.7}


def tags(rng):
    """Of few words, so that both sides share some."""
    return rng.sample(["合并测试 甲", "合并测试 乙", "合并测试 丙", "合并测试 丁"], rng.randrange(4))


def make_ticket(admin, rng, customer, device=None):
    first = [upload(admin, f"{mark(rng)}.png", png(rng.randrange(8, 40), 20))] if rng.random() < 0.5 else []
    ticket = admin.post("/ticket", {"scene": "usage", "customer_id": customer, "text": f"{rng.choice(WORDS)} {mark(rng)}", "file_ids": first, "tags": tags(rng)} | own(admin, rng, "ticket") | ({"device_id": device} if device else {}))
    for _ in range(rng.randrange(3)):
        files = [upload(admin, f"{mark(rng)}.png", png(rng.randrange(8, 40), 20))] if rng.random() < 0.5 else []
        admin.post(f"/ticket/{ticket['id']}/comment", {"text": f"{rng.choice(WORDS)} {mark(rng)}", "visibility": rng.choice(["internal", "public"]), "file_ids": files})
    return ticket["id"]


def make_customer(admin, rng, model):
    customer = admin.post("/customer", {"name": f"周{rng.choice('婷明芳')}", "phone": new_phone(), "note": mark(rng), "tags": tags(rng)} | own(admin, rng, "customer"))["id"]
    devices = [admin.post("/device", {"customer_id": customer, "model_id": model, "serial": mark(rng).upper()} | own(admin, rng, "device"))["id"] for _ in range(rng.randrange(3))]
    for _ in range(rng.randrange(3)):
        admin.post("/contact", {"customer_id": customer, "name": "周先生", "phone": new_phone()})
    for _ in range(rng.randrange(2)):
        admin.post("/address", {"customer_id": customer, "city": "上海", "street": f"人民路 {rng.randrange(900)} 号"})
    for _ in range(rng.randrange(2)):
        admin.post("/consent", {"customer_id": customer, "purpose": "survey"})
    free = list(devices)  # a device has one open ticket of a scene
    tickets = [make_ticket(admin, rng, customer, free.pop() if free and rng.random() < 0.5 else None) for _ in range(rng.randrange(3))]
    for _ in range(rng.randrange(2)):
        admin.post("/task", {"title": f"回电 {mark(rng)}", "customer_id": customer, **({"ticket_id": tickets[0]} if tickets else {})})
    return customer


def plain(row):
    return {k: v for k, v in row.items() if k not in MOVING}


def of(admin, kind, customer):
    return [row["id"] for row in admin.get(f"/{kind}", filter=f'[["{PARTS[kind]}","=","{customer}"]]', limit=200)["items"]]


def timeline(admin, ticket):
    """What was said and by whom, without the marks of merging and of reading for this test; contents of files with it."""
    out = []
    for item in admin.get(f"/ticket/{ticket}/timeline")["items"]:
        if item["kind"] in ("ticket.merged", "ticket.parted", "ticket.took_over", "ticket.gave_back", "ticket.revealed"):
            continue
        files = [admin.http.get(f"/file/{f}/content").content for f in item["file_ids"]]
        out.append((item["no"], item["kind"], item["text"], files))
    return out


def row_of(admin, kind, row_id):
    clear = {field: admin.post(f"/{kind}/{row_id}/reveal", {"field": field, "purpose": "合并测试"})["value"] for field in SEALED.get(kind, [])}
    more = {"timeline": timeline(admin, row_id), "clocks": clocks(admin, row_id)} if kind == "ticket" else more_of(admin, kind, row_id)
    return plain(admin.get(f"/{kind}/{row_id}")) | {"clear": clear} | more


def clocks(admin, ticket):
    """Rounds of each measure with all that was promised of them: when they are due does not move."""
    return {(k["measure"], k["round"]): {name: v for name, v in k.items() if name not in COUNTING} for k in admin.get("/clock", object="ticket", object_id=ticket)["items"]}


class Kept:
    """What no route shows, read past the program."""

    def __init__(self, server):
        self.company = server.company

    def ask(self, sql):
        with closing(connect(self.company)) as connection:
            return sorted(connection.execute(sql).fetchall())

    def keys(self, customer):
        return self.ask(f"SELECT key FROM pii_key WHERE object = 'customer' AND object_id = {customer}")

    def file_keys(self, object, ids):
        """Of files that lie with these."""
        return self.ask(f"SELECT f.key FROM file f JOIN file_use u ON u.tenant = f.tenant AND u.file_id = f.id WHERE u.object = '{object}' AND u.object_id IN ({', '.join(ids) or 0})")

    def watching(self, ticket):
        return self.ask(f"SELECT user_id, at FROM watcher WHERE object = 'ticket' AND object_id = {ticket}")

    def lookups(self, customer):
        return self.ask(f"SELECT kind, hash FROM lookup WHERE object = 'customer' AND object_id = {customer}")

    def holds(self, tickets):
        return self.ask(f"SELECT object_id, file_id FROM file_use WHERE object = 'ticket' AND object_id IN ({', '.join(tickets) or 0})")


def marks(text):
    return re.findall("zq[0-9a-f]{10}", str(text))


def words_of(rows):
    """What each of them is found by: words of tickets and remarks, serials."""
    out = [row["serial"] for row in rows if "serial" in row]
    for row in rows:
        if "timeline" in row:
            out += marks(row["title"]) + marks(row["clear"]) + marks([item[2] for item in row["timeline"]])
        if "messages" in row:
            out += marks(row["title"])
    return sorted(set(out))


def hits(admin, words):
    return {word: found_by(admin, word) for word in words}


def among(found_of_words, known):
    return {word: {kind: [i for i in ids if (kind, i) in known] for kind, ids in found_here.items()} for word, found_here in found_of_words.items()}


def found_by(admin, word):
    return {kind: sorted(row["id"] for row in admin.get(f"/{kind}", q=word)["items"]) for kind in ("ticket", "customer", "device", "conversation")}


def settled(admin, words):
    """What searches find once everything that was written is found."""
    for word in words:
        wait_for(lambda word=word: any(found_by(admin, word).values()), why=lambda word=word: f"{word} is never found")
    return hits(admin, words)


def write(admin, rng, ticket, customer=None):
    """A remark of staff, or of her who came by the phone; its words."""
    words, by = f"中间来的 {mark(rng)}", customer or admin
    files = [upload(by, f"{mark(rng)}.png", png(rng.randrange(8, 40), 20), **({"prefix": "/my"} if customer else {}))] if rng.random() < 0.5 else []
    if customer:
        customer.post(f"/my/ticket/{ticket}/fact", {"version": customer.get(f"/my/ticket/{ticket}")["version"], "text": words, "file_ids": files}, status=200)
    else:
        admin.post(f"/ticket/{ticket}/comment", {"text": words, "visibility": rng.choice(["internal", "public"]), "file_ids": files})
    return words


def state(admin, customer, only=None):
    """Everything of a customer; only: of what was there before."""
    out = {("customer", customer): row_of(admin, "customer", customer)}
    for kind in PARTS:
        for row_id in of(admin, kind, customer):
            if only is None or (kind, row_id) in only:
                out[kind, row_id] = row_of(admin, kind, row_id)
    return out


def found(admin, phone):
    return {row["id"] for row in admin.get("/customer", q=phone)["items"]}


def phone_of(admin, customer):
    return admin.post(f"/customer/{customer}/reveal", {"field": "phone", "purpose": "合并测试"})["value"]


@pytest.fixture(scope="module")
def boards():
    """Switchboards by the address of the server."""
    return {}


def board_of(boards, admin):
    if admin.url not in boards:
        boards[admin.url] = Switchboard(admin)
    return boards[admin.url]


def file_it(admin, talk):
    """A ticket of a conversation; where the only device that she has is in an open one already, there is no second."""
    made = admin.post(f"/conversation/{talk}/ticket", {"scene": "usage"}, status=(201, 200, 409))
    assert made.get("error", {}).get("code", "open_ticket") == "open_ticket", made


def between_customers(server, admin, rng, board, winner, persons, hers):
    """What comes in while they are one: tickets that are her own from now on are returned."""
    came = [make_ticket(admin, rng, winner)]
    if rng.random() < 0.3:
        ask_bot(admin, hers)
    for person, talk in persons.items():
        if rng.random() < 0.5:
            board.hand_over(rng, winner, person)
        if rng.random() < 0.3 and admin.get(f"/conversation/{talk}")["state"] != "closed":
            answer(admin, rng, talk)
            end(admin, talk)
        if rng.random() < 0.3 and not admin.get(f"/conversation/{talk}")["ticket_id"]:
            file_it(admin, talk)
    for ticket in of(admin, "ticket", winner):
        if rng.random() < 0.5:
            write(admin, rng, ticket, hers if rng.random() < 0.5 else None)
    return came


def sides(admin, winner, before):
    """Everything that lies with the winner now, by whose it is: what was there is where it was, what was made of a conversation is its, and the rest is the winner's."""
    now, out = state(admin, winner), {c: {} for c in before}
    home = {key: c for c in before for key in before[c]}
    talk_of = {row["ticket_id"]: home[key] for key, row in now.items() if key[0] == "conversation" and row["ticket_id"] and key in home}
    for key, row in now.items():
        kind, row_id = key
        side = home.get(key) or (talk_of.get(row_id) if kind == "ticket" else home.get(("conversation", row.get("conversation_id")))) or winner
        if kind == "task" and key not in home and row["ticket_id"]:
            side = home.get(("ticket", row["ticket_id"])) or talk_of.get(row["ticket_id"], winner)
        out[side][key] = row | ({"customer_id": side} if kind != "customer" else {})
    return out


@property_test
@given(seed=st.integers(0, 2**32))
@example(seed=8771)     # a conversation filed while the only device has an open ticket
def test_customers_merged_and_parted_are_as_they_were(server, admin, boards, seed):
    rng, kept, board = random.Random(seed), Kept(server), board_of(boards, admin)
    model = admin.get("/model", limit=1)["items"][0]["id"]
    winner, loser = make_customer(admin, rng, model), make_customer(admin, rng, model)
    phones = {c: phone_of(admin, c) for c in (winner, loser)}
    hers = {c: people.sign_in(server.url, admin, phones[c]) for c in (winner, loser)}
    persons = {}
    for customer in (winner, loser):
        tickets = of(admin, "ticket", customer)
        if tickets and rng.random() < 0.5:
            write(admin, rng, rng.choice(tickets), hers[customer])
        persons |= hang_more(admin, rng, board, customer, hers[customer])
    before = {c: state(admin, c) for c in (winner, loser)}
    keys, lookups = {c: kept.keys(c) for c in before}, {c: kept.lookups(c) for c in before}
    finds = settled(admin, words_of([row for c in before for row in before[c].values()]))

    merged = admin.post(f"/customer/{winner}/merge", {"customer_id": loser, "reason": "同一个人"})
    assert merged["id"] == winner
    for kind in PARTS:
        assert set(of(admin, kind, winner)) == {i for c in before for k, i in before[c] if k == kind} and not of(admin, kind, loser)
    assert found(admin, phones[loser]) == {winner} == found(admin, phones[winner]), "who looks for the one finds the other"
    both = [before[c]["customer", c]["tags"] for c in (winner, loser)]
    assert merged["tags"] == both[0] + [t for t in both[1] if t not in both[0]]
    assert admin.get(f"/customer/{loser}")["merged_into"] == winner
    assert kept.keys(winner) == sorted(keys[winner] + keys[loser]) and not kept.keys(loser), "erasing the one erases both"
    assert [row_of(admin, *key) | {"customer_id": None} for key in before[loser] if key[0] != "customer"] == \
        [row | {"customer_id": None} for key, row in before[loser].items() if key[0] != "customer"], "nothing but whose it is has changed"

    came = between_customers(server, admin, rng, board, winner, persons, hers[winner])
    now = sides(admin, winner, before)
    for customer in before:
        now[customer]["customer", customer] = before[customer]["customer", customer]
    holds = {c: kept.holds([i for k, i in now[c] if k == "ticket"]) for c in before}

    parted = admin.post(f"/customer/{loser}/part", {})
    assert (parted["id"], parted["merged_into"]) == (loser, None)
    for customer, was in now.items():
        assert state(admin, customer) == was
        assert found(admin, phones[customer]) == {customer} and kept.lookups(customer) == lookups[customer]
        tickets, talks = ([i for k, i in was if k == kind] for kind in ("ticket", "conversation"))
        assert kept.holds(tickets) == holds[customer]
        assert kept.keys(customer) == sorted({*keys[customer], *kept.file_keys("ticket", tickets), *kept.file_keys("conversation", talks)}), "who erases her erases what lies on her tickets and with her talks"
        hers[customer].close()
    assert set(came) <= set(of(admin, "ticket", winner))
    known = {key for was in before.values() for key in was}        # a ticket made of a talk meanwhile has its words
    wait_for(lambda: among(hits(admin, finds), known) == finds, why=lambda: f"{hits(admin, finds)} instead of {finds}")
    admin.post(f"/customer/{loser}/part", {}, status=409)


def check_clocks(before, now, answered):
    """What was promised before is promised still; what began in between is over or was asked in between."""
    for key, was in before.items():
        is_now = now[key]
        if not answered:
            assert is_now == was
        assert {n: is_now[n] for n in ("from_at", "target_ms", "policy_id")} == {n: was[n] for n in ("from_at", "target_ms", "policy_id")}


def some(rng, *tickets):
    return [t for t in tickets if rng.random() < 0.4]


def hung(admin, ticket):
    """What hangs on a ticket, by kind and id."""
    return {(kind, row_id): row_of(admin, kind, row_id) for kind in BY_TICKET for row_id in of_ticket(admin, kind, ticket)}


def lying(rows, ticket):
    """As they are with this ticket; a proof does not say whose it is."""
    return {key: row | ({"ticket_id": ticket} if "ticket_id" in row else {}) for key, row in rows.items()}


def between_tickets(admin, rng, board, customer, winner, persons):
    """Plans go on, people of the other system write on, and a plan and a talk of the merged ticket's own come."""
    for plan in of_ticket(admin, "compensation", winner):
        if rng.random() < 0.5:
            plan_goes_on(admin, plan)
    for person in persons:
        if rng.random() < 0.5:
            board.hand_over(rng, customer, person)
    own = {("compensation", plan_on(admin, rng, winner))} if rng.random() < 0.5 else set()
    own |= {("compensation_grant", g["id"]) for _, plan in own for g in admin.get("/compensation_grant", condition=f"compensation_id = {plan}")["items"]}
    return own | {("conversation", talk) for talk in hang_on_ticket(admin, rng, board, customer, winner, plans=False).values()}


def with_proof(she):
    """A ticket with a proof of purchase that nobody has judged yet."""
    picture = upload(she, "invoice.png", png(30, 20), prefix="/my")
    return people.report(she, proof={"kind": "invoice", "day": "2026-03-08", "file_id": picture})["id"]


@property_test
@given(seed=st.integers(0, 2**32))
def test_tickets_merged_and_parted_are_as_they_were(server, admin, boards, mates, seed):
    rng, kept, board = random.Random(seed), Kept(server), board_of(boards, admin)
    phone = new_phone()
    customer = admin.post("/customer", {"name": "周婷", "phone": phone})["id"]
    with closing(people.sign_in(server.url, admin, phone)) as she:
        winner = make_ticket(admin, rng, customer)
        loser = with_proof(she) if rng.random() < 0.3 else make_ticket(admin, rng, customer)
        persons = {}
        for ticket in (winner, loser):
            if rng.random() < 0.5:
                write(admin, rng, ticket, she)
            persons |= hang_on_ticket(admin, rng, board, customer, ticket)
        task = admin.post("/task", {"title": "回电", "ticket_id": loser})["id"]
        for client in (admin, *mates):
            for ticket in some(rng, winner, loser):
                watch(client, ticket)
        before = {t: row_of(admin, "ticket", t) for t in (winner, loser)}
        parts, watched = {t: hung(admin, t) for t in before}, {t: kept.watching(t) for t in before}
        holds, people_there = {t: kept.holds([t]) for t in before}, {w["id"] for t in before for w in watchers(admin, t)}
        finds = settled(admin, words_of([*before.values(), *(row for t in before for row in parts[t].values())]))

        merged = admin.post(f"/ticket/{winner}/merge", {"ticket_id": loser})
        assert set(merged["tags"]) == set(before[winner]["tags"]) | set(before[loser]["tags"])
        together = timeline(admin, winner)
        assert together == sorted(before[winner]["timeline"] + before[loser]["timeline"], key=lambda item: -item[0]), "the talk of both, in order"
        assert [t["id"] for t in admin.get("/ticket", condition=f"customer_id = {customer}")["items"]] == [winner]
        assert hung(admin, winner) == lying(parts[winner] | parts[loser], winner) and not hung(admin, loser), "nothing but where it lies has changed"
        assert {w["id"] for w in watchers(admin, winner)} == people_there
        assert bool(admin.get(f"/ticket/{winner}")["waiting_since"]) == any(before[t]["waiting_since"] for t in before), "who waits on either waits here"
        assert {k["state"] for k in clocks(admin, loser).values()} <= {"held", "paused", "met", "cancelled"}

        came = []
        for _ in range(rng.randrange(4)):
            by_her = rng.random() < 0.5
            came.append((write(admin, rng, rng.choice([winner, loser]), she if by_her else None), by_her))
        own = between_tickets(admin, rng, board, customer, winner, persons)
        now_there = hung(admin, winner)
    answered = any(not by_her for _, by_her in came)

    admin.post(f"/ticket/{loser}/part", {})
    now = {t: row_of(admin, "ticket", t) for t in (winner, loser)}
    assert now[loser] == before[loser], "just as it went"
    plans = {row_id for kind, row_id in parts[loser] if kind == "compensation"}
    home = {key for key, row in now_there.items() if key in parts[loser] or row.get("compensation_id") in plans}
    assert hung(admin, loser) == lying({key: now_there[key] for key in home}, loser) and ("task", task) in home
    assert hung(admin, winner) == {key: row for key, row in now_there.items() if key not in home} and own <= now_there.keys() - home
    assert {t: kept.watching(t) for t in before} == watched and kept.holds([loser]) == holds[loser]
    words = [item for item in now[winner]["timeline"] if item[2] not in [text for text, _ in came] and not item[1].startswith("ticket.compensation")]
    assert words == [item for item in before[winner]["timeline"] if not item[1].startswith("ticket.compensation")], "what was said is where it was"
    assert {text for text, _ in came} <= {item[2] for item in now[winner]["timeline"]}, "what came since stays"
    moving = ("timeline", "clocks") + (("waiting_since", "first_response_at", "next_due_at") if came else ())
    assert {k: v for k, v in now[winner].items() if k not in moving} == {k: v for k, v in before[winner].items() if k not in moving}
    check_clocks(before[winner]["clocks"], now[winner]["clocks"], answered)
    if not came:
        assert {k["state"] for key, k in now[winner]["clocks"].items() if key not in before[winner]["clocks"]} <= {"cancelled"}, "nobody kept a promise by that"
        assert kept.holds([winner]) == holds[winner]
    wait_for(lambda: hits(admin, finds) == finds, why=lambda: f"{hits(admin, finds)} instead of {finds}")
    for text, _ in came:
        wait_for(lambda text=text: found_by(admin, marks(text)[0])["ticket"] == [winner])


@pytest.fixture
def pair(admin):
    return [admin.post("/customer", {"name": "周婷", "phone": new_phone()})["id"] for _ in range(2)]


def test_what_cannot_be_merged(server, admin, pair):
    winner, loser = pair
    admin.post(f"/customer/{winner}/merge", {"customer_id": winner}, status=409)
    admin.post(f"/customer/{winner}/merge", {"customer_id": "999999999999999999"}, status=404)
    admin.post(f"/customer/{winner}/part", {}, status=409)
    tickets = [admin.post("/ticket", {"scene": "usage", "customer_id": c, "text": "怎么调温度"})["id"] for c in pair]
    answer = admin.post(f"/ticket/{tickets[0]}/merge", {"ticket_id": tickets[1]}, status=422)
    assert answer["error"]["fields"][0]["code"] == "merge_customer", "what one customer wrote is nobody else's to read"
    admin.post(f"/customer/{winner}/merge", {"customer_id": loser})
    admin.post(f"/customer/{winner}/merge", {"customer_id": loser}, status=409)
    admin.post(f"/ticket/{tickets[0]}/merge", {"ticket_id": tickets[1]}), "of one customer now"
    user = new_user(server, admin, ["customer.read", "customer.change", "ticket.read", "ticket.work"])
    user.post(f"/customer/{winner}/merge", {"customer_id": loser}, status=403)
    user.close()


def test_merges_are_taken_back_in_reverse(admin, pair):
    third = admin.post("/customer", {"name": "周婷", "phone": new_phone()})["id"]
    first, second = pair
    admin.post("/contact", {"customer_id": second, "name": "周先生", "phone": new_phone()})
    admin.post(f"/customer/{first}/merge", {"customer_id": second})
    admin.post(f"/customer/{third}/merge", {"customer_id": first})
    assert len(of(admin, "contact", third)) == 1
    admin.post(f"/customer/{second}/part", {}, status=409)
    admin.post(f"/customer/{first}/part", {})
    admin.post(f"/customer/{second}/part", {})
    assert [len(of(admin, "contact", c)) for c in (first, second, third)] == [0, 1, 0]


def test_erasing_the_winner_erases_whom_he_took_over(admin, pair):
    winner, loser = pair
    phone = phone_of(admin, loser)
    admin.post("/contact", {"customer_id": loser, "name": "周先生", "phone": new_phone()})
    admin.post(f"/customer/{winner}/merge", {"customer_id": loser})
    admin.post(f"/customer/{winner}/erase", {"reason": "本人要求"})
    until = time.monotonic() + 10
    while admin.get(f"/customer/{winner}/erasure")["items"][0]["state"] != "done":
        assert time.monotonic() < until
        time.sleep(0.05)
    contact = of(admin, "contact", winner)[0]
    assert admin.get(f"/contact/{contact}")["name"] is None and not found(admin, phone)


def test_who_may_be_the_same_is_shown_to_whoever_may_see_both(server, admin):
    phone, name = new_phone(), f"周{uuid.uuid4().hex[:6]}"
    one, other = (admin.post("/customer", {"name": n, "phone": phone})["id"] for n in (name, name))
    namesake = admin.post("/customer", {"name": name, "phone": new_phone()})["id"]
    assert [row["id"] for row in admin.get(f"/customer/{one}/likely")["items"]] == [other, namesake], "who shares more comes first"
    region = [admin.post("/region", {"code": f"r{uuid.uuid4().hex[:6]}", "name": "华东"})["id"] for _ in range(2)]
    admin.patch(f"/customer/{other}", {"version": 1, "region_id": region[0]})
    far = new_user(server, admin, ["customer.read"], "region", region_id=region[1])
    assert [row["id"] for row in far.get(f"/customer/{one}/likely")["items"]] == [namesake]
    far.close()
    admin.post(f"/customer/{one}/merge", {"customer_id": other})
    assert [row["id"] for row in admin.get(f"/customer/{one}/likely")["items"]] == [namesake], "what was merged is not offered again"


def test_what_may_be_the_same_matter(admin, pair):
    first, second, third = (admin.post("/ticket", {"scene": "usage", "customer_id": c, "text": "怎么调温度"}) for c in (pair[0], pair[0], pair[1]))
    assert [t["id"] for t in admin.get(f"/ticket/{first['id']}/likely")["items"]] == [second["id"]]
    admin.post(f"/ticket/{second['id']}/action/cancel", {"version": second["version"], "reason": "重复"})
    assert admin.get(f"/ticket/{first['id']}/likely")["items"] == []
    assert third["id"] not in str(admin.get(f"/ticket/{second['id']}/likely"))


def test_a_ticket_restored_by_hand_is_still_taken_back(admin, pair):
    first, second = (admin.post("/ticket", {"scene": "usage", "customer_id": pair[0], "text": "怎么调温度"})["id"] for _ in range(2))
    admin.post(f"/ticket/{first}/merge", {"ticket_id": second})
    admin.post(f"/ticket/{second}/restore", {"version": admin.get(f"/ticket/{second}")["version"]})
    admin.post(f"/ticket/{second}/part", {})
    assert len(timeline(admin, first)) == 1


def test_tickets_are_taken_back_in_reverse(admin, pair):
    first, second, third = (admin.post("/ticket", {"scene": "usage", "customer_id": pair[0], "text": "怎么调温度"})["id"] for _ in range(3))
    task = admin.post("/task", {"title": "回电", "ticket_id": first})["id"]
    where = lambda: admin.get(f"/task/{task}")["ticket_id"]
    admin.post(f"/ticket/{second}/merge", {"ticket_id": first})
    admin.post(f"/ticket/{third}/merge", {"ticket_id": second})
    admin.post(f"/ticket/{first}/part", {}, status=409)
    assert where() == third and admin.get(f"/ticket/{first}")["archived_at"]
    admin.post(f"/ticket/{second}/part", {})
    assert where() == second
    admin.post(f"/ticket/{first}/part", {})
    assert where() == first


@pytest.mark.parametrize("into_hers", [True, False])
def test_customers_part_only_when_no_ticket_would_be_torn(admin, pair, into_hers):
    """What one of them wrote would lie in the timeline of the other's."""
    winner, loser = pair
    tickets = [admin.post("/ticket", {"scene": "usage", "customer_id": c, "text": "怎么调温度"})["id"] for c in pair]
    kept, gone = tickets if into_hers else reversed(tickets)
    admin.post(f"/customer/{winner}/merge", {"customer_id": loser})
    admin.post(f"/ticket/{kept}/merge", {"ticket_id": gone})
    answer = admin.post(f"/customer/{loser}/part", {}, status=409)
    assert answer["error"]["code"] == "merge_tickets" and admin.get(f"/customer/{loser}")["merged_into"] == winner, "nothing has changed"
    admin.post(f"/ticket/{gone}/part", {})
    admin.post(f"/customer/{loser}/part", {})
    assert [of(admin, "ticket", c) for c in pair] == [[t] for t in tickets]


def test_tickets_of_one_that_are_merged_part_with_her(admin, pair):
    winner, loser = pair
    kept, gone = (admin.post("/ticket", {"scene": "usage", "customer_id": loser, "text": "怎么调温度"})["id"] for _ in range(2))
    admin.post(f"/customer/{winner}/merge", {"customer_id": loser})
    admin.post(f"/ticket/{kept}/merge", {"ticket_id": gone})
    admin.post(f"/customer/{loser}/part", {})
    assert (admin.get(f"/ticket/{gone}")["customer_id"], of(admin, "ticket", loser)) == (loser, [kept])
    admin.post(f"/ticket/{gone}/part", {})
    assert sorted(of(admin, "ticket", loser)) == sorted([kept, gone])
