"""Message templates: what is wrong is refused with its place, values are text and nothing else, what lacks a value is said, and what a
rule or a macro sends reaches the customer once."""
import json
import re
import uuid
from pathlib import Path

import people
import pytest
from actors import PASSWORD
from definitions import faults
from hypothesis import HealthCheck, given, settings, strategies as st
from test_rules import off, rule, runs

from client import Client
from gateway import Gateway
from patience import wait_for
from server import Clock, Server

GUIDE = Path(__file__).parents[2] / "docs/guide/user/console.md"


def template(admin, text_zh, text_en="", **more):
    return admin.post("/template", {"name": f"模板 {uuid.uuid4().hex[:6]}", "text_zh": text_zh, "text_en": text_en} | more)


def customer(admin, name="王小明", **more):
    return admin.post("/customer", {"name": name, "phone": people.new_phone()} | more)


def ticket(admin, of, text="冰箱有异响，请来看看", **more):
    return admin.post("/ticket", {"scene": "repair", "customer_id": of["id"], "text": text} | more)


def fill(client, on, with_, status=200):
    return client.request("POST", f"/ticket/{on['id']}/template", {"template_id": with_["id"]}, status=status)


def said(client, on):
    return [e["text"] for e in client.get(f"/ticket/{on['id']}/timeline", kind="talk")["items"]]


@pytest.fixture(scope="module")
def filed(admin):
    return ticket(admin, customer(admin))


def agent(server, admin, permissions):
    """Somebody with these rights and no others."""
    name = f"a{uuid.uuid4().hex[:10]}"
    role = admin.post("/role", {"code": name, "name": name, "permissions": permissions, "scope": "all"})
    user = admin.post("/user", {"account": name, "name": "赵敏", "role_id": role["id"]})
    admin.post(f"/user/{user['id']}/password", {"password": PASSWORD})
    return Client(server.url, address=people.new_address()).sign_in(name, PASSWORD)


# Writing them ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text, place, code, zh, en", [
    ("您好，{{customer.nam}}", "[5]", "template_variable", "没有这个变量：customer.nam", "There is no such variable: customer.nam"),
    ("{{ticket.no", "[0]", "template_braces", "双花括号没有配对", "braces do not pair"),
    ("好的}} ", "[2]", "template_braces", "双花括号没有配对", "braces do not pair"),
    ("{{ticket.no|{{company.phone}}}}", "[0]", "template_braces", "双花括号没有配对", "braces do not pair"),
    ("{{ticket.no}}" * 150, None, None, "", ""),
])
@pytest.mark.parametrize("field", ["text_zh", "text_en"])
def test_what_is_wrong_in_a_text_is_refused_with_its_place_in_both_languages(admin, field, text, place, code, zh, en):
    body = {"name": "试", "text_zh": "好", field: text}
    if not code:
        assert admin.post("/template", body)["name"] == "试"
        return
    for lang, words in (("zh", zh), ("en", en)):
        (at, said_code, message), = faults(admin.request("POST", "/template", body, headers={"Accept-Language": lang}, status=422), "field", "code", "message")
        assert (at, said_code) == (field + place, code) and words in message


def test_a_text_that_goes_wrong_later_is_refused_too_and_history_takes_it_back(admin):
    row = template(admin, "您的单号 {{ticket.no}}")
    wrong = admin.request("PATCH", f"/template/{row['id']}", {"version": row["version"], "text_zh": "{{x}}"}, status=422)
    assert faults(wrong)[0] == ("text_zh[2]", "template_variable")
    changed = admin.patch(f"/template/{row['id']}", {"version": row["version"], "text_zh": "单号：{{ticket.no}}"})
    assert changed["text_zh"] == "单号：{{ticket.no}}"
    assert "您的单号" in json.dumps(admin.get(f"/template/{row['id']}/history"), ensure_ascii=False)


def test_templates_are_found_by_their_name_and_by_their_words(admin):
    mark = uuid.uuid4().hex[:8]
    row = template(admin, f"配件 {mark} 正在调货", name=f"等件 {mark[:4]}x")
    for words in (mark, "调货", row["name"]):
        wait_for(lambda words=words: row["id"] in [i["id"] for i in admin.get("/template", q=words, condition="active = true")["items"]], why=lambda: f"{words} is not found")


def test_the_guide_names_every_variable(admin):
    told = GUIDE.read_text()
    assert [v["name"] for v in admin.get("/template/variables")["items"] if v["personal"]] == ["customer.name"]
    assert [v["name"] for v in admin.get("/template/variables")["items"] if f"`{v['name']}`" not in told] == []


# Filling them ------------------------------------------------------------------------------------------------------------------


def test_every_variable_has_a_value_where_a_ticket_has_everything(admin):
    """And none says what another says."""
    product = admin.get("/product", limit=1)["items"][0]
    model = admin.get("/model", condition=f"product_id = {product['id']}", limit=1)["items"][0]
    owner = customer(admin, "李雷")
    device = admin.post("/device", {"serial": f"T{uuid.uuid4().hex[:10]}", "model_id": model["id"], "customer_id": owner["id"], "purchased_on": "2026-03-08"})
    t = ticket(admin, owner, device_id=device["id"], preferred_day="2031-12-01", preferred_time="morning")
    admin.post(f"/ticket/{t['id']}/action/accept", {"version": t["version"]})
    me = admin.get("/session")["user"]
    names = [v["name"] for v in admin.get("/template/variables")["items"]]
    row = template(admin, "\n".join(f"{n}={{{{{n}|}}}}" for n in names))
    values = dict(line.split("=", 1) for line in fill(admin, t, row)["text"].split("\n"))
    assert [n for n in names if not values[n]] == [n for n in ("ticket.result", "team.name") if not values[n]], values
    assert values["customer.name"] == "李雷" and values["ticket.no"] == t["no"] and values["agent.name"] == me["name"]
    assert values["product.name"] == product["name"] and values["device.model"] == model["code"]
    assert values["ticket.preferred"] == "2031年12月1日 上午"
    assert re.fullmatch(r"\d+月\d+日 \d\d:\d\d|\d{4}年\d+月\d+日 \d\d:\d\d", values["ticket.created"])
    assert re.search(r"日 \d\d:\d\d$", values["ticket.due"])


def test_the_promised_time_is_in_the_companys_zone_and_is_none_while_it_stands(company, tmp_path):
    clock = Clock(tmp_path / "clock")
    with Server(company, clock=clock) as server:
        admin = Client(server.url).sign_in(*company.accounts[0])
        t = ticket(admin, customer(admin))
        row = template(admin, "{{ticket.due|还没有}}")
        due = next(c["due_at"] for c in admin.get("/clock", object="ticket", object_id=t["id"])["items"] if c["measure"] == "solution")
        wall = due // 1000 + 8 * 3600
        assert fill(admin, t, row)["text"].endswith(f"{wall // 3600 % 24:02d}:{wall // 60 % 60:02d}")
        t = admin.post(f"/ticket/{t['id']}/action/accept", {"version": t["version"]})
        t = admin.post(f"/ticket/{t['id']}/action/wait", {"version": t["version"], "reason": "等照片"})
        assert fill(admin, t, row)["text"] == "还没有"
        t = admin.post(f"/ticket/{t['id']}/action/resume", {"version": t["version"]})
        assert fill(admin, t, row)["text"] != "还没有"
        clock.move(400 * 3600)
        admin = Client(server.url, address=people.new_address()).sign_in(*company.accounts[0])
        assert fill(admin, t, row)["text"] == "还没有", "a time that has passed is promised to nobody"


@pytest.mark.parametrize("lang, text_en, expected", [
    ("zh", "Hello {{ticket.state}}", ("zh", "您好 待受理")), ("en", "Hello {{ticket.state}}", ("en", "Hello New")), ("en", "", ("zh", "您好 待受理")),
])
def test_the_language_is_the_customers_and_chinese_where_there_is_no_english(admin, lang, text_en, expected):
    filled = fill(admin, ticket(admin, customer(admin, lang=lang)), template(admin, "您好 {{ticket.state}}", text_en))
    assert (filled["lang"], filled["text"]) == expected


@pytest.mark.parametrize("name", ["{{company.phone}}", "{{ticket.no}}", "{{", "}}", "<img src=x onerror=alert(1)>", "{link}", "{{customer.name}}", "%s%n", "{text}"])
def test_attack_a_customer_who_is_called_like_a_variable_stays_that_text(admin, name):
    t = ticket(admin, customer(admin, name))
    row = template(admin, "{{customer.name}}，您好 {{ticket.no}} {{customer.name}}")
    expected = f"{name}，您好 {t['no']} {name}"
    assert fill(admin, t, row)["text"] == expected
    admin.post("/ticket/act", {"rows": [{"id": t["id"]}], "actions": [{"do": "reply", "template_id": row["id"], "send": "text"}]})
    assert said(admin, t) == [expected]
    message = admin.get("/outbox", sort="-created_at", limit=1)["items"][0]
    assert message["template"] == "ticket_message" and message["body"].endswith(expected)


PIECES = st.lists(st.sampled_from(["{{", "}}", "{{ticket.no}}", "{{ticket.no|无}}", "{{customer.name| x }}", "{{company.phone", "|", "{", "您好", "<b>", "\n"]), max_size=6).map("".join)


@given(text=PIECES, name=PIECES)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_taken_and_filled_once_or_refused_with_its_place(admin, filed, text, name):
    """The values of a preview are those of the samples, so what is written is known."""
    model, at, good = "", 0, True
    samples = {v["name"]: v["sample"]["zh"] for v in VARIABLES.setdefault("all", admin.get("/template/variables"))["items"]}
    while at < len(text) and good:
        if text.startswith("}}", at):
            good = False
        elif text.startswith("{{", at):
            close = re.compile(r"\}\}|\{\{").search(text, at + 2)
            inner = text[at + 2:close.start()] if close and close[0] == "}}" else None
            variable = inner.partition("|")[0].strip() if inner is not None else None
            good = variable in samples
            model += samples.get(variable, "")
            at = close.end() if close else len(text)
        else:
            model += text[at]
            at += 1
    answer = admin.post("/template/preview", {"text_zh": text, "text_en": name})["zh"]
    if good:
        assert answer["text"] == model
    else:
        assert 0 <= answer["fault"]["at"] <= len(text) and answer["fault"]["message"]


VARIABLES = {}


def test_what_has_no_value_is_refused_by_its_name_unless_the_text_says_what_then(admin, filed):
    bare, kind = template(admin, "型号 {{device.model}}，保修至 {{device.warranty}}"), template(admin, "型号 {{device.model|未知}}{{device.warranty|}}")
    error = fill(admin, filed, bare, status=422)["error"]
    assert error["code"] == "template_missing" and "Model, Warranty until" in error["message"]
    assert fill(admin, filed, kind)["text"] == "型号 未知"


def test_what_is_off_or_archived_is_not_used(admin, filed):
    row = template(admin, "好", active=False)
    assert fill(admin, filed, row, status=422)["error"]["code"] == "template_off"
    row = admin.patch(f"/template/{row['id']}", {"version": row["version"], "active": True})
    assert fill(admin, filed, row)["text"] == "好"
    row = admin.post(f"/template/{row['id']}/archive", {"version": row["version"]})
    assert fill(admin, filed, row, status=422)["error"]["code"] == "template_off"


def test_a_preview_shows_samples_or_a_ticket_with_its_customer_masked(admin, filed):
    body = {"text_zh": "{{customer.name}} {{ticket.no}} {{device.model}}", "text_en": "{{ticket.n}}"}
    plain = admin.post("/template/preview", body)
    assert plain["zh"]["text"].startswith("王小明 SR") and plain["en"]["fault"]["at"] == 2
    real = admin.post("/template/preview", body | {"ticket_id": filed["id"]})["zh"]
    assert real["text"] == f"王* {filed['no']} " and real["missing"] == ["device.model"]


# Who may ----------------------------------------------------------------------------------------------------------------------

WORK = ["ticket.read", "ticket.work", "ticket.change", "customer.read", "template.read"]


def readings(admin, auditor, of):
    return [e for e in auditor.get("/audit", object="customer", object_id=of["id"])["items"] if e["kind"] == "customer.revealed"]


def test_a_name_is_filled_for_who_may_reveal_it_and_the_reading_is_noted(server, admin, auditor):
    of = customer(admin, "钱多多")
    t = ticket(admin, of)
    named, other = template(admin, "{{customer.name|客户}}，您好"), template(admin, "{{ticket.no}} 您好")
    may, may_not = agent(server, admin, [*WORK, "customer.reveal"]), agent(server, admin, WORK)
    assert fill(may_not, t, named)["text"] == "客户，您好"
    fill(may, t, other)
    assert readings(admin, auditor, of) == []
    assert fill(may, t, named)["text"] == "钱多多，您好"
    assert len(readings(admin, auditor, of)) == 1


def test_nobody_writes_names_into_templates_or_rules_who_may_not_read_them(server, admin):
    writer = agent(server, admin, [*WORK, "template.create", "template.change", "rule.read", "rule.create"])
    refused = writer.request("POST", "/template", {"name": "试", "text_zh": "{{customer.name}}"}, status=422)
    assert faults(refused)[0] == ("text_zh", "forbidden")
    row = template(admin, "{{customer.name|您}}好")
    body = {"name": "试", "object": "ticket", "state": "on", "events": ["created"], "actions": [{"do": "reply", "template_id": row["id"]}]}
    refused = writer.request("POST", "/rule", body, status=422)
    assert faults(refused)[0] == ("actions[0].template_id", "forbidden")


def test_the_link_on_the_ticket_asks_to_sign_in_and_the_one_in_the_sms_opens_it(admin):
    t = ticket(admin, customer(admin))
    row = template(admin, "进度：{{ticket.link}}")
    admin.post("/ticket/act", {"rows": [{"id": t["id"]}], "actions": [{"do": "reply", "template_id": row["id"], "send": "text"}]})
    assert "?t=" not in said(admin, t)[0] and f"/ticket/{t['id']}?c=" in said(admin, t)[0]
    body = admin.get("/outbox", sort="-created_at", limit=1)["items"][0]["body"]
    assert f"/ticket/{t['id']}?t=" in body


# Macros and rules ---------------------------------------------------------------------------------------------------------------


def test_a_macro_replies_and_counts_as_an_answer_of_whoever_runs_it(admin):
    t = ticket(admin, customer(admin, "孙悦"))
    row = template(admin, "{{customer.name}}，{{ticket.no}} 已收到")
    macro = admin.post("/macro", {"record": "ticket", "name": f"回复 {uuid.uuid4().hex[:6]}", "actions": [{"do": "move", "action": "accept"}, {"do": "reply", "template_id": row["id"]}]})
    answer = admin.post("/ticket/act", {"rows": [{"id": t["id"]}], "macro_id": macro["id"]})
    assert (answer["done"], answer["undoable"]) == (1, 0), "a message is not taken back"
    after = admin.get(f"/ticket/{t['id']}")
    assert (after["state"], said(admin, t)) == ("accepted", [f"孙悦，{t['no']} 已收到"]) and after["first_response_at"]
    sent = [m["template"] for m in admin.get("/outbox", sort="-created_at", limit=50)["items"] if t["no"] in m["subject"]]
    assert sorted(sent) == ["ticket_answered", "ticket_received"]


def test_a_macro_whose_template_lacks_a_value_does_nothing_and_says_which(admin):
    t = ticket(admin, customer(admin))
    row = template(admin, "型号 {{device.model}}")
    answer = admin.post("/ticket/act", {"rows": [{"id": t["id"]}], "actions": [{"do": "move", "action": "accept"}, {"do": "reply", "template_id": row["id"]}]})
    assert answer["rows"][0]["code"] == "template_missing" and "Model" in answer["rows"][0]["message"]
    assert admin.get(f"/ticket/{t['id']}")["state"] == "new" and said(admin, t) == []


@pytest.mark.parametrize("fields, code", [({"template_id": "999999999999999999"}, "field_reference"), ({}, "field_required"), ({"template_id": "off"}, "template_off"), ({"send": "pigeon", "template_id": "on"}, "field_choice")])
def test_an_action_that_names_no_usable_template_is_refused_by_its_field(admin, fields, code):
    if fields.get("template_id") in ("off", "on"):
        fields = fields | {"template_id": template(admin, "好", active=fields["template_id"] == "on")["id"]}
    body = {"name": "试", "object": "ticket", "state": "on", "events": ["created"], "actions": [{"do": "reply"} | fields]}
    assert faults(admin.request("POST", "/rule", body, status=422))[0][1] == code


def test_a_rule_sends_once_and_what_it_says_fires_it_no_more(company):
    """It waits for replies, and its own message is one."""
    gateway = Gateway()
    with Server(company, environment={"ANXIN_SMS_GATEWAY": gateway.url, "ANXIN_OUTBOUND_ALLOW": "127.0.0.0/8"}) as server:
        admin = Client(server.url).sign_in(*company.accounts[0])
        mark = uuid.uuid4().hex[:8]
        row = template(admin, f"{{{{customer.name}}}}，{mark}，{{{{agent.name|客服}}}}")
        made = rule(admin, events=["created", "commented"], condition=f'title contains "{mark}"', actions=[{"do": "reply", "template_id": row["id"], "send": "text"}])
        t = ticket(admin, customer(admin, "周杰"), f"{mark} 有异响，请来看看")
        wait_for(lambda: runs(admin, made))
        expected = f"周杰，{mark}，客服"
        sms = wait_for(lambda: [c[3] for c in gateway.calls if c[3]["template"] == "ticket_message"])
        assert [m["text"] for m in sms] == [f"【安心电器】{expected}"]
        admin.post(f"/ticket/{t['id']}/action/accept", {"version": admin.get(f"/ticket/{t['id']}")["version"]})
        assert said(admin, t) == [expected] and [r["result"] for r in runs(admin, made)] == ["done"]
        assert not admin.get(f"/ticket/{t['id']}")["first_response_at"], "no person has answered"
        admin.close()
    gateway.close()


def test_a_rule_whose_template_was_switched_off_fails_and_says_so(company, tmp_path):
    clock = Clock(tmp_path / "clock")
    with Server(company, clock=clock) as server:
        admin = Client(server.url).sign_in(*company.accounts[0])
        row = template(admin, "好", name="停用的模板")
        made = rule(admin, actions=[{"do": "reply", "template_id": row["id"]}])
        admin.patch(f"/template/{row['id']}", {"version": row["version"], "active": False})
        ticket(admin, customer(admin))

        def failed():
            clock.move(120)
            return runs(admin, made)
        run, = wait_for(failed)
        assert run["result"] == "failed" and "template_off" in run["error"], run
        admin.close()


def test_a_dry_run_shows_what_would_be_said_with_the_customer_masked(admin):
    mark = uuid.uuid4().hex[:8]
    row = template(admin, "{{customer.name}}，{{ticket.no}}，{{agent.name|客服}}，{{device.model}}")
    t = ticket(admin, customer(admin, "吴越"), f"{mark} 有异响，请来看看")
    tried = admin.post("/rule/try", {"object": "ticket", "events": ["created"], "condition": f'title contains "{mark}"', "actions": [{"do": "reply", "template_id": row["id"]}]})
    assert [e["says"] for e in tried["events"] if e["fires"]] == [[{"text": f"吴*，{t['no']}，客服，", "lang": "zh", "missing": ["device.model"]}]]
    assert said(admin, t) == []
