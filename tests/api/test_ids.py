"""Ids are unique over all processes that ever worked on a database: each takes a number of its own and writes it into its ids."""
from client import Client
from server import Server

COUNTER_BITS, PROCESS_BITS = 12, 10


def number_of(server, company):
    client = Client(server.url).sign_in(*company.accounts[0])
    made = client.post("/customer", {"name": "Who"})
    client.close()
    return int(made["id"]) >> COUNTER_BITS & (1 << PROCESS_BITS) - 1


def test_each_process_that_serves_a_company_has_a_number_of_its_own(engine, company):
    seen = []
    for _ in range(3):
        with Server(company) as server:
            seen.append(number_of(server, company))
    assert seen == [seen[0] + i for i in range(3)]


def test_two_nodes_that_run_at_once_have_different_numbers(demos, tmp_path):
    company = demos("postgresql").copy(tmp_path / "data")
    try:
        second = Server(company)
        second.log = company.folder.with_suffix(".second.log")
        with Server(company) as first, second:
            assert number_of(second, company) == number_of(first, company) + 1
    finally:
        company.drop()
