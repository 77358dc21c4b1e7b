"""What a call of the tour must have done, or must not have done: context managers around the call.

Nothing here uses the library: the REST API is asked with urllib, the store with its own API, PostgreSQL with psql, processes and
files by the system.
"""

import contextlib
import datetime
import json
import re

from .tour import postmaster_start, wait_for

PRIMARY_ROLES = ("master", "primary")


def document(step, path="/patroni", member=None):
    return json.loads(step.tour.rest(member or step.member, path)[1])


def in_recovery(member):
    return member.sql("SELECT pg_is_in_recovery()") == "t"


@contextlib.contextmanager
def nothing(test, step):
    """No key, no PostgreSQL, no schedule has changed."""
    before = step.tour.untouched()
    yield
    test.assertEqual(step.tour.untouched(), before)


@contextlib.contextmanager
def unlooked(_test, _step):
    """For a call that has no effect to look at."""
    yield


# ---- reads

@contextlib.contextmanager
def true_status(test, step):
    yield
    data, truth = step.result["data"], document(step)
    test.assertEqual(data["role"] == "primary", not in_recovery(step.member))
    test.assertEqual(data["role"] == "primary", truth["role"] in PRIMARY_ROLES)
    test.assertEqual(data["state"], truth["state"])
    test.assertEqual(data["patroni_version"], truth["patroni"]["version"])
    test.assertEqual(data["system_identifier"], step.tour.keys()["initialize"])
    test.assertEqual(data["server_version"], int(step.member.sql("SHOW server_version_num")))
    test.assertEqual(data["timeline"], truth.get("timeline"))
    started = float(step.member.sql("SELECT extract(epoch FROM pg_postmaster_start_time())"))
    said = datetime.datetime.fromisoformat(data["postmaster_start_time"].replace("Z", "+00:00")).timestamp()
    test.assertAlmostEqual(said, started, delta=0.002)
    position = "location" if data["role"] == "primary" else "replayed_location"
    test.assertIsNotNone(data[position])
    test.assertLessEqual(data[position], truth["xlog"][position])
    streams = sorted(row["application_name"] for row in truth.get("replication", []))
    test.assertEqual(sorted(row["application_name"] for row in data["replication"]), streams)


@contextlib.contextmanager
def true_cluster(test, step):
    yield
    if step.word != "ok":
        return
    data, leader = step.result["data"], step.tour.keys()["leader"]
    test.assertEqual(data["leader"], leader)
    members = step.tour.cluster.members
    test.assertEqual([(row["name"], row["api"], row["postgres"]) for row in data["members"]],
                     [(member.name, member.api_url, member.postgres_address) for member in members])
    for row, member in zip(data["members"], members):
        test.assertEqual(row["role"] == "primary", not in_recovery(member))
        test.assertEqual((row["role"] == "primary") or row["lag"] is not None, True, row)


@contextlib.contextmanager
def true_history(test, step):
    yield
    if step.word != "ok":
        return
    truth = json.loads(step.tour.keys().get("history", "[]"))
    data = [[row["timeline"], row["lsn"], row["reason"]] for row in step.result["data"]["entries"]]
    test.assertEqual(data, [row[:3] for row in truth])
    test.assertEqual(step.result["data"]["unreadable"], 0)


@contextlib.contextmanager
def true_config(test, step):
    yield
    if step.word == "ok":
        test.assertEqual(step.result["data"], json.loads(step.tour.keys()["config"]))


@contextlib.contextmanager
def true_metrics(test, step):
    yield
    if step.word != "ok":
        return
    data = step.result["data"]
    text = step.tour.rest(step.member, "/metrics")[1]
    truth = dict(re.findall(r"^(\w+) ?\{[^}]*\} (\S+)$", text, re.MULTILINE))
    test.assertEqual(data["samples"], len(truth))
    test.assertEqual(data["primary"], not in_recovery(step.member))
    test.assertEqual(data["replica"], in_recovery(step.member))
    test.assertEqual(data["server_version"], int(truth["patroni_postgres_server_version"]))
    test.assertEqual(data["postgres_running"], truth["patroni_postgres_running"] == "1")
    test.assertEqual(data["version"], step.tour.version)


@contextlib.contextmanager
def true_check(test, step):
    """The library says well when the server says 200, to the same path and method."""
    yield
    if step.row.call == "health" and "method" not in step.arguments and "max_lag" not in step.arguments and "tag" not in step.arguments:
        path = step.arguments["check"]
    elif step.row.call in ("liveness", "readiness"):
        path = "/" + step.row.call
    else:
        return
    if step.word != "unsupported":
        test.assertEqual(step.word == "well", step.tour.rest(step.member, path)[0] == 200)


# ---- configuration

@contextlib.contextmanager
def configured(test, step):
    """The store holds what was asked for, and the outcome says the same."""
    before = json.loads(step.tour.keys().get("config", "null"))
    yield
    after = json.loads(step.tour.keys().get("config", "null"))
    if not step.done():
        test.assertEqual(after, before)
        return
    test.assertEqual(step.result["outcome"]["config"], after)
    wait_for("the member shows it", lambda: document(step, "/config") == after, 5)  # its view is one loop old
    wish = step.arguments.get("patch") or step.arguments["config"]
    for key, value in wish.items():
        if isinstance(value, dict):
            test.assertLessEqual(_leaves(value).items(), _leaves(after[key]).items())
        else:
            test.assertEqual(after.get(key), value)
            test.assertEqual(key in after, value is not None)
    if "config" in step.arguments:
        test.assertEqual(after, wish)


def _leaves(tree, path=()):
    found = {}
    for key, value in tree.items():
        found.update(_leaves(value, (*path, key)) if isinstance(value, dict) else {(*path, key): value})
    return found


def then(condition, what):
    """configured, and what members make of it."""
    @contextlib.contextmanager
    def effect(test, step):
        with configured(test, step):
            yield
        if step.done():
            wait_for(what, lambda: condition(step))
    return effect


def _both(step):
    return [document(step, member=step.tour.member(who)) for who in ("leader", "replica")]


pending = then(lambda step: all(one.get("pending_restart") for one in _both(step)), "a pending restart of both members")
paused = then(lambda step: step.tour.says_pause(), "maintenance mode")
resumed = then(lambda step: not any(one.get("pause") for one in _both(step)), "the end of maintenance mode")


def _standbys(step):
    sync = json.loads(step.tour.keys().get("sync") or "{}")
    return sync.get("sync_standby") or ""


@contextlib.contextmanager
def synchronous(test, step):
    """The other member becomes the synchronous standby; the guarded one has nosync or is not chosen."""
    with configured(test, step):
        yield
    if step.done() and step.tour.has_sync:
        wait_for("a synchronous standby", lambda: _standbys(step))
        other = step.tour.member("replica")
        wait_for("PostgreSQL knows it", lambda: other.name in step.tour.member("leader").sql(
            "SELECT string_agg(application_name, ',') FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')"))
        wait_for("it knows that itself", lambda: not step.tour.has_sync_check or step.tour.rest(other, "/sync")[0] == 200)


@contextlib.contextmanager
def asynchronous(test, step):
    with configured(test, step):
        yield
    if step.done() and step.tour.has_sync:
        wait_for("no synchronous standby", lambda: not _standbys(step))


@contextlib.contextmanager
def quorum(test, step):
    with configured(test, step):
        yield
    if step.done() and step.tour.has_quorum:
        wait_for("a quorum", lambda: "quorum_standby" in json.dumps(document(step, "/cluster")) and _both(step)[1].get("quorum_standby"))


@contextlib.contextmanager
def nothing_kept(test, step):
    """Refused in maintenance mode; a version without that mode schedules it, and then it is taken back."""
    before = step.tour.untouched()
    yield
    if step.done():
        step.tour.forget_switchover()
    test.assertEqual(step.tour.untouched(), before)


@contextlib.contextmanager
def store_stopped(test, step):
    """The last row: the store is stopped, so nobody can be made the leader."""
    new = step.tour.member("replica")
    step.tour.freeze_store()
    yield
    test.assertTrue(in_recovery(new))


@contextlib.contextmanager
def tag_appears(test, step):
    """A tag that was written to the configuration file is there after the reload."""
    text = step.member.config.read_text()
    step.member.config.write_text(text + "tags:\n  tour: 1\n")
    yield
    if step.done():
        wait_for("the new tag", lambda: document(step).get("tags", {}).get("tour") == 1)
    else:
        test.assertNotIn("tags", document(step))


@contextlib.contextmanager
def certificate_optional(_test, step):
    """From now on the guarded member wants a client certificate for writes only."""
    text = step.member.config.read_text()
    step.member.config.write_text(text.replace("verify_client: required", "verify_client: optional"))
    yield
    if step.done():
        wait_for("reads without a certificate", lambda: step.tour.rest_without_certificate(step.member) == 200)


# ---- restart

@contextlib.contextmanager
def restarted(test, step):
    """This PostgreSQL, and no other, has another postmaster."""
    before = {member.name: postmaster_start(member) for member in step.tour.cluster.members}
    leader = step.tour.keys()["leader"]
    yield
    after = {member.name: postmaster_start(member) for member in step.tour.cluster.members}
    changed = [name for name in before if before[name] != after[name]]
    test.assertEqual(changed, [step.member.name] if step.done() else [])
    test.assertEqual(step.tour.keys()["leader"], leader)
    if step.done():
        test.assertIsNotNone(after[step.member.name])
        wait_for("it says running", lambda: document(step)["state"] == "running")
        started = float(step.member.sql("SELECT extract(epoch FROM now() - pg_postmaster_start_time())"))
        test.assertLess(started, 20)


@contextlib.contextmanager
def pending_restarted(test, step):
    with restarted(test, step):
        yield
    if step.done():
        wait_for("no pending restart", lambda: not document(step).get("pending_restart"))


@contextlib.contextmanager
def restart_waits(test, step):
    before = postmaster_start(step.member)
    yield
    test.assertEqual(postmaster_start(step.member), before)
    said = document(step).get("scheduled_restart")
    if step.done():
        test.assertEqual(datetime.datetime.fromisoformat(said["schedule"]), datetime.datetime.fromisoformat(step.arguments["schedule"]))
    else:
        test.assertIsNone(said)


@contextlib.contextmanager
def restart_cancelled(test, step):
    before = postmaster_start(step.member)
    yield
    test.assertIsNone(document(step).get("scheduled_restart"))
    test.assertEqual(postmaster_start(step.member), before)


@contextlib.contextmanager
def restarted_in_time(test, step):
    before = postmaster_start(step.member)
    with restart_waits(test, step):
        yield
    if step.done():
        wait_for("the scheduled restart", lambda: postmaster_start(step.member) not in (before, None), 15)
        now = datetime.datetime.now(datetime.timezone.utc)
        test.assertGreaterEqual(now, datetime.datetime.fromisoformat(step.arguments["schedule"]))
        wait_for("it says running, and nothing is scheduled",
                 lambda: document(step)["state"] == "running" and "scheduled_restart" not in document(step))


# ---- reinitialize: pg_basebackup waits while the file `hold` is there

def _mark(step):
    (step.member.data / "tour.mark").write_text("")


@contextlib.contextmanager
def data_deleted(_test, step):
    """The old data is gone, and the copy does not come yet."""
    (step.tour.workspace.path / "hold").write_text("")
    _mark(step)
    yield
    wait_for("the data folder is deleted", lambda: not (step.member.data / "tour.mark").exists())


@contextlib.contextmanager
def still_copying(test, step):
    """Nothing new: the copy that was asked for before goes on."""
    yield
    test.assertIsNone(postmaster_start(step.member))
    test.assertNotEqual(document(step)["state"], "running")


def copy_ends(step):
    (step.tour.workspace.path / "hold").unlink(missing_ok=True)
    wait_for("the copy streams", lambda: postmaster_start(step.member) and step.member.is_replica(), 60)
    step.tour.wait_until_well()


@contextlib.contextmanager
def copied(test, step):
    """The copy may come now, and does."""
    yield
    copy_ends(step)
    test.assertTrue(in_recovery(step.member))


@contextlib.contextmanager
def copied_anew(test, step):
    _mark(step)
    yield
    if step.done():
        wait_for("the data folder is deleted", lambda: not (step.member.data / "tour.mark").exists())
        copy_ends(step)
    else:
        test.assertTrue((step.member.data / "tour.mark").exists())


# ---- switchover and failover

@contextlib.contextmanager
def switchover_waits(test, step):
    before = step.tour.keys()["leader"]
    yield
    keys = step.tour.keys()
    test.assertEqual(keys["leader"], before)
    if step.done():
        request = json.loads(keys["failover"])
        test.assertEqual((request["leader"], request["member"]), (step.arguments["leader"], step.arguments["candidate"]))
        test.assertEqual(datetime.datetime.fromisoformat(request["scheduled_at"]),
                         datetime.datetime.fromisoformat(step.arguments["schedule"]))
    else:
        test.assertIn(keys.get("failover"), (None, "{}"))


@contextlib.contextmanager
def switchover_cancelled(test, step):
    yield
    if step.done():
        test.assertIn(step.tour.keys().get("failover"), (None, "{}"))
    elif step.tour.is_old:  # this version has no way to do it but the store
        step.tour.forget_switchover()


@contextlib.contextmanager
def other_leads(test, step):
    """The replica leads, in the store and in PostgreSQL; the old leader follows it."""
    old, new = step.tour.member("leader"), step.tour.member("replica")
    yield
    if step.done():
        if step.word == "done":
            test.assertEqual(step.result["outcome"]["new_leader"], new.name)
        wait_for(f"the store says that {new.name} leads", lambda: step.tour.keys().get("leader") == new.name)
        wait_for(f"{new.name} is no longer in recovery", lambda: _is_up(new) and not in_recovery(new))
        step.tour.wait_until_well()
        test.assertTrue(in_recovery(old))
    else:
        test.assertEqual(step.tour.keys()["leader"], old.name)
        test.assertFalse(in_recovery(old))


def _is_up(member):
    try:
        return bool(member.sql("SELECT 1"))
    except (RuntimeError, ConnectionError):
        return False
