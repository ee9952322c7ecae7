"""Conversations wait in queues and are given to people: each to one, in order, as much as fits; she sees where she stands."""
import uuid
from concurrent.futures import ThreadPoolExecutor

import people
import pytest
from chat_floor import Hall
from desk import at, opened

from client import Client
from listener import Listener
from patience import wait_for


@pytest.fixture
def hall(server, admin):
    made = Hall(server, admin)
    yield made
    for queue in admin.get("/chat_queue", limit=100)["items"]:
        if queue["team_id"] == made.team:
            admin.post(f"/chat_queue/{queue['id']}/archive", {"version": queue["version"]})
    made.close()


def owner(hall, conversation):
    return hall.row(conversation)["owner_id"]


def given(hall, conversation):
    return wait_for(lambda: owner(hall, conversation), why=lambda: f"nobody is given {hall.row(conversation)}")


@pytest.mark.quick
def test_who_comes_is_given_to_who_is_free_and_hears_of_it(hall):
    queue, agent = hall.queue(), hall.person()
    conversation = hall.asks()
    assert given(hall, conversation) == agent.id
    row = hall.row(conversation)
    assert (row["state"], row["queue_id"], row["team_id"]) == ("active", queue["id"], hall.team) and row["offered_at"] == row["taken_at"] > 0
    assert wait_for(lambda: [n for n in agent.get("/notification")["items"] if n["kind"] == "chat_given" and n["object_id"] == conversation])


def test_nobody_ready_she_waits_and_is_given_out_as_soon_as_somebody_is(hall):
    """chatwoot 10583: what waited is taken up when an agent comes free."""
    hall.queue()
    agent = hall.person(ready=False)
    conversation = hall.asks()
    assert owner(hall, conversation) is None and hall.row(conversation)["state"] == "waiting"
    agent.post("/desk/me", {"ready": True})
    assert given(hall, conversation) == agent.id


def test_past_her_room_nothing_is_given_until_one_ends(hall):
    hall.queue()
    agent = hall.person(chats_most=1)
    first = hall.asks()
    assert given(hall, first) == agent.id
    second = hall.asks()
    customer = hall.customer()
    third = hall.asks(customer)
    shown = wait_for(lambda: customer.get(f"/my/conversation/{third}")["queue"])
    assert (owner(hall, second), owner(hall, third), shown["place"]) == (None, None, 2)
    hall.act(first, "close", agent)
    assert given(hall, second) == agent.id, "who waited longest"
    assert customer.get(f"/my/conversation/{third}")["queue"]["place"] == 1


def test_it_is_spread_evenly(hall):
    """chatwoot 11034, 13050; zammad 854: by load, not by chance."""
    hall.queue()
    agents = [hall.person(chats_most=3) for _ in range(3)]
    conversations = [hall.asks() for _ in range(9)]
    owners = [given(hall, k) for k in conversations]
    assert {a.id: owners.count(a.id) for a in agents} == {a.id: 3 for a in agents}


def test_on_a_break_nothing_is_given(hall):
    hall.queue()
    agent = hall.person()
    reason = agent.get("/duty/me")["reasons"][0]["id"]
    agent.post("/duty/me", {"state": "break", "reason_id": reason})
    assert agent.get("/desk/me")["state"] == "paused"
    conversation = hall.asks()
    assert owner(hall, conversation) is None
    agent.post("/duty/me", {"state": "on"})
    assert given(hall, conversation) == agent.id


@pytest.mark.quick
def test_two_who_take_the_next_at_once_never_get_the_same(hall):
    hall.queue(give_by="pull")
    agents = [hall.person(chats_most=50) for _ in range(4)]
    waiting = [hall.asks() for _ in range(12)]
    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(lambda n: agents[n % 4].post("/desk/next", {})["conversation"]["id"], range(12)))
    assert sorted(taken) == sorted(waiting) and agents[0].post("/desk/next", {}) == {"conversation": None, "outcome": "none"}


def test_what_is_pulled_is_given_to_nobody_and_comes_in_order(hall):
    hall.queue(give_by="pull")
    agent = hall.person(chats_most=1)
    first, second = hall.asks(), hall.asks()
    assert agent.post("/desk/next", {})["conversation"]["id"] == first and owner(hall, second) is None
    assert agent.post("/desk/next", {})["outcome"] == "full"
    hall.act(first, "close", agent)
    assert agent.post("/desk/next", {})["conversation"]["id"] == second


def test_valued_customers_and_urgent_queues_come_first(hall):
    hall.queue(give_by="pull")
    hall.queue(give_by="pull", priority=1, condition=hall.condition(f"{hall.mark} 急"))
    agent = hall.person(chats_most=50)
    plain, valued, urgent = hall.asks(), hall.asks(hall.customer(level="vip")), hall.asks(hall.customer(note=f"{hall.mark} 急"))
    assert [agent.post("/desk/next", {})["conversation"]["id"] for _ in range(3)] == [urgent, valued, plain]


def test_who_served_her_last_serves_her_again(hall):
    hall.queue()
    first = hall.person()
    customer = hall.customer()
    before = hall.asks(customer)
    assert given(hall, before) == first.id
    hall.act(before, "close", first)
    others = [hall.person() for _ in range(2)]
    again = hall.asks(customer)
    assert given(hall, again) == first.id and others


def test_what_is_put_back_goes_to_somebody_else(hall):
    hall.queue()
    agent = hall.person()
    conversation = hall.asks()
    assert given(hall, conversation) == agent.id
    hall.act(conversation, "put_back", agent)
    other = hall.person()
    assert given(hall, conversation) == other.id


def test_a_language_is_spoken_where_the_queue_asks_for_it(hall):
    hall.queue(by_language=True)
    chinese, english = hall.person(), hall.person(speaks="en")
    assert given(hall, hall.asks(hall.customer(lang="en"))) == english.id
    assert given(hall, hall.asks()) == chinese.id


def hands_over(hall, text, customer=None, **more):
    """Another system hands over what she wrote: it tells no language and no product."""
    customer = customer or hall.customer()
    return hall.admin.post("/intake/message", {"system": "app", "person": uuid.uuid4().hex, "external_id": uuid.uuid4().hex, "text": text, "customer_id": customer.id} | more)["conversation_id"]


def test_her_words_tell_the_language_where_nobody_has_said_it(hall):
    english_queue = hall.queue(condition=f"{hall.condition()} and lang = en")
    rest = hall.queue(by_language=True)
    chinese, english = hall.person(), hall.person(speaks="en")
    asked = {text: hands_over(hall, text) for text in ("My dishwasher does not drain, please help", "洗碗机不排水", "BCD-468WP E3")}
    assert [(hall.row(k)["lang"], hall.row(k)["queue_id"]) for k in asked.values()] == [("en", english_queue["id"]), ("zh", rest["id"]), ("zh", rest["id"])]
    assert given(hall, asked["洗碗机不排水"]) == given(hall, asked["BCD-468WP E3"]) == chinese.id and english.id
    other = hands_over(hall, "怎么预约", hall.customer(lang="en"))
    assert hall.row(other)["lang"] == "en" and given(hall, other) in (chinese.id, english.id), "what her file says, somebody has chosen"


def knows(hall, person, product, level):
    hall.admin.post("/user_skill", {"user_id": person.id, "product_id": product, "level": level})


def test_a_talk_about_a_dishwasher_goes_to_who_knows_dishwashers(hall):
    hall.queue(skill_least=3)
    washer, dishwasher = people.product_of(hall.admin, "washer"), people.product_of(hall.admin, "dishwasher")
    other, expert = hall.person(ready=False), hall.person(ready=False)
    knows(hall, other, washer, 5)
    knows(hall, expert, dishwasher, 3)
    for person in (other, expert):
        person.post("/desk/me", {"ready": True})
    for text in ("洗碗机不排水", "our Dishwasher does not drain"):
        conversation = hands_over(hall, text)
        assert hall.row(conversation)["product_id"] == dishwasher and given(hall, conversation) == expert.id
    both = hands_over(hall, "洗碗机和洗衣机都不转")
    assert hall.row(both)["product_id"] is None, "nobody can say which"


@pytest.mark.quick
def test_transferred_with_a_note_the_next_one_knows_what_it_is_about(hall):
    queue, agent, colleague = hall.queue(), hall.person(), hall.person(ready=False)
    customer = hall.customer(level="vip")
    conversation = hall.asks(customer, "洗衣机漏水，昨天刚修过")
    assert given(hall, conversation) == agent.id
    hall.act(conversation, "assign", agent, owner_id=colleague.id, note="要开发票，我不会")
    notes = [m["text"] for m in colleague.get(f"/conversation/{conversation}/message")["items"] if m["visibility"] == "internal"]
    assert len(notes) == 1 and all(word in notes[0] for word in ("要开发票", "VIP", "洗衣机漏水", "Open tickets"))
    assert len(customer.get(f"/my/conversation/{conversation}/message")["items"]) == 1, "the customer reads nothing of it"
    row = hall.act(conversation, "enqueue", colleague, queue_id=queue["id"], note="还是请维修组看")
    assert (row["state"], row["owner_id"], row["queue_id"]) == ("waiting", None, queue["id"])


def test_a_whisper_is_read_by_who_has_it_and_by_supervisors_alone(server, hall):
    hall.queue()
    agent, other, boss = hall.person(), hall.person(ready=False), hall.person("supervisor", ready=False)
    customer = hall.customer()
    conversation = hall.asks(customer)
    assert given(hall, conversation) == agent.id
    hears = Listener(server, customer, "/my/stream")
    hears.subscribe(f"conversation:{conversation}")
    word = f"先道歉{uuid.uuid4().hex[:6]}"
    boss.post(f"/conversation/{conversation}/message", {"text": word, "visibility": "whisper"})
    other.post(f"/conversation/{conversation}/message", {"text": word, "visibility": "whisper"}, status=403)
    agent.post(f"/conversation/{conversation}/message", {"text": "给您添麻烦了", "visibility": "public"})
    heard = hears.heard(lambda e: e.get("kind") == "conversation.replied")
    assert not [e for e in heard if e.get("kind") == "conversation.noted"]

    def read_by(client, mine=""):
        return [m["text"] for m in client.get(f"{mine}/conversation/{conversation}/message")["items"]]
    assert word in read_by(agent) and word in read_by(boss) and word not in read_by(other) and word not in read_by(customer, "/my")
    assert wait_for(lambda: [n for n in agent.get("/notification")["items"] if n["kind"] == "whisper"])
    boss.post(f"/conversation/{conversation}/message", {"text": "我是主管，我来跟进", "visibility": "public"})
    assert owner(hall, conversation) == agent.id and "我是主管，我来跟进" in read_by(customer, "/my"), "barging in takes it from nobody"


def test_supervisors_see_the_hall(hall):
    queue, agent, boss = hall.queue(), hall.person(chats_most=1), hall.person("supervisor", ready=False)
    served, waits = hall.asks(), None
    assert given(hall, served) == agent.id
    waits = hall.asks()
    floor = boss.get("/desk/floor")
    mine = next(q for q in floor["queues"] if q["id"] == queue["id"])
    assert (mine["waiting"], mine["free"], mine["busy"], mine["taken"]) == (1, 0, 1, 1) and mine["longest_since"] == hall.row(waits)["queued_at"]
    her = next(a for a in floor["agents"] if a["id"] == agent.id)
    assert (her["state"], her["chats"], her["most"], [k["id"] for k in her["conversations"]]) == ("ready", 1, 1, [served])
    assert waits in [k["id"] for k in floor["waiting"]]
    agent.get("/desk/floor", status=403)


@pytest.mark.quick
def test_a_ticket_of_it_in_one_step(hall):
    """chatwoot 1093: a conversation becomes a ticket, with what is known filled in, linked both ways."""
    hall.queue()
    agent = hall.person()
    conversation = hall.asks(text="你们的态度太差了，我要投诉，冰箱漏水")
    given(hall, conversation)
    made = agent.post(f"/conversation/{conversation}/ticket", {})
    ticket = agent.get(f"/ticket/{made['ticket']['id']}")
    row = hall.row(conversation)
    assert (ticket["scene"], ticket["channel"], ticket["customer_id"], row["ticket_id"]) == ("complaint", "web", row["customer_id"], ticket["id"])
    assert "冰箱漏水" in ticket["description"]
    assert agent.post(f"/conversation/{conversation}/ticket", {})["ticket"]["id"] == ticket["id"], "pressed twice, it is the same one"
    other = hall.asks(text="想装空调")
    assert agent.post(f"/conversation/{other}/ticket", {"ticket_id": ticket["id"]}, status=422)["error"]["fields"][0]["field"] == "ticket_id", "it is somebody else's"


def test_a_note_asks_a_colleague(hall):
    hall.queue()
    agent, colleague = hall.person(), hall.person(ready=False)
    conversation = hall.asks()
    given(hall, conversation)
    agent.post(f"/conversation/{conversation}/message", {"text": "这个型号的风门怎么查？", "visibility": "internal", "user_ids": [colleague.id]})
    assert wait_for(lambda: [n for n in colleague.get("/notification")["items"] if n["kind"] == "mention" and n["object_id"] == conversation])


def test_a_queue_that_makes_no_sense_is_refused(hall):
    for wrong, field in (({"priority": 0}, "priority"), ({"condition": "nonsense = 1"}, "condition"), ({"team_id": "1"}, "team_id"), ({"name": ""}, "name")):
        answer = hall.admin.post("/chat_queue", {"name": "乱", "team_id": hall.team, "condition": hall.condition()} | wrong, status=422)
        assert [f["field"].split("[")[0] for f in answer["error"]["fields"]] == [field]
    queue = hall.queue()
    hall.admin.patch(f"/chat_queue/{queue['id']}", {"version": queue["version"], "overflow_id": queue["id"]}, status=422)


# By the clock ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def later(timed):
    admin = Client(timed.url).sign_in(*timed.company.accounts[0])
    hall = Hall(timed, admin)
    yield hall
    for queue in admin.get("/chat_queue", limit=100)["items"]:
        if queue["team_id"] == hall.team:
            admin.post(f"/chat_queue/{queue['id']}/archive", {"version": queue["version"]})
    hall.close()
    admin.close()


def test_what_goes_to_a_team_without_a_queue_stands_in_that_of_everybody(later):
    hall = later
    for_some = hall.admin.post("/chat_queue", {"name": "贵宾", "place": 90, "condition": 'customer.level = "vip"'})
    everybody = hall.admin.post("/chat_queue", {"name": "全员", "place": 91})
    first = next(q for q in sorted(hall.admin.get("/chat_queue", limit=100)["items"], key=lambda q: (q["place"], int(q["id"]))) if not q["team_id"] and not q["condition"])
    conversation = hall.asks()
    row = hall.act(conversation, "route", team_id=hall.team)
    assert (row["state"], row["queue_id"], row["team_id"]) == ("waiting", first["id"], hall.team)
    own = hall.queue()
    assert hall.act(conversation, "route", team_id=hall.team)["queue_id"] == own["id"]
    for queue in (for_some, everybody):
        hall.admin.post(f"/chat_queue/{queue['id']}/archive", {"version": queue["version"]})


def test_after_a_while_the_people_of_another_queue_help(later):
    helpers = Hall(later.server, later.admin)
    help_queue = helpers.queue()
    later.queue(overflow_id=help_queue["id"], overflow_seconds=60)
    helper = helpers.person()
    conversation = later.asks()
    later.server.clock.move(30)
    assert owner(later, conversation) is None
    later.server.clock.move(31)
    assert wait_for(lambda: owner(later, conversation), clock=later.server.clock) == helper.id
    row = later.admin.get(f"/chat_queue/{help_queue['id']}")
    later.admin.post(f"/chat_queue/{row['id']}/archive", {"version": row["version"]})
    helpers.close()


def test_who_does_not_answer_loses_it_and_is_given_nothing_more(later):
    later.queue()
    agent = later.person()
    conversation = later.asks()
    assert wait_for(lambda: owner(later, conversation), clock=later.server.clock) == agent.id
    later.server.clock.move(121)
    assert wait_for(lambda: owner(later, conversation) is None, clock=later.server.clock)
    row = later.row(conversation)
    assert (row["state"], row["taken_at"]) == ("waiting", None) and agent.get("/desk/me")["ready"] is False
    other = later.person()
    assert wait_for(lambda: owner(later, conversation), clock=later.server.clock) == other.id


def test_what_she_has_answered_stays_hers(later):
    later.queue()
    agent = later.person()
    conversation = later.asks()
    assert wait_for(lambda: owner(later, conversation), clock=later.server.clock) == agent.id
    agent.post(f"/conversation/{conversation}/message", {"text": "您好", "visibility": "public"})
    later.server.clock.move(300)
    assert wait_for(lambda: later.row(conversation), clock=later.server.clock)["owner_id"] == agent.id


def test_the_expected_wait_follows_from_the_pace_of_the_last_hour(later):
    later.queue(give_by="pull")
    agent = later.person(chats_most=50)
    for _ in range(4):
        later.asks()
        agent.post("/desk/next", {})
    customer = later.customer()
    later.asks()
    second = later.asks(customer)
    shown = customer.get(f"/my/conversation/{second}")["queue"]
    assert shown == {"place": 2, "wait_ms": 2 * 300_000 // 4, "opens_at": None}



def test_outside_of_service_hours_she_is_told_and_called_back(company, tmp_path):
    """Nobody is there, so nobody is late: her wait begins with the service hours."""
    with opened(company, tmp_path, at("2027-03-01", "23:00")) as desk:
        night = Hall(desk.server, desk.admin)
        hotline = next(k for k in desk.admin.get("/calendar", limit=50)["items"] if k["code"] == "hotline")
        night.queue(calendar_id=hotline["id"])
        agent, customer = night.person(), night.customer()
        conversation = night.asks(customer)
        opens = night.row(conversation)["away_until"]
        assert opens == at("2027-03-02", "08:00") and night.row(conversation)["state"] == "waiting"
        said = customer.get(f"/my/conversation/{conversation}/message")["items"]
        assert [m["actor"]["kind"] for m in said] == ["customer", "system"] and "明天 08:00" in said[1]["text"]
        assert customer.get(f"/my/conversation/{conversation}")["queue"] == {"place": None, "wait_ms": None, "opens_at": opens}
        tasks = [t for t in desk.admin.get("/task", limit=50, sort="-created_at")["items"] if t["kind"] == "call_back" and t["customer_id"] == customer.id]
        assert [(t["due_at"], t["team_id"], t["state"]) for t in tasks] == [(opens, night.team, "open")]

        def clocks():
            return {k["measure"]: k for k in desk.admin.get("/clock", object="conversation", object_id=conversation)["items"]}
        assert {k["state"] for k in clocks().values()} == {"paused"}
        desk.clock.set(at("2027-03-02", "08:00") + 1000)
        agent.post("/desk/me", {"ready": True})
        assert wait_for(lambda: owner(night, conversation), clock=desk.clock) == agent.id
        assert clocks()["queue"]["state"] == "met" and not clocks()["queue"]["breached_at"]

        def cases(code):
            return next(p for p in desk.admin.get("/promise/figures", period="day", day="2027-03-01")["items"] if p["code"] == code)["cases"]
        agent.post(f"/conversation/{conversation}/message", {"text": "您好，夜里的留言收到了", "visibility": "public"})
        wait_for(lambda: cases("chat_answered") == 1, clock=desk.clock)
        assert cases("chat_first_response") == 0, "the night was promised to the call-back, also once she was answered"
        night.close()


def test_a_company_promises_its_conversations(later):
    later.queue()
    agent = later.person()
    customer = later.customer()
    conversation = later.asks(customer)
    wait_for(lambda: owner(later, conversation), clock=later.server.clock)
    agent.post(f"/conversation/{conversation}/message", {"text": "您好", "visibility": "public"})
    later.act(conversation, "close", agent)
    customer.post(f"/my/conversation/{conversation}/rating", {"rating": 5})
    codes = {p["code"] for p in later.admin.get("/promise", limit=100)["items"]}
    assert {"chat_first_response", "chat_answered", "chat_satisfaction"} <= codes
