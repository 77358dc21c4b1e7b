#!/usr/bin/env python3
"""Writes load.jsonl and dump.jsonl beside this file: what PyYAML (6.0) makes of the texts below."""
import json
import os

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))

SCALARS = """
yes|Yes|YES|yEs|no|No|NO|on|On|ON|off|Off|OFF|true|True|TRUE|false|False|FALSE|y|n|tRue
~|null|Null|NULL|nUll|none
0|-0|+0|7|-5|+5|1_000|1__0|_1|10_|0x1F|0xff|0x_F|-0x10|0X1F|0b11|-0b1|0b12|0o17|0644|010|-010|08|0_7|00
12:30:45|1:0|190:20:30|12:60|12:5:7|-1:30|0:30|1:2:3:4|12:|:12|1:234
9223372036854775807|9223372036854775808|18446744073709551615|18446744073709551616|-9223372036854775808
-9223372036854775809|123456789012345678901234567890|1 000|1,000
1.5|1.|.5|-.5|+.5|-1.5|+1.5|1.0e+3|1.e+3|1.5e-7|1e3|1.0e3|1.0E+10|.5e+1|1_0.5_0|._5|1._5|0.1|1.10|100.0|1.0e+20
1.0e+16|123456789012345680.0|1.0e-5|0.0001|0.00001234|5.0e-324|1.7976931348623157e+308|-0.0|190:20:30.15|1:30.|3.14159
.inf|-.inf|+.inf|.Inf|.INF|.iNF|.nan|.NaN|.NAN|-.nan|1.2.3|1.5x|.|..|-|+
2001-01-01|2001-1-1|2001-01-01T10:00:00Z|2001-01-01 10:00:00|2001-01-01 10:00:00.5 +1|2001-1-1t1:00:00-05:30
2001-01-01 10:00|2001-01-0x|2001-01-01 10:00:00 UTC
=|<<|a b|a:b|a#b|http://pg1:8008/|'yes'|"1"|''|""|"a\\tb\\u00e9"|'it''s'|!!str 1|!!int "7"|!!float "1.5"|!!bool "yes"
!!null ""|! 1|!!str
"""

DOCUMENTS = [
    "", "# only a comment\n", "---\n", "--- 1\n", "a: 1\n...\n", "a: 1\n---\nb: 2\n", "%YAML 1.1\n---\na: 1\n",
    "a: 1\nb: [1, two, {c: 3}]\nc:\n- x\n- y: 1\n  z: 2\n", "a: 1\na: 2\nb: 3\na: 4\n",
    "1: a\n1.5: b\nno: c\n~: d\n2001-01-01: e\n0x10: f\n", "? a\n: 1\n", "? [a, b]\n: 1\n", "{a: 1}: 2\n",
    "a: &x 1\nb: *x\n", "a: &x {k: [1, 2]}\nb: *x\nc: [*x, *x]\n", "a: *x\n", "a: &x [*x]\n", "a: &x {b: *x}\n",
    "a: &x 1\nb: &x 2\nc: *x\n", "&k key: 1\nother: *k\n",
    "base: &b {x: 1, y: 2}\nuse:\n  <<: *b\n  y: 3\n  z: 4\n",
    "use:\n  y: 3\n  <<: {x: 1, y: 2}\n", "a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc: {<<: [*a, *b], z: 3}\n",
    "a: {<<: 1}\n", "a: {<<: [1]}\n", "a: {'<<': 1}\n", "a: {\"<<\": {x: 1}}\n", "a: {<<: {x: 1}, <<: {y: 2, x: 3}}\n",
    "a: |\n  one\n  two\n", "a: |-\n  one\n\n  two\n", "a: >\n  one\n  two\n\n  three\n", "a: >+\n  x\n\n",
    "a: one\n  two\n", "a: 'one\n  two'\n", "a: \"one\\\n  two\"\n",
    "a: !foo 1\n", "a: !!python/object:os.system x\n", "a: !!binary aGk=\n", "a: !!map {x: 1}\n", "a: !!seq [1]\n",
    "a: [1, 2\n", "a: 'x\n", "a:\n\t- b\n", "a: b: c\n", "- a\n b\n", "[1, 2]]\n", "a: @x\n", "a: `x\n", "key\n", "a: %x\n",
    "a: \x01\n", "a: \u2028x\n", "\ufeffa: 1\n", "a: z\u00fcrich \u65e5\u672c\n", "a: \U0001f418\n", "- - - 1\n  - 2\n- 3\n",
    "a:\nb: ''\nc: \"\"\nd: {}\ne: []\n", "etcd3:\n  hosts:\n  - 10.0.0.1:2379\n  - 10.0.0.2:2379\n  username: u\n",
    "a: x # comment\nb: x#no comment\n", "a:   \n  b\n", "!!set {a, b}\n", "a: [1, , 2]\n", "a: {b, c: }\n",
]

TEXTS = [
    " ", "a", "a b", " a", "a ", "yes", "No", "on", "y", "null", "~", "1", "1.5", "1e3", "0o17", "0x1F", "1_000", "12:30",
    "12:30:45.5", ".inf", ".nan", "2001-01-01", "2001-01-01 10:00:00", "=", "<<", "-", "- a", "-a", "?", "? a", "?a", ":", ": a",
    ":a", "a:", "a: b", "a:b", "a #b", "a#b", "#a", ",a", "[a", "]a", "{a", "}a", "&a", "*a", "!a", "|a", ">a", "'a", '"a', "%a",
    "@a", "`a", "a'b", 'a"b', "a,b", "[a]", "{a}", "---", "--- a", "...", "... a", "a\nb", "a\n", "\na", "a\n b", "a \nb", "a\tb",
    "\t", "a\x07b", "a\x00b", "a\x1bb", "a\x7fb", "a\u00a0b", "\u2028", "\ufeff", "z\u00fcrich", "\u65e5\u672c",
    "a\\b", "x" * 300, "x y " * 100, "a" * 122, "line1\nline2\nline3", "it's", "100%", "host=pg1 port=5432", "16MB", "*", "&", "!",
    "%", "@", "password: 's3cret'", "http://pg1:8008/patroni", "a: 'b' \"c\"", "/var/lib/postgresql", "${x}", "\\", "\"", "'",
]

# Where libyaml's emitter differs from PyYAML's own.
LIBYAML_DIFFERS = [{"k": "\u0085"}, {"": 1}, {"a" * 123: 1}, {"a" * 127: 1}, {"k": "\U0001f418"}]

VALUES = ["",
    None, True, False, 0, -5, 2**63 - 1, 2**63, 2**64 - 1, 2**64, 1.5, 3.0, 1e20, 1e-7, 1e16, 123456789.123, 0.1, -0.0, 5e-324,
    [], {}, [[]], [{}], {"a": []}, {"a": {}}, [1, [2, [3, [4]]]], [[[1, 2], 3], {"a": [1, {"b": 2}]}],
    {"b": 1, "a": 2, "1": 3, "yes": 4, "x\ny": 6, "k" * 130: 7, "c d": {"e": {"f": [1, {"g": None}]}}},
    [{"a": 1, "b": 2}, {"c": [1, 2]}], {"ttl": 30, "postgresql": {"parameters": {"wal_level": "replica"}, "use_slots": True}},
    {"pg_hba": ["host all all 0.0.0.0/0 md5", "local all all trust"], "n": 1.10, "s": "1.10"},
]


class Loader(yaml.SafeLoader):
    """JSON cannot hold dates: the decoder under test leaves them as text."""


Loader.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: node.value)


def load_row(text):
    try:
        value = yaml.load(text, Loader)
        return {"yaml": text, "json": json.dumps(value, ensure_ascii=False, separators=(",", ":"))}
    except (yaml.YAMLError, ValueError, TypeError) as error:
        return {"yaml": text, "error": type(error).__name__}


def dump_row(value):
    text = yaml.safe_dump(value, default_flow_style=False, sort_keys=False, allow_unicode=True, width=1000000)
    return {"json": json.dumps(value), "yaml": text}


def write(name, rows):
    with open(os.path.join(HERE, name), "w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps(row) + "\n")


scalars = [word for line in SCALARS.strip().split("\n") for word in line.split("|")]
write("load.jsonl", [load_row("k: " + s + "\n") for s in scalars] + [load_row("[" + s + "]") for s in scalars[:20]]
      + [load_row(d) for d in DOCUMENTS])
write("dump.jsonl", [dump_row({"k": v}) for v in TEXTS + VALUES] + [dump_row([t]) for t in TEXTS]
      + [dump_row({t: 1}) for t in TEXTS] + [dump_row(v) for v in VALUES if isinstance(v, (dict, list))])
