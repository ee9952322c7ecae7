"""What every test of the API can ask for besides: a customer."""
import people
import pytest


@pytest.fixture
def customer(server, admin):
    """She is signed in on her page; `record` is her file, `id` its number."""
    client, record = people.new_customer(server.url, admin)
    client.record, client.id = record, record["id"]
    yield client
    client.close()
