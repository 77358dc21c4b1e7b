"""Where the programs of the lab are. scripts/lab-install puts them there."""

import os
import pathlib
import re
import shutil
import subprocess

MODERN = "4.1.5"
OLD = "0.90"
POSTGRES_15 = pathlib.Path("/usr/lib/postgresql/15/bin")
REPOSITORY = pathlib.Path(__file__).resolve().parents[3]


class Missing(Exception):
    """A part of the lab is not on this machine; the text says which and what would help."""


def home():
    """The folder of lab-install."""
    if os.environ.get("PATRONI_LAB"):
        return pathlib.Path(os.environ["PATRONI_LAB"])
    if os.geteuid() == 0:
        return pathlib.Path("/var/cache/libpatroni-lab")
    cache = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    return pathlib.Path(cache) / "libpatroni-lab"


def program(name):
    path = shutil.which(name)
    if not path:
        raise Missing(f"no {name} on PATH (scripts/lab-install installs it)")
    return path


def venv(version):
    """The virtual environment of one Patroni."""
    folder = home() / f"patroni-{version}"
    if not (folder / ".complete").exists():
        raise Missing(f"no Patroni {version} in {home()} (scripts/lab-install --patroni {version})")
    return folder


def installed_versions():
    """Every Patroni of the lab, oldest first."""
    names = [marker.parent.name.removeprefix("patroni-") for marker in home().glob("patroni-*/.complete")]
    return sorted(names, key=lambda version: [int(part) for part in version.split(".")])


def postgres_15():
    if not (POSTGRES_15 / "postgres").exists():
        raise Missing("no PostgreSQL 15 (scripts/lab-install installs it)")
    return POSTGRES_15


def postgres_96():
    folder = home() / "postgresql-9.6"
    if not (folder / ".complete").exists():
        raise Missing(f"no PostgreSQL 9.6 in {home()} (scripts/lab-install --only 0.90)")
    return folder / "bin"


def consul():
    """$CONSUL, that on PATH, or that of the lab."""
    path = os.environ.get("CONSUL") or shutil.which("consul") or home() / "consul-1.15.3/consul"
    if not os.access(path, os.X_OK):
        raise Missing("no Consul (scripts/lab-install --consul builds it; $CONSUL names another one)")
    return path


def etcd(version=None):
    """That of Debian, or a newer one of the lab."""
    if not version:
        return program("etcd")
    path = home() / f"etcd-{version}/etcd"
    if not os.access(path, os.X_OK):
        raise Missing(f"no etcd {version} (scripts/lab-install --etcd builds it)")
    return path


def server_version(bin_dir):
    """server_version_num: 90624 for 9.6.24, 150007 for 15.7."""
    text = subprocess.run([bin_dir / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    numbers = [int(part) for part in re.search(r"[0-9]+(\.[0-9]+)+", text)[0].split(".")]
    if numbers[0] >= 10:
        return numbers[0] * 10000 + numbers[1]
    return numbers[0] * 10000 + numbers[1] * 100 + numbers[2]


def patctl():
    """The program under test: $PATCTL, else the newest one below build*/."""
    if os.environ.get("PATCTL"):
        path = pathlib.Path(os.environ["PATCTL"]).resolve()
        if not os.access(path, os.X_OK):
            raise Missing(f"PATCTL={path} is not a program")
        return path
    found = [path for path in REPOSITORY.glob("build*/**/patctl") if path.is_file() and os.access(path, os.X_OK)]
    if not found:
        raise Missing("no patctl (set PATCTL, or build it: scripts/build)")
    return max(found, key=lambda path: path.stat().st_mtime)


def member_tour():
    """The program that makes one call of the library: beside patctl."""
    path = patctl().with_name("member_tour")
    if not path.exists():
        raise Missing(f"no {path} (build the tests)")
    return path
