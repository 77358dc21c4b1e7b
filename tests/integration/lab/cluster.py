"""Some members of one scope."""

import time

from .member import ModernMember, OldMember
from .waiting import TimedOut, wait_until

LIMIT = 120.0  # quiet machine: 3 to 15 s


class Cluster:
    """Members of one scope on one store; `start` returns when all of them are well."""

    def __init__(self, workspace, members, one_first=False):
        self.workspace = workspace
        self.members = members
        self.one_first = one_first
        self.seconds_to_start = None

    def __getitem__(self, name):
        return next(member for member in self.members if member.name == name)

    @property
    def names(self):
        return sorted(member.name for member in self.members)

    def start(self):
        begin = time.monotonic()
        try:
            first, *others = self.members
            first.start()
            if self.one_first:  # old Patronis may both take the empty store for theirs
                wait_until(f"{first.name} is primary", first.is_primary, LIMIT)
            for member in others:
                member.start()
            self.wait_until_well()
        except TimedOut as error:
            raise TimedOut(f"{error}\n{self.workspace.logs()}") from None
        self.seconds_to_start = time.monotonic() - begin
        return self

    def wait_until_well(self, members=None):
        """One primary, and every other member streams from it."""
        wait_until("one primary and streaming replicas", lambda: self._is_well(members or self.members), LIMIT, 0.2)

    def _is_well(self, members):
        primaries = [member for member in members if member.is_primary()]
        replicas = [member for member in members if member.is_replica()]
        if len(primaries) != 1 or len(replicas) != len(members) - 1:
            return False
        streams = primaries[0].sql("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'")
        return int(streams) == len(replicas)

    def primary(self):
        return wait_until("a primary", lambda: next((member for member in self.members if member.is_primary()), None), LIMIT)

    def replicas(self):
        primary = self.primary()
        return [member for member in self.members if member is not primary and not member.ended()]

    def write_wal(self, megabytes=1):
        """Makes the primary write some WAL."""
        primary = self.primary()
        primary.sql("CREATE TABLE IF NOT EXISTS lab_wal (data text)")
        primary.sql(f"INSERT INTO lab_wal SELECT repeat(md5(i::text), 32) FROM generate_series(1, {megabytes * 1000}) i")

    def stop(self):
        for member in self.members:
            member.kill()


def modern_cluster(workspace, etcd, scope="demo", size=3, **options):
    """Patroni 4.1 (or options["version"]) with members node1, node2, ..."""
    return Cluster(workspace, [ModernMember(workspace, scope, f"node{n}", etcd, **options) for n in range(1, size + 1)])


def old_cluster(workspace, etcd, scope="batman", size=3):
    """Patroni 0.90 with members pg1, pg2, ..."""
    return Cluster(workspace, [OldMember(workspace, scope, f"pg{n}", etcd) for n in range(1, size + 1)], one_first=True)
