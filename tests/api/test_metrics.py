"""The figures of the process: complete lines, counting what happened in all companies, for the operator alone."""
import re
import socket

import pytest

from client import Client
from server import OPERATOR, Server

pytestmark = pytest.mark.quick

@pytest.fixture(scope="module")
def operator(server):
    client = Client(server.url).bearing(OPERATOR)
    yield client
    client.close()


SAMPLE = re.compile(r'^([a-z_]+)(\{([a-z_]+="[^"\\\n]*",?)*\})? (-?[0-9.e+-]+)$')


def read(operator):
    answer = operator.http.get("/metrics")
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    samples, families = {}, set()
    for line in answer.text.splitlines():
        if line.startswith("# TYPE "):
            name = line.split()[2]
            assert name not in families
            families.add(name)
        elif not line.startswith("# HELP "):
            match = SAMPLE.match(line)
            assert match, line
            name = match[1]
            assert name in families or name.rsplit("_", 1)[0] in families, line
            assert name + (match[2] or "") not in samples, line
            samples[name + (match[2] or "")] = float(match[4])
    return samples


def test_requests_are_counted_by_route_and_status(operator, admin, anonymous):
    before = read(operator)
    for _ in range(3):
        admin.get("/session")
    anonymous.get("/session", status=401)
    admin.get("/ticket/1", status=404)
    after = read(operator)

    def grown(name):
        return after.get(name, 0) - before.get(name, 0)
    assert grown('anxin_http_requests_total{route="/api/v1/session",method="GET",status="2xx"}') == 3
    assert grown('anxin_http_requests_total{route="/api/v1/session",method="GET",status="4xx"}') == 1
    assert grown('anxin_http_request_seconds_count{route="/api/v1/session",method="GET"}') == 4
    assert grown('anxin_http_request_seconds_bucket{route="/api/v1/session",method="GET",le="+Inf"}') == 4
    assert not any("/ticket/1" in name for name in after)
    assert after["process_resident_memory_bytes"] > 1e6 and after["anxin_http_connections"] >= 1


def test_writes_and_refused_heads_are_counted(server, operator, admin):
    before = read(operator)
    Client(server.url).sign_in(*server.company.accounts[1]).close()
    assert admin.http.get("/session", headers=[("Cookie", "a"), ("Cookie", "b")]).status_code == 400
    after = read(operator)
    assert after["anxin_writer_requests_total"] > before["anxin_writer_requests_total"]
    refused = 'anxin_http_fenced_total{reason="duplicate"}'
    assert after[refused] == before[refused] + 1


def test_what_is_no_http_at_all_is_counted(server, operator):
    before = read(operator)
    with socket.create_connection(("127.0.0.1", server.port), 10) as wire:
        wire.sendall(b"GET /api/v1/session HTTP/2.0\r\n\r\n")
        assert wire.recv(100).startswith(b"HTTP/1.1 505")
    refused = 'anxin_http_refused_total{reason="unreadable"}'
    assert read(operator)[refused] == before[refused] + 1


def test_no_company_reads_the_figures_of_all(server, admin, anonymous):
    """Whatever an administrator may, and whatever token he makes: on one server with other companies he is none of its operators."""
    program = admin.post("/api_token", {"name": "报表", "scopes": ["*"]}, status=(201, 403, 422))
    for client in (anonymous, admin, Client(server.url).bearing(program.get("token", "none")), Client(server.url).bearing(OPERATOR[:-1])):
        client.get("/metrics", status=401)
    assert "metrics.read" not in admin.get("/meta")["permissions"]
    assert anonymous.get("/health") == {"ok": True}


def test_without_a_token_of_the_operator_nobody_reads_them_and_a_short_one_is_refused(company):
    with Server(company, environment={"ANXIN_OPERATOR_TOKEN": ""}) as server:
        for token in ("null", OPERATOR):
            Client(server.url).bearing(token).get("/metrics", status=401)
    with pytest.raises(AssertionError, match="ANXIN_OPERATOR_TOKEN"):
        Server(company, environment={"ANXIN_OPERATOR_TOKEN": "short"}).start()
