"""kill -9 while notices go out to WeChat: each reaches its customer once, by WeChat or, where WeChat refused it, by one SMS."""
import sys
import uuid
from pathlib import Path

import pytest

from client import Client
from server import Clock, Server

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "api"))
import people  # noqa: E402
from gateway import Gateway  # noqa: E402
from patience import wait_for  # noqa: E402
from wechat import Deliverer, WeChat, account_of  # noqa: E402

PERSONS, ROUNDS = 6, 4
LEASE_S = 301
DATA = "character_string1 = {{ticket.no}}"


@pytest.fixture
def world(company, tmp_path):
    clock = Clock(tmp_path / "clock")
    wechat, sms = WeChat(now=lambda: clock.ms / 1000), Gateway()
    server = Server(company, clock=clock, environment={"ANXIN_OUTBOUND_ALLOW": "127.0.0.0/8", "ANXIN_SMS_GATEWAY": sms.url})
    server.start()
    yield server, wechat, sms, clock
    server.stop()
    wechat.close()
    sms.close()


def staff(server):
    return Client(server.url).sign_in(*server.company.accounts[0])


@pytest.mark.parametrize("refuses", [False, True])
def test_each_notice_arrives_once_over_kills(world, refuses):
    server, wechat, sms, clock = world
    admin = staff(server)
    account = account_of(admin, wechat)
    deliver = Deliverer(server.url, account["callback"], wechat.now)
    their_id = f"T{uuid.uuid4().hex}"
    wechat.templates[their_id] = ("template", ("character_string1",))
    admin.post("/template", {"name": "受理", "text_zh": "已受理", "wechat_kind": "template", "wechat_app": account["app_id"], "wechat_id": their_id, "wechat_data": DATA, "notice": "ticket_received"})
    patrons = []
    for _ in range(PERSONS):
        page, customer = people.new_customer(server.url, admin)
        openid = f"o{uuid.uuid4().hex}"
        deliver.post(deliver.message(openid, page.post("/my/wechat")["say"]))
        assert page.get("/my/wechat")["items"][0]["since"]
        patrons.append((customer, openid))
    if refuses:
        wechat.unfollowed.update(openid for _, openid in patrons)
    wechat.delay_s = 0.3                # so that kills fall into calls
    tickets, sent_before = {}, len(sms.calls)
    for n in range(ROUNDS):
        for customer, openid in patrons:
            ticket = admin.post("/ticket", {"scene": "repair", "customer_id": customer["id"], "text": f"第 {n} 次，冰箱漏水"})
            tickets[ticket["no"]] = openid
        until = len(wechat.calls) + 2
        wait_for(lambda until=until: len(wechat.calls) >= until or refuses, clock=clock)
        server.kill()
        server.start()
        clock.move(LEASE_S)             # whoever had the call is gone
        admin = staff(server)
    wechat.delay_s = 0

    def settled():
        rows = admin.get("/outbox", sort="-created_at", limit=200)["items"]
        return not any(m["state"] == "waiting" for m in rows) and [m for m in rows if m["channel"] == "wechat"]
    rows = wait_for(settled, clock=clock, seconds=90)
    told = [values["character_string1"] for _, _, values, _ in wechat.notices]
    texts = [(call[1], call[3]["text"]) for call in sms.calls[sent_before:]]
    assert len(rows) == len(tickets) and len(told) == len(set(told)), "twice"
    state = {next(no for no in tickets if no in m["body"]): m["state"] for m in rows}
    for no in tickets:
        by_sms = {key for key, text in texts if no in text}         # a call to the gateway that was cut off comes again under the same key
        if state[no] == "unsure":       # cut off, and looked at again only when WeChat had forgotten its id
            assert told.count(no) <= 1 and not by_sms, no
        else:
            assert state[no] == ("failed" if refuses else "sent"), no
            assert (told.count(no), len(by_sms)) == ((0, 1) if refuses else (1, 0)), no
    repeated = [body.get("client_msg_id") for path, body in wechat.calls if path == "/cgi-bin/message/template/send"]
    assert len(repeated) > len(set(repeated)) or refuses, "no kill fell into a call that was repeated under its id"
    assert {(openid, values["character_string1"]) for openid, _, values, _ in wechat.notices} <= {(openid, no) for no, openid in tickets.items()}
