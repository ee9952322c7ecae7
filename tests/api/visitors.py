"""Somebody on a company's web page whom nobody knows, as the widget speaks for her."""
import uuid

import people
from websockets.sync.client import connect

from client import Client

SHOP = "https://shop.example.cn"


def chat_of(admin, **changed):
    """The demo's chat, allowed on SHOP and changed like this."""
    row = next(w for w in admin.get("/web_chat", limit=50)["items"] if w["state"] == "on")
    row = admin.get(f"/web_chat/{row['id']}")
    return admin.patch(f"/web_chat/{row['id']}", {"version": row["version"], "origins": SHOP} | changed)


class Visitor:
    def __init__(self, server, origin=SHOP, company=None, address=None, language="zh-CN", hello=True):
        self.server, self.origin = server, origin
        self.client = Client(server.url, language=language, address=address or people.new_address(), tenant=company)
        self.client.http.headers["Origin"] = origin
        self.client.http.headers.pop("Idempotency-Key", None)
        self.chat = self.client.get("/visit/hello", **self.client.company) if hello else None
        if self.chat:
            self.client.bearing(self.chat["token"])

    def again(self):
        """The same browser, after the page was loaded again."""
        other = Visitor(self.server, self.origin, hello=False)
        other.client.http.headers["Authorization"] = self.client.http.headers["Authorization"]
        return other

    def takes(self, token):
        self.client.bearing(token)

    def write(self, text="你好", external_id=None, status=None, **more):
        return self.client.post("/visit/message", {"text": text, "external_id": external_id or uuid.uuid4().hex} | more, status=status)

    def conversations(self):
        return self.client.get("/visit/conversation")["items"]

    def said(self, conversation, **query):
        return self.client.get(f"/visit/conversation/{conversation}/message", **query)["items"]

    def socket(self, origin=None):
        token = self.client.get("/visit/pass")["pass"]
        return connect(self.server.url.replace("http", "ws") + f"/api/v1/visit/stream?pass={token}", additional_headers={"Origin": origin or self.origin}, compression=None)
