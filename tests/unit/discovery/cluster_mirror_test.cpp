// What events of a store mean for clusters, and which removals are held back.
#include "discovery/cluster_mirror.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patroni::testing {
namespace {

using dcs::WatchChanges;
using dcs::WatchSnapshot;
using discovery::ClusterMirror;
using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const ClusterMirror::Time k_start{};

dcs::Change put(const std::string& key, const std::string& value, std::uint64_t revision) {
    return {{"/service/" + key, value, revision}, false};
}
dcs::Change removal(const std::string& key, std::uint64_t revision) {
    return {{"/service/" + key, "", revision}, true};
}
WatchSnapshot snapshot(std::vector<dcs::Entry> entries, std::uint64_t revision, bool gap = false) {
    return {{std::move(entries), revision, {}}, gap};
}

/// "cluster demo leader=pg1 +2", "current@7", "gap@7".
std::vector<std::string> texts(const std::vector<StoreEvent>& events) {
    std::vector<std::string> found;
    for (const auto& event : events) {
        std::string text(to_string(event.kind));
        if (event.kind == StoreEvent::Kind::cluster) {
            text += " " + event.scope + (event.group ? "/" + std::to_string(*event.group) : "") +
                    (event.cluster ? " leader=" + event.cluster->leader.value_or("none") : " gone");
        } else if (event.revision != 0) {
            text += "@" + std::to_string(event.revision);
        }
        for (const auto& change : event.changes) {
            text += " " + change.key.substr(change.key.rfind('/') + 1) + ":" +
                    (change.before ? change.before->value : "") + ">" +
                    (change.now ? change.now->value : "");
        }
        found.push_back(std::move(text));
    }
    return found;
}

TEST(ClusterMirror, TellsEveryClusterThenThatThePictureIsComplete) {
    ClusterMirror mirror("service", "", false, {});
    EXPECT_EQ(mirror.prefix(), "/service/");
    EXPECT_THAT(texts(mirror.take(snapshot({{"/service/a/leader", "pg1", 3},
                                            {"/service/c/0/leader", "x", 4},
                                            {"/service/c/1/leader", "y", 5},
                                            {"/service/other/key", "of another tool", 6}},
                                           7),
                                  k_start)),
                ElementsAre("cluster a leader=pg1 leader:>pg1", "cluster c/0 leader=x leader:>x",
                            "cluster c/1 leader=y leader:>y", "current@7"));
}

TEST(ClusterMirror, TellsOneTransactionAsOneEventOfEachCluster) {
    ClusterMirror mirror("service", "", false, {});
    mirror.take(snapshot({{"/service/a/leader", "pg1", 3}}, 7), k_start);
    const auto events = mirror.take(
        WatchChanges{{put("a/leader", "pg2", 8), put("a/config", "{}", 8), put("b/leader", "q", 8)},
                     8},
        k_start);
    EXPECT_THAT(texts(events), ElementsAre("cluster a leader=pg2 leader:pg1>pg2 config:>{}",
                                           "cluster b leader=q leader:>q"));
    EXPECT_EQ(events[0].cluster->keys.at("config").revision, 8U);
    EXPECT_EQ(events[0].revision, 8U);
    EXPECT_THAT(texts(mirror.take(WatchChanges{{removal("b/leader", 9)}, 9}, k_start)),
                ElementsAre("cluster b gone leader:q>"));
}

TEST(ClusterMirror, AFolderThatIsRemovedTakesEverythingInIt) {
    ClusterMirror mirror("service", "a", false, {});
    mirror.take(snapshot({{"/service/a/leader", "pg1", 3}, {"/service/a/members/x", "{}", 4}}, 7),
                k_start);
    EXPECT_THAT(texts(mirror.take(WatchChanges{{removal("a/", 8)}, 8}, k_start)),
                ElementsAre("cluster a gone leader:pg1> x:{}>"));
    EXPECT_THAT(mirror.take(WatchChanges{{removal("a/", 9)}, 9}, k_start), IsEmpty());
}

TEST(ClusterMirror, AfterAGapOnlyTheDifferencesAreTold) {
    ClusterMirror mirror("service", "a", false, {});
    mirror.take(snapshot({{"/service/a/config", "{}", 2},
                          {"/service/a/leader", "pg1", 3},
                          {"/service/a/members/x", "1", 4}},
                         7),
                k_start);
    EXPECT_THAT(
        texts(mirror.take(snapshot({{"/service/a/config", "{}", 2},
                                    {"/service/a/leader", "pg2", 30},
                                    {"/service/a/sync", "{}", 31}},
                                   40, true),
                          k_start)),
        ElementsAre("gap@40", "cluster a leader=pg2 leader:pg1>pg2 x:1> sync:>{}", "current@40"));
    EXPECT_THAT(texts(mirror.take(snapshot({{"/service/a/leader", "pg2", 30}}, 41), k_start)),
                ElementsAre("cluster a leader=pg2 config:{}> sync:{}>"))
        << "a store that tells states has no gap";
}

TEST(ClusterMirror, RawKeysAreToldAsTheyAre) {
    ClusterMirror mirror("service", "", true, {milliseconds(50), milliseconds(50)});
    EXPECT_THAT(texts(mirror.take(snapshot({{"/service/x", "1", 3}}, 7), k_start)),
                ElementsAre("keys@7 x:>1", "current@7"));
    EXPECT_THAT(texts(mirror.take(WatchChanges{{removal("x", 8)}, 8}, k_start)),
                ElementsAre("keys@8 x:1>"));
}

class HeldRemovals : public ::testing::Test {
protected:
    HeldRemovals() {
        mirror.take(snapshot({{"/service/a/config", "{}", 2},
                              {"/service/a/leader", "pg1", 3},
                              {"/service/a/members/pg1", "{}", 4}},
                             7),
                    k_start);
    }
    ClusterMirror mirror{"service", "a", false, {milliseconds(50), milliseconds(2000)}};
};

TEST_F(HeldRemovals, AreToldWhenNothingComesBack) {
    EXPECT_THAT(mirror.take(WatchChanges{{removal("a/leader", 8), removal("a/members/pg1", 8)}, 8},
                            k_start),
                IsEmpty());
    EXPECT_EQ(mirror.due(), k_start + milliseconds(50));
    EXPECT_THAT(mirror.release(k_start + milliseconds(49)), IsEmpty());
    EXPECT_THAT(texts(mirror.release(k_start + milliseconds(50))),
                ElementsAre("cluster a leader=none leader:pg1>"));
    EXPECT_EQ(mirror.due(), k_start + milliseconds(2000));
    EXPECT_THAT(texts(mirror.release(k_start + milliseconds(2000))),
                ElementsAre("cluster a leader=none pg1:{}>"));
    EXPECT_EQ(mirror.due(), std::nullopt);
}

TEST_F(HeldRemovals, AreNothingWhenTheKeyComesBack) {
    mirror.take(WatchChanges{{removal("a/leader", 8)}, 8}, k_start);
    EXPECT_THAT(
        texts(mirror.take(WatchChanges{{put("a/leader", "pg1", 9)}, 9}, k_start + milliseconds(4))),
        ElementsAre("cluster a leader=pg1 leader:pg1>pg1"));
    EXPECT_EQ(mirror.due(), std::nullopt);
    EXPECT_THAT(mirror.release(k_start + milliseconds(100)), IsEmpty());
}

TEST_F(HeldRemovals, KeepTheirTimeInAStoreThatTellsStates) {
    const auto without = snapshot({{"/service/a/config", "{}", 2}}, 8);
    EXPECT_THAT(mirror.take(without, k_start), IsEmpty());
    EXPECT_THAT(mirror.take(without, k_start + milliseconds(40)), IsEmpty());
    EXPECT_EQ(mirror.due(), k_start + milliseconds(50));
    EXPECT_THAT(texts(mirror.take(snapshot({{"/service/a/config", "{}", 2},
                                            {"/service/a/leader", "pg1", 9},
                                            {"/service/a/members/pg1", "{}", 9}},
                                           9),
                                  k_start + milliseconds(45))),
                ElementsAre("cluster a leader=pg1 leader:pg1>pg1 pg1:{}>{}"));
    EXPECT_EQ(mirror.due(), std::nullopt);
}

TEST_F(HeldRemovals, AreOnlyThoseOfLockAndMembers) {
    EXPECT_THAT(texts(mirror.take(WatchChanges{{removal("a/config", 8)}, 8}, k_start)),
                ElementsAre("cluster a leader=pg1 config:{}>"));
}

}  // namespace
}  // namespace patroni::testing
