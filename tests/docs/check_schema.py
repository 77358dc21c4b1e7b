#!/usr/bin/env python3
"""The output of patctl ($PATCTL) and the samples fit docs/schema/; the schemas catch what is wrong, and know every word."""

import copy
import json
import pathlib

from json_schema import errors
from words import Report, enumerators, patctl, read

SCHEMAS = {name: json.loads(read(f"docs/schema/{name}-1.json")) for name in ("api", "discover", "health", "status", "doctor", "watch", "dcs-dump", "fleet")}
report = Report("check_schema")


def validate(title, document):
    schema = SCHEMAS[document["format"].split(".")[1].split("/")[0]]
    report.wrong += [f"{title}: {line}" for line in errors(document, schema)]


def known_fields(title, value, schema, root, where="$"):
    """Every field that the program prints is in the schema: a new one needs a sentence there."""
    while "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    if isinstance(value, dict) and "properties" in schema:
        for name, inner in value.items():
            if name not in schema["properties"]:
                report.wrong.append(f"{title}: {where}.{name} is not in the schema")
            else:
                known_fields(title, inner, schema["properties"][name], root, f"{where}.{name}")
    for item in value if isinstance(value, list) and "items" in schema else ():
        known_fields(title, item, schema["items"], root, f"{where}[]")


def objects(schema, where="$"):
    """Every object of a schema: (where, its schema)."""
    if "properties" in schema:
        yield where, schema
    for name, inner in [*schema.get("properties", {}).items(), *schema.get("$defs", {}).items()]:
        yield from objects(inner, f"{where}.{name}")
    if "items" in schema:
        yield from objects(schema["items"], f"{where}[]")


# Samples of real clusters.
for path in sorted((pathlib.Path(__file__).parent / "samples").glob("*.json")):
    document = json.loads(path.read_text(encoding="utf-8"))
    validate(path.name, document)

# The schemas: open for new fields, strict about types, and each field of an object is always there.
for name, schema in SCHEMAS.items():
    for where, inner in objects(schema):
        if "additionalProperties" in inner or set(inner["required"]) != set(inner["properties"]):
            report.wrong.append(f"{name}-1.json: {where}: closed, or a field that is not required")

WRONG = [
    ("a field is missing", lambda status: status["clusters"][0]["members"][0].pop("lag_bytes")),
    ("a number as text", lambda status: status["clusters"][0]["members"][0].update(timeline="1")),
    ("true as a number", lambda status: status["clusters"][0]["members"][0].update(lag_bytes=True)),
    ("a negative lag", lambda status: status["clusters"][0]["members"][0].update(lag_bytes=-1)),
    ("an unknown verdict", lambda status: status["clusters"][0].update(verdict="fine")),
    ("a position as a number", lambda status: status["clusters"][0]["members"][0].update(lsn=100)),
    ("another format", lambda status: status.update(format="patroni.status/2")),
    ("a port out of range", lambda status: status["clusters"][0]["members"][0].update(port=65536)),
]
sample = json.loads(read("tests/docs/samples/status-degraded.json"))
for title, spoil in WRONG:
    spoilt = copy.deepcopy(sample)
    spoil(spoilt)
    if not errors(spoilt, SCHEMAS["status"]):
        report.wrong.append(f"status-1.json accepts {title}")
sample["clusters"][0]["members"][0]["new_field"] = 1
if errors(sample, SCHEMAS["status"]):
    report.wrong.append("status-1.json does not accept a new field")

# The closed lists of words are those of the headers.
member = SCHEMAS["status"]["$defs"]["member"]["properties"]
cluster = SCHEMAS["status"]["$defs"]["cluster"]["properties"]
for what, header, enumeration, words in (
        ("role", "member_status.hpp", "Role", member["role"]["enum"]),
        ("verdict", "status.hpp", "Verdict", cluster["verdict"]["enum"]),
        ("delivery", "error.hpp", "Delivery", member["error"]["properties"]["delivery"]["enum"])):
    report.same(what, enumerators(header, enumeration), words)

if report.wrong:
    report.end()  # before the program, which may not be there

# The program: a member that refuses connections, and a source that cannot be read.
for command, source, expected in (("api", ["GET", "/patroni", "--members", "127.0.0.1:1"], 5),
                                  ("health", ["127.0.0.1:1", "/", "--members", "127.0.0.1:1"], 5),
                                  ("discover", ["--members", "127.0.0.1:1"], 0), ("status", ["--members", "127.0.0.1:1"], 5),
                                  ("discover", ["--etcd3", "127.0.0.1:1"], 5), ("status", ["--api", "127.0.0.1:1"], 5),
                                  ("doctor", ["--members", "127.0.0.1:1"], 5), ("doctor", ["--etcd3", "127.0.0.1:1", "demo"], 5)):
    title = " ".join([command, *source])
    done = patctl(command, *source, "-f", "json")
    if done.returncode != expected:
        report.wrong.append(f"{title}: exit {done.returncode}, expected {expected}: {done.stderr.strip()}")
    try:
        document = json.loads(done.stdout)
    except ValueError as error:
        report.wrong.append(f"{title}: no JSON ({error})")
        continue
    if document.get("format") != f"patroni.{command}/1":
        report.wrong.append(f"{title}: format is {document.get('format')}")
        continue
    validate(title, document)
    known_fields(title, document, SCHEMAS[command], SCHEMAS[command])
report.end()
