"""What every Python test can ask for: an engine, a company with the demo's data, a running server, somebody signed in.

Every test that asks for `engine` runs on both. `server` is shared by the tests of one file; a test that stops, kills or fills
its server asks for `company` and makes its own. Tests run in any order, and those of other files, or of the other engine, at the
same time in other processes.
"""
import pytest

from client import Client
from server import ENGINES, Clock, Company, Server


@pytest.hookimpl(optionalhook=True)  # of xdist: ran by hand, the tests do without
def pytest_xdist_make_scheduler(config, log):
    """A worker takes all tests of one file on one engine: they share a server."""
    from xdist.scheduler import LoadScopeScheduling

    class ByServer(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            file, _, test = nodeid.partition("::")
            return file, next((engine for engine in ENGINES if engine in test), None)

    return ByServer(config, log)


@pytest.fixture(scope="session")
def demos(tmp_path_factory):
    """The demo company of each engine, loaded when first asked for."""
    loaded = {}

    def demo(engine):
        if engine not in loaded:
            loaded[engine] = Company.demo(engine, tmp_path_factory.mktemp("demo") / engine)
        return loaded[engine]

    yield demo
    for company in loaded.values():
        company.drop()


@pytest.fixture(scope="module", params=ENGINES)
def engine(request):
    return request.param


@pytest.fixture
def company(engine, demos, tmp_path):
    copy = demos(engine).copy(tmp_path / "data")
    yield copy
    copy.drop()


@pytest.fixture(scope="module")
def server(engine, demos, tmp_path_factory):
    copy = demos(engine).copy(tmp_path_factory.mktemp("server") / "data")
    with Server(copy) as running:
        yield running
    copy.drop()


@pytest.fixture(scope="module")
def timed(request, engine, demos, tmp_path_factory):
    """As `server`, and its time stands until the test moves its clock. A file may name an ENVIRONMENT for it."""
    folder = tmp_path_factory.mktemp("timed")
    copy = demos(engine).copy(folder / "data")
    with Server(copy, clock=Clock(folder / "clock"), environment=getattr(request.module, "ENVIRONMENT", None)) as running:
        yield running
    copy.drop()


@pytest.fixture
def own(company):
    """A server of its own with its administrator, for tests that count rows."""
    with Server(company) as running:
        running.admin = Client(running.url).sign_in(*company.accounts[0])
        yield running
        running.admin.close()


@pytest.fixture(scope="module")
def admin(server):
    """Signed in as the administrator of the demo company."""
    client = Client(server.url).sign_in(*server.company.accounts[0])
    yield client
    client.close()


@pytest.fixture(scope="module")
def auditor(server):
    """Signed in as the demo's auditor, whose rights no administrator has."""
    client = Client(server.url).sign_in(*next(account for account in server.company.accounts if account[0] == "audit"))
    yield client
    client.close()


@pytest.fixture
def anonymous(server):
    client = Client(server.url)
    yield client
    client.close()
