"""SMS by a vendor's gateway: signed, by template, once each; what a vendor refuses is said in words; what nobody knows is not sent twice."""
import uuid

import httpx
import people
import pytest
from listener import Listener
from patience import wait_for
from sms_vendor import SECRET, Vendor, gateway_of

from client import Client
from server import Clock, Server

KINDS = ("aliyun", "tencent")


class World:
    def __init__(self, company, folder):
        self.clock = Clock(folder / "clock")
        self.vendor = Vendor(now=lambda: self.clock.ms / 1000)
        self.server = Server(company, clock=self.clock, environment={"ANXIN_OUTBOUND_ALLOW": "127.0.0.0/8"})
        self.server.__enter__()
        self.account = company.accounts[0]
        self.admin = Client(self.server.url).sign_in(*self.account)
        self.gateway = None

    def use(self, kind, **more):
        """The one gateway that is on from here."""
        if self.gateway:
            self.admin.patch(f"/sms_gateway/{self.gateway['id']}", {"version": self.admin.get(f"/sms_gateway/{self.gateway['id']}")["version"], "state": "off"})
        self.gateway = gateway_of(self.admin, self.vendor, kind, **more)
        return self.gateway

    def wait(self, ask):
        return wait_for(ask, clock=self.clock, why=lambda: f"it does not happen; {self.vendor.sent[-3:]} {self.admin.get('/outbox', sort='-created_at', limit=3)['items']}")

    def code_for(self):
        """A customer asks for a code: a message with a word. -> (phone, the outbox's row)"""
        phone = people.new_phone()
        self.admin.post("/customer", {"name": "王芳", "phone": phone})
        Client(self.server.url, address=people.new_address()).post("/my/code", {"phone": phone})
        return phone, self.row(phone)["id"]

    def row(self, phone):
        return next(m for m in self.admin.get("/outbox", sort="-created_at", limit=50)["items"] if phone[-4:] in str(m))

    def settled(self, row):
        return self.wait(lambda: (m := self.admin.get(f"/outbox/{row}"))["state"] not in ("waiting",) and m)

    def close(self):
        self.server.__exit__(None, None, None)
        self.vendor.close()


@pytest.fixture(scope="module")
def world(engine, demos, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sms")
    copy = demos(engine).copy(folder / "data")
    made = World(copy, folder)
    yield made
    made.close()
    copy.drop()


def test_a_gateway_says_what_is_wrong_with_it_and_keeps_its_secret(world):
    good = {"title": "阿里云", "kind": "aliyun", "state": "on", "sign_name": "安心", "access_id": "LTAI", "templates": "* = SMS_1 text"}
    for change, field in (({"sign_name": ""}, "sign_name"), ({"access_id": ""}, "access_id"), ({"kind": "tencent"}, "app_id"), ({"kind": "generic"}, "api_url"), ({"api_url": "ftp://x"}, "api_url"),
                          ({"templates": "* = SMS_1 text\nx SMS_2"}, "templates"), ({"templates": "坏 = SMS_1"}, "templates")):
        error = world.admin.post("/sms_gateway", good | change, status=422)["error"]
        assert [f["field"] for f in error["fields"]] == [field], (change, error)
    assert "2" in world.admin.post("/sms_gateway", good | {"templates": "* = SMS_1 text\nx SMS_2"}, status=422)["error"]["fields"][0]["message"]
    row = world.admin.post("/sms_gateway", good | {"state": "off"})
    world.admin.post(f"/sms_gateway/{row['id']}/secret", {"secret": SECRET})
    assert SECRET not in str(world.admin.get(f"/sms_gateway/{row['id']}")) and world.admin.get(f"/sms_gateway/{row['id']}")["secret_at"] > 0


@pytest.mark.parametrize("kind", KINDS)
def test_a_message_goes_by_the_vendors_template(world, kind):
    world.use(kind)
    phone, row = world.code_for()
    assert world.settled(row)["state"] == "sent"
    number, template, values, own, _serial = next(m for m in world.vendor.sent if m[0].endswith(phone))
    assert own == row and template.endswith("200") and number == (phone if kind == "aliyun" else f"+86{phone}")
    code = values["code"] if kind == "aliyun" else values[0]
    assert len(code) == 6 and code.isdigit()


@pytest.mark.parametrize("kind,busy,never", [("aliyun", "isv.BUSINESS_LIMIT_CONTROL", "isv.MOBILE_NUMBER_ILLEGAL"), ("tencent", "LimitExceeded.PhoneNumberThirtySecondLimit", "FailedOperation.PhoneNumberInBlacklist")])
def test_a_limit_is_waited_for_and_a_refusal_is_kept(world, kind, busy, never):
    world.use(kind)
    world.vendor.faults += [busy, busy]
    phone, row = world.code_for()
    assert world.settled(row)["state"] == "sent" and len(world.vendor.texts(phone)) == 1 and not world.vendor.faults
    world.vendor.faults.append(never)
    phone, row = world.code_for()
    failed = world.settled(row)
    assert (failed["state"], failed["last_error"], world.vendor.texts(phone)) == ("failed", never, [])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fault,sent", [("cut", 1), ("drop", 0)])
def test_an_outcome_nobody_knows_is_not_repeated(world, kind, fault, sent):
    world.use(kind)
    world.vendor.faults.append(fault)
    phone, row = world.code_for()
    assert world.settled(row)["state"] == "unsure"
    for _ in range(20):
        world.clock.move(60)
    assert world.admin.get(f"/outbox/{row}")["state"] == "unsure" and len(world.vendor.texts(phone)) == sent


def test_without_a_template_nothing_is_sent(world):
    world.use("aliyun", templates="other = SMS_100 content:text")
    phone, row = world.code_for()
    assert (world.settled(row)["last_error"], world.vendor.texts(phone)) == ("no_template", [])


@pytest.mark.parametrize("kind", KINDS)
def test_trying_it_sends_to_oneself_and_says_in_words_what_is_wrong(world, kind):
    me = world.admin.get("/session")["user"]["id"]
    user = world.admin.get(f"/user/{me}")
    phone = people.new_phone()
    world.admin.patch(f"/user/{me}", {"version": user["version"], "phone": phone})
    gateway = world.use(kind)

    def tried():
        return [(c["good"], c["text"]["zh"]) for c in world.admin.post(f"/sms_gateway/{gateway['id']}/try", {})["checks"]]
    assert tried() == [(True, f"测试短信已交给服务商，请查看手机（尾号 {phone[-4:]}）")] and len(world.vendor.texts(phone)) == 1
    world.admin.post(f"/sms_gateway/{gateway['id']}/secret", {"secret": "wrong"})
    assert tried()[0][0] is False and "不正确" in tried()[0][1]
    world.admin.post(f"/sms_gateway/{gateway['id']}/secret", {"secret": SECRET})
    world.vendor.faults.append("drop")
    assert "不确定是否发出" in tried()[0][1] and len(world.vendor.texts(phone)) == 1
    world.vendor.close()
    assert "连不上短信网关" in tried()[0][1]
    world.vendor = Vendor(now=lambda: world.clock.ms / 1000)


def test_a_gateway_of_ones_own_is_asked_again_under_the_same_id(world):
    from gateway import Gateway
    own = Gateway([503, 200])
    world.use("generic", api_url=own.url)
    phone, row = world.code_for()
    assert world.settled(row)["state"] == "sent"
    assert [(status, key) for status, key, _bearer, _body in own.calls] == [(503, row), (200, row)] and own.calls[1][2] == f"Bearer {SECRET}"
    own.close()


def deliver(world, kind, batch, callback=None):
    return httpx.post(f"{world.server.url}/api/v1/sms/{callback or world.gateway['callback']}", json=batch, trust_env=False)


def message(kind, phone, text, name="1"):
    return {"aliyun": {"phone_number": phone, "send_time": "2026-11-30 08:00:00", "content": text, "sign_name": "安心", "dest_code": "1234", "sequence_id": int(name)},
            "tencent": {"extend": "", "mobile": phone, "nationcode": "86", "sign": "安心", "text": text, "time": int(name)}, "generic": {"id": name, "from": phone, "text": text}}[kind]


def conversation_of(world, words):
    return next((k for k in world.admin.get("/conversation", sort="-created_at", limit=50)["items"] if k["title"] == words or k["last_words"] == words), None)


def names():
    return str(uuid.uuid4().int % 10**9)


@pytest.mark.parametrize("kind", KINDS)
def test_what_somebody_writes_back_is_taken_in_once_and_answered_to_her_number(world, kind):
    world.use(kind)
    phone, words, name = people.new_phone(), f"师傅几点到 {uuid.uuid4().hex[:6]}", names()
    for _ in range(3):
        answer = deliver(world, kind, [message(kind, phone, words, name)])
        assert answer.status_code == 200 and answer.json() in ({"code": 0, "msg": "接收成功"}, {"result": 0, "errmsg": "OK"})
    k = conversation_of(world, words)
    assert (k["channel"], k["last_no"], k["state"]) == ("sms", 1, "waiting")
    world.admin.post(f"/conversation/{k['id']}/message", {"text": "明天上午九点", "visibility": "public"})
    world.wait(lambda: world.vendor.texts(phone))
    values = world.vendor.texts(phone)[0]
    assert (values["content"] if kind == "aliyun" else values[0]) == "明天上午九点"
    states = lambda: {m["no"]: m["state"] for m in world.admin.get(f"/conversation/{k['id']}/reach")["messages"]}
    world.wait(lambda: states().get(2) == "sent")
    _to, _template, _values, own, serial = next(m for m in world.vendor.sent if m[0].endswith(phone))
    report = {"aliyun": {"phone_number": phone, "success": True, "err_code": "DELIVERED", "biz_id": serial, "out_id": own},
              "tencent": {"mobile": phone, "nationcode": "86", "report_status": "SUCCESS", "errmsg": "DELIVRD", "sid": serial}}[kind]
    for _ in range(2):
        deliver(world, kind, [report])
    assert states() == {2: "arrived"}


def test_a_newcomers_file_says_in_which_language_she_wrote(world):
    world.use("aliyun")
    for words, lang in ((f"When does the technician come to us {uuid.uuid4().hex[:6]}", "en"), (f"师傅几点到 {uuid.uuid4().hex[:6]}", "zh")):
        deliver(world, "aliyun", [message("aliyun", people.new_phone(), words, names())])
        assert world.admin.get(f"/customer/{conversation_of(world, words)['customer_id']}")["lang"] == lang


def test_a_report_settles_what_nobody_knew(world):
    world.use("aliyun")
    world.vendor.faults.append("cut")
    phone, row = world.code_for()
    assert world.settled(row)["state"] == "unsure"
    deliver(world, "aliyun", [{"phone_number": phone, "success": False, "err_code": "MK:0001", "biz_id": "x", "out_id": row}])
    failed = world.admin.get(f"/outbox/{row}")
    assert (failed["state"], failed["last_error"]) == ("failed", "MK:0001")
    deliver(world, "aliyun", [{"phone_number": phone, "success": True, "err_code": "DELIVERED", "biz_id": "x", "out_id": row}])
    assert world.admin.get(f"/outbox/{row}")["state"] == "failed"


def test_an_agent_sends_again_what_may_not_have_arrived(world):
    world.use("aliyun")
    phone, words = people.new_phone(), f"在吗 {uuid.uuid4().hex[:6]}"
    deliver(world, "aliyun", [message("aliyun", phone, words, names())])
    k = conversation_of(world, words)["id"]
    world.vendor.faults.append("drop")
    world.admin.post(f"/conversation/{k}/message", {"text": "在的", "visibility": "public"})
    states = lambda: {m["no"]: m["state"] for m in world.admin.get(f"/conversation/{k}/reach")["messages"]}
    world.wait(lambda: states().get(2) == "unsure")
    world.admin.post(f"/conversation/{k}/reach/2/repeat", {})
    world.wait(lambda: states().get(2) == "sent")
    assert len(world.vendor.texts(phone)) == 1
    world.admin.post(f"/conversation/{k}/reach/2/repeat", {}, status=409)


def test_a_way_that_is_gone_meanwhile_is_told_as_a_failure(world):
    gateway = world.use("aliyun")
    phone, words = people.new_phone(), f"在吗 {uuid.uuid4().hex[:6]}"
    deliver(world, "aliyun", [message("aliyun", phone, words, names())])
    k = conversation_of(world, words)["id"]
    listener = Listener(world.server, world.admin)
    listener.subscribe(f"conversation:{k}")
    world.vendor.faults.append("isv.BUSINESS_LIMIT_CONTROL")
    world.admin.post(f"/conversation/{k}/message", {"text": "在的", "visibility": "public"})
    wait_for(lambda: not world.vendor.faults)      # time stands: the next attempt is to come
    world.admin.patch(f"/sms_gateway/{gateway['id']}", {"version": world.admin.get(f"/sms_gateway/{gateway['id']}")["version"], "state": "off"})
    world.wait(lambda: [m["state"] for m in world.admin.get(f"/conversation/{k}/reach")["messages"]] == ["failed"])
    told = listener.heard(lambda e: e.get("kind") == "conversation.delivered")[-1]
    assert told["data"]["state"] == "failed"


@pytest.mark.parametrize("words", ["TD", "t", "退订", " N "])
def test_who_opts_out_has_opted_out_at_once(world, words):
    world.use("generic")
    phone = people.new_phone()
    customer = world.admin.post("/customer", {"name": "何退订", "phone": phone})
    world.admin.post("/consent", {"customer_id": customer["id"], "purpose": "marketing"})
    assert deliver(world, "generic", message("generic", phone, words, names())).status_code == 200
    assert [c["state"] for c in world.admin.get("/consent", condition=f"customer_id = {customer['id']}")["items"]] == ["withdrawn"]


def test_a_stranger_delivers_nothing(world):
    gateway = world.use("aliyun")
    assert deliver(world, "aliyun", [], callback="0" * 32).status_code == 404
    for wrong in ([], "x", 7):
        assert deliver(world, "aliyun", wrong).status_code == 400, wrong
    before = len(world.admin.get("/conversation", limit=200)["items"])
    assert deliver(world, "aliyun", [{"phone_number": "x", "content": "你好", "sequence_id": 1}, {"content": "你好"}, 7]).status_code == 200
    assert len(world.admin.get("/conversation", limit=200)["items"]) == before
    world.admin.patch(f"/sms_gateway/{gateway['id']}", {"version": world.admin.get(f"/sms_gateway/{gateway['id']}")["version"], "state": "off"})
    assert deliver(world, "aliyun", [message("aliyun", people.new_phone(), "你好")]).status_code == 404
