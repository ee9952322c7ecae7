"""Rules about the whole tree: head comments, no traces of a machine, no promises instead of work, both languages, small generators."""
import re

from layout import tidy
from source import error, warning

CODE = (".c", ".h", ".py", ".sh", ".sql", ".ts", ".vue", ".def", ".css")
HEADS = ("/*", "//", "#", '"""', "--", "<!--")
OWN = "tools/check/"
MACHINE = re.compile(r"(?<![\w.])/(?:work|root|Users|home/\w+)/")
PROMISE = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")
LABEL = re.compile(r'\bL\(\s*"((?:\\.|[^"\\])*)"\s*,\s*"((?:\\.|[^"\\])*)"\s*\)')
ERROR_ROW = re.compile(r'^ERROR\(\w+,\s*\d+,\s*"\w+",\s*"((?:\\.|[^"\\])*)",\s*"((?:\\.|[^"\\])*)"\)', re.M)
CHINESE = re.compile("[\u4e00-\u9fff]")
BY_KEYBOARD = re.compile(r"^tests/web/(?:(?:by_)?keyboard\w*\.test|keys)\.mjs$")
NOT_A_KEY = re.compile(r"\.(?:click|dblclick|tap|hover|check|uncheck|setChecked|selectOption|fill|clear|focus|blur|dragTo|dispatchEvent|pressSequentially)\(|\.(?:mouse|touchscreen)\b"
                       r"|(?<!\bkeyboard)(?<!\bkeys)\.press\(")
GENERATOR_LINES = 3000
LINE_LENGTH = 150


def head_comment(tree):
    for path, text in tree.items():
        top = re.sub(r"^<script[^>]*>", "", text.lstrip()).lstrip()
        if path.endswith(CODE) and not top.startswith(HEADS):
            found = warning if "test" in path.rsplit("/", 1)[-1] else error
            yield found(path, 1, "no head comment: what is it for, what does it promise, what does it not do?")


def machine_paths(tree):
    for path, text in tree.items():
        for number, line in numbered(path, text):
            if MACHINE.search(line):
                yield error(path, number, "names a folder of one machine")


def promises(tree):
    for path, text in tree.items():
        for number, line in numbered(path, text):
            if PROMISE.search(line):
                yield error(path, number, "do it, or leave it out: no notes to come back")


def numbered(path, text):
    return [] if path.startswith(OWN) or path.endswith(("lock", "-lock.json")) else enumerate(text.splitlines(), 1)


def both_languages(tree):
    """Labels in C and the rows of errors.def: Chinese is Chinese, English is there and is not."""
    for path, text in tree.items():
        pattern = ERROR_ROW if path.endswith("errors.def") else LABEL if path.startswith("src/") else None
        for match in pattern.finditer(text) if pattern else ():
            line = text.count("\n", 0, match.start()) + 1
            if not match[2] or CHINESE.search(match[2]):
                yield error(path, line, f"no English for {match[1]}")
            if match[2] and re.search("[a-z]{3}", match[2]) and not CHINESE.search(match[1]):
                yield warning(path, line, f"is this Chinese? {match[1]}")
            if match[1].count("%s") != match[2].count("%s"):
                yield error(path, line, f"the two languages take different values: {match[1]}")


def by_keyboard_alone(tree):
    """What is told as done by keyboard is done by it: no mouse, no focus that the test sets, no key that a locator takes to its place."""
    for path, text in tree.items():
        for number, line in enumerate(text.splitlines(), 1) if BY_KEYBOARD.match(path) else ():
            found = NOT_A_KEY.search(line)
            if found:
                yield error(path, number, f"{found[0].rstrip('(')} is not done by keyboard")


def small_generators(tree):
    total = sum(text.count("\n") for path, text in tree.items() if path.startswith("tools/gen/") and not path.endswith("_test.py"))
    if total > GENERATOR_LINES:
        yield error("tools/gen", 1, f"{total} lines together; {GENERATOR_LINES} is the limit")


def long_lines(tree):
    for path, text in tree.items():
        if path.endswith((".c", ".h", ".py", ".sh")) and not path.startswith("tests/data/"):
            for number, line in numbered(path, text):
                if len(line.expandtabs(8)) > LINE_LENGTH:
                    yield warning(path, number, f"{len(line.expandtabs(8))} columns")


def laid_out(tree):
    for path, text in tree.items():
        if tidy(path, text) != text:
            yield error(path, 1, "blanks at line ends or empty lines together: ./dev fmt")


RULES = [laid_out, head_comment, machine_paths, promises, both_languages, by_keyboard_alone, small_generators, long_lines]
