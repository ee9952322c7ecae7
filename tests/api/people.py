"""A customer as tests need one: known to the company, signed in by the code that the demo shows in its outbox, reporting faults."""
import contextlib
import hashlib
import itertools
import random
import re
from datetime import datetime, timedelta, timezone

from client import Client

SCENES = ("repair", "usage", "complaint", "return", "installation", "value_added", "emergency", "remote")


def product_of(staff, code):
    """The id of a product."""
    return next(p for p in staff.get("/product", limit=100)["items"] if p["code"] == code)["id"]


def days_ago(days):
    """A day in China, for what is counted from it until now: warranties, returns."""
    return (datetime.now(timezone(timedelta(hours=8))) - timedelta(days=days)).strftime("%Y-%m-%d")


def new_address():
    """Every customer calls from a place of her own."""
    return f"127.{random.randrange(1, 255)}.{random.randrange(255)}.{random.randrange(1, 255)}"


def new_phone():
    return f"139{random.randrange(10**8):08d}"


def code_sent_to(staff, phone):
    """The newest six digits in the outbox for this number; the outbox shows the number's end only."""
    for message in staff.get("/outbox", sort="-created_at", limit=50)["items"]:
        digits = re.search(r"\b\d{6}\b", message.get("body") or "")
        if digits and phone[-4:] in str(message.get("to") or message):
            return digits[0]
    raise AssertionError(f"no code for {phone} in the outbox")


def link_to(staff, ticket):
    """The token of the link in the newest message about this ticket."""
    page = {"next": None}
    while not page.get("items") or page["next"]:
        page = staff.get("/outbox", sort="-created_at", limit=100, **({"after": page["next"]} if page["next"] else {}))
        for message in page["items"]:
            found = re.search(rf"/ticket/{ticket}\?t=([\w.-]+)", message.get("body") or "")
            if found:
                return found[1]
    raise AssertionError(f"no link to {ticket} in the outbox")


def sign_in(url, staff, phone):
    customer = Client(url, address=new_address(), tenant=staff.company.get("tenant"))
    customer.post("/my/code", {"phone": phone} | customer.company)
    customer.post("/my/session", {"phone": phone, "code": code_sent_to(staff, phone)} | customer.company)
    return customer


def new_customer(url, staff, name="张小雨"):
    """Returns (client of the customer, her record)."""
    phone = new_phone()
    record = staff.post("/customer", {"name": name, "phone": phone})
    return sign_in(url, staff, phone), record


def everything_said(staff, conversation):
    """All messages of a conversation, a page behind the other."""
    said, after = [], 0
    while page := staff.get(f"/conversation/{conversation}/message", after=after)["items"]:
        said += page
        after = page[-1]["no"]
    return said


def prove(asked):
    """asked: "bits:challenge". The smallest number whose SHA-256 after the challenge begins with so many zero bits."""
    bits, challenge = asked.split(":", 1)
    for nonce in itertools.count():
        proof = f"{challenge}:{nonce}"
        if int.from_bytes(hashlib.sha256(proof.encode()).digest(), "big") >> (256 - int(bits)) == 0:
            return proof


def put_setting(staff, name, value):
    """None: as it is where nobody said anything."""
    staff.patch(f"/setting/{name}", {"value": value, "version": staff.get(f"/setting/{name}")["version"]})


@contextlib.contextmanager
def bot_first(staff):
    """The bot receives whoever begins a conversation meanwhile."""
    put_setting(staff, "bot.receive", "first")
    try:
        yield staff
    finally:
        put_setting(staff, "bot.receive", None)


def report(customer, scene="repair", **more):
    """Reports, solving the proof of work when one is asked for, with everything that the scene's form requires."""
    form = customer.get("/my/form", **customer.company)
    shape = next(s for s in form["scenes"] if s["name"] == scene)
    body = {"scene": scene, "product_id": form["products"][0]["id"], "description": "冰箱门边漏水，地板湿了一片", "answers": answers(shape)} | more
    answer = customer.request("POST", "/my/ticket", body, status=(201, 428))
    if "error" not in answer:
        return answer
    return customer.post("/my/ticket", body, headers={"X-Proof": prove(answer["error"]["arg"])})


def answers(scene):
    values = {"text": "说明", "long_text": "详细说明", "day": "2026-03-08", "yes_no": True}
    given = {}
    for field in scene["fields"]:
        if field["required"]:
            first = field["choices"][0]["value"] if field["choices"] else None
            given[field["name"]] = first if field["type"] == "choice" else [first] if field["type"] == "choices" else values[field["type"]]
    return given
