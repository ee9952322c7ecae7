"""Rounds to an identity provider, for the tests that call every route: one provider for both companies, at which somebody new is signed in
each time."""
import itertools
import time
import urllib.parse

counter = itertools.count(1)


def came_back(idp, client, provider, path="start", **more):
    """What the provider sends back to a browser that went there."""
    idp.redirect = f"{client.url}/sign-in/back"
    url = client.post(f"/session/provider/{path}", {"provider_id": provider} | more, status=200)["url"]
    person = {"sub": f"somebody {next(counter)} {time.time_ns()}", "name": "新来的"}
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(idp.agree(url, person)).query))


def linked(idp, client, provider):
    """The id of an identity that this client's person has."""
    client.post("/session/provider", came_back(idp, client, provider, "link"), status=200)
    return client.get("/session/identity")["items"][-1]["id"]
