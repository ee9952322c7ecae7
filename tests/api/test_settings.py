"""Settings: what a company chooses is in force at once and kept with its history; what the server is started with is its ground."""
import subprocess

import pytest

from client import Client
from patience import wait_for
from people import new_address, new_customer, new_phone, report
from server import Clock, Server, binary


def command(company, *words, options=(), status=0):
    done = subprocess.run([binary(), "setting", *company.options(), *options, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert done.returncode == status, done.stderr
    return done.stdout if status == 0 else done.stderr


def row(text, name):
    """name, value, unit, default, least, most, source"""
    return next(line.split("\t") for line in text.splitlines() if line.startswith(f"{name}\t"))


def put(client, name, value, version=None, **options):
    version = client.get(f"/setting/{name}")["version"] if version is None else version
    return client.patch(f"/setting/{name}", {"value": value, "version": version}, **options)


def pause_of(url, **options):
    """How long the answer to a new telephone number says to wait for the next code."""
    customer = Client(url, address=new_address(), **options)
    answer = customer.post("/my/code", {"phone": new_phone()})
    customer.close()
    return answer["wait_s"]


def test_the_list_has_every_setting_with_all_that_a_page_shows(admin):
    answer = admin.get("/setting")
    groups = {group["name"] for group in answer["groups"]}
    for item in answer["items"]:
        assert item["group"] in groups and item["label"]["zh"] and item["help"]["en"]
        assert item["least"] <= item["most"] and item["scope"] in ("server", "company")
        assert item["changeable"] == (item["scope"] == "company")
    life = next(item for item in answer["items"] if item["name"] == "code.life")
    assert {k: life[k] for k in ("value", "default", "least", "most", "unit", "applies")} == {
        "value": 10, "default": 10, "least": 1, "most": 60, "unit": "minutes", "applies": "at_once"}
    level = next(item for item in answer["items"] if item["name"] == "log.level")
    assert level["value"] == "info" and [c["value"] for c in level["choices"]] == ["debug", "info", "warn", "error"]


@pytest.mark.quick
def test_a_choice_is_in_force_with_the_next_call_and_goes_back(server, admin):
    assert pause_of(server.url) == 60
    changed = put(admin, "code.pause", 90)
    assert (changed["value"], changed["source"], changed["default"]) == (90, "company", 60)
    assert changed["changed_by"]["name"] and changed["changed_at"]
    assert pause_of(server.url) == 90
    back = put(admin, "code.pause", None)
    assert (back["value"], back["source"]) == (60, "default")
    assert pause_of(server.url) == 60


@pytest.mark.quick
@pytest.mark.parametrize(("value", "code"), [(0, "setting_bounds"), (61, "setting_bounds"), ("20", "field_type"), (1.5, "field_type"),
                                             (True, "field_type"), ([], "field_type"), (10**30, "field_type")])
def test_a_value_outside_is_refused_by_field(admin, value, code):
    field = put(admin, "code.life", value, status=422)["error"]["fields"][0]
    assert (field["field"], field["code"]) == ("value", code)


@pytest.mark.quick
def test_the_bounds_are_told_in_the_readers_language(server, admin):
    assert put(admin, "code.life", 61, status=422)["error"]["fields"][0]["message"] == "Out of range: it must be 1–60 minutes"
    chinese = Client(server.url, language="zh-CN").sign_in(*server.company.accounts[0])
    assert put(chinese, "code.life", 61, status=422)["error"]["fields"][0]["message"] == "超出范围，应为 1–60 分钟"


@pytest.mark.quick
def test_two_people_at_once_the_second_sees_what_the_first_made(admin):
    version = admin.get("/setting/report.free")["version"]
    put(admin, "report.free", 5, version)
    answer = put(admin, "report.free", 7, version, status=409)
    assert answer["error"]["code"] == "version_conflict" and answer["current"]["value"] == 5
    assert admin.get("/setting/report.free")["value"] == 5
    put(admin, "report.free", None)


@pytest.mark.quick
def test_what_is_none_and_what_is_the_servers(admin):
    admin.get("/setting/no.such", status=404)
    admin.patch("/setting/no.such", {"value": 1, "version": 0}, status=404)
    assert put(admin, "http.body_json", 2_000_000, 0, status=409)["error"]["code"] == "setting_server"
    admin.patch("/setting/code.life", {"version": 0}, status=422)


def test_history_tells_who_changed_what_from_what(admin):
    put(admin, "code.attempts", 4)
    version = admin.get("/setting/code.attempts")["version"]
    admin.patch("/setting/code.attempts", {"value": None, "version": version, "reason": "too strict"})
    newest, before = admin.get("/setting/code.attempts/history")["items"][:2]
    assert (newest["fields"], newest["reason"]) == ({"value": [4, None]}, "too strict")
    assert before["fields"] == {"value": [None, 4]} and before["actor"]["name"]
    assert admin.get("/setting/sheet.export_rows/history")["items"] == []


def person(server, admin, account, permissions):
    role = admin.post("/role", {"code": account, "name": "设置", "scope": "all", "permissions": permissions})
    user = admin.post("/user", {"account": account, "name": "设置员", "role_id": role["id"]})
    admin.post(f"/user/{user['id']}/password", {"password": "first-password"}, status=200)
    return Client(server.url).sign_in(account, "first-password")


def test_looking_changing_and_security_are_three_rights(server, admin):
    nobody = person(server, admin, "set-none", ["ticket.read"])
    nobody.get("/setting", status=403)
    reader = person(server, admin, "set-read", ["setting.read"])
    assert not any(item["changeable"] for item in reader.get("/setting")["items"])
    put(reader, "report.free", 4, 0, status=403)
    changer = person(server, admin, "set-change", ["setting.read", "setting.change"])
    put(changer, "report.free", 4)
    put(changer, "code.per_number", 50, status=403)
    put(admin, "report.free", None)


def test_a_password_must_be_as_long_as_the_company_says(server, admin):
    client = person(server, admin, "set-length", ["ticket.read"])
    put(admin, "sign_in.password_length", 20)
    answer = client.post("/session/password", {"old_password": "first-password", "password": "second-password"}, status=422)
    assert answer["error"]["fields"][0]["code"] == "field_too_short"
    put(admin, "sign_in.password_length", None)
    client.post("/session/password", {"old_password": "first-password", "password": "second-password"}, status=200)


@pytest.mark.parametrize(("length", "good"), [(14, False), (15, True), (200, True), (201, False), (900, False)])
def test_a_command_takes_the_passwords_that_the_company_takes(server, admin, length, good):
    put(admin, "sign_in.password_length", 15)
    done = subprocess.run([binary(), "user", *server.company.options(), "password", "demo", server.company.accounts[-1][0]],
                          input="长" * length + "\n", capture_output=True, text=True)
    answer = Client(server.url).request("POST", "/session", {"account": server.company.accounts[-1][0], "password": "长" * length}, status=(201, 401, 422))
    put(admin, "sign_in.password_length", None)
    assert (done.returncode == 0, answer.get("ok", False)) == (good, good), done.stderr + str(answer)
    assert good or ("15" if length < 15 else "200") in done.stderr


def test_size_of_files_and_rows_of_exports(admin):
    put(admin, "file.size", 1 << 20)
    too_large = admin.post("/file", {"name": "a.png", "size": (1 << 20) + 1}, status=413)["error"]
    assert "1 MB" in too_large["message"]
    put(admin, "file.size", None)
    put(admin, "sheet.export_rows", 100)
    assert admin.get("/ticket/export", format="csv", status=422)["error"]["code"] == "report_budget"
    put(admin, "sheet.export_rows", None)


def test_a_list_shows_as_many_rows_as_the_company_says(admin):
    assert len(admin.get("/ticket")["items"]) == 50
    put(admin, "list.rows", 20)
    assert len(admin.get("/ticket")["items"]) == 20 and len(admin.get("/ticket", limit=60)["items"]) == 60
    put(admin, "list.rows", None)


def test_a_command_beside_the_running_server_is_heard(server, admin):
    command(server.company, "set", "code.pause", "45", options=("--company", "demo"))
    wait_for(lambda: admin.get("/setting/code.pause")["value"] == 45)
    wait_for(lambda: pause_of(server.url) == 45)
    assert row(command(server.company, "list", options=("--company", "demo")), "code.pause")[1:] == ["45", "seconds", "60", "10", "600", "company"]
    assert admin.get("/setting/code.pause/history")["items"][0]["actor"]["kind"] == "system"
    command(server.company, "reset", "code.pause", options=("--company", "demo"))
    wait_for(lambda: pause_of(server.url) == 60)


def test_a_command_refuses_what_the_page_refuses(server):
    company = server.company
    assert "10–600" in command(company, "set", "code.pause", "5", options=("--company", "demo"), status=1)
    command(company, "set", "http.drain", "5", options=("--company", "demo"), status=1)
    command(company, "set", "code.pause", "45", options=("--company", "nobody"), status=1)
    command(company, "set", "no.such", "45", status=1)
    command(company, "set", "code.pause", status=2)
    assert "10–600" in command(company, "set", "code.pause", "5", status=1)


def test_file_environment_and_command_line_stand_over_one_another(company):
    (company.folder / "settings.conf").write_text("# ours\ncode.pause = 20\nfile.size = 2M\n")
    command(company, "set", "http.body_json", "65536")
    command(company, "set", "keep.reply", "30")
    command(company, "reset", "keep.reply")
    assert (company.folder / "settings.conf").read_text() == "# ours\ncode.pause = 20\nfile.size = 2M\nhttp.body_json = 65536\n"
    with Server(company, environment={"ANXIN_SET_CODE_PAUSE": "30", "ANXIN_SET_CODE_LIFE": "5"}, options=("--set", "code.life=7")) as server:
        admin = Client(server.url).sign_in(*company.accounts[0])
        found = {item["name"]: (item["value"], item["source"]) for item in admin.get("/setting")["items"]}
        assert found["code.pause"] == (30, "environment") and found["code.life"] == (7, "command_line")
        assert found["file.size"] == (2 << 20, "file") and found["http.body_json"] == (65536, "file")
        assert pause_of(server.url) == 30
        admin.post("/customer", {"name": "长", "remark": "x" * 70000}, status=413)
        put(admin, "code.pause", 50)
        assert pause_of(server.url) == 50
        assert put(admin, "code.pause", None)["value"] == 30


@pytest.mark.parametrize("line", ["code.pause = 5", "code.pause", "no.such = 1", "log.level = loud"])
def test_a_wrong_line_in_the_file_ends_the_start(company, line):
    (company.folder / "settings.conf").write_text(f"# first\n{line}\n")
    done = subprocess.run([binary(), "serve", *company.options(), "--listen", "127.0.0.1:0"], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=30)
    assert done.returncode == 2 and "settings.conf, line 2" in done.stderr


def test_a_long_line_is_one_line_and_a_longer_one_is_refused(company):
    path = company.folder / "settings.conf"
    longest = "# " + "长" * 1364 + " ="      # 4,096 bytes
    path.write_text(f"{longest}\ncode.pause = {' ' * 1000}20\ncode.life = 5")
    assert row(command(company, "list"), "code.pause")[1] == "20"
    command(company, "set", "code.life", "7")
    assert path.read_text().splitlines()[0] == longest and path.read_text().splitlines()[2:] == ["code.life = 7"]
    path.write_text(f"code.pause = 20\n{longest}x\n")
    assert "settings.conf, line 2" in (said := command(company, "list", status=2)) and "4096" in said


def test_another_node_hears_of_a_change(company):
    if company.engine == "sqlite":
        pytest.skip("SQLite has one node")
    first, second = Server(company), Server(company)
    second.log = company.folder.with_suffix(".second.log")
    with first, second:
        put(Client(first.url).sign_in(*company.accounts[0]), "code.pause", 33)
        wait_for(lambda: pause_of(second.url) == 33)


def test_reminding_and_reopening_keep_to_the_company(company, tmp_path):
    clock = Clock(tmp_path / "clock")
    with Server(company, clock=clock) as server:
        admin = Client(server.url).sign_in(*company.accounts[0])
        put(admin, "ticket.remind_pause", 5)
        put(admin, "ticket.reopen", 1)
        customer, _ = new_customer(server.url, admin)
        mine = report(customer)["id"]
        customer.post(f"/my/ticket/{mine}/remind")
        assert customer.get(f"/my/ticket/{mine}")["can"]["remind_again_at"] == clock.ms + 5 * 60_000
        for action, more in (("accept", {}), ("resolve", {"steps": "重新插紧", "result": "已恢复"})):
            version = admin.get(f"/ticket/{mine}")["version"]
            admin.post(f"/ticket/{mine}/action/{action}", {"version": version} | more)
        customer.post(f"/my/ticket/{mine}/confirm")
        clock.move(24 * 3600)
        assert customer.get(f"/my/ticket/{mine}")["can"]["unsolved"]
        clock.move(1)
        assert not customer.get(f"/my/ticket/{mine}")["can"]["unsolved"]
