#include "codec/metrics_text.hpp"

#include "codec/json.hpp"
#include "support/recordings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <sstream>

namespace patroni::codec {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
using testing::RecordedAnswer;

/// What the code of versions without recordings writes; see tests/data/metrics/render_metrics.py.
const std::vector<RecordedAnswer>& rendered_answers() {
    static const std::vector<RecordedAnswer> answers = [] {
        std::vector<RecordedAnswer> result;
        std::istringstream lines(testing::read_test_file("metrics/rendered.jsonl"));
        for (std::string line; std::getline(lines, line);) {
            const Value document = parse_json(line).value();
            const auto text = [&](const char* key) { return *document.find(key)->if_string(); };
            result.push_back({text("patroni"), text("name"), text("path"), 200, text("body")});
        }
        return result;
    }();
    return answers;
}

const RecordedAnswer& rendered(const std::string& patroni, const std::string& name) {
    const auto& all = rendered_answers();
    return *std::find_if(all.begin(), all.end(), [&](const RecordedAnswer& answer) {
        return answer.patroni == patroni && answer.name == name;
    });
}

std::size_t lines_without_comment(const std::string& body) {
    std::istringstream lines(body);
    std::size_t count = 0;
    for (std::string line; std::getline(lines, line);) {
        count += line.starts_with("#") ? 0 : 1;
    }
    return count;
}

void check_answer(const RecordedAnswer& answer) {
    SCOPED_TRACE(answer.patroni + " " + answer.name);
    const auto metrics = decode_metrics(answer.body);
    ASSERT_TRUE(metrics) << metrics.error().message;
    EXPECT_EQ(metrics->samples.size(), lines_without_comment(answer.body));
    EXPECT_EQ(metrics->families.size(), metrics->samples.size());
    const Version version = Version::parse(answer.patroni).value();
    for (const MetricSample& sample : metrics->samples) {
        EXPECT_THAT(answer.body, HasSubstr(sample.name));
        EXPECT_THAT(answer.body, HasSubstr("} " + sample.text + "\n"));
        EXPECT_EQ(std::isnan(sample.value), sample.text == "None") << sample.name;
        const MetricFamily* family = metrics->family(sample.name);
        ASSERT_TRUE(family) << sample.name;
        EXPECT_TRUE(family->type == "gauge" || family->type == "counter") << family->type;
        EXPECT_THAT(answer.body, HasSubstr("# HELP " + sample.name + " " + family->help + "\n"));
    }
    const MemberMetrics member = metrics->member();
    EXPECT_EQ(member.scope, "demo");
    EXPECT_EQ(member.name.has_value(), version >= (Version{3, 2, 0}));
    EXPECT_EQ(member.version, version);
    // What stands in the text of that version is read, and nothing else.
    EXPECT_TRUE(member.postgres_running && member.primary && member.standby_leader);
    EXPECT_TRUE(member.replica && member.replay_paused && member.cluster_unlocked);
    EXPECT_TRUE(member.pending_restart && member.paused);
    EXPECT_EQ(member.sync_standby.has_value(), version >= (Version{3, 0, 2}));
    EXPECT_EQ(member.quorum_standby.has_value(), version >= (Version{4, 0, 0}));
    EXPECT_EQ(member.failsafe_mode_is_active.has_value(), version >= (Version{3, 0, 0}));
    EXPECT_EQ(member.streaming.has_value(),
              version >= (Version{3, 0, 4}) && member.server_version.has_value());
    EXPECT_EQ(member.in_archive_recovery.has_value(), member.streaming.has_value());
    EXPECT_EQ(member.postgres_state.has_value(), version >= (Version{4, 1, 0}));
    if (member.postgres_state) {
        EXPECT_EQ(*member.postgres_running,
                  postgres_state_name(*member.postgres_state) == "running");
    }
}

TEST(Metrics, EveryRecordedAnswerIsReadWhole) {
    std::set<std::string> versions;
    for (const RecordedAnswer& answer : testing::recorded_answers("metrics")) {
        versions.insert(answer.patroni);
        check_answer(answer);
    }
    EXPECT_THAT(versions, ElementsAre("3.3.11", "4.0.10", "4.1.4"));
}

TEST(Metrics, WhatOldVersionsWriteIsReadWhole) {
    std::set<std::string> versions;
    for (const RecordedAnswer& answer : rendered_answers()) {
        versions.insert(answer.patroni);
        check_answer(answer);
    }
    EXPECT_THAT(versions, ElementsAre("2.1.7", "3.0.4", "3.1.2", "3.2.2"));
}

TEST(Metrics, OfALeader) {
    const auto metrics = decode_metrics(rendered("2.1.7", "leader").body);
    const MemberMetrics member = metrics.value().member();
    EXPECT_EQ(member.primary, true);
    EXPECT_EQ(member.replica, false);
    EXPECT_EQ(member.location, Lsn(9223372036854775807U));  // A double would lose its digits.
    EXPECT_EQ(member.received_location, std::nullopt);
    EXPECT_EQ(member.replayed_timestamp, std::nullopt);
    EXPECT_EQ(to_iso(member.postmaster_start_time.value()), "2026-11-23T15:02:38.318Z");
    EXPECT_EQ(to_iso(member.dcs_last_seen.value()), "2026-11-23T15:02:38.000Z");
    EXPECT_EQ(member.server_version, 150020);
    EXPECT_EQ(member.timeline, 3);
    EXPECT_EQ(member.paused, true);
    EXPECT_EQ(member.pending_restart, false);
}

TEST(Metrics, OfAReplica) {
    const auto metrics = decode_metrics(rendered("3.2.2", "replica").body);
    const MemberMetrics member = metrics.value().member();
    EXPECT_EQ(member.name, "pg1");
    EXPECT_EQ(member.primary, false);
    EXPECT_EQ(member.replica, true);
    EXPECT_EQ(member.streaming, true);
    EXPECT_EQ(member.location, std::nullopt);
    EXPECT_EQ(member.received_location, Lsn(67108960));
    EXPECT_EQ(member.replayed_location, Lsn(67108864));
    EXPECT_EQ(to_iso(member.replayed_timestamp.value()), "2026-11-23T15:02:38.318Z");
    EXPECT_EQ(member.replay_paused, true);
    EXPECT_EQ(member.pending_restart, true);
}

/// Python's None comes through as a value, and 0 stands for what is not known.
TEST(Metrics, WhatIsNotKnownIsNotANumber) {
    const auto metrics = decode_metrics(rendered("3.2.2", "nulls").body).value();
    const MetricSample* sample = metrics.find("patroni_xlog_received_location");
    ASSERT_TRUE(sample);
    EXPECT_EQ(sample->text, "None");
    EXPECT_TRUE(std::isnan(sample->value));
    const MemberMetrics member = metrics.member();
    EXPECT_EQ(member.received_location, std::nullopt);
    EXPECT_EQ(member.timeline, std::nullopt);
    EXPECT_EQ(member.postmaster_start_time, std::nullopt);
    EXPECT_EQ(member.dcs_last_seen, std::nullopt);
    EXPECT_EQ(member.cluster_unlocked, true);
    const MemberMetrics down = decode_metrics(rendered("3.2.2", "down").body).value().member();
    EXPECT_EQ(down.postgres_running, false);
    EXPECT_EQ(down.server_version, std::nullopt);
    EXPECT_EQ(down.streaming, std::nullopt);
}

TEST(Metrics, StatesHaveTheWordsOfTheComment) {
    std::size_t seen = 0;
    for (const RecordedAnswer& answer : testing::recorded_answers("metrics")) {
        const std::size_t start = answer.body.find("# Values: ");
        if (start == std::string::npos) {
            continue;
        }
        const std::string comment =
            answer.body.substr(start, answer.body.find('\n', start) - start);
        std::string expected = "# Values: ";
        std::int64_t state = 0;
        for (; !postgres_state_name(state).empty(); ++state) {
            expected += (state == 0 ? "" : ", ") + std::to_string(state) + "=";
            expected += postgres_state_name(state);
        }
        EXPECT_EQ(comment, expected);
        ++seen;
    }
    EXPECT_GT(seen, 0U);
    EXPECT_EQ(postgres_state_name(-1), "");
    EXPECT_EQ(postgres_state_name(std::numeric_limits<std::int64_t>::max()), "");
    EXPECT_EQ(decode_metrics("patroni_postgres_state{scope=\"a\",name=\"b\"} -1\n")
                  .value()
                  .member()
                  .postgres_state,
              -1);
}

TEST(Metrics, Syntax) {
    const auto metrics = decode_metrics(
                             "\n  \t\r\n#\n# free words\n#HELP a:b\tin \\\\ two \\n lines \\x\n# "
                             "TYPE a:b histogram\n"
                             "a:b 1\n"
                             "_x { } -1.5e+3 -17\r\n"
                             "y{a=\"\",b_1 = \"q\\\"u\\\\o\\nt\\d\" , } +Inf\t1795446158000 \n"
                             "y{a=\"2\"}nan\n"
                             "# HELP\n# TYPE 1x gauge\n# TYPE z.y gauge\n"
                             "z .5\nz 5.\nz -inf\nz 1e999\nz +7\n")
                             .value();
    const auto& samples = metrics.samples;
    ASSERT_EQ(samples.size(), 9U);
    EXPECT_EQ(samples[0].name, "a:b");
    EXPECT_EQ(samples[1].value, -1500.0);
    EXPECT_EQ(samples[1].text, "-1.5e+3");
    EXPECT_EQ(samples[1].timestamp_ms, -17);
    EXPECT_TRUE(samples[1].labels.empty());
    EXPECT_THAT(samples[2].labels, ElementsAre(Pair("a", ""), Pair("b_1", "q\"u\\o\nt\\d")));
    EXPECT_EQ(samples[2].value, std::numeric_limits<double>::infinity());
    EXPECT_EQ(samples[2].timestamp_ms, 1795446158000);
    EXPECT_EQ(samples[2].label("a"), "");
    EXPECT_EQ(samples[2].label("c"), std::nullopt);
    EXPECT_TRUE(std::isnan(samples[3].value));
    EXPECT_EQ(metrics.find("y", {{"a", "2"}}), &samples[3]);
    EXPECT_EQ(metrics.find("y"), &samples[2]);
    EXPECT_EQ(metrics.find("y", {{"a", "3"}}), nullptr);
    EXPECT_EQ(samples[4].value, 0.5);
    EXPECT_EQ(samples[5].value, 5.0);
    EXPECT_EQ(samples[6].value, -std::numeric_limits<double>::infinity());
    EXPECT_EQ(samples[7].value, std::numeric_limits<double>::infinity());
    EXPECT_EQ(samples[8].value, 7.0);
    ASSERT_EQ(metrics.families.size(), 1U);
    EXPECT_EQ(metrics.family("a:b")->type, "histogram");
    EXPECT_EQ(metrics.family("a:b")->help, "in \\ two \n lines \\x");
    EXPECT_EQ(metrics.family("z"), nullptr);
}

TEST(Metrics, APreReleaseHasAVersion) {
    const auto metrics = decode_metrics("patroni_version{scope=\"a\"} 04000rc1\n");
    EXPECT_EQ(metrics.value().member().version, (Version{4, 0, 0}));
    EXPECT_TRUE(std::isnan(metrics->samples[0].value));
    EXPECT_FALSE(decode_metrics("patroni_other{scope=\"a\"} 04000rc1\n"));
    EXPECT_EQ(decode_metrics("patroni_version 1\n").value().member().version, std::nullopt);
}

TEST(Metrics, NumbersThatCannotBeAreUnknown) {
    const auto member =
        decode_metrics(
            "patroni_primary 2\npatroni_xlog_location -5\npatroni_dcs_last_seen 1e300\n"
            "patroni_postmaster_start_time NaN\npatroni_postgres_timeline 1.5\n")
            .value()
            .member();
    EXPECT_EQ(member.primary, std::nullopt);
    EXPECT_EQ(member.location, std::nullopt);
    EXPECT_EQ(member.dcs_last_seen, std::nullopt);
    EXPECT_EQ(member.postmaster_start_time, std::nullopt);
    EXPECT_EQ(member.timeline, std::nullopt);
    EXPECT_EQ(member.scope, "");
}

TEST(Metrics, AMalformedLineIsNamed) {
    for (const std::string line : {"a",
                                   "a ",
                                   "a b",
                                   "a{",
                                   "a{} ",
                                   "a{x} 1",
                                   "a{x=1} 1",
                                   "a{x=\"1} 1",
                                   "a{x=\"1\" y=\"2\"} 1",
                                   "a{,} 1",
                                   "a{=\"\"} 1",
                                   "a{1=\"\"} 1",
                                   "a{x=\"1\"",
                                   "a{x=\"\\",
                                   "1 1",
                                   "a 1 x",
                                   "a 1 2 3",
                                   "a 1 1.5",
                                   "a 0x10",
                                   "a 1_0",
                                   "a --1",
                                   "a +",
                                   "a .",
                                   "a e5",
                                   "a 1e",
                                   "a none",
                                   "a infinity",
                                   "a nan(1)",
                                   "a+1",
                                   "a.b 1",
                                   "{\"state\": \"running\"}",
                                   "<!DOCTYPE html>",
                                   "\xff 1"}) {
        SCOPED_TRACE(line);
        const auto metrics = decode_metrics("# ok\nok 1\n" + line + "\nok 2\n");
        ASSERT_FALSE(metrics);
        EXPECT_EQ(metrics.error().kind, ErrorKind::decode);
        EXPECT_THAT(metrics.error().message, HasSubstr("line 3 of the metrics: "));
    }
}

/// The answer has no length: one that was cut must not be taken for a smaller number.
TEST(Metrics, ACutTextIsAnError) {
    const std::string& body = testing::recorded_answers("metrics")[3].body;
    for (std::size_t size = 0; size < body.size(); ++size) {
        if (size == 0 || body[size - 1] != '\n') {
            EXPECT_FALSE(decode_metrics(std::string_view(body).substr(0, size))) << size;
        }
    }
    EXPECT_FALSE(decode_metrics("# only a comment\n"));
}

TEST(Metrics, Limits) {
    const auto repeated = [](const std::string& part, std::size_t count) {
        std::string text;
        for (std::size_t i = 0; i < count; ++i) {
            text += part;
        }
        return text;
    };
    EXPECT_TRUE(decode_metrics(repeated("a 1\n", 65536)));
    EXPECT_TRUE(decode_metrics("a{" + repeated("x=\"\",", 64) + "} 1\n"));
    std::string families;
    for (int i = 0; i <= 65536; ++i) {
        families += "# TYPE a" + std::to_string(i) + " gauge\n";
    }
    for (const std::string& text :
         {repeated("a 1\n", 65537), families + "a 1\n", "a{" + repeated("x=\"\",", 65) + "} 1\n"}) {
        const auto metrics = decode_metrics(text);
        ASSERT_FALSE(metrics);
        EXPECT_EQ(metrics.error().kind, ErrorKind::limit);
    }
}

}  // namespace
}  // namespace patroni::codec
