"""The description of the API against the server: whatever schemathesis makes of it, valid or not, no answer is a 5xx, and answers
look as described. Signed in as staff and as a customer at once, so that both halves of the API are reached."""
import os
import subprocess
import sys
from pathlib import Path

import people
from client import Client

# The coverage phase tries every boundary of every parameter: about nine thousand calls, for the long run.
EXAMPLES = {"quick": 1, "full": 8, "long": 200}
PHASES = {"quick": "fuzzing", "full": "fuzzing", "long": "coverage,fuzzing"}
# What breaks the description may be longer than a head can hold: libmicrohttpd then answers in its own words or closes. Long run only.
MODE = {"quick": "positive", "full": "positive", "long": "all"}
SEED = {"quick": ["--seed", "1"], "full": ["--seed", "1"], "long": []}
CHECKS = "not_a_server_error,content_type_conformance,response_schema_conformance"
# Signing out would end the test's own sign-in; the stream is a WebSocket.
LEFT_OUT = ["--exclude-method=DELETE", "--exclude-path-regex=/stream$"]


def cookies(*clients):
    return "; ".join(f"{name}={value}" for client in clients for name, value in client.http.cookies.items())


def run_schemathesis(description, url, cookie):
    level = os.environ["ANXIN_TEST_LEVEL"]
    command = [str(Path(sys.executable).with_name("st")), "run", str(description), "--url", url, "--checks", CHECKS, "--phases", PHASES[level],
               "--max-examples", str(EXAMPLES[level]), "--workers", "2", "--continue-on-failure", "--mode", MODE[level], *SEED[level],
               "--header", f"Cookie: {cookie}", "--header", f"Origin: {url}", *LEFT_OUT]
    return subprocess.run(command, cwd=description.parent, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")


def test_nothing_that_the_description_allows_or_forbids_breaks_the_server(server, admin, tmp_path):
    description = tmp_path / "openapi.json"
    description.write_bytes(admin.http.get("/openapi.json").content)
    customer, _ = people.new_customer(server.url, admin)
    staff = Client(server.url).sign_in(*server.company.accounts[1])
    result = run_schemathesis(description, server.url, cookies(staff, customer))
    assert result.returncode == 0, result.stdout[-12000:]
    assert admin.get("/session")["user"], "the server still answers"
