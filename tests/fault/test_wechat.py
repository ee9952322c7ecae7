"""kill -9 while answers and files go out to WeChat: none leaves twice, and the ledger never says more than theirs. What comes in: test_intake.py."""
import base64
import sys
import threading
import uuid
from pathlib import Path

import pytest

from client import Client
from server import Clock, Server

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "api"))
from patience import wait_for  # noqa: E402
from wechat import Deliverer, WeChat, account_of  # noqa: E402

PERSONS = 8
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


def killed_among_calls(world, say, calls):
    """PERSONS wrote; each is said something four times, by say(admin, conversation, n, openid), and each time the server is killed once there were calls(n) more.
    Somebody signed in, and the conversation of each openid."""
    server, wechat, clock = world
    admin = staff(server)
    deliver = deliverer(server, account_of(admin, wechat), wechat)
    openids = [f"o{uuid.uuid4().hex}" for _ in range(PERSONS)]
    for openid in openids:
        wechat.wrote(openid)
        deliver.write(openid, f"你好 {openid[:8]}")
    rows = {k["last_words"].split()[-1]: k["id"] for k in admin.get("/conversation", sort="-created_at", limit=100)["items"] if k["channel"] == "wechat"}
    wechat.delay_s = 0.3                # so that kills fall into calls
    for n in range(4):
        for openid in openids:
            say(admin, rows[openid[:8]], n, openid)
        clock.move(3)
        until = len(wechat.calls) + calls(n)
        wait_for(lambda until=until: len(wechat.calls) >= until, clock=clock)
        server.kill()
        server.start()
        admin = staff(server)
        clock.move(LEASE_S)             # whoever had the call is gone
    wechat.delay_s = 0
    return admin, {openid: rows[openid[:8]] for openid in openids}


def test_no_answer_leaves_twice_and_the_ledger_never_says_more(world):
    """Killed in the middle of calls: what may have arrived is marked, not repeated."""
    _, wechat, clock = world

    def say(admin, conversation, n, openid):
        admin.post(f"/conversation/{conversation}/message", {"text": f"{n} 给 {openid}", "visibility": "public"})
    admin, conversations = killed_among_calls(world, say, lambda n: 2)

    def settled():
        reach = [admin.get(f"/conversation/{one}/reach") for one in conversations.values()]
        return all(m["state"] in ("sent", "unsure") for one in reach for m in one["messages"]) and reach
    reach = wait_for(settled, clock=clock, seconds=60)
    for openid, one in zip(conversations, reach):
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
    _, wechat, clock = world
    admin, conversations = killed_among_calls(world, lambda admin, conversation, n, openid: send_file(admin, conversation, f"{n}-{openid}.png"), lambda n: 3 + n)

    def settled():
        reach = [admin.get(f"/conversation/{one}/reach") for one in conversations.values()]
        return all(len(one["messages"]) == 4 and all(m["state"] in ("sent", "unsure") for m in one["messages"]) for one in reach) and reach
    reach = wait_for(settled, clock=clock, seconds=90)
    for openid, one in zip(conversations, reach):
        names = [text for to, text in wechat.sent if to == openid]
        assert len(names) == len(set(names)), "twice"
        unsure = [m for m in one["messages"] if m["state"] == "unsure"]
        assert {f"[image] {m['no'] - 2}-{openid}.png" for m in one["messages"] if m["state"] == "sent"} <= set(names)
        assert one["left"] <= wechat.left(openid) <= one["left"] + len(unsure)
    assert any(m["state"] == "unsure" for one in reach for m in one["messages"]), "no kill fell into a call"
