"""The plain port beside https: it sends people to the configured address and nowhere else, answers challenges of a certificate authority, and lets
nothing through to the server."""
import os
import re
import socket
import subprocess

import pytest
from test_tls import Secure, certificate

from client import Client
from patience import wait_for
from server import STOP_S, binary

PUBLIC = "https://service.example.cn:8443"


@pytest.fixture(scope="module")
def folder(engine, tmp_path_factory):
    folder = tmp_path_factory.mktemp("redirect")
    (folder / "tokens").mkdir()
    (folder / "tokens" / "to-ken_1").write_text("to-ken_1.thumb")
    (folder / "secret").write_text("secret")
    os.symlink("../secret", folder / "tokens" / "link")
    return folder


@pytest.fixture(scope="module")
def server(engine, demos, folder):
    company = demos(engine).copy(folder / "data")
    with Secure(company, certificate(folder, "first"), options=("--public-url", PUBLIC, "--redirect", "127.0.0.1:0", "--acme-challenges", str(folder / "tokens"))) as running:
        wait_for(lambda: "plain port" in running.tail(200))
        running.plain = int(re.search(r'plain port.*?"?port"?[=:] ?"?(\d+)', running.tail(200)).group(1))
        yield running
    company.drop()


def ask(server, head, timeout=10):
    with socket.create_connection(("127.0.0.1", server.plain), timeout) as s:
        s.sendall(head if isinstance(head, bytes) else head.encode())
        data = b""
        try:
            while piece := s.recv(65536):
                data += piece
        except ConnectionResetError:
            pass
    return data.decode("latin-1")


def get(server, path, host="service.example.cn", method="GET"):
    return ask(server, f"{method} {path} HTTP/1.1\r\nHost: {host}\r\n\r\n")


def status(answer):
    return int(answer.split(" ", 2)[1])


def test_people_come_to_the_same_page_on_https(server):
    for method in ("GET", "HEAD"):
        answer = get(server, "/t/abc?x=1", method=method)
        assert status(answer) == 308 and f"\r\nLocation: {PUBLIC}/t/abc?x=1\r\n" in answer and "\r\nConnection: close\r\n" in answer
    assert status(get(server, "/", host="SERVICE.example.cn:80")) == 308


def test_attack_a_forged_host_sends_nobody_elsewhere(server):
    for host in ("evil.example", "service.example.cn.evil.example", "service.example.cn@evil.example", "evil.example:8443", "127.0.0.1", ""):
        answer = get(server, "/", host=host)
        assert status(answer) == 400 and "Location" not in answer and "evil" not in answer
    for head in ("GET http://evil.example/ HTTP/1.1\r\nHost: service.example.cn\r\n\r\n", "GET / HTTP/1.1\r\nHost: service.example.cn\r\nHost: evil.example\r\n\r\n",
                 "GET / HTTP/1.1\r\nHost: service.example.cn\r\nX-Forwarded-Host: evil.example\r\n\r\n"):
        answer = ask(server, head)
        assert "evil" not in answer
    for path in ("//evil.example/", "/@evil.example", "/.evil.example"):
        assert f"Location: {PUBLIC}{path}\r\n" in get(server, path)


def test_nothing_reaches_the_server_behind_it(server):
    before = Client(server.url).http.get("/health").status_code
    assert before == 200
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "CONNECT"):
        assert status(get(server, "/api/v1/session", method=method)) == 403
    body = '{"account":"admin","password":"x"}'
    assert status(ask(server, f"POST /api/v1/session HTTP/1.1\r\nHost: service.example.cn\r\nContent-Length: {len(body)}\r\n\r\n{body}")) == 403
    assert status(get(server, "/api/v1/health")) == 308
    for head in (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", b"GET /\xff HTTP/1.1\r\nHost: service.example.cn\r\n\r\n", b"GET / HTTP/1.1\r\nHost: service.example.cn\r\nContent-Length: 1\r\n\r\nx",
                 b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: service.example.cn\r\n\r\n", b"GET /\rSet-Cookie: a=b HTTP/1.1\r\nHost: service.example.cn\r\n\r\n"):
        answer = ask(server, head)
        assert status(answer) == 400 and "Set-Cookie" not in answer


def test_challenges_are_answered_and_lead_out_of_their_folder_to_nothing(server):
    answer = get(server, "/.well-known/acme-challenge/to-ken_1", host="www.example.cn")
    assert status(answer) == 200 and answer.endswith("\r\n\r\nto-ken_1.thumb")
    for token in ("none", "link", "..", "../secret", "..%2Fsecret", "%2e%2e/secret", "to-ken_1/", "to-ken_1?x=1", "", "."):
        answer = get(server, f"/.well-known/acme-challenge/{token}")
        assert status(answer) == 404 and "secret" not in answer.split("\r\n\r\n")[1]


def test_who_holds_connections_open_keeps_nobody_out(server):
    slow = [socket.create_connection(("127.0.0.1", server.plain), 30) for _ in range(200)]
    for one in slow:
        one.sendall(b"GET / HT")
    assert status(get(server, "/")) == 308
    for one in slow:
        one.close()
    assert status(get(server, "/")) == 308


def test_browsers_keep_to_https_as_long_as_the_setting_says(engine, demos, tmp_path):
    company = demos(engine).copy(tmp_path / "data")
    pair = certificate(tmp_path, "kept")
    for days, said in (("1", "max-age=86400"), ("0", None)):
        with Secure(company, pair, options=("--set", f"http.hsts={days}")) as server:
            assert Client(server.url).http.get("/health").headers.get("strict-transport-security") == said
    company.drop()


@pytest.mark.parametrize("options, why", [
    (("--redirect", "127.0.0.1:0"), "needs --tls-certificate"), (("--redirect", "nowhere", "TLS", "--public-url", PUBLIC), "takes ADDRESS:PORT"),
    (("--redirect", "127.0.0.1:0", "TLS"), "needs --tls-certificate"), (("--redirect", "127.0.0.1:0", "TLS", "--public-url", "http://service.example.cn"), "needs --tls-certificate"),
])
def test_what_cannot_work_is_refused_at_start_in_words(tmp_path, options, why):
    chain, key = certificate(tmp_path, "x")
    given = []
    for one in options:
        given += ["--tls-certificate", str(chain), "--tls-key", str(key)] if one == "TLS" else [one]
    run = subprocess.run([binary(), "serve", "--data", str(tmp_path / "data"), *given], capture_output=True, text=True, timeout=STOP_S)
    assert run.returncode != 0 and why in run.stderr
