// Why a health check answers 200 or 503: what real servers answered, and Patroni's truth tables.
#include "codec/member_status.hpp"
#include "codec/rest_documents.hpp"
#include "support/recordings.hpp"

#include <patroni/health_explanation.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

namespace patroni::testing {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string text_of(const HealthExplanation& explanation) {
    std::string text = explanation.asks;
    const auto add = [&](const HealthCondition& condition) {
        text += std::string("\n    ") + (!condition.holds ? "? " : *condition.holds ? "+ " : "- ") +
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

TEST(HealthExplanation, AgreesWithEveryRecordedHealthCheck) {
    int decided = 0;
    int undecided = 0;
    std::map<std::string, int> undecided_in;
    for (const Value& row : recorded_health()) {
        const std::string where =
            *row.find("patroni")->if_string() + ' ' + *row.find("name")->if_string();
        HealthFacts facts = facts_of(row);
        const auto whole = facts.status;
        for (const Value& check : *row.find("checks")->if_array()) {
            const auto& fields = *check.if_array();
            const std::string& target = *fields[0].if_string();
            // The document of the very answer, where there is one, is true at its moment.
            facts.status = whole;
            if (const auto* index = fields[2].if_int()) {
                const auto& documents = *row.find("documents")->if_array();
                facts.status =
                    codec::decode_member_status(*documents[static_cast<std::size_t>(*index)].if_string())
                        .value();
            }
            const auto explanation = explain_health_check(target, facts);
            ASSERT_TRUE(explanation) << where << ' ' << target;
            const auto expected = explanation->expected();
            if (!expected) {
                ++undecided;
                ++undecided_in[where];
                continue;
            }
            ++decided;
            EXPECT_EQ(*expected ? 200 : 503, *fields[1].if_int())
                << where << ' ' << target << ": " << text_of(*explanation);
        }
    }
    RecordProperty("decided", decided);
    RecordProperty("undecided", undecided);
    for (const auto& [where, count] : undecided_in) {
        std::printf("%4d %s\n", count, where.c_str());
    }
    std::printf("%d decided, %d not\n", decided, undecided);
}

}  // namespace
}  // namespace patroni::testing
