#!/usr/bin/env python3
"""Fills fuzz/corpus from tests/data: few and different inputs. Leaves `found-*` alone."""
import glob
import json
import os

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(HERE, "..", "tests", "data")
LIMIT = 30

URLS = """http://pg1:8008/patroni|https://[fe80::1%25eth0]:8008/a?b=c|postgres://u:s3cret@h1:1,h2:2/db|pg1:8008|[::1]:8008
2001:db8::1|http://us%40er:s3cret%3A@pg1|postgresql://u:p@[::1],h2/db?application_name=http://x:1/|etcd://a:2379
http://u:s3cret%zz@x|http://pg1/s3cret x|pg1|http://h1,s3cret:2/|https://pg1/#s3cret|10.0.0.1:65535""".replace("\n", "|").split("|")
TIMES = """2016-07-08 06:03:11.407 UTC|2016-07-08 06:03:11.407 +03|2016-07-08 08:03:11.407 CEST|2024-08-28 19:39:26.352526+00:00
2026-01-02 03:04:05+00:00|2023-09-24T10:36:00-02:30|2026-11-23T18:10:34.665433629Z|1900-01-01 00:00:00+00:19:32|0001-01-01 00:00:00+23:59
16/B374D848|0/0|FFFFFFFF/FFFFFFFF|4.1.4|0.90|4.0.0rc1|9999-12-31T23:59:59-23:59""".replace("\n", "|").split("|")


def lines(path):
    with open(os.path.join(DATA, path), encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def shape(value):
    """Types and keys without the values: two documents of one shape teach a fuzzer little."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


def different(texts, key):
    seen = {}
    for text in texts:
        seen.setdefault(json.dumps(key(text), sort_keys=True), text)
    chosen = sorted(seen.values(), key=len)
    step = max(1, len(chosen) // LIMIT)
    return chosen[::step][:LIMIT]


def write(target, texts):
    folder = os.path.join(HERE, "corpus", target)
    os.makedirs(folder, exist_ok=True)
    for old in glob.glob(os.path.join(folder, "seed-*")):
        os.remove(old)
    for number, text in enumerate(texts):
        with open(os.path.join(folder, "seed-%02d" % number), "w", encoding="utf-8", newline="") as file:
            file.write(text)


status = [row["body"] for row in lines("recordings/status.jsonl")]
cluster = [row["body"] for row in lines("recordings/cluster.jsonl")]
other = [row["body"] for row in lines("recordings/other.jsonl")]
yaml = [row["yaml"] for row in lines("yaml/load.jsonl") if not row["yaml"].startswith("k: ")]
scalars = [row["yaml"][3:] for row in lines("yaml/load.jsonl") if row["yaml"].startswith("k: ")]
dcs = ["".join("%s=%s\n" % item for item in row["keys"].items()) for row in lines("recordings/dcs.jsonl")]

write("member_status", different(status, lambda text: shape(json.loads(text))))
write("cluster_overview", different(cluster, lambda text: shape(json.loads(text))))
write("value", different(status[:200] + cluster + other, lambda text: shape(json.loads(text)))[:20]
      + [row["json"] for row in lines("yaml/dump.jsonl")][::40]
      + ["[-0,1e3,1.40,18446744073709551616,1E400]"])
write("yaml", ["- " + "- ".join(scalars)] + yaml[::2][: LIMIT + 5])
write("dcs_cluster", different(dcs, lambda text: sorted(line.split("=")[0] for line in text.splitlines())
                               + ["standby_cluster" in text, "quorum" in text, '"pause":true' in text]))
write("url", URLS)
write("timestamp", TIMES)
