"""Administration and security kept apart: an administrator has no rights of security, gives himself none, and reaches nobody who has."""
import uuid

import pytest
from people import new_address
from test_scope import PASSWORD, set_password

from client import Client

pytestmark = pytest.mark.quick


def put(client, name, value, **options):
    return client.patch(f"/setting/{name}", {"value": value, "version": client.get(f"/setting/{name}")["version"]}, **options)


@pytest.fixture
def officer(server, admin):
    """A security officer, appointed while the administrator could still do so; the duties are kept apart from then on."""
    role = next(r for r in admin.get("/role", limit=200)["items"] if r["code"] == "security")
    word = f"sec{uuid.uuid4().hex[:8]}"
    user = admin.post("/user", {"account": word, "name": "安全管理员", "role_id": role["id"]})
    set_password(server, user, PASSWORD)
    client = Client(server.url, address=new_address()).sign_in(word, PASSWORD)
    client.user, client.role = user, role
    put(admin, "sign_in.duties", "apart")
    yield client
    put(client, "sign_in.duties", "together")


def test_all_rights_do_not_hold_those_of_security(server, admin, officer):
    assert set(admin.get("/session")["withheld"]) == {"setting.security", "user.factor"}
    put(admin, "sign_in.password_length", 12, status=403)
    put(admin, "sign_in.duties", "together", status=403)
    put(officer, "sign_in.password_length", 12)
    put(officer, "sign_in.password_length", None)


def test_an_administrator_gives_nobody_what_he_has_not(admin, officer):
    word = uuid.uuid4().hex[:8]
    admin.post("/role", {"code": word, "name": word, "permissions": ["setting.security"]}, status=(403, 422))
    admin.patch(f"/role/{officer.role['id']}", {"version": officer.role["version"], "permissions": ["setting.security", "ticket.read"]}, status=(403, 422))
    admin.post("/user", {"account": word, "name": word, "role_id": officer.role["id"]}, status=(403, 422))
    me = admin.get("/session")["user"]
    admin.patch(f"/user/{me['id']}", {"version": admin.get(f"/user/{me['id']}")["version"], "role_id": officer.role["id"]}, status=403)


def test_nor_does_he_get_into_the_account_of_who_has(server, admin, officer):
    there = Client(server.url, address=new_address()).sign_in(*server.company.accounts[0])
    there.post(f"/user/{officer.user['id']}/password", {"password": "taken-over-now"}, status=403)
    there.post(f"/user/{officer.user['id']}/invite", {}, status=403)
    there.post(f"/user/{officer.user['id']}/factor/reset", {"reason": "试试"}, status=403)


def test_the_officer_appoints_another_and_gives_himself_no_administration(admin, officer):
    word = uuid.uuid4().hex[:8]
    other = admin.post("/user", {"account": word, "name": word, "role_id": next(r for r in admin.get("/role", limit=200)["items"] if r["code"] == "reader")["id"]})
    boss = next(r for r in admin.get("/role", limit=200)["items"] if r["code"] == "administrator")
    changed = officer.patch(f"/user/{other['id']}", {"version": other["version"], "role_id": officer.role["id"]})
    assert changed["role_id"] == officer.role["id"]
    officer.patch(f"/user/{other['id']}", {"version": changed["version"], "role_id": boss["id"]}, status=(403, 422))


def test_a_token_of_the_administrator_holds_no_more(server, admin, officer):
    made = admin.post("/api_token", {"name": "全部", "scopes": ["*"]})
    program = Client(server.url, address=new_address()).bearing(made["token"])
    put(program, "sign_in.password_length", 12, status=403)
