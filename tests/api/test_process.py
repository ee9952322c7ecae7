"""The server's process gives up what it does not need before it serves."""
import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.quick


def test_its_memory_is_never_dumped_and_no_child_becomes_more_than_it(server):
    process = Path(f"/proc/{server.process.pid}")
    assert re.search(r"^Max core file size +0 +0 ", (process / "limits").read_text(), re.M)
    assert re.search(r"^NoNewPrivs:\s+1$", (process / "status").read_text(), re.M)
