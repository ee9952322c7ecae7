"""anxin eval: questions that no phrasing was made from, through the program itself, with the pack's knowledge that the build made and no data."""
import json
import os
import subprocess
from pathlib import Path

import pytest

from server import binary

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data" / "eval"
SUM = {"top1", "top3", "answered", "precision", "oos_answered"}


def run(*args, **environment):
    return subprocess.run([binary(), "eval", *args], env={**os.environ, **environment}, stdin=subprocess.DEVNULL, capture_output=True, text=True)


def evaluated(*args, **environment):
    done = run(*args, **environment)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return lines[:-1], lines[-1]


@pytest.fixture(scope="module")
def knowledge():
    folder = Path(binary()).resolve().parent
    if not (folder / "appliance.knowledge").exists():
        pytest.fail("the build has made no appliance.knowledge beside the program")
    return folder


@pytest.fixture
def some(tmp_path):
    file = tmp_path / "some.tsv"
    file.write_text("A01\t空调一点都不凉快\nW03\t发票找不到了还给不给修\nS01\t别机器人了，转人工\nOOS\t给我讲个笑话\n")
    return file


@pytest.mark.quick
def test_each_line_gets_a_decision_and_the_last_line_the_shares(knowledge, some):
    lines, shares = evaluated(some, "--json")
    assert [line["id"] for line in lines] == ["A01", "W03", "S01", "OOS"]
    for line in lines:
        assert line["decision"] in ("answer", "flow", "clarify", "unknown")
        assert 0 <= line["confidence"] <= 1 and 1 <= len(line["choices"]) <= 3
    assert [line["choices"][0]["id"] for line in lines[:3]] == ["A01", "W03", "S01"]
    assert lines[3]["decision"] not in ("answer", "flow")
    assert set(shares) == SUM and shares["top1"] == 1 and shares["oos_answered"] == 0


@pytest.mark.quick
def test_only_the_named_questions_are_candidates(knowledge, some, tmp_path):
    ids = tmp_path / "ids.txt"
    ids.write_text("W03\nS01\n")
    lines, _ = evaluated(some, "--json", "--ids", ids)
    assert {choice["id"] for line in lines for choice in line["choices"]} == {"W03", "S01"}


@pytest.mark.quick
def test_says_what_is_wrong_with_a_file(knowledge, tmp_path):
    untabbed = tmp_path / "untabbed.tsv"
    untabbed.write_text("A01 空调\n")
    assert run(untabbed).returncode == 2 and "tab" in run(untabbed).stderr
    assert run(tmp_path / "absent").returncode == 2
    assert run().returncode == 2
    assert run(untabbed, ANXIN_UNDERSTANDING=str(tmp_path)).returncode == 1


def test_words_alone_understand_most(knowledge, tmp_path):
    (tmp_path / "appliance.knowledge").symlink_to(knowledge / "appliance.knowledge")
    _, shares = evaluated(DATA / "appliance_dev.tsv", ANXIN_UNDERSTANDING=str(tmp_path))
    assert shares["top1"] >= 0.85 and shares["precision"] >= 0.9 and shares["oos_answered"] <= 0.15


@pytest.mark.parametrize("limited", [True, False], ids=["among_60", "among_all"])
def test_what_nobody_wrote_before_is_understood(knowledge, tmp_path, limited):
    file = DATA / "appliance_dev.tsv"
    ids = tmp_path / "ids.txt"
    ids.write_text("\n".join({line.split("\t")[0] for line in file.read_text().splitlines()} - {"OOS"}))
    _, shares = evaluated(file, *(["--ids", ids] if limited else []))
    assert shares["top1"] >= 0.92 and shares["top3"] >= 0.98
    assert shares["answered"] >= 0.8 and shares["precision"] >= 0.95 and shares["oos_answered"] <= 0.1


@pytest.mark.parametrize("name, asked", [("appliance_unseen.tsv", 60 * 8 + 150), ("appliance_unseen_2.tsv", 60 * 5 + 80)])
def test_what_somebody_else_wrote_is_understood_among_the_sixty(knowledge, tmp_path, name, asked):
    """Of people who saw the standard questions and none of the phrasings."""
    lines = [line for line in (DATA / name).read_text().splitlines() if "-" not in line.split("\t")[0]]
    (tmp_path / "sixty.tsv").write_text("\n".join(lines) + "\n")
    (tmp_path / "ids.txt").write_text("\n".join({line.split("\t")[0] for line in lines} - {"OOS"}))
    decided, shares = evaluated(tmp_path / "sixty.tsv", "--json", "--ids", tmp_path / "ids.txt")
    assert len(decided) == asked
    assert shares["top1"] >= 0.92 and shares["top3"] >= 0.98
    assert shares["answered"] >= 0.8 and shares["precision"] >= 0.95 and shares["oos_answered"] <= 0.1
