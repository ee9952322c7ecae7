"""kill -9 while customers come and people take them: each conversation has one owner or waits, nobody has more than fits, nothing is lost."""
import random
import sys
import threading
import time
import uuid
from collections import Counter
from pathlib import Path

import httpx

from client import Client
from server import Server

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "api"))
from chat_floor import Hall  # noqa: E402
from patience import wait_for  # noqa: E402

CUSTOMERS, AGENTS, ROOM, KILLS = 24, 3, 6, 4


def again(client, path, body):
    """Until the server has answered, with the same key: what was done already is done once."""
    key = uuid.uuid4().hex
    while True:
        try:
            answer = client.http.post(path, json=body, headers={"Idempotency-Key": key})
            if answer.status_code < 500:
                return answer
        except httpx.TransportError:
            pass
        time.sleep(0.02)


def test_what_is_given_out_is_given_once_over_kills(engine, company):
    server = Server(company)
    server.start()
    admin = Client(server.url).sign_in(*company.accounts[0])
    hall = Hall(server, admin)
    hall.queue()
    agents = [hall.person(ready=False, chats_most=ROOM) for _ in range(AGENTS)]
    customers = [hall.customer() for _ in range(CUSTOMERS)]
    for agent in agents:
        agent.post("/desk/me", {"ready": True})

    def come():
        for customer in customers:
            answer = again(customer, "/my/conversation", {"text": "冰箱不制冷", "external_id": uuid.uuid4().hex})
            assert answer.status_code == 200, answer.text
    coming = threading.Thread(target=come, daemon=True)
    coming.start()
    for _ in range(KILLS):
        time.sleep(random.uniform(0.1, 0.6))
        server.kill()
        server.start()
    coming.join(120)
    assert not coming.is_alive()

    def rows():
        return [k for customer in customers for k in admin.get("/conversation", filter=f'[["customer_id","=","{customer.id}"]]')["items"]]
    wait_for(lambda: sum(k["owner_id"] is not None for k in rows()) == AGENTS * ROOM, why=lambda: Counter(k["owner_id"] for k in rows()))
    found = rows()
    assert len(found) == CUSTOMERS and Counter(k["owner_id"] for k in found if k["owner_id"]) == {a.id: ROOM for a in agents}
    assert {k["state"] for k in found if k["owner_id"] is None} == {"waiting"}
    told = {a.id: {n["object_id"] for n in a.get("/notification")["items"] if n["kind"] == "chat_given"} for a in agents}
    assert told == {a.id: {k["id"] for k in found if k["owner_id"] == a.id} for a in agents}
    for one in found:
        if one["owner_id"] and one["owner_id"] == agents[0].id:
            hall.act(one["id"], "close", agents[0])
    wait_for(lambda: all(k["owner_id"] for k in rows()), why=lambda: "who still waited is not given to who came free")
    hall.close()
    admin.close()
    server.stop()
