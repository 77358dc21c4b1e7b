"""Debian's ZooKeeper 3.8 as plain Java processes: one server, or an ensemble; and a client to change it from outside."""

import contextlib
import logging
import os
import pathlib
import signal
import socket
import sys

from . import parts, processes
from .ports import free_port
from .waiting import wait_until

JARS = pathlib.Path("/usr/share/java")
TICK_MS = 500
# Netty's jars that zookeeper.jar does not name itself, but needs for TLS.
MORE_JARS = ("netty-codec.jar", "netty-resolver.jar", "netty-transport-native-unix-common.jar")


def client_library():
    """The module kazoo, from the environment of the lab's Patroni."""
    for folder in parts.venv(parts.MODERN).glob("lib/python3*/site-packages"):
        if str(folder) not in sys.path:
            sys.path.append(str(folder))
    try:
        import kazoo.client
    except ImportError:
        raise parts.Missing("no kazoo in the lab (scripts/lab-install installs it)") from None
    logging.getLogger("kazoo").setLevel(logging.CRITICAL)
    return kazoo


class Server:
    """One server; of an ensemble when `peers` has the line of each."""

    def __init__(self, workspace, name, number=0, peers=(), tls=None, settings=(), flags=()):
        self.workspace, self.name, self.number = workspace, name, number
        self.peers, self.tls, self.settings, self.flags = peers, tls, settings, flags
        self.port = free_port()
        self.tls_port = free_port() if tls else None
        self.address = f"127.0.0.1:{self.port}"
        self.data = None
        self._process = None

    def start(self):
        if not (JARS / "zookeeper.jar").exists():
            raise parts.Missing("no ZooKeeper (scripts/lab-install installs Debian's package zookeeper)")
        if self.data is None:
            self.data = self.workspace.folder_in_memory(self.name)
            (self.data / "myid").write_text(str(self.number))
        lines = [f"tickTime={TICK_MS}", "initLimit=10", "syncLimit=4", f"dataDir={self.data}", f"clientPort={self.port}",
                 "clientPortAddress=127.0.0.1", "admin.enableServer=false", "maxClientCnxns=0", "4lw.commands.whitelist=srvr,cons",
                 *self.peers, *self.settings]
        flags = list(self.flags)
        if self.tls:
            lines += [f"secureClientPort={self.tls_port}", "secureClientPortAddress=127.0.0.1",
                      "serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory", *self.tls]
            flags += ["-Dio.netty.noUnsafe=false"]
        config = self.workspace.write(f"{self.name}.cfg", "\n".join(lines) + "\n")
        jars = ":".join(str(JARS / jar) for jar in ("zookeeper.jar", "slf4j-simple.jar", *MORE_JARS))
        self._process = processes.start(
            [parts.program("java"), "-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dzookeeper.fsync.warningthresholdms=5000",
             "-Dzookeeper.forceSync=no", "-Djava.net.preferIPv4Stack=true", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", *flags, "-cp", jars,
             "org.apache.zookeeper.server.quorum.QuorumPeerMain", config],
            self.workspace.path / f"{self.name}.log")
        return self

    def kill(self):
        """kill -9"""
        if self._process:
            processes.kill(self._process)
            self._process = None

    stop = kill

    def start_again(self):
        """On its data, unless it runs."""
        if not self._process:
            self.start()

    def mode(self):
        """The word of `srvr` for what it is: leader, follower, standalone, read-only; None while it serves nobody."""
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 2) as link:
            link.sendall(b"srvr")
            answer = b""
            while more := link.recv(4096):
                answer += more
            return next((line[6:] for line in answer.decode().splitlines() if line.startswith("Mode: ")), None)
        return None

    @contextlib.contextmanager
    def frozen(self):
        """Within, it answers nothing, and its connections stay open."""
        os.kill(self._process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self._process.pid, signal.SIGCONT)


class Zookeeper:
    """`size` servers with one client of ours; `start` returns when they serve."""

    def __init__(self, workspace, size=1, name="zookeeper", **options):
        self.workspace = workspace
        if size == 1:
            self.servers = [Server(workspace, name, **options)]
        else:
            peers = [f"server.{n}=127.0.0.1:{free_port()}:{free_port()}" for n in range(1, size + 1)]
            self.servers = [Server(workspace, f"{name}{n}", n, peers, **options) for n in range(1, size + 1)]
        self.client = None
        self.login = None  # "user:password" of the scheme digest, for section()

    @property
    def address(self):
        return ",".join(server.address for server in self.servers)

    @property
    def port(self):
        return self.servers[0].port

    def frozen(self):
        return self.servers[0].frozen()

    def section(self):
        """Of Patroni's configuration file."""
        hosts = "".join(f"  - {server.address}\n" for server in self.servers)
        login = "  auth_data:\n    digest: '" + self.login + "'\n" if self.login else ""
        return f"zookeeper:\n  hosts:\n{hosts}{login}"

    def start(self):
        kazoo = client_library()
        for server in self.servers:
            server.start()
        self.client = self.new_client()

        def served():
            with contextlib.suppress(kazoo.handlers.threading.KazooTimeoutError):
                self.client.start(timeout=5)
                return True
        wait_until("ZooKeeper serves", served, 120, 0.1)
        return self

    def new_client(self, timeout=10.0, **options):
        return client_library().client.KazooClient(hosts=self.address, timeout=timeout, **options)

    def stop(self):
        if self.client:
            self.client.stop()
            self.client.close()
            self.client = None
        for server in self.servers:
            server.stop()

    # ---- changes from outside

    def put(self, key, value, client=None, **options):
        client = client or self.client
        kazoo = client_library()
        try:
            client.set(key, value.encode())
        except kazoo.exceptions.NoNodeError:
            client.create(key, value.encode(), makepath=True, **options)

    def get(self, key):
        """The value, None without the key."""
        kazoo = client_library()
        with contextlib.suppress(kazoo.exceptions.NoNodeError):
            return self.client.get(key)[0].decode()
        return None

    def leader(self):
        """The server of an ensemble that leads it, by its own word; None while nobody does."""
        for server in self.servers:
            if server.mode() == "leader":
                return server
        return None
