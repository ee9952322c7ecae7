"""What else hangs on customers and tickets that are merged: conversations by several ways with their messages and files, names in channels, turns of the
bot, calls, inspections, plans with what was given, who watches. Drawn by a seed, and read as the comparison of before and after needs it."""
import uuid

import people
import pytest
from cti import Cti, line_of
from test_file import png, upload
from test_scope import new_user

from patience import wait_for

MORE = ("conversation", "identity", "bot_turn", "phone_call", "quality")
QUESTION = "空调漏水怎么处理"


def new_phone():
    """Not from `random`, which hypothesis sets back before each example."""
    return f"13{uuid.uuid4().int % 10**9:09d}"


def mark(_):
    """Its own each time, also when a seed is tried again."""
    return f"zq{uuid.uuid4().hex[:10]}"


class Switchboard:
    """Telephone system and other system of one company, by which people come."""

    def __init__(self, admin):
        self.admin = admin
        self.cti = Cti(admin.url, line_of(admin)["callback"])

    def ring(self, phone):
        """Answered, three minutes; the call."""
        name = uuid.uuid4().hex
        for event in self.cti.events(name, phone):
            answer = self.cti.post(event)
            assert answer.status_code == 200, answer.text
        return next(p for p in self.admin.get("/phone_call", sort="-created_at", limit=20)["items"] if p["number"].endswith(phone[-4:]))

    def call(self, customer):
        """Of a number nobody knows, whose file goes into hers as she says who she is: a merge within the one that is tried."""
        made = self.ring(new_phone())
        self.admin.post(f"/phone_call/{made['id']}/confirm", {"customer_id": customer})
        wait_for(lambda: people.everything_said(self.admin, made["conversation_id"]))       # that it was answered, and how long it was

    def hand_over(self, rng, customer, person=None):
        """A message by another system, of somebody whom it knows: (person, conversation)."""
        person = person or uuid.uuid4().hex
        files = [upload(self.admin, f"{mark(rng)}.png", png(rng.randrange(8, 40), 20))] if rng.random() < 0.5 else []
        answer = self.admin.post("/intake/message", {"system": "erp", "person": person, "external_id": uuid.uuid4().hex, "text": f"扫地机不充电 {mark(rng)}", "file_ids": files, "customer_id": customer})
        return person, answer["conversation_id"]


def ask_bot(admin, she):
    """Her question, answered by the bot unless a person has the conversation that it comes into; that conversation."""
    with people.bot_first(admin):
        said = she.post("/my/conversation", {"text": QUESTION, "external_id": uuid.uuid4().hex})
        made = said["conversation"]["id"]
        if admin.get(f"/conversation/{made}")["state"] == "bot":
            wait_for(lambda: [t for t in admin.get("/bot_turn", condition=f"conversation_id = {made}")["items"] if t["no"] >= said["no"]])
    return made


def answer(admin, rng, conversation):
    admin.post(f"/conversation/{conversation}/message", {"text": f"请稍等 {mark(rng)}", "visibility": rng.choice(["internal", "public"])})


def end(admin, conversation):
    """Over, and inspected, for a person has answered: no further row comes of it by itself."""
    row = admin.get(f"/conversation/{conversation}")
    if row["state"] != "closed":
        had = len(admin.get("/quality", condition=f"conversation_id = {conversation}")["items"])
        admin.post(f"/conversation/{conversation}/action/close", {"version": row["version"]})
        wait_for(lambda: len(admin.get("/quality", condition=f"conversation_id = {conversation}")["items"]) > had)


def hang_more(admin, rng, board, customer, she):
    """Some of each on a customer's file. Returns {person in the other system: conversation}."""
    people_of = {}
    if rng.random() < 0.4:
        made = ask_bot(admin, she)
        if rng.random() < 0.5:
            answer(admin, rng, made)
            end(admin, made)
    for _ in range(rng.randrange(3)):
        person, made = board.hand_over(rng, customer)
        people_of[person] = made
        if rng.random() < 0.5:
            answer(admin, rng, made)
            end(admin, made)
    if rng.random() < 0.3:
        board.call(customer)
    return people_of


def file_of(admin, conversation):
    """What a conversation holds: its messages in order, with what is in their files."""
    return [(m["no"], m["text"], m["visibility"], [admin.http.get(f"/file/{f['id']}/content").content for f in m["files"]]) for m in people.everything_said(admin, conversation)]


def more_of(admin, kind, row_id):
    if kind == "conversation":
        return {"messages": file_of(admin, row_id)}
    return {"findings": admin.get(f"/quality/{row_id}/inspection")["findings"]} if kind == "quality" else {}


# Tickets -------------------------------------------------------------------------------------------------------------------------

@pytest.fixture
def mates(server, admin):
    made = [new_user(server, admin, ["ticket.read", "ticket.work"], "all") for _ in range(2)]
    yield made
    for client in made:
        client.close()


def watch(client, ticket, on=True):
    client.post(f"/ticket/{ticket}/watch", {"on": on})


def watchers(admin, ticket):
    return admin.get(f"/ticket/{ticket}/watch")["watchers"]


NEXT = {"proposed": "approve", "approved": "grant"}


def plan_goes_on(admin, plan):
    """One move further, while there is one."""
    row = admin.get(f"/compensation/{plan}")
    if row["state"] in NEXT:
        admin.post(f"/compensation/{plan}/action/{NEXT[row['state']]}", {"version": row["version"]})


def plan_on(admin, rng, ticket):
    made = admin.post("/compensation", {"ticket_id": ticket, "cause": "上门迟到", "coupon_fen": 100, "refund_fen": rng.choice([0, 100])})["id"]
    for _ in range(rng.randrange(3)):
        plan_goes_on(admin, made)
    return made


def talk_on(admin, rng, board, customer, ticket):
    """A conversation that belongs to the ticket: (person, conversation)."""
    person, made = board.hand_over(rng, customer)
    admin.post(f"/conversation/{made}/ticket", {"ticket_id": ticket})
    if rng.random() < 0.5:
        answer(admin, rng, made)
        end(admin, made)
    return person, made


def hang_on_ticket(admin, rng, board, customer, ticket, plans=True):
    """Plans and conversations; the latter by person."""
    for _ in range(rng.randrange(2) if plans else 0):
        plan_on(admin, rng, ticket)
    return dict(talk_on(admin, rng, board, customer, ticket) for _ in range(rng.randrange(2)))


BY_TICKET = ("task", "compensation", "compensation_grant", "conversation", "purchase_proof")


def of_ticket(admin, kind, ticket):
    if kind == "purchase_proof":        # a proof of no device yet is listed with its ticket
        return [row["id"] for row in admin.get(f"/ticket/{ticket}/proof")["items"]]
    return [row["id"] for row in admin.get(f"/{kind}", filter=f'[["ticket_id","=","{ticket}"]]', limit=200)["items"]]
