"""What the SQL generator refuses and what it finds out, on both engines. Needs PostgreSQL: ANXIN_BUILD_PG, ANXIN_TEST_PG or one of its own."""
import os

import pytest
from generator import ROOT, TABLES, column, judge, prepare, read, source, sql

pytestmark = pytest.mark.quick

HEAD = "-- name: q () many\n"


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """(schema, engines)"""
    if "ANXIN_TEST_PG" in os.environ:
        os.environ.setdefault("ANXIN_BUILD_PG", os.environ["ANXIN_TEST_PG"])
    tables = read(tmp_path_factory.mktemp("schema"), TABLES)
    with prepare.postgresql_server(ROOT / "tools/dev/pg.sh") as uri, prepare.open_engines(tables, uri) as engines:
        yield tables, engines


def refused(world, text):
    with pytest.raises(source.Fault) as caught:
        judge(text, *world)
    return str(caught.value)


# -- tenants ------------------------------------------------------------------------------------------------------------------

BOUND = [
    "SELECT id FROM shop WHERE tenant = $tenant;",
    "SELECT s.id FROM shop s WHERE s.tenant = $tenant AND (s.id = 1 OR s.id = 2);",
    "SELECT s.id FROM shop AS s WHERE $tenant = s.tenant;",
    "SELECT w.id FROM ware w JOIN shop s ON s.tenant = w.tenant AND s.id = w.shop_id WHERE w.tenant = $tenant;",
    "SELECT w.id FROM ware w JOIN shop s ON (s.tenant, s.id) = (w.tenant, w.shop_id) WHERE s.tenant = $tenant;",
    "SELECT w.id AS id:id FROM ware w LEFT JOIN shop s ON s.tenant = w.tenant AND s.id = w.shop_id WHERE w.tenant = $tenant;",
    "SELECT s.id FROM shop s WHERE (s.tenant, s.id) IN (SELECT w.tenant, w.shop_id FROM ware w WHERE w.tenant = $tenant) AND s.tenant = $tenant;",
    "SELECT s.id FROM shop s WHERE s.tenant = $tenant AND EXISTS (SELECT 1 FROM ware w WHERE w.tenant = s.tenant AND w.shop_id = s.id);",
    "WITH big AS (SELECT w.id FROM ware w WHERE w.tenant = $tenant) SELECT big.id AS id:id FROM big;",
    "SELECT a.id AS id:id FROM shop a WHERE a.tenant = $tenant UNION ALL SELECT b.id FROM shop b WHERE b.tenant = $tenant;",
    "SELECT n.name FROM node n;",
    "SELECT s.id FROM shop s WHERE s.id BETWEEN 1 AND 5 AND s.tenant = $tenant;",
    "SELECT s.id FROM shop s WHERE CASE WHEN s.id > 1 THEN 1 ELSE 0 END = 1 AND s.tenant = $tenant;",
    "SELECT (a.tenant = a.tenant) AS same:flag FROM shop a WHERE a.tenant = $tenant;",
]

FREE = [
    "SELECT id FROM shop;",
    "SELECT s.id FROM shop s WHERE s.tenant = $tenant OR s.id = 1;",
    "SELECT s.id FROM shop s WHERE s.id = 1 OR s.tenant = $tenant;",
    "SELECT s.id FROM shop s WHERE s.id = 1 AND (s.tenant = $tenant OR s.name = 'x');",
    "SELECT s.id FROM shop s WHERE NOT s.tenant = $tenant;",
    "SELECT s.id FROM shop s WHERE s.tenant <> $tenant;",
    "SELECT s.id FROM shop s WHERE s.tenant >= $tenant;",
    "SELECT s.id FROM shop s WHERE s.tenant = $tenant + 1;",
    "SELECT s.id FROM shop s WHERE s.tenant = $tenant IS NULL;",
    "SELECT s.id FROM shop s WHERE s.tenant = s.tenant AND $tenant = $tenant;",
    "SELECT w.id FROM ware w JOIN shop s ON s.id = w.shop_id WHERE w.tenant = $tenant;",
    "SELECT w.id FROM ware w JOIN shop s ON s.tenant = w.tenant;",
    "SELECT w.id AS id:id FROM ware w LEFT JOIN shop s ON s.tenant = w.tenant AND w.tenant = $tenant;",
    "SELECT w.id AS id:id FROM ware w LEFT JOIN shop s ON s.id = w.shop_id WHERE w.tenant = $tenant;",
    "SELECT w.id AS id:id FROM ware w JOIN shop s ON (s.tenant, s.id) = (w.shop_id, w.tenant) WHERE w.tenant = $tenant;",
    "SELECT s.id FROM shop s WHERE s.tenant = $tenant AND EXISTS (SELECT 1 FROM ware w WHERE w.shop_id = s.id);",
    "SELECT s.id FROM shop s WHERE EXISTS (SELECT 1 FROM ware w WHERE w.tenant = $tenant AND s.tenant = $tenant);",
    "SELECT s.id, (SELECT max(w.id) FROM ware w WHERE w.tenant = s.tenant) AS best:id? FROM shop s;",
    "SELECT s.id, CASE WHEN s.tenant = $tenant THEN 1 ELSE 0 END AS mine:i64 FROM shop s;",
    "WITH big AS (SELECT w.id FROM ware w) SELECT big.id AS id:id FROM big WHERE $tenant = $tenant;",
    "SELECT a.id AS id:id FROM shop a WHERE a.tenant = $tenant UNION ALL SELECT b.id FROM shop b;",
    "SELECT s.id FROM shop s ORDER BY s.tenant = $tenant;",
    "SELECT s.id FROM shop s WHERE s.name = 's.tenant = $tenant';",
    "SELECT s.id FROM shop s -- WHERE s.tenant = $tenant\n;",
    "SELECT s.id FROM shop s GROUP BY s.id HAVING s.tenant = $tenant;",
    "SELECT s.id FROM shop s WHERE CASE WHEN s.id > 1 AND s.tenant = $tenant AND s.id > 2 THEN 1 ELSE 1 END = 1;",
    "SELECT s.id FROM shop s WHERE s.id BETWEEN 1 AND s.tenant = $tenant;",
    "SELECT s.id, count(*) FILTER (WHERE s.tenant = $tenant) AS n:count FROM shop s GROUP BY s.id;",
    "SELECT x.id AS id:id FROM (SELECT s.id, s.tenant FROM shop s) x WHERE x.tenant = $tenant;",
]


@pytest.mark.parametrize("text", BOUND)
def test_a_bound_tenant_passes(world, text):
    assert judge(HEAD + text, *world)


@pytest.mark.parametrize("text", FREE)
def test_a_table_without_its_tenant_is_refused(world, text):
    assert "= $tenant is missing" in refused(world, HEAD + text)


@pytest.mark.parametrize("text", ["SELECT a.id FROM shop a, ware w WHERE a.tenant = $tenant AND w.tenant = $tenant;",
                                  "SELECT shop.id FROM shop, ware WHERE shop.tenant = $tenant;"])
def test_commas_between_tables_are_refused(world, text):
    assert "no commas between tables" in refused(world, HEAD + text)


def test_what_the_check_does_not_follow_is_refused(world):
    assert "write LEFT JOIN" in refused(world, HEAD + "SELECT s.id AS id:id FROM node n RIGHT JOIN shop s ON s.tenant = $tenant;")
    assert "a table has this name" in refused(world, HEAD + "WITH shop AS (SELECT * FROM shop) SELECT shop.id AS id:id FROM shop;")


def test_one_alias_names_one_table(world):
    assert "names two tables" in refused(world, HEAD + "SELECT s.id FROM shop s WHERE s.tenant = $tenant AND EXISTS (SELECT 1 FROM shop s);")


WRITES = [
    ("INSERT INTO shop (tenant, id, name, opened_at) VALUES ($tenant, $id, 'x', 1);", True),
    ("INSERT INTO shop (id, tenant, name, opened_at) VALUES ($id, $tenant, 'x', 1);", True),
    ("INSERT INTO shop (tenant, id, name, opened_at) VALUES ($id, $tenant, 'x', 1);", False),
    ("INSERT INTO shop (tenant, id, name, opened_at) VALUES ($id, $id, 'x', $tenant);", False),
    ("INSERT INTO shop (tenant, id, name, opened_at) VALUES ($tenant, $id, 'x', 1), ($id, $tenant, 'y', 1);", False),
    ("INSERT INTO shop (tenant, id, name, opened_at) SELECT w.tenant, w.id, 'x', $id FROM ware w WHERE w.tenant = $tenant;", True),
    ("INSERT INTO shop (tenant, id, name, opened_at) SELECT $tenant, w.id, 'x', $id FROM ware w;", False),
    ("INSERT INTO shop (tenant, id, name, opened_at) VALUES ($tenant, $id, 'x', 1) "
     "ON CONFLICT (tenant, id) DO UPDATE SET name = excluded.name;", True),
    ("UPDATE shop SET name = 'x' WHERE tenant = $tenant AND id = $id;", True),
    ("UPDATE shop SET name = 'x' WHERE id = $id AND $tenant = $tenant;", False),
    ("UPDATE shop SET tenant = $tenant WHERE id = $id;", False),
    ("DELETE FROM shop WHERE tenant = $tenant AND id = $id;", True),
    ("DELETE FROM shop WHERE tenant = $tenant OR id = $id;", False),
]


@pytest.mark.parametrize("text, good", WRITES)
def test_writes_bind_their_tenant(world, text, good):
    text = "-- name: q (id id) exec\n" + text
    if good:
        assert judge(text, *world)[0].writes
    else:
        assert "= $tenant is missing" in refused(world, text)


def test_a_reason_lets_a_query_see_all_tenants(world):
    assert judge('-- name: q () many all_tenants "the scheduler serves everybody"\nSELECT s.tenant, s.id FROM shop s;', *world)
    assert "no mark" in refused(world, "-- name: q () many all_tenants\nSELECT s.tenant, s.id FROM shop s;")


# -- types --------------------------------------------------------------------------------------------------------------------

def test_direct_columns_take_their_type_from_the_schema(world):
    query, = judge(HEAD + "SELECT w.price, w.weight, w.photo, w.data, w.shop_id AS shop, s.closed_at, s.name FROM ware w "
                   "JOIN shop s ON s.tenant = w.tenant AND s.id = w.shop_id WHERE w.tenant = $tenant;", *world)
    assert {r.name: column(query, r.name) for r in query.results} == {
        "price": "fen", "weight": "real", "photo": "bytes?", "data": "json", "shop": "id", "closed_at": "time_ms?", "name": "code"}


@pytest.mark.parametrize("text, says", [
    ("SELECT count(*) AS n FROM shop WHERE tenant = $tenant;", "n is an expression or of unlike origin: state its type"),
    ("SELECT w.price + 1 AS more FROM ware w WHERE w.tenant = $tenant;", "more is an expression"),
    ("SELECT w.price AS price:count FROM ware w WHERE w.tenant = $tenant;", "price is stated as count but is ware.price, a fen"),
    ("SELECT sum(w.price) AS n:fen? FROM ware w WHERE w.tenant = $tenant;", "CAST(… AS bigint)"),
    ("SELECT count(*) AS n:text FROM shop WHERE tenant = $tenant;", "PostgreSQL gives something else than text"),
    ("SELECT count(*) AS n:number FROM shop WHERE tenant = $tenant;", "number is no type of types.def"),
    ("SELECT s.name FROM ware w LEFT JOIN shop s ON s.tenant = w.tenant AND s.id = w.shop_id WHERE w.tenant = $tenant;",
     "name comes from an outer-joined table (shop)"),
    ("SELECT w.id, w.shop_id AS id FROM ware w WHERE w.tenant = $tenant;", "two result columns have one name"),
    ("SELECT w.id AS int FROM ware w WHERE w.tenant = $tenant;", "cannot be the name of a member"),
    ("SELECT w.wait FROM ware w WHERE w.tenant = $tenant;", "sqlite says: no such column: w.wait"),
    ("SELECT w.id FROM ware w WHERE w.tenant = $tenant FOR UPDATE;", "sqlite says"),
    ("SELECT group_concat(w.id) AS x:text FROM ware w WHERE w.tenant = $tenant;", "postgresql says"),
    ("SELECT w.id FROM ware w WHERE w.tenant = $tenant AND w.id = $id;", "$id is not in the header"),
    ("SELECT w.id FROM ware w WHERE w.tenant = $tenant AND w.id = ?;", "parameters are written $name"),
    ("SELECT w.id FROM ware w WHERE w.tenant = $tenant", "must end with `;`"),
    ("SELECT w.id FROM ware w WHERE w.tenant = $tenant; SELECT 1;", "one statement a name"),
    ("SELECT w.id FROM wares w WHERE w.tenant = $tenant;", "there is no table wares"),
    ("UPDATE ware SET price = 1 WHERE tenant = $tenant;", "exec returns no rows; one and many do"),
])
def test_a_fault_is_told_with_its_query(world, text, says):
    message = refused(world, HEAD + text)
    assert says in message
    assert message.startswith("test.sql:")


@pytest.mark.parametrize("header, says", [
    ("-- name: q (id id, at) many", "parameter `at`"),
    ("-- name: q (id number) many", "parameter `id number`"),
    ("-- name: q (rows id) many", "parameter `rows id`"),
    ("-- name: q (tenant id) many", "parameter `tenant id`"),
    ("-- name: q (photo bytes[]) many", "parameter `photo bytes[]`"),
    ("-- name: q () many warm", "`warm` is no mark"),
    ("-- name: while () many", "C keyword"),
    ("-- name: q () several", "a query begins with"),
    ("-- name: q (id id) many", "2 declared"),
])
def test_a_wrong_header_is_refused(world, header, says):
    assert says in refused(world, header + "\nSELECT n.id FROM shop n WHERE n.tenant = $tenant;")


def test_nullability_of_expressions_is_as_stated(world):
    query, = judge(HEAD + "SELECT max(w.price) AS most:fen?, count(*) AS n:count FROM ware w WHERE w.tenant = $tenant;", *world)
    assert column(query, "most") == "fen?" and column(query, "n") == "count"


def test_a_column_of_the_inner_table_needs_no_statement(world):
    text = "SELECT a.name, {} FROM shop a LEFT JOIN shop b ON b.tenant = a.tenant AND b.id = a.id + 1 WHERE a.tenant = $tenant;"
    query, = judge(HEAD + text.format("b.name AS next:code?"), *world)
    assert column(query, "name") == "code" and column(query, "next") == "code?"
    assert "id comes from an outer-joined table" in refused(world, HEAD + text.format("b.id"))
    assert "next comes from an outer-joined table" in refused(world, HEAD + text.format("b.name AS next"))


def test_a_whole_row_is_the_table_s_own_struct(world):
    query, = judge(HEAD + "SELECT s.* FROM shop s WHERE s.tenant = $tenant;", *world)
    assert query.table == "shop"
    query, = judge(HEAD + "SELECT s.*, 1 AS one:i64 FROM shop s WHERE s.tenant = $tenant;", *world)
    assert query.table is None


# -- marks, dialects ------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("text", [
    "SELECT s.id FROM shop s WHERE s.tenant = $tenant AND s.id = 7;",
    "SELECT s.id FROM shop s WHERE s.tenant = $tenant AND s.name = 'x' ORDER BY s.id LIMIT 50;",
    "SELECT s.id FROM shop s WHERE s.tenant = $tenant ORDER BY s.name, s.id LIMIT 50;",
])
def test_hot_queries_search_an_index(world, text):
    assert judge(HEAD.replace("many", "many hot") + text, *world)[0].hot


@pytest.mark.parametrize("text", [
    "SELECT s.id FROM shop s WHERE s.tenant = $tenant AND s.opened_at > 7;",
    "SELECT s.id FROM shop s WHERE s.tenant = $tenant AND s.opened_at > 7 LIMIT 5;",
    "SELECT s.id FROM shop s WHERE s.tenant = $tenant ORDER BY s.opened_at LIMIT 5;",
    "SELECT n.no FROM node n WHERE n.name = 'x' LIMIT 5;",
    "SELECT count(*) AS n:count FROM shop s WHERE s.tenant = $tenant;",
])
def test_hot_queries_that_scan_are_refused(world, text):
    assert "marked hot, but" in refused(world, HEAD.replace("many", "many hot") + text)


def test_a_list_of_keys_is_looked_up_by_key(world):
    """Left to itself, SQLite takes a company for ten rows and reads all of it, if only an index holds what is asked for."""
    query, = judge("-- name: q (ids id[]) many hot\nSELECT s.id, s.name FROM shop s WHERE s.tenant = $tenant AND s.id IN ($ids);", *world)
    assert any("tenant=? AND id=?" in line for line in world[1]["sqlite"].plan(query.sql["sqlite"]))


def test_parameters_are_numbered_by_name(world):
    query, = judge("-- name: q (b id, a id) many\n"
                   "SELECT s.id FROM shop s WHERE s.id > $a AND s.id < $b AND s.tenant = $tenant AND s.id <> $a;", *world)
    assert query.sql["sqlite"].count("?3") == 2 and "?2" in query.sql["sqlite"] and "s.tenant = ?1" in query.sql["sqlite"]
    assert "s.id > $3::bigint" in query.sql["postgresql"] and "s.id < $2::bigint" in query.sql["postgresql"]


def test_a_list_stands_in_parentheses_of_in(world):
    head = "-- name: q (ids id[], names code[]) many\n"
    query, = judge(head + "SELECT s.id FROM shop s WHERE s.tenant = $tenant AND s.id IN ($ids) AND s.name NOT IN ($names);", *world)
    assert "IN (SELECT value FROM json_each(?2))" in query.sql["sqlite"]
    assert "= ANY ($2::text::bigint[])" in query.sql["postgresql"]
    assert "stands as IN" in refused(world, head + "SELECT s.id FROM shop s WHERE s.tenant = $tenant AND s.id = $ids AND s.name IN ($names);")


def test_a_block_is_for_its_engine(world):
    text = HEAD + ("SELECT s.id\n-- only sqlite\n, s.rowid IS NULL AS x:flag\n-- end\n-- only postgresql\n, s.ctid IS NULL AS x:flag\n-- end\n"
                   "FROM shop s WHERE s.tenant = $tenant;")
    query, = judge(text, *world)
    assert "rowid" in query.sql["sqlite"] and "rowid" not in query.sql["postgresql"]
    assert "result columns differ" in refused(world, text.replace("ctid IS NULL AS x:flag", "ctid IS NULL AS y:flag"))


def test_faults_point_to_the_line_of_the_token(world):
    message = refused(world, "-- name: a () many\nSELECT n.no\nFROM node n;\n\n-- name: b () many\nSELECT s.id\n  FROM shop s;")
    assert message.startswith("test.sql:7: table shop: s.tenant")


def test_names_are_unique_over_all_files(tmp_path):
    for name in ("a.sql", "b.sql"):
        (tmp_path / name).write_text("-- name: q () many\nSELECT 1 AS one:i64;\n")
    with pytest.raises(source.Fault, match="this name is taken by a.sql:1"):
        sql.read_files(tmp_path, ["a.sql", "b.sql"], {"i64": source.Type("i64", "INT", "INTEGER", "bigint", "", "", "")})
