"""A record that nobody has seen: every type of schema/types.def and every kind of field, written anew from those two lists, so that a
type or kind added tomorrow is in it without a line here. It asks of each field whatever a field of its kind may be asked.
"""
import re

# Types that are not values of a field but the row's own: whose it is, which it is, whose key seals it.
OWN = {"tenant_id": "tenant", "id": "id", "key_id": "key"}
# Kinds of field by the type of their column, where the type's C form does not say it all.
TYPE_OF = {
    "CODE": "code", "TEXT": "text", "CHOICE": "code", "REF": "ref", "DAY": "day", "TIME": "time_ms", "MONEY": "fen", "COUNT": "count",
    "INT": "i64", "REAL": "real", "FLAG": "flag", "JSON": "json", "BYTES": "bytes",
    "NAME": "sealed", "PHONE": "sealed", "EMAIL": "sealed", "PLACE": "sealed", "SEALED": "sealed",
}
ASKED = {
    "CODE": ".most = 50, .sort = true, .search = true, .unique = true, .required = true",
    "TEXT": ".search = true, .most = 500",
    "CHOICE": '.of = its_words, .initial = "first", .index = true, .split = true',
    "REF": ".to = &customer_record, .index = true",
    "DAY": ".sort = true",
    "TIME": ".sort = true",
    "MONEY": ".sort = true, .least = 100",
    "COUNT": ".sort = true, .most = 1000, .required = true",
    "INT": ".sort = true, .least = -5, .most = 1000",
    "REAL": ".sort = true, .least = -1, .most = 1000, .required = true",
    "FLAG": ".index = true",
    "BYTES": ".most = 100",
    "NAME": ".search = true, .required = true",
    "PHONE": ".search = true, .unique = true",
    "EMAIL": ".search = true",
}


def types(root):
    """(name, C form) of every type."""
    return re.findall(r"^TYPE\((\w+), *(\w+),", (root / "schema/types.def").read_text(), re.M)


def kinds(root):
    """Every kind of field, as the macros name it."""
    enum = re.search(r"enum field_kind \{(.*?)\};", (root / "src/core/record/record.h").read_text(), re.S)[1]
    return [kind for kind in re.findall(r"^\tFIELD_(\w+),", enum, re.M) if kind not in ("CUSTOM", "TAGS")]     # those companies fill for records of their own choice


def columns(root):
    """(column, type, kind) of each field: a kind by the type it lies on, then each type that no kind claims, by its C form."""
    found = [(f"its_{kind.lower()}", TYPE_OF[kind], kind) for kind in kinds(root)]
    claimed = {type for _, type, _ in found} | set(OWN)
    return found + [(f"its_{type}", type, form) for type, form in types(root) if type not in claimed]


def spare(fields):
    """The same once more as columns that may be NULL, asked for nothing; a reference that the database knows too."""
    return [(column.replace("its_", "may_"), "id" if kind == "REF" else type, kind) for column, type, kind in fields if type != "sealed"]


def column_of(column, type, kind):
    must = column.startswith("its_") and (type != "sealed" or kind == "NAME")
    return f"{column} {type}{' NOT NULL' if must else ''},"


def asked(column, kind):
    """What a field is asked for; its spare only what it cannot be without."""
    options = ASKED.get(kind, "")
    return options if column.startswith("its_") else ", ".join(re.findall(r"\.(?:to|of) = \S+?(?=,|$)", options))


def table(fields):
    lines = ["-- Specimens: one column of every type.", "CREATE TABLE specimen (", "tenant tenant_id NOT NULL,", "id id NOT NULL,",
             "no code NOT NULL,", "owner_id id NOT NULL,", "key key_id NOT NULL,"]
    lines += [column_of(*field) for field in fields]
    lines += ["archived_at time_ms NOT NULL DEFAULT 0,", "created_at time_ms NOT NULL,", "updated_at time_ms NOT NULL,",
              "version count NOT NULL DEFAULT 1,", "PRIMARY KEY (tenant, id), UNIQUE (tenant, no),",
              "FOREIGN KEY (tenant, owner_id) REFERENCES customer (tenant, id),",
              "FOREIGN KEY (tenant, may_ref) REFERENCES customer (tenant, id)", ");"]
    indexed = [column for column, _, kind in fields if re.search(r"\.(sort|index)\b", asked(column, kind))]
    lines += [f"CREATE INDEX specimen_by_{column} ON specimen (tenant, {column}, id);" for column in [*indexed, "created_at", "updated_at"]]
    return "\n".join(lines) + "\n"


def definition(fields):
    rows = []
    for column, _, kind in fields:
        label = f'L("样品 {column}", "Specimen {column}")'
        rows.append(f"\t{kind}(specimen, {column}, {label}, {asked(column, kind)}),")
    return "\n".join([
        "/* Definition of the specimen. */",
        '#include "domain/specimen/specimen.h"', '#include "domain/customer/customer.h"', '#include "gen/schema.h"', "",
        'static const struct choice its_words[] = { { "first", "第一", "First" }, { "second", "第二", "Second" }, { 0 } };', "",
        "static const struct field fields[] = {",
        '\tCODE(specimen, no, L("样品编号", "Specimen no."), .series = "SP", .system = true, .unique = true, .search = true),',
        '\tREF(specimen, owner_id, L("样品主人", "Specimen owner"), .to = &customer_record, .required = true, .fixed = true),',
        *rows, "};", "",
        "const struct record specimen_record = {",
        '\t.name = "specimen", .label = L("样品", "Specimen"), .plural = "Specimens", .table = &table_specimen, FIELDS(fields), .title = { "no", "its_name" },',
        "};", ""])


HEADER = """/* specimen: a record of every type. */
#pragma once
#include "core/record/record.h"
extern const struct record specimen_record;
"""


def page(root):
    """The specimen as a page like the guide's."""
    fields = columns(root)
    fields += spare(fields)
    parts = [("schema/NNN_specimen.sql", "sql", table(fields)), ("src/domain/specimen/specimen.h", "c", HEADER),
             ("src/domain/specimen/specimen.c", "c", definition(fields)),
             ("src/domain/meson.build", "diff", " sources = files(\n+  'specimen/specimen.c',\n"),
             ("src/app/wiring.c", "diff", ' #include "domain/portal/portal.h"\n+#include "domain/specimen/specimen.h"\n'
              " const struct record *const app_records[] = {\n+\t&specimen_record,\n")]
    return "".join(f"`{path}`:\n```{language}\n{text}```\n" for path, language, text in parts)
