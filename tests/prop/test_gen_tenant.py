"""The tenant check against random queries: whatever it lets pass never shows a row of another company.

Each accepted query runs on SQLite over rows of two companies; every tenant column it gives must be ours (or NULL of an outer join).
Queries built to be right must be accepted, so that the check cannot pass this test by refusing all.
"""
import random
import sqlite3

import pytest
from generator import TABLES, read, source
from tenant import Statement

OURS, SEEDS, QUERIES = 1, range(8), 1500

ATOMS = ["{0}.tenant = $tenant", "$tenant = {0}.tenant", "{0}.tenant <> $tenant", "{0}.tenant = {1}.tenant", "{0}.id > 1", "1 = 1",
         "({0}.tenant, {0}.id) = ({1}.tenant, {1}.id)", "({0}.tenant, {0}.id) = ({1}.id, {1}.tenant)", "$tenant = $tenant",
         "{0}.id BETWEEN 1 AND 2", "{0}.id BETWEEN 0 AND {0}.tenant = $tenant", "{0}.tenant + 0 = $tenant", "{0}.tenant = $tenant + 0"]
FORMS = ["{0} AND {1}", "{0} AND {1}", "{0} OR {1}", "({0})", "NOT {0}", "NOT ({0})", "CASE WHEN {0} THEN 1 ELSE 1 END = 1",
         "CASE WHEN 1 AND {0} AND 1 THEN 1 ELSE 0 END = 1 AND {1}", "EXISTS (SELECT 1 FROM ware e WHERE {0} AND e.tenant = $tenant)",
         "{0} AND a.id IN (SELECT f.id FROM shop f WHERE f.tenant = $tenant)", "{0} IS NOT NULL", "{0} = 1"]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    tables = read(tmp_path_factory.mktemp("schema"), TABLES)
    db = sqlite3.connect(":memory:")
    for statement in tables.steps[0].sql["sqlite"]:
        db.execute(statement)
    for tenant in (1, 2):
        for id in (1, 2):
            db.execute("INSERT INTO shop VALUES (?, ?, 'x', 1, NULL, NULL)", (tenant, id))
            db.execute("INSERT INTO ware VALUES (?, ?, ?, 1, 1.0, NULL, '{}')", (tenant, id, 3 - id))
    db.execute("INSERT INTO node VALUES (1, 'x')")
    return tables, db


def condition(draw, aliases, depth):
    if depth == 0 or draw.random() < 0.3:
        return draw.choice(ATOMS).format(draw.choice(aliases), draw.choice(aliases))
    return draw.choice(FORMS).format(condition(draw, aliases, depth - 1), condition(draw, aliases, depth - 1))


def any_query(draw):
    """Often nearly right: that is where a check errs."""
    aliases, text = ["a"], draw.choice(["shop", "ware", "node n JOIN shop"]) + " a"
    if text.startswith("node"):
        text += f" ON {condition(draw, ['a'], 1)}"
    for alias in "bc"[:draw.randint(0, 2)]:
        aliases.append(alias)
        text += f" {draw.choice(['JOIN', 'LEFT JOIN', 'LEFT OUTER JOIN', 'INNER JOIN'])} {draw.choice(['shop', 'ware'])} {alias} ON "
        text += draw.choice(["", f"{alias}.tenant = a.tenant AND "]) + condition(draw, aliases, 1)
    text += " WHERE " + draw.choice(["", "a.tenant = $tenant AND "]) + condition(draw, aliases, 2)
    another = f" UNION ALL SELECT {', '.join(['z.tenant'] * len(aliases))} FROM shop z WHERE z.id = 1"
    text += draw.choice(["", " ORDER BY 1", " LIMIT 5", " GROUP BY 1 HAVING a.tenant = $tenant", another])
    return f"SELECT {', '.join(f'{x}.tenant AS {x}_tenant' for x in aliases)} FROM {text}"


def right_query(draw):
    aliases, text = "abc"[:draw.randint(1, 3)], draw.choice(["shop", "ware"]) + " a"
    for at, alias in enumerate(aliases[1:], 1):
        link = draw.choice(["{1}.tenant = {0}.tenant AND {1}.id = {0}.id", "({1}.tenant, {1}.id) = ({0}.tenant, {0}.id)",
                            "({0}.id, {0}.tenant) = ({1}.id, {1}.tenant)", "{0}.tenant = {1}.tenant"])
        text += f" {draw.choice(['JOIN', 'LEFT JOIN'])} ware {alias} ON {link.format(draw.choice(aliases[:at]), alias)}"
    extra = draw.choice(["", " AND (a.id = 1 OR a.id = 2)", " AND a.id BETWEEN 1 AND 2", " AND a.id IN (SELECT 1)", " AND NOT a.id = 7"])
    return f"SELECT a.id FROM {text} WHERE a.tenant = $tenant{extra} ORDER BY a.id"


def accepted(tables, text):
    try:
        Statement(source.tokens(text, "test.sql"), "test.sql", tables).check()
        return True
    except source.Fault:
        return False


@pytest.mark.parametrize("seed", SEEDS)
def test_what_passes_shows_our_rows_only(world, seed):
    (tables, db), draw, passed = world, random.Random(seed), 0
    for _ in range(QUERIES):
        text = any_query(draw)
        if not accepted(tables, text):
            continue
        passed += 1
        rows = db.execute(text, {"tenant": OURS} if "$tenant" in text else {}).fetchall()
        assert all(value in (OURS, None) for row in rows for value in row), text
    assert passed > QUERIES / 20, "too few queries pass to show anything"


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_right_passes(world, seed):
    draw = random.Random(seed)
    for _ in range(100):
        text = right_query(draw)
        assert accepted(world[0], text), text
