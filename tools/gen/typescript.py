#!/usr/bin/env python3
"""OpenAPI on standard input → TypeScript on standard output: a type per schema and a line per call.

`anxin openapi | tools/gen/typescript.py > web/shared/api/generated.ts`. The pages check paths, bodies and answers against it
(`client.call('POST /ticket/{id}/comment', …)`); nothing of it is left in what the browser loads. Reads only the part of OpenAPI
that core/api/openapi.c writes, and stops at anything else.
"""
import json
import sys

HEAD = "/* Made by tools/gen/typescript.py from the server's own description. Not edited, not committed. */\n"
PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}


def type_of(schema, depth=0):
    """The TypeScript type of one JSON schema."""
    if "$ref" in schema:
        return f"Schemas['{schema['$ref'].rsplit('/', 1)[1]}']"
    if "anyOf" in schema:
        return " | ".join(type_of(s, depth) for s in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(json.dumps(v) for v in schema["enum"])
    if isinstance(schema.get("type"), list):
        return " | ".join(type_of({**schema, "type": t}, depth) for t in schema["type"])
    kind = schema.get("type")
    if kind in PLAIN:
        return PLAIN[kind]
    if kind == "array":
        inner = type_of(schema.get("items", {}), depth)
        return f"({inner})[]" if " | " in inner else f"{inner}[]"
    if kind == "object":
        return object_of(schema, depth)
    if not schema or set(schema) <= {"description"}:
        return "unknown"
    raise SystemExit(f"typescript.py: unknown schema {schema}")


def object_of(schema, depth):
    fields = schema.get("properties")
    if not fields:
        more = schema.get("additionalProperties")
        return f"Record<string, {type_of(more, depth)}>" if isinstance(more, dict) else "Record<string, unknown>"
    required = set(schema.get("required", ()))
    pad = "\t" * (depth + 2)
    lines = [f"{pad}{name}{'' if name in required else '?'}: {type_of(field, depth + 1)}" for name, field in fields.items()]
    return "{\n" + "\n".join(lines) + "\n" + "\t" * (depth + 1) + "}"


def parameters(operation, place):
    schema = {"type": "object", "properties": {}, "required": []}
    for p in operation.get("parameters", ()):
        if p["in"] == place:
            schema["properties"][p["name"]] = p["schema"]
            if p.get("required"):
                schema["required"].append(p["name"])
    return schema if schema["properties"] else None


def content(part):
    return next(iter(part.get("content", {}).values()), {}).get("schema")


def reply(operation):
    """What a success answers; `unknown` where the server writes it freely."""
    for status, answer in operation["responses"].items():
        if status.startswith("2"):
            schema = content(answer)
            return type_of(schema, 1) if schema and schema != {"type": "object"} else "unknown"
    return "unknown"


def call(path, method, operation):
    path = path.removeprefix("/api/v1")
    body = content(operation.get("requestBody", {}))
    parts = {
        "path": parameters(operation, "path"),
        "query": parameters(operation, "query"),
        "body": body,
    }
    lines = [f"\t\t{name}: {type_of(schema, 1)}" if schema else f"\t\t{name}?: undefined" for name, schema in parts.items()]
    return f"\t'{method.upper()} {path}': {{\n" + "\n".join(lines) + f"\n\t\treply: {reply(operation)}\n\t}}"


def main():
    api = json.load(sys.stdin)
    out = [HEAD, "export interface Schemas {"]
    out += [f"\t{name}: {type_of(schema)}" for name, schema in api["components"]["schemas"].items()]
    out += ["}", "", "export interface Calls {"]
    out += [call(path, method, op) for path, methods in api["paths"].items() for method, op in methods.items()]
    out.append("}")
    print("\n".join(out))


if __name__ == "__main__":
    main()
