"""Tables of what must not come back name the tests that hold it; this tells whether those are there and run."""
import re
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
SOURCES = TESTS.parent / "src"


def is_held(file, name):
    """file: below tests/ or src/; name: a test's, or how the line of a figure begins."""
    path = next(place / file for place in (TESTS, SOURCES) if (place / file).exists())
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".c":
        return re.search(rf"^static void {name}\(", text, re.M) and re.search(rf"cmocka_unit_test\w*\({name}\b", text)
    if path.suffix == ".mjs":
        return f"test('{name}'" in text
    return name in text if name.startswith("Aim(") else re.search(rf"^def {name}\(", text, re.M)
