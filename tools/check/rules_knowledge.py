"""Rules about what a pack knows: people ask in their own words, so no phrasing or answer may be another one with the name of the product changed.

Compared in pairs of neighbouring characters, 2 × common ÷ all, as the console does; over 0.6 two texts are one. Inside of a question no two phrasings
may be one. Between products, with the names of products taken out, one pattern may serve two of them at most.
"""
import collections
import json
import re

from source import error

MOST = 0.6
MOST_PRODUCTS = 2
GENERAL = "general"
FILE = re.compile(r"packs/([a-z_]+)/knowledge/([a-z_]+)/questions\.json")

# What is not compared between products, and why.
ALLOWED = [
    (re.compile(r"[a-z]{1,2}-?\d{1,3}|e[一二三四五六七八九十]|e加\d"), "it names a fault code: its letters tell it apart before anything else does (ADR 48), and on every display people read letters"),
    (re.compile(r"着火|冒烟|带电|漏电|触电"), "who is in danger says just that; safety rules hear it before any question does (ADR 52)"),
]


def plain(text, names=()):
    text = text.lower()
    for name in names:
        text = text.replace(name, "")
    return re.sub(r"[\s\W_]+", "", text)


def pairs(text):
    return frozenset(text[i:i + 2] for i in range(len(text) - 1)) or frozenset([text])


def alike(a, b):
    return 2 * len(a & b) / (len(a) + len(b))


def product_names(tree, pack):
    words = json.loads(tree.get(f"packs/{pack}/knowledge/words.json", "{}"))
    return sorted({name.lower() for names in words.get("products", {}).values() for name in names}, key=len, reverse=True)


def questions(tree):
    for path, text in sorted(tree.items()):
        if place := FILE.fullmatch(path):
            for question in json.loads(text):
                yield path, place[1], place[2], question


def line_with(tree, path, text):
    at = tree[path].find(json.dumps(text, ensure_ascii=False))
    return tree[path].count("\n", 0, max(at, 0)) + 1


def phrasings_apart(tree):
    for path, _, _, question in questions(tree):
        said = [(text, pairs(plain(text))) for text in question["phrasings"]]
        for i, (text, mine) in enumerate(said):
            for other, theirs in said[:i]:
                if alike(mine, theirs) > MOST:
                    yield error(path, line_with(tree, path, text), f"{question['id']}: “{text}” says the same as “{other}”")


def shared_patterns(texts):
    """Of (where, product, pairs): those that are one with texts of too many other products, and with which."""
    having = collections.defaultdict(list)
    for n, (_, _, mine) in enumerate(texts):
        for pair in mine:
            having[pair].append(n)
    for where, product, mine in texts:
        common = collections.Counter(n for pair in mine for n in having[pair])
        served = {product: where}
        for n, many in common.items():
            if 2 * many / (len(mine) + len(texts[n][2])) > MOST:
                served.setdefault(texts[n][1], texts[n][0])
        if len(served) > MOST_PRODUCTS:
            yield where, [other for other in served.values() if other != where]


def products_apart(tree):
    packs = collections.defaultdict(lambda: {"phrasings": [], "answers": []})
    for path, pack, product, question in questions(tree):
        if product == GENERAL:
            continue
        names = product_names(tree, pack)
        for text in question["phrasings"]:
            if not any(pattern.search(text.lower()) for pattern, _ in ALLOWED):
                packs[pack]["phrasings"].append(((path, question["id"], text), product, pairs(plain(text, names))))
        answer = question["answer"]["zh"]
        packs[pack]["answers"].append(((path, question["id"], answer), product, pairs(plain(answer, names))))
    for kinds in packs.values():
        for texts in kinds.values():
            for (path, id, text), others in shared_patterns(texts):
                told = "”, “".join(f"{other[1]} {other[2][:30]}" for other in others[:3])
                yield error(path, line_with(tree, path, text), f"{id}: “{text[:30]}” serves {len(others) + 1} products by changing the name: “{told}”")


RULES = [phrasings_apart, products_apart]
