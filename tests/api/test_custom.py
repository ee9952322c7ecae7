"""Fields that a company defines: typed, in the row and its history, found by index, seen by whom they are meant for, and never lost by what happens to the row."""
import csv
import io
import itertools
import json
import random
import uuid

import definitions
import people
import pytest
from actors import plan_of
from patience import wait_for
from people import new_phone
from test_import import announce, faults, run, step
from test_scope import new_user

numbers = itertools.count(1)
SIDES = [{"value": "left", "zh": "左开门", "en": "Left"}, {"value": "right", "zh": "右开门", "en": "Right"}]


def define(admin, kind="number", object="ticket", status=201, **more):
    body = {"object": object, "name": f"字段 {uuid.uuid4().hex[:6]}", "kind": kind} | ({"choices": SIDES} if kind == "choice" else {}) | more
    row = admin.post("/custom_field", body, status=status)
    return row | {"member": f"x_{row.get('code')}"}


def archive(admin, field, status=200):
    row = admin.get(f"/custom_field/{field['id']}")
    return admin.post(f"/custom_field/{field['id']}/archive", {"version": row["version"]}, status=status)


@pytest.fixture(scope="module")
def five(admin):
    """One field of each kind, on tickets: there may only be so many."""
    made = {kind: define(admin, kind) for kind in ("text", "number", "day", "flag", "choice")}
    yield {kind: f["member"] for kind, f in made.items()}
    for field in made.values():
        archive(admin, field)


def set_room(admin, value):
    admin.patch("/setting/custom.fields", {"value": value, "version": admin.get("/setting/custom.fields")["version"]})


@pytest.fixture(scope="module", autouse=True)
def room(admin):
    set_room(admin, 50)


def ticket(admin, status=201, **more):
    customer = more.pop("customer_id", None) or admin.post("/customer", {"name": "周婷", "phone": new_phone()})["id"]
    return admin.post("/ticket", {"scene": "usage", "customer_id": customer, "text": "怎么调温度"} | more, status=status)


def values(row):
    return {k: v for k, v in row.items() if k.startswith("x_")}


def change(admin, row, status=200, record="ticket", **more):
    now = admin.get(f"/{record}/{row['id']}")
    return admin.patch(f"/{record}/{row['id']}", {"version": now["version"]} | more, status=status)


def listed(client, condition, record="ticket"):
    return {row["id"] for row in client.get(f"/{record}", condition=condition, limit=200)["items"]}


def test_values_of_each_kind_come_back_as_they_went(admin, five):
    said = {five["text"]: "三楼 <b>'\"", five["number"]: -7, five["day"]: "2026-02-28", five["flag"]: False, five["choice"]: "left"}
    row = ticket(admin, **said)
    assert values(row) == said == values(admin.get(f"/ticket/{row['id']}"))
    changed = change(admin, row, **{five["number"]: 8, five["flag"]: True, five["text"]: None})
    assert values(changed) == {k: v for k, v in said.items() if k != five["text"]} | {five["number"]: 8, five["flag"]: True}
    last = admin.get(f"/ticket/{row['id']}/history")["items"][0]
    assert last["fields"] == {five["number"]: [-7, 8], five["flag"]: [False, True], five["text"]: [said[five["text"]], None]}
    assert set(admin.get(f"/ticket/{row['id']}")) >= {"no", "title"}, "beside the others"


@pytest.mark.parametrize("kind, value, code", [
    ("number", "7", "field_type"), ("number", 7.5, "field_type"), ("number", 10**15, "field_too_large"), ("number", -(2**63), "field_too_small"),
    ("number", 2**64 - 1, "field_too_large"), ("number", True, "field_type"), ("flag", 1, "field_type"), ("day", "2026-02-30", "field_type"), ("day", 20000, "field_type"),
    ("choice", "Left", "field_choice"), ("choice", ["left"], "field_choice"), ("choice", "left' or '1'='1", "field_choice"),
    ("text", "长" * 201, "field_too_long"), ("text", 3, "field_type"), ("text", {"a": 1}, "field_type"),
])
def test_another_kind_of_value_is_refused_by_its_field(admin, five, kind, value, code):
    for refused in (ticket(admin, status=422, **{five[kind]: value}), change(admin, ticket(admin), status=422, **{five[kind]: value})):
        assert definitions.faults(refused) == [(five[kind], code)]


def test_what_is_not_defined_is_unknown(admin, five):
    row = ticket(admin)
    for name in ("x_", "x_nobody", "x_floor'; DROP TABLE ticket; --", "custom"):
        answer = change(admin, row, status=422, **{name: 1})
        assert answer["error"]["fields"][0]["code"] == "field_unknown", name
    assert admin.http.get("/ticket", params={"condition": "x_nobody = 1"}).status_code == 422


@pytest.mark.parametrize("code", ["Floor", "1st", "a b", "a'b", 'a"b', "<b>", "a" * 31, "楼层", "a.b"])
def test_a_code_is_a_plain_word(admin, code):
    assert define(admin, code=code, status=422)["error"]["fields"][0]["field"] == "code"


def test_labels_are_words_whatever_is_in_them(admin):
    name = "<img src=x onerror=alert(1)> ' \" --"
    field = define(admin, name=name, name_en=name)
    said = next(f for f in next(r for r in admin.get("/meta")["records"] if r["name"] == "ticket")["fields"] if f["name"] == field["member"])
    assert said["label"] == {"zh": name, "en": name} and said["type"] == "int" and said["condition"] == "number" and said["custom"]
    archive(admin, field)


def test_codes_are_given_once(admin):
    first = define(admin)
    assert first["code"].startswith("f")
    assert define(admin, code=first["code"], status=422)["error"]["fields"][0]["code"] == "field_taken"
    other = define(admin, object="customer", code=first["code"])
    archive(admin, first)
    archive(admin, other)
    assert define(admin, code=first["code"], status=422)["error"]["fields"][0]["code"] == "field_taken", "an archived field keeps its values"


def test_kind_record_and_code_stay(admin):
    field = define(admin)
    for change_ in ({"kind": "text"}, {"object": "device"}, {"code": "other"}):
        assert admin.patch(f"/custom_field/{field['id']}", {"version": 1} | change_, status=422)["error"]["fields"][0]["code"] == "field_read_only"
    archive(admin, field)


def test_a_choice_is_retired_not_removed(admin):
    field = define(admin, "choice")
    row = ticket(admin, **{field["member"]: "left"})
    gone = admin.patch(f"/custom_field/{field['id']}", {"version": 1, "choices": SIDES[1:]}, status=422)
    assert gone["error"]["fields"][0]["code"] == "custom_choice_gone" and "Left" in gone["error"]["fields"][0]["message"]
    admin.patch(f"/custom_field/{field['id']}", {"version": 1, "choices": [SIDES[0] | {"retired": True}, SIDES[1]]})
    assert change(admin, ticket(admin), status=422, **{field["member"]: "left"})["error"]["fields"][0]["code"] == "field_choice"
    assert values(change(admin, row, title="另一个问题", **{field["member"]: "left"})) == {field["member"]: "left"}, "what it was, it may be"
    assert listed(admin, f"{field['member']} = left") == {row["id"]}
    archive(admin, field)


def test_an_archived_field_keeps_its_values_and_takes_no_new_ones(admin):
    field = define(admin)
    row, empty = ticket(admin, **{field["member"]: 3}), ticket(admin)
    archive(admin, field)
    assert values(admin.get(f"/ticket/{row['id']}")) == {field["member"]: 3}
    assert change(admin, empty, status=422, **{field["member"]: 4})["error"]["fields"][0]["code"] == "field_read_only"
    assert listed(admin, f"{field['member']} = 3") == {row["id"]}
    assert values(change(admin, row, **{field["member"]: None})) == {}, "taking away is no new value"


def test_a_required_field_is_asked_of_people_when_they_make_a_row(admin):
    old = ticket(admin)
    field = define(admin, "text", required=True)
    try:
        assert ticket(admin, status=422)["error"]["fields"][0] | {"message": ""} == {"field": field["member"], "code": "field_required", "message": ""}
        row = ticket(admin, **{field["member"]: "三楼"})
        change(admin, old, title="旧单照常处理")
        assert change(admin, row, status=422, **{field["member"]: ""})["error"]["fields"][0]["code"] == "field_required"
    finally:
        archive(admin, field)
    ticket(admin)


def test_only_so_many_fields(admin):
    set_room(admin, 1)
    there = admin.get("/custom_field", condition="object = device", total=1)["total"]
    made = [define(admin, object="device") for _ in range(1 - there)]
    refused = define(admin, object="device", status=409)
    set_room(admin, 50)
    assert refused["error"]["code"] == "custom_most" and "1" in refused["error"]["message"]
    for field in made:
        archive(admin, field)


def test_who_may_not_see_a_field_learns_nothing_of_it(admin, server):
    reader, other = new_user(server, admin, ["ticket.read", "ticket.change", "ticket.create", "customer.read"]), new_user(server, admin, ["ticket.read", "ticket.change", "ticket.export"])
    field = define(admin, readers=[reader.role["id"]])
    row = ticket(admin, **{field["member"]: 41})
    assert values(reader.get(f"/ticket/{row['id']}")) == {field["member"]: 41}
    assert listed(reader, f"{field['member']} = 41") == {row["id"]}
    assert values(other.get(f"/ticket/{row['id']}")) == {} and field["member"] not in json.dumps(other.get("/meta"))
    assert other.http.get("/ticket", params={"condition": f"{field['member']} = 41"}).status_code == 422
    assert change(other, row, status=422, **{field["member"]: 1})["error"]["fields"][0]["code"] == "field_unknown"
    change(admin, row, title="再看一看", **{field["member"]: 42})
    assert other.get(f"/ticket/{row['id']}/history")["items"][0]["fields"].keys() == {"title"}
    assert reader.get(f"/ticket/{row['id']}/history")["items"][0]["fields"].keys() == {"title", field["member"]}
    change(other, row, title="别人改了标题")
    assert values(admin.get(f"/ticket/{row['id']}")) == {field["member"]: 42}, "what one does not see stays"
    archive(admin, field)


# ---- conditions ----


def keeps(op, value):
    by = {"=": lambda v: v == value, "!=": lambda v: v != value, "<": lambda v: v is not None and v < value, ">=": lambda v: v is not None and v >= value,
          "is none": lambda v: v is None, "is not none": lambda v: v is not None, "contains": lambda v: v is not None and value in v, "starts": lambda v: v is not None and v.startswith(value)}
    return by[op]


ATOMS = [("number", op, n, str(n)) for op in ("=", "!=", "<", ">=") for n in (-3, 0, 5)] + [("day", op, d, d) for op in ("=", "<", ">=") for d in ("2026-01-05", "2026-03-01")] + \
    [("flag", "=", True, "true"), ("flag", "!=", True, "true"), ("choice", "=", "left", "left"), ("choice", "!=", "left", "left")] + \
    [("text", "=", "ab 三", '"AB 三"'), ("text", "contains", "b 三", '"B 三"'), ("text", "starts", "ab", '"aB"'), ("text", "!=", "100%", '"100%"')] + \
    [(kind, op, None, "") for kind in ("text", "number", "day", "flag", "choice") for op in ("is none", "is not none")]


def test_conditions_hold_for_the_rows_that_a_plain_reading_keeps(admin, five):
    choose = random.Random(27)
    pool = {"text": ["Ab 三", "ab", "100%", "xB 三y", None], "number": [-3, 0, 4, 5, None], "day": ["2026-01-05", "2026-02-28", "2026-03-01", None], "flag": [True, False, None], "choice": ["left", "right", None]}
    customer = admin.post("/customer", {"name": "周婷", "phone": new_phone()})["id"]
    rows = {}
    for _ in range(30):
        said = {kind: choose.choice(of) for kind, of in pool.items()}
        row = ticket(admin, customer_id=customer, **{five[k]: v for k, v in said.items() if v is not None})
        rows[row["id"]] = {k: v.lower() if k == "text" and v else v for k, v in said.items()}
    both = f"customer_id = {customer} and "
    for kind, op, value, word in ATOMS:
        kept = {i for i, said in rows.items() if keeps(op, value)(said[kind])}
        atom = f"{five[kind]} {op} {word}"
        assert listed(admin, both + atom) == kept, atom
        assert listed(admin, f"{both}not ({atom})") == set(rows) - kept, f"not {atom}"
        assert listed(admin, f"{both}({atom} or {five['number']} = 4)") == kept | {i for i, said in rows.items() if said["number"] == 4}, atom
    assert admin.get("/ticket/count", condition=f"{both}{five['number']} in (4, 5)")["total"] == sum(said["number"] in (4, 5) for said in rows.values())


def test_conditions_walk_to_the_fields_of_what_is_referred_to(admin):
    field = define(admin, "choice", "customer")
    customer = admin.post("/customer", {"name": "周婷", "phone": new_phone(), field["member"]: "right"})
    meant, other = ticket(admin, customer_id=customer["id"]), ticket(admin)
    assert listed(admin, f"customer.{field['member']} = right") == {meant["id"]}
    assert other["id"] in listed(admin, f"customer.{field['member']} != right and created_at >= today")
    archive(admin, field)


def test_a_condition_with_two_fields_of_their_own_is_refused(admin, five):
    answer = admin.http.get("/ticket", params={"condition": f"{five['number']} > remind_count"})
    assert answer.status_code == 422 and answer.json()["error"]["fields"][0]["code"] == "expr_value"


def test_pages_of_a_condition_neither_repeat_nor_lose_rows(admin, five):
    made = {ticket(admin, **{five["number"]: 77})["id"] for _ in range(7)}
    seen, after = [], None
    while True:
        page = admin.get("/ticket", condition=f"{five['number']} = 77", limit=3, **({"after": after} if after else {}))
        seen += [r["id"] for r in page["items"]]
        after = page["next"]
        if not after:
            break
    assert len(seen) == 7 and set(seen) == made


# ---- rules, bulk ----


def test_a_rule_asks_for_a_field_and_sets_one(admin, five):
    row = admin.post("/rule", {"name": uuid.uuid4().hex[:8], "object": "ticket", "state": "on", "events": ["changed"], "changed": [five["number"]],
                               "condition": f"{five['number']} >= 5 and {five['text']} is none", "actions": [{"do": "set", "field": five["text"], "value": "高层"}]})
    meant, other = ticket(admin), ticket(admin)
    change(admin, meant, **{five["number"]: 5})
    change(admin, other, **{five["number"]: 4})
    wait_for(lambda: admin.get(f"/ticket/{meant['id']}").get(five["text"]) == "高层")
    assert five["text"] not in admin.get(f"/ticket/{other['id']}")
    now = admin.get(f"/rule/{row['id']}")
    admin.patch(f"/rule/{row['id']}", {"version": now["version"], "state": "off"})


def test_a_field_that_a_rule_sets_is_not_archived_under_it(admin):
    field = define(admin)
    name = uuid.uuid4().hex[:8]
    rule = admin.post("/rule", {"name": name, "object": "ticket", "state": "on", "events": ["created"], "condition": "scene = emergency", "actions": [{"do": "set", "field": field["member"], "value": 1}]})
    refused = archive(admin, field, status=409)
    assert refused["error"]["code"] == "custom_used" and name in refused["error"]["message"]
    admin.patch(f"/rule/{rule['id']}", {"version": rule["version"], "state": "off"})
    archive(admin, field)
    answer = admin.patch(f"/rule/{rule['id']}", {"version": rule["version"] + 1, "state": "on"}, status=422)
    assert "field_read_only" in json.dumps(answer), "a rule that cannot work says so when it is switched on"


@pytest.mark.parametrize("kind, value, code", [("number", "x", "field_type"), ("choice", "up", "field_choice")])
def test_a_rule_with_a_wrong_value_is_refused_at_once(admin, five, kind, value, code):
    answer = admin.post("/rule", {"name": "x", "object": "ticket", "events": ["created"], "actions": [{"do": "set", "field": five[kind], "value": value}]}, status=422)
    assert code in json.dumps(answer)


def test_many_rows_at_once_and_taken_back(admin, five):
    rows = [ticket(admin, **({five["number"]: 1} if n else {})) for n in range(3)]
    run = admin.post("/ticket/act", {"rows": [{"id": r["id"], "version": r["version"]} for r in rows], "actions": [{"do": "set", "field": five["number"], "value": 9}]})
    assert run["done"] == 3 and [values(admin.get(f"/ticket/{r['id']}")) for r in rows] == [{five["number"]: 9}] * 3
    assert listed(admin, f"{five['number']} = 9") == {r["id"] for r in rows}
    admin.post("/ticket/undo", {"run": run["run"]})
    assert [values(admin.get(f"/ticket/{r['id']}")) for r in rows] == [{}, {five["number"]: 1}, {five["number"]: 1}]
    assert listed(admin, f"{five['number']} = 9") == set()
    assert listed(admin, f"{five['number']} = 1") == {r["id"] for r in rows[1:]}


# ---- what happens to rows ----


def test_a_ticket_that_is_split_off_begins_with_what_the_other_holds(admin, five):
    source = ticket(admin, **{five["choice"]: "left", five["number"]: 12})
    other = admin.post(f"/ticket/{source['id']}/split", {"scene": "usage", "text": "另一件事"})
    assert values(other) == values(source) == {five["choice"]: "left", five["number"]: 12}
    assert {source["id"], other["id"]} <= listed(admin, f"{five['number']} = 12")
    admin.post(f"/ticket/{other['id']}/unsplit", {})
    assert values(admin.get(f"/ticket/{source['id']}")) == {five["choice"]: "left", five["number"]: 12}


def exported(client, record, **query):
    answer = client.http.get(f"/{record}/export", params={"format": "csv"} | query)
    assert answer.status_code == 200, answer.text
    head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    return [dict(zip(head, row)) for row in rows]


def test_sheets_hold_the_fields_under_their_names(admin, five):
    name = {f["name"]: f["label"]["en"] for r in admin.get("/meta")["records"] if r["name"] == "ticket" for f in r["fields"]}
    row = ticket(admin, **{five["text"]: "=1+1", five["number"]: 31, five["day"]: "2026-02-28", five["flag"]: False, five["choice"]: "left"})
    ticket(admin, **{five["flag"]: True})
    (line,) = exported(admin, "ticket", condition=f"{five['number']} = 31")
    assert line["Ticket no."] == row["no"]
    assert [line[name[five[k]]] for k in ("text", "number", "day", "flag", "choice")] == ["'=1+1", "31", "2026-02-28", "no", "Left"]
    (empty,) = exported(admin, "ticket", condition=f"id = {ticket(admin)['id']}")
    assert [empty[name[five[k]]] for k in ("text", "number", "day", "flag", "choice")] == [""] * 5


def test_a_sheet_brings_them_with_a_fault_per_cell(admin, tmp_path):
    mark = "2026070"      # names that are digits for the most part are names of fields all the same
    made = {kind: define(admin, kind, "customer", name=f"{kind}{mark}") for kind in ("text", "number", "day", "flag", "choice")}
    member = {kind: f["member"] for kind, f in made.items()}
    phones = [new_phone() for _ in range(3)]
    heads = ["姓名", "手机", *(f["name"] for f in made.values())]
    lines = [["周婷", phones[0], "东门", "7", "2026/2/28", "是", "左开门"], ["周明", phones[1], "", "", "", "否", "right"], ["周芳", phones[2], "x" * 201, "seven", "2026-02-28", "", "上"]]
    path = tmp_path / "customers.csv"
    path.write_text("\n".join(",".join(row) for row in [heads, *lines]), encoding="utf-8")
    proposed = announce(admin, "customer", path)
    assert {proposed["mapping"][f["name"]] for f in made.values()} == set(member.values()), "found by their names"
    tried = step(admin, proposed, "check")
    assert {(f["head"], f["code"]) for f in faults(admin, tried)} == {(made["text"]["name"], "field_too_long"), (made["number"]["name"], "field_type"), (made["choice"]["name"], "field_choice")}
    third = admin.get(f"/import/{tried['id']}/preview")["rows"][2]["faults"]
    assert [(f["column"], f["field"]) for f in third] == [(4, member["number"])], "at its cell, that it is no number; the rest is asked once it is one"
    run(admin, "customer", path)
    by_phone = [admin.get("/customer", condition=f'phone = "{p}"')["items"] for p in phones]
    assert values(by_phone[0][0]) == {member["text"]: "东门", member["number"]: 7, member["day"]: "2026-02-28", member["flag"]: True, member["choice"]: "left"}
    assert values(by_phone[1][0]) == {member["flag"]: False, member["choice"]: "right"} and by_phone[2] == []
    assert listed(admin, f"{member['number']} = 7", "customer") == {by_phone[0][0]["id"]}
    mapping = {"姓名": "name", "手机": "phone", made["number"]["name"]: "custom"}
    assert admin.patch(f"/import/{tried['id']}", {"version": tried["version"], "mapping": mapping}, status=(409, 422))
    for field in made.values():
        archive(admin, field)


def test_a_report_asks_for_the_fields_of_its_scene(server, admin):
    asked = define(admin, "number", name="楼层", hint="没有电梯时带助手", scenes=["repair"], required=True)
    elsewhere, inside = define(admin, "flag", scenes=["installation"]), define(admin, "text")
    try:
        customer, _ = people.new_customer(server.url, admin)
        scenes = {s["name"]: {f["name"]: f for f in s["fields"]} for s in customer.get("/my/form", **customer.company)["scenes"]}
        assert scenes["repair"][asked["member"]] | {"choices": []} == {"name": asked["member"], "type": "number", "label": {"zh": "楼层", "en": "楼层"}, "required": True, "sealed": False, "most": 16, "choices": [],
                                                                       "hint": {"zh": "没有电梯时带助手", "en": "没有电梯时带助手"}}
        assert elsewhere["member"] in scenes["installation"] and elsewhere["member"] not in scenes["repair"] and inside["member"] not in json.dumps(scenes)
        body = {"scene": "repair", "product_id": customer.get("/my/form", **customer.company)["products"][0]["id"], "description": "冰箱门边漏水"}
        assert customer.post("/my/ticket", body, status=422)["error"]["fields"][0] | {"message": ""} == {"field": asked["member"], "code": "field_required", "message": ""}
        assert customer.post("/my/ticket", body | {asked["member"]: 3, inside["member"]: "x"}, status=422)["error"]["fields"][0]["code"] == "field_unknown", "not hers to fill"
        filed = customer.post("/my/ticket", body | {asked["member"]: 3})
        assert values(admin.get(f"/ticket/{filed['id']}")) == {asked["member"]: 3}
        assert ticket(admin, scene="usage")["id"], "staff are asked in that scene only, too"
        customer.close()
    finally:
        for field in (asked, elsewhere, inside):
            archive(admin, field)


LOOK = ("SELECT t.* FROM ticket t WHERE t.tenant = 1 AND t.id IN (SELECT v.object_id FROM custom_number v WHERE v.tenant = 1 AND v.field_id = 7 AND (v.value = 3)) "
        "AND t.archived_at = 0 ORDER BY t.created_at DESC, t.id DESC LIMIT 51", "custom_number_by_value")
EACH = ("SELECT t.id FROM ticket t WHERE t.tenant = 1 AND NOT EXISTS (SELECT 1 FROM custom_word v WHERE v.object_id = t.id AND v.tenant = 1 AND v.field_id = 7 AND (v.value = 'a'))", "custom_word")


@pytest.mark.parametrize("sql, index", [LOOK, EACH], ids=["look", "each"])
def test_values_are_found_by_their_index(company, sql, index):
    plan = plan_of(company, sql)
    if company.database:
        assert index in plan and "Seq Scan" not in plan, plan
    else:
        assert "SEARCH v" in plan and index in plan and "SCAN v" not in plan, plan


def test_a_value_among_two_hundred_fields_is_found_by_its_index(company):
    """With as many values as that makes, and the planner left to itself: it looks at those of the one field that were asked for."""
    numbers_to = "WITH RECURSIVE {0}(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM {0} WHERE n < {1})".format
    company.execute(f"INSERT INTO custom_number (tenant, object_id, field_id, value) {numbers_to('o', 500)} "
                    f"SELECT 1, o.n, f.n, o.n % 97 FROM o CROSS JOIN ({numbers_to('f', 200)} SELECT n FROM f) AS f")
    company.execute("ANALYZE")
    plan, index = plan_of(company, LOOK[0], off=()), LOOK[1]
    if company.database:
        assert index in plan and "Seq Scan on custom_number" not in plan, plan
    else:
        assert f"SEARCH v USING COVERING INDEX {index} (tenant=? AND field_id=? AND value=?)" in plan, plan
