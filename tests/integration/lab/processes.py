"""Processes of the lab: started as a user who is not root, ended by pid whatever happens to the tests.

Everything that `start` has started, and every PostgreSQL named by `watch_postgres`, is killed when the interpreter ends: after the
last test, after an exception, and on SIGINT, SIGTERM and SIGHUP.
"""

import atexit
import os
import pathlib
import pwd
import signal
import subprocess
import sys
import time

_children = []
_data_folders = set()
_afterwards = []


def server_user():
    """PostgreSQL refuses root: as root the servers run as postgres, else as the present user."""
    return pwd.getpwnam("postgres") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())


def start(arguments, log, environment=None, folder=None):
    """Starts a server in a session of its own; its output goes to the file `log`."""
    user = server_user()
    identity = {}
    if os.geteuid() == 0:
        groups = os.getgrouplist(user.pw_name, user.pw_gid)
        identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": groups}
    with open(log, "ab") as output:
        child = subprocess.Popen(
            [str(argument) for argument in arguments], stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            env={"PATH": os.environ["PATH"], "HOME": str(folder or "/"), "LANG": "C.UTF-8", **(environment or {})},
            cwd=folder or "/", start_new_session=True, **identity)
    _children.append(child)
    return child


def adopt(child):
    """A process that was started elsewhere ends with the others."""
    _children.append(child)


def kill(child):
    """SIGKILL, and the certainty that it is gone."""
    if child.poll() is None:
        child.kill()
    child.wait(timeout=10)
    if child in _children:
        _children.remove(child)


def stop(child, limit=10):
    """SIGTERM, after `limit` seconds SIGKILL."""
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(timeout=limit)
        except subprocess.TimeoutExpired:
            pass
    kill(child)


# ---- PostgreSQL: Patroni's postmaster leaves its session and outlives it

def watch_postgres(data_folder):
    """From now on the PostgreSQL that runs in this folder belongs to the lab."""
    _data_folders.add(pathlib.Path(data_folder))


def postmaster(data_folder):
    """Its pid, or None."""
    try:
        pid = int((pathlib.Path(data_folder) / "postmaster.pid").read_text().split("\n")[0])
        running_in = os.readlink(f"/proc/{pid}/cwd")
    except (OSError, ValueError):
        return None
    return pid if running_in == str(pathlib.Path(data_folder).resolve()) else None


def descendants(pid):
    """The pids below a process."""
    parents = {}
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            fields = _stat(int(entry.name))
            if fields:
                parents[int(entry.name)] = fields[1]
    found = [pid]
    for parent in found:
        found.extend(child for child, its_parent in parents.items() if its_parent == parent)
    return found[1:]


def command_line(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""


def end_postgres(data_folder, how=signal.SIGQUIT):
    """Ends a PostgreSQL at once and waits until all of its processes are gone."""
    pid = postmaster(data_folder)
    if pid is None:
        return
    segment = _shared_memory(data_folder)
    family = {one: _started(one) for one in [pid, *descendants(pid)]}
    _signal(pid, how)
    if how == signal.SIGQUIT:
        _wait_gone(family, 3)
    for one, started in family.items():  # a stopped or stuck backend, and those whose postmaster was killed
        if _started(one) == started:
            _signal(one, signal.SIGKILL)
    left = _wait_gone(family, 10)
    if left:
        raise RuntimeError(f"PostgreSQL in {data_folder} survived SIGKILL: {sorted(left)}")
    if segment:  # left behind by kill -9
        subprocess.run(["ipcrm", "-m", segment], stderr=subprocess.DEVNULL, check=False)


def _shared_memory(data_folder):
    try:
        lines = (pathlib.Path(data_folder) / "postmaster.pid").read_text().split("\n")
        return lines[6].split()[1]
    except (OSError, IndexError):
        return None


def _stat(pid):
    """(state, parent, start time) or None."""
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return fields[0], int(fields[1]), fields[19]


def _started(pid):
    fields = _stat(pid)
    return fields[2] if fields and fields[0] not in "ZX" else None


def _signal(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def _wait_gone(family, limit):
    end = time.monotonic() + limit
    while True:
        left = {pid for pid, started in family.items() if started is not None and _started(pid) == started}
        if not left or time.monotonic() > end:
            return left
        time.sleep(0.02)


# ---- the end

def at_end(action):
    """Calls action when everything has been ended."""
    _afterwards.append(action)


def end_all():
    """Patronis first, or they would start their PostgreSQL again."""
    for child in list(_children):
        try:
            kill(child)
        except subprocess.TimeoutExpired:
            print(f"could not end pid {child.pid}", file=sys.stderr)
    for folder in list(_data_folders):
        try:
            end_postgres(folder)
        except RuntimeError as error:
            print(error, file=sys.stderr)
    _data_folders.clear()
    while _afterwards:
        _afterwards.pop()()


def _end_on_signal(number, _frame):
    # Not an exception: unittest would take that for a failed test and go on with the next one.
    for other in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(other, signal.SIG_IGN)
    end_all()
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


atexit.register(end_all)
for _number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(_number, _end_on_signal)
