"""A telephone system as the server meets it: events, signed, in whatever order; and the address that is asked to make calls."""
import hashlib
import hmac
import json
import time
import uuid

import httpx

SECRET = "cti-secret-of-the-line"


def sign(stamp, name, body, secret=SECRET):
    return hmac.new(secret.encode(), f"{stamp}.{name}.".encode() + body, hashlib.sha256).hexdigest()


class Cti:
    def __init__(self, url, callback, now=time.time, secret=SECRET):
        self.url, self.now, self.secret = f"{url}/api/v1/phone/{callback}", now, secret
        self.http = httpx.Client(timeout=20, trust_env=False)

    def post(self, said, name=None, **change):
        """One try; change: query parameters that are other than they should be."""
        body = json.dumps(said).encode()
        stamp, name = str(int(self.now())), name or uuid.uuid4().hex
        query = {"id": name, "timestamp": stamp, "signature": sign(stamp, name, body, self.secret)} | change
        return self.http.post(self.url, params={k: v for k, v in query.items() if v is not None}, content=body, headers={"Content-Type": "application/json"})

    def event(self, call, what, at=None, **more):
        answer = self.post({"call": call, "event": what, "at": int((at or self.now()) * 1000)} | more)
        assert answer.status_code == 200, answer.text

    def events(self, call, phone, extension="8001"):
        """The whole of an answered call: three minutes and twelve seconds."""
        at, base = int(self.now() * 1000), {"call": call, "direction": "in", "caller": phone, "called": "4008001234"}
        return [base | {"event": "ringing", "at": at, "extension": extension}, base | {"event": "answered", "at": at + 8000, "extension": extension},
                base | {"event": "recorded", "at": at + 201000, "recording": "https://rec.example.cn/a.mp3?x=1"}, base | {"event": "hung_up", "at": at + 200000}]


def line_of(admin, **more):
    row = admin.post("/phone_line", {"title": f"呼叫中心 {uuid.uuid4().hex[:6]}", "state": "on", "record_hosts": "rec.example.cn"} | more)
    admin.post(f"/phone_line/{row['id']}/secret", {"secret": SECRET})
    return admin.get(f"/phone_line/{row['id']}")


def rung(admin, owner_id=None, **line):
    """A call that rang at somebody's extension: its id."""
    row = line_of(admin, **line)
    more = {}
    if owner_id:
        more["extension"] = uuid.uuid4().hex[:10]
        admin.patch(f"/user/{owner_id}", {"version": admin.get(f"/user/{owner_id}")["version"], "extension": more["extension"]})
    name = uuid.uuid4().hex
    Cti(admin.url, row["callback"]).event(name, "ringing", direction="in", caller=f"139{uuid.uuid4().int % 10**8:08d}", **more)
    return next(p["id"] for p in admin.get("/phone_call", sort="-created_at", limit=20)["items"] if p["line_id"] == row["id"])
