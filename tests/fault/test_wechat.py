"""kill -9 while WeChat delivers and while answers go out: each delivery is there once, no answer leaves twice, and the ledger never says more than theirs."""
import base64
import random
import sys
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from client import Client
from server import Clock, Server

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "api"))
import people  # noqa: E402
from patience import wait_for  # noqa: E402
from wechat import Deliverer, WeChat, account_of  # noqa: E402

PERSONS, EACH, KILLS = 8, 40, 6
LEASE_S = 301


@pytest.fixture
def world(company, tmp_path):
    clock = Clock(tmp_path / "clock")
    wechat = WeChat(now=lambda: clock.ms / 1000)
    server = Server(company, clock=clock, environment={"ANXIN_OUTBOUND_ALLOW": "127.0.0.0/8"})
    server.start()
    yield server, wechat, clock
    server.stop()
    wechat.close()


def staff(server):
    return Client(server.url).sign_in(*server.company.accounts[0])


def deliverer(server, row, wechat):
    return Deliverer(server.url, row["callback"], wechat.now)


def persist(deliver, message, server):
    """Until it was taken: theirs gives up after three tries, which no server that is down for longer could survive."""
    while not deliver.deliver(message):
        time.sleep(0.02)
        deliver.url = f"{server.url}/api{deliver.url.split('/api', 1)[1]}"


def write_on(server, row, wechat, openid, repeats):
    deliver, texts = deliverer(server, row, wechat), []
    for n in range(EACH):
        texts.append(f"{openid} {n}")
        message = deliver.message(openid, texts[-1])
        persist(deliver, message, server)
        if random.random() < 0.3:       # an acknowledgement that they did not see
            persist(deliver, message, server)
            repeats.append(openid)
    return texts


def test_each_delivery_is_there_once_and_in_order_after_kills(world):
    server, wechat, _clock = world
    row, repeats = account_of(staff(server), wechat), []
    openids = [f"o{uuid.uuid4().hex}" for _ in range(PERSONS)]
    with ThreadPoolExecutor(PERSONS) as pool:
        runs = [pool.submit(write_on, server, row, wechat, openid, repeats) for openid in openids]
        for _ in range(KILLS):
            time.sleep(random.uniform(0.1, 0.6))
            server.kill()
            server.start()
        texts = [run.result(120) for run in runs]
    admin = staff(server)
    conversations = [k for k in admin.get("/conversation", sort="-created_at", limit=100)["items"] if k["channel"] == "wechat"]
    said = sorted([m["text"] for m in people.everything_said(admin, k["id"])] for k in conversations)
    assert said == sorted(texts) and repeats


def test_no_answer_leaves_twice_and_the_ledger_never_says_more(world):
    """Killed in the middle of calls: what may have arrived is marked, not repeated."""
    server, wechat, clock = world
    admin = staff(server)
    row = account_of(admin, wechat)
    deliver = deliverer(server, row, wechat)
    openids = [f"o{uuid.uuid4().hex}" for _ in range(PERSONS)]
    for openid in openids:
        wechat.wrote(openid)
        deliver.write(openid, f"你好 {openid[:8]}")
    rows = {k["last_words"].split()[-1]: k["id"] for k in admin.get("/conversation", sort="-created_at", limit=100)["items"] if k["channel"] == "wechat"}
    wechat.delay_s = 0.3                # so that kills fall into calls
    for n in range(4):
        for openid in openids:
            admin.post(f"/conversation/{rows[openid[:8]]}/message", {"text": f"{n} 给 {openid}", "visibility": "public"})
        clock.move(3)
        until = len(wechat.calls) + 2
        wait_for(lambda until=until: len(wechat.calls) >= until, clock=clock)
        server.kill()
        server.start()
        admin = staff(server)
        clock.move(LEASE_S)             # whoever had the call is gone
    wechat.delay_s = 0

    def settled():
        reach = [admin.get(f"/conversation/{rows[openid[:8]]}/reach") for openid in openids]
        return all(m["state"] in ("sent", "unsure") for one in reach for m in one["messages"]) and reach
    reach = wait_for(settled, clock=clock, seconds=60)
    for openid, one in zip(openids, reach):
        lines = "\n".join(text for to, text in wechat.sent if to == openid).split("\n")
        assert len(lines) == len(set(lines)), "twice"
        unsure = [m for m in one["messages"] if m["state"] == "unsure"]
        assert {f"{m['no'] - 2} 给 {openid}" for m in one["messages"] if m["state"] == "sent"} <= set(lines)
        assert one["left"] <= wechat.left(openid) <= one["left"] + len(unsure)
    assert any(m["state"] == "unsure" for one in reach for m in one["messages"]), "no kill fell into a call"
    assert threading.active_count() < 200


PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==")


def send_file(admin, conversation, name):
    file_id = admin.post("/file", {"name": name, "size": len(PNG)})["id"]
    answer = admin.http.patch(f"/file/{file_id}", content=PNG, headers={"Upload-Offset": "0", "Content-Type": "application/octet-stream"})
    assert answer.status_code == 200, answer.text
    admin.post(f"/conversation/{conversation}/message", {"text": "", "visibility": "public", "file_ids": [file_id]})


def test_no_file_leaves_twice_and_each_is_paid_for(world):
    """Killed while files are uploaded and sent: an upload may happen twice, a file never arrives twice, and the ledger says no more than theirs."""
    server, wechat, clock = world
    admin = staff(server)
    row = account_of(admin, wechat)
    deliver = deliverer(server, row, wechat)
    openids = [f"o{uuid.uuid4().hex}" for _ in range(PERSONS)]
    for openid in openids:
        wechat.wrote(openid)
        deliver.write(openid, f"你好 {openid[:8]}")
    rows = {k["last_words"].split()[-1]: k["id"] for k in admin.get("/conversation", sort="-created_at", limit=100)["items"] if k["channel"] == "wechat"}
    wechat.delay_s = 0.3                # so that kills fall into calls
    for n in range(4):
        for openid in openids:
            send_file(admin, rows[openid[:8]], f"{n}-{openid}.png")
        clock.move(3)
        until = len(wechat.calls) + 3 + n
        wait_for(lambda until=until: len(wechat.calls) >= until, clock=clock)
        server.kill()
        server.start()
        admin = staff(server)
        clock.move(LEASE_S)             # whoever had the call is gone
    wechat.delay_s = 0

    def settled():
        reach = [admin.get(f"/conversation/{rows[openid[:8]]}/reach") for openid in openids]
        return all(len(one["messages"]) == 4 and all(m["state"] in ("sent", "unsure") for m in one["messages"]) for one in reach) and reach
    reach = wait_for(settled, clock=clock, seconds=90)
    for openid, one in zip(openids, reach):
        names = [text for to, text in wechat.sent if to == openid]
        assert len(names) == len(set(names)), "twice"
        unsure = [m for m in one["messages"] if m["state"] == "unsure"]
        assert {f"[image] {m['no'] - 2}-{openid}.png" for m in one["messages"] if m["state"] == "sent"} <= set(names)
        assert one["left"] <= wechat.left(openid) <= one["left"] + len(unsure)
    assert any(m["state"] == "unsure" for one in reach for m in one["messages"]), "no kill fell into a call"
