"""What was said in another system: on its ticket, at its time, in its author's name, once; nothing happens because of it."""
import subprocess

import people
import pytest

from client import Client
from patience import wait_for
from server import Clock, Server, binary
from test_import import announce, faults, step, wait
from test_past import WORDS, bring, old, sheet  # noqa: F401
from test_rules import rule, runs

HEADS = "Ticket ID,评论人,created,visibility,body,Comment ID\n"
ROWS = [
    'Z-1,张三,2023-03-01 11:00,public,"<p>您好，</p><p>师傅<b>明天</b>上门&nbsp;5&lt;6</p><script>alert(1)</script>",C-2',
    'Z-1,赵一鸣,2023-03-01 10:00,public,冰箱还是不冷,C-1',
    'Z-1,张三,2023-03-01 12:00,internal,"=HYPERLINK(""http://evil"",""点我"")",C-3',
    'Z-2,,2023-03-03 08:00,public,没有署名,',
    'Z-9,张三,2023-03-01 12:00,internal,没有这张单,C-4',
    'Z-1,张三,2099-03-01 12:00,internal,还没到的时间,C-5',
    'Z-1,张三,2023-03-01 12:00,hidden,可见范围不认识,C-6',
]


def comments(client, path, rows=ROWS, source="zendesk", what="start", heads=HEADS):
    path.write_text(heads + "\n".join(rows) + "\n")
    job = announce(client, "past_comment", path)
    job = client.patch(f"/import/{job['id']}", {"version": job["version"], "source": source})
    return step(client, job, what)


def timeline(client, ticket, **query):
    items, after = [], None
    while True:
        page = client.get(f"/ticket/{ticket['id']}/timeline", **query, **({"after": after} if after else {}))
        items += page["items"]
        if (after := page["next"]) is None:
            return items


def talk(client, ticket):
    return [(i["actor"]["kind"], i["actor"]["name"], i["text"]) for i in timeline(client, ticket) if i["kind"] in ("ticket.commented", "ticket.noted")]


@pytest.fixture
def past(own, sheet):  # noqa: F811
    assert bring(own.admin, sheet)["created"] == 2
    return own


def test_each_lies_at_its_time_in_its_authors_name(past, tmp_path):
    admin = past.admin
    tried = comments(admin, tmp_path / "c.csv", what="check")
    assert (tried["created"], tried["bad"]) == (4, 3) and not talk(admin, old(admin, "Z-1")[0])
    assert {(f["row"], f["code"]) for f in faults(admin, tried)} == {(6, "field_reference"), (7, "field_invalid"), (8, "field_choice")}

    done = comments(admin, tmp_path / "c.csv")
    assert (done["state"], done["created"], done["bad"]) == ("done", 4, 3)
    ticket = old(admin, "Z-1")[0]
    assert talk(admin, ticket) == [
        ("former", "张三", '=HYPERLINK("http://evil","点我")'),
        ("former", "张三", "您好，\n师傅明天上门 5<6"),
        ("customer", None, "冰箱还是不冷"),
    ]
    times = [i["at"] for i in timeline(admin, ticket)]
    assert times == sorted(times, reverse=True) and times[-1] == 1677636000000
    assert talk(admin, old(admin, "Z-2")[0]) == [("former", None, "没有署名")]
    assert [i["kind"] for i in timeline(admin, ticket, kind="internal")] == ["ticket.noted"]
    assert (ticket["version"], ticket["first_response_at"]) == (1, None)


def test_again_is_none_again(past, tmp_path):
    admin = past.admin
    comments(admin, tmp_path / "c.csv")
    assert comments(admin, tmp_path / "c.csv")["created"] == 0
    changed = [r.replace("C-3", "C-33") for r in ROWS]         # another number is another remark
    assert comments(admin, tmp_path / "c.csv", changed)["created"] == 1
    assert len(talk(admin, old(admin, "Z-2")[0])) == 1          # without a number: by ticket, time, author and words
    assert comments(admin, tmp_path / "c.csv", [ROWS[3].replace("没有署名", "另一句")])["created"] == 1
    assert comments(admin, tmp_path / "c.csv", source="udesk")["bad"] == 7


def test_who_works_here_is_named_as_such_also_when_she_has_left(past, tmp_path):
    admin = past.admin
    role = next(u["role_id"] for u in admin.get("/user", limit=100)["items"] if u["account"] == "linxiao")
    made = admin.post("/user", {"account": "zhangsan", "name": "张三", "role_id": role})
    admin.post(f"/user/{made['id']}/archive", {"version": made["version"]})
    comments(admin, tmp_path / "c.csv")
    assert talk(admin, old(admin, "Z-1")[0])[0][:2] == ("user", "张三")


def test_the_customer_sees_what_was_public_and_no_full_name(past, tmp_path):
    admin = past.admin
    comments(admin, tmp_path / "c.csv")
    ticket = old(admin, "Z-1")[0]
    wait_for(lambda: ticket["id"] in [i["row"]["id"] for i in admin.get("/search", q="师傅明天上门")["items"]])
    customer = people.sign_in(past.url, admin, "13700000001")
    seen = customer.get(f"/my/ticket/{ticket['id']}")["timeline"]["items"]
    assert [(i["kind"], i["actor"]["kind"], i["actor"]["name"], i["text"]) for i in seen] == [
        ("ticket.commented", "user", "张*", "您好，\n师傅明天上门 5<6"), ("ticket.commented", "customer", None, "冰箱还是不冷")]
    assert "张三" in str(customer.get("/my/handout", format="json"))
    customer.close()


def test_between_what_happened_here_page_by_page(past, tmp_path):
    """Two hundred remarks of the past below one of today: every page is full, nothing twice, nothing left out."""
    admin = past.admin
    rows = [f"Z-1,张三,2023-04-{1 + n // 24:02} {n % 24:02}:{n % 60:02},public,第 {n} 句," for n in range(200)]
    assert comments(admin, tmp_path / "c.csv", rows)["created"] == 200
    ticket = old(admin, "Z-1")[0]
    admin.post(f"/ticket/{ticket['id']}/comment", {"text": "今天的话", "visibility": "internal"})
    said = [i["text"] for i in timeline(admin, ticket) if i["text"]]
    assert said == ["今天的话", *(f"第 {n} 句" for n in reversed(range(200)))]
    first = admin.get(f"/ticket/{ticket['id']}/timeline")
    assert len(first["items"]) == 50 and first["next"] < 0
    assert len({i["no"] for i in timeline(admin, ticket)}) == len(timeline(admin, ticket))
    told = [i for i in timeline(admin, ticket) if i["kind"] == "ticket.past_brought"]
    assert len(told) == 5                                       # one a chunk, not one a remark


def test_many_pages_of_today_keep_the_past_in_its_place(past, tmp_path):
    admin = past.admin
    ticket = old(admin, "Z-1")[0]
    for n in range(60):
        admin.post(f"/ticket/{ticket['id']}/comment", {"text": f"今天 {n}", "visibility": "internal"})
    comments(admin, tmp_path / "c.csv")
    items = timeline(admin, ticket)
    times = [i["at"] for i in items]
    assert times == sorted(times, reverse=True)
    assert [i["text"] for i in items if i["text"]] == [*(f"今天 {n}" for n in reversed(range(60))), *(t for _, _, t in talk(admin, ticket)[60:])]
    assert len(talk(admin, ticket)) == 63


def test_nothing_happens_because_of_it(company, sheet, tmp_path):  # noqa: F811
    """A rule on replies and one on notes, watchers, messages, clocks: none of them stirs."""
    clock = Clock(tmp_path / "clock")
    with Server(company, clock=clock) as server:
        admin = Client(server.url).sign_in(*company.accounts[0])
        bring(admin, sheet)
        ticket = old(admin, "Z-1")[0]
        admin.post(f"/ticket/{ticket['id']}/watch", {"on": True})
        one = rule(admin, condition='title contains "不制冷"', events=["ticket.commented", "ticket.noted"], actions=[{"do": "set", "field": "title", "value": "动了"}])
        sent, told = (admin.get(f"/{what}", limit=1, total=1)["total"] for what in ("outbox", "rule_run"))
        comments(admin, tmp_path / "c.csv")
        note = admin.post(f"/ticket/{old(admin, 'Z-2')[0]['id']}/comment", {"text": "今天", "visibility": "internal"})
        clock.move(61)
        admin = Client(server.url).sign_in(*company.accounts[0])
        wait_for(lambda: admin.get("/search", q="师傅明天上门")["items"])       # the followers have passed it
        assert runs(admin, one) == [] and note
        assert admin.get("/outbox", limit=1, total=1)["total"] == sent and admin.get("/rule_run", limit=1, total=1)["total"] == told
        assert admin.get("/clock", object="ticket", object_id=ticket["id"])["items"] == []
        assert admin.get("/notification")["items"] == []
        seen = admin.get(f"/ticket/{ticket['id']}")
        assert (seen["version"], seen["title"]) == (1, ticket["title"])
        admin.close()


def test_killed_in_the_middle_it_goes_on_and_doubles_nothing(company, sheet, tmp_path):  # noqa: F811
    rows = [f"Z-1,张三,2023-04-{1 + n // 1440:02} {n // 60 % 24:02}:{n % 60:02},public,第 {n} 句," for n in range(4000)]
    (tmp_path / "c.csv").write_text(HEADS + "\n".join(rows) + "\n")
    server = Server(company).start()
    admin = Client(server.url).sign_in(*company.accounts[0])
    bring(admin, sheet)
    job = announce(admin, "past_comment", tmp_path / "c.csv")
    job = admin.patch(f"/import/{job['id']}", {"version": job["version"], "source": "zendesk"})
    admin.post(f"/import/{job['id']}/start", {"version": job["version"]})
    wait_for(lambda: 0 < admin.get(f"/import/{job['id']}")["done"])
    before = admin.get(f"/import/{job['id']}")
    server.kill()
    assert before["state"] == "running" and before["done"] < 4000
    with Server(company) as again:
        admin = Client(again.url).sign_in(*company.accounts[0])
        done = wait(admin, job)
        assert (done["state"], done["created"], done["bad"], done["done"]) == ("done", 4000, 0, 4000)
        assert len(talk(admin, old(admin, "Z-1")[0])) == 4000
        admin.close()


def test_by_command(company, sheet, tmp_path):  # noqa: F811
    words = tmp_path / "words.json"
    words.write_text(str(WORDS).replace("'", '"'))
    (tmp_path / "c.csv").write_text(HEADS + "\n".join(ROWS) + "\n")
    for record, path, rest in (("past_ticket", sheet, [f"words={words}"]), ("past_comment", tmp_path / "c.csv", [])):
        run = subprocess.run([binary(), "import", *company.options(), "demo", company.accounts[0][0], record, path, "source=zendesk", *rest], capture_output=True)
        assert run.returncode == 3, run.stderr.decode()
    with Server(company) as server:
        admin = Client(server.url).sign_in(*company.accounts[0])
        assert len(talk(admin, old(admin, "Z-1")[0])) == 3
        admin.close()
