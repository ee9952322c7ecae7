"""The doctor says in words what is well and what is not, and its exit code says the same."""
import sqlite3
import subprocess

import pytest

from server import Server, binary

pytestmark = pytest.mark.quick


def doctor(company, *more):
    said = subprocess.run([binary(), "doctor", *company.options(), *map(str, more)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    assert "Sanitizer" not in said.stderr, said.stderr
    return said.returncode, {line.split(":")[0].split(None, 1)[1]: line for line in said.stdout.splitlines()}


def test_a_running_company_is_well_but_for_its_backup(company):
    with Server(company):
        code, lines = doctor(company)
    assert code == 1 and {what for what, line in lines.items() if not line.startswith("ok")} <= {"audit", "backup", "disk"}
    assert lines["backup"].startswith("warn") and {"master key", "migrations", "keys", "followers", "jobs"} <= set(lines)


def test_a_backup_is_seen(company, tmp_path):
    if company.engine == "sqlite":
        subprocess.run([binary(), "backup", *company.options(), tmp_path / "kept"], check=True, stdin=subprocess.DEVNULL, capture_output=True)
        assert doctor(company, tmp_path / "kept")[1]["backup"].startswith("ok")


def test_a_master_key_that_others_may_read_is_bad(company):
    (company.folder / "master.key").chmod(0o644)
    code, lines = doctor(company)
    assert code == 2 and lines["master key"].startswith("bad")


def test_a_lost_master_key_is_bad(company):
    (company.folder / "master.key").unlink()
    code, lines = doctor(company)
    assert code == 2 and lines["keys"].startswith("bad")


def test_a_broken_database_is_bad(company):
    if company.engine == "sqlite":
        with sqlite3.connect(company.folder / "data.db") as database:
            database.execute("PRAGMA foreign_keys = OFF")
            database.execute("DELETE FROM product WHERE id IN (SELECT product_id FROM model LIMIT 1)")
        code, lines = doctor(company)
        assert code == 2 and "refers to nothing" in lines["database"]


def test_no_data_is_bad(tmp_path):
    said = subprocess.run([binary(), "doctor", "--data", tmp_path], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert said.returncode == 2 and said.stdout.startswith("bad")
