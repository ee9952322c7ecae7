"""A company with a language model beside it: an endpoint that tests play, one article of its own, and the bot switched on."""
import uuid

import people
import pytest
from model_server import ModelServer, account_of, honest
from patience import wait_for
from test_conversation import act, said, write

from client import Client
from server import Clock, Server

PHONE = "13912345678"
CURTAIN = {"title_zh": "星云投影幕布怎么收起", "body_zh": "先关闭投影机，等风扇停止转动。按住遥控器的上键 3 秒，幕布会自动收起。幕布没有收到顶时，不要用手拉拽。仍然收不起来，请联系售后检测。",
           "title_en": "How the Nebula projection screen is rolled up", "body_en": "Switch the projector off and wait until its fan stands still. Hold the up key of the remote control for 3 seconds and the screen rolls up by itself. Do not pull the screen by hand."}
ASK, ASK_EN = "星云投影幕布怎么收起来", "how do I roll up the Nebula projection screen"
MADE, MADE_EN = "由 AI 根据资料生成，仅供参考", "Made by AI"


class World:
    """A server that may call the model, a company with one article of its own, and the bot switched on."""

    def __init__(self, company, folder):
        self.clock = Clock(folder / "clock")
        self.model = ModelServer()
        self.server = Server(company, clock=self.clock, environment={"ANXIN_OUTBOUND_ALLOW": "127.0.0.0/8"})
        self.server.__enter__()
        self.admin = Client(self.server.url).sign_in(*company.accounts[0])
        self.set("bot.receive", "first")
        article = self.admin.post("/article", {"code": f"K-{uuid.uuid4().hex[:8]}", "audience": "public"} | CURTAIN)
        self.article = self.admin.post(f"/article/{article['id']}/action/publish", {"version": article["version"]})
        self.account = account_of(self.admin, self.model)
        self.phone = people.new_phone()
        self.record = self.admin.post("/customer", {"name": "欧阳晓丽", "phone": self.phone})
        self.customer = people.sign_in(self.server.url, self.admin, self.phone)

    def set(self, name, value):
        people.put_setting(self.admin, name, value)

    def change(self, **fields):
        row = self.admin.get(f"/model_account/{self.account['id']}")
        self.account = self.admin.patch(f"/model_account/{row['id']}", {"version": row["version"]} | fields)

    def talk(self, text):
        """A conversation that begins with these words: (its id, the bot's answer). The one before it is closed."""
        for row in self.admin.get("/conversation", condition=f"customer_id = {self.record['id']}", limit=50)["items"]:
            if row["state"] != "closed":
                act(self.admin, row["id"], "close")
        return self.go_on(text)

    def go_on(self, text):
        sent = write(self.customer, text)
        id = sent["conversation"]["id"]
        answer = wait_for(lambda: next((m for m in reversed(said(self.customer, id, "/my")) if m["no"] > sent["no"] and m["actor"]["kind"] == "system"), None))
        return id, answer

    def turn(self, id):
        return self.admin.get("/bot_turn", condition=f"conversation_id = {id}", sort="-created_at", limit=1)["items"][0]

    def call(self):
        """The newest in the ledger."""
        return self.admin.get("/model_call", sort="-created_at", limit=1)["items"][0]

    def calls(self):
        return self.admin.get("/model_call", total=1)["total"]

    def close(self):
        self.model.delay.set()
        self.server.__exit__(None, None, None)
        self.model.close()


@pytest.fixture(scope="module")
def world(engine, demos, tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    copy = demos(engine).copy(folder / "data")
    made = World(copy, folder)
    yield made
    made.close()
    copy.drop()


@pytest.fixture(autouse=True)
def honest_again(world):
    """Each test finds an endpoint that works, all it may be used for switched on, and time gone by since whatever failed."""
    world.model.answer = honest
    world.model.delay.set()
    world.clock.move(180)
    yield
