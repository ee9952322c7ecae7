"""SMS by a vendor's gateway: signed, by template, once each; what a vendor refuses is said in words; what nobody knows is not sent twice."""
import uuid

import people
import pytest
from patience import wait_for
from sms_vendor import SECRET, Vendor, gateway_of

from client import Client
from server import Clock, Server

pytestmark = pytest.mark.quick
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
