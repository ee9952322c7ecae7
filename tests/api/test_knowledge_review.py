"""Days of review and expiry: a task once when one comes near, silence after the last day, and where an article answered."""
import datetime

import httpx
import pytest
from test_bot import Talk, bot, customer, talk  # noqa: F401
from test_knowledge import entry, published
from test_templates import agent

from client import Client
from patience import wait_for

DAY_S = 86400


@pytest.fixture
def editor(timed):
    client = Client(timed.url).sign_in(*timed.company.accounts[0])
    yield client
    client.close()


def in_days(server, days):
    return str((datetime.datetime.fromtimestamp(server.clock.ms / 1000, datetime.UTC) + datetime.timedelta(hours=8, days=days)).date())


def tasks(client, code):
    return [t for t in client.get("/task", limit=200)["items"] if f"：{code}《" in t["title"]]


def later(server, days):
    server.clock.move(days * DAY_S)
    return Client(server.url).sign_in(*server.company.accounts[0])


def test_whoever_wrote_last_is_told_once_a_week_before(timed, editor):
    row = published(editor, review_on=in_days(timed, 30))
    editor = later(timed, 20)
    assert tasks(editor, row["code"]) == []
    editor = later(timed, 4)
    task = wait_for(lambda: tasks(editor, row["code"]), clock=timed.clock)[0]
    assert (task["kind"], task["state"], task["owner_id"]) == ("todo", "open", editor.get("/session")["user"]["id"])
    editor = later(timed, 2)
    again = published(editor, review_on=in_days(timed, 3))
    wait_for(lambda: tasks(editor, again["code"]), clock=timed.clock)
    assert len(tasks(editor, row["code"])) == 1, "the other one was looked at again, and said nothing new"
    row = editor.get(f"/article/{row['id']}")
    editor.patch(f"/article/{row['id']}", {"review_on": in_days(timed, 5), "version": row["version"]})
    wait_for(lambda: len(tasks(editor, row["code"])) == 2, clock=timed.clock)


def test_after_its_last_day_it_answers_nobody_and_says_so(timed, editor):
    row = published(editor, title_zh="清凉节活动怎么参加", expires_on=in_days(timed, 2))
    assert entry(editor, row["code"])["head"]["expired"] is False and httpx.get(f"{timed.url}/help/article/{row['code']}").status_code == 200
    wait_for(lambda: tasks(editor, row["code"]), clock=timed.clock)
    editor = later(timed, 3)
    wait_for(lambda: entry(editor, row["code"])["head"]["expired"], clock=timed.clock)
    assert httpx.get(f"{timed.url}/help/article/{row['code']}").status_code == 404
    row = editor.get(f"/article/{row['id']}")
    editor.patch(f"/article/{row['id']}", {"expires_on": in_days(timed, 30), "version": row["version"]})
    assert entry(editor, row["code"])["head"]["expired"] is False


def test_a_review_that_was_told_does_not_hide_the_expiry(timed, editor):
    row = published(editor, title_zh="暖冬节活动怎么参加", review_on=in_days(timed, 3), expires_on=in_days(timed, 20))
    assert "该复查" in wait_for(lambda: tasks(editor, row["code"]), clock=timed.clock)[0]["title"]
    editor = later(timed, 14)
    told = wait_for(lambda: len(found := tasks(editor, row["code"])) == 2 and found, clock=timed.clock)
    assert sum("将到期" in t["title"] for t in told) == 1


def test_where_it_answered_is_told(admin, talk):
    before = admin.get("/knowledge/used/A02")["many"]
    talk("空调漏水怎么处理")
    used = admin.get("/knowledge/used/A02")
    assert used["many"] == before + 1 and used["items"][0]["conversation_id"] == talk.id


def test_what_names_an_article_is_told_to_whoever_may_read_that(server, admin):
    row = published(admin, title_zh="清洗滤网的视频")
    code, other = row["code"], row["code"] + "1"
    named = lambda client=admin: [(n["kind"], n["name"]["zh"]) for n in client.get(f"/knowledge/named/{code}")["items"]]
    assert named() == []
    made = [("template", admin.post("/template", {"name": f"滤网提醒 {code}", "text_zh": f"清洗方法见 https://service.example.cn/help/article/{code}，请先断电。"})),
            ("template", admin.post("/template", {"name": f"别的 {code}", "text_zh": f"见 /help/article/{other}"})),
            ("macro", admin.post("/macro", {"record": "customer", "name": f"发视频 {code}", "audience": "company", "actions": [{"do": "set", "field": "note", "value": f"见 {code}"}]}))]
    published(admin, title_zh=f"引用 {code}", body_zh=f"先看[视频](/help/article/{code})。")
    published(admin, title_zh=f"代码 {code}", body_zh=f"屏幕显示 {code} 时请断电。")
    assert named() == [("macro", f"发视频 {code}"), ("template", f"滤网提醒 {code}"), ("article", f"引用 {code}")]
    assert named(agent(server, admin, ["article.read"])) == [("article", f"引用 {code}")]
    for record, one in made:
        admin.post(f"/{record}/{one['id']}/archive", {"version": one["version"]})
    assert named() == [("article", f"引用 {code}")]
