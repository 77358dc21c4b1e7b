#!/usr/bin/env python3
"""Fills fuzz/corpus from tests/data: few and different inputs. Leaves `found-*` alone."""
import base64
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
        with open(os.path.join(folder, "seed-%02d" % number), "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())


def zookeeper():
    """Recorded answers one by one (2), and what a server says on a connection (0: 3.6 and newer, 1: older)."""
    with open(os.path.join(DATA, "dcs-samples", "zookeeper-wire-frames.json"), encoding="utf-8") as file:
        frames = json.load(file)["frames"]
    answers = {frame["what"]: bytes.fromhex(frame["hex"]) for frame in frames if frame["dir"] == "<"}
    welcome = bytes.fromhex(next(frame["hex"] for frame in frames if frame["what"] == "ConnectResponse"))  # The later ones are others.

    def number(value, size=4):
        return value.to_bytes(size, "big", signed=True)

    def text(value):
        return number(len(value)) + value

    def names(*values):
        return number(len(values)) + b"".join(text(value) for value in values)

    def data(value, children=0):
        return text(value) + number(3, 8) + number(9, 8) + bytes(16) + bytes(12) + bytes(8) + number(len(value)) + number(children) + number(9, 8)

    def reply(xid, body, error=0):
        return number(xid) + number(50, 8) + number(error) + body

    def parts(*bodies):
        return b"".join(number(op) + b"\0" + number(0 if op > 0 else -101) + body for op, body in bodies) + number(-1) + b"\1" + number(-1)

    lists = [names(b"leader", b"members"), names(b"pg-a"), None]
    nodes = [data(b"pg-a"), data(b"", 1), data(b"{}")]
    listed = [(8, one) if one else (-1, number(-101)) for one in lists]
    new = [reply(1, number(0)), reply(2, text(b"/service/demo")), reply(3, parts(listed[0], *listed)),
           reply(-1, number(3) + number(3) + text(b"/service/demo/leader")), reply(4, parts(*listed, *[(4, node) for node in nodes]))]
    answer = [lists[0], *lists, *lists, *nodes]
    old = [reply(1, text(b"/service/demo")), reply(2, data(b"")[4:])]
    old += [reply(3 + at, body or b"", 0 if body else -101) for at, body in enumerate(answer)]
    logged_in = [welcome, reply(-4, b"")]

    def stream(frames):
        return b"".join(text(frame) for frame in frames)
    seeds = [b"\0" + stream(logged_in + new), b"\0" + stream(logged_in + new[:3]), b"\1" + stream(logged_in + old),
             b"\0" + stream(logged_in + [reply(1, b"", -6)]), b"\0" + stream([answers["ConnectResponse"]]), b"\0HTTP/1.1 400 Bad Request\r\n\r\n"]
    return seeds + [b"\2" + answer for answer in answers.values()]


def sample(name):
    """The answer in a file of tests/data/dcs-samples, as the server sent it but for blanks."""
    with open(os.path.join(DATA, "dcs-samples", name + ".json"), encoding="utf-8") as file:
        response = json.load(file)["response"]
    body = json.dumps(response["json"], separators=(",", ":")) if "json" in response else response.get("body", "")
    return "%s%s" % ("" if response["status"] == 200 else "%d:" % response["status"], body)


def exchange_bytes(row):
    head = "HTTP/%s %d %s\r\n" % (row["http_version"], row["status"], row["reason"])
    head += "".join("%s: %s\r\n" % tuple(header) for header in row["headers"])
    return (head + "\r\n" + (row["body"] or "")).encode()


def pages(names):
    """Rows of etcd v3 as two pages of one read."""
    rows = [{"key": base64.b64encode(("/service/demo/" + name).encode()).decode(), "mod_revision": "7",
             "value": base64.b64encode(value.encode()).decode()} for name, value in names]
    header = {"revision": "9"}
    half = len(rows) // 2
    return "\x1e".join(json.dumps(page, separators=(",", ":")) for page in (
        {"header": header, "kvs": rows[:half], "more": True}, {"header": header, "kvs": rows[half:]}))


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
write("free_date", [row["text"] for row in lines("dates/dates.jsonl")][:48:2] + [row["text"] for row in lines("dates/dates.jsonl")][48:60])

metrics = [row["body"] for row in lines("recordings/metrics.jsonl")] + [
    row["body"] for row in lines("metrics/rendered.jsonl")]
write("metrics", different(metrics, lambda text: [line.split()[0] for line in text.splitlines()
                                                  if not line.startswith("#")] + [text[:80]])[:12]
      + ["# x\n\na:b{c=\"\\\"\\\\\\n\",} +Inf 17\r\nd NaN\ne None\nf -1e-3\n", "patroni_version 04000rc1\n"])
write("rest_documents", different(other, lambda text: shape(json.loads(text)))
      + ["[[1,2],[3,4,\"x\"],[9223372036854775807,-1,\"\",null,\"pg1\",5]]", "{\"patroni\":\"http://[::1]:1/x\",\"b\":7}"])
write("escape", ["\n\r\t\x1b[31mred\x1b]0;title\x07 \x7f\x00", "\u202eabc\u2066\u200f\u061c\u2028\ufeff\u0085", "pg-\u00fc\u4e2d\U0001f600",
                 b"\xc0\x80\xed\xa0\x80\xf4\x90\x80\x80\xe2\x82 \xff", "\\n \\x1b plain", "\U000e0041\ue000\u00ad\U0010fffe"])
chunked = (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: x\r\n\r\n4;a=b\r\n{\"a\"\r\n3\r\n:1}\r\n0\r\nx: y\r\n\r\n")
answers = [exchange_bytes(row) for row in lines("exchanges/v4.1.4.jsonl") + lines("exchanges/v0.90.jsonl")
           if row["status"] and len(row["body"] or "") < 3000]
by_head = {}
for answer in answers:
    by_head.setdefault(answer[:15] + bytes([len(answer.split(b"\r\n")) % 256]), answer)
# Behind the answer, from the end: choices, number of borders, and where they are.
BORDERS = bytes([0, 3, 0, 16, 0, 40]) + bytes([3])
write("http_exchange", [answer + BORDERS + bytes([number % 16]) for number, answer in enumerate(by_head.values())][:25]
      + [chunked + BORDERS + bytes([choice]) for choice in (0, 2, 4, 12)]
      + [b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 500 X\r\n\r\n" + BORDERS + b"\x00",
         b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n" + BORDERS + b"\x00",
         b"HTTP/1.0 200 OK\r\n\r\n" + b"x" * 80 + BORDERS + b"\x02", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhel" + BORDERS + b"\x08",
         b"HTTP/1.0 503 Service Unavailable\r\n\r\n" + b"\x01", b"HTTP/1.0 200 OK\r\nA: " + b"b" * 300 + b"\r\n\r\n" + BORDERS + b"\x02",
         b"SSH-2.0-x\r\n" + BORDERS + b"\x00", b"\x00"])
write("registrator", [sample("registrator-etcd2-8008") + "\x1e" + sample("registrator-etcd2-5432")]
      + [sample(name) for name in ("registrator-etcd2-8008", "registrator-etcd2-root-listing", "registrator-etcd2-5432",
                                   "etcd2-read-cluster")])
etcd3 = ["etcd3-read-cluster", "etcd3-read-missing", "etcd3-real-cluster-4.1.4", "etcd3-range-compacted", "etcd3-range-count-only",
         "etcd3-range-keys-only", "etcd3-auth-denied-wider-prefix", "etcd3-auth-no-token", "etcd3-bad-json-field"]
login = "@" + sample("etcd3-auth-authenticate")
first_dcs = lines("recordings/dcs.jsonl")[40]["keys"]
write("etcd3_range", [sample(name) for name in etcd3] + [pages(sorted(first_dcs.items()))]
      + [login + "\x1e" + sample("etcd3-read-cluster"), "@" + sample("etcd3-auth-not-enabled") + "\x1e" + sample("etcd3-read-cluster"),
         "@" + sample("etcd3-auth-bad-password"), "404:Not Found\x1e404:404 page not found\x1e" + sample("etcd3-read-cluster")])
def stream(name):
    """A recorded stream: a document on each line."""
    with open(os.path.join(DATA, "dcs-samples", name + ".json"), encoding="utf-8") as file:
        response = json.load(file)["response"]
    return "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in response["ndjson"])


write("etcd_watch", [stream("etcd3-watch-" + name) for name in ("stream", "resume", "compacted", "prevkv", "auth-denied", "auth-no-token", "auth-bad-token")]
      + ["2" + stream("etcd2-watch-stream"), '2{"errorCode":401,"message":"The event in requested index is outdated and cleared"}\n',
         '{"error":{"grpc_code":14,"http_code":503,"message":"etcdserver: no leader"}}', '{"result":{"header":{"revision":"90"}}}\n'])


def consul(name, exchange=None):
    """An answer of Consul: STATUS/INDEX:BODY."""
    with open(os.path.join(DATA, "dcs-samples", name + ".json"), encoding="utf-8") as file:
        document = json.load(file)
    response = document["exchanges"][exchange] if exchange else document["response"]
    body = json.dumps(response["json"], separators=(",", ":")) if "json" in response else response.get("text", "")
    return "%d/%s:%s" % (response["status"], response["headers"].get("X-Consul-Index", ""), body)


consul_cluster, consul_later = consul("consul-read-cluster"), consul("consul-blocking-delete")
write("consul_kv", [consul_cluster, consul_cluster + "\x1e" + consul("consul-blocking-change") + "\x1e" + consul_later,
                    consul_cluster + "\x1e404/9:\x1e403/:Permission denied\x1e" + consul_later, "404/1:\x1e404/1:", "404/9:\x1e404/9:",
                    consul_later + "\x1e" + consul_later + "\x1e" + consul("consul-empty-value-read"), "200/2:true\n\x1e" + consul_cluster,
                    consul("consul-config-cas-conflict") + "\x1e" + consul_cluster, "500/:No cluster leader\x1e" + consul_cluster,
                    consul("consul-1.15-real-cluster-4.1.4", "read"), consul("consul-acl-bad-token"), consul("consul-1.15-answers", "double-slash"),
                    consul("consul-1.15-answers", "value-too-large"), '200/7:[{"Key":"service/demo/a","ModifyIndex":1,"Value":"%%"}]',
                    '200/7:[{"Key":"a","ModifyIndex":1},{"Key":"a","ModifyIndex":2}]', '["service/demo/"]'])
write("settings", ["scope: demo\nnamespace: /x/\netcd3:\n  hosts: [\"10.0.0.1:2379\", \"https://h2:2379\"]\n  username: u\n  password: s3cret\n",
                   "etcd:\n  host: 10.0.0.1:2379\nrestapi: {connect_address: 10.0.0.1:8008, cafile: /ca.crt}\nctl: {insecure: true, certfile: a, keyfile: b}\n",
                   "etcd:\n  url: http://u:s3cret@h:2379\nscope: 5\n", "etcd3: {hosts: \"a:1,b,[::1]:3\", protocol: https, port: 2379, cacert: c, cert: d, key: e}\n",
                   "consul:\n  host: 127.0.0.1:8500\nrestapi:\n  connect_address: 10.0.0.1:8008\n", "scope: x\n", "- a\n", "etcd3: {srv: x}\n",
                   "etcd3: {host: \"http://u:s3cret@x y\"}\n", "etcd3:\n  hosts:\n  - s3cret x\n", "a: &a {hosts: h:1}\netcd: *a\n", "<<: {etcd: {host: h}}\n",
                   "consul: {url: \"https://c:8501\", token: s3cret, dc: d, verify: off}\n\x1econsul://u:s3cret@h:8500/db",
                   "zookeeper:\n  hosts: [z1, \"z2:2182/patroni\"]\n  use_ssl: true\n  set_acls: {CN=a: [ALL], \"digest:u:x\": [READ]}\n  auth_data: {digest: \"u:s3cret\"}\n\x1ezookeeper://h",
                   "exhibitor: {hosts: [e], port: 8181, poll_interval: 60}\n\x1e[::1]:8181", "zookeeper: {exhibitor: {hosts: e}}\n\x1eh:2379/x",
                   "etcd3: {srv: example.com, srv_suffix: s, verify: false}\ncitus: {group: 1, database: d}\n\x1eETCD3://H/a/b/",
                   "raft: {self_addr: \"a:1\", partner_addrs: [\"b:1\"]}\nscope:\nnamespace: {}\n\x1ehttp://s3cret",
                   "etcd3: {host: h}\nctl: {authentication: {username: u, password: s3cret}}\nrestapi: {auth: s3cret}\npostgresql: {parameters: 1}\n"])
replica, primary = (next(row["body"] for row in lines("recordings/status.jsonl")
                         if row["patroni"] == "4.1.4" and '"role": "%s"' % role in row["body"] and '"running"' in row["body"])
                    for role in ("replica", "primary"))
old = next(row["body"] for row in lines("recordings/status.jsonl") if row["patroni"] == "0.90")
last_dcs = "".join("%s=%s\n" % item for item in lines("recordings/dcs.jsonl")[-1]["keys"].items())
hostile = json.dumps({"state": "\x1b[2J", "role": "\u202e", "tags": {"\x07": "\x1b"}, "patroni": {"version": "4\n", "scope": "a\tb", "name": "\x1b[1m"}})
write("report", ["\x1e".join(["P" + primary, "P" + replica, "C" + cluster[-1], "P" + replica]), "K" + last_dcs + "\x1eP" + primary, "P" + old + "\x1eC" + cluster[0],
                 "K" + last_dcs, "P" + hostile + "\x1eP{}\x1eC" + json.dumps({"members": [{"name": "\x1b", "role": "x\ty", "api_url": "http://a:1/p"}]}),
                 "Kmembers/\x1b[1m=%s\nleader=\x1b[1m\nfailover={\"leader\":\"\\u001b\"}\n" % hostile, "P" + primary + "\x1eP" + primary])
write("zookeeper", zookeeper())
write("options", ["--etcd3\nh:1,h2:2\n--namespace=x\n-v\n-fjson\ndemo", "--registrator=etcd://h:1/d\n--timeout\n1.5\n--check\n-vv", "--\n--odd", "-h",
                  "--api=http://h:1\n--insecure\n--cacert\nf\n--user=u\n--password-file=-", "--timeout=0.001", "--etdc3\nx", "-f\nyaml\na\nb", "--members=\n", "-c\nf.yml\n-vfpretty"])
