"""Other systems hand over messages by the API: once each, one conversation for a person however many come at once, answers by webhook."""
import json
import threading
import uuid

import httpx
import pytest
from patience import wait_for
from test_conversation import said, say
from test_file import png, upload

from client import Client
from gateway import Gateway
from server import Server

pytestmark = pytest.mark.quick
AT_ONCE = 200


class World:
    def __init__(self, company):
        self.server = Server(company, environment={"ANXIN_OUTBOUND_ALLOW": "127.0.0.0/8"})
        self.server.__enter__()
        self.admin = Client(self.server.url).sign_in(*company.accounts[0])
        self.hook = Gateway()

    def message(self, person=None, **more):
        return {"system": "erp", "person": person or uuid.uuid4().hex, "external_id": uuid.uuid4().hex, "text": f"扫地机不充电 {uuid.uuid4().hex[:6]}"} | more

    def close(self):
        self.server.__exit__(None, None, None)
        self.hook.close()


@pytest.fixture(scope="module")
def world(engine, demos, tmp_path_factory):
    copy = demos(engine).copy(tmp_path_factory.mktemp("intake") / "data")
    made = World(copy)
    yield made
    made.close()
    copy.drop()


def test_a_message_is_taken_in_once_by_its_external_id(world):
    message = world.message(name="钱多多")
    first = world.admin.post("/intake/message", message)
    assert world.admin.post("/intake/message", message) == first == {"conversation_id": first["conversation_id"], "no": 1, "customer_id": first["customer_id"], "state": first["state"]}
    k = world.admin.get(f"/conversation/{first['conversation_id']}")
    assert (k["channel"], k["last_no"]) == ("api", 1)
    assert world.admin.get(f"/customer/{k['customer_id']}")["kind"] == "visitor"
    again = world.admin.post("/intake/message", world.message(message["person"]))
    assert (again["conversation_id"], again["no"]) == (first["conversation_id"], 2)
    other = world.admin.post("/intake/message", world.message(message["person"], external_id=message["external_id"], system="crm"))
    assert other["conversation_id"] != first["conversation_id"] and other["no"] == 1


def test_a_newcomers_file_says_in_which_language_she_began(world):
    for text, lang in (("My dishwasher leaks since yesterday, please send somebody", "en"), ("洗碗机漏水", "zh"), ("E3", "zh")):
        taken = world.admin.post("/intake/message", message := world.message(text=text))
        assert world.admin.get(f"/customer/{taken['customer_id']}")["lang"] == lang
        world.admin.post("/intake/message", world.message(message["person"], text="Thank you, and what about the filter?"))
        assert world.admin.get(f"/customer/{taken['customer_id']}")["lang"] == lang, "it is hers to change from then on"


def test_what_is_wrong_says_so_and_changes_nothing(world):
    good = world.message()
    for change, field in (({"text": " "}, "text"), ({"person": ""}, "person"), ({"external_id": None}, "external_id"), ({"system": "x" * 41}, "system"), ({"customer_id": "77"}, "customer_id"), ({"product_id": "77"}, "product_id"),
                          ({"file_ids": ["77"]}, "file_ids")):
        body = {k: v for k, v in (good | change).items() if v is not None}
        assert field in str(world.admin.post("/intake/message", body, status=(400, 422))["error"]), change
    assert world.admin.post("/intake/message", good)["no"] == 1


def test_files_and_a_known_customer(world):
    customer = world.admin.post("/customer", {"name": "周舟"})
    file = upload(world.admin, "底座.png", png())
    answer = world.admin.post("/intake/message", world.message(customer_id=customer["id"], file_ids=[file], text=""))
    assert answer["customer_id"] == customer["id"]
    message = said(world.admin, answer["conversation_id"])[0]
    assert [f["id"] for f in message["files"]] == [file] and message["actor"]["kind"] == "customer"


def test_two_hundred_first_messages_at_once_open_one_conversation(world):
    person, answers = uuid.uuid4().hex, []
    heads = {"Cookie": "; ".join(f"{c.name}={c.value}" for c in world.admin.http.cookies.jar)} | dict(world.admin.http.headers)
    lock = threading.Lock()

    def send(part):
        with httpx.Client(timeout=60, trust_env=False, headers=heads) as http:
            for _ in range(part):
                got = http.post(f"{world.server.url}/api/v1/intake/message", json=world.message(person))
                with lock:
                    answers.append((got.status_code, got.json()))
    threads = [threading.Thread(target=send, args=(AT_ONCE // 20,)) for _ in range(20)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert {status for status, _ in answers} == {200} and len({a["conversation_id"] for _, a in answers}) == 1 and sorted(a["no"] for _, a in answers) == list(range(1, AT_ONCE + 1))


def test_the_answer_goes_back_by_a_webhook(world):
    hook = world.admin.post("/webhook", {"name": "ERP", "url": world.hook.url, "state": "on"})
    world.admin.post("/rule", {"name": "回复转给 ERP", "object": "conversation", "state": "on", "events": ["replied"], "condition": "channel = api", "actions": [{"do": "webhook", "webhook_id": hook["id"]}]})
    k = world.admin.post("/intake/message", world.message())["conversation_id"]
    say(world.admin, k, "您好，请把充电座擦一擦")
    _status, heads, body = wait_for(lambda: next((g for g in world.hook.got if k in g[2].decode()), None))
    told = json.loads(body)
    assert told["type"] == "conversation.replied" and heads["webhook-signature"].startswith("v1,")
    page = world.admin.get(f"/conversation/{k}/message", after=1)["items"]
    assert [m["text"] for m in page if m["visibility"] == "public"] == ["您好，请把充电座擦一擦"]
