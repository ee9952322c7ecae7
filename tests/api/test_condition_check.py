"""What an editor of conditions asks: a text as a tree, a tree as a text, and what is wrong with either, said with its place."""
import pytest
from test_scope import new_user

CHECK = "/ticket/condition/check"
TEXTS = [
    "grade in (urgent, critical) and age(created_at) > 2h and owner_id is none",
    "device.product.code = \"fridge\" and (title contains \"漏水\" or not (state = new or rating is not none))",
    "created_at in last_month and solved_at > created_at - 30min",
    "customer.phone = \"13800138000\" and owner_id = me and created_at >= today - 7d",
    "true",
]


def faults(answer):
    return [(f["code"], f["at"], f["atom"]) for f in answer["faults"]]


@pytest.mark.parametrize("text", TEXTS)
def test_text_becomes_tree_and_tree_the_same_text(admin, text):
    read = admin.post(CHECK, {"text": text})
    assert faults(read) == [] and read["version"] == 1
    back = admin.post(CHECK, {"tree": read["tree"]})
    assert back == read | {"text": read["text"]}
    assert admin.get("/ticket/count", condition=read["text"]) == admin.get("/ticket/count", condition=text)


def test_the_tree_has_the_form_that_editors_use(admin):
    assert admin.post(CHECK, {"text": "not (state = new) or age(created_at) > 2h"})["tree"] == {
        "op": "or", "items": [
            {"op": "not", "items": [{"op": "=", "field": "state", "values": [{"value": "new"}]}]},
            {"op": ">", "function": "age", "field": "created_at", "values": [{"value": "2h"}]},
        ]}


def test_nothing_written_is_true_of_every_row(admin):
    for body in ({}, {"text": ""}, {"text": " \n"}, {"tree": {"op": "true"}}):
        assert admin.post(CHECK, body) == {"text": "true", "tree": {"op": "true"}, "version": 1, "faults": []}


def test_every_comparison_at_fault_is_named_with_its_place(admin):
    text = "grade = red and (title > 3 or colour = 1)"
    answer = admin.post(CHECK, {"text": text})
    assert faults(answer) == [("field_choice", 8, 0), ("expr_operator", 17, 1), ("expr_field", 30, 2)]
    assert answer["tree"]["items"][0]["field"] == "grade", "a tree that can be read is there to be mended"
    same = admin.post(CHECK, {"tree": answer["tree"]})
    assert [f[0::2] for f in faults(same)] == [("field_choice", 0), ("expr_operator", 1), ("expr_field", 2)]


def test_places_count_characters_not_bytes(admin):
    assert faults(admin.post(CHECK, {"text": "title contains \"漏水\" and x = 1"})) == [("expr_field", 24, 1)]


def test_what_cannot_be_read_has_no_tree(admin):
    answer = admin.post(CHECK, {"text": "grade = urgent and"})
    assert (answer["tree"], answer["text"], faults(answer)) == (None, None, [("expr_cut", 18, None)])


def test_faults_are_said_in_the_language_of_the_one_who_writes(admin):
    said = {}
    for lang in ("zh", "en"):
        reply = admin.http.post(CHECK, json={"text": "colour = 1"}, headers={"Accept-Language": lang})
        said[lang] = reply.json()["faults"][0]["message"]
    assert "没有这个字段" in said["zh"] and "no such field" in said["en"]


def test_a_tree_that_is_none_is_refused(admin):
    for tree in ({"op": "and", "items": []}, {"op": "=", "field": "grade"}, {"op": "~", "field": "grade", "values": [{"value": "x"}]}, [], "state = new"):
        admin.post(CHECK, {"tree": tree}, status=(400, 422))


def test_who_may_not_read_a_record_has_no_field_of_it(server, admin):
    user = new_user(server, admin, ["ticket.read"])
    assert faults(user.post(CHECK, {"text": "customer.level = vip"})) == [("expr_field", 0, 0)]
    user.post("/customer/condition/check", {"text": "level = vip"}, status=403)
    user.close()


def test_meta_says_what_a_condition_makes_of_each_field(admin):
    records = {r["name"]: {f["name"]: f["condition"] for f in r["fields"]} for r in admin.get("/meta")["records"]}
    ticket, customer = records["ticket"], records["customer"]
    assert {name: ticket[name] for name in ("no", "title", "state", "customer_id", "description", "symptoms", "created_at" if "created_at" in ticket else "rated_at")} == {
        "no": "code", "title": "text", "state": "choice", "customer_id": "id", "description": None, "symptoms": None, "rated_at": "time"}
    assert customer["phone"] == "sealed"
    for name, fields in records.items():
        for field, kind in fields.items():
            answer = admin.post(f"/{name}/condition/check", {"text": f"{field} is none"})
            wanted = {None: ["expr_field"], "sealed": ["expr_operator"]}.get(kind, [])
            assert [f["code"] for f in answer["faults"]] == wanted, (name, field, kind)
