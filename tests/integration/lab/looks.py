"""What several stories say about a good answer."""

import itertools
import re

from .waiting import TimedOut, wait_until

LSN = re.compile(r"^[0-9A-F]{1,8}/[0-9A-F]{1,8}$")
FORMATS = ("pretty", "tsv", "json", "yaml")


def status_until(patctl, source, condition, what, limit=60.0):
    """Asks `patctl status SOURCE -f json` until its answer is as wanted; the Result."""
    seen = []

    def ask():
        result = patctl("status", *source, "-f", "json")
        seen[:] = [result]
        return result if condition(result) else None

    try:
        return wait_until(what, ask, limit, 0.25)
    except TimedOut as error:
        raise AssertionError(f"{error}\n{seen[0] if seen else ''}") from None


def caught_up(result):
    """Exit 0, verdict ok, every replica healthy with nothing to receive and nothing to replay."""
    if result.exit != 0:
        return False
    cluster = result.cluster()
    replicas = [row for row in cluster["members"] if row["name"] != cluster["primary"]]
    return cluster["verdict"] == "ok" and all(row["healthy"] and row["lag_bytes"] == 0 for row in replicas)


def assert_well(case, result, primary, names):
    """The status of a cluster without a fault: `primary` leads, the others of `names` follow without lag."""
    cluster, rows = result.cluster(), result.members()
    case.assertEqual(result.json["format"], "patroni.status/1")
    case.assertEqual(result.exit, 0, f"\n{result}")
    case.assertEqual(cluster["verdict"], "ok", f"\n{result}")
    case.assertEqual(cluster["primary"], primary)
    case.assertEqual(cluster["primaries_seen"], [primary])
    case.assertEqual([row["name"] for row in cluster["members"]], sorted(names))
    case.assertEqual(result.problems(), [])
    for name, row in rows.items():
        case.assertTrue(row["healthy"], f"{name}: {row['reasons']}\n{result}")
        case.assertEqual(row["reasons"], [])
        case.assertIsNone(row["error"])
        case.assertRegex(row["observed_at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
        if name == primary:
            case.assertEqual(row["role"], "primary")
            case.assertRegex(row["lsn"], LSN)
            case.assertIsNone(row["lag_bytes"])
        else:
            case.assertIn(row["role"], ("replica", "sync_standby", "quorum_standby"))
            case.assertEqual((row["lag_bytes"], row["receive_lag_bytes"], row["replay_lag_bytes"]), (0, 0, 0))
            case.assertEqual(row["lag_source"], "live")
            case.assertRegex(row["received_lsn"], LSN)
            case.assertRegex(row["replayed_lsn"], LSN)


def assert_unanswered(case, result, name, kind="connect_refused"):
    """The member is a row that tells why it did not answer; no number is made up for it."""
    row = result.members()[name]
    case.assertFalse(row["healthy"], f"\n{result}")
    case.assertEqual(row["error"]["kind"], kind, f"\n{result}")
    case.assertEqual(row["error"]["delivery"], "not_sent")
    case.assertTrue(row["reasons"])
    case.assertNotIn(name, result.cluster()["primaries_seen"])  # its role may be what the store says: that is no sight
    return row


def member_names(event):
    """Of the cluster that an event of a watch tells."""
    return [member["name"] for member in event["cluster"]["members"]]


def assert_kill_was_watched(test, watcher, killed, leader, names):
    """What a watch that began before a kill -9 has told when the killed one is back: who led, and that its key went and came."""
    watcher.wait("all are members again", lambda one: member_names(one.of("cluster")[-1]) == names, 60)
    told = watcher.of("cluster")
    leaders = [name for name, _ in itertools.groupby(event["cluster"]["leader"] for event in told)]
    test.assertIn(leaders, ([killed, None, leader], [killed, leader]))
    test.assertTrue(any(killed not in member_names(event) for event in told), "its key has gone")
    test.assertEqual((watcher.of("gap"), watcher.of("lost")), ([], []))
    test.assertEqual(watcher.stop(), (0, ""))
