"""The engines of time as the tests of this folder ask them: lines to calendar_probe or duty_probe and back."""
import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

BUILD = Path(__file__).resolve().parents[2] / "build"


class Probe:
    def __init__(self, name="calendar_probe"):
        path = next((p for p in (BUILD / kind / "tests/prop" / name for kind in ("asan", "release")) if p.exists()), None)
        assert path, "build first: ninja -C build/asan"
        self.process = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, *questions):
        out = []
        for i in range(0, len(questions), 200):  # as much as the pipes hold
            some = questions[i:i + 200]
            self.process.stdin.write("".join(q + "\n" for q in some))
            self.process.stdin.flush()
            out += [self.process.stdout.readline().rstrip("\n") for _ in some]
        return out


@pytest.fixture(scope="module")
def probe():
    probe = Probe()
    yield probe
    probe.process.stdin.close()
    assert probe.process.wait(10) == 0


def hypothesis_run(examples):
    """The same examples each time; only the long run looks for new ones."""
    return settings(max_examples=examples, deadline=None, database=None, derandomize=os.environ.get("ANXIN_TEST_LEVEL") != "long",
                    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
