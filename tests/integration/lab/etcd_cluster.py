"""An etcd of three nodes on loopback, each of which can be killed, frozen and started again."""

import os
import signal

from . import http_client, parts, processes
from .ports import free_port
from .waiting import wait_until


class EtcdNode:
    def __init__(self, name, data):
        self.name, self.data = name, data
        self.port, self.peer_port = free_port(), free_port()
        self.address = f"127.0.0.1:{self.port}"
        self.url = f"http://{self.address}"
        self.process = None

    def signal(self, number):
        os.kill(self.process.pid, number)

    def kill(self):
        processes.kill(self.process)

    def is_healthy(self):
        return '"true"' in http_client.request("GET", self.url + "/health")[1]


class EtcdCluster:
    def __init__(self, workspace):
        self.workspace = workspace
        self.nodes = [EtcdNode(f"n{number}", workspace.folder_in_memory(f"etcd{number}")) for number in range(3)]

    def start(self):
        for node in self.nodes:
            self.run(node)
        for node in self.nodes:
            wait_until(f"{node.name} is healthy", node.is_healthy, 60, 0.1)
        return self

    def run(self, node):
        peers = ",".join(f"{one.name}=http://127.0.0.1:{one.peer_port}" for one in self.nodes)
        peer = f"http://127.0.0.1:{node.peer_port}"
        node.process = processes.start(
            [parts.program("etcd"), "--name", node.name, "--data-dir", node.data, "--enable-v2=true",
             "--listen-client-urls", node.url, "--advertise-client-urls", node.url, "--listen-peer-urls", peer,
             "--initial-advertise-peer-urls", peer, "--initial-cluster", peers, "--heartbeat-interval", "100",
             "--election-timeout", "1000", "--logger", "zap", "--log-level", "error"],
            self.workspace.path / f"{node.name}.log")

    def run_again(self, node):
        if node.process.poll() is not None:
            self.run(node)

    def stop(self):
        for node in self.nodes:
            if node.process and node.process.poll() is None:
                node.signal(signal.SIGCONT)
                processes.kill(node.process)

    def addresses(self, first=0):
        """All of them, beginning with this one."""
        return ",".join(node.address for node in self.nodes[first:] + self.nodes[:first])
