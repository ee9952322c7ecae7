"""What the developer guide promises of a new record, tried: a copy of this tree grows by the guide's service contract and by a
record of every type that the builder has not seen, is built, and must pass the tests that every record gets without a line of its own.
"""
import json
import os
import re
import sys
from pathlib import Path

import grown
import guide
import pytest
import specimen

sys.path.append(str(grown.ROOT / "tools/check"))
import rules_c  # noqa: E402
import rules_tree  # noqa: E402

PROMISED_LINES = 60
NEW = ("contract", "specimen")
TRIED = ("tests/api/test_records.py", "tests/api/test_records_sheet.py")
TRIED_LONG = ("tests/api/test_openapi.py", "tests/api/test_export.py", "tests/api/test_import.py")


@pytest.fixture(scope="module")
def tree():
    """The copy, grown and built with sanitizers."""
    made = grown.Tree(guide.read(grown.ROOT), specimen.page(grown.ROOT))
    made.build("anxin", "tables_test")
    return made


@pytest.fixture(scope="module")
def description(tree):
    return json.loads(tree.run(tree.program, "openapi"))


def test_the_guide_asks_for_few_lines_and_says_how_many():
    page = guide.read(grown.ROOT)
    lines = sum(block.lines for block in guide.blocks(page))
    assert lines <= PROMISED_LINES and f" {lines} lines in all" in page, lines
    assert {Path(block.path).suffix for block in guide.blocks(page)} == {".sql", ".h", ".c", ".build"}


def test_the_specimen_has_every_type_and_every_kind():
    table, _, source, *_ = (block.text for block in guide.blocks(specimen.page(grown.ROOT)))
    types, kinds = {name for name, _ in specimen.types(grown.ROOT)}, set(specimen.kinds(grown.ROOT))
    assert types == set(re.findall(r"^\w+ +(\w+)(?: NOT NULL[^,]*)?,$", table, re.M)) and len(types) > 15
    assert kinds <= set(re.findall(r"(\w+)\(specimen, \w+, L", source)) and len(kinds) > 15


def test_what_the_guide_adds_keeps_the_rules_of_the_house(tree):
    texts = {path: content.decode() for path, content in tree.files.items() if path.endswith((".c", ".h", ".sql", ".txt"))}
    assert not [str(f) for rule in rules_c.RULES + rules_tree.RULES for f in rule(texts) if "contract" in f.path]


def test_its_tables_keep_their_values_on_both_engines(tree):
    tree.run(tree.program.with_name("tables_test"))


def test_it_passes_what_every_record_is_tried_for(tree):
    said = tree.run(sys.executable, "-m", "pytest", "-q", *TRIED, *(TRIED_LONG if os.environ.get("ANXIN_TEST_LEVEL") == "long" else ()))
    assert " passed" in said and "skipped" not in said, said


def test_the_description_and_the_types_of_the_pages_name_it(tree, description):
    generated = tree.run(sys.executable, "tools/gen/typescript.py", input=json.dumps(description))
    for name in NEW:
        fields = description["components"]["schemas"][name]["properties"]
        assert f"\t{name}: {{\n" in generated and f"'POST /{name}': {{" in generated and f"'GET /{name}/export': {{" in generated
        assert len(fields) > 15 and all(f"\t\t{field}" in generated for field in fields), name


def test_the_console_lists_it_and_has_its_form(tree):
    tree.run("node", "tests/web/run.mjs", "/dev/null", "records")
