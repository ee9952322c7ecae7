"""kill -9 while a box of 300 mails is read: each is there once."""
import random
import sys
import time
import uuid
from pathlib import Path

import pytest

from client import Client
from server import Clock, Server

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "api"))
import mailserver  # noqa: E402
import people  # noqa: E402
from mailserver import DOMAIN, PASSWORD, MailServer  # noqa: E402
from patience import wait_for  # noqa: E402

MAILS, KILLS, LEASE_S = 300, 6, 301

if why := mailserver.left_out():
    pytest.skip(why, allow_module_level=True)


@pytest.fixture(scope="module")
def post():
    post = MailServer()
    yield post
    post.close()


def raw(n, help):
    return f"From: w{n % 7}@{DOMAIN}\r\nTo: {help}\r\nSubject: T{n}\r\nMessage-ID: <{uuid.uuid4().hex}@x>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n第 {n} 封\r\n".encode()


def test_each_of_many_mails_is_there_once_after_kills(company, tmp_path, post):
    help = f"help-{uuid.uuid4().hex[:8]}@{DOMAIN}"
    post.append(help, [raw(n, help) for n in range(MAILS)], MAILS)
    clock = Clock(tmp_path / "clock")
    server = Server(company, clock=clock, environment={"ANXIN_OUTBOUND_ALLOW": "127.0.0.0/8"})
    server.start()
    try:
        admin = Client(server.url).sign_in(*company.accounts[0])
        row = admin.post("/mail_account", {"title": "邮箱", "address": help, "imap_host": "127.0.0.1", "imap_port": post.imap_port, "imap_tls": "none", "smtp_host": "127.0.0.1", "smtp_port": post.smtp_port, "smtp_tls": "none", "takes": "all", "state": "on"})
        admin.post(f"/mail_account/{row['id']}/secret", {"password": PASSWORD})
        for _ in range(KILLS):
            time.sleep(random.uniform(0.1, 0.8))
            server.kill()
            server.start()
            clock.move(LEASE_S)         # whoever had the call is gone

        admin = Client(server.url).sign_in(*company.accounts[0])

        def all_there():
            rows, after = [], None
            while True:
                page = admin.get("/conversation", sort="-created_at", limit=200, condition="channel = mail", **({"after": after} if after else {}))
                rows += page["items"]
                after = page.get("next")
                if not after:
                    return rows if len(rows) >= MAILS else None
        rows = wait_for(all_there, clock=clock, seconds=120)
        said = sorted(m["text"] for k in rows for m in people.everything_said(admin, k["id"]))
        assert said == sorted(f"第 {n} 封" for n in range(MAILS))
    finally:
        server.stop()
