"""The public API as a test speaks it: JSON in and out, an idempotency key and an Origin on every change, the cookie kept.

`get`, `post`, `patch`, `delete` return the answer's JSON and demand success unless `status` says what is expected instead.
"""
import uuid

import httpx


class Client:
    def __init__(self, url, language="en", address=None, tenant=None):
        """address: which of this machine's own addresses (127.x.y.z) it calls from; limits per address then see another caller.
        tenant: code of the company that it belongs to, where a server holds more than one."""
        self.url, self.company = url, {"tenant": tenant} if tenant else {}
        self.http = httpx.Client(base_url=f"{url}/api/v1", timeout=30, transport=httpx.HTTPTransport(verify=False, local_address=address),
                                 headers={"Accept-Language": language, "Origin": url})

    def sign_in(self, account, password):
        self.post("/session", {"account": account, "password": password} | self.company)
        return self

    def bearing(self, token):
        """As a program, or the operator: by a token instead of a cookie."""
        self.http.headers["Authorization"] = f"Bearer {token}"
        return self

    def request(self, method, path, body=None, status=None, key=None, **options):
        headers = options.pop("headers", {})
        if method in ("POST", "PATCH"):
            headers = {"Idempotency-Key": key or uuid.uuid4().hex} | headers
        answer = self.http.request(method, path, json=body, headers=headers, **options)
        wanted = (status,) if isinstance(status, int) else status or range(200, 300)
        assert answer.status_code in wanted, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        return answer.json() if "json" in answer.headers.get("content-type", "") else answer

    def get(self, path, status=None, **query):
        return self.request("GET", path, status=status, params=query)

    def post(self, path, body=None, **options):
        return self.request("POST", path, {} if body is None else body, **options)

    def patch(self, path, body, **options):
        return self.request("PATCH", path, body, **options)

    def delete(self, path, **options):
        return self.request("DELETE", path, **options)

    def close(self):
        self.http.close()
