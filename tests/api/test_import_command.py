"""`anxin import`: a spreadsheet by command, with the rights of a person, tried first, then written, on both engines."""
import csv
import io
import subprocess

import pytest

from client import Client
from server import Server, binary

SHEET = "客户编号,客户姓名,联系电话\nT-1,赵一鸣,13700000001\nT-2,钱二,1370000\nT-3,孙三娘,１３７０００００００３\n"


def run(company, *words, agent=False):
    account = company.accounts[-1 if agent else 0][0]
    return subprocess.run([binary(), "import", *company.options(), "demo", account, *map(str, words)],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def faults(done):
    return list(csv.DictReader(io.StringIO(done.stdout.decode("utf-8-sig"))))


def customers(company, q):
    with Server(company) as server:
        client = Client(server.url).sign_in(*company.accounts[0])
        found = client.get("/customer", q=q)["items"]
        client.close()
        return found


@pytest.fixture
def sheet(tmp_path):
    path = tmp_path / "客户.csv"
    path.write_bytes(SHEET.encode("gb18030"))
    return path


def test_a_sheet_is_tried_then_written(company, sheet):
    tried = run(company, "customer", sheet, "check")
    assert tried.returncode == 3, tried.stderr.decode()
    assert "checked: 3 rows, 2 created, 0 changed, 1 with faults" in tried.stderr.decode()
    assert [(f["row"], f["column"], f["head"], f["code"]) for f in faults(tried)] == [("3", "3", "联系电话", "phone_length")]
    assert not customers(company, "T-1")

    done = run(company, "customer", sheet)
    assert done.returncode == 3 and len(faults(done)) == 1, done.stderr.decode()
    assert len(customers(company, "13700000003")) == 1

    again = run(company, "customer", sheet)
    assert "done: 3 rows, 0 created, 2 changed, 1 with faults" in again.stderr.decode()


def test_who_may_not_import_gets_nothing_in(company, sheet):
    refused = run(company, "customer", sheet, agent=True)
    assert refused.returncode == 1 and not refused.stdout
    assert not customers(company, "T-1")


@pytest.mark.parametrize("words", [("nothing", "sheet"), ("outbox", "sheet"), ("customer", "/nowhere/at/all.csv")])
def test_what_cannot_be_imported_is_refused(company, sheet, words):
    record, path = words
    refused = run(company, record, sheet if path == "sheet" else path)
    assert refused.returncode == 1 and refused.stderr
