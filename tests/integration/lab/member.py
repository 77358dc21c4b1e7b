"""One member: a Patroni and its PostgreSQL."""

import os
import pathlib
import signal
import string
import subprocess

from . import http_client, parts, processes, programs
from .ports import free_port
from .waiting import wait_until

HERE = pathlib.Path(__file__).resolve().parent
PRIMARY_ROLES = ("master", "primary")


class Member:
    """Started by `start`, ended without goodbye by `kill`."""

    scheme = "http"

    def __init__(self, workspace, scope, name, etcd):
        self.workspace = workspace
        self.scope = scope
        self.name = name
        self.etcd = etcd
        self.rest_port = free_port()
        self.postgres_port = free_port()
        self.rest_address = f"127.0.0.1:{self.rest_port}"
        self.postgres_address = f"127.0.0.1:{self.postgres_port}"
        self.data = workspace.path / name
        self.config = None
        self.tls = None  # an ssl.SSLContext for members that speak https
        self._process = None

    @property
    def api_url(self):
        return f"{self.scheme}://{self.rest_address}"

    def environment(self):
        return {programs.HOLD: str(self.workspace.path / "hold")}

    # ---- life

    def start(self):
        self.workspace.folder(self.name)
        self.config = self.workspace.write(f"{self.name}.yml", self.configuration())
        self.resume()
        return self

    def resume(self):
        """Starts it on the data that it has."""
        processes.watch_postgres(self.data)
        log = self.workspace.path / f"{self.name}.log"
        self._process = processes.start(self.command(), log, self.environment(), self.workspace.path)

    def kill(self):
        """kill -9 of Patroni and of every process of its PostgreSQL."""
        if self._process:
            processes.kill(self._process)
            self._process = None
        processes.end_postgres(self.data, signal.SIGKILL)

    def ended(self):
        return self._process is None or self._process.poll() is not None

    # ---- what it says

    def get(self, path="/patroni"):
        return http_client.get_json(self.api_url + path, context=self.tls)

    def request(self, method, path, body):
        return http_client.request(method, self.api_url + path, body, ("admin", "s3cret"), context=self.tls)

    def status(self):
        """The status document, {} without an answer."""
        try:
            return self.get()[1] or {}
        except OSError:
            return {}

    def is_primary(self):
        status = self.status()
        return status.get("role") in PRIMARY_ROLES and status.get("state") == "running"

    def is_replica(self):
        status = self.status()
        return status.get("role") == "replica" and status.get("state") in ("running", "streaming")

    # ---- its PostgreSQL

    def sql(self, text):
        """One statement as superuser, over the unix socket; the unaligned text of its result. ConnectionError while it is down."""
        done = subprocess.run(
            [parts.postgres_15() / "psql", "-X", "-A", "-t", "-q", "-h", str(self.workspace.path), "-p", str(self.postgres_port),
             "-U", "postgres", "-d", "postgres", "-c", text],
            capture_output=True, text=True, check=False, timeout=30)
        if done.returncode:
            kind = ConnectionError if done.returncode == 2 else RuntimeError  # psql: no connection, or it was lost.
            raise kind(f"{self.name}: {text}: {done.stderr}")
        return done.stdout.strip()

    def held_back(self):
        """Context in which this replica receives no WAL, because its receiver is stopped."""
        return _HeldBack(self)


class _HeldBack:
    def __init__(self, member):
        self.member = member

    def _receiver(self):
        pid = processes.postmaster(self.member.data)
        for child in processes.descendants(pid) if pid else []:
            title = processes.command_line(child)
            if "walreceiver" in title or "wal receiver" in title:
                return child
        return None

    def __enter__(self):
        self.pid = wait_until(f"{self.member.name} has a WAL receiver", self._receiver, 30)
        os.kill(self.pid, signal.SIGSTOP)
        return self

    def __exit__(self, *_):
        if self._receiver() == self.pid:
            os.kill(self.pid, signal.SIGCONT)


class ModernMember(Member):
    """Patroni 2.1 and later on PostgreSQL 15; etcd v3, or another store (anything with a `section`).

    `restapi_extra` stands below restapi, `extra` at the top of the configuration file; `programs` are PostgreSQL's.
    """

    def __init__(self, workspace, scope, name, etcd, version=parts.MODERN, store_extra="", restapi_extra="", extra="", programs=None):
        super().__init__(workspace, scope, name, etcd)
        self.venv = parts.venv(version)
        self.store_extra = store_extra
        self.restapi_extra = restapi_extra
        self.extra = extra
        self.programs = programs or parts.postgres_15()

    def command(self):
        return [self.venv / "bin/patroni", self.config]

    def configuration(self):
        template = string.Template((HERE / "member_modern.yml").read_text())
        store = self.etcd.section() + self.store_extra
        text = template.substitute(
            scope=self.scope, name=self.name, rest_port=self.rest_port, postgres_port=self.postgres_port, store=store.rstrip(),
            restapi_extra=self.restapi_extra.rstrip(), bin_dir=self.programs, data_dir=self.data, folder=self.workspace.path)
        return text + self.extra


class OldMember(Member):
    """Patroni 0.90 to 2.0; etcd v2; PostgreSQL 9.6, for Patroni 2.0 it is 15. As ModernMember."""

    def __init__(self, workspace, scope, name, etcd, version=parts.OLD, restapi_extra="", extra=""):
        super().__init__(workspace, scope, name, etcd)
        self.version = version
        self.venv = parts.venv(version)
        self.knows_15 = version.startswith("2.")
        self.programs = (programs.of_postgres_15 if self.knows_15 else programs.of_postgres_96)(workspace)
        self.restapi_extra = restapi_extra
        self.extra = extra

    def command(self):
        return [self.venv / "bin/python", self.programs / "run.py", self.config]

    def environment(self):
        return {"PATH": f"{self.programs}:{os.environ['PATH']}", **super().environment()}

    def configuration(self):
        name = "member_old.yml" if self.version == parts.OLD else "member_1.yml"
        text = string.Template((HERE / name).read_text()).substitute(
            scope=self.scope, name=self.name, rest_port=self.rest_port, postgres_port=self.postgres_port, bin_dir=self.programs,
            restapi_extra=self.restapi_extra.rstrip(), etcd_address=self.etcd.address, data_dir=self.data,
            keep="wal_keep_size: 128MB" if self.knows_15 else "wal_keep_segments: 8", folder=self.workspace.path)
        return text + self.extra
