"""The keys that gliderlabs/registrator writes for containers.

It watches Docker, which a test has not; so they are written by hand in its form:
SERVICE-PORT/HOST:CONTAINER:PORT = HOST:PORT, one service for each published port. In Consul these are keys (consulkv), or services of an
agent (consul) with the same names.
"""

import json
import urllib.parse

HOST = "{number}.cell_z1.patroni1.dingo-postgresql.bosh"
SERVICE = "dingo-postgresql95"


class Registration:
    """One container: a Patroni with its PostgreSQL."""

    def __init__(self, number, member):
        self.member = member
        self.host = HOST.format(number=number)
        self.container = f"cf-95520c98-2b1c-4a5c-8d3a-{number:012x}"
        self.rest_address = f"127.0.0.1:{member.rest_port}"
        self.postgres_address = f"127.0.0.1:{member.postgres_port}"

    def write(self, etcd, prefix=""):
        etcd.v2_set(f"{prefix}/{SERVICE}-8008/{self.host}:{self.container}:8008", self.rest_address)
        etcd.v2_set(f"{prefix}/{SERVICE}-5432/{self.host}:{self.container}:5432", self.postgres_address)

    def write_to_consul(self, consul, prefix):
        """Both ways: keys below `prefix`, services of the agent."""
        for port, address in ((8008, self.rest_address), (5432, self.postgres_address)):
            identity = f"{self.host}:{self.container}:{port}"
            consul.put(f"{prefix}/{SERVICE}-{port}/" + urllib.parse.quote(identity), address)
            host, published = address.rsplit(":", 1)
            consul.call("PUT", "/v1/agent/service/register", json.dumps(
                {"ID": identity, "Name": f"{SERVICE}-{port}", "Tags": [], "Port": int(published), "Address": host}))


def register(etcd, members, prefix=""):
    """Writes the keys of all members; {member name: Registration}."""
    registrations = {}
    for number, member in enumerate(members, start=1):
        registration = Registration(number, member)
        registration.write(etcd, prefix)
        registrations[member.name] = registration
    return registrations


def url(etcd, prefix="", service=f"{SERVICE}-8008"):
    return f"etcd://{etcd.address}{prefix}/{service}"
