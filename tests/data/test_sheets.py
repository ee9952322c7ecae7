"""The generated lists, read by the spreadsheet reader and the cleaners, mean what expected.json says: every cell of every row.

Given lists with all kinds of dirt, when sheet_probe reads them in each format, then each cell has its clean value or the
refusal that was planted, and no row is lost or invented.
"""
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
BUILD = HERE.parents[1] / "build"
LONG = os.environ.get("ANXIN_TEST_LEVEL") == "long"
FORMATS = ["utf8.csv", "utf8_bom.csv", "gb18030.csv", "xlsx"]

# header word → how its expected value is found in expected.json
VALUES = {
    "联系电话": lambda v: v.get("phone", v.get("owner_phone")), "备用电话": lambda v: v["second_phone"], "建档日期": lambda v: v["created"],
    "购买日期": lambda v: v["bought"], "安装日期": lambda v: v["installed"], "金额(元)": lambda v: v["price_fen"], "累计消费(元)": lambda v: v["spent_fen"],
    "省市区": lambda v: "/".join(v["area"]), "详细地址": lambda v: v["street"], "安装地址": lambda v: v["owner_street"],
    "产品序列号": lambda v: v["serial"], "产品型号": lambda v: v["model"], "客户姓名": lambda v: whole_name(v),
}


def whole_name(values):
    name, title = (values.get(key, values.get("owner_" + key)) for key in ("name", "title"))
    return f"{name}+{title}" if title else name


@pytest.fixture(scope="session")
def probe():
    path = next((p for p in (BUILD / kind / "tests/data/sheet_probe" for kind in ("asan", "release")) if p.exists()), None)
    assert path, "build first: ninja -C build/asan"
    return path


@pytest.fixture(scope="session")
def lists(tmp_path_factory):
    out = tmp_path_factory.mktemp("lists")
    subprocess.run([sys.executable, HERE / "make_sheets.py", "--rows", "50000" if LONG else "3000", "--seed", "7", "--out", out], check=True)
    return out, json.loads((out / "expected.json").read_text(encoding="utf-8"))


def read(probe, path):
    lines = subprocess.run([probe, path], check=True, capture_output=True, text=True).stdout.splitlines()
    rows = [line.split("\t") for line in lines]
    return rows[0], {int(r[0]): r[1:] for r in rows[1:]}


def wrong_cells(expected, rows, kind):
    """Every cell that differs, as text to read."""
    for entry in expected["rows"]:
        refused = {r["column"]: r["reason"] for r in entry["refused"] if kind == "csv" or r["reason"] != "number_rounded"}
        cells = rows.get(entry["row"], [])
        for column, header in enumerate(expected["columns"]):
            got = cells[column] if column < len(cells) else "(no cell)"
            if refused.get(column) == "model_unknown" or header not in VALUES:
                continue                     # a question for the list of models, not for the cleaners
            value = VALUES[header](entry["values"])
            want = "!" + refused[column] if column in refused else "!field_required" if value is None else f"={value}"
            if got != want:
                yield f"row {entry['row']} {header}: {got!r}, expected {want!r}"


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("record", ["customer", "device"])
def test_every_cell_means_what_was_planted(probe, lists, record, name):
    folder, all_expected = lists
    expected = all_expected[record]
    path = folder / (f"{record}.xlsx" if name == "xlsx" else f"{record}_{name}")
    head, rows = read(probe, path)
    assert head == ["header", str(expected["header_row"]), str(len(expected["columns"]))]
    assert set(rows) == {e["row"] for e in expected["rows"]}
    wrong = list(wrong_cells(expected, rows, "xlsx" if name == "xlsx" else "csv"))
    assert not wrong, f"{len(wrong)} cells differ:\n" + "\n".join(wrong[:30])


def test_same_seed_gives_the_same_bytes(lists, tmp_path):
    for out in ("a", "b"):
        subprocess.run([sys.executable, HERE / "make_sheets.py", "--rows", "200", "--seed", "3", "--out", tmp_path / out], check=True)
    for path in sorted((tmp_path / "a").iterdir()):
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes(), path.name
