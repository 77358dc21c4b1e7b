"""Requests whose answers the simulator's etcd and a real one are compared by (test_simulated_etcd.py).

A row is (method, target, body[, headers]); a body that is no text is sent as JSON, one with "=" as a form. A number sleeps so many
seconds. Keys of v3 are written as in `key("/a")`.
"""

import base64


def key(text):
    return base64.b64encode(text.encode()).decode()


def v3(call, body=None, **headers):
    return ("POST", "/v3/" + call, {} if body is None else body, headers)


def put(name, value="", **more):
    return v3("kv/put", {"key": key(name), "value": key(value), **more})


def read(name, end=None, **more):
    return v3("kv/range", {"key": key(name), **({"range_end": key(end)} if end else {}), **more})


def erase(name, end=None, **more):
    return v3("kv/deleterange", {"key": key(name), **({"range_end": key(end)} if end else {}), **more})


def txn(compare, success=(), failure=()):
    return v3("kv/txn", {"compare": list(compare), "success": list(success), "failure": list(failure)})


def compare(name, target, result="EQUAL", **value):
    return {"key": key(name), "target": target, "result": result, **value}


def request_put(name, value="", **more):
    return {"request_put": {"key": key(name), "value": key(value), **more}}


def request_range(name, end=None, **more):
    return {"request_range": {"key": key(name), **({"range_end": key(end)} if end else {}), **more}}


def request_delete(name, end=None, **more):
    return {"request_delete_range": {"key": key(name), **({"range_end": key(end)} if end else {}), **more}}


def text(call, body, **headers):
    return ("POST", "/v3/" + call, body, {"Content-Type": "application/json", **headers})


V3_KEYS = [
    ("GET", "/version", None), ("GET", "/health", None), ("POST", "/version", ""), ("GET", "/nosuch", None),
    v3("cluster/member/list"), v3("maintenance/status"), v3("nosuch"), ("GET", "/v3/kv/range", None), ("PUT", "/v3/kv/put", "{}"),
    ("POST", "/v3beta/kv/range", {"key": key("/a")}), ("POST", "/v3alpha/kv/range", {"key": key("/a")}),
    read("/a"), put("/a", "1"), read("/a"), put("/a", "2", prev_kv=True), put("/b", "", prev_kv=True), put("/c/d", "x"),
    read("/", "0"), read("/", "0", limit=2), read("/", "0", limit="1"), read("/", "0", keys_only=True), read("/", "0", count_only=True),
    read("/", "0", limit=2, count_only=True), read("/", "0", serializable=True), read("/a", "\0"), read("/b", "/a"),
    read("/", "0", sort_order="DESCEND", sort_target="KEY"), read("/", "0", sort_order="ASCEND", sort_target="MOD"),
    read("/", "0", sort_order="DESCEND", sort_target="VERSION", limit=1), read("/", "0", sort_order=2, sort_target=4),
    read("/", "0", sort_target="CREATE"), read("/", "0", sort_order="UP"), read("/", "0", sortOrder="DESCEND"),
    read("/", "0", min_mod_revision=4), read("/", "0", max_mod_revision="3"), read("/", "0", max_create_revision=2, limit=1),
    read("/", "0", min_create_revision=4), read("/a", revision=2), read("/", "0", revision=3), read("/a", revision=99), read("/a", revision=-1),
    text("kv/range", '{"key":"%%%"}'), text("kv/range", "{"), text("kv/range", '{"key":'), text("kv/range", "[]"), text("kv/range", "nonsense"),
    text("kv/range", ""), text("kv/range", '{"key":5}'), text("kv/range", '{"key":"L2E=","limit":"x"}'), text("kv/range", '{"key":"L2E=","limit":1.5}'),
    text("kv/range", '{"key":"L2E=","limit":true}'), text("kv/range", '{"key":"L2E=","count_only":1}'), text("kv/range", '{"key":null}'),
    text("kv/range", '{"key":"L2E=","nosuch":1}'), text("kv/range", '"x"'), text("kv/range", "null"), text("kv/range", '{"key":"L2E"}'),
    text("kv/range", '{"key":"L2E=","limit":""}'), text("kv/range", '{"key":"L2E="} trailing'), text("kv/range", '{"key":{}}'),
    v3("kv/put", {"value": key("x")}), v3("kv/put", {"key": key("/nothing")}), put("/a", "3", ignore_value=True), put("/nosuch", "", ignore_value=True),
    put("/a", "", ignore_value=True, prev_kv=True), put("/a", "4", lease="77"), put("/a", "4", ignore_lease=True, lease=5),
    put("/a", "4", ignore_lease=True), put("/umlaut-ä", "wert-ü"), read("/umlaut-ä"),
    erase("/nosuch"), v3("kv/deleterange"), erase("/c", "/d", prev_kv=True), erase("/b"), read("/", "0"), erase("/a", prev_kv=True), put("/a", "again"),
    read("/a"), erase("/umlaut-ä"),
]

V3_TXN = [
    txn([]), txn([], [request_put("/a", "1")]), txn([], [request_put("/a", "2"), request_put("/b", "2")]), read("/", "0"),
    txn([compare("/a", "MOD", mod_revision="3")], [request_put("/a", "3")], [request_range("/a")]),
    txn([compare("/a", "MOD", mod_revision="3")], [request_put("/a", "4")], [request_range("/a")]),
    txn([compare("/a", "MOD", "NOT_EQUAL", mod_revision=3)], [request_put("/a", "5")]),
    txn([compare("/a", "VERSION", "GREATER", version=2)], [request_range("/a")], [request_range("/b")]),
    txn([compare("/a", "VERSION", "LESS", version="2")], [request_range("/a")], [request_range("/b", keys_only=True)]),
    txn([compare("/a", "CREATE", create_revision="2")], [request_range("/a", count_only=True)]),
    txn([compare("/nosuch", "CREATE", create_revision="0")], [request_put("/new", "n")]),
    txn([compare("/nosuch", "CREATE")], [request_delete("/new", prev_kv=True)]),
    txn([compare("/nosuch", "VALUE", value=key(""))], [request_range("/a")], [request_range("/b")]),
    txn([compare("/nosuch", "VALUE", "NOT_EQUAL", value=key("x"))], [request_range("/a")], [request_range("/b")]),
    txn([compare("/a", "VALUE", value=key("5"))], [request_delete("/a"), request_put("/z", "z")]), read("/", "0"),
    txn([compare("/z", "LEASE", lease="0")], [request_range("/z")]), txn([compare("/z", "LEASE", "GREATER", lease="0")], [request_range("/z")]),
    txn([{"key": key("/"), "range_end": key("0"), "target": "VERSION", "result": "GREATER", "version": "0"}], [request_range("/z")]),
    txn([{"key": key("/none"), "range_end": key("/nonf"), "target": "VERSION", "result": "GREATER", "version": "0"}], [request_range("/z")]),
    txn([compare("/b", "MOD", mod_revision="1"), compare("/b", "VALUE", value=key("2"))], [request_put("/b", "9")], [request_range("/b")]),
    txn([], [request_put("/a", "1"), request_put("/a", "2")]), txn([], [request_put("/a", "1"), request_delete("/", "0")]),
    txn([], [], [request_put("/a", "1"), request_put("/a", "2")]), txn([], [request_put("", "1")]), txn([compare("", "VERSION")]),
    txn([], [{}]), txn([], [request_range("/b", revision=999), request_put("/a", "1")]), txn([], [request_put("/a", "1", lease="99")]),
    txn([], [request_put("/p", "1"), request_range("/p"), request_put("/q", "1"), request_range("/", "0")]),
    txn([], [request_delete("/p"), request_delete("/q", prev_kv=True), request_range("/", "0", count_only=True)]),
    txn([], [request_range("/b")] * 129), txn([], [request_range("/b", count_only=True)] * 128),
    txn([compare("/leader", "VALUE", value=key("me"))], [request_put("/leader", "me")],
        [{"request_txn": {"compare": [compare("/leader", "CREATE", create_revision="0")], "success": [request_put("/leader", "me")]}}]),
    txn([compare("/leader", "VALUE", value=key("other"))], [request_put("/leader", "other")],
        [{"request_txn": {"compare": [compare("/leader", "CREATE", create_revision="0")], "success": [request_put("/leader", "other")]}}]),
    txn([], [{"request_txn": {"success": [request_put("/x", "1")], "failure": [request_put("/x", "2")]}}]),
    txn([], [{"request_txn": {"success": [request_put("/x", "1")]}}, request_put("/x", "2")]),
    txn([], [{"request_txn": {}}]),
    text("kv/txn", '{"compare":[{"key":"L2E=","target":"NOSUCH"}]}'), text("kv/txn", '{"compare":{}}'), text("kv/txn", '{"compare":[{"key":"L2E=","target":1,"result":0}]}'),
    text("kv/txn", '{"success":[{"requestPut":{"key":"L2E=","value":"eA=="}}]}'), read("/a"),
    v3("kv/compaction", {"revision": "4"}), v3("kv/compaction", {"revision": "4"}), v3("kv/compaction", {"revision": "999"}), v3("kv/compaction"),
    read("/a", revision=3), read("/a", revision=4), read("/", "0", revision=5), read("/", "0"),
]

V3_LEASES = [
    v3("lease/grant", {"ID": "100", "TTL": "60"}), v3("lease/grant", {"ID": "100", "TTL": "60"}), v3("lease/grant", {"ID": 101, "TTL": 1}),
    v3("lease/grant", {"ID": "102"}), v3("lease/grant", {"ID": "103", "TTL": "-5"}), v3("lease/grant", {"ID": "104", "TTL": "9000000001"}),
    v3("lease/leases"), v3("kv/lease/leases"), v3("lease/timetolive", {"ID": "100"}), v3("lease/timetolive", {"ID": "100", "keys": True}),
    put("/l/1", "x", lease="100"), put("/l/2", "x", lease="100"), v3("kv/lease/timetolive", {"ID": "100", "keys": True}), read("/l/1"),
    v3("lease/keepalive", {"ID": "100"}), v3("lease/keepalive", {"ID": "999"}), v3("lease/keepalive"), v3("lease/timetolive", {"ID": "999"}),
    v3("lease/timetolive"), text("lease/keepalive", "{"), put("/l/1", "y"), v3("lease/timetolive", {"ID": "100", "keys": True}), read("/l/1"),
    put("/l/2", "z", ignore_lease=True), read("/l/2"), v3("lease/revoke", {"ID": "999"}), v3("kv/lease/revoke", {"ID": "100"}), read("/l/", "/l0"),
    v3("lease/timetolive", {"ID": "100"}), v3("lease/revoke", {"ID": "100"}), v3("auth/authenticate", {"name": "a", "password": "b"}),
    read("/l/1"), ("POST", "/v3/kv/range", {"key": key("/l/1")}, {"Authorization": "nosuch.1"}),
    v3("lease/grant", {"ID": "200", "TTL": "2"}), put("/short", "s", lease="200"), 4.5, read("/short"), v3("lease/timetolive", {"ID": "200"}),
    v3("lease/keepalive", {"ID": "200"}), put("/short", "s", lease="200"), v3("lease/revoke", {"ID": "102"}), v3("lease/revoke", {"ID": "103"}),
]

V3_AUTH = [
    v3("auth/authenticate", {"name": "patroni", "password": "wrong"}), v3("auth/authenticate", {"name": "nosuch", "password": "pw"}), v3("auth/authenticate"),
    read("/service/a"), put("/service/a", "1"), erase("/service/a"), txn([], [request_put("/service/a", "1")]), txn([]),
    v3("kv/compaction", {"revision": "1"}), v3("lease/grant", {"ID": "5", "TTL": "60"}), v3("lease/keepalive", {"ID": "5"}),
    v3("lease/timetolive", {"ID": "5"}), v3("lease/leases"), v3("cluster/member/list"), v3("maintenance/status"), v3("lease/revoke", {"ID": "5"}),
    ("POST", "/v3/kv/range", {"key": key("/service/a")}, {"Authorization": "bad.1"}), ("POST", "/v3/kv/put", {"key": key("/service/a")}, {"Authorization": "bad.1"}),
    ("POST", "/v3/lease/grant", {"ID": "6", "TTL": "60"}, {"Authorization": "bad.1"}), ("POST", "/v3/cluster/member/list", {}, {"Authorization": "bad.1"}),
    ("POST", "/v3/maintenance/status", {}, {"Authorization": "bad.1"}), ("POST", "/v3/lease/keepalive", {"ID": "1"}, {"Authorization": "bad.1"}),
    ("POST", "/v3/lease/timetolive", {"ID": "1"}, {"Authorization": "bad.1"}), ("POST", "/v3/kv/compaction", {"revision": "1"}, {"Authorization": "bad.1"}),
    ("POST", "/v3/kv/range", "{", {"Authorization": "bad.1", "Content-Type": "application/json"}), v3("kv/range"), v3("kv/put"),
    read("/service/a", revision=99),
]

TOKEN = "{token}"  # of the user who may have /service/
V3_AUTH_WITH_TOKEN = [(method, target, body, {"Authorization": TOKEN}) for method, target, body, *_ in [
    put("/service/a", "1"), read("/service/a"), read("/service/", "/service0"), read("/", "0"), read("/servica"), read("/service/", "\0"),
    put("/other", "1"), erase("/service/", "/servicf"), txn([compare("/other", "VERSION")], [request_put("/service/a", "2")]),
    txn([], [request_put("/service/a", "2"), request_range("/other")]), txn([], [request_put("/service/a", "2")], [request_put("/other", "2")]),
    txn([compare("/service/a", "VERSION", version="1")], [request_put("/service/a", "2")]), v3("lease/grant", {"ID": "7", "TTL": "60"}),
    put("/service/l", "1", lease="7"), v3("lease/revoke", {"ID": "7"}), v3("cluster/member/list"), v3("maintenance/status"), erase("/service/", "/service0"),
]] + [("POST", "/v3/kv/range", {"key": key("/service/a")}, {"Authorization": "Bearer {token}"})]


def keys(method, path, form=None, **headers):
    return (method, "/v2/keys" + path, form, headers)


V2_KEYS = [
    ("GET", "/v2/machines", None), ("GET", "/v2/members", None), ("POST", "/v2/machines", ""), ("GET", "/v2/nosuch", None), ("GET", "/v2/", None),
    keys("GET", "/"), keys("GET", ""), keys("GET", "/nosuch"), keys("PUT", "/a", "value=1"), keys("GET", "/a"), keys("PUT", "/a", "value=2"), keys("PUT", "/a?value=3"),
    keys("PUT", "/a", "value="), keys("PUT", "/a", "value=b%20c+d"), keys("PUT", "/a/b", "value=1"), keys("GET", "/a/b"), keys("DELETE", "/a/b"),
    keys("PUT", "/", "value=1"), keys("DELETE", "/"), keys("DELETE", "/?recursive=true"), keys("PUT", "/?dir=true"), keys("POST", "/", "value=root"),
    keys("PUT", "/d/e/f", "value=deep"), keys("GET", "/d"), keys("GET", "/d/"), keys("GET", "/d?recursive=true&sorted=true"), keys("GET", "/?recursive=true&sorted=true"),
    keys("GET", "/?sorted=true"), keys("GET", "/d?quorum=true"), keys("GET", "/d?wait=true&quorum=true"), keys("GET", "//d//e"), keys("GET", "/d/../a"),
    keys("PUT", "/d", "value=1"), keys("PUT", "/d", "dir=true"), keys("PUT", "/new-dir", "dir=true"), keys("PUT", "/new-dir", "dir=true"),
    keys("PUT", "/new-dir", "dir=true&prevExist=true"), keys("PUT", "/new-dir", "dir=true&prevExist=true&ttl=500"), keys("GET", "/new-dir"), keys("PUT", "/a", "dir=true"), keys("GET", "/a"),
    keys("DELETE", "/a"), keys("DELETE", "/a?dir=true"), keys("PUT", "/new-dir", "dir=true&prevExist=true&ttl="), keys("GET", "/new-dir"),
    keys("PUT", "/c", "value=1&prevExist=false"), keys("PUT", "/c", "value=1&prevExist=false"), keys("PUT", "/c", "value=2&prevExist=true"), keys("PUT", "/nosuch", "value=2&prevExist=true"),
    keys("PUT", "/c", "value=3&prevValue=2"), keys("PUT", "/c", "value=3&prevValue=2"), keys("PUT", "/c", "value=4&prevIndex=1"), keys("PUT", "/c", "value=4&prevIndex=0"),
    keys("PUT", "/c", "value=5&prevIndex=1&prevValue=9"), keys("PUT", "/nosuch", "value=5&prevIndex=1"), keys("PUT", "/nosuch", "value=5&prevValue=1"), keys("PUT", "/c", "value=5&prevValue="),
    keys("PUT", "/c", "value=5&prevIndex=x"), keys("PUT", "/c", "value=5&prevIndex=-1"), keys("PUT", "/c", "value=5&prevExist=x"), keys("PUT", "/c", "value=5&ttl=x"), keys("PUT", "/c", "value=5&ttl=-1"),
    keys("GET", "/c?recursive=x"), keys("GET", "/c?wait=x"), keys("GET", "/c?wait=true&waitIndex=x"), keys("GET", "/c?stream=x"), keys("GET", "/c?sorted=2"), keys("GET", "/c?quorum=maybe"), keys("PUT", "/c?wait=true", "value=1"),
    keys("PUT", "/c", "value=%zz"), keys("GET", "/c?recursive=%zz"), keys("PUT", "/t", "value=t&ttl=100"), keys("GET", "/t"), keys("PUT", "/t", "ttl=200&refresh=true&prevExist=true"), keys("GET", "/t"),
    keys("PUT", "/t", "value=x&ttl=200&refresh=true&prevExist=true"), keys("PUT", "/t", "refresh=true&prevExist=true"), keys("PUT", "/nosuch", "ttl=5&refresh=true&prevExist=true"), keys("PUT", "/t", "ttl=300&refresh=true"), keys("GET", "/t"),
    keys("PUT", "/t", "value=t2&prevExist=true"), keys("GET", "/t"), keys("PUT", "/t", "value=t3&ttl=90&prevExist=true"), keys("PUT", "/t", "value=t4&ttl=&prevExist=true"), keys("PUT", "/t", "value=t5&ttl=40&prevValue=t4"), keys("PUT", "/t", "value=t6"),
    keys("POST", "/q", "value=1"), keys("POST", "/q", "value=2&ttl=100"), keys("GET", "/q?sorted=true"), keys("POST", "/c", "value=1"), keys("POST", "/q", "dir=true"),
    keys("DELETE", "/nosuch"), keys("DELETE", "/d"), keys("DELETE", "/d?dir=true"), keys("DELETE", "/new-dir?dir=true"), keys("DELETE", "/d?recursive=true"), keys("DELETE", "/d?recursive=true"), keys("DELETE", "/c?prevValue=9"),
    keys("DELETE", "/c?prevIndex=1"), keys("DELETE", "/c?prevIndex=1&prevValue=9"), keys("DELETE", "/nosuch?prevValue=9"), keys("DELETE", "/q?prevValue=9"), keys("DELETE", "/q?recursive=true&prevIndex=9"), keys("DELETE", "/c?prevValue=4"), keys("DELETE", "/q?recursive=true"),
    keys("PUT", "/_hidden/x", "value=h"), keys("GET", "/"), keys("GET", "/_hidden"), keys("PUT", "/v/_h", "value=h"), keys("GET", "/v?recursive=true"), keys("GET", "/v/_h"), keys("DELETE", "/v?recursive=true"), keys("DELETE", "/_hidden?recursive=true"),
    keys("PUT", "/utf", "value=%C3%A4%3C%26"), keys("GET", "/utf"), keys("PUT", "/bin", "value=%FF"), keys("GET", "/bin"), keys("PUT", "/colon:a:1", "value=c"), keys("GET", "/colon%3Aa%3A1"), keys("PUT", "/sp%20ace", "value=s"), keys("GET", "/sp%20ace"),
    keys("PATCH", "/a", "value=1"), keys("OPTIONS", "/a"), keys("HEAD", "/utf"), ("PUT", "/v2/keys/raw", "value=1", {"Content-Type": "text/plain"}), keys("GET", "/raw"), keys("PUT", "/noform?value=1"), keys("GET", "/noform"),
    keys("PUT", "/long", "value=" + "x" * 3000), keys("GET", "/long"), keys("DELETE", "/long"),
    keys("GET", "/utf?wait=true&waitIndex=5"),
    keys("PUT", "/gone", "value=g&ttl=1"), keys("PUT", "/gone-dir", "dir=true&ttl=1"), keys("PUT", "/gone-dir/x", "value=1"), keys("PUT", "/now", "value=g&ttl=0"), 2.5, keys("GET", "/gone"), keys("GET", "/gone-dir/x"), keys("GET", "/now"), keys("GET", "/?recursive=true&sorted=true"),
]

V2_AUTH = [
    keys("GET", "/service?recursive=true"), keys("PUT", "/service/a", "value=1"), keys("DELETE", "/service/a"), keys("GET", "/service?wait=true"),
    keys("GET", "/service", None, Authorization="Basic cGF0cm9uaTp3cm9uZw=="), keys("GET", "/service", None, Authorization="Basic nonsense"),
    keys("PUT", "/service/a", "value=1", Authorization="Basic cGF0cm9uaTpwdw=="), keys("GET", "/service", None, Authorization="Basic cGF0cm9uaTpwdw=="),
    keys("GET", "/service/a?quorum=true", None, Authorization="Basic cGF0cm9uaTpwdw=="), keys("DELETE", "/service/a", None, Authorization="Basic cGF0cm9uaTpwdw=="),
    ("GET", "/v2/machines", None), ("GET", "/version", None),
]


# Watches: (name, rows before, body of the request or target, rows while it is open). "@N" is a revision or index, as if the store were
# new; lines of several watches have no order.

def create(name, end=None, **more):
    return {"create_request": {"key": key(name), **({"range_end": key(end)} if end else {}), **more}}


V3_BEFORE = [put("/w/a", "1"), put("/w/b", "1"), put("/w/a", "2"), erase("/w/b"), txn([], [request_put("/w/c", "3"), request_put("/w/d", "3")]), put("/x", "x")]
V3_CHANGES = [put("/w/a", "5"), put("/other", "5"), txn([], [request_put("/w/b", "6"), request_put("/w/c", "6"), request_put("/other", "6")]), erase("/w/b"),
              erase("/w/nosuch"), erase("/w/", "/w0"), put("/w/a", ""), put("/w/a", "", ignore_value=True)]
# "physical": answered once the old ones are gone, which is otherwise done in the background.
V3_COMPACTED = [*V3_BEFORE, v3("kv/compaction", {"revision": "@5", "physical": True})]
V3_WATCHES = [
    ("prefix", [], [create("/w/", "/w0")], V3_CHANGES),
    ("one key", [], [create("/w/a")], V3_CHANGES),
    ("everything", [], [create("\0", "\0")], V3_CHANGES),
    ("without a key", [], [{"create_request": {}}], V3_CHANGES),
    ("from a key on", [], [create("/w/b", "\0")], V3_CHANGES),
    ("empty range", [], [create("/w/b", "/w/a")], V3_CHANGES),
    ("previous values", V3_BEFORE, [create("/w/", "/w0", prev_kv=True)], V3_CHANGES),
    ("no deletions", V3_BEFORE, [create("/w/", "/w0", filters=["NODELETE"])], V3_CHANGES),
    ("no puts", V3_BEFORE, [create("/w/", "/w0", filters=["NOPUT"], prev_kv=True)], V3_CHANGES),
    ("nothing", V3_BEFORE, [create("/w/", "/w0", filters=["NOPUT", "NODELETE"])], V3_CHANGES),
    ("filter by number", V3_BEFORE, [create("/w/", "/w0", filters=[1])], V3_CHANGES),
    ("unknown filter", V3_BEFORE, [create("/w/", "/w0", filters=["SOME"])], V3_CHANGES),
    ("from the past", V3_BEFORE, [create("/w/", "/w0", start_revision="@2")], V3_CHANGES),
    ("from the past with values", V3_BEFORE, [create("/w/", "/w0", start_revision="@3", prev_kv=True)], V3_CHANGES),
    ("from the past, one filter", V3_BEFORE, [create("/w/", "/w0", start_revision="@2", filters=["NOPUT"])], V3_CHANGES),
    ("from the past, nothing there", V3_BEFORE, [create("/nosuch", start_revision="@2")], V3_CHANGES),
    ("from now", V3_BEFORE, [create("/w/", "/w0", start_revision="@8")], V3_CHANGES),
    ("from the future", V3_BEFORE, [create("/w/", "/w0", start_revision="@10")], V3_CHANGES),
    ("from before all", V3_BEFORE, [create("/w/", "/w0", start_revision=-1)], V3_CHANGES),
    ("compacted", V3_COMPACTED, [create("/w/", "/w0", start_revision="@2")], V3_CHANGES),
    ("just compacted", V3_COMPACTED, [create("/w/", "/w0", start_revision="@5")], V3_CHANGES),
    ("after what was compacted", V3_COMPACTED, [create("/w/", "/w0", start_revision="@6")], V3_CHANGES),
    ("compacted while open", V3_BEFORE, [create("/w/", "/w0")], [put("/w/a", "7"), v3("kv/compaction", {"revision": "@8"}), *V3_CHANGES]),
    ("two watches", V3_BEFORE, [create("/w/a"), create("/w/b", "/w0")], V3_CHANGES),
    ("two watches with numbers", V3_BEFORE, [create("/w/a", watch_id="7"), create("/w/b", "/w0", watch_id=9)], V3_CHANGES),
    ("one number twice", V3_BEFORE, [create("/w/a", watch_id="7"), create("/w/b", watch_id="7")], V3_CHANGES),
    ("canceled", V3_BEFORE, [create("/w/a", watch_id="7"), create("/w/b"), {"cancel_request": {"watch_id": "7"}}, {"cancel_request": {"watch_id": "99"}}], V3_CHANGES),
    ("progress", V3_BEFORE, [create("/w/a"), {"progress_request": {}}], V3_CHANGES),
    ("no request", V3_BEFORE, [{}], V3_CHANGES),
    ("unknown request", V3_BEFORE, [{"nosuch_request": {}}, create("/w/a")], V3_CHANGES),
    ("has a leader", V3_BEFORE, [create("/w/", "/w0")], V3_CHANGES),
    ("lease", [v3("lease/grant", {"ID": "9", "TTL": "60"}), put("/w/1", "l", lease="9"), put("/w/2", "l", lease="9"), put("/other", "l", lease="9")],
     [create("/w/", "/w0", prev_kv=True)], [v3("lease/keepalive", {"ID": "9"}), put("/w/1", "l", lease="9"), v3("lease/revoke", {"ID": "9"})]),
    ("broken", V3_BEFORE, '{"create_request":', []), ("wrong type", V3_BEFORE, '{"create_request":5}', []), ("no document", V3_BEFORE, "", []),
    ("wrong base64", V3_BEFORE, '{"create_request":{"key":"%"}}', []), ("camel case", V3_BEFORE, '{"createRequest":{"key":"L3cvYQ=="}}', V3_CHANGES),
]

V2_BEFORE = [keys("PUT", "/w/a", "value=1"), keys("PUT", "/w/b/c", "value=1"), keys("PUT", "/w/a", "value=2&ttl=100"), keys("DELETE", "/w/b/c"), keys("PUT", "/x", "value=1")]
V2_CHANGES = [keys("PUT", "/w/a", "value=3"), keys("PUT", "/x", "value=2"), keys("PUT", "/w/b/c", "value=4&prevExist=false"), keys("PUT", "/w/b/c", "value=5&prevValue=4"),
              keys("PUT", "/w/b/c", "value=6&prevExist=true&ttl=100"), keys("PUT", "/w/b/c", "ttl=200&refresh=true&prevExist=true"), keys("PUT", "/w/_h/x", "value=h"), keys("POST", "/w/q", "value=q"),
              keys("PUT", "/w/dir", "dir=true"), keys("DELETE", "/w/b/c?prevValue=6"), keys("DELETE", "/w/a"), keys("PUT", "/w/a", "value=8"), keys("DELETE", "/w?recursive=true"), keys("PUT", "/w/a", "value=9")]
V2_WATCHES = [(f"{path} {query}", V2_BEFORE, f"/v2/keys{path}?wait=true{query}", V2_CHANGES) for path, query in [
    ("/w", "&recursive=true&stream=true"), ("/w/", "&recursive=true&stream=true"), ("/w/a", "&stream=true"), ("/w", "&stream=true"), ("/w/b", "&recursive=true&stream=true"),
    ("/w/b/c", "&stream=true"), ("/w/b/c", "&recursive=true&stream=true"), ("/", "&recursive=true&stream=true"), ("/w/_h", "&recursive=true&stream=true"), ("/w/_h/x", "&stream=true"), ("/nosuch", "&recursive=true&stream=true"),
    ("/w", "&recursive=true"), ("/w/a", ""), ("/w/b/c", ""), ("/w", ""), ("/w/dir", ""), ("/w/q", "&recursive=true"), ("/w/b", ""), ("/w/b", "&recursive=true"), ("/w/_h/x", ""),
    ("/w", "&recursive=true&waitIndex=1"), ("/w", "&recursive=true&waitIndex=@5"), ("/w", "&recursive=true&waitIndex=@8"), ("/w", "&recursive=true&waitIndex=@9"), ("/w", "&recursive=true&waitIndex=@12"), ("/w", "&recursive=true&waitIndex=0"),
    ("/w/a", "&waitIndex=@4"), ("/w/a", "&waitIndex=@5"), ("/w/b/c", "&waitIndex=@6"), ("/w/b", "&waitIndex=@4"), ("/w", "&recursive=true&stream=true&waitIndex=@5"), ("/w", "&recursive=true&stream=true&waitIndex=@9"), ("/w", "&recursive=true&stream=true&waitIndex=@11"), ("/w/a", "&stream=true&waitIndex=@20"),
]] + [
    ("expiry", [keys("PUT", "/w/e", "value=1&ttl=1"), keys("PUT", "/w/d/f", "value=1"), keys("PUT", "/w/d", "dir=true&ttl=1&prevExist=true")], "/v2/keys/w?wait=true&recursive=true&stream=true", [2.5]),
    ("expiry of one", [keys("PUT", "/w/e", "value=1&ttl=1")], "/v2/keys/w/e?wait=true", [2.5]),
    ("expiry of one, stream", [keys("PUT", "/w/e", "value=1&ttl=1")], "/v2/keys/w/e?wait=true&stream=true", [2.5]),
]
