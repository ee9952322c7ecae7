"""The description of the API against the server: whatever schemathesis makes of it, allowed or forbidden, no answer is a 5xx, and
every answer is one that is described. Signed in as staff and as a customer at once, so that both halves of the API are reached;
the description is given the ids that the company holds, so that what stands behind them is reached too."""
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from described import Company, operations
import people

from client import Client
from server import OPERATOR

# Coverage tries every boundary of every parameter, within and beyond; fuzzing draws whole inputs, so many for each operation.
EXAMPLES = {"quick": 1, "full": 2, "long": 200}
SEED = {"quick": ["--seed", "1"], "full": ["--seed", "1"], "long": []}
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
# Ending the test's own sign-in; WebSockets.
LEFT_OUT = ["--exclude-method=DELETE", "--exclude-path-regex=/stream$"]
# What may end it too, by luck, and so comes last: the rights of people.
RIGHTS = "path-regex=^/api/v1/(user|role)(/|$)"


@pytest.fixture(scope="module")
def description(admin):
    return admin.get("/openapi.json")


@pytest.fixture(scope="module")
def company(server, admin):
    customer, record = people.new_customer(server.url, admin)
    admin.post("/api_token", {"name": "report", "scopes": ["ticket.read"]})
    yield Company(admin, customer, record["id"])
    customer.close()


def widen(schema, ids):
    if ids and "pattern" in schema:
        schema["anyOf"] = [{"enum": ids}, {"pattern": schema.pop("pattern")}]


def with_what_exists(description, company):
    """A copy that knows ids: in paths, and in bodies of records wherever one refers to another. Cookies sign in, so it asks for no
    token: an invented one would be refused before anything else is looked at."""
    copy = json.loads(json.dumps(description))
    del copy["components"]["securitySchemes"]
    for operation in operations(copy):
        del operation.spec["security"]
        for parameter in operation.spec["parameters"]:
            if parameter["name"] == "id":
                widen(parameter["schema"], [company.one(operation.kind)])
        fields = operation.spec.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {}).get("properties", {})
        for name, schema in fields.items():
            target = name.removesuffix("_id")
            if target != name and target in company.meta:
                widen(schema, [company.one(target)])
    return copy


def cookies(*clients):
    return "; ".join(f"{name}={value}" for client in clients for name, value in client.http.cookies.items())


def run_schemathesis(path, url, cookie, which):
    level = os.environ["ANXIN_TEST_LEVEL"]
    command = [str(Path(sys.executable).with_name("st")), "run", str(path), "--url", url, "--checks", CHECKS, "--phases", "coverage,fuzzing",
               "--max-examples", str(EXAMPLES[level]), "--workers", "1", "--continue-on-failure", "--mode", "all", *SEED[level],
               "--header", f"Cookie: {cookie}", "--header", f"Origin: {url}", *LEFT_OUT, which]
    run = subprocess.run(command, cwd=path.parent, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    said = re.sub(r"[^\n]{2000,}", lambda line: line[0][:2000] + "…", run.stdout)
    assert run.returncode == 0, said[-12000:]


def answered(server):
    """(method, path) of the routes that said yes at least once."""
    figures = Client(server.url).bearing(OPERATOR).get("/metrics").text
    return set(re.findall(r'anxin_http_requests_total\{route="([^"]+)",method="([^"]+)",status="2xx"\}', figures))


def test_nothing_that_the_description_allows_or_forbids_breaks_the_server(server, admin, auditor, company, description, tmp_path):
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(with_what_exists(description, company)))
    cookie = cookies(admin, company.customer)
    run_schemathesis(path, server.url, cookie, f"--exclude-{RIGHTS}")
    assert admin.get("/session")["user"], "what came before was asked by nobody"
    asked = [o for o in operations(description) if not re.search(RIGHTS.partition("=")[2], o.path) and not o.spec["x-permission"].startswith("audit.")]
    assert len(answered(server)) > 0.6 * len(asked), "most of it was refused at the door"
    run_schemathesis(path, server.url, cookie, f"--include-{RIGHTS}")
