"""Files of the company by WeChat: uploaded once, sent one by one within the ledger, as a link where WeChat cannot carry them, never twice."""
import re
import uuid
from contextlib import closing

import httpx
import pytest
from actors import connect
from test_conversation import said, say
from test_file import png, upload
from test_wechat import opened, poke
from wechat import Deliverer

AMR = b"#!AMR\n" + bytes(range(1, 200)) * 4
MP4 = b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + b"\0\0\0\x08moov" + b"\0\0\1\x90mdat" + bytes(392)
PDF = b"%PDF-1.4\n" + b"x" * 400
DAY = 24 * 3600


@pytest.fixture(scope="module")
def world(engine, demos, tmp_path_factory):
    with opened(engine, demos, tmp_path_factory.mktemp("wechat_files")) as made:
        yield made


@pytest.fixture(scope="module")
def deliver(world):
    return world.account()[1]


@pytest.fixture(scope="module")
def kf(world):
    return world.account(kind="kf")


def say_files(world, conversation, text, *files):
    ids = [upload(world.admin, name, content) for name, content in files]
    return world.admin.post(f"/conversation/{conversation}/message", {"text": text, "visibility": "public", "file_ids": ids})


def until(world, conversation, no, state):
    world.wait(lambda: world.states(conversation).get(no) == state)


def uploads(world):
    return [path for path, _body in world.wechat.calls if path == "/cgi-bin/media/upload"]


def linked(world, openid):
    """What the link in the last text opens."""
    link = re.search(r"http\S+/sent_file/\S+", world.texts(openid)[-1])[0]
    return httpx.get(re.sub(r"^http://[^/]+", world.server.url, link), trust_env=False)


def test_a_text_and_its_pictures_arrive_in_order_and_each_costs_one(world, deliver):
    openid, conversation = world.begins(deliver)
    say_files(world, conversation, "看图", ("甲.png", png(8, 8)), ("乙.png", png(9, 9)))
    until(world, conversation, 2, "sent")
    assert world.texts(openid) == ["看图", "[image] 甲.png", "[image] 乙.png"]
    assert world.reach(conversation)["left"] == world.wechat.left(openid) == 2
    pictures = [content for to, kind, content in world.wechat.got if to == openid and kind == "image"]
    assert all(p.startswith(b"\x89PNG") and b"GPS" not in p for p in pictures) and len(pictures) == 2
    say(world.admin, conversation, "收到了吗")
    until(world, conversation, 3, "sent")
    assert world.texts(openid)[-1] == "收到了吗"


def test_a_voice_message_goes_as_one(world, deliver):
    openid, conversation = world.begins(deliver)
    say_files(world, conversation, "", ("说明.amr", AMR))
    until(world, conversation, 2, "sent")
    assert world.texts(openid) == ["[voice] 说明.amr"] and world.wechat.got[-1] == (openid, "voice", AMR)


@pytest.mark.parametrize("name,content", [("报价.pdf", PDF), ("演示.mp4", MP4)])
def test_what_an_official_account_cannot_carry_goes_as_a_link_with_the_words(world, deliver, name, content):
    openid, conversation = world.begins(deliver)
    say_files(world, conversation, "请看", (name, content))
    until(world, conversation, 2, "sent")
    text = world.texts(openid)
    assert len(text) == 1 and text[0].startswith(f"请看\n{name}（3 天内可打开）：http") and world.reach(conversation)["left"] == 4
    opened = linked(world, openid)
    assert (opened.status_code, opened.content) == (200, content)
    link = re.search(r"/sent_file/(\S+)", text[0])[1]
    for wrong in (link[:-1] + ("A" if link[-1] != "A" else "B"), "x", "A" * 64):
        assert httpx.get(f"{world.server.url}/api/v1/sent_file/{wrong}", trust_env=False).status_code in (401, 403, 404, 410)
    world.later(3 * DAY + 1)
    assert linked(world, openid).status_code in (401, 403, 404, 410)


def test_a_link_opens_nothing_once_she_is_erased(world, deliver):
    openid, conversation = world.begins(deliver)
    say_files(world, conversation, "", ("报价.pdf", PDF))
    until(world, conversation, 2, "sent")
    assert linked(world, openid).status_code == 200
    customer = world.admin.get(f"/conversation/{conversation}")["customer_id"]
    world.admin.post(f"/customer/{customer}/erase", {"reason": "客户要求注销"})
    world.wait(lambda: not any(m["text"] or m["files"] for m in said(world.admin, conversation)))
    assert linked(world, openid).status_code in (401, 403, 404, 410)


def test_an_upload_that_fails_costs_nothing_and_is_tried_again(world, deliver):
    openid, conversation = world.begins(deliver)
    world.wechat.upload_fault = ["drop", -1, 40001]
    say_files(world, conversation, "", ("甲.png", png(8, 8)))
    until(world, conversation, 2, "sent")
    assert world.texts(openid) == ["[image] 甲.png"] and world.reach(conversation)["left"] == world.wechat.left(openid) == 4


def test_what_is_refused_as_a_file_goes_as_a_link_once(world, deliver):
    openid, conversation = world.begins(deliver)
    world.wechat.upload_fault = [40005]
    say_files(world, conversation, "", ("甲.png", png(8, 8)))
    until(world, conversation, 2, "sent")
    assert len(world.texts(openid)) == 1 and "/sent_file/" in world.texts(openid)[0] and world.reach(conversation)["left"] == world.wechat.left(openid) == 4


def test_a_name_that_they_keep_is_used_again_and_a_lost_one_uploaded_anew(world, deliver):
    openid, conversation = world.begins(deliver)
    before = len(uploads(world))
    world.wechat.faults = ["busy", "busy"]
    say_files(world, conversation, "", ("甲.png", png(8, 8)))
    until(world, conversation, 2, "sent")
    assert len(uploads(world)) == before + 1
    world.wechat.faults = ["busy", 40007]
    say_files(world, conversation, "", ("乙.png", png(8, 8)))
    until(world, conversation, 3, "sent")
    assert len(uploads(world)) == before + 3 and world.texts(openid) == ["[image] 甲.png", "[image] 乙.png"] and world.reach(conversation)["left"] == 3


@pytest.mark.parametrize("fault", ["cut", "drop"])
def test_a_file_that_may_have_arrived_is_not_sent_twice(world, deliver, fault):
    openid, conversation = world.begins(deliver)
    world.wechat.faults = [fault]
    say_files(world, conversation, "", ("甲.png", png(8, 8)))
    until(world, conversation, 2, "unsure")
    world.clock.move(600)
    sent = ["[image] 甲.png"] if fault == "cut" else []
    assert world.texts(openid) == sent and world.reach(conversation)["left"] == 4 <= world.wechat.left(openid)
    world.admin.post(f"/conversation/{conversation}/reach/2/repeat")
    until(world, conversation, 2, "sent")
    assert world.texts(openid) == sent + ["[image] 甲.png"] and world.reach(conversation)["left"] == 3


def test_past_the_window_a_file_goes_by_sms_as_a_link(world, deliver):
    openid, conversation = world.begins(deliver)
    customer = world.admin.get(f"/conversation/{conversation}")["customer_id"]
    row = world.admin.get(f"/customer/{customer}")
    world.admin.patch(f"/customer/{customer}", {"version": row["version"], "phone": "13800138321"})
    world.later(48 * 3600 + 1)
    say_files(world, conversation, "", ("甲.png", png(8, 8)))
    until(world, conversation, 2, "sms")
    message = world.wait(lambda: next((call for call in world.sms.calls if "甲.png" in call[3]["text"]), None))
    assert "/sent_file/" in message[3]["text"] and not world.texts(openid)


def test_wecom_carries_every_file_and_repeats_under_its_id(world, kf):
    person, words = f"wm{uuid.uuid4().hex}", f"请问 {uuid.uuid4().hex[:6]}"
    world.wechat.kf_write(person, words)
    poke(kf)
    row = world.wait(lambda: world.conversation(words))
    world.wechat.faults = ["cut"]
    say_files(world, row["id"], "都在这里", ("报价.pdf", PDF), ("演示.mp4", MP4), ("甲.png", png(8, 8)))
    until(world, row["id"], 2, "sent")
    assert world.texts(person) == ["都在这里", "[file] 报价.pdf", "[video] 演示.mp4", "[image] 甲.png"]
    assert world.reach(row["id"])["left"] == world.wechat.left(person) == 1


def test_a_mini_program_is_sent_pictures_and_links(world):
    row, _ = world.account(kind="mini")
    deliver = Deliverer(world.server.url, row["callback"], world.now)
    openid, conversation = world.begins(deliver)
    say_files(world, conversation, "", ("甲.png", png(8, 8)), ("说明.amr", AMR))
    until(world, conversation, 2, "sent")
    assert world.texts(openid)[0] == "[image] 甲.png" and "说明.amr" in world.texts(openid)[1] and "/sent_file/" in world.texts(openid)[1]


def count(world, table, where):
    with closing(connect(world.server.company)) as stored:
        return stored.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()[0]


def test_nothing_of_an_erased_person_stays_in_the_rows_of_the_channel(world, deliver):
    openid, conversation = world.begins(deliver)
    say_files(world, conversation, "看图", ("甲.png", png(8, 8)))
    until(world, conversation, 2, "sent")
    customer = world.admin.get(f"/conversation/{conversation}")["customer_id"]
    identity = world.wait(lambda: [n["id"] for n in world.admin.get("/identity", condition=f"customer_id = {customer}")["items"]])
    names = f"identity_id IN ({','.join(identity)})"
    planted = {"wechat_window": names, "wechat_out": names, "wechat_upload": f"conversation_id = {conversation}", "wechat_media": f"conversation_id = {conversation}"}
    assert all(count(world, table, where) for table, where in planted.items() if table != "wechat_media")
    say(world.admin, conversation, "还没发出去的")
    world.admin.post(f"/customer/{customer}/erase", {"reason": "客户要求注销"})
    world.wait(lambda: not any(m["text"] for m in said(world.admin, conversation)))
    world.wait(lambda: not any(count(world, table, where) for table, where in planted.items()))
    world.clock.move(600)
    assert not any(count(world, table, where) for table, where in planted.items())


def test_a_voice_message_of_hers_is_kept_as_sound_with_what_wechat_understood(world, deliver):
    openid, conversation = world.begins(deliver)
    world.wechat.media["VOICE1"] = (AMR, "voice/amr")
    fields = deliver.message(openid, kind="voice", MediaId="VOICE1", Format="amr", Recognition="冰箱有异响")
    assert deliver.post(fields).text == "success"
    last = world.wait(lambda: next((m for m in said(world.admin, conversation) if m["files"]), None))
    assert last["text"] == "[语音] 冰箱有异响" and [(f["name"], f["type"]) for f in last["files"]] == [("语音.amr", "audio/amr")]
