"""What an industry pack knows: there without a row, about the products that the company has, and gone with the pack."""
import httpx
import pytest
from test_knowledge import codes, entry, published, question, written
from test_pack_parts import house  # noqa: F401
from test_packs import take_up


@pytest.fixture
def own(house):
    """A company of the appliance pack with nothing in it yet."""
    return house("appliance")


# The pack ------------------------------------------------------------------------------------------------------------------------


def test_what_the_pack_knows_is_there_without_a_row(own):
    """Nothing is copied when a company is founded: what the pack says is read from it."""
    wanted = {q["id"] for _, q in written("questions")} | {t["id"] for _, t in written("trees")}
    listed, after = [], None
    while page := own.get("/knowledge", limit=200, **({"after": after} if after else {})):
        listed += page["items"]
        after = page["next"]
        if not after:
            break
    assert wanted <= {e["code"] for e in listed} and page["total"] == len(listed) == len({e["code"] for e in listed})
    assert own.get("/article", total=1)["total"] == 0 and {e["from"] for e in listed} == {"pack"}
    q = question()
    said = entry(own, q["id"])
    assert (said["pack"]["title"], said["pack"]["body"]) == (q["question"], q["answer"])
    assert [p["text"] for p in said["phrasings"]] == q["phrasings"] and said["row"] is None


def test_a_company_offers_what_is_known_of_its_own_products(own):
    product, q = next((p, q) for p, q in written("questions") if p != "general")
    assert not entry(own, q["id"])["head"]["offered"]
    row = own.post("/product", {"code": product, "name": "产品"})
    assert entry(own, q["id"])["head"]["offered"]
    code = next((f"{p}-{c['code']}", c) for p, c in written("codes") if p == product) if any(p == product for p, _ in written("codes")) else None
    if code:
        assert not entry(own, code[0])["head"]["offered"], "codes belong to models"
        own.post("/model", {"product_id": row["id"], "code": code[1]["models"][0], "name": "型号"})
        assert entry(own, code[0])["head"]["offered"]
    own.post(f"/product/{row['id']}/archive", {"version": row["version"]})
    assert not entry(own, q["id"])["head"]["offered"]


def test_knowledge_changes_with_the_pack_and_comes_back(own):
    before = codes(own)
    mine = published(own)
    take_up(own, "services")
    assert codes(own) == [mine["code"]]
    take_up(own, "appliance")
    assert set(codes(own, **{"from": "pack"})) == set(before)


def test_each_company_has_its_own_help_centre(house, server):
    first, second = house("appliance"), house("appliance")
    names = [c.get("/session")["tenant"]["code"] for c in (first, second)]
    row = published(first, title_zh="只有第一家才有的答案")
    with httpx.Client(base_url=server.url, headers={"Accept-Language": "zh-CN"}) as reader:
        page = reader.get(f"/help/article/{row['code']}", params={"company": names[0]})
        assert page.status_code == 200 and "只有第一家才有的答案" in page.text and f"company={names[0]}" in page.text
        assert reader.get(f"/help/article/{row['code']}", params={"company": names[1]}).status_code == 404
        assert reader.get("/help/suggest", params={"company": names[1], "q": "只有第一家才有的答案"}).json() == {"items": []}
        assert reader.get("/help").status_code == 404, "whose is not said"
        vote = reader.post(f"/help/article/{row['code']}/helpful", params={"company": names[1]}, headers={"Origin": server.url})
        assert vote.status_code == 404 and entry(first, row["code"])["head"]["helpful"] == 0
