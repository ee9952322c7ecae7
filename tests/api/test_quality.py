"""Quality inspection: every conversation once when it ended, each rule both ways, reviewed by a person, appealed to another."""
import json
import uuid
from datetime import datetime, timedelta, timezone

import people
import pytest
from patience import wait_for
from test_conversation import act, say, write
from test_scope import PASSWORD, new_user

from client import Client

AGENT = ["conversation.read", "conversation.work", "conversation.assign", "customer.read", "task.create", "task.read", "user.read", "quality.own"]
INSPECTOR = ["conversation.read", "customer.read", "user.read", "quality.read", "quality.review", "quality.export", "quality_rule.read", "quality_rule.create", "quality_rule.change"]
DECIDER = [*INSPECTOR, "quality.decide"]
HELLO, BYE = "您好，很高兴为您服务", "感谢您的来访，再见"


@pytest.fixture
def staff(server, admin):
    made = [new_user(server, admin, rights, "all") for rights in (AGENT, INSPECTOR, DECIDER)]
    yield made
    for client in made:
        client.close()


def result_of(admin, conversation, state=None):
    def found():
        rows = admin.get("/quality", filter=json.dumps([["conversation_id", "=", conversation]]))["items"]
        return [r for r in rows if r["state"] != "replaced" and (state is None or r["state"] == state)]
    return wait_for(found)[0]


def talk(agent, customer, lines, polite=True):
    """lines: "客户：…" or what staff say. Closed at the end; returns the conversation."""
    lines = (["客户：洗衣机有异响", HELLO] if polite else []) + list(lines) + ([BYE] if polite else [])
    conversation = None
    for line in lines:
        if line.startswith("客户："):
            conversation = write(customer, line.removeprefix("客户："))["conversation"]["id"]
        else:
            say(agent, conversation, line)
    act(agent, conversation, "close")
    return conversation


def findings(admin, conversation):
    return admin.get(f"/quality/{result_of(admin, conversation)['id']}/inspection")["findings"]


def kinds(admin, conversation):
    return [f["kind"] for f in findings(admin, conversation)]


def test_a_conversation_that_was_as_it_should_be_is_compliant(admin, staff, customer):
    conversation = talk(staff[0], customer, [])
    row = result_of(admin, conversation)
    assert (row["score"], row["compliant"], row["fatal"], row["findings"], row["state"], row["round"]) == (100, True, False, 0, "inspected", 1)
    assert row["agent_id"] == staff[0].user["id"] and row["customer_id"] == customer.id and row["closed_at"]


@pytest.mark.parametrize(("lines", "polite", "expected"), [
    (["客户：洗衣机有异响", "说型号", BYE], False, ["opening"]),
    (["客户：洗衣机有异响", HELLO, "重启一下", "就这样", "行"], False, ["closing"]),
    (["客户：你们怎么回事", "您别无理取闹"], True, ["forbidden"]),
    (["客户：嗯嗯", "这个不归我管"], True, ["forbidden"]),
    (["客户：嗯嗯", "您可能不知道，这是正常的"], True, []),
    (["请把短信验证码发给我"], True, ["personal"]),
    (["请不要把验证码发给任何人"], True, []),
    (["客户：插头有火花", "请重启试试"], True, ["safety"]),
    (["客户：插头有火花", "请立即断开电源，远离设备"], True, []),
    (["客户：没有冒烟", "好的"], True, []),
    (["客户：I would like to reset it please", "请长按电源键三秒"], True, ["language", "language"]),
    (["客户：我要退货", "请重启试试"], True, ["need"]),
    (["客户：我要退货", "为您登记退货"], True, []),
])
def test_each_rule_both_ways(admin, staff, customer, lines, polite, expected):
    assert kinds(admin, talk(staff[0], customer, lines, polite)) == expected


def test_a_question_is_answered_before_the_end(admin, staff, customer):
    agent = staff[0]
    conversation = talk(agent, customer, ["客户：保修多久", "三年"])
    assert kinds(admin, conversation) == []
    conversation = write(customer, "洗衣机有异响")["conversation"]["id"]
    for line in (HELLO, BYE):
        say(agent, conversation, line)
    asked = write(customer, "上门要收费吗？")
    act(agent, conversation, "close")
    found = findings(admin, conversation)
    assert [(f["kind"], f["message_no"]) for f in found if f["kind"] == "unanswered"] == [("unanswered", asked["no"])]


def test_a_promise_without_a_task_waits_for_the_task(admin, staff, customer):
    agent = staff[0]
    kept = talk(agent, customer, ["稍后给您回电"])
    assert admin.get("/quality", filter=json.dumps([["conversation_id", "=", kept]]))["items"] == [], "a task may still be made: nothing is said yet"
    hinting = write(customer, "还有一个问题")["conversation"]["id"]
    say(agent, hinting, "明天上午联系您")
    assert agent.get(f"/conversation/{hinting}/quality")["look_at"]


def test_a_transfer_says_why(server, admin, staff, customer):
    agent, other = staff[0], new_user(server, admin, AGENT, "all")
    for note, expected in (("客户很急，请优先", []), (None, ["transfer"])):
        conversation = write(customer, "洗衣机有异响")["conversation"]["id"]
        say(agent, conversation, HELLO)
        act(agent, conversation, "assign", owner_id=other.user["id"], **({"note": note} if note else {}))
        say(other, conversation, BYE)
        act(other, conversation, "close")
        assert kinds(admin, conversation) == expected
    other.close()


def test_words_are_read_from_the_message_and_go_with_it(admin, staff, customer):
    agent, inspector, _ = staff
    conversation = talk(agent, customer, ["您就是笨 蛋"])
    row = result_of(admin, conversation)
    assert (row["score"], row["fatal"], row["compliant"], row["state"], row["drawn_for"]) == (0, True, False, "drawn", "fatal")
    found = findings(admin, conversation)
    assert [(f["words"], f["fatal"], f["rule"] != "") for f in found] == [("笨 蛋", True, True)]
    review(inspector, row["id"], comment="张小雨女士受到侮辱")
    assert inspector.get(f"/quality/{row['id']}")["comment"] == "张小雨女士受到侮辱"
    admin.post(f"/customer/{customer.id}/erase", {"reason": "客户请求删除"})
    wait_for(lambda: findings(admin, conversation)[0]["words"] == "")
    row = admin.get(f"/quality/{row['id']}")
    assert not row["comment"] and (row["score"], row["state"]) == (0, "reviewed"), "that it was inspected, and how it went, stays"


def review(client, id, status=None, **values):
    version = client.get(f"/quality/{id}")["version"] if "version" not in values else values.pop("version")
    return client.post(f"/quality/{id}/review", {"version": version} | values, status=status)


def decide(client, id, outcome, status=None, **values):
    return client.post(f"/quality/{id}/decide", {"version": client.get(f"/quality/{id}")["version"], "outcome": outcome, "comment": "已核对录音和上下文"} | values, status=status)


def test_reviewed_appealed_and_decided_by_another(server, admin, staff, customer):
    agent, inspector, decider = staff
    both = new_user(server, admin, DECIDER + ["quality.own", "conversation.work"], "all")
    row = result_of(admin, talk(agent, customer, ["这个不归我管", "我也没办法"]))
    assert row["score"] == 60 and not row["compliant"]
    seen = both.get(f"/quality/{row['id']}/inspection")
    rule = seen["findings"][0]["rule_id"]
    done = review(both, row["id"], verdicts=[{"no": 1, "right": True}, {"no": 2, "right": False}], added=[{"rule_id": rule, "message_no": 1}], comment="语气生硬")
    assert (done["result"]["state"], done["result"]["score"], done["result"]["findings"]) == ("reviewed", 60, 2)
    assert [f["verdict"] for f in done["findings"]] == ["true", "false", "true"]
    mine = agent.get(f"/quality_own/{row['id']}")
    assert mine["may_appeal"] and mine["result"]["comment"] == "语气生硬"
    agent.post(f"/quality_own/{row['id']}/appeal", {"text": ""}, status=422)
    appealed = agent.post(f"/quality_own/{row['id']}/appeal", {"text": "客户问的是物流，不属于我组"})
    assert appealed["result"]["state"] == "appealed" and not appealed["may_appeal"]
    agent.post(f"/quality_own/{row['id']}/appeal", {"text": "再来"}, status=409)
    assert decide(both, row["id"], "granted", status=403)["error"]["code"] == "second_person", "who reviewed it does not decide"
    inspector.post(f"/quality/{row['id']}/decide", {"version": 1, "outcome": "granted", "comment": "x"}, status=403)
    assert not both.get(f"/quality/{row['id']}/inspection")["may_decide"] and decider.get(f"/quality/{row['id']}/inspection")["may_decide"]
    last = decide(decider, row["id"], "granted", verdicts=[{"no": 1, "right": False}, {"no": 3, "right": False}])
    assert (last["result"]["state"], last["result"]["outcome"], last["result"]["score"], last["result"]["compliant"]) == ("decided", "granted", 100, True)
    told = [n["kind"] for n in agent.get("/notification")["items"]]
    assert "quality_reviewed" in told and "quality_decided" in told
    assert "quality_appealed" in [n["kind"] for n in decider.get("/notification")["items"]]
    history = json.dumps(admin.get(f"/quality/{row['id']}/history"), ensure_ascii=False)
    assert '"reviewed"' in history and '"appealed"' in history and '"decided"' in history and "生硬" not in history
    both.close()


def test_nobody_reviews_herself_and_nobody_sees_anothers(server, admin, staff, customer):
    agent = new_user(server, admin, [*AGENT, *DECIDER], "all")
    row = result_of(admin, talk(agent, customer, ["这个不归我管"]))
    assert review(agent, row["id"], status=403)["error"]["code"] == "second_person"
    staff[0].get(f"/quality_own/{row['id']}", status=404)
    staff[0].post(f"/quality_own/{row['id']}/appeal", {"text": "不是我的"}, status=404)
    staff[0].get("/quality", status=403)
    staff[0].get("/quality_report", **{"from": "2026-01-01", "to": "2026-01-02", "by": "agent"}, status=403)
    assert row["id"] in [q["id"] for q in agent.get("/quality_own")["items"]]
    assert row["id"] not in [q["id"] for q in staff[0].get("/quality_own")["items"]]
    agent.close()


def test_a_stale_review_changes_nothing(admin, staff, customer):
    row = result_of(admin, talk(staff[0], customer, ["这个不归我管"]))
    review(staff[1], row["id"], version=row["version"] + 7, status=409)
    review(staff[1], row["id"], verdicts=[{"no": 9, "right": True}], status=422)
    review(staff[1], row["id"], added=[{"rule_id": "999999999999999999", "message_no": 1}], status=422)
    assert staff[1].get(f"/quality/{row['id']}")["version"] == row["version"]


def test_a_text_is_judged_before_it_is_sent(staff):
    agent = staff[0]
    found = agent.post("/quality_text", {"text": "这个不归我管，你是笨蛋"})["items"]
    assert sorted(f["words"] for f in found) == ["不归我管", "笨蛋"]
    assert agent.post("/quality_text", {"text": "马上为您处理"})["items"] == []
    staff[1].post("/quality_text", {"text": "x"}, status=403)


def test_a_rule_is_tried_before_it_is_published(admin, staff, customer):
    agent, inspector, _ = staff
    word = f"暗号{uuid.uuid4().hex[:6]}"
    conversation = talk(agent, customer, [f"{word}一下"])
    rule = {"kind": "forbidden", "words": f"没有这句\n{word}", "weight": 10}
    tried = inspector.post("/quality_rule/try", rule)
    assert tried["with"] == 1 and [(f["conversation_id"], f["words"]) for f in tried["found"]] == [(conversation, word)] and 0 < tried["of"] <= 100
    inspector.post("/quality_rule/try", {"kind": "nonsense"}, status=422)
    faults = inspector.post("/quality_rule", {"name": "空", "kind": "forbidden", "state": "on"}, status=422)["error"]["fields"]
    assert [f["field"] for f in faults] == ["words"]
    made = inspector.post("/quality_rule", rule | {"name": word, "state": "on"})
    assert "forbidden" in kinds(admin, talk(agent, customer, [f"再说一次{word}"]))
    inspector.patch(f"/quality_rule/{made['id']}", {"state": "off", "version": made["version"]})
    assert kinds(admin, talk(agent, customer, [f"再说一次{word}"])) == []


def test_the_promise_and_the_report_are_a_recount(admin, staff, customer):
    for line in ("这个不归我管，我也没办法，你自己看着办", "好的", "笨蛋"):
        result_of(admin, talk(staff[0], customer, [line]))
    rows, after = [], None
    while True:
        page = admin.get("/quality", limit=200, sort="created_at", **({"after": after} if after else {}))
        rows += page["items"]
        if not (after := page.get("next")):
            break
    rows = [r for r in rows if r["state"] != "replaced"]
    promise = next(p for p in admin.get("/promise", limit=200)["items"] if p["code"] == "chat_quality")
    assert promise["target"] == 98

    def figure():
        last = next(p for p in admin.get("/promise/figures")["items"] if p["code"] == "chat_quality")
        return last["cases"] == len(rows) and abs(last["actual"] - 100 * sum(r["compliant"] for r in rows) / len(rows)) < 0.01
    assert wait_for(figure)
    now = datetime.now(timezone(timedelta(hours=8))).date()
    day = {"from": str(now - timedelta(days=1)), "to": str(now)}
    for by in ("agent", "team", "channel", "week"):
        report = admin.get("/quality_report", by=by, **day)
        assert report["all"]["n"] == sum(i["n"] for i in report["items"]) == len(rows)
        assert report["all"]["compliant"] == sum(i["compliant"] for i in report["items"]) == sum(r["compliant"] for r in rows)
        assert report["all"]["score"] == sum(r["score"] for r in rows)
    mine = admin.get("/quality_report", by="rule", agent_id=staff[0].user["id"], **day)
    assert mine["all"]["n"] == 3 and sum(i["n"] for i in mine["items"]) == sum(r["findings"] for r in rows if r["agent_id"] == staff[0].user["id"])
    broken = [{f["rule_id"] for f in findings(admin, r["conversation_id"])} for r in rows if r["agent_id"] == staff[0].user["id"]]
    assert {i["id"]: i["compliant"] for i in mine["items"]} == {rule: sum(rule in b for b in broken) for rule in set().union(*broken)}
    admin.get("/quality_report", by="agent", **{"from": "2026-02-01", "to": "2026-01-01"}, status=422)
    sheet = admin.http.get("/quality_report/export", params={"by": "agent", "format": "csv"} | day)
    assert sheet.status_code == 200
    lines = sheet.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Agent,Conversations,Compliant") and len(lines) == 1 + len(admin.get("/quality_report", by="agent", **day)["items"])


def test_a_share_of_each_agent_is_drawn_once(admin, staff, customer):
    agent, inspector, _ = staff
    made = [result_of(admin, talk(agent, customer, [f"好的 {n}"]))["id"] for n in range(5)]
    first = inspector.post("/quality_draw", {})["drawn"]
    states = [admin.get(f"/quality/{id}") for id in made]
    assert [s["state"] for s in states].count("drawn") == 3 <= first and {s["drawn_for"] for s in states if s["state"] == "drawn"} == {"share"}
    assert inspector.post("/quality_draw", {})["drawn"] == 0
    staff[0].post("/quality_draw", {}, status=403)


def test_a_low_rating_is_looked_at(admin, staff, customer):
    conversation = talk(staff[0], customer, [])
    assert result_of(admin, conversation)["state"] == "inspected"
    customer.post(f"/my/conversation/{conversation}/rating", {"rating": 1, "text": "不行"})
    row = result_of(admin, conversation, "drawn")
    assert (row["drawn_for"], row["rating"], row["round"]) == ("rating", 1, 1)


# By the clock ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def later(timed):
    admin = Client(timed.url).sign_in(*timed.company.accounts[0])
    agent, other = (new_user(timed, admin, AGENT, "all") for _ in range(2))
    customer, record = people.new_customer(timed.url, admin)
    customer.id = record["id"]
    yield timed.clock, admin, agent, customer, other
    for client in (agent, other, customer, admin):
        client.close()


def result_later(clock, admin, conversation):
    return wait_for(lambda: admin.get("/quality", filter=json.dumps([["conversation_id", "=", conversation]]))["items"], clock=clock)[0]


def test_a_promise_is_broken_when_its_minutes_are_over_and_kept_by_a_task(later):
    clock, admin, agent, customer, _ = later
    broken = talk(agent, customer, ["稍后给您回电"])
    clock.move(29 * 60)
    assert admin.get("/quality", filter=json.dumps([["conversation_id", "=", broken]]))["items"] == []
    clock.move(2 * 60)
    row = result_later(clock, admin, broken)
    assert [f["kind"] for f in admin.get(f"/quality/{row['id']}/inspection")["findings"]] == ["promise"]
    clock.move(3600)
    kept = talk(agent, customer, ["稍后给您回电"])
    agent.post("/task", {"title": "回电", "kind": "call_back", "customer_id": customer.id})
    clock.move(31 * 60)
    assert result_later(clock, admin, kept)["findings"] == 0


def test_silence_is_hinted_while_it_lasts_and_found_at_the_end(later):
    clock, admin, agent, customer, _ = later
    conversation = write(customer, "洗衣机有异响")["conversation"]["id"]
    say(agent, conversation, HELLO)
    asked = write(customer, "型号是 XQG100")
    assert agent.get(f"/conversation/{conversation}/quality")["items"] == []
    clock.move(5 * 60 + 1)
    hints = agent.get(f"/conversation/{conversation}/quality")["items"]
    assert [(h["kind"], h["message_no"]) for h in hints] == [("silence", asked["no"])]
    say(agent, conversation, BYE)
    act(agent, conversation, "close")
    row = result_later(clock, admin, conversation)
    assert [f["kind"] for f in admin.get(f"/quality/{row['id']}/inspection")["findings"]] == ["silence"]


def test_an_appeal_has_its_time(later):
    clock, admin, agent, customer, _ = later
    conversation = talk(agent, customer, ["这个不归我管"])
    row = result_later(clock, admin, conversation)
    assert agent.get(f"/quality_own/{row['id']}")["may_appeal"]
    clock.move(7 * 86400 + 60)
    late = Client(agent.url).sign_in(agent.account, PASSWORD)
    assert not late.get(f"/quality_own/{row['id']}")["may_appeal"]
    late.post(f"/quality_own/{row['id']}/appeal", {"text": "太晚了"}, status=409)
    late.close()
