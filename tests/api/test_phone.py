"""Calls as events: signed, in any order, more than once; who rings at whom, what is promised when nobody answers, calling by a click."""
import itertools
import json
import uuid

import people
import pytest
from cti import Cti, line_of, sign
from desk import opened
from patience import wait_for
from test_routing import Hall, at

from client import Client
from gateway import Gateway
from server import Clock, Server

HOUR, MINUTE = 3600, 60


class World:
    def __init__(self, company, folder):
        self.company, self.clock = company, Clock(folder / "clock")
        self.dialler = Gateway()
        self.server = Server(company, clock=self.clock, environment={"ANXIN_OUTBOUND_ALLOW": "127.0.0.0/8"})
        self.server.__enter__()
        self.account = company.accounts[0]
        self.admin = Client(self.server.url).sign_in(*self.account)
        self.me = self.admin.get("/session")["user"]["id"]
        self.change(f"/user/{self.me}", extension="8001")
        self.line = line_of(self.admin, dial_url=self.dialler.url)
        self.cti = Cti(self.server.url, self.line["callback"], self.now)

    def now(self):
        return self.clock.ms / 1000

    def change(self, path, **fields):
        return self.admin.patch(path, fields | {"version": self.admin.get(path)["version"]})

    def later(self, seconds):
        self.clock.move(seconds)
        self.admin = Client(self.server.url).sign_in(*self.account)

    def wait(self, ask):
        return wait_for(ask, clock=self.clock, why=lambda: str(self.admin.get("/phone_call", sort="-created_at", limit=3)["items"]))

    def call(self, **same):
        return next((p for p in self.admin.get("/phone_call", sort="-created_at", limit=50)["items"] if all(p[k] == v for k, v in same.items())), None)

    def mine(self):
        return self.admin.get("/phone/mine")["items"]

    def tasks(self, customer, state="open"):
        return self.admin.get("/task", condition=f'customer_id = {customer} and kind = call_back and state = {state}')["items"]

    def notes(self, conversation):
        return [m["text"] for m in self.admin.get(f"/conversation/{conversation}/message")["items"] if m["visibility"] == "internal"]

    def ring(self, phone, extension="8001", **more):
        name = uuid.uuid4().hex
        self.cti.event(name, "ringing", direction="in", caller=phone, called="4008001234", extension=extension, **more)
        return name, self.admin.get("/phone_call", sort="-created_at", limit=1)["items"][0]

    def close(self):
        self.server.__exit__(None, None, None)
        self.dialler.close()


@pytest.fixture(scope="module")
def world(engine, demos, tmp_path_factory):
    folder = tmp_path_factory.mktemp("phone")
    copy = demos(engine).copy(folder / "data")
    made = World(copy, folder)
    yield made
    made.close()
    copy.drop()


def test_what_is_not_signed_or_fresh_is_refused_and_changes_nothing(world):
    before = len(world.admin.get("/phone_call", limit=200)["items"])
    said = {"call": "x", "event": "ringing", "direction": "in", "caller": people.new_phone()}
    old = str(int(world.now()) - HOUR)
    for change in ({"signature": "0" * 64}, {"signature": None}, {"id": None}, {"id": "other"}, {"timestamp": old}, {"timestamp": old, "signature": sign(old, "n", json.dumps(said).encode()), "id": "n"},
                   {"timestamp": "x"}, {"timestamp": "9" * 30}):
        assert world.cti.post(said, **change).status_code == 403, change
    assert Cti(world.server.url, "0" * 32, world.now).post(said).status_code == 404
    for wrong in (said | {"event": "sings"}, {"event": "ringing"}, said | {"at": "now"}):
        assert world.cti.post(wrong).status_code in (400, 422), wrong
    assert len(world.admin.get("/phone_call", limit=200)["items"]) == before


def test_the_same_call_comes_of_its_events_in_every_order_and_however_often(world):
    ends = set()
    for order in itertools.permutations(range(4)):
        phone, name = people.new_phone(), uuid.uuid4().hex
        events = world.cti.events(name, phone)
        for i in order:
            for _ in range(2):
                assert world.cti.post(events[i], name=f"{name}-{i}").status_code == 200
        p = world.admin.get("/phone_call", sort="-created_at", limit=1)["items"][0]
        k = world.admin.get(f"/conversation/{p['conversation_id']}")
        ends.add((p["state"], p["direction"], p["seconds"], p["extension"], p["user_id"], p["transfers"], p["ended_at"] - p["rang_at"], k["state"], k["owner_id"], k["first_response_at"] > 0, k["waiting_since"]))
    assert len(ends) == 1 and next(iter(ends))[:6] == ("ended", "in", 192, "8001", world.me, 0), ends
    assert world.call(number=None) is None


def test_a_call_is_written_down_once_and_its_number_is_masked(world):
    phone, name = people.new_phone(), uuid.uuid4().hex
    for said in world.cti.events(name, phone):
        assert world.cti.post(said).status_code == 200
    p = world.admin.get("/phone_call", sort="-created_at", limit=1)["items"][0]
    assert phone not in json.dumps(p) and p["number"].endswith(phone[-4:])
    world.wait(lambda: world.notes(p["conversation_id"]))
    world.clock.move(HOUR)
    assert [n.split("，")[0:2] for n in world.notes(p["conversation_id"])] == [["来电已接听", "通话 3 分 12 秒"]]
    found = world.admin.get("/phone_call", q=phone)["items"]
    assert [x["id"] for x in found] == [p["id"]]


def test_who_rings_pops_up_at_her_extension_as_a_hint(world):
    phone = people.new_phone()
    customer = world.admin.post("/customer", {"name": "李娜", "phone": phone})
    name, p = world.ring(phone)
    shown = next(x for x in world.mine() if x["call"]["id"] == p["id"])
    assert shown["known"] is False and [x["customer"]["id"] for x in shown["customers"]] == [customer["id"]]
    assert p["customer_id"] != customer["id"]
    after = world.admin.post(f"/phone_call/{p['id']}/confirm", {"customer_id": customer["id"]})
    assert after["known"] is True and after["customers"][0]["customer"]["id"] == customer["id"]
    assert world.admin.get(f"/conversation/{p['conversation_id']}")["customer_id"] == customer["id"]
    world.cti.event(name, "hung_up")
    assert p["id"] not in [x["call"]["id"] for x in world.mine()]
    _name, again = world.ring(phone)
    assert again["customer_id"] == customer["id"]
    world.cti.event(_name, "hung_up")
    world.admin.post(f"/phone_call/{again['id']}/confirm", {"customer_id": customer["id"]}, status=409)


def test_a_missed_call_is_called_back_once_until_she_is_answered(world):
    phone = people.new_phone()
    for _ in range(3):
        name, p = world.ring(phone)
        world.clock.move(20)
        world.cti.event(name, "missed")
        world.wait(lambda: world.admin.get(f"/phone_call/{p['id']}")["task_id"])
    tasks = world.tasks(p["customer_id"])
    assert len(tasks) == 1 and 0 < tasks[0]["due_at"] - world.clock.ms <= 30 * MINUTE * 1000
    assert world.notes(p["conversation_id"])[0].startswith("未接来电，响铃 2")
    name, _p = world.ring(phone)
    world.cti.event(name, "answered", extension="8001")
    assert world.tasks(p["customer_id"]) == []
    done = world.tasks(p["customer_id"], "done")
    assert [(t["outcome"], t["result"]) for t in done] == [("spoken", "客户再次来电，已接听")]
    world.cti.event(name, "hung_up")


def test_an_answer_that_is_told_late_takes_the_promise_back(world):
    name, p = world.ring(people.new_phone())
    at = world.now()
    world.cti.event(name, "hung_up", at=at + 30)
    world.wait(lambda: world.tasks(p["customer_id"]))
    world.cti.event(name, "answered", at=at + 3, extension="8001")
    assert world.tasks(p["customer_id"]) == [] and world.admin.get(f"/phone_call/{p['id']}")["seconds"] == 27


def test_calling_by_a_click_is_asked_once_and_ends_what_she_waits_for(world):
    phone = people.new_phone()
    customer = world.admin.post("/customer", {"name": "赵敏", "phone": phone})
    task = world.admin.post("/task", {"title": "请回访", "kind": "call_back", "customer_id": customer["id"]})
    p = world.admin.post("/phone/dial", {"customer_id": customer["id"]})
    asked = world.wait(lambda: next((c for c in world.dialler.calls if c[3]["ref"] == p["id"]), None))[3]
    assert (asked["to"], asked["extension"]) == (f"+86{phone}", "8001")
    name = uuid.uuid4().hex
    world.cti.event(name, "ringing", direction="out", called=phone, extension="8001", ref=p["id"])
    world.cti.event(name, "answered", direction="out", called=phone, extension="8001")
    now = world.admin.get(f"/phone_call/{p['id']}")
    assert (now["state"], now["customer_id"]) == ("talking", customer["id"])
    assert world.admin.get(f"/task/{task['id']}")["state"] == "done"
    world.cti.event(name, "hung_up", direction="out")
    world.wait(lambda: world.notes(now["conversation_id"] or world.admin.get(f"/phone_call/{p['id']}")["conversation_id"]))
    assert len([c for c in world.dialler.calls if c[3]["ref"] == p["id"]]) == 1


def test_a_telephone_system_that_refuses_is_told_to_who_called(world):
    customer = world.admin.post("/customer", {"name": "孙丽", "phone": people.new_phone()})
    world.dialler.answers.append(503)
    p = world.admin.post("/phone/dial", {"customer_id": customer["id"]})
    world.wait(lambda: world.admin.get(f"/phone_call/{p['id']}")["state"] == "missed")
    assert len([c for c in world.dialler.calls if c[3]["ref"] == p["id"]]) == 1 and world.tasks(customer["id"]) == []
    nobody = world.admin.post("/customer", {"name": "无号码"})
    world.admin.post("/phone/dial", {"customer_id": nobody["id"]}, status=422)
    world.change(f"/user/{world.me}", extension="")
    assert world.admin.post("/phone/dial", {"customer_id": customer["id"]}, status=409)["error"]["code"] == "no_extension"
    world.change(f"/user/{world.me}", extension="8001")


def test_an_attempt_that_failed_before_it_asked_is_made_again_and_one_that_was_cut_off_is_not(world):
    customer = world.admin.post("/customer", {"name": "周强", "phone": people.new_phone()})

    def asked(p):
        return len([c for c in world.dialler.calls if c[3]["ref"] == p["id"]])
    failed, cut = (world.admin.post("/phone/dial", {"customer_id": customer["id"]}) for _ in range(2))
    world.wait(lambda: asked(failed) == asked(cut) == 1)
    world.server.stop()
    for p, error in ((failed, "busy"), (cut, "")):
        world.company.execute(f"INSERT INTO job (tenant, id, kind, run_at, state, attempts, last_error, unique_key) SELECT tenant, id, 'phone.dial', 1, 'waiting', 1, '{error}', '{p['id']}' FROM phone_call WHERE id = {p['id']}")
    world.server.start()
    world.wait(lambda: asked(failed) == 2 and world.admin.get(f"/phone_call/{cut['id']}")["state"] == "missed")
    assert asked(cut) == 1 and world.admin.get(f"/phone_call/{failed['id']}")["state"] == "ringing"
    name = uuid.uuid4().hex
    for what in ("ringing", "hung_up"):
        world.cti.event(name, what, direction="out", called="13900000000", extension="8001", ref=failed["id"])


def test_a_recording_is_heard_with_a_purpose_from_where_recordings_lie(world):
    name = uuid.uuid4().hex
    for said in world.cti.events(name, people.new_phone()):
        world.cti.post(said)
    p = world.admin.get("/phone_call", sort="-created_at", limit=1)["items"][0]
    assert "rec.example.cn" not in json.dumps(p)
    world.admin.post(f"/phone_call/{p['id']}/recording", {}, status=422)
    assert world.admin.post(f"/phone_call/{p['id']}/recording", {"purpose": "核对承诺"})["url"] == "https://rec.example.cn/a.mp3?x=1"
    name, elsewhere = world.ring(people.new_phone())
    world.cti.event(name, "recorded", recording="https://rec.example.cn.evil.cn/a.mp3")
    world.admin.post(f"/phone_call/{elsewhere['id']}/recording", {"purpose": "核对承诺"}, status=422)
    world.cti.event(name, "hung_up")


def test_a_call_takes_room_from_whoever_is_on_it(world):
    team = world.admin.get("/team", limit=1)["items"][0]["id"]
    world.change(f"/user/{world.me}", team_id=team, chats_most=3)
    queue = world.admin.post("/chat_queue", {"name": "电话测试", "team_id": team, "give_by": "push", "place": 1})
    world.admin.post("/desk/me", {"ready": True})
    name, _p = world.ring(people.new_phone())
    visitor, _record = people.new_customer(world.server.url, world.admin)
    k = visitor.post("/my/conversation", {"text": "有人吗", "external_id": uuid.uuid4().hex})["conversation"]["id"]
    world.clock.move(5)
    assert world.admin.get(f"/conversation/{k}")["state"] != "active"
    world.cti.event(name, "hung_up")
    world.wait(lambda: world.admin.get(f"/conversation/{k}")["owner_id"] == world.me)
    world.admin.post("/desk/me", {"ready": False})
    world.admin.post(f"/chat_queue/{queue['id']}/archive", {"version": world.admin.get(f"/chat_queue/{queue['id']}")["version"]})


def test_a_withheld_number_is_a_call_all_the_same(world):
    name = uuid.uuid4().hex
    world.cti.event(name, "ringing", direction="in", caller="anonymous", called="400", extension="8001")
    p = world.admin.get("/phone_call", sort="-created_at", limit=1)["items"][0]
    assert p["number"] is None and p["conversation_id"]
    world.cti.event(name, "hung_up")


def test_a_night_is_promised_and_called_back_in_the_morning(company, tmp_path):
    """A message at 23:00 is answered with the time, a task waits at the opening, an agent calls by a click, and all of it is done."""
    dialler = Gateway()
    with opened(company, tmp_path, at("2027-03-01", "23:00")) as desk:
        night = Hall(desk.server, desk.admin)
        hotline = next(k for k in desk.admin.get("/calendar", limit=50)["items"] if k["code"] == "hotline")
        night.queue(calendar_id=hotline["id"])
        agent, customer = night.person(), night.customer()
        k = night.asks(customer)
        phone = people.new_phone()
        desk.admin.patch(f"/customer/{customer.id}", {"version": desk.admin.get(f"/customer/{customer.id}")["version"], "phone": phone})
        task = next(t for t in desk.admin.get("/task", limit=50, sort="-created_at")["items"] if t["customer_id"] == customer.id)
        assert task["due_at"] == at("2027-03-02", "08:00") and task["state"] == "open"
        line = line_of(desk.admin, dial_url=dialler.url)
        cti = Cti(desk.server.url, line["callback"], lambda: desk.clock.ms / 1000)
        desk.admin.patch(f"/user/{agent.id}", {"version": desk.admin.get(f"/user/{agent.id}")["version"], "extension": "8009"})
        desk.clock.set(at("2027-03-02", "09:00"))
        p = agent.post("/phone/dial", {"customer_id": customer.id})
        for what in ("ringing", "answered"):
            cti.event("n1", what, direction="out", called=phone, extension="8009", ref=p["id"])
        row = desk.admin.get(f"/conversation/{k}")
        assert (row["owner_id"], row["state"], row["waiting_since"]) == (agent.id, "active", None) and row["first_response_at"]
        done = desk.admin.get(f"/task/{task['id']}")
        assert (done["state"], done["outcome"], done["done_by"]) == ("done", "spoken", agent.id)
        cti.event("n1", "hung_up", direction="out")
        night.close()
    dialler.close()
