"""A company's report form over the pack's: what customers see, what the server asks of their reports, what can never be taken away."""
import itertools
import json

import people
import pytest
from definitions import faults, making
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_scope import new_user

from client import Client
from server import Server

numbers = itertools.count(1)
OWN = {"name": "o_floor", "type": "choice", "label": {"zh": "几楼", "en": "Which floor"}, "required": True,
       "choices": [{"value": "o_low", "label": {"zh": "一楼"}}, {"value": "o_high", "label": {"zh": "楼上", "en": "Upstairs"}}]}


@pytest.fixture
def form(admin):
    with making(admin, "report_form") as make:
        yield lambda scenes=(), symptoms=None, **more: make(scenes=list(scenes), symptoms=symptoms or {}, **more)


def seen(customer):
    return {s["name"]: s for s in customer.get("/my/form", **customer.company)["scenes"]}


def fields(scene):
    return {f["name"]: f for f in scene["fields"]}


def refused(customer, scene="repair", **more):
    product = customer.get("/my/form", **customer.company)["products"][0]["id"]
    return faults(customer.post("/my/ticket", {"scene": scene, "product_id": product, "description": "门边漏水", "answers": {}} | more, status=422))


# ---- what it says ----


def test_without_a_form_of_its_own_a_company_has_the_pack_s(customer):
    scenes = seen(customer)
    assert list(scenes) == ["repair", "usage", "complaint", "return", "installation", "value_added", "emergency", "remote"]
    assert not any("off" in part for s in scenes.values() for part in (s, *s["fields"])) and all(s["required"] == [] for s in scenes.values())


def test_a_form_is_seen_at_once_and_gone_at_once(admin, customer, form):
    before = seen(customer)
    row = form([
        {"name": "complaint"}, {"name": "repair", "label": {"zh": "报修", "en": "Repair"}, "submit": {"zh": "发送"}, "hint": None, "times": "required", "text": "none"},
        {"name": "usage", "off": True}, {"name": "order", "off": False},
    ])
    now = seen(customer)
    assert list(now) == ["complaint", "return", "installation", "value_added", "emergency", "remote", "repair", "order"], "what is not spoken of stays behind what it stood behind"
    assert now["repair"]["label"] == {"zh": "报修", "en": "Repair"} and now["repair"]["submit"] == {"zh": "发送", "en": "发送"} and now["repair"]["hint"] is None
    assert (now["repair"]["times"], now["repair"]["required"], now["repair"]["text"]) == (True, ["times"], "none")
    assert now["repair"]["fields"] == before["repair"]["fields"] and now["complaint"] == before["complaint"], "of what it does not say the pack's is kept"
    assert customer.get("/my/form", **customer.company)["words"]["labels"]["ticket.scene.repair"] == {"zh": "报修", "en": "Repair"}
    scene = next(f for r in admin.get("/meta")["records"] if r["name"] == "ticket" for f in r["fields"] if f["name"] == "scene")
    assert {c["value"]: c["label"]["zh"] for c in scene["choices"]}["repair"] == "报修"
    admin.patch(f"/report_form/{row['id']}", {"version": row["version"], "state": "off"})
    assert seen(customer) == before


def test_questions_are_said_anew_added_put_away_and_ordered(customer, form):
    form([{"name": "complaint", "fields": [
        {"name": "wish", "required": True, "most": 50, "label": {"zh": "怎么办好"}}, OWN, {"name": "earlier_no", "off": True},
        {"name": "about", "choices": [{"value": "fee", "label": {"zh": "收费贵"}}, {"value": "o_noise", "label": {"zh": "扰民"}}, {"value": "speed", "off": True}]}]}])
    asked = fields(seen(customer)["complaint"])
    assert list(asked) == ["wish", "o_floor", "about"]
    assert (asked["wish"]["required"], asked["wish"]["most"], asked["wish"]["label"], asked["wish"]["type"]) == (True, 50, {"zh": "怎么办好", "en": "怎么办好"}, "long_text")
    assert [c["value"] for c in asked["about"]["choices"]] == ["service", "fee", "other", "o_noise", "quality"]
    assert asked["o_floor"]["choices"] == [{"value": "o_low", "label": {"zh": "一楼", "en": "一楼"}}, {"value": "o_high", "label": {"zh": "楼上", "en": "Upstairs"}}]


def test_symptoms_of_the_company_s_own_decide_the_grade(admin, customer, form):
    form(symptoms={"fridge": [{"code": "o_spark", "label": {"zh": "有响动", "en": "Makes noises"}, "grade": "urgent"}, {"code": "frost", "off": True}, {"code": "noise", "label": {"zh": "噪音"}}]})
    product = next(p for p in customer.get("/my/form", **customer.company)["products"] if p["code"] == "fridge")
    told = {s["code"]: s["label"]["zh"] for s in product["symptoms"]}
    assert "frost" not in told and (told["o_spark"], told["noise"]) == ("有响动", "噪音")
    for symptoms, grade in ((["o_spark"], "urgent"), (["noise"], "normal")):
        ticket = people.report(customer, product_id=product["id"], symptoms=symptoms, description="请来看看")
        assert admin.get(f"/ticket/{ticket['id']}")["grade"] == grade


# ---- what reports are held against ----


def test_a_hidden_scene_takes_no_report(admin, customer, form):
    form([{"name": "usage", "off": True}])
    assert refused(customer, "usage") == [("scene", "field_choice")]
    buyer = admin.post("/customer", {"name": "周婷", "phone": people.new_phone()})["id"]
    assert faults(admin.post("/ticket", {"scene": "usage", "customer_id": buyer, "text": "怎么调"}, status=422)) == [("scene", "field_choice")]


def test_what_is_required_is_asked_by_the_server(customer, form):
    form([{"name": "repair", "times": "required", "proof": "required", "symptoms": "required", "text": "required", "device": "required", "fields": [OWN]}])
    assert refused(customer, product_id=None, description=" ") == [("device_id", "field_required"), ("description", "field_required"), ("preferred_day", "field_required"), ("proof", "field_required"),
                                                                    ("answers.o_floor", "field_required")]
    assert ("symptoms", "field_required") in refused(customer)
    body = {"symptoms": ["noise"], "preferred_time": "morning", "proof": {"kind": "invoice"}, "answers": {"o_floor": "o_low"}}
    assert people.report(customer, **body)["no"]
    with_danger = people.report(customer, "repair", danger="leak", answers={}, product_id=None, description="")
    assert with_danger["no"], "whoever is in danger is not held up"


def test_the_pack_s_own_requirements_are_asked_too(customer):
    assert refused(customer, "complaint") == [("answers.about", "field_required")]
    assert refused(customer, "return") == [("answers.want", "field_required"), ("answers.received_on", "field_required"), ("answers.opened", "field_required")]
    assert refused(customer, "usage", description="") == [("description", "field_required")]


@pytest.mark.parametrize("answers, fault", [
    ([], ("answers", "field_type")), ("x", ("answers", "field_type")), ({"o_none": "x"}, ("answers.o_none", "field_unknown")), ({"about": "nothing"}, ("answers.about", "field_invalid")),
    ({"about": ["fee"]}, ("answers.about", "field_invalid")), ({"about": {"value": "fee"}}, ("answers.about", "field_invalid")), ({"about": "fee", "wish": "x" * 301}, ("answers.wish", "field_invalid")),
    ({"about": "fee", "wish": True}, ("answers.wish", "field_invalid")),
])
def test_answers_fit_their_questions(customer, answers, fault):
    assert fault in refused(customer, "complaint", answers=answers)


def test_an_answer_to_what_was_put_away_meanwhile_is_taken_and_shown(admin, customer, form):
    row = form([{"name": "complaint", "fields": [OWN]}])
    ticket = people.report(customer, "complaint")
    admin.patch(f"/report_form/{row['id']}", {"version": row["version"], "scenes": []})
    assert "o_floor" not in fields(seen(customer)["complaint"])
    late = people.report(customer, "complaint", answers={"about": "fee", "o_floor": "o_high"})
    assert [admin.get(f"/ticket/{t['id']}")["answers"]["o_floor"] for t in (ticket, late)] == ["o_low", "o_high"]
    known = next(s for s in admin.get("/report_form/now")["scenes"] if s["name"] == "complaint")
    question = fields(known)["o_floor"]
    assert question["off"] is True and question["label"]["zh"] == "几楼" and {c["value"]: c["label"]["zh"] for c in question["choices"]} == {"o_low": "一楼", "o_high": "楼上"}


def test_fields_of_tickets_are_asked_in_the_scenes_of_the_form(admin, customer, form):
    own = admin.post("/custom_field", {"object": "ticket", "name": "门禁", "code": f"gate{next(numbers)}", "kind": "text", "scenes": ["repair"], "choices": [], "readers": []})
    form([{"name": "repair", "label": {"zh": "报修"}, "fields": [OWN]}])
    assert list(fields(seen(customer)["repair"]))[-1] == f"x_{own['code']}"
    assert people.report(customer, **{f"x_{own['code']}": "3 号门"})["no"]
    admin.post(f"/custom_field/{own['id']}/archive", {"version": own["version"]})


# ---- what it may not say ----


@pytest.mark.parametrize("scenes, fault", [
    ([{"name": "repair", "safety": False}], ("scenes[0].safety", "form_safety")),
    ([{"name": "remote", "safety": False}], ("scenes[0].safety", "form_safety")),
    ([{"name": "emergency", "off": True}], ("scenes[0].off", "form_safety")),
    ([{"name": "party"}], ("scenes[0].name", "field_choice")),
    ([{"name": "o_party"}], ("scenes[0].name", "field_choice")),
    ([{"name": "repair"}, {"name": "repair"}], ("scenes[1].name", "field_taken")),
    ([{"name": "repair", "colour": "red"}], ("scenes[0].colour", "field_unknown")),
    ([{"name": "repair", "label": {}}], ("scenes[0].label.zh", "field_required")),
    ([{"name": "repair", "label": "报修"}], ("scenes[0].label", "field_type")),
    ([{"name": "repair", "label": {"zh": "报" * 41}}], ("scenes[0].label.zh", "field_too_long")),
    ([{"name": "repair", "label": {"zh": "报修\u0000"}}], ("scenes", None)),
    ([{"name": "repair", "device": "maybe"}], ("scenes[0].device", "field_choice")),
    ([{"name": "repair", "times": True}], ("scenes[0].times", "field_choice")),
    ([{"name": "repair", "fields": [{"name": "address", "type": "day"}]}], ("scenes[0].fields[0].type", "field_read_only")),
    ([{"name": "repair", "fields": [{"name": "address", "sealed": False}]}], ("scenes[0].fields[0].sealed", "field_read_only")),
    ([{"name": "repair", "fields": [{"name": "address", "most": 0}]}], ("scenes[0].fields[0].most", "field_too_small")),
    ([{"name": "repair", "fields": [{"name": "address", "most": 10**30}]}], ("scenes[0].fields[0].most", "field_type")),
    ([{"name": "repair", "fields": [{"name": "phone"}]}], ("scenes[0].fields[0].name", "field_choice")),
    ([{"name": "repair", "fields": [{"name": "o_x", "type": "text"}]}], ("scenes[0].fields[0].label.zh", "field_required")),
    ([{"name": "repair", "fields": [{"name": "o_x", "label": {"zh": "问"}}]}], ("scenes[0].fields[0].type", "field_required")),
    ([{"name": "repair", "fields": [{"name": "o_x", "type": "choice", "label": {"zh": "问"}}]}], ("scenes[0].fields[0].choices", "field_required")),
    ([{"name": "repair", "fields": [{"name": "o_x", "type": "choice", "label": {"zh": "问"}, "sealed": True, "choices": OWN["choices"]}]}], ("scenes[0].fields[0].sealed", "field_read_only")),
    ([{"name": "complaint", "fields": [{"name": "about", "choices": [{"value": v, "off": True} for v in ("service", "speed", "quality", "fee", "other")]}]}], ("scenes[0].fields[0].choices", "field_required")),
    ([{"name": "usage", "text": "none", "fields": [{"name": "tried", "off": True}]}], ("scenes[0].text", "form_empty")),
    ([{"name": n, "off": True} for n in ("repair", "usage", "complaint", "return", "installation", "value_added", "remote")], ("scenes", "form_no_scene")),
    ({"repair": {}}, ("scenes", "field_type")),
    ([[]], ("scenes[0]", "field_type")),
    ([{"name": "repair"}] * 41, ("scenes", "field_too_large")),
])
def test_what_a_form_may_not_say(admin, scenes, fault):
    for lang in ("zh-CN", "en"):
        answer = admin.post("/report_form", {"name": "坏", "scenes": scenes}, status=422 if fault[1] != "field_taken" else (409, 422), headers={"Accept-Language": lang})
        found = answer["error"]["fields"]
        assert any(f["field"] == fault[0] and fault[1] in (None, f["code"]) for f in found), found
        assert all(f["message"] and any("\u4e00" <= ch <= "\u9fff" for ch in f["message"]) == (lang == "zh-CN") for f in found if f["code"].startswith("form_") and f["code"] != "form_safety")


def test_questions_with_answers_keep_their_type(admin, form):
    row = form([{"name": "complaint", "fields": [OWN]}])
    other = {**OWN, "type": "text", "choices": []}
    del other["choices"]
    for body in ({"scenes": [{"name": "complaint", "fields": [other]}]}, {"scenes": [{"name": "complaint", "fields": [{**other, "sealed": True}]}]}):
        assert ("scenes[0].fields[0].type", "form_kept") in faults(admin.patch(f"/report_form/{row['id']}", body | {"version": row["version"]}, status=422))
        assert ("scenes[0].fields[0].type", "form_kept") in faults(form(body["scenes"], state="draft", status=422)), "in another form no more than in this one"
    assert form([{"name": "return", "fields": [other]}], state="draft")["id"], "in another scene it is another question"


JSON = st.recursive(st.none() | st.booleans() | st.integers(-10**20, 10**20) | st.text(max_size=8) | st.sampled_from(["repair", "o_x", "choice", "required"]),
                    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["name", "off", "label", "zh", "en", "fields", "choices", "value", "code", "type", "most", "times", "fridge", "x"]), inner, max_size=5), max_leaves=20)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(JSON, JSON)
def test_hostile_json_is_refused_or_harmless(admin, scenes, symptoms):
    answer = admin.request("POST", "/report_form/try", {"scenes": scenes, "symptoms": symptoms}, status=(200, 409, 422, 400))
    assert "changes" in answer or answer["error"]["fields"] or answer["error"]["code"]


# ---- trying, two at once, rights, companies ----


def test_trying_says_what_customers_would_see_and_changes_nothing(admin, customer, form):
    before = seen(customer)
    tried = admin.post("/report_form/try", {"scenes": [
        {"name": "repair", "label": {"zh": "报修"}, "times": "required", "fields": [OWN, {"name": "address", "required": True}]}, {"name": "usage", "off": True}], "symptoms": {"fridge": [{"code": "frost", "off": True}]}})
    told = {(c["part"], c["what"], (c["label"] or {}).get("zh")) for c in tried["changes"]}
    assert told == {("scene", "gone", "使用咨询"), ("scene", "label", "报修"), ("scene", "times", "报修"), ("question", "added", "几楼"), ("question", "required", "上门地址"), ("symptom", "gone", "结冰结霜")}
    times = next(c for c in tried["changes"] if c["what"] == "times")
    assert (times["was"], times["now"]) == (True, "required") and seen(customer) == before
    assert admin.post("/report_form/try", {"scenes": [], "symptoms": {}})["changes"] == []
    assert [c["what"] for c in admin.post("/report_form/try", {"scenes": [{"name": "usage"}, {"name": "repair"}]})["changes"]] == ["order"]


def test_two_who_change_it_at_once_do_not_undo_each_other(admin, form):
    row = form([{"name": "usage", "off": True}])
    admin.patch(f"/report_form/{row['id']}", {"version": row["version"], "scenes": [{"name": "remote", "off": True}]})
    assert admin.patch(f"/report_form/{row['id']}", {"version": row["version"], "scenes": []}, status=409)["error"]["code"] == "version_conflict"


def test_one_is_in_force_and_the_other_stands_back(admin, customer, form):
    first, second = form([{"name": "usage", "off": True}]), form([{"name": "remote", "off": True}])
    assert admin.get(f"/report_form/{first['id']}")["state"] == "off" and "usage" in seen(customer) and "remote" not in seen(customer)
    back = admin.post(f"/report_form/{second['id']}/archive", {"version": second["version"]})
    assert "remote" in seen(customer)
    first = admin.get(f"/report_form/{first['id']}")
    admin.patch(f"/report_form/{first['id']}", {"version": first["version"], "state": "on"})
    assert admin.post(f"/report_form/{second['id']}/restore", {"version": back["version"]})["state"] == "draft", "it does not push out the other"
    assert "usage" not in seen(customer)


def test_history_tells_and_gives_back_what_a_form_said(admin, form):
    row = form([{"name": "usage", "off": True}])
    now = admin.patch(f"/report_form/{row['id']}", {"version": row["version"], "scenes": [{"name": "remote", "off": True}]})
    history = json.dumps(admin.get(f"/report_form/{row['id']}/history"), ensure_ascii=False)
    assert "usage" in history and "remote" in history
    assert admin.patch(f"/report_form/{row['id']}", {"version": now["version"], "scenes": row["scenes"]})["scenes"] == row["scenes"]


def test_who_has_no_right_changes_no_form(server, admin, form):
    row = form(state="draft")
    agent = new_user(server, admin, ["ticket.read", "report_form.read"])
    agent.get("/report_form/now"), agent.get("/report_form/base"), agent.get(f"/report_form/{row['id']}")
    agent.post("/report_form", {"name": "x"}, status=403)
    agent.patch(f"/report_form/{row['id']}", {"version": row["version"], "state": "on"}, status=403)
    blind = new_user(server, admin, ["customer.read"])
    for path in ("now", "base", row["id"]):
        blind.get(f"/report_form/{path}", status=403)
    blind.post("/report_form/try", {"scenes": []}, status=403)


def test_a_form_belongs_to_its_pack_and_to_its_company(company):
    with Server(company) as server:
        admin = Client(server.url).sign_in(*company.accounts[0])
        change = lambda to: admin.post(f"/pack/{to}/use", {"from": next(p["name"] for p in admin.get("/pack")["items"] if p["active"])})  # noqa: E731
        names = lambda: [s["name"] for s in admin.get("/my/form")["scenes"]]  # noqa: E731
        mine = admin.post("/report_form", {"name": "家电", "state": "on", "scenes": [{"name": "usage", "off": True}, {"name": "complaint", "fields": [OWN]}]})
        assert mine["pack"] == "appliance"
        appliance = names()
        assert "usage" not in appliance
        change("retail")
        assert "usage" in names() and fields(next(s for s in admin.get("/report_form/now")["scenes"] if s["name"] == "complaint"))["o_floor"]["off"] is True, "its answers are still read"
        shop = admin.post("/report_form", {"name": "零售", "state": "on", "scenes": [{"name": "price", "off": True}]})
        assert shop["pack"] == "retail" and "price" not in names()
        assert "使用咨询" not in [s["zh"] for s in admin.get("/pack/appliance")["scenes"]], "the preview tells of the company's form"
        change("appliance")
        assert names() == appliance and admin.get(f"/report_form/{mine['id']}")["state"] == "on"
        change("retail")
        assert "price" not in names() and admin.get(f"/report_form/{shop['id']}")["version"] == shop["version"]
        admin.post("/report_form", {"name": "无", "pack": "nothing"}, status=422)
        admin.close()
