"""What every record has for being a record, as people bring it and take it away: import with a dry run and a fault per cell, export,
search, and its place in the description of the API. Tried on all records that /meta names, like test_records.py."""
import csv
import io
import json
import time

import examples
import pytest
from test_import import announce, faults, step
from test_records import shown

FOLLOWS_S = 20


@pytest.fixture(scope="module")
def meta(admin):
    return {record["name"]: record for record in admin.get("/meta")["records"]}


@pytest.fixture(scope="module")
def importable(meta):
    found = {name: record for name, record in meta.items() if record["importable"]}
    assert {"customer", "contact", "device", "user"} <= set(found)
    return found


def write_sheet(path, record, rows):
    """A sheet whose heads are the Chinese labels, as a company's own export has them."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([[field["label"]["zh"] for field in examples.settable(record)], *rows])
    return path


def cells(admin, meta, name):
    """(what a row of a sheet holds, what the API then shows)."""
    value = examples.body(admin, meta, name)
    return [examples.cell(admin, meta, field, value) for field in examples.settable(meta[name])], value


def total(admin, name):
    return admin.get(f"/{name}", limit=1, total=1)["total"]


def test_a_good_row_is_imported_field_by_field(admin, meta, importable, tmp_path):
    for name, record in importable.items():
        row, wanted = cells(admin, meta, name)
        job = announce(admin, name, write_sheet(tmp_path / f"{name}.csv", record, [row]))
        assert set(job["mapping"].values()) == {f["name"] for f in examples.settable(record)}, (name, job["mapping"])
        before = total(admin, name)
        checked = step(admin, job, "check")
        assert (checked["state"], checked["created"], checked["bad"]) == ("checked", 1, 0), (name, faults(admin, checked))
        assert total(admin, name) == before, f"{name}: the dry run wrote"
        done = step(admin, checked, "start")
        assert (done["state"], done["created"], done["bad"]) == ("done", 1, 0), (name, faults(admin, done))
        assert total(admin, name) == before + 1
        read = admin.get(f"/{name}", sort="-created_at", limit=1)["items"][0]
        wrong = [f["name"] for f in examples.settable(record) if not shown(f, wanted[f["name"]], read[f["name"]])]
        assert not wrong, (name, {w: (wanted[w], read[w]) for w in wrong})


def test_each_bad_cell_is_named_and_its_row_left_out(admin, meta, importable, tmp_path):
    for name, record in importable.items():
        rows, expected = [], {}
        for at, field in enumerate(examples.settable(record)):
            for bad in examples.BAD_CELLS[field["type"]]:
                row, _ = cells(admin, meta, name)
                row[at] = bad
                rows.append(row)
                expected[len(rows) + 1] = (at + 1, field["label"]["zh"])
        job = announce(admin, name, write_sheet(tmp_path / f"{name}.csv", record, rows))
        before = total(admin, name)
        for what in ("check", "start"):
            job = step(admin, job, what)
            found = {f["row"]: (f["column"], f["head"]) for f in faults(admin, job)}
            assert found == expected, (name, what, sorted(found.items() ^ expected.items()))
            assert (job["created"], job["changed"], job["bad"]) == (0, 0, len(rows)), (name, what, job)
            assert all(f["message"] for f in faults(admin, job))
        assert total(admin, name) == before, name


@pytest.mark.quick
def test_an_export_holds_every_row_in_words(admin, meta, importable):
    for name, record in importable.items():
        made = examples.make(admin, meta, name)
        answer = admin.get(f"/{name}/export", format="csv", sort="-created_at")
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
        assert len(rows) == total(admin, name) + 1, name
        for field in (f for f in record["fields"] if not f["hidden"] and f["type"] != "bytes"):
            at = rows[0].index(field["label"]["en"])
            value = made[field["name"]]
            if field["type"] == "json":
                assert json.loads(rows[1][at]) == value, (name, field["name"])
            else:
                wanted = made["titles"].get(field["name"], "") if field["type"] == "ref" else examples.said(field, value)
                assert rows[1][at] == wanted, (name, field["name"], value, rows[1][at])


def test_searched_fields_find_their_row(admin, meta, importable):
    for name, record in importable.items():
        sent = examples.body(admin, meta, name)
        made = admin.post(f"/{name}", sent)
        for field in (f for f in examples.settable(record) if f["searchable"]):
            until = time.monotonic() + FOLLOWS_S
            while made["id"] not in {row["id"] for row in admin.get(f"/{name}", q=sent[field["name"]], limit=200)["items"]}:
                assert time.monotonic() < until, (name, field["name"], sent[field["name"]])
                time.sleep(0.05)


def test_the_description_of_the_api_names_every_field(admin, meta):
    description = admin.get("/openapi.json")
    for name, record in meta.items():
        described = description["components"]["schemas"][name]["properties"]
        assert {f["name"] for f in record["fields"]} <= set(described), name
        assert {f"/api/v1/{name}", f"/api/v1/{name}/{{id}}", f"/api/v1/{name}/export"} <= set(description["paths"]), name
        assert ("post" in description["paths"][f"/api/v1/{name}"]) == record["creatable"] or name in ("ticket", "import", "api_token"), name
