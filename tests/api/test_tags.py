"""Tags of tickets and customers: one name however it is written, found by index under any name it ever had, and kept by whatever happens to the row."""
import uuid

import pytest
from actors import plan_of
from definitions import faults
from patience import wait_for
from people import new_phone
from test_import import run
from test_scope import new_user

pytestmark = pytest.mark.quick


def name(word="标签"):
    """Its own each time; a capital, a blank and a width that do not matter."""
    return f"{word} A{uuid.uuid4().hex[:8]}"


def customer(admin, **more):
    return admin.post("/customer", {"name": "周婷", "phone": new_phone()} | more)


def ticket(admin, status=201, **more):
    return admin.post("/ticket", {"scene": "usage", "customer_id": more.pop("customer_id", None) or customer(admin)["id"], "text": "怎么调温度"} | more, status=status)


def put(client, record, row, add=(), remove=(), status=200):
    return client.post(f"/{record}/{row['id']}/tag", {"add": list(add), "remove": list(remove)}, status=status)


def tag_of(admin, wanted):
    return next(t for t in admin.get("/tag", condition=f'name = "{wanted}"', limit=50)["items"])


def listed(client, condition, record="ticket"):
    return {row["id"] for row in client.get(f"/{record}", condition=condition, limit=200)["items"]}


def change(admin, record, row, status=200, **more):
    return admin.patch(f"/{record}/{row['id']}", {"version": admin.get(f"/{record}/{row['id']}")["version"]} | more, status=status)


@pytest.mark.parametrize("record", ["ticket", "customer"])
def test_tags_are_put_on_and_taken_off_one_by_one(admin, record):
    row = ticket(admin) if record == "ticket" else customer(admin)
    one, other, third = name("漏水"), name(), name()
    assert row["tags"] == []
    assert put(admin, record, row, add=[one, other])["tags"] == [one, other]
    assert put(admin, record, row, add=[third, one], remove=[other])["tags"] == [one, third]
    assert admin.get(f"/{record}/{row['id']}")["tags"] == [one, third]
    history = admin.get(f"/{record}/{row['id']}/history")["items"]
    assert [h["fields"] for h in history[:2]] == [{"tags": [[one, other], [one, third]]}, {"tags": [[], [one, other]]}]
    version = admin.get(f"/{record}/{row['id']}")["version"]
    assert put(admin, record, row, add=[one], remove=[other])["version"] == version, "nothing to do, nothing written"
    assert change(admin, record, row, tags=[other])["tags"] == [other], "the whole list, as any field"
    assert listed(admin, f'tags has any ("{other}")', record) == {row["id"]}
    assert listed(admin, f'tags has any ("{one}", "{third}")', record) == set()


def test_a_ticket_may_begin_with_tags(admin):
    one = name()
    assert ticket(admin, tags=[one])["tags"] == [one]
    assert customer(admin, tags=[one])["tags"] == [one]


def test_names_differ_neither_by_case_nor_width_nor_blanks(admin):
    first, second = ticket(admin), ticket(admin)
    one = name("vip 客户")
    put(admin, "ticket", first, add=[one])
    wide = one.upper().replace("VIP", "ＶＩＰ").replace(" ", "　")
    assert put(admin, "ticket", second, add=[wide])["tags"] == [one], "as it was called first"
    assert put(admin, "ticket", second, add=[one.replace(" ", "")])["tags"] == [one]
    for said in (one, wide, one.replace(" ", ""), one.lower()):
        assert listed(admin, f'tags has any ("{said}")') == {first["id"], second["id"]}, said
    assert put(admin, "ticket", second, remove=[wide])["tags"] == []


@pytest.mark.parametrize("bad, code", [("", "field_required"), (" ", "field_required"), ("a,b", "tag_name"), ("漏水、漏电", "tag_name"), ("a；b", "tag_name"), ("长" * 41, "field_too_long")])
def test_what_is_no_name_is_refused(admin, bad, code):
    row = ticket(admin)
    assert faults(put(admin, "ticket", row, add=[bad], status=422)) == [("add", code)]
    assert faults(change(admin, "ticket", row, tags=[bad], status=422)) == [("tags", code)]
    assert admin.post("/tag", {"name": bad}, status=422)


@pytest.mark.parametrize("bad", ["漏水", {"a": 1}, [1], [["a"]], [None]])
def test_tags_are_a_list_of_words(admin, bad):
    assert faults(change(admin, "ticket", ticket(admin), tags=bad, status=422)) == [("tags", "field_type")]


def test_names_are_words_whatever_is_in_them(admin):
    row, words = ticket(admin), [f"{w} {uuid.uuid4().hex[:6]}" for w in ("<b>", "x' OR '1'='1", 'a"b', "1", "[\"a\"]", "a\\b", "%_", "😀")]
    assert put(admin, "ticket", row, add=words)["tags"] == words
    for word in words:
        quoted = word.replace("\\", "\\\\").replace('"', '\\"')
        assert listed(admin, f'tags has any ("{quoted}")') == {row["id"]}, word


def test_a_row_has_twenty_at_most(admin):
    row, words = ticket(admin), [name() for _ in range(21)]
    assert faults(change(admin, "ticket", row, tags=words, status=422)) == [("tags", "tag_row")]
    put(admin, "ticket", row, add=words[:20])
    assert faults(put(admin, "ticket", row, add=words[20:], status=422)) == [("tags", "tag_row")]


# ---- conditions ------------------------------------------------------------------------------------------------------


def test_conditions_ask_for_any_all_and_none(admin):
    mine, leak, vip = name("mine"), name("漏水"), name("VIP")
    rows = {key: ticket(admin, tags=[mine, *tags]) for key, tags in {"no": [], "leak": [leak], "vip": [vip], "both": [vip, leak]}.items()}
    bare = ticket(admin)

    def found(condition):
        return sorted(key for key, row in rows.items() if row["id"] in listed(admin, f'tags has any ("{mine}") and ({condition})'))

    assert found(f'tags has any ("{leak}", "{vip}")') == ["both", "leak", "vip"]
    assert found(f'tags has all ("{leak}", "{vip}")') == ["both"]
    assert found(f'tags has none ("{leak}")') == ["no", "vip"]
    assert found(f'not tags has all ("{leak}", "{vip}")') == ["leak", "no", "vip"]
    assert found(f'tags has any ("{leak}", "{name()}")') == ["both", "leak"], "a name that no tag has finds nothing"
    assert found(f'tags has all ("{leak}", "{name()}")') == []
    assert found(f'tags has any ("{leak}") or tags has any ("{vip}")') == ["both", "leak", "vip"]
    assert listed(admin, f'tags is none and id = {bare["id"]}') == {bare["id"]}
    assert listed(admin, f'tags is not none and id in ({bare["id"]}, {rows["vip"]["id"]})') == {rows["vip"]["id"]}
    assert admin.get("/ticket/count", condition=f'tags has all ("{mine}", "{leak}")')["total"] == 2


def test_conditions_walk_to_the_customer(admin):
    vip = name("VIP")
    person = customer(admin, tags=[vip])
    row = ticket(admin, customer_id=person["id"])
    assert listed(admin, f'customer.tags has any ("{vip}")') == {row["id"]}
    assert listed(admin, f'customer.tags has none ("{vip}") and id = {row["id"]}') == set()
    assert listed(admin, f'tags has any ("{vip}")') == set()


def test_the_text_keeps_the_authors_spelling(admin):
    answer = admin.post("/ticket/condition/check", {"text": 'tags has any ("Vip 客户", 漏水)'.replace("漏水", '"漏水"')})
    assert answer["text"] == 'tags has any ("Vip 客户", "漏水")'


def test_a_rule_sees_tags_in_memory(admin):
    mark, wanted, unwanted, done = name("mark"), name("VIP"), name("no"), name("done")
    rule = admin.post("/rule", {"name": name("rule"), "object": "ticket", "state": "on", "events": ["changed"], "changed": ["tags"],
                                "condition": f'tags has all ("{mark}", "{wanted}") and tags has none ("{unwanted}")', "actions": [{"do": "task", "title": f"回电 {mark}"}, {"do": "tag", "add": [done], "remove": [mark]}]})
    yes, no = ticket(admin), ticket(admin)
    put(admin, "ticket", no, add=[mark, wanted, unwanted])
    put(admin, "ticket", yes, add=[mark, wanted.upper()])
    made = wait_for(lambda: admin.get("/task", condition=f"ticket_id in ({yes['id']}, {no['id']})")["items"])
    assert [t["ticket_id"] for t in made] == [yes["id"]]
    assert admin.get(f"/ticket/{yes['id']}")["tags"] == [wanted, done], "and tags as its author may"
    admin.patch(f"/rule/{rule['id']}", {"version": admin.get(f"/rule/{rule['id']}")["version"], "state": "off"})


# ---- names that change -----------------------------------------------------------------------------------------------


def test_renaming_reaches_every_row_and_the_old_name_goes_on(admin):
    old, new = name("old"), name("new")
    rows = [ticket(admin, tags=[old]), ticket(admin, tags=[old])]
    tag = tag_of(admin, old)
    versions = [admin.get(f"/ticket/{row['id']}")["version"] for row in rows]
    admin.patch(f"/tag/{tag['id']}", {"version": tag["version"], "name": new})
    assert [admin.get(f"/ticket/{row['id']}")["tags"] for row in rows] == [[new], [new]]
    assert [admin.get(f"/ticket/{row['id']}")["version"] for row in rows] == versions, "no row was written"
    for said in (old, new):
        assert listed(admin, f'tags has any ("{said}")') == {row["id"] for row in rows}
    third = ticket(admin)
    assert put(admin, "ticket", third, add=[old])["tags"] == [new]
    assert put(admin, "ticket", rows[0], remove=[old])["tags"] == []
    tag = tag_of(admin, new)
    admin.patch(f"/tag/{tag['id']}", {"version": tag["version"], "name": old})
    assert admin.get(f"/ticket/{third['id']}")["tags"] == [old], "and back"
    assert [t["name"] for t in next(t for t in admin.get("/tag/use", limit=50, condition=f'name = "{old}"')["items"])["names"]] == [new]
    assert faults(admin.post("/tag", {"name": new}, status=422)) == [("name", "field_taken")], "a former name still means the tag"


def test_merging_writes_no_row_and_is_taken_back(admin):
    winner, loser = name("winner"), name("loser")
    both, one = ticket(admin, tags=[winner, loser]), ticket(admin, tags=[loser])
    version = admin.get(f"/ticket/{one['id']}")["version"]
    first, second = tag_of(admin, winner), tag_of(admin, loser)
    admin.post(f"/tag/{first['id']}/merge", {"tag_id": first["id"]}, status=409)
    admin.post(f"/tag/{first['id']}/merge", {"tag_id": second["id"]})
    assert (admin.get(f"/ticket/{both['id']}")["tags"], admin.get(f"/ticket/{one['id']}")["tags"]) == ([winner], [winner])
    assert admin.get(f"/ticket/{one['id']}")["version"] == version
    for said in (winner, loser):
        assert listed(admin, f'tags has all ("{said}")') == {both["id"], one["id"]}
    use = next(t for t in admin.get("/tag/use", condition=f'name = "{winner}"')["items"])
    assert (use["tickets"], [n["name"] for n in use["names"]]) == (2, [loser]), "a row with both counts once"
    assert put(admin, "ticket", both, remove=[winner])["tags"] == [], "it has neither then"
    admin.post(f"/tag/{second['id']}/restore", {"version": admin.get(f"/tag/{second['id']}")["version"]}, status=409)
    admin.post(f"/tag/{second['id']}/part", {})
    assert admin.get(f"/ticket/{one['id']}")["tags"] == [loser]
    admin.post(f"/tag/{second['id']}/part", {}, status=409)


def test_a_word_that_was_only_typed_goes_with_its_last_row(admin):
    typed, made = name("typed"), name("made")
    admin.post("/tag", {"name": made})
    rows = [ticket(admin, tags=[typed, made]), ticket(admin, tags=[typed])]
    put(admin, "ticket", rows[0], remove=[typed, made])
    assert tag_of(admin, typed)
    put(admin, "ticket", rows[1], remove=[typed])
    assert [t["name"] for t in admin.get("/tag", condition=f'name in ("{typed}", "{made}")')["items"]] == [made]


def test_an_archived_tag_stays_where_it_is(admin):
    word = name("gone")
    row = ticket(admin, tags=[word])
    tag = tag_of(admin, word)
    admin.post(f"/tag/{tag['id']}/archive", {"version": tag["version"]})
    assert admin.get(f"/ticket/{row['id']}")["tags"] == [word]
    assert listed(admin, f'tags has any ("{word}")') == {row["id"]}
    assert faults(put(admin, "ticket", ticket(admin), add=[word], status=422)) == [("tags", "tag_archived")]
    assert put(admin, "ticket", row, add=[word.lower(), (other := name())])["tags"] == [word, other]
    assert admin.get("/tag/suggest", q=word)["items"] == []
    assert put(admin, "ticket", row, remove=[word])["tags"] == [other]


# ---- who may ---------------------------------------------------------------------------------------------------------


def test_only_whoever_may_change_the_row_puts_tags_on_it(server, admin):
    row, there = ticket(admin), name("there")
    admin.post("/tag", {"name": there})
    reader = new_user(server, admin, ["ticket.read", "tag.read"])
    put(reader, "ticket", row, add=[there], status=403)
    agent = new_user(server, admin, ["ticket.read", "ticket.change", "tag.read"])
    assert put(agent, "ticket", row, add=[there])["tags"] == [there]
    assert faults(put(agent, "ticket", row, add=[name()], status=422)) == [("tags", "tag_unknown")], "what there is, no more"
    own = new_user(server, admin, ["ticket.read", "ticket.change", "tag.read", "tag.create"], "own")
    put(own, "ticket", row, add=[there], status=404)
    tag = tag_of(admin, there)
    for client in (reader, agent, own):
        client.patch(f"/tag/{tag['id']}", {"version": 1, "name": name()}, status=403)
        client.post(f"/tag/{tag['id']}/merge", {"tag_id": tag["id"]}, status=403)
        client.close()


def test_typing_offers_names_that_begin_so(server, admin):
    stem = f"stem{uuid.uuid4().hex[:6]}"
    for n in range(12):
        admin.post("/tag", {"name": f"{stem} {n:02}"})
    offered = [t["name"] for t in admin.get("/tag/suggest", q=stem.upper())["items"]]
    assert offered == [f"{stem} {n:02}" for n in range(10)]
    assert [t["name"] for t in admin.get("/tag/suggest", q=f"{stem}11")["items"]] == [f"{stem} 11"]
    tag = tag_of(admin, f"{stem} 11")
    admin.patch(f"/tag/{tag['id']}", {"version": 1, "name": (new := name("别名"))})
    assert [(t["name"], t["said"]) for t in admin.get("/tag/suggest", q=f"{stem}11")["items"]] == [(new, f"{stem} 11")]


def test_there_are_only_so_many(admin):
    setting = admin.get("/setting/tag.most")
    for _ in range(10 - len(admin.get("/tag", limit=200)["items"])):
        admin.post("/tag", {"name": name()})
    admin.patch("/setting/tag.most", {"value": 10, "version": setting["version"]})
    try:
        assert faults(admin.post("/tag", {"name": name()}, status=422)) == [("name", "tag_most")]
        assert faults(put(admin, "ticket", ticket(admin), add=[name()], status=422)) == [("tags", "tag_most")]
    finally:
        admin.patch("/setting/tag.most", {"value": 2000, "version": admin.get("/setting/tag.most")["version"]})


# ---- actions ---------------------------------------------------------------------------------------------------------


def test_bulk_work_tags_and_takes_it_back(admin):
    had, comes, goes = name("had"), name("comes"), name("goes")
    admin.post("/tag", {"name": goes})
    rows = [ticket(admin, tags=[had, goes]), ticket(admin, tags=[goes, had]), ticket(admin)]
    done = admin.post("/ticket/act", {"rows": [{"id": r["id"]} for r in rows], "actions": [{"do": "tag", "add": [comes], "remove": [goes]}]})
    assert [admin.get(f"/ticket/{r['id']}")["tags"] for r in rows] == [[had, comes], [had, comes], [comes]]
    tag = tag_of(admin, goes)
    admin.patch(f"/tag/{tag['id']}", {"version": tag["version"], "name": (renamed := name("renamed"))})
    admin.post("/ticket/undo", {"run": done["run"]})
    assert [admin.get(f"/ticket/{r['id']}")["tags"] for r in rows] == [[had, renamed], [renamed, had], []], "in their order, under the name of today"
    assert listed(admin, f'tags has any ("{comes}")') == set()
    assert listed(admin, f'tags has any ("{goes}")') == {rows[0]["id"], rows[1]["id"]}


def test_an_action_says_what_is_wrong_with_it(server, admin):
    rows = {"rows": [{"id": ticket(admin)["id"]}]}
    for action, field in (({"do": "tag"}, "actions[0].add"), ({"do": "tag", "add": ["a,b"]}, "actions[0].add"), ({"do": "tag", "remove": [""]}, "actions[0].remove"),
                          ({"do": "set", "field": "tags", "value": ["a"]}, "actions[0].field")):
        assert faults(admin.post("/ticket/act", rows | {"actions": [action]}, status=422))[0][0] == field, action
    macro = {"record": "device", "name": name(), "actions": [{"do": "tag", "add": ["x"]}]}
    assert faults(admin.post("/macro", macro, status=422)) == [("actions[0].do", "field_choice")]
    word = name("Macro")
    kept = admin.post("/macro", macro | {"record": "customer", "actions": [{"do": "tag", "add": [word]}]})
    tag = admin.post("/tag", {"name": word.lower()})
    assert admin.post(f"/tag/{tag['id']}/archive", {"version": 1}, status=409)["error"]["code"] == "tag_used"
    admin.post(f"/macro/{kept['id']}/archive", {"version": 1})
    admin.post(f"/tag/{tag['id']}/archive", {"version": 1})
    agent = new_user(server, admin, ["ticket.read", "ticket.change"])
    assert faults(agent.post("/ticket/act", rows | {"actions": [{"do": "tag", "add": [name()]}]}, status=422)) == [("actions[0].add", "tag_unknown")]
    agent.close()


# ---- what happens to rows ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("record", ["ticket", "customer"])
def test_merged_rows_share_tags_and_part_with_exactly_theirs(admin, record):
    a, b, c = name("a"), name("b"), name("c")
    person = customer(admin)["id"]
    make = (lambda tags: ticket(admin, customer_id=person, tags=tags)) if record == "ticket" else (lambda tags: customer(admin, tags=tags))
    winner, first, second = make([a]), make([b, a]), make([b, c])

    def merge(loser):
        admin.post(f"/{record}/{winner['id']}/merge", {f"{record}_id": loser["id"]})

    def tags():
        return [admin.get(f"/{record}/{row['id']}")["tags"] for row in (winner, first, second)]

    merge(first)
    assert tags()[0] == [a, b]
    merge(second)
    assert tags()[0] == [a, b, c]
    assert listed(admin, f'tags has any ("{b}")', record) == {winner["id"]}
    late = name("late")
    put(admin, record, winner, add=[late])
    admin.post(f"/{record}/{first['id']}/part", {})
    assert tags() == [[a, b, c, late], [b, a], [b, c]], "the second still brings it"
    admin.post(f"/{record}/{second['id']}/part", {})
    assert tags() == [[a, late], [b, a], [b, c]]


def test_a_split_ticket_begins_with_the_tags_of_its_origin(admin):
    one = name()
    home = ticket(admin, tags=[one])
    new = admin.post(f"/ticket/{home['id']}/split", {"scene": "usage", "text": "另一件事"})
    assert new["tags"] == [one]
    put(admin, "ticket", new, add=[name()], remove=[one])
    assert admin.post(f"/ticket/{new['id']}/unsplit", {})["tags"] == [one]


def test_erasing_takes_tags_off_and_forgets_what_she_alone_had(admin):
    shared, alone, made = name("shared"), f"zq{uuid.uuid4().hex}", name("made")
    admin.post("/tag", {"name": made})
    person, other = customer(admin, tags=[shared, alone, made]), customer(admin, tags=[shared])
    row = ticket(admin, customer_id=person["id"], tags=[alone])
    admin.post(f"/customer/{person['id']}/erase", {"reason": "本人要求"})
    wait_for(lambda: admin.get(f"/customer/{person['id']}/erasure")["items"][0]["state"] == "done")
    assert admin.get(f"/customer/{person['id']}")["tags"] == [] == admin.get(f"/ticket/{row['id']}")["tags"]
    assert admin.get(f"/customer/{other['id']}")["tags"] == [shared]
    for record, row_id in (("customer", person["id"]), ("ticket", row["id"])):
        assert alone not in str(admin.get(f"/{record}/{row_id}/history"))
    assert not admin.get("/tag", condition=f'name = "{alone}"')["items"]
    assert tag_of(admin, made) and tag_of(admin, shared)
    assert listed(admin, f'tags has any ("{shared}", "{made}")', "customer") == {other["id"]}


def test_sheets_bring_tags_and_take_them_out(admin, tmp_path):
    one, other = name(), name("外")
    phone = new_phone()
    path = tmp_path / "customers.csv"
    path.write_text(f"姓名,手机,标签\n周婷,{phone},\"{one}，{other.upper()}、{one}\"\n王芳,{new_phone()},无\n")
    run(admin, "customer", path)
    row = wait_for(lambda: admin.get("/customer", q=phone)["items"])[0]
    assert row["tags"] == [one, other.upper()]
    sheet = admin.http.get("/customer/export", params={"format": "csv", "condition": f'tags has any ("{one}")'}, headers={"Accept-Language": "zh"}).text
    assert "标签" in sheet.splitlines()[0] and f"{one},{other.upper()}" in sheet


MEANT = "u.tag_id IN (SELECT g.id FROM tag w JOIN tag g ON g.tenant = w.tenant AND g.stands_for = w.stands_for WHERE w.tenant = 1 AND w.folded IN ('a', 'b'))"
LOOK = (f"SELECT t.* FROM ticket t WHERE t.tenant = 1 AND t.id IN (SELECT u.object_id FROM tag_use u WHERE u.object = 'ticket' AND u.tenant = 1 AND {MEANT}) "
        "AND t.archived_at = 0 ORDER BY t.created_at DESC, t.id DESC LIMIT 51", ("tag_use_by_tag", "tag_by_folded", "tag_by_stand"))
EACH = (f"SELECT t.id FROM ticket t WHERE t.tenant = 1 AND NOT EXISTS (SELECT 1 FROM tag_use u WHERE u.object_id = t.id AND u.tenant = 1 AND {MEANT})", ("tag_by_folded", "tag_by_stand"))


@pytest.mark.parametrize("sql, indexes", [LOOK, EACH], ids=["look", "each"])
def test_tags_are_found_by_their_index(company, sql, indexes):
    plan = plan_of(company, sql)
    if company.database:
        assert "Seq Scan" not in plan, plan
    else:
        assert all(index in plan for index in indexes) and not any(f"SCAN {t}" in plan for t in "uwg"), plan


def test_customers_do_not_hear_of_tags(admin):
    word = f"zq{uuid.uuid4().hex}"
    row = ticket(admin, tags=[word])
    public = [item for item in admin.get(f"/ticket/{row['id']}/timeline")["items"] if word in str(item)]
    assert not public, "a timeline tells of the change, not of the word"
