#!/usr/bin/env python3
"""From start to output, for three real members: the drop-in patronictl list, patctl discover and
patctl status beside the real patronictl list.

    bench/startup.py [-n RUNS] [--patctl FILE]

Starts a cluster of three (Patroni 4.1 on etcd v3, from scripts/lab-install), then runs the programs in turn, so that whatever else
the machine does hits all of them alike. All read the same configuration file of a member. Wall time and CPU are taken around each
run; the peak memory comes from further runs under GNU time, because a child of Python inherits Python's own peak.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests/integration"))

from lab import cluster, parts, workspace  # noqa: E402
from lab.etcd import Etcd  # noqa: E402

MEMORY_RUNS = 5


class Program:
    """One command line and what was measured of it."""

    def __init__(self, title, arguments, environment):
        self.title = title
        self.arguments = [str(argument) for argument in arguments]
        self.environment = environment
        self.wall = []
        self.cpu = []
        self.memory = []

    def check(self, expected):
        """It works, and its output names what it should."""
        done = subprocess.run(self.arguments, env=self.environment, capture_output=True, text=True, check=False, timeout=60)
        missing = [word for word in expected if word not in done.stdout]
        if done.returncode or missing:
            sys.exit(f"{self.title}: exit {done.returncode}, not in its output: {missing}\n{done.stdout}{done.stderr}")

    def run(self, output):
        begin = time.perf_counter()
        pid = os.posix_spawn(self.arguments[0], self.arguments, self.environment,
                             file_actions=[(os.POSIX_SPAWN_DUP2, output, 1), (os.POSIX_SPAWN_DUP2, output, 2)])
        _, status, usage = os.wait4(pid, 0)
        wall = time.perf_counter() - begin
        if status:
            sys.exit(f"{self.title}: ended with {os.waitstatus_to_exitcode(status)}")
        self.wall.append(wall)
        self.cpu.append(usage.ru_utime + usage.ru_stime)

    def run_for_memory(self, time_program):
        done = subprocess.run([time_program, "-f", "%M", *self.arguments], env=self.environment, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True, check=True, timeout=60)
        self.memory.append(int(done.stderr.split()[-1]) * 1024)


def programs(members, patctl, folder):
    """What is compared; the first is what the others are compared with."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "LANG": "C.UTF-8"}
    config = members.members[0].config
    return [
        Program("patronictl list", [parts.venv(parts.MODERN) / "bin/patronictl", "-c", config, "list"], environment),
        Program("the drop-in's list", [patctl.parent / "patronictl", "-c", config, "list"], environment),
        Program("patctl discover", [patctl, "discover", "-c", config], environment),
        Program("patctl status", [patctl, "status", "-c", config], environment),
    ]


def measure(compared, runs):
    time_program = parts.program("time")
    with open(os.devnull, "w", encoding="ascii") as nothing:
        for _ in range(runs):
            for program in compared:
                program.run(nothing.fileno())
    for _ in range(MEMORY_RUNS):
        for program in compared:
            program.run_for_memory(time_program)


def table(compared):
    base = compared[0]
    lines = ["| program | wall, median (min-max) | CPU, median | peak memory | wall, times faster | CPU, times less | memory, times less |",
             "|---|---|---|---|---|---|---|"]
    for program in compared:
        wall, cpu, memory = (statistics.median(values) for values in (program.wall, program.cpu, program.memory))
        ratios = ["", "", ""]
        if program is not base:
            pairs = ((base.wall, wall), (base.cpu, cpu), (base.memory, memory))
            ratios = [f"{statistics.median(values) / mine:.1f}" if mine else "?" for values, mine in pairs]
        lines.append(f"| {program.title} | {wall * 1e3:.2f} ms ({min(program.wall) * 1e3:.2f}-{max(program.wall) * 1e3:.2f})"
                     f" | {cpu * 1e3:.2f} ms | {memory / 1e6:.1f} MB | {' | '.join(ratios)} |")
    return "\n".join(lines)


def setting(patctl):
    """What the figures depend on."""
    python = subprocess.run([parts.venv(parts.MODERN) / "bin/python", "--version"], capture_output=True, text=True, check=True)
    pip = subprocess.run([parts.venv(parts.MODERN) / "bin/pip", "list", "--format=freeze", "--disable-pip-version-check"],
                         capture_output=True, text=True, check=True).stdout.split()
    libraries = [line for line in pip if line.startswith(("patroni=", "click=", "urllib3=", "prettytable=", "PyYAML="))]
    load = ", ".join(f"{value:.2f}" for value in os.getloadavg())
    return (f"{os.cpu_count()} cores, load {load}; {python.stdout.strip()}, {', '.join(libraries)}; "
            f"patctl of {patctl.stat().st_size / 1e6:.1f} MB")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", type=int, default=30, metavar="RUNS", help="timed runs of each program (30)")
    parser.add_argument("--patctl", metavar="FILE", help="the program (else $PATCTL, else the newest build*/**/patctl)")
    options = parser.parse_args()
    if options.patctl:
        os.environ["PATCTL"] = options.patctl
    try:
        patctl = parts.patctl()
        parts.program("time")
        space = workspace.Workspace("bench")
        members = cluster.modern_cluster(space, Etcd(space).start())
    except parts.Missing as reason:
        sys.exit(f"startup.py: {reason}")
    members.start()
    time.sleep(3)  # every member has published itself
    compared = programs(members, patctl, space.folder("home"))
    for program in compared:
        program.check(members.names)
        program.check(members.names)  # the second one has its files in the page cache
    print(f"{setting(patctl)}; {options.n} runs of each, in turn")
    measure(compared, options.n)
    print(table(compared))


if __name__ == "__main__":
    main()
