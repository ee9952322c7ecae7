"""settings.def is the one place of a setting: each is read somewhere, has both languages, and stands in the operators' guide as it is.

Run by itself (by ./dev fmt) it writes the tables of docs/guide/operator/settings.md anew.
"""
import re
from pathlib import Path

from source import error, line_of

TABLE = "src/base/settings.def"
CHOICES = "src/base/setting.c"
GUIDE = "docs/guide/operator/settings.md"
STRING = r'"((?:\\.|[^"\\])*)"'
ROW = re.compile(rf'^(SETTING|WORD)\((\w+), {STRING}, (SERVER|COMPANY), ([^"]*?),? ?{STRING},\s*{STRING}, {STRING},\s*{STRING}, {STRING}\)', re.M)
CHINESE = re.compile("[\u4e00-\u9fff]")
MARK = "<!-- made from src/base/settings.def by ./dev fmt -->"
UNIT = re.compile(rf'^UNIT\((\w+), {STRING}, \d+, {STRING}, {STRING}\)', re.M)
HEAD = "| name | what | default | from – to | unit |\n|---|---|---|---|---|\n"


def rows(text):
    """(line, kind, id, name, whose, numbers, zh, en, help zh, help en) of each setting."""
    for match in ROW.finditer(text):
        kind, id, name, whose, numbers, _, *words = match.groups()
        yield line_of(text, match.start()), kind, id, name, whose, [n.strip() for n in numbers.split(",")], *words


def choices(code):
    """The words of each table of choices, in their order."""
    tables = re.findall(r"^static const struct choice (\w+)\[\] = \{(.*?)\{ 0 \},?\s*\};", code, re.M | re.S)
    return {name: re.findall(rf"\{{ {STRING},", body) for name, body in tables}


def word(numbers, words):
    """The default of a WORD: a place in its table, or a constant of C named after the word there."""
    table, place = numbers
    known = words.get(table, [])
    if place.isdigit():
        return known[int(place)] if int(place) < len(known) else None
    return next((one for one in known if place.lower().endswith("_" + one)), None)


def amount(number, unit):
    """Sizes in the largest unit in which they are whole."""
    for size, name in ((1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "KB")) if unit == "BYTES" else ():
        if int(number) % size == 0 and int(number):
            return f"{int(number) // size:,} {name}"
    return f"{int(number):,}"


def table(text, code, whose):
    words = choices(code)
    units = {id: en for id, _, _, en in UNIT.findall(text)}
    out = HEAD
    for _, kind, _, name, owner, numbers, _, en, _, help in rows(text):
        if owner != whose:
            continue
        if kind == "WORD":
            out += f"| `{name}` | {en}. {help} | `{word(numbers, words)}` | {', '.join(f'`{one}`' for one in words.get(numbers[0], []))} | a word |\n"
            continue
        _, unit, initial, least, most = numbers
        out += f"| `{name}` | {en}. {help} | {amount(initial, unit)} | {amount(least, unit)} – {amount(most, unit)} | {units[unit]} |\n"
    return out


def rendered(guide, text, code):
    """The guide with its two tables as the settings are now."""
    parts = re.split(rf"({re.escape(MARK)}\n)(?:\|[^\n]*\n)*", guide)
    if len(parts) != 5:
        return None
    return parts[0] + parts[1] + table(text, code, "COMPANY") + parts[2] + parts[3] + table(text, code, "SERVER") + parts[4]


def in_the_guide(tree):
    guide = tree.get(GUIDE, "")
    made = rendered(guide, tree.get(TABLE, ""), tree.get(CHOICES, ""))
    if TABLE in tree and (made is None or made != guide):
        yield error(GUIDE, 1, "its tables are not those of settings.def: ./dev fmt")


SAID = re.compile(r"`(\w+\.\w+)`(?: \((\d[\d,.]*)(?: (GB|MB|KB|ms|s|minutes|hours|days)\b)?[^)]*\)|(?: \|[^|\n]*)\| (\d[\d,.]*) (days|hours) \|)")
SIZES = {"KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30, "ms": 1, "s": 1000, "minutes": 60_000, "hours": 3_600_000, "days": 86_400_000}


def said_elsewhere(tree):
    """A default that another page of the guides says, in brackets behind the name or at the end of its row, is the one of settings.def."""
    text = tree.get(TABLE, "")
    milliseconds = {id: int(ms) for id, ms in re.findall(r'^UNIT\((\w+), "\w+", (\d+),', text, re.M)}
    known = {name: (int(numbers[2]), numbers[1]) for _, kind, _, name, _, numbers, *_ in rows(text) if kind == "SETTING"}
    for path, page in tree.items():
        if not path.startswith("docs/guide/") or not path.endswith(".md") or path == GUIDE:
            continue
        for match in SAID.finditer(page):
            name, number, unit = match[1], match[2] or match[4], match[3] or match[5]
            if name not in known:
                continue
            initial, own = known[name]
            if float(number.replace(",", "")) * SIZES.get(unit, 1) != initial * (milliseconds.get(own) or 1 if unit else 1):
                yield error(path, line_of(page, match.start()), f"{name} is {amount(initial, own)}, not {number}{' ' + unit if unit else ''}")


def all_read(tree):
    """Every row is one that the expression understands, and some code asks for its value."""
    text = tree.get(TABLE, "")
    code = "\n".join(t for path, t in tree.items() if path.startswith("src/") and path.endswith(".c") and "_test" not in path and not path.startswith("src/base/"))
    known = list(rows(text))
    if len(known) != len(re.findall(r"^(?:SETTING|WORD)\(", text, re.M)):
        yield error(TABLE, 1, "a row that cannot be read: NAME(id, name, whose, …, right, label zh, label en, help zh, help en)")
    for line, _, id, name, *_ in known:
        if not re.search(rf"\bSETTING_{id}\b", code):
            yield error(TABLE, line, f"{name} is read nowhere")


def both_languages(tree):
    for line, _, _, name, _, _, *words in rows(tree.get(TABLE, "")):
        for zh, en in zip(words[::2], words[1::2]):
            if not CHINESE.search(zh) or not en or CHINESE.search(en):
                yield error(TABLE, line, f"{name}: {zh} and {en} are not the two languages")


def words_known(tree):
    """The default of a word is one of its words."""
    words = choices(tree.get(CHOICES, ""))
    for line, kind, _, name, _, numbers, *_ in rows(tree.get(TABLE, "")):
        if kind == "WORD" and word(numbers, words) is None:
            yield error(TABLE, line, f"{name}: {numbers[1]} is no place in {numbers[0]} of {CHOICES}")


RULES = [in_the_guide, said_elsewhere, all_read, both_languages, words_known]

if __name__ == "__main__":
    root = Path(__file__).resolve().parents[2]
    made = rendered((root / GUIDE).read_text(), (root / TABLE).read_text(), (root / CHOICES).read_text())
    if made:
        (root / GUIDE).write_text(made)
