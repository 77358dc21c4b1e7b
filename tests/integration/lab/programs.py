"""Folders with PostgreSQL's programs behind wrappers: what an old Patroni wants, and a pg_basebackup that can be held."""

import pathlib
import shlex
import shutil

from . import parts

HERE = pathlib.Path(__file__).resolve().parent
HOLD = "LAB_HOLD"  # names a file: while it exists, pg_basebackup waits


def of_postgres_96(workspace):
    """For Patroni 0.90 to 1.6: 9.6's servers, 15's clients that take the options of 9.6."""
    servers = parts.postgres_96()
    wrapped = {name: servers / name for name in ("initdb", "pg_ctl", "postgres")}
    return _folder(workspace, "programs", {**wrapped, "psql": parts.postgres_15() / "psql"}, list((HERE / "old_patroni").iterdir()))


def of_postgres_15(workspace):
    """For Patroni 2.0, and tests that hold pg_basebackup."""
    wrapped = {path.name: path for path in parts.postgres_15().iterdir() if path.name != "pg_basebackup"}
    return _folder(workspace, "programs-15", wrapped, [HERE / "old_patroni/pg_basebackup", HERE / "old_patroni/run.py"])


def _folder(workspace, name, wrapped, files):
    folder = workspace.path / name
    if folder.exists():
        return folder
    workspace.folder(name)
    for source in files:
        if source.is_file():
            shutil.copy(source, folder / source.name)
            workspace.give(folder / source.name, 0o755)
    # Wrappers, not links: PostgreSQL looks for its libraries beside the program.
    for program, path in wrapped.items():
        (folder / program).write_text(f'#!/bin/sh\nexec {shlex.quote(str(path))} "$@"\n')
        workspace.give(folder / program, 0o755)
    return folder
