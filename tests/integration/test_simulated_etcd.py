"""The simulator's etcd against a real etcd 3.4: the same requests, the same answers, byte for byte but for what must differ."""

import json
import re
import time

import etcd_exchanges as exchanges
from lab import raw_http
from lab.etcd import Etcd
from lab.simulated_etcd import SimulatedEtcd
from lab.testcase import LabTestCase

# Of one server only, or of one moment: any value will do if both have one.
OWN_HEADERS = {"Date", "Content-Length", "X-Raft-Index", "X-Raft-Term", "X-Etcd-Cluster-Id"}
OWN_FIELDS = {"cluster_id", "member_id", "raft_term", "raftTerm", "raftIndex", "raftAppliedIndex", "dbSize", "dbSizeInUse", "leader", "name", "peerURLs",
              "clientURLs", "token"}


def plain(value, name=None):
    """A document without what is the server's own or of the moment."""
    if name in OWN_FIELDS or (name in ("id", "ID") and isinstance(value, str) and len(value) > 10):
        return "..."
    if isinstance(value, dict):
        fields = {one: plain(each, one) for one, each in value.items()}
        return {**fields, **({"ttl": "..."} if "ttl" in fields else {}), **({"expiration": "..."} if "expiration" in fields else {})}
    if isinstance(value, list):
        items = [plain(each) for each in value]
        return sorted(items, key=json.dumps) if name in ("nodes", "keys") else items
    return value


def looks(answer):
    """What both servers must agree on."""
    document = answer.document()
    body = document if isinstance(document, str) else json.dumps(plain(document))
    if re.fullmatch(r"https?://\S+", body):
        body = "a URL"
    headers = [(name, "..." if name in OWN_HEADERS else value) for name, value in answer.headers]
    return {"status": answer.status_line, "headers": headers, "body": body, "end": answer.body[-1:] == "\n", "trailers": answer.trailers}


def line(text):
    """A line of a stream, as `looks`."""
    try:
        return json.dumps(plain(json.loads(text)))
    except ValueError:
        return text


def looks_of_stream(stream, ordered):
    lines = [line(each) for each in stream.lines()]
    return {"head": stream.answer and looks(stream.answer), "lines": lines if ordered else sorted(lines), "ended": stream.ended(),
            "closed": stream.closed}


class SimulatedEtcdTest(LabTestCase):
    """Each test has a pair of servers of its own."""

    @classmethod
    def prepare(cls):
        SimulatedEtcd.program()

    def setUp(self):
        self.real = Etcd(self.workspace, election_ms=1000)
        self.addCleanup(self.real.stop)
        self.real.start()
        self.simulated = SimulatedEtcd()
        self.addCleanup(self.simulated.stop)
        self.simulated.start()
        self.simulated.tell("run 1")

    def ask(self, address, row, token=None):
        method, target, body, headers = (*row, {})[:4]
        headers = dict(headers)
        if body is not None and not isinstance(body, str):
            body = json.dumps(body)
            headers.setdefault("Content-Type", "application/json")
        elif body is not None and "=" in body:
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        headers = {name: value.format(token=token) if "{token}" in value else value for name, value in headers.items()}
        return raw_http.ask(address, method, target, headers, body)

    def compare(self, rows, tokens=(None, None)):
        for number, row in enumerate(rows):
            if isinstance(row, (int, float)):
                time.sleep(row)
                continue
            with self.subTest(number=number, row=str(row)[:300]):
                expected = self.ask(self.real.address, row, tokens[0])
                found = self.ask(self.simulated.address, row, tokens[1])
                self.assertEqual(looks(found), looks(expected))

    def test_v3_keys(self):
        self.compare(exchanges.V3_KEYS)

    def test_v3_transactions(self):
        self.compare(exchanges.V3_TXN)

    def test_v3_leases(self):
        self.compare(exchanges.V3_LEASES)

    def test_v3_login(self):
        self.real.require_login_v3("root-pass", "patroni", "pw", "/service/")
        self.simulated.tell("login patroni pw /service/")
        self.compare(exchanges.V3_AUTH)
        login = exchanges.v3("auth/authenticate", {"name": "patroni", "password": "pw"})
        answers = [self.ask(address, login) for address in (self.real.address, self.simulated.address)]
        self.assertEqual(looks(answers[1]), looks(answers[0]))
        self.compare(exchanges.V3_AUTH_WITH_TOKEN, [answer.document()["token"] for answer in answers])

    def test_v2_keys(self):
        self.compare(exchanges.V2_KEYS)

    def test_v2_login(self):
        self.real.require_login_v2("root-pass", "patroni", "pw")
        self.simulated.tell("login patroni pw")
        reader = {"Authorization": "Basic cGF0cm9uaTpwdw=="}
        index = [int(dict(self.ask(address, exchanges.keys("GET", "/", None, **reader)).headers)["X-Etcd-Index"])
                 for address in (self.real.address, self.simulated.address)]
        for _ in range(index[0] - index[1]):  # the real one has written its users
            self.ask(self.simulated.address, exchanges.keys("PUT", "/_users", "value=1", **reader))
        self.compare(exchanges.V2_AUTH)

    def test_v3_watches(self):
        for name, before, what, during in exchanges.V3_WATCHES:
            with self.subTest(name):
                # Nothing is left of the one before.
                answers = [self.ask(address, exchanges.erase("\0", "\0")) for address in (self.real.address, self.simulated.address)]
                first = int(answers[0].document()["header"]["revision"])
                body = what if isinstance(what, str) else "".join(json.dumps(document) for document in what)
                headers = {"Content-Type": "application/json", **({"Grpc-Metadata-hasleader": "true"} if "leader" in name else {})}
                self.compare_streams(before, ("POST", "/v3/watch", body, headers), during, first - 1, ordered=False)

    def test_v2_watches(self):
        for name, before, target, during in exchanges.V2_WATCHES:
            with self.subTest(name):
                for path in ("/w", "/x"):
                    answers = [self.ask(address, exchanges.keys("DELETE", path + "?recursive=true"))
                               for address in (self.real.address, self.simulated.address)]
                first = int(dict(answers[0].headers)["X-Etcd-Index"])
                self.compare_streams(before, ("GET", target, None, {}), during, first - 3, ordered=True)

    def compare_streams(self, before, request, during, offset, ordered):
        """What the request is told while the rows happen; "@N" is N + offset."""
        addresses = (self.real.address, self.simulated.address)

        def absolute(row):
            text = re.sub(r"@(\d+)", lambda match: str(int(match[1]) + offset), json.dumps(row))
            return json.loads(text)

        for row in before:
            for address in addresses:
                self.ask(address, absolute(row))
        method, target, body, headers = request
        streams = [raw_http.Stream(address, method, absolute(target), headers, body and absolute(body)) for address in addresses]
        try:
            for stream in streams:
                stream.read(0.15)
            for row in during:
                if isinstance(row, (int, float)):
                    time.sleep(row)
                    continue
                for address in addresses:
                    self.ask(address, absolute(row))
            expected = looks_of_stream(streams[0].read(0.15), ordered)
            found = looks_of_stream(streams[1].read(0.15, at_least=len(expected["lines"]), limit=2), ordered)
            self.assertEqual(found, expected)
        finally:
            for stream in streams:
                stream.close()
