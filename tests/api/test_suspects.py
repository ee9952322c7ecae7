"""Customers who may be the same person: found by phone, mail, or name and address; merged or told apart."""
import uuid

import pytest
from test_merge import new_phone
from test_scope import new_user

from patience import wait_for

pytestmark = pytest.mark.quick


def make(admin, name="周婷", phone=None, **more):
    return admin.post("/customer", {"name": name, "phone": phone or new_phone()} | more)["id"]


def pairs(client):
    """{(older, newer): why} of the whole list, page by page."""
    out, after = {}, None
    while True:
        page = client.get("/suspect", **({"after": after} if after else {}))
        known = {c["id"] for c in page["customers"]}
        for item in page["items"]:
            assert {item["older_id"], item["newer_id"]} <= known
            out[item["older_id"], item["newer_id"]] = item["why"]
        after = page["next"]
        if not after:
            return out


def live(admin, customer, street, city="上海", district="静安区"):
    return admin.post("/address", {"customer_id": customer, "city": city, "district": district, "street": street})["id"]


def test_who_shares_a_phone_a_mail_or_a_house_is_on_the_list(admin):
    phone, mail, name = new_phone(), f"{uuid.uuid4().hex[:8]}@example.com", f"周{uuid.uuid4().hex[:6]}"
    first, second = make(admin, phone=phone), make(admin, "周先生", phone=phone)
    third, fourth = make(admin, email=mail), make(admin, email=mail.upper())
    fifth, sixth, seventh = (make(admin, name) for _ in range(3))
    live(admin, fifth, "人民路 12 号 3-401")
    live(admin, sixth, "人民路12号3—401")
    live(admin, seventh, "人民路 13 号")
    wait_for(lambda: (fifth, sixth) in pairs(admin))
    found = pairs(admin)
    assert (found[first, second], found[third, fourth], found[fifth, sixth]) == (["phone"], ["email"], ["address"])
    assert not any(seventh in pair for pair in found), "a name alone is nobody"


def test_a_pair_goes_when_it_is_merged_told_apart_or_no_longer_shares(admin):
    phone = new_phone()
    first, second = make(admin, phone=phone), make(admin, phone=phone)
    wait_for(lambda: (first, second) in pairs(admin))
    admin.post(f"/customer/{first}/not_same", {"customer_id": second, "on": True})
    assert (first, second) not in pairs(admin) and second not in [c["id"] for c in admin.get(f"/customer/{first}/likely")["items"]]
    admin.patch(f"/customer/{second}", {"version": admin.get(f"/customer/{second}")["version"], "note": "改一改"})
    third = make(admin, phone=phone)
    wait_for(lambda: (second, third) in pairs(admin))
    assert (first, second) not in pairs(admin), "told apart for good"
    admin.post(f"/customer/{second}/not_same", {"customer_id": first, "on": False})
    wait_for(lambda: (first, second) in pairs(admin))
    admin.post(f"/customer/{first}/merge", {"customer_id": second})
    assert not any(second in pair for pair in pairs(admin)), "at once"
    admin.post(f"/customer/{second}/part", {})
    wait_for(lambda: (first, second) in pairs(admin))
    admin.patch(f"/customer/{second}", {"version": admin.get(f"/customer/{second}")["version"], "phone": new_phone()})
    wait_for(lambda: not any(second in pair for pair in pairs(admin)))
    assert (first, third) in pairs(admin)


def test_the_list_is_paged_and_shows_what_its_reader_may_see(server, admin):
    phone = new_phone()
    many = [make(admin, phone=phone) for _ in range(12)]        # 66 pairs: more than a page
    wait_for(lambda: sum(set(pair) <= set(many) for pair in pairs(admin)) == 66)
    page = admin.get("/suspect")
    assert len(page["items"]) <= 50 and page["next"]
    region = [admin.post("/region", {"code": f"r{uuid.uuid4().hex[:6]}", "name": "华东"})["id"] for _ in range(2)]
    admin.patch(f"/customer/{many[0]}", {"version": 1, "region_id": region[0]})
    far = new_user(server, admin, ["customer.read", "customer.merge"], "region", region_id=region[1])
    wait_for(lambda: sum(set(pair) <= set(many) for pair in pairs(far)) == 55)
    far.close()
    reader = new_user(server, admin, ["customer.read"])
    reader.get("/suspect", status=403)
    reader.close()
