// The watch of Consul as a machine: its rules of indexes on recordings, and against a model with
// connections that are cut.
#include "dcs/consul/watch_machine.hpp"
#include "support/store_samples.hpp"
#include "unit/dcs/consul_model.hpp"
#include "unit/dcs/dialogue_checks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

namespace patroni::testing {
namespace {

using dcs::Refusal;
using dcs::WatchSnapshot;
using dcs::consul::Access;
using dcs::consul::Unchanged;
using dcs::consul::Undecided;
using dcs::consul::WatchFinding;
using dcs::consul::WatchMachine;
using protocol::Response;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string k_prefix = "/service/demo/";

Response state(std::uint64_t index, const std::string& leader, std::uint64_t modified) {
    auto answer =
        response(200, R"([{"Key":"service/demo/leader","ModifyIndex":)" + std::to_string(modified) +
                          R"(,"Value":")" + encode_base64(leader) + R"("}])");
    answer.headers.emplace_back("X-Consul-Index", std::to_string(index));
    return answer;
}

Response nothing(std::uint64_t index, const std::string& policy = "allow") {
    auto answer = response(404, "");
    answer.headers.emplace_back("X-Consul-Index", std::to_string(index));
    answer.headers.emplace_back("X-Consul-Default-Acl-Policy", policy);
    return answer;
}

class ConsulWatch : public ::testing::Test {
protected:
    /// The next request, as if it were sent at once.
    std::string ask() {
        const auto call = machine.next(now);
        now += call.delay;
        delay = call.delay;
        limit = call.limit;
        machine.sent(now);
        return call.request.target;
    }
    /// The answer to the next request, after a time.
    WatchFinding answer(const Response& response, milliseconds after = milliseconds(5)) {
        target = ask();
        now += after;
        return machine.take(response, now);
    }

    WatchMachine machine{k_prefix, Access{}, seconds(10)};
    WatchMachine::Time now{seconds(1000)};
    milliseconds delay{0};
    milliseconds limit{0};
    std::string target;
};

TEST_F(ConsulWatch, ReadsThenBlocksBehindTheIndex) {
    const auto first = expect_step<WatchSnapshot>(answer(store_sample("consul-read-cluster")));
    EXPECT_EQ(target, "/v1/kv/service/demo/?recurse=1&consistent=1");
    EXPECT_FALSE(first.gap);
    EXPECT_EQ(first.now.revision, 23U);
    EXPECT_EQ(first.now.entries.size(), 11U);
    EXPECT_EQ(ask(), "/v1/kv/service/demo/?recurse=1&index=23&wait=10000ms");
    EXPECT_EQ(limit, milliseconds(10000 + 625 + 3000)) << "Consul adds a sixteenth to the wait";
    const auto second = expect_step<WatchSnapshot>(
        machine.take(store_sample("consul-blocking-change"), now += seconds(1)));
    EXPECT_FALSE(second.gap);
    EXPECT_EQ(second.now.revision, 32U);
    const auto third = expect_step<WatchSnapshot>(answer(store_sample("consul-blocking-delete")));
    EXPECT_EQ(target, "/v1/kv/service/demo/?recurse=1&index=32&wait=10000ms");
    EXPECT_EQ(keys_of(second.now).size(), keys_of(third.now).size() + 1);
}

TEST_F(ConsulWatch, AnAnswerWhenTheTimeIsOverIsNoChange) {
    answer(state(32, "a", 32));
    EXPECT_TRUE(std::holds_alternative<Unchanged>(answer(state(32, "a", 32), milliseconds(10100))));
    EXPECT_THAT(ask(), HasSubstr("index=32"));
}

TEST_F(ConsulWatch, AKeyOfAnotherServiceIsNotOfThisPrefix) {
    const auto first =
        expect_step<WatchSnapshot>(answer(store_sample("consul-blocking-foreign-write")));
    for (const auto& key : keys_of(first.now)) {
        EXPECT_EQ(key.rfind(k_prefix, 0), 0U);
    }
}

TEST_F(ConsulWatch, AMissingPrefixIsAStateAndCanBeWatched) {
    const auto first = expect_step<WatchSnapshot>(answer(nothing(1)));
    EXPECT_TRUE(first.now.entries.empty());
    // The index of a missing prefix is that of the whole table: foreign writes move it.
    EXPECT_TRUE(std::holds_alternative<Unchanged>(answer(nothing(34))));
    EXPECT_THAT(target, HasSubstr("index=1&"));
    EXPECT_EQ(expect_step<WatchSnapshot>(answer(state(36, "x", 36))).now.entries.size(), 1U);
    EXPECT_THAT(target, HasSubstr("index=34&"));
    EXPECT_TRUE(expect_step<WatchSnapshot>(answer(nothing(40))).now.entries.empty());
}

TEST_F(ConsulWatch, AnIndexOfZeroWouldNotBlock) {
    answer(response(200, "[]"));
    EXPECT_THAT(ask(), HasSubstr("index=1&"));
}

TEST_F(ConsulWatch, AnIndexThatWentBackIsReadAgain) {
    answer(state(171, "a", 169));
    EXPECT_TRUE(std::holds_alternative<Undecided>(answer(state(169, "b", 169), seconds(11))));
    EXPECT_TRUE(std::holds_alternative<Unchanged>(answer(state(169, "a", 169))))
        << "tombstones were collected, nothing has changed";
    EXPECT_EQ(target, "/v1/kv/service/demo/?recurse=1&consistent=1");
    EXPECT_FALSE(expect_step<WatchSnapshot>(answer(state(170, "b", 170))).gap);
    EXPECT_THAT(target, HasSubstr("index=169&"));
}

/// consul-1.15-index-goes-back: an open query is answered at once with the index it was sent and
/// the old data; only the plain read shows the restored keys, at a lower index.
TEST_F(ConsulWatch, ASnapshotThatIsRestored) {
    answer(state(46, "new", 46));
    EXPECT_TRUE(std::holds_alternative<Undecided>(answer(state(46, "new", 46), milliseconds(410))));
    const auto restored = expect_step<WatchSnapshot>(answer(state(21, "old", 20)));
    EXPECT_EQ(target, "/v1/kv/service/demo/?recurse=1&consistent=1");
    EXPECT_TRUE(restored.gap);
    EXPECT_EQ(value_of(restored.now, "/service/demo/leader"), "old");
    EXPECT_FALSE(expect_step<WatchSnapshot>(answer(state(53, "x", 53))).gap);
    EXPECT_THAT(target, HasSubstr("index=21&"));
}

TEST_F(ConsulWatch, ARestoredValueCanHaveTheIndexOfAnother) {
    answer(state(46, "new", 40));
    answer(state(46, "new", 40), milliseconds(400));
    EXPECT_TRUE(expect_step<WatchSnapshot>(answer(state(46, "other", 40))).gap);
}

TEST_F(ConsulWatch, AfterALossEverythingIsReadAgain) {
    answer(state(32, "a", 32));
    ask();
    machine.lost();
    EXPECT_TRUE(std::holds_alternative<Unchanged>(answer(state(32, "a", 32))));
    EXPECT_EQ(target, "/v1/kv/service/demo/?recurse=1&consistent=1");
    ask();
    machine.lost();
    EXPECT_TRUE(expect_step<WatchSnapshot>(answer(state(33, "b", 33))).gap);
    EXPECT_FALSE(expect_step<WatchSnapshot>(answer(state(34, "c", 34))).gap);
}

TEST_F(ConsulWatch, ALossBeforeTheFirstStateIsNoGap) {
    ask();
    machine.lost();
    EXPECT_FALSE(expect_step<WatchSnapshot>(answer(state(33, "b", 33))).gap);
}

TEST_F(ConsulWatch, ATokenThatLostItsRightsIsNoLostCluster) {
    answer(state(20, "a", 20));
    EXPECT_TRUE(std::holds_alternative<Undecided>(
        answer(store_sample("consul-1.15-acl", "no-token recurse"))));
    const auto refusal =
        expect_step<Refusal>(answer(store_sample("consul-1.15-acl", "no-token key")));
    EXPECT_EQ(target, "/v1/kv/service/demo/?consistent=1");
    EXPECT_EQ(refusal.error.kind, ErrorKind::unauthorized);
    machine.lost();
    // The same with a token that may see that there is nothing.
    EXPECT_TRUE(std::holds_alternative<Undecided>(answer(nothing(25, "deny"))));
    const auto gone = expect_step<WatchSnapshot>(answer(nothing(26, "deny")));
    EXPECT_TRUE(gone.now.entries.empty());
    EXPECT_EQ(gone.now.revision, 25U);
    EXPECT_THAT(ask(), HasSubstr("index=25&"));
}

TEST_F(ConsulWatch, AMissingPrefixOfAServerThatDeniesIsAskedForInPeace) {
    answer(nothing(25, "deny"));
    answer(nothing(25, "deny"));
    const auto begin = now;
    int questions = 0;
    while (now - begin < seconds(60)) {
        // The query comes back when its time is over, the probe at once.
        answer(nothing(25, "deny"), seconds(10) + milliseconds(300));
        EXPECT_THAT(target, HasSubstr("index=25&"));
        EXPECT_TRUE(std::holds_alternative<Unchanged>(answer(nothing(25, "deny"))));
        questions += 2;
    }
    EXPECT_EQ(questions, 12);
}

TEST_F(ConsulWatch, WhatIsNoAnswerIsRefused) {
    const struct {
        Response answer;
        ErrorKind kind;
    } table[] = {{response(500, "No cluster leader"), ErrorKind::http_status},
                 {response(404, "404 page not found"), ErrorKind::unsupported},
                 {response(200, "<html>"), ErrorKind::decode},
                 {response(429, "Too Many Requests"), ErrorKind::http_status},
                 {store_sample("consul-acl-bad-token"), ErrorKind::unauthorized},
                 {store_sample("consul-1.15-answers", "index-negative"), ErrorKind::http_status}};
    for (const auto& row : table) {
        WatchMachine fresh(k_prefix, Access{Secret("s3cret"), ""}, seconds(1));
        fresh.next(now);
        fresh.sent(now);
        const auto refusal = expect_step<Refusal>(fresh.take(row.answer, now));
        EXPECT_EQ(refusal.error.kind, row.kind);
        EXPECT_EQ(to_line(refusal.error).find("s3cret"), std::string::npos);
    }
}

TEST_F(ConsulWatch, ChangesWithoutEndAreSlowedDown) {
    std::uint64_t index = 10;
    const auto begin = now;
    for (int i = 0; i < 100; ++i, ++index) {
        expect_step<WatchSnapshot>(answer(state(index, "a", index), milliseconds(0)));
        EXPECT_TRUE(i >= 2 || delay == milliseconds(0)) << "two may come at once";
    }
    EXPECT_EQ(now - begin, milliseconds(98 * 20));
    now += seconds(1);
    expect_step<WatchSnapshot>(answer(state(index, "a", index)));
    EXPECT_EQ(delay, milliseconds(0));
}

TEST_F(ConsulWatch, AServerThatNeverBlocksIsNotAskedAllTheTime) {
    answer(state(10, "a", 10));
    const auto begin = now;
    int questions = 0;
    while (now - begin < seconds(60)) {
        answer(state(10, "a", 10), milliseconds(0));
        ++questions;
    }
    EXPECT_LT(questions, 400);
    expect_step<WatchSnapshot>(answer(state(11, "b", 11)));
}

TEST_F(ConsulWatch, ALargePrefixIsReadSeldom) {
    const auto first = state(10, std::string(1 << 20, 'x'), 10);
    const milliseconds turn(first.body.size() / (8 * 1024));  // 8 MiB/s in the long run.
    expect_step<WatchSnapshot>(answer(first));
    ask();
    EXPECT_EQ(limit, (seconds(10) + 8 * turn) * 17 / 16 + seconds(3))
        << "an answer without news is as large";
    const auto begin = now;
    for (std::uint64_t index = 11; index < 15; ++index) {
        expect_step<WatchSnapshot>(answer(state(index, std::string(1 << 20, 'x'), index)));
    }
    EXPECT_GE(now - begin, 3 * turn);
}

// ------------------------------------------------------------------- against a model

/// Plays the watch against a model, and checks that states come in their order.
class Play {
public:
    explicit Play(ConsulModel& model) : model_(model) { remember(); }

    /// Every state that there was, in its order.
    void remember() { states_.push_back(model_.values()); }

    /// One request: answered, cut before or behind the answer, or still blocking.
    void step(bool cut_before, bool cut_behind) {
        const auto call = machine_.next(now_);
        now_ += call.delay;
        machine_.sent(now_);
        if (cut_before) {
            return machine_.lost();
        }
        if (!model_.answers(call.request)) {
            now_ += seconds(11);  // Its time is over.
        }
        now_ += milliseconds(1);
        const auto answer = model_.answer(call.request);
        if (cut_behind) {
            return machine_.lost();
        }
        auto step = machine_.take(answer, now_);
        ASSERT_FALSE(std::holds_alternative<Refusal>(step));
        if (auto* told = std::get_if<WatchSnapshot>(&step)) {
            take(*told);
        }
    }

    const std::map<std::string, std::string>& seen() const { return seen_; }
    int told() const { return told_; }

private:
    void take(const WatchSnapshot& told) {
        ++told_;
        seen_.clear();
        for (const auto& entry : told.now.entries) {
            seen_[entry.key] = entry.value;
        }
        // An ordered subsequence: the state is one of those behind the last one.
        const auto found =
            std::find(states_.begin() + static_cast<std::ptrdiff_t>(place_), states_.end(), seen_);
        ASSERT_NE(found, states_.end()) << "a state that never was, or one of the past";
        place_ = static_cast<std::size_t>(found - states_.begin());
    }

    ConsulModel& model_;
    WatchMachine machine_{k_prefix, Access{}, seconds(10)};
    WatchMachine::Time now_{seconds(1000)};
    std::vector<std::map<std::string, std::string>> states_;
    std::map<std::string, std::string> seen_;
    std::size_t place_ = 0;
    int told_ = 0;
};

TEST(ConsulWatchModel, AThousandWritesWithCutConnectionsEndInTheFinalState) {
    for (unsigned seed = 1; seed <= 8; ++seed) {
        std::mt19937 random(seed);
        ConsulModel model;
        Play play(model);
        for (int i = 0; i < 1000; ++i) {
            const std::string key =
                "service/demo/" + std::string(1, static_cast<char>('a' + random() % 8));
            if (random() % 4 == 0) {
                model.remove(key);
            } else {
                model.put(key, std::to_string(i));  // No value comes twice.
            }
            if (random() % 50 == 0) {
                model.collect_tombstones();
            }
            play.remember();
            if (random() % 3 == 0) {
                play.step(random() % 10 == 0, random() % 10 == 0);
            }
        }
        for (int i = 0; i < 4; ++i) {
            play.step(false, false);
        }
        EXPECT_EQ(play.seen(), model.values()) << "seed " << seed;
        EXPECT_GT(play.told(), 100);
    }
}

TEST(ConsulWatchModel, AFailureAtEachStepOfALeaderChange) {
    // The writes of consul-1.15-real-leader-change-4.1.4 and of a session that ends.
    for (int failing = -1; failing < 12; ++failing) {
        for (const bool before : {true, false}) {
            ConsulModel model;
            model.put("service/demo/leader", "node2");
            model.put("service/demo/members/node1", "replica");
            model.put("service/demo/members/node2", "primary");
            Play play(model);
            int number = 0;
            const auto step = [&] {
                play.remember();
                play.step(number == failing && before, number == failing && !before);
                ++number;
            };
            step();
            model.put("service/demo/failover", R"({"leader":"node2"})");
            step();
            model.put("service/demo/members/node2", "stopping");
            step();
            model.remove("service/demo/leader");
            step();
            model.put("service/demo/leader", "node1");
            step();
            model.put("service/demo/failover", "{}");
            step();
            model.remove_together({"service/demo/leader", "service/demo/members/node1"});
            step();
            for (int i = 0; i < 5; ++i) {
                step();
            }
            EXPECT_EQ(play.seen(), model.values()) << failing;
        }
    }
}

}  // namespace
}  // namespace patroni::testing
