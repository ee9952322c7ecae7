"""What the schema generator refuses, and what it writes for each engine."""
import pytest

from generator import read, schema_c, source

pytestmark = pytest.mark.quick

GOOD = """-- Things.
CREATE TABLE thing (
  tenant tenant_id NOT NULL,
  id     id        NOT NULL,
  name   code      NOT NULL,
  at     time_ms,
  PRIMARY KEY (tenant, id)
);
"""


def refused(folder, *texts):
    with pytest.raises(source.Fault) as caught:
        read(folder, *texts)
    return str(caught.value)


@pytest.mark.parametrize("old, new, says, line", [
    ("name   code", "name   varchar", "thing.name: varchar is no type of types.def", 5),
    ("name   code", "name   INTEGER", "thing.name: INTEGER is no type of types.def", 5),
    ("id     id        NOT NULL", "id     id", "key column id must be NOT NULL", 4),
    ("-- Things.\n", "", "a sentence of purpose belongs above it", 1),
    ("PRIMARY KEY (tenant, id)", "PRIMARY KEY (id)", "tenant comes first in every key", 7),
    ("PRIMARY KEY (tenant, id)", "PRIMARY KEY (tenant, id), UNIQUE (name)", "tenant comes first in every key", 7),
    ("PRIMARY KEY (tenant, id)", "UNIQUE (tenant, id)", "it needs a PRIMARY KEY", 2),
    ("PRIMARY KEY (tenant, id)", "PRIMARY KEY (tenant, no)", "no is in a key but no column", 2),
    ("at     time_ms,", "at     time_ms,\n  name   text,", "thing.name stands twice", 7),
    ("at     time_ms", "at     time_ms DEFAULT (now())", "a DEFAULT is a number or a string", 6),
    ("at     time_ms", "at     time_ms REFERENCES other (id)", "REFERENCES is not allowed here", 6),
    ("at     time_ms", "at     time_ms PRIMARY KEY", "PRIMARY is not allowed here", 6),
    ("at     time_ms", "at     time_ms COLLATE nocase", "COLLATE is not allowed here", 6),
    ("at     time_ms", "int    time_ms", "int cannot be a name", 6),
    ("at     time_ms", "At     time_ms", "At cannot be a name", 6),
    (");", ") WITHOUT ROWID;", "nothing may stand around its parentheses", 2),
    (");", ")", "a statement without `;`", 2),
    ("tenant tenant_id", "tenant id", "tenant must be of type tenant_id", 3),
    ("name   code      NOT NULL", "version code NOT NULL", "version must be a NOT NULL count", 5),
])
def test_a_fault_names_its_line(tmp_path, old, new, says, line):
    message = refused(tmp_path, GOOD.replace(old, new))
    assert says in message
    assert f"001_step.sql:{line}: " in message


@pytest.mark.parametrize("more, says", [
    ("FOREIGN KEY (tenant, id) REFERENCES thing (tenant, id) DEFERRABLE INITIALLY DEFERRED", "deferred foreign key"),
    ("FOREIGN KEY (tenant, id) REFERENCES thing (tenant, id) ON DELETE CASCADE", "no cascades"),
    ("FOREIGN KEY (tenant, id) REFERENCES thing (tenant, id) ON UPDATE SET NULL", "no cascades"),
    ("FOREIGN KEY (id) REFERENCES thing (id)", "starts with tenant on both sides"),
    ("FOREIGN KEY (id, tenant) REFERENCES thing (id, tenant)", "starts with tenant on both sides"),
    ("FOREIGN KEY (tenant, id) REFERENCES missing (tenant, id)", "there is no table missing"),
    ("FOREIGN KEY (tenant, id) REFERENCES thing", "name the columns of thing"),
    ("CONSTRAINT named CHECK (id > 0)", "constraints go without a name"),
])
def test_references_that_bend_are_refused(tmp_path, more, says):
    text = GOOD + GOOD.replace("Things", "Others").replace("TABLE thing", "TABLE other").replace("(tenant, id)\n", f"(tenant, id), {more}\n")
    assert says in refused(tmp_path, text)


@pytest.mark.parametrize("more, says", [
    ("CREATE INDEX thing_by_name ON thing (name);", "tenant comes first"),
    ("CREATE INDEX thing_by_name ON nothing (tenant, name);", "there is no table nothing"),
    ("CREATE INDEX a ON thing (tenant, name); CREATE INDEX a ON thing (tenant, at);", "index a exists already"),
    ("-- all tenants:\nCREATE INDEX thing_by_name ON thing (name);", "needs a reason"),
    ("CREATE VIEW v AS SELECT 1;", "belongs into an engine block"),
    ("CREATE TRIGGER t AFTER INSERT ON thing BEGIN SELECT 1; END;", "belongs into an engine block"),
    ("ALTER TABLE thing RENAME TO things;", "only adds columns"),
    ("ALTER TABLE thing ADD COLUMN size count NOT NULL;", "needs a DEFAULT"),
    ("ALTER TABLE thing ADD COLUMN size bigint;", "is no type"),
    ("DROP INDEX missing;", "there is no index missing"),
    ("DELETE FROM missing;", "there is no table missing"),
    ("-- only sqlite\nCREATE INDEX x ON thing (tenant);", "without `-- end`"),
    ("-- only oracle\n-- end", "blocks are"),
    ("-- only sqlite\n-- only postgresql\n-- end", "do not nest"),
    ("-- end", "without `-- only"),
    (GOOD, "table thing exists already"),
])
def test_statements_that_bend_are_refused(tmp_path, more, says):
    assert says in refused(tmp_path, GOOD, more)


def test_files_have_numbers_that_grow(tmp_path):
    (tmp_path / "001_a.sql").write_text(GOOD)
    (tmp_path / "001_b.sql").write_text("")
    assert "number 001 is taken" in refused(tmp_path)
    (tmp_path / "001_b.sql").unlink()
    (tmp_path / "extra.sql").write_text("")
    assert "NNN_name.sql" in refused(tmp_path)


def test_a_reason_lets_a_table_go_without_tenant(tmp_path):
    text = "-- Machines.\n-- all tenants: they belong to the installation\nCREATE TABLE node (no i64 NOT NULL, PRIMARY KEY (no));\n"
    tables = read(tmp_path, text).tables
    assert not tables["node"].has_tenant
    assert not any("ROW LEVEL" in s for s in read(tmp_path, text).steps[0].sql["postgresql"])


def test_no_policy_needs_its_reason(tmp_path):
    text = GOOD.replace("CREATE", "-- no policy: tokens only\nCREATE")
    assert not any("POLICY" in s for s in read(tmp_path, text).steps[0].sql["postgresql"])
    assert any("FORCE ROW LEVEL SECURITY" in s for s in read(tmp_path, GOOD).steps[0].sql["postgresql"])


def test_no_domain_name_reaches_sqlite(tmp_path):
    """A type name of ours in SQLite would choose an affinity by its letters, and bend values."""
    every = ",\n".join(f"c_{name} {name}" for name in source.read_types(schema_c.__file__.replace("tools/gen/schema_c.py", "schema/types.def")))
    text = read(tmp_path, GOOD.replace("at     time_ms", every)).steps[0].sql["sqlite"][0]
    assert text.endswith("STRICT")
    for line in text.splitlines()[1:-1]:
        word = line.split()[1].rstrip(",")
        assert word in ("INTEGER", "REAL", "TEXT", "BLOB", "KEY"), line


def test_later_steps_change_the_tables_that_c_sees(tmp_path):
    found = read(tmp_path, GOOD, "ALTER TABLE thing ADD COLUMN size count NOT NULL DEFAULT 0;\n"
                                 "-- New.\nCREATE TABLE spare (tenant tenant_id NOT NULL, id id NOT NULL, PRIMARY KEY (tenant, id));\n"
                                 "DROP TABLE spare;")
    assert [c.name for c in found.tables["thing"].columns] == ["tenant", "id", "name", "at", "size"]
    assert "spare" not in found.tables
    assert found.steps[1].rows_change == {"spare"}


def test_a_step_is_known_by_what_it_does_not_by_its_comments(tmp_path):
    def sum_of(text):
        return [line for line in schema_c.write_steps(read(tmp_path, text)).splitlines() if "1, \"step\"" in line]
    assert sum_of(GOOD) == sum_of(GOOD.replace("Things", "Other words"))
    assert sum_of(GOOD) != sum_of(GOOD.replace("time_ms", "day"))
