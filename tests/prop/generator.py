"""The generators as tests use them: schema and queries from text, in a folder of their own, on both engines."""
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools/gen"))

import prepare  # noqa: E402
import schema  # noqa: E402
import schema_c  # noqa: E402
import source  # noqa: E402
import sql  # noqa: E402

TYPES = source.read_types(ROOT / "schema/types.def")

# Two tables with a tenant, one without, and one of search that no policy covers.
TABLES = """
-- Shops.
CREATE TABLE shop (
  tenant tenant_id NOT NULL, id id NOT NULL, name code NOT NULL, opened_at time_ms NOT NULL, closed_at time_ms, note text,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX shop_by_name ON shop (tenant, name, id);
-- What a shop sells.
CREATE TABLE ware (
  tenant tenant_id NOT NULL, id id NOT NULL, shop_id id NOT NULL, price fen NOT NULL, weight real NOT NULL, photo bytes, data json NOT NULL,
  PRIMARY KEY (tenant, id), FOREIGN KEY (tenant, shop_id) REFERENCES shop (tenant, id)
);
-- Machines that run this.
-- all tenants: they belong to the installation
CREATE TABLE node (no i64 NOT NULL, name code NOT NULL, PRIMARY KEY (no));
-- only sqlite
CREATE VIRTUAL TABLE word USING fts5(words, content='', detail=none);
-- end
-- only postgresql
CREATE TABLE word (rowid bigint, words tsvector);
-- end
"""


def read(folder, *texts):
    """A schema of these files."""
    for at, text in enumerate(texts, 1):
        (folder / f"{at:03}_step.sql").write_text(text)
    return schema.read_schema(folder, TYPES)


def judge(text, tables, engines):
    """The queries of this text, prepared on both engines."""
    queries = sql.read_queries("test.sql", text, TYPES)
    for query in queries:
        sql.judge(query, tables, engines)
    return queries


def column(query, name):
    found = next(r for r in query.results if r.name == name)
    return found.type.name + ("?" if found.nullable else "")
