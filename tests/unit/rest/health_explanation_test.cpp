// Why a health check answers 200 or 503: what real servers answered, and Patroni's truth tables.
#include "codec/member_status.hpp"
#include "codec/rest_documents.hpp"
#include "support/recordings.hpp"

#include <patroni/health_explanation.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace patroni::testing {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string text_of(const HealthExplanation& explanation) {
    std::string text = explanation.asks;
    const auto add = [&](const HealthCondition& condition) {
        text += std::string("\n    ") +
                (!condition.holds   ? "? "
                 : *condition.holds ? "+ "
                                    : "- ") +
                condition.what + " (" + condition.evidence + ")";
    };
    for (const auto& alternative : explanation.any_of) {
        text += "\n  as " + alternative.as;
        for (const auto& condition : alternative.conditions) {
            add(condition);
        }
    }
    for (const auto& condition : explanation.all_of) {
        add(condition);
    }
    return text;
}

HealthFacts facts_of(const Value& row) {
    HealthFacts facts;
    facts.name = *row.find("member")->if_string();
    facts.status = codec::decode_member_status(*row.find("status")->if_string()).value();
    if (const auto* cluster = row.find("cluster")->if_string()) {
        facts.cluster = codec::decode_cluster_overview(*cluster).value();
    }
    facts.dcs_lost = *row.find("cluster_lost")->if_bool();
    if (const auto* config = row.find("config")->if_string()) {
        facts.config = codec::decode_config(*config).value();
    }
    return facts;
}

/// Whether the documents of a row tell of several states: then one without a document is of an
/// unknown moment.
bool is_moving(const Value& row) {
    std::set<std::string> states = {facts_of(row).status.state};
    for (const Value& document : *row.find("documents")->if_array()) {
        states.insert(codec::decode_member_status(*document.if_string()).value().state);
    }
    return states.size() > 1;
}

TEST(HealthExplanation, AgreesWithEveryRecordedHealthCheck) {
    int decided = 0;
    for (const Value& row : recorded_health()) {
        const std::string where =
            *row.find("patroni")->if_string() + ' ' + *row.find("name")->if_string();
        HealthFacts facts = facts_of(row);
        const auto whole = facts.status;
        const bool moving = is_moving(row);
        for (const Value& check : *row.find("checks")->if_array()) {
            const auto& fields = *check.if_array();
            const std::string& target = *fields[0].if_string();
            // The document of the very answer, where there is one, is true at its moment.
            facts.status = whole;
            if (const auto* index = fields[2].if_int()) {
                const auto& documents = *row.find("documents")->if_array();
                const auto& text = *documents[static_cast<std::size_t>(*index)].if_string();
                facts.status = codec::decode_member_status(text).value();
            } else if (moving) {
                continue;
            }
            const auto explanation = explain_health_check(target, facts);
            ASSERT_TRUE(explanation) << where << ' ' << target;
            if (const auto expected = explanation->expected()) {
                ++decided;
                EXPECT_EQ(*expected ? 200 : 503, *fields[1].if_int())
                    << where << ' ' << target << ": " << text_of(*explanation);
                continue;
            }
            // When the loop ran is seen by nobody else, nor whether the lock of a member without
            // its DCS still counts.
            EXPECT_TRUE(target.starts_with("/liveness") || facts.dcs_lost ||
                        target.find("lag") != std::string::npos)
                << where << ' ' << target << ": " << text_of(*explanation);
        }
    }
    EXPECT_GT(decided, 2300);
}

HealthFacts member(const char* version, Role role, const char* state, bool leads) {
    HealthFacts facts;
    facts.name = "pg1";
    facts.status.version = Version::parse(version);
    facts.status.role = role;
    facts.status.role_reported = to_string(role);
    facts.status.state = state;
    facts.config = Value::object();
    ClusterOverview cluster;
    cluster.members.resize(2);
    cluster.members[0].name = "pg1";
    cluster.members[0].role = leads ? Role::primary : Role::replica;
    cluster.members[1].name = "pg2";
    cluster.members[1].role = leads ? Role::replica : Role::primary;
    facts.cluster = std::move(cluster);
    return facts;
}

std::string answers(const HealthFacts& facts) {
    std::string text;
    for (const char* target :
         {"/", "/leader", "/standby-leader", "/replica", "/read-only", "/health", "/sync", "/async",
          "/quorum", "/read-only-sync", "/read-only-quorum"}) {
        const auto expected = explain_health_check(target, facts)->expected();
        text += !expected ? '?' : *expected ? 'x' : '-';
    }
    return text;
}

// Columns: / leader standby-leader replica read-only health sync async quorum ro-sync ro-quorum.
TEST(HealthExplanation, IsPatronisTruthTable) {
    EXPECT_EQ(answers(member("4.1.4", Role::primary, "running", true)), "xx--xx---xx");
    EXPECT_EQ(answers(member("4.1.4", Role::primary, "stopped", true)), "xx--x----xx");
    EXPECT_EQ(answers(member("4.1.4", Role::replica, "running", true)), "xx-xxx-x-xx")
        << "promoting";
    EXPECT_EQ(answers(member("4.1.4", Role::primary, "running", false)), "-----x-----");
    EXPECT_EQ(answers(member("4.1.4", Role::replica, "starting", false)), "-----------");

    auto replica = member("4.1.4", Role::replica, "running", false);
    EXPECT_EQ(answers(replica), "---xxx-x---");
    replica.status.sync_standby = true;
    EXPECT_EQ(answers(replica), "---xxxx--x-");
    replica.status.sync_standby = false;
    replica.status.quorum_standby = true;
    EXPECT_EQ(answers(replica), "---xxx--x-x");
    replica.status.tags = Value::object({{"noloadbalance", true}});
    EXPECT_EQ(answers(replica), "-----x-----");

    auto standby = member("4.1.4", Role::standby_leader, "running", true);
    standby.config = Value::object({{"standby_cluster", Value::object({{"host", "10.0.0.9"}})}});
    EXPECT_EQ(answers(standby), "-xx-xx---xx");
    standby.status.role = Role::primary;
    EXPECT_EQ(answers(standby), "-x---x-----") << "still a primary";

    auto alone = member("4.1.4", Role::primary, "running", true);
    alone.cluster.reset();
    alone.dcs_lost = true;
    EXPECT_EQ(answers(alone),
              "\?\?-"
              "-?x"
              "-----")
        << "the lock may still count";
    alone.status.paused = true;
    EXPECT_EQ(answers(alone), "xx--xx-----");
    alone.status.paused = false;
    alone.status.failsafe_mode_is_active = true;
    EXPECT_EQ(answers(alone), "xx--xx-----");
}

TEST(HealthExplanation, FollowsTheVersion) {
    EXPECT_EQ(answers(member("0.90", Role::primary, "running", true)), "x----------");
    EXPECT_EQ(answers(member("0.90", Role::replica, "running", false)), "---x-------");
    EXPECT_EQ(answers(member("1.6.0", Role::replica, "stopped", false)), "---xx--x-xx");
    EXPECT_EQ(answers(member("1.6.5", Role::primary, "running", true)), "xxx-xx---xx");
    EXPECT_EQ(answers(member("2.1.4", Role::replica, "running", false)), "---xxx-x-xx");
    EXPECT_EQ(answers(member("3.3.0", Role::replica, "running", false)), "---xxx-x--x");
    auto standby = member("2.0.2", Role::standby_leader, "running", true);
    standby.config = Value::object({{"standby_cluster", Value::object({{"host", "10.0.0.9"}})}});
    EXPECT_EQ(answers(standby), "--x-xx---xx");
}

std::vector<std::string> remarks(std::string_view target, const HealthFacts& facts) {
    return explain_health_check(target, facts)->remarks;
}

TEST(HealthExplanation, RemarksOnWhatIsNotReadAsItLooks) {
    const auto facts = member("4.1.4", Role::replica, "running", false);
    EXPECT_THAT(remarks("/replica", facts), IsEmpty());
    EXPECT_THAT(remarks("/replica?lag=10Mb", facts), Contains(HasSubstr("there is no limit")));
    EXPECT_THAT(remarks("/primary?tag_a=b", facts),
                Contains(HasSubstr("ignored by the checks of")));
    EXPECT_THAT(remarks("/replica?replication_state=streaming", facts),
                Contains(HasSubstr("no parameter of a health check")));
    EXPECT_THAT(remarks("/sync/", facts), Contains(HasSubstr("knows no such check")));
    EXPECT_THAT(remarks("/replica?lag=1", member("1.6.5", Role::replica, "running", false)),
                Contains(HasSubstr("no parameter counts")));
    EXPECT_THAT(remarks("/read-only-quorum", member("3.3.0", Role::replica, "running", false)),
                Contains(HasSubstr("takes it for /read-only")));
    EXPECT_FALSE(explain_health_check("/cluster", facts));
    EXPECT_FALSE(explain_health_check("/config/x", facts));
}

TEST(HealthExplanation, ComparesTheLag) {
    auto facts = member("4.1.4", Role::replica, "running", false);
    facts.status.replayed_location = Lsn(1000);
    EXPECT_EQ(explain_health_check("/replica?lag=1MB", facts)->expected(), std::nullopt);
    facts.leader_position = Lsn(1500);
    EXPECT_EQ(explain_health_check("/replica?lag=500", facts)->expected(), true);
    EXPECT_EQ(explain_health_check("/replica?lag=499", facts)->expected(), false);
    EXPECT_EQ(explain_health_check("/sync?lag=499", facts)->expected(), false);
    EXPECT_EQ(explain_health_check("/health?lag=499", facts)->expected(), true);
    EXPECT_EQ(explain_health_check("/readiness?lag=500", facts)->expected(), false) << "no stream";
    facts.status.replication_state = "streaming";
    EXPECT_EQ(explain_health_check("/readiness?lag=500", facts)->expected(), true);
    facts.status.received_location = Lsn(1400);
    EXPECT_EQ(explain_health_check("/readiness?lag=100&mode=write", facts)->expected(), true);
    EXPECT_EQ(explain_health_check("/readiness?lag=99&mode=write", facts)->expected(), false);
}

TEST(HealthExplanation, ComparesTagsAsPatroniDoes) {
    auto facts = member("4.1.4", Role::replica, "running", false);
    facts.status.tags =
        Value::object({{"zone", "a"}, {"n", 1}, {"yes", true}, {"clonefrom", false}});
    const auto expected = [&](std::string_view target) {
        return explain_health_check(target, facts)->expected();
    };
    EXPECT_EQ(expected("/replica?tag_zone=a&tag_n=1&tag_yes=true"), true);
    EXPECT_EQ(expected("/replica?tag_zone=A"), false);
    EXPECT_EQ(expected("/health?tag_none=a"), false);
    EXPECT_EQ(expected("/replica?tag_clonefrom=false"), false);
    facts.status.version = Version{2, 0, 0};
    EXPECT_EQ(expected("/replica?tag_zone=b"), true);
}

}  // namespace
}  // namespace patroni::testing
