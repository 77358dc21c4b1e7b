// The screen of `patctl status`, word for word.
#include "patctl/render/status.hpp"
#include "unit/patctl/reports.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patroni::testing {
namespace {

using ::patctl::Format;
using ::patctl::render::status_text;
using ::patctl::render::StatusStyle;
using ::testing::HasSubstr;
using ::testing::Not;

std::string pretty(const StatusReport& report, StatusStyle style = {}) {
    style.source = " --etcd3 h:2379";
    return "\n" + status_text(report, style);
}

TEST(StatusScreen, Ok) {
    EXPECT_EQ(pretty(report_of({cluster(Verdict::ok, {healthy("pg1", 1, Role::primary),
                                                      healthy("pg2", 2, Role::sync_standby),
                                                      healthy("pg3", 3, Role::replica)})})),
              R"(
OK  batman  leader pg1 writable; 2 of 2 replicas well; pg2 can take over without loss
   MEMBER  ROLE          ADDRESS        STATE      TL  RECV LAG  REPLAY LAG  AS OF
*  pg1     primary       10.0.0.1:5432  running     3         -           -  now
   pg2     sync standby  10.0.0.2:5432  streaming   3         0           0  now
   pg3     replica       10.0.0.3:5432  streaming   3         0           0  now
)");
}

TEST(StatusScreen, Degraded) {
    auto late = healthy("pg3", 3, Role::replica);
    late.healthy = false;
    late.receive_lag_bytes = late.lag_bytes = 1363149;
    late.replay_lag_bytes = 2576980378;
    auto published = silent("pg4", 4, ErrorKind::timeout);
    published.role = Role::replica;
    published.role_source = FactSource::dcs;
    published.state = "streaming";
    published.timeline = 3;
    published.lag_bytes = 204800;
    published.lag_source = FactSource::dcs;
    auto status = cluster(Verdict::degraded, {healthy("pg1", 1, Role::primary), late, published});
    status.problems = {{"replay_lag", "pg3", "replays 2.4 GB late"},
                       {"no_answer", "pg4", "no connection in 1 s"}};
    EXPECT_EQ(pretty(report_of({status})), R"(
DEGRADED  batman  leader pg1 writable; 0 of 2 replicas well; 2 problems
   MEMBER  ROLE     ADDRESS            STATE      TL  RECV LAG  REPLAY LAG  AS OF
*  pg1     primary  10.0.0.1:5432      running     3         -           -  now
!  pg3     replica  10.0.0.3:5432      streaming   3    1.3 MB      2.4 GB  now
!  pg4     replica  api 10.0.0.4:8008  streaming   3    200 kB           ?  etcd, < 30 s
! pg3  replays 2.4 GB late
! pg4  no connection in 1 s
Next:  patctl status --etcd3 h:2379 -v    patctl discover --etcd3 h:2379
)");
}

TEST(StatusScreen, Split) {
    auto status = cluster(Verdict::split,
                          {healthy("pg1", 1, Role::primary), healthy("pg2", 2, Role::primary)});
    status.problems = {{"two_primaries", "", "more than one running primary: pg1, pg2"}};
    EXPECT_EQ(pretty(report_of({status})), R"(
SPLIT  batman  primaries pg1, pg2; 2 of 2 members well; 1 problem
  MEMBER  ROLE     ADDRESS        STATE    TL  RECV LAG  REPLAY LAG  AS OF
  pg1     primary  10.0.0.1:5432  running   3         -           -  now
  pg2     primary  10.0.0.2:5432  running   3         -           -  now
! more than one running primary: pg1, pg2
Next:  patctl status --etcd3 h:2379 -v    patctl discover --etcd3 h:2379
)");
}

TEST(StatusScreen, NoLeaderShowsNoZeroThatIsNotKnown) {
    auto survivor = healthy("pg2", 2, Role::replica);
    survivor.lag_bytes = survivor.receive_lag_bytes = survivor.replay_lag_bytes = std::nullopt;
    survivor.lag_source = FactSource::none;
    survivor.replication_state.reset();
    survivor.timeline.reset();
    auto status =
        cluster(Verdict::no_leader, {silent("pg1", 1, ErrorKind::connect_refused), survivor});
    status.lock_holder = "pg1";
    status.problems = {{"leader_unseen", "pg1", "holds the leader lock, but does not answer"}};
    EXPECT_EQ(pretty(report_of({status})), R"(
NO LEADER  batman  lock held by pg1, no running primary seen; 1 of 2 members well; 1 problem
   MEMBER  ROLE     ADDRESS            STATE    TL  RECV LAG  REPLAY LAG  AS OF
!  pg1     ?        api 10.0.0.1:8008  ?         ?         ?           ?  ?
   pg2     replica  10.0.0.2:5432      running   ?         ?           ?  now
! pg1  holds the leader lock, but does not answer
Next:  patctl status --etcd3 h:2379 -v    patctl discover --etcd3 h:2379
)");
}

TEST(StatusScreen, UnknownWithAGoneMember) {
    MemberHealth gone;
    gone.name = "old";
    gone.role = Role::gone;
    gone.role_source = FactSource::dcs;
    gone.named_by = "/service/batman/failsafe";
    auto status = cluster(Verdict::unknown, {gone, silent("pg1", 1, ErrorKind::timeout)});
    status.scope = "";
    status.problems = {{"gone", "old", "has no member key any more"}};
    EXPECT_EQ(pretty(report_of({status})), R"(
UNKNOWN  (scope unknown)  no running primary seen; 0 of 1 member well; 1 problem
   MEMBER  ROLE  ADDRESS            STATE  TL  RECV LAG  REPLAY LAG  AS OF
!  old     gone  ?                  -       ?         -           -  etcd
!  pg1     ?     api 10.0.0.1:8008  ?       ?         ?           ?  ?
! old  has no member key any more
Next:  patctl status --etcd3 h:2379 -v    patctl discover --etcd3 h:2379
)");
}

TEST(StatusScreen, SeveralClustersAreALineEachWorstFirst) {
    auto good = cluster(Verdict::ok, {healthy("a", 1, Role::primary)});
    good.scope = "good";
    auto split =
        cluster(Verdict::split, {healthy("b", 2, Role::primary), healthy("c", 3, Role::primary)});
    split.scope = "torn";
    auto lost = cluster(Verdict::no_leader, {healthy("d", 4, Role::replica)});
    lost.scope = "lost";
    EXPECT_EQ(pretty(report_of({good, lost, split})), R"(
SPLIT  torn  primaries b, c; 2 of 2 members well
NO LEADER  lost  no running primary seen; 1 of 1 member well
OK  good  leader a writable; no replica
Next:  patctl status --etcd3 h:2379 -v    patctl discover --etcd3 h:2379
)");
    StatusStyle details;
    details.details = true;
    EXPECT_THAT(pretty(report_of({good, lost, split}), details), HasSubstr("0/6000060"));
}

TEST(StatusScreen, AStandbyClusterPauseAndAPlannedSwitchover) {
    auto leader = healthy("s1", 1, Role::standby_leader);
    auto status = cluster(Verdict::ok, {leader, healthy("s2", 2, Role::replica)});
    status.standby_leader = "s1";
    status.paused = true;
    status.scheduled_switchover = ScheduledSwitchover{"2026-11-23T16:08:12+00:00", "s1", "s2"};
    EXPECT_THAT(pretty(report_of({status})),
                HasSubstr("OK  batman  standby leader s1; 1 of 1 replica well; paused; "
                          "switchover to s2 at 2026-11-23T16:08:12+00:00\n"));
}

TEST(StatusScreen, DetailsShowPositionsVersionsAndTags) {
    auto primary = healthy("pg1", 1, Role::primary);
    primary.tags = Value::object({{"nofailover", true}});
    StatusStyle style;
    style.details = true;
    EXPECT_EQ(pretty(report_of({cluster(Verdict::ok, {primary})}), style), R"(
OK  batman  leader pg1 writable; no replica
   MEMBER  ROLE     ADDRESS        STATE    TL  RECV LAG  REPLAY LAG  AS OF  LSN        PATRONI  POSTGRESQL  REST API              TAGS
*  pg1     primary  10.0.0.1:5432  running   3         -           -  now    0/6000060  4.1.4    160004      http://10.0.0.1:8008  {"nofailover":true}
)");
}

TEST(StatusScreen, NothingFoundAndProblemsOfTheSource) {
    StatusReport report = report_of({});
    report.problems = {{"not_host_port", "/d/h:cf:8008", "the value is not host:port"}};
    EXPECT_EQ(pretty(report), "\nno cluster found\n! /d/h:cf:8008: the value is not host:port\n");
}

TEST(StatusScreen, ColourOnlyRepeatsTheVerdict) {
    const auto report = report_of({cluster(Verdict::ok, {healthy("pg1", 1, Role::primary)})});
    EXPECT_THAT(pretty(report), Not(HasSubstr("\x1b")));
    StatusStyle style;
    style.color = true;
    auto colored = pretty(report, style);
    EXPECT_THAT(colored, HasSubstr("\x1b[1;32mOK\x1b[0m  batman"));
    for (const auto* code : {"\x1b[1;32m", "\x1b[0m"}) {
        colored.erase(colored.find(code), std::string_view(code).size());
    }
    EXPECT_EQ(colored, pretty(report));
    EXPECT_THAT(pretty(report_of({cluster(Verdict::split, {})}), style), HasSubstr("\x1b[1;31m"));
}

TEST(StatusScreen, UnknownRolesAreShownByTheirOwnWord) {
    auto odd = healthy("pg9", 9, Role::unknown);
    odd.role_reported = "witness";
    EXPECT_THAT(pretty(report_of({cluster(Verdict::degraded, {odd})})), HasSubstr("witness"));
}

/// What a hostile member may call itself.
const std::string k_hostile = "e\x1b[2Jv\xe2\x80\xaei\nl\t\x07\xff";

StatusReport hostile_report() {
    auto member = healthy(k_hostile, 1, Role::unknown);
    member.role_reported = k_hostile;
    member.state = k_hostile;
    member.replication_state = k_hostile;
    member.patroni_version = k_hostile;
    member.tags = Value::object({{k_hostile, k_hostile}});
    auto status = cluster(Verdict::degraded, {member});
    status.scope = k_hostile;
    status.lock_holder = k_hostile;
    status.scheduled_switchover = ScheduledSwitchover{k_hostile, k_hostile, k_hostile};
    status.problems = {{"gone", k_hostile, k_hostile}};
    auto report = report_of({status});
    report.problems = {{"x", k_hostile, k_hostile}};
    return report;
}

TEST(StatusScreen, HostileTextCannotMoveTheCursorOrALine) {
    StatusStyle style;
    style.details = true;
    const auto text = pretty(hostile_report(), style);
    for (const auto* bad : {"\x1b", "\xe2\x80\xae", "\x07", "\t", "\xff"}) {
        EXPECT_THAT(text, Not(HasSubstr(bad)));
    }
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 6) << text;
    EXPECT_THAT(text, HasSubstr("e\\x1b[2Jv\\u202ei\\nl\\t\\x07\\xff"));
}

TEST(StatusTsv, HasOneLineForEachMemberAndEscapesItsSeparators) {
    StatusStyle style;
    style.format = Format::tsv;
    auto report = hostile_report();
    report.clusters[0].members.push_back(silent("pg2", 2, ErrorKind::timeout));
    const auto text = status_text(report, style);
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3) << text;
    const auto columns =
        std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(text.find('\n')), '\t');
    EXPECT_EQ(std::count(text.begin(), text.end(), '\t'), 3 * columns);
    EXPECT_THAT(text, HasSubstr("i\\nl\\t"));
    EXPECT_THAT(text, HasSubstr("\tpg2\tunknown\t"));
    EXPECT_THAT(text, HasSubstr("no_answer\ttimeout\n"));
}

}  // namespace
}  // namespace patroni::testing
