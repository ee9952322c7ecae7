"""What a conversation is about, as its ticket begins: the device that was picked or is the only one, and what an agent put right of what was recognised."""
import uuid

import people
import pytest
from test_conversation import act, say, write
from test_scope import new_user

pytestmark = pytest.mark.quick


@pytest.fixture(scope="module")
def products(admin):
    return {p["code"]: p["id"] for p in admin.get("/product", limit=100)["items"]}


@pytest.fixture(scope="module")
def models(admin, products):
    found = {}
    for m in admin.get("/model", limit=200)["items"]:
        found.setdefault(next(code for code, id in products.items() if id == m["product_id"]), m["id"])
    return found


@pytest.fixture
def owns(admin, models):
    def add(customer, product):
        return admin.post("/device", {"serial": f"TF{uuid.uuid4().int % 10**12:012d}", "model_id": models[product], "customer_id": customer.id})
    return add


def asked(customer, text):
    return write(customer, text)["conversation"]["id"]


def mark(staff, conversation, what, value, **options):
    return staff.post(f"/conversation/{conversation}/mark", {"no": 1, "what": what, "value": value}, **options)


def marks(staff, conversation):
    return {m["what"]: m for m in staff.get(f"/conversation/{conversation}/assist")["marks"]}


def filed(staff, conversation):
    return staff.get(f"/ticket/{staff.post(f'/conversation/{conversation}/ticket', {})['ticket']['id']}")


def pick(staff, conversation, device, **options):
    version = options.pop("version", None) or staff.get(f"/conversation/{conversation}")["version"]
    return staff.patch(f"/conversation/{conversation}", {"version": version, "device_id": device}, **options)


# The device --------------------------------------------------------------------------------------------------------------


def test_the_only_device_goes_into_the_ticket_by_itself(admin, customer, owns, products):
    device = owns(customer, "fridge")
    conversation = asked(customer, "冰箱后壁结冰")
    ticket = filed(admin, conversation)
    assert (ticket["device_id"], ticket["product_id"]) == (device["id"], products["fridge"])
    row = admin.get(f"/conversation/{conversation}")
    assert (row["device_id"], row["product_id"]) == (device["id"], products["fridge"])


def test_of_several_devices_none_is_guessed(admin, customer, owns):
    owns(customer, "fridge"), owns(customer, "washer")
    assert filed(admin, asked(customer, "家电坏了"))["device_id"] is None


def test_the_only_device_is_not_taken_where_she_speaks_of_another_product(admin, customer, owns, products):
    owns(customer, "fridge")
    ticket = filed(admin, asked(customer, "洗衣机不启动"))
    assert (ticket["device_id"], ticket["product_id"]) == (None, products["washer"])


def test_the_device_that_was_picked_is_the_ticket_s(admin, customer, owns, products):
    owns(customer, "fridge")
    washer = owns(customer, "washer")
    conversation = asked(customer, "家电坏了")
    row = pick(admin, conversation, washer["id"])
    assert (row["device_id"], row["product_id"]) == (washer["id"], products["washer"]), "what it is of is known with it"
    assert filed(admin, conversation)["device_id"] == washer["id"]


def test_picking_is_taken_back_and_a_newer_choice_is_not_run_over(admin, customer, owns):
    fridge, washer = owns(customer, "fridge"), owns(customer, "washer")
    conversation = asked(customer, "家电坏了")
    before = admin.get(f"/conversation/{conversation}")
    row = pick(admin, conversation, fridge["id"])
    refused = pick(admin, conversation, washer["id"], version=before["version"], status=409)["error"]
    assert refused["code"] == "version_conflict" and admin.get(f"/conversation/{conversation}")["device_id"] == fridge["id"]
    back = admin.patch(f"/conversation/{conversation}", {"version": row["version"], "device_id": before["device_id"], "product_id": before["product_id"]})
    assert (back["device_id"], back["product_id"]) == (None, None)


def test_somebody_else_s_device_is_refused_and_changes_nothing(server, admin, customer, owns):
    other, record = people.new_customer(server.url, admin)
    other.id = record["id"]
    device = owns(other, "fridge")
    conversation = asked(customer, "家电坏了")
    refused = pick(admin, conversation, device["id"], status=422)["error"]
    assert refused["fields"][0]["field"] == "device_id"
    assert admin.get(f"/conversation/{conversation}")["device_id"] is None
    other.close()


def test_who_talks_with_customers_picks_and_who_only_reads_does_not(server, admin, customer, owns):
    owns(customer, "washer")
    device = owns(customer, "fridge")
    conversation = asked(customer, "家电坏了")
    roles = {r["name"]: r for r in admin.get("/role", limit=100)["items"]}
    assert [name for name, r in roles.items() if "conversation.work" in r["permissions"] and "conversation.change" not in r["permissions"] and "*" not in r["permissions"]] == []
    reader = new_user(server, admin, ["conversation.read", "device.read"])
    pick(reader, conversation, device["id"], status=403)
    reader.close()


def test_the_same_matter_of_the_only_device_goes_to_the_ticket_there_is(admin, customer, owns):
    """The desk links it then."""
    owns(customer, "fridge")
    first = asked(customer, "冰箱不制冷")
    ticket = filed(admin, first)
    act(admin, first, "close")
    second = asked(customer, "冰箱还是不制冷")
    refused = admin.post(f"/conversation/{second}/ticket", {}, status=409)["error"]
    assert (refused["code"], refused["arg"]) == ("open_ticket", ticket["id"])
    assert admin.post(f"/conversation/{second}/ticket", {"ticket_id": refused["arg"]})["ticket"]["id"] == ticket["id"]


# What was put right ------------------------------------------------------------------------------------------------------


def test_a_corrected_talk_s_ticket_has_what_the_agent_said(admin, customer, products):
    conversation = asked(customer, "空调怎么设置都漏水，请问发票怎么开")
    before = marks(admin, conversation)
    assert before["product"]["value"] == "air_conditioner"
    for what, value in (("scene", "repair"), ("product", "fridge"), ("fault", "frost"), ("urgency", "urgent")):
        mark(admin, conversation, what, value)
    after = marks(admin, conversation)
    assert [(after[w]["value"], after[w]["corrected"]) for w in ("scene", "product", "fault", "urgency")] == [("repair", True), ("fridge", True), ("frost", True), ("urgent", True)]
    assert admin.get(f"/conversation/{conversation}")["product_id"] == products["fridge"]
    ticket = filed(admin, conversation)
    assert (ticket["scene"], ticket["product_id"], ticket["symptoms"], ticket["grade"]) == ("repair", products["fridge"], ["frost"], "urgent")


def test_the_last_word_counts(admin, customer, products):
    conversation = asked(customer, "家电坏了")
    for value in ("washer", "fridge", "washer"):
        mark(admin, conversation, "product", value)
    for value in ("complaint", "usage"):
        mark(admin, conversation, "scene", value)
    ticket = filed(admin, conversation)
    assert (ticket["scene"], ticket["product_id"]) == ("usage", products["washer"])


def test_without_a_word_of_hers_it_is_guessed_as_before(admin, customer, products):
    ticket = filed(admin, asked(customer, "我要投诉，冰箱漏水"))
    assert (ticket["scene"], ticket["product_id"], ticket["symptoms"]) == ("complaint", products["fridge"], [])


def test_a_scene_that_is_asked_for_goes_before_what_was_put_right(admin, customer):
    conversation = asked(customer, "冰箱结冰")
    mark(admin, conversation, "scene", "usage")
    made = admin.post(f"/conversation/{conversation}/ticket", {"scene": "complaint"})["ticket"]
    assert made["scene"] == "complaint"


def test_another_product_parts_the_talk_from_its_device(admin, customer, owns, products):
    device = owns(customer, "fridge")
    conversation = asked(customer, "家电坏了")
    pick(admin, conversation, device["id"])
    mark(admin, conversation, "product", "washer")
    row = admin.get(f"/conversation/{conversation}")
    assert (row["device_id"], row["product_id"]) == (None, products["washer"])
    ticket = filed(admin, conversation)
    assert (ticket["device_id"], ticket["product_id"]) == (None, products["washer"])
    mark(admin, conversation, "product", "fridge")
    assert filed(admin, conversation)["product_id"] == products["washer"], "what was filed stays as it was filed"


def test_the_fault_is_recognised_and_offered_as_the_report_form_has_it(admin, customer):
    conversation = asked(customer, "洗衣机脱水震动大")
    fault = marks(admin, conversation)["fault"]
    assert fault["value"] == "vibration" and fault["corrected"] is False
    assert [c["value"] for c in fault["choices"]] == ["dead", "vibration", "drain", "noise", "code", "lock", "other"]
    mark(admin, conversation, "product", "fridge")
    fault = marks(admin, conversation)["fault"]
    assert "frost" in [c["value"] for c in fault["choices"]] and fault["value"] != "vibration", "it has the faults of its product"


@pytest.mark.parametrize("words,fault", [("冰箱后壁结冰了", "frost"), ("冰箱里结霜", "frost"), ("电视黑屏", "screen"), ("洗碗机洗得干净吗", ""), ("冰箱有别的问题，其他的也说说", "")])
def test_a_fault_is_recognised_by_what_it_is_called(admin, customer, words, fault):
    assert marks(admin, asked(customer, words))["fault"]["value"] == fault


def test_a_code_that_is_shown_is_a_fault(admin, customer):
    assert marks(admin, asked(customer, "洗衣机显示E3"))["fault"]["value"] == "code"


def test_where_no_product_is_known_no_fault_is_asked_for(admin, customer):
    assert "fault" not in marks(admin, asked(customer, "有点事咿呀"))


def test_a_fault_that_one_product_alone_has_says_which(admin, customer, products):
    conversation = asked(customer, "有点事咿呀")
    mark(admin, conversation, "fault", "lost")
    assert admin.get(f"/conversation/{conversation}")["product_id"] == products["robot_cleaner"]
    assert filed(admin, conversation)["symptoms"] == ["lost"]


def test_a_fault_of_another_product_is_refused_and_one_left_behind_is_not_filed(admin, customer):
    conversation = asked(customer, "洗衣机坏了")
    mark(admin, conversation, "fault", "vibration")
    mark(admin, conversation, "product", "fridge")
    mark(admin, conversation, "fault", "vibration", status=422)
    mark(admin, conversation, "fault", "nonsense", status=422)
    assert filed(admin, conversation)["symptoms"] == []


# A macro -----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def template(admin):
    row = admin.post("/template", {"name": f"结束语{uuid.uuid4().hex[:6]}", "text_zh": "您好，您的问题已处理。", "text_en": "It is done."})
    yield row
    now = admin.get(f"/template/{row['id']}")
    admin.patch(f"/template/{row['id']}", {"version": now["version"], "active": False})


def macro(admin, template, tag):
    return admin.post("/macro", {"record": "conversation", "name": f"回复并结束{uuid.uuid4().hex[:6]}", "audience": "company", "actions": [
        {"do": "reply", "template_id": template["id"]}, {"do": "tag", "add": [tag]}, {"do": "move", "action": "close"}]})


def run(staff, conversation, macro, **more):
    version = more.pop("version", None) or staff.get(f"/conversation/{conversation}")["version"]
    return staff.post("/conversation/act", {"rows": [{"id": conversation, "version": version}], "macro_id": macro["id"]})


def test_a_macro_answers_tags_and_closes_a_conversation(admin, customer, template):
    tag = f"已答复{uuid.uuid4().hex[:6]}"
    conversation = asked(customer, "冰箱怎么调温度")
    say(admin, conversation, "您好")
    done = run(admin, conversation, macro(admin, template, tag))
    assert (done["done"], done["failed"], done["undoable"]) == (1, 0, 0), "what was said is not taken back"
    row = admin.get(f"/conversation/{conversation}")
    assert (row["state"], row["tags"], row["waiting_since"]) == ("closed", [tag], None)
    last = people.everything_said(admin, conversation)[-1]
    assert (last["text"], last["visibility"], last["actor"]["kind"]) == ("您好，您的问题已处理。", "public", "user")
    assert customer.get(f"/my/conversation/{conversation}/message")["items"][-1]["text"] == "您好，您的问题已处理。"
    assert [k["id"] for k in admin.get("/conversation", condition=f'tags has any ("{tag}")')["items"]] == [conversation]
    assert [(one["tickets"], one["customers"], one["conversations"]) for one in admin.get("/tag/use", condition=f'name = "{tag}"')["items"]] == [(0, 0, 1)]


def test_a_macro_does_all_of_it_or_nothing(admin, customer, template):
    tag = f"已答复{uuid.uuid4().hex[:6]}"
    conversation = asked(customer, "冰箱怎么调温度")
    act(admin, conversation, "close")
    done = run(admin, conversation, macro(admin, template, tag))
    assert done["failed"] == 1 and done["rows"][0]["code"] == "state"
    assert admin.get(f"/conversation/{conversation}")["tags"] == [] and len(people.everything_said(admin, conversation)) == 1


def test_a_macro_does_not_answer_over_what_came_meanwhile(admin, customer, template):
    conversation = asked(customer, "冰箱怎么调温度")
    before = admin.get(f"/conversation/{conversation}")["version"]
    write(customer, "等等，漏水了")
    done = run(admin, conversation, macro(admin, template, f"已答复{uuid.uuid4().hex[:6]}"), version=before)
    assert done["rows"][0]["code"] == "version_conflict" and admin.get(f"/conversation/{conversation}")["state"] == "waiting"


def test_who_may_not_talk_with_customers_writes_no_such_macro(server, admin, template):
    writer = new_user(server, admin, ["macro.read", "macro.create", "conversation.read", "conversation.change", "template.read"])
    refused = writer.post("/macro", {"record": "conversation", "name": "回复", "audience": "mine", "actions": [{"do": "reply", "template_id": template["id"]}]}, status=422)["error"]
    assert refused["fields"][0]["field"].startswith("actions[0]")
    writer.close()


def test_a_reply_of_a_ticket_goes_on_saying_how_it_is_sent(admin, template):
    kinds = {record: next(k for k in admin.get("/macro/kinds", record=record)["actions"] if k["name"] == "reply") for record in ("ticket", "conversation")}
    assert [m["name"] for m in kinds["ticket"]["members"]] == ["template_id", "send"] and [m["name"] for m in kinds["conversation"]["members"]] == ["template_id"]
