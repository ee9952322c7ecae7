"""knowledge.py PACK_FOLDER OUT: the knowledge of a pack (docs/guide/developer/packs.md) as one list of entries, sorted by code, as
src/domain/knowledge reads it. What is not whole stops the build, with the file and the code at fault."""
import hashlib
import json
import sys
from pathlib import Path

SAFETY = "safety.json"
KINDS = {"questions": "faq", "codes": "fault_code", "trees": "fault_tree"}


def refuse(where, why):
    sys.exit(f"{where}: {why}")


def both(where, label):
    if not isinstance(label, dict) or not label.get("zh") or not label.get("en"):
        refuse(where, "a text in both languages is wanted")
    return {"zh": label["zh"], "en": label["en"]}


def product_of(folder):
    return "" if folder == "general" else folder


def question(where, product, q):
    return {"code": q["id"], "kind": "faq", "product": product, "topic": q["kind"], "title": both(where, q["question"]), "body": both(where, q["answer"]),
            "phrasings": q["phrasings"], "danger": q.get("danger", ""), "act": q.get("do", ""), "source": q.get("source", ""),
            "see": [q["tree"]] if q.get("tree") else [], "codes": q.get("codes", [])}


def fault_code(where, product, c):
    return {"code": f"{product}-{c['code']}", "kind": "fault_code", "product": product, "topic": "code", "fault_code": c["code"], "models": c["models"],
            "title": both(where, c["meaning"]), "cause": both(where, c["cause"]), "body": both(where, c["do"]), "danger": c.get("danger", ""),
            "source": c.get("source", ""), "see": [c[k] for k in ("question", "tree") if c.get(k)]}


def fault_tree(where, product, t):
    check_tree(where, t)
    return {"code": t["id"], "kind": "fault_tree", "product": product, "topic": "fault", "title": both(where, t["title"]),
            "tree": {"start": t["start"], "nodes": t["nodes"]}, "see": [t["question"]] if t.get("question") else []}


def check_tree(where, t):
    seen, todo = set(), [t["start"]]
    while todo:
        name = todo.pop()
        node = t["nodes"].get(name) or refuse(where, f"no node {name}")
        if name not in seen and "ask" in node:
            todo += [choice["go"] for choice in node["choices"]]
        elif "ask" not in node and node.get("end") not in ("solved", "report", "stop"):
            refuse(where, f"node {name} does not end")
        seen.add(name)
    if set(t["nodes"]) - seen:
        refuse(where, f"never reached: {sorted(set(t['nodes']) - seen)}")


MAKE = {"faq": question, "fault_code": fault_code, "fault_tree": fault_tree}


def read(folder):
    for path in sorted(folder.glob("*/*.json")):
        if path.name == SAFETY:
            continue
        kind = KINDS.get(path.stem) or refuse(path, "questions, codes or trees is wanted")
        for said in json.loads(path.read_text(encoding="utf-8")):
            yield MAKE[kind](f"{path} {said.get('id') or said.get('code')}", product_of(path.parent.name), said)


def safety(folder):
    """What danger sounds like, what sounds like it and is none, and what is said at once."""
    for path in sorted(folder.glob(f"*/{SAFETY}")):
        for rule in json.loads(path.read_text(encoding="utf-8")):
            if not rule["words"] or not rule["source"]:
                refuse(f"{path} {rule['id']}", "words and a source are wanted")
            yield {"id": rule["id"], "words": rule["words"], "not": rule.get("not", []), "text": both(path, rule["text"]), "source": rule["source"]}


def name_alike(entries):
    """The same letters may mean something else on another model."""
    seen = set()
    for e in entries:
        if e["code"] in seen and e["kind"] == "fault_code":
            e["code"] += "-" + e["models"][0]
        if e["code"] in seen:
            refuse(e["code"], "is there twice")
        seen.add(e["code"])


def tie(entries):
    """What a question names by letters, and what names something that is not there."""
    codes = {e["code"] for e in entries}
    letters = {}
    for e in entries:
        letters.setdefault((e["product"], e.get("fault_code")), []).append(e["code"])
    for e in entries:
        for c in e.pop("codes", []):
            e["see"] += letters.get((e["product"], c)) or refuse(e["code"], f"no fault code {c}")
        missing = [s for s in e["see"] if s not in codes]
        if missing:
            refuse(e["code"], f"names {missing}")


def main(folder, out):
    entries = list(read(Path(folder) / "knowledge"))
    name_alike(entries)
    tie(entries)
    for e in entries:
        e["sum"] = hashlib.sha256(json.dumps(e, sort_keys=True).encode()).hexdigest()[:16]
    entries.sort(key=lambda e: e["code"].encode())
    rules = list(safety(Path(folder) / "knowledge"))
    total = hashlib.sha256(("".join(e["sum"] for e in entries) + json.dumps(rules)).encode()).hexdigest()[:15]
    Path(out).write_text(json.dumps({"sum": int(total, 16), "entries": entries, "safety": rules}, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
