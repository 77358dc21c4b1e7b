// The contract: every row of the table has answers of real servers, and each of them is understood.
#include "rest/decode.hpp"
#include "rest/outcome.hpp"
#include "support/recordings.hpp"

#include <patroni/capability.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace patroni::testing {
namespace {

struct Recorded {
    Version version;
    std::string name, target;
    protocol::Response response;
};

std::string path_of_target(const std::string& target) {
    return target.substr(0, target.find('?'));
}

Recorded answer(std::string_view version, std::string name, std::string target, int status,
                std::string body) {
    Recorded recorded{Version::parse(version).value(), std::move(name), std::move(target), {}};
    recorded.response.status = status;
    recorded.response.body = std::move(body);
    return recorded;
}

using Recordings = std::map<std::pair<std::string, std::string>, std::vector<Recorded>>;

void add_health(Recordings& all, const Value& line) {
    const std::string version = *line.find("patroni")->if_string();
    const std::string name = *line.find("name")->if_string();
    const auto& documents = *line.find("documents")->if_array();
    for (const Value& check : *line.find("checks")->if_array()) {
        const auto& field = *check.if_array();
        const std::string target = *field[0].if_string();
        const auto* index = field[2].if_int();
        const std::string body =
            index != nullptr ? *documents[static_cast<std::size_t>(*index)].if_string() : "";
        all[{"GET", path_of_target(target)}].push_back(
            answer(version, name, target, static_cast<int>(*field[1].if_int()), body));
    }
    for (const Value& check : *line.find("bare")->if_array()) {
        const auto& field = *check.if_array();
        const std::string target = *field[1].if_string();
        all[{*field[0].if_string(), path_of_target(target)}].push_back(
            answer(version, name, target, static_cast<int>(*field[2].if_int()), ""));
    }
}

/// Every recorded answer, by method and path.
const Recordings& recordings() {
    static const Recordings all = [] {
        Recordings made;
        for (const char* file : {"status", "cluster", "other", "metrics"}) {
            for (const auto& recorded : recorded_answers(file)) {
                made[{"GET", path_of_target(recorded.path)}].push_back(
                    answer(recorded.patroni, recorded.name, recorded.path, recorded.status,
                           recorded.body));
            }
        }
        for (const Value& line : recorded_health()) {
            add_health(made, line);
        }
        for (const Value& line : recorded_writes()) {
            const std::string target = *line.find("path")->if_string();
            if (const auto* status = line.find("status")->if_int()) {
                auto recorded =
                    answer(*line.find("patroni")->if_string(), *line.find("name")->if_string(),
                           target, static_cast<int>(*status), *line.find("body")->if_string());
                for (const Value& header : *line.find("headers")->if_array()) {
                    const auto& pair = *header.if_array();
                    recorded.response.headers.emplace_back(*pair[0].if_string(),
                                                           *pair[1].if_string());
                }
                made[{*line.find("method")->if_string(), path_of_target(target)}].push_back(
                    std::move(recorded));
            }
        }
        return made;
    }();
    return all;
}

/// The answers to a call under each of its names.
std::vector<Recorded> answers_to(const Capability& row) {
    std::vector<Recorded> found;
    for (const auto& [call, answers] : recordings()) {
        if (find_capability(call.first, call.second) == &row) {
            found.insert(found.end(), answers.begin(), answers.end());
        }
    }
    return found;
}

template <class Data>
ErrorKind kind_of(const Result<Data>& decoded) {
    return decoded ? ErrorKind::internal : decoded.error().kind;
}

/// Whether the answer was understood: as data, or as "this version does not know it".
void expect_read(const Capability& row, const Recorded& recorded) {
    const bool is_known = row.works_in(recorded.version);
    const auto expect = [&](const auto& decoded) {
        if (decoded) {
            EXPECT_TRUE(is_known) << "an answer of a version that has no such call was taken";
        } else if (is_known) {
            EXPECT_EQ(kind_of(decoded), ErrorKind::not_found) << to_line(decoded.error());
        } else {
            EXPECT_EQ(kind_of(decoded), ErrorKind::unsupported) << to_line(decoded.error());
        }
    };
    const auto& response = recorded.response;
    if (row.method != "GET") {
        CheckHealth check;
        check.method =
            row.method == "HEAD" ? CheckHealth::Method::head : CheckHealth::Method::options;
        return expect(rest::decode(check, response));
    }
    if (row.is_health_check()) {
        for (int i = 0; i <= static_cast<int>(HealthCheck::health); ++i) {
            const CheckHealth check{.check = static_cast<HealthCheck>(i)};
            if (find_capability("GET", path_of(check.check)) == &row) {
                const auto decoded = rest::decode(check, response);
                // A success of a version that takes the name for another check is refused before
                // it is asked; the answer itself does not tell.
                if (is_known || !decoded) {
                    expect(decoded);
                }
                return;
            }
        }
        // Names with a twin that the library asks instead.
        EXPECT_TRUE(rest::decode(CheckHealth{}, response) || !is_known) << recorded.target;
        return;
    }
    if (row.path == "/patroni") {
        expect(rest::decode(GetStatus{}, response));
    } else if (row.path == "/cluster") {
        expect(rest::decode(GetCluster{}, response));
    } else if (row.path == "/history") {
        expect(rest::decode(GetHistory{}, response));
    } else if (row.path == "/config") {
        expect(rest::decode(GetConfig{}, response));
    } else if (row.path == "/metrics") {
        expect(rest::decode(GetMetrics{}, response));
    } else if (row.path == "/failsafe") {
        expect(rest::decode(GetFailsafe{}, response));
    } else if (row.path == "/liveness") {
        expect(rest::decode(CheckLiveness{}, response));
    } else if (row.path == "/readiness") {
        expect(rest::decode(CheckReadiness{}, response));
    } else {
        ADD_FAILURE() << "nobody decodes GET " << row.path;
    }
}

TEST(Contract, EveryRowHasRecordingsAndEachIsUnderstood) {
    int understood = 0;
    for (const Capability& row : capabilities()) {
        const auto answers = answers_to(row);
        EXPECT_FALSE(answers.empty()) << "no recording of " << row.method << ' ' << row.path;
        const bool is_read = row.method == "GET" || row.method == "HEAD" || row.method == "OPTIONS";
        bool was_possible = false;
        for (const auto& recorded : answers) {
            SCOPED_TRACE(to_string(recorded.version) + ' ' + recorded.name + ": " +
                         std::string(row.method) + ' ' + recorded.target + ' ' +
                         std::to_string(recorded.response.status));
            was_possible = was_possible || row.works_in(recorded.version);
            ++understood;
            if (is_read) {
                expect_read(row, recorded);
                continue;
            }
            const Outcome outcome = rest::judge(row, recorded.response);
            EXPECT_NE(outcome.reason, Reason::unrecognized) << to_line(outcome);
            EXPECT_EQ(outcome.kind == OutcomeKind::unsupported, recorded.response.status == 501);
            if (!row.works_in(recorded.version)) {
                EXPECT_NE(outcome.kind, OutcomeKind::done) << to_line(outcome);
            }
        }
        EXPECT_TRUE(was_possible) << "no recording of a version that has " << row.method << ' '
                                  << row.path;
    }
    EXPECT_GT(understood, 4000);
}

TEST(Contract, TheTableIsWellFormed) {
    std::set<std::pair<std::string_view, std::string_view>> seen;
    for (const Capability& row : capabilities()) {
        EXPECT_TRUE(seen.emplace(row.method, row.path).second) << row.method << row.path;
        EXPECT_FALSE(row.meaning.empty());
        EXPECT_GE(row.timeout, row.typical);
        EXPECT_EQ(find_capability(row.method, row.path), &row);
        const bool is_read = row.method == "GET" || row.method == "HEAD" || row.method == "OPTIONS";
        EXPECT_EQ(is_read, row.risk == Risk::none) << row.path;
        if (is_read) {
            EXPECT_EQ(row.access, Access::anyone) << row.path;
            EXPECT_TRUE(row.idempotent) << row.path;
        }
        for (const Parameter& parameter : row.parameters) {
            EXPECT_EQ(parameter.in_query, is_read) << row.path << ' ' << parameter.name;
        }
    }
}

}  // namespace
}  // namespace patroni::testing
