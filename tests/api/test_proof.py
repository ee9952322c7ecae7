"""Purchase proofs (A10): judged, not stored. The picture goes with the verdict and in any case within a day; kind, day, verdict, who and
when stay. They come with a report, whether the company knows the device already or not."""
import subprocess

import people
from test_file import png, upload

from client import Client
from patience import wait_for
from server import Clock, Server, binary

PASSWORD = "a long enough word"


def the_proof(staff):
    return staff.get("/purchase_proof")["items"][0]


def proven(customer, **more):
    """A report with a proof of purchase and its picture: the ticket's and the file's id."""
    picture = upload(customer, "invoice.png", png(40, 30), prefix="/my")
    return people.report(customer, proof={"kind": "invoice", "day": "2026-03-08", "file_id": picture}, **more)["id"], picture


def test_a_proof_that_nobody_judged_is_gone_within_the_day(company, tmp_path):
    """In a company that was made while the server ran, too: its work by the clock does not wait for a restart."""
    clock = Clock(tmp_path / "clock")
    with Server(company, clock=clock) as server:
        subprocess.run([binary(), "company", *company.options(), "add", "north", "北方电器", "--admin", "lihua"], input=PASSWORD + "\n", check=True, text=True)
        company.execute("UPDATE tenant SET demo = 1")       # its outbox shows the codes
        north = Client(server.url, address=people.new_address(), tenant="north").sign_in("lihua", PASSWORD)
        product = north.post("/product", {"code": "fridge", "name": "冰箱"})["id"]
        model = north.post("/model", {"product_id": product, "code": "BCD-1", "name": "冰箱"})["id"]
        customer, record = people.new_customer(server.url, north)
        device = north.post("/device", {"serial": "NORTH0001", "model_id": model, "customer_id": record["id"]})["id"]
        _, picture = proven(customer, device_id=device)
        stored = north.get(f"/purchase_proof/{the_proof(north)['id']}/file")["file_id"]
        assert stored == picture and north.http.get(f"/file/{picture}/content").status_code == 200
        clock.move(20 * 3600)
        north.sign_in("lihua", PASSWORD)
        assert the_proof(north)["verdict"] == "waiting"
        clock.move(4 * 3600 - 60)
        north.sign_in("lihua", PASSWORD)
        lapsed = wait_for(lambda: (p := the_proof(north))["verdict"] == "lapsed" and p)
        assert (lapsed["kind"], lapsed["purchased_on"]) == ("invoice", "2026-03-08") and lapsed["checked_at"]
        north.get(f"/file/{picture}/content", status=404)


def an_agent(server, admin, team=None):
    word = f"agent{people.new_phone()[-6:]}"
    role = next(r for r in admin.get("/role")["items"] if r["code"] == "agent")
    user = admin.post("/user", {"account": word, "name": word, "role_id": role["id"], "team_id": team})
    admin.post(f"/user/{user['id']}/password", {"password": PASSWORD})
    return Client(server.url, address=people.new_address()).sign_in(word, PASSWORD)


def test_a_proof_may_come_before_its_device_is_known(server, admin):
    """The picture of an invoice beside "my fridge": it is judged at the ticket, and dates the device as soon as there is one."""
    customer, record = people.new_customer(server.url, admin)
    ticket, picture = proven(customer)
    assert customer.get(f"/my/ticket/{ticket}")["device"] is None
    proof = admin.get(f"/ticket/{ticket}/proof")["items"][0]
    assert (proof["verdict"], proof["device_id"], proof["kind"]) == ("waiting", None, "invoice")
    assert admin.get(f"/purchase_proof/{proof['id']}/file")["file_id"] == picture
    checked = admin.post(f"/purchase_proof/{proof['id']}/check", {"version": proof["version"], "verdict": "accepted"}, status=200)
    assert checked["verdict"] == "accepted"
    admin.get(f"/file/{picture}/content", status=404)
    model = admin.get("/model", limit=1)["items"][0]
    device = admin.post("/device", {"serial": f"LATER{record['id'][-10:]}", "model_id": model["id"], "customer_id": record["id"]})
    assert device["purchased_on"] is None
    admin.patch(f"/ticket/{ticket}", {"version": admin.get(f"/ticket/{ticket}")["version"], "device_id": device["id"]})
    assert admin.get(f"/device/{device['id']}")["purchased_on"] == "2026-03-08"
    settled = admin.get(f"/purchase_proof/{proof['id']}")
    assert (settled["device_id"], settled["verdict"]) == (device["id"], "accepted")


def test_a_proof_without_device_is_seen_by_whoever_sees_its_ticket(server, admin):
    teams = [admin.post("/team", {"name": f"组{people.new_phone()[-6:]}"})["id"] for _ in range(2)]
    near, far = (an_agent(server, admin, team) for team in teams)
    ticket, picture = proven(people.new_customer(server.url, admin)[0])
    admin.post(f"/ticket/{ticket}/action/assign", {"version": admin.get(f"/ticket/{ticket}")["version"], "team_id": teams[0]}, status=200)
    proof = admin.get(f"/ticket/{ticket}/proof")["items"][0]["id"]
    assert near.get(f"/purchase_proof/{proof}")["id"] == proof and near.http.get(f"/file/{picture}/content").status_code == 200
    assert proof in [row["id"] for row in near.get("/purchase_proof", limit=200)["items"]]
    for path in (f"/purchase_proof/{proof}", f"/purchase_proof/{proof}/file", f"/ticket/{ticket}/proof", f"/file/{picture}/content"):
        far.get(path, status=404)
    assert proof not in [row["id"] for row in far.get("/purchase_proof", limit=200)["items"]]


def test_a_proof_of_nothing_is_refused(admin):
    answer = admin.post("/purchase_proof", {"kind": "invoice"}, status=422)
    assert [(f["field"], f["code"]) for f in answer["error"]["fields"]] == [("device_id", "field_required")]
