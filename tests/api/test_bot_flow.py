"""What the bot does for a customer inside the talk: slots asked once, corrected at any time, filed once, with her own rights alone."""
import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import people
import pytest
from test_bot import Talk, bot, customer, pressed, put_in_by_hand, talk  # noqa: F401
from test_conversation import said
from visitors import Visitor, chat_of

from patience import wait_for


def tickets_of(admin, customer_id):
    return admin.get("/ticket", condition=f"customer_id = {customer_id}", sort="-created_at")["items"]


def through(talk, *words):
    """Says one after the other; the last answer."""
    answer = None
    for word in words:
        answer = talk(word)
    return answer


def test_a_fault_is_reported_step_by_step_and_filed_once_confirmed(talk, admin):
    assert "哪台产品" in talk("我要报修")["text"]
    assert "故障情况" in talk("冰箱")["text"]
    answer = talk("后面的灯一直在闪，昨晚开始的")
    if "一步步排查" in pressed(answer):
        answer = talk("直接报修")
    assert "哪天" in answer["text"], answer["text"]
    answer = talk("后天下午")
    assert "地址" in answer["text"], "the time of day was said with the day"
    summary = talk("幸福小区3栋502")
    assert summary["text"].startswith("请确认") and "下午" in summary["text"] and "幸福小区" in summary["text"], summary["text"]
    assert pressed(summary)[0] == "确认提交" and not tickets_of(admin, talk.customer.id)
    done = talk("1")
    ticket = tickets_of(admin, talk.customer.id)[0]
    assert ticket["no"] in done["text"] and (ticket["scene"], ticket["preferred_time"]) == ("repair", "afternoon")
    assert talk.row["ticket_id"] == ticket["id"] and talk.row["state"] == "bot"
    talk("确认提交")
    assert len(tickets_of(admin, talk.customer.id)) == 1


def test_what_was_said_before_is_not_asked_again(talk):
    talk("空调漏水怎么处理")
    answer = talk("我要报修，明天上午")
    assert "排查" in answer["text"] or "地址" in answer["text"], answer["text"]
    if "直接报修" in pressed(answer):
        answer = talk("直接报修")
    summary = talk("跳过")
    assert "空调" in summary["text"] and "漏水" in summary["text"] and "上午" in summary["text"], summary["text"]


def test_the_tree_that_fits_is_walked_on_the_way_and_it_goes_on_behind_it(talk):
    answer = through(talk, "空调漏水怎么处理", "我要报修，明天上午")
    assert "一步步排查" in pressed(answer), answer["text"]
    step = talk("一步步排查")
    assert talk.turn()["did"] == "flow" and "请从下面的选项" not in step["text"] and len(pressed(step)) > 1, step["text"]
    for _ in range(8):
        if "转人工" in pressed(step):
            break
        step = talk(pressed(step)[-1])
    assert "转人工" in pressed(step), step["text"]
    assert "地址" in talk("没解决")["text"] and talk.row["state"] == "bot"


def test_a_tree_is_still_offered_where_something_else_is_asked_in_between(talk):
    answer = through(talk, "空调不制冷怎么办", "我要报修", "产品写错了")
    assert "哪台产品" in answer["text"], answer["text"]
    assert "一步步排查" in pressed(talk("空调"))
    step = talk("一步步排查")
    assert len(pressed(step)) > 1 and talk.turn()["did"] == "flow" and talk.row["state"] == "bot", step["text"]


def test_a_place_that_cannot_be_read_is_no_end_of_the_talk(talk, company):
    talk("我要报修")
    company.execute(f"UPDATE bot_talk SET place = '{{\"tree\":null}}' WHERE conversation_id = {talk.id}")
    assert "故障情况" in talk("冰箱")["text"] and talk.row["state"] == "bot"


def test_what_she_takes_back_is_put_right_at_any_time(talk):
    answer = through(talk, "我要报修洗衣机", "一直不脱水，转几下就停")
    if "直接报修" in pressed(answer):
        answer = talk("直接报修")
    assert "哪天" in answer["text"], answer["text"]
    talk("明天下午")
    talk("不是明天，是后天")
    summary = talk("跳过")
    assert summary["text"].startswith("请确认") , summary["text"]
    changed = talk("时段改成上午")
    assert "希望时段：上午" in changed["text"]
    assert "哪一项" in talk("修改")["text"]
    assert "哪台" in talk("产品")["text"]
    assert "产品：冰箱" in talk("冰箱")["text"]


def test_what_is_no_answer_is_said_so_and_the_third_time_a_person_comes(talk):
    if "直接报修" in pressed(through(talk, "我要报修", "冰箱", "冷藏室不亮灯了")):
        talk("直接报修")
    assert "2月30" not in talk("2月30号")["text"] and talk.row["state"] == "bot"
    talk("唔哩唔哩")
    talk("哇啦哇啦")
    wait_for(lambda: talk.row["state"] == "waiting")
    assert talk.turn()["why"] == "HO-01"
    assert "冰箱" in talk.note()


def test_it_is_left_by_a_word(talk, admin):
    talk("我要报修")
    assert "先不办" in talk("算了")["text"] and talk.row["state"] == "bot"
    talk("空调漏水怎么处理")
    assert not tickets_of(admin, talk.customer.id) and talk.turn()["did"] == "answer"


def test_a_question_in_between_is_answered_and_it_goes_on(talk):
    talk("我要报修")
    answer = talk("冰箱温度调到多少合适？")
    assert "度" in answer["text"] or "℃" in answer["text"]
    assert "哪台产品" in answer["text"]


def test_danger_breaks_it(talk):
    talk("我要报修")
    assert "119" in talk("冰箱后面冒烟了，有糊味")["text"]
    wait_for(lambda: talk.row["state"] == "waiting")
    assert talk.turn()["why"] == "HO-04"


def test_a_service_is_booked_as_a_wish(talk, admin):
    answer = talk("我要预约安装空调，后天上午")
    assert "送到" in answer["text"], answer["text"]
    assert "地址" in talk("已经送到了")["text"]
    summary = talk("阳光花园8栋1单元301")
    assert "上门安装" in summary["text"] and "上午" in summary["text"]
    done = talk("确认")
    ticket = tickets_of(admin, talk.customer.id)[0]
    assert (ticket["scene"], ticket["preferred_time"]) == ("installation", "morning") and "还不是最终安排" in done["text"]


def test_a_day_that_has_passed_is_none(talk):
    through(talk, "我要预约安装空调", "送到了")
    assert "过去" in talk("昨天")["text"]


def test_a_day_on_which_nobody_comes_gives_way_to_the_next(talk, admin):
    policy = next(p for p in admin.get("/clock_policy")["items"] if p["object"] == "ticket" and p["calendar_id"])
    row = admin.get(f"/calendar/{policy['calendar_id']}")
    now = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    shut, after = now + timedelta(days=3), now + timedelta(days=4)
    closed = {"day": shut.isoformat(), "kind": "closed", "name": {"zh": "盘点", "en": "Stock-taking"}}
    row = admin.patch(f"/calendar/{row['id']}", {"form": row["form"] | {"days": row["form"].get("days", []) + [closed]}, "version": row["version"]}) | {"form": row["form"]}
    try:
        answer = through(talk, "我要预约安装空调", "送到了", f"{shut.month}月{shut.day}号上午")
        assert "不提供服务" in answer["text"] and f"{after.month}月{after.day}日" in answer["text"], answer["text"]
        assert f"{shut.month}月{shut.day}日" not in "".join(pressed(answer))
    finally:
        admin.patch(f"/calendar/{row['id']}", {"form": row["form"], "version": admin.get(f"/calendar/{row['id']}")["version"]})


def test_another_day_named_where_the_time_is_asked_is_a_correction(talk):
    other = datetime.now(ZoneInfo("Asia/Shanghai")).date() + timedelta(days=5)
    through(talk, "我要预约安装空调", "送到了", "明天")
    assert "时段" in talk(f"{other.month}月{other.day}号")["text"]
    answer = through(talk, "上午", "阳光花园8栋1单元301")
    assert f"{other.month}月{other.day}日" in answer["text"], answer["text"]


def test_her_own_open_ticket_is_cancelled_after_she_confirms(talk, admin):
    ticket = admin.post("/ticket", {"scene": "repair", "customer_id": talk.customer.id, "text": "冰箱不制冷"})
    assert "原因" in talk("取消服务单")["text"]
    summary = talk("自己好了")
    assert ticket["no"] in summary["text"] and admin.get(f"/ticket/{ticket['id']}")["state"] == "new"
    assert "已取消" in talk("确认提交")["text"]
    assert admin.get(f"/ticket/{ticket['id']}")["state"] == "cancelled"


def test_what_is_under_way_is_cancelled_by_a_person(talk, admin):
    ticket = admin.post("/ticket", {"scene": "repair", "customer_id": talk.customer.id, "text": "冰箱不制冷"})
    for action in ("accept", "start"):
        row = admin.get(f"/ticket/{ticket['id']}")
        admin.post(f"/ticket/{ticket['id']}/action/{action}", {"version": row["version"]})
    through(talk, "取消服务单", "跳过")
    assert "人工" in talk("确认提交")["text"]
    wait_for(lambda: talk.row["state"] == "waiting")
    assert admin.get(f"/ticket/{ticket['id']}")["state"] == "working"


def test_what_she_filled_in_is_passed_on_where_a_person_has_to_finish_it(talk, admin):
    ticket = admin.post("/ticket", {"scene": "repair", "customer_id": talk.customer.id, "text": "冰箱不制冷"})
    for action in ("accept", "start"):
        row = admin.get(f"/ticket/{ticket['id']}")
        admin.post(f"/ticket/{ticket['id']}/action/{action}", {"version": row["version"]})
    through(talk, "取消服务单", "自己修好了不用来", "确认提交")
    wait_for(lambda: talk.row["state"] == "waiting")
    note = wait_for(talk.note)
    assert all(part in note for part in ("FLOW", "自己修好了不用来", ticket["no"], "设备", "在办服务单")), note


def test_nothing_to_cancel_is_said(talk):
    assert "没有处理中" in talk("取消服务单")["text"]


def test_a_return_is_filed_with_what_the_law_says_and_no_verdict(talk, admin):
    answer = through(talk, "我要退货", "洗衣机", "跳过", "昨天", "没有拆封")
    assert "原因" in answer["text"], answer["text"]
    summary = talk("尺寸买大了放不下")
    assert "七日" in summary["text"] and "三包" in summary["text"] and "核实" in summary["text"]
    assert "退换申请已提交" in talk("确认提交")["text"]
    ticket = tickets_of(admin, talk.customer.id)[0]
    assert ticket["scene"] == "return" and ticket["answers"]["want"] == "return" and ticket["answers"]["opened"] is False


@pytest.mark.parametrize("said, opened", [("yes, opened", True), ("yes, on Monday", True), ("not yet", False), ("no, never opened", False), ("it isn't", False)])
def test_yes_and_no_are_words_of_their_own(talk, admin, said, opened):
    answer = through(talk, "I want to return it", "washing machine", "skip", "yesterday", said)
    assert "yes or no" not in answer["text"], answer["text"]
    through(talk, "it is too big for my kitchen", "confirm")
    assert tickets_of(admin, talk.customer.id)[0]["answers"]["opened"] is opened


def test_a_device_is_registered_and_known_afterwards(talk, admin):
    model = admin.get("/model", limit=1)["items"][0]
    serial = "TS" + uuid.uuid4().hex[:10].upper() + "7788"
    assert "序列号" in talk("登记产品")["text"]
    assert "型号" in talk(serial)["text"]
    answer = talk("型号是 " + model["code"])
    assert "哪天购买" in answer["text"], answer["text"]
    assert serial in talk("昨天")["text"]
    assert "已登记" in talk("确认提交")["text"]
    rows = admin.get("/device", condition=f'serial = "{serial}"')["items"]
    assert [r["customer_id"] for r in rows] == [talk.customer.id]
    assert "已经登记在您名下" in through(talk, "登记产品", serial)["text"]


def test_a_serial_of_somebody_else_is_not_taken(talk, admin):
    other = admin.post("/customer", {"name": "他人", "phone": people.new_phone()})
    model = admin.get("/model", limit=1)["items"][0]
    serial = "TS" + uuid.uuid4().hex[:10].upper() + "7799"
    device = admin.post("/device", {"serial": serial, "model_id": model["id"], "customer_id": other["id"]})
    answer = through(talk, "登记产品", serial, model["code"], "跳过", "确认提交")
    assert "核实" in answer["text"] and "他人" not in answer["text"]
    assert admin.get(f"/device/{device['id']}")["customer_id"] == other["id"]


def test_a_complaint_that_she_confirms_is_a_ticket_and_a_person_comes(talk, admin):
    talk("我要投诉上门的师傅，说好上午来结果没来")
    assert not tickets_of(admin, talk.customer.id)
    talk("是的")
    wait_for(lambda: talk.row["state"] == "waiting")
    rows = tickets_of(admin, talk.customer.id)
    assert [r["scene"] for r in rows] == ["complaint"] and talk.row["ticket_id"] == rows[0]["id"]


def test_of_whom_she_has_not_shown_to_be_nothing_is_cancelled(server, admin, bot):  # noqa: F811
    visitor, conversation, ticket = put_in_by_hand(server, admin)
    visitor.write("取消服务单")
    answer = wait_for(lambda: next(iter(visitor.said(conversation, after=3)), None))
    assert "验证手机号" in answer["text"] and ticket["no"] not in answer["text"]
    assert admin.get(f"/ticket/{ticket['id']}")["state"] == "new"


def test_a_visitor_files_with_a_phone_number(server, admin, bot):  # noqa: F811
    chat_of(admin)
    visitor = Visitor(server)
    conversation = visitor.write("我要报修冰箱，冷冻室全是霜")["conversation"]["id"]
    count = 1

    def tell(text):
        nonlocal count
        answer = wait_for(lambda: next((m for m in visitor.said(conversation, after=count) if m["actor"]["kind"] == "system"), None))
        if text is None:
            return answer
        count = visitor.write(text)["no"]
        return wait_for(lambda: next((m for m in visitor.said(conversation, after=count) if m["actor"]["kind"] == "system"), None))
    answer = tell(None)
    for _ in range(8):
        text = answer["text"]
        if "请确认" in text:
            break
        answer = tell("直接报修" if "排查" in text else "后天下午" if "哪天" in text else "跳过" if "地址" in text else "冷冻室全是霜" if "故障情况" in text else "13800138000" if "手机号" in text else "冰箱")
    assert "8000" in answer["text"], answer["text"]
    assert "服务单号" in tell("确认提交")["text"]


def test_delivered_twice_it_is_filed_once(talk, admin):
    through(talk, "我要预约安装空调，后天上午", "已经送到了", "阳光花园8栋1单元301")
    body = {"text": "确认提交", "external_id": uuid.uuid4().hex}
    talk.customer.post("/my/conversation", body)
    talk.customer.post("/my/conversation", body)
    talk.customer.post("/my/conversation", body | {"external_id": uuid.uuid4().hex})
    wait_for(lambda: [m["actor"]["kind"] for m in said(talk.customer, talk.id, "/my")].count("system") == 5)
    assert len(tickets_of(admin, talk.customer.id)) == 1


def test_english_is_served_in_english(talk, admin):
    assert "Which product" in talk("I want to report a fault")["text"]
    answer = talk("air conditioner")
    assert "What is wrong" in answer["text"], answer["text"]
    answer = talk("it blows no cold air since yesterday")
    if "File it now" in pressed(answer):
        answer = talk("File it now")
    answer = talk("the day after tomorrow, afternoon")
    assert "address" in answer["text"], answer["text"]
    assert "Please confirm" in talk("skip")["text"]
    assert "Your report is filed" in talk("confirm")["text"]


def test_a_mistyped_model_is_put_right(talk, admin):
    models = admin.get("/model", limit=2)["items"]
    serial = "TS" + uuid.uuid4().hex[:10].upper() + "7711"
    through(talk, "登记产品", serial, models[0]["code"])
    answer = talk("型号写错了，是 " + models[1]["code"])
    assert "哪天购买" in answer["text"], answer["text"]
    summary = talk("跳过")
    assert models[1]["code"] in summary["text"] and "型号：" + models[0]["code"] + "\n" not in summary["text"] + "\n"


def test_orders_are_not_looked_up_and_it_says_so(talk):
    answer = talk("我的快递到哪里了")
    assert "查不到您的订单" in answer["text"] and "转人工" in pressed(answer)


def test_a_curtain_that_burns_is_danger_and_a_lit_stove_is_none(talk):
    talk("燃气热水器能点着火，水还是冷的")
    assert talk.turn()["why"] != "HO-04"
    assert "119" in talk("窗帘点着火了")["text"]
    assert talk.turn()["why"] == "HO-04"
