"""What every record has for being a record, tried on all records that /meta names, with values made from what it says of them."""
import json

import examples
import pytest


@pytest.fixture(scope="module")
def meta(admin):
    return {record["name"]: record for record in admin.get("/meta")["records"]}


@pytest.fixture(scope="module")
def creatable(meta):
    found = {name: record for name, record in meta.items() if record["creatable"]}
    assert {"customer", "contact", "device", "user"} <= set(found)
    return found


def shown(field, sent, got):
    """What a reader sees of a value that was sent: masked personal data keeps its secret, the rest comes back as it was."""
    if field["masked"]:
        return got != sent and got is not None
    return got == sent


def test_what_is_created_is_read_back_field_by_field(admin, meta, creatable):
    for name, record in creatable.items():
        sent = examples.body(admin, meta, name)
        made = admin.post(f"/{name}", sent)
        read = admin.get(f"/{name}/{made['id']}")
        wrong = [f["name"] for f in examples.settable(record) if not shown(f, sent[f["name"]], read[f["name"]])]
        assert not wrong, (name, {w: (sent[w], read[w]) for w in wrong})


@pytest.mark.quick
def test_only_required_fields_are_enough(admin, meta, creatable):
    for name in creatable:
        made = admin.post(f"/{name}", examples.body(admin, meta, name, only_required=True))
        assert made["version"] == 1, name


@pytest.mark.quick
def test_each_required_field_is_asked_for_by_name(admin, meta, creatable):
    for name, record in creatable.items():
        whole = examples.body(admin, meta, name)
        for field in (f["name"] for f in examples.settable(record) if f["required"] and not f["initial"]):
            error = admin.post(f"/{name}", {k: v for k, v in whole.items() if k != field}, status=422)["error"]
            assert field in {error.get("field"), *(f["field"] for f in error.get("fields", []))}, (name, field, error)


def test_a_wrong_value_is_refused_by_field_and_nothing_is_written(admin, meta, creatable):
    for name, record in creatable.items():
        before = admin.get(f"/{name}", limit=1, total=1)["total"]
        whole = examples.body(admin, meta, name)
        for field in examples.settable(record):
            for value in examples.BAD[field["type"]]:
                error = admin.post(f"/{name}", whole | {field["name"]: value}, status=(400, 422))["error"]
                assert field["name"] in json.dumps(error), (name, field["name"], value, error)
                assert error["message"] and error["request_id"]
        assert admin.get(f"/{name}", limit=1, total=1)["total"] == before, name


@pytest.mark.quick
def test_an_unknown_field_is_refused(admin, meta, creatable):
    for name in creatable:
        error = admin.post(f"/{name}", examples.body(admin, meta, name) | {"no_such_field": 1}, status=422)["error"]
        assert "no_such_field" in json.dumps(error), (name, error)


def test_errors_speak_the_language_of_the_reader(admin, meta):
    said = [admin.post("/customer", {"no_such_field": 1}, status=422, headers={"Accept-Language": lang})["error"]["message"]
            for lang in ("zh-CN", "en")]
    assert any("\u4e00" <= letter <= "\u9fff" for letter in said[0])
    assert said[1].isascii()


def changeable_field(record):
    """A field that can be changed to another value without breaking a rule of the record."""
    for field in examples.settable(record):
        if not field["fixed"] and not field["unique"] and field["type"] in ("text", "code", "name", "place", "money", "count", "flag"):
            return field
    return None


@pytest.mark.quick
def test_a_change_needs_the_version_it_was_made_on(admin, meta, creatable):
    for name, record in creatable.items():
        field = record["changeable"] and changeable_field(record)
        if not field:
            continue
        made = examples.make(admin, meta, name)
        value = examples.good(admin, meta, field, name) if field["type"] != "flag" else False
        changed = admin.patch(f"/{name}/{made['id']}", {"version": made["version"], field["name"]: value, "reason": "测试"})
        assert changed["version"] == made["version"] + 1, name
        refused = admin.patch(f"/{name}/{made['id']}", {"version": made["version"], field["name"]: value}, status=409)
        assert refused["error"]["code"] == "version_conflict" and refused["current"]["version"] == changed["version"], (name, refused)
        entries = admin.get(f"/{name}/{made['id']}/history")["items"]
        newest = max(entries, key=lambda e: e["version"])
        assert field["name"] in newest["fields"] and newest["reason"] == "测试", (name, entries)


@pytest.mark.quick
def test_a_history_says_what_its_references_are_called(admin):
    user = admin.get("/user", limit=1)["items"][0]
    ticket = admin.get("/ticket", limit=1, filter='[["state","in",["new","accepted","working"]]]')["items"][0]
    admin.post(f"/ticket/{ticket['id']}/action/assign", {"version": ticket["version"], "owner_id": user["id"]})
    history = admin.get(f"/ticket/{ticket['id']}/history")
    newest = max(history["items"], key=lambda e: e["version"])
    if ticket["owner_id"] not in ("0", None):
        assert newest["fields"]["owner_id"][0] in history["titles"]["owner_id"]
    assert newest["fields"]["owner_id"][1] == user["id"] and history["titles"]["owner_id"][user["id"]] == user["name"]


def test_a_history_names_what_a_reference_became_that_was_empty(admin):
    customer = admin.get("/customer", limit=1)["items"][0]
    ticket = admin.post("/ticket", {"scene": "usage", "text": "童锁怎么解开", "customer_id": customer["id"]})
    admin.post(f"/ticket/{ticket['id']}/action/accept", {"version": ticket["version"]})
    history = admin.get(f"/ticket/{ticket['id']}/history")
    was, became = max(history["items"], key=lambda e: e["version"])["fields"]["owner_id"]
    assert was is None and history["titles"]["owner_id"][became]


def test_what_was_sealed_and_is_given_again_as_it_was_is_no_change(admin):
    made = admin.post("/customer", {"name": "钱多多", "phone": "13812340001", "email": "qian@example.com"})
    path = f"/customer/{made['id']}"
    changed = admin.patch(path, {"version": made["version"], "phone": "138 1234 0001", "email": "other@example.com"})
    newest = max(admin.get(path + "/history")["items"], key=lambda e: e["version"])
    assert set(newest["fields"]) == {"email"}
    for field, value, found in (("phone", "13812340001", 1), ("email", "other@example.com", 1), ("email", "qian@example.com", 0)):
        rows = admin.get("/customer", filter=json.dumps([[field, "=", value]]))["items"]
        assert len([row for row in rows if row["id"] == changed["id"]]) == found, (field, value)


def test_archived_rows_leave_the_list_and_come_back(admin, meta, creatable):
    for name, record in creatable.items():
        if not record["archivable"] or name == "user":
            continue
        made = examples.make(admin, meta, name)
        ids = lambda **query: {row["id"] for row in pages(admin, f"/{name}", limit=200, **query)}  # noqa: E731
        archived = admin.post(f"/{name}/{made['id']}/archive", {"version": made["version"]})
        assert made["id"] not in ids() and made["id"] in ids(archived=1), name
        admin.post(f"/{name}/{made['id']}/restore", {"version": archived["version"]})
        assert made["id"] in ids() and made["id"] not in ids(archived=1), name


def pages(client, path, **query):
    """Rows of all pages, one after the other."""
    after = {}
    while True:
        page = client.get(path, **query, **after)
        yield from page["items"]
        if not page["next"]:
            return
        after = {"after": page["next"]}


FAR = 253402300799999  # when what is never due is due
NONE = {"day": "1970-01-01", "time": 0}  # what an unknown one is stored as


def order_key(record, order, row):
    field = next((f for f in record["fields"] if f["name"] == order), None)
    if row[order] is not None:
        return row[order]
    return FAR if field["initial"] == "far" else NONE[field["type"]]


def test_pages_of_every_order_neither_lose_nor_repeat(admin, meta):
    for name, record in meta.items():
        orders = record["sorts"] + [f["name"] for f in record["fields"] if f["sortable"]]
        total = admin.get(f"/{name}", limit=1, total=1)["total"]
        for order in (sign + o for o in orders for sign in ("", "-")):
            rows = list(pages(admin, f"/{name}", sort=order, limit=7 if total < 300 else 100))
            assert len({row["id"] for row in rows}) == len(rows) == total, (name, order)
            keys = [(order_key(record, order.strip("-"), row), int(row["id"])) for row in rows if order.strip("-") in row]
            assert keys == sorted(keys, reverse=order.startswith("-")), (name, order)


def test_the_previous_page_is_the_one_that_came_before(admin):
    first = admin.get("/customer", limit=3)
    second = admin.get("/customer", limit=3, after=first["next"])
    back = admin.get("/customer", limit=3, before=second["previous"])
    assert [row["id"] for row in back["items"]] == [row["id"] for row in first["items"]]


def test_an_equal_filter_finds_exactly_the_rows_with_that_value(admin, meta):
    for name, record in meta.items():
        rows = list(pages(admin, f"/{name}", limit=200))
        for field in (f for f in record["fields"] if f["filterable"] and not f["sealed"]):
            values = [row[field["name"]] for row in rows if row.get(field["name"]) is not None]
            if not values:
                continue
            wanted = {row["id"] for row in rows if row.get(field["name"]) == values[0]}
            found = {row["id"] for row in pages(admin, f"/{name}", limit=200, filter=json.dumps([[field["name"], "=", values[0]]]))}
            assert found == wanted, (name, field["name"], values[0])


@pytest.mark.parametrize("query", [
    {"filter": '[["no_such_field","=","x"]]'}, {"filter": '[["name","like","x"]]'}, {"filter": "{"}, {"filter": '[["created_at","<","x"]]'},
    {"sort": "no_such_field"}, {"sort": "note"}, {"limit": "201"}, {"limit": "x"}, {"after": "garbage"},
    {"filter": '[["id","=","1; DROP TABLE customer"]]'}, {"no_such_option": "1"},
])
def test_a_list_that_makes_no_sense_is_refused(admin, query):
    assert admin.get("/customer", status=(400, 422), **query)["error"]["message"]


def test_the_total_counts_what_the_pages_show(admin, meta):
    for name in meta:
        page = admin.get(f"/{name}", limit=1, total=1)
        assert page["total"] == len(list(pages(admin, f"/{name}", limit=200))) or page["total_more"], name


def test_nobody_reads_without_signing_in(anonymous, meta):
    for name in meta:
        assert anonymous.get(f"/{name}", status=401)["error"]["code"] == "not_signed_in"
        assert anonymous.get(f"/{name}/1", status=401)["error"]["code"] == "not_signed_in"


def test_a_sealed_value_is_shown_for_a_purpose_only(admin, meta, creatable):
    for name, record in creatable.items():
        for field in (f for f in examples.settable(record) if f["masked"]):
            sent = examples.body(admin, meta, name)
            made = admin.post(f"/{name}", sent)
            shown_value = admin.post(f"/{name}/{made['id']}/reveal", {"field": field["name"], "purpose": "回访"})["value"]
            wanted = "+86" + sent[field["name"]] if field["type"] == "phone" else sent[field["name"]]
            assert shown_value == wanted, (name, field["name"])
            admin.post(f"/{name}/{made['id']}/reveal", {"field": field["name"]}, status=422)


def test_flows_say_where_their_moves_begin_and_what_they_need(admin):
    flows = admin.get("/meta")["flows"]
    for flow in flows:
        states = {s["value"] for s in flow["states"]}
        for move in flow["actions"]:
            assert move["from"] and set(move["from"]) <= states and (move["to"] is None or move["to"] in states)
            assert move["guard"] is None or (move["guard"]["zh"] and move["guard"]["en"])
    ticket = {m["name"]: m for f in flows if f["name"] == "ticket" for m in f["actions"]}
    assert ticket["accept"]["from"] == ["new"] and ticket["accept"]["guard"] is None
    assert ticket["reopen"]["from"] == ["resolved", "closed"] and ticket["reopen"]["guard"]["en"] == "Within the time for reopening"
