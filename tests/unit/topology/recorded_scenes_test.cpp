// Recorded moments of real clusters, 0.90 to 4.1: the report must say what the recorder noted.
#include "codec/json.hpp"
#include "codec/member_status.hpp"
#include "support/recordings.hpp"
#include "unit/topology/picture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

namespace patroni::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Scene {
    std::string title, stage, patroni;
    Value document;
    Picture picture;
    std::vector<std::string> primaries;
};

std::string text_of(const Value& value, std::string_view field) {
    const Value* found = value.find(field);
    return found != nullptr && found->if_string() != nullptr ? *found->if_string() : "";
}

void add_member(Picture& picture, const Value& row) {
    DiscoveredMember member;
    member.name = text_of(row, "node");
    if (const auto address = text_of(row, "address"); !address.empty()) {
        member.api = Origin{false, parse_host_port(address).value()};
    }
    picture.add(std::move(member), codec::decode_member_status(text_of(row, "body")));
}

/// Members that `/cluster` lists and nobody asked at that moment.
void add_unasked(Picture& picture, const ClusterOverview& overview) {
    const std::size_t asked = picture.discovery.members.size();
    for (const auto& published : overview.members) {
        bool known = false;
        for (std::size_t i = 0; i < asked; ++i) {
            known = known || picture.discovery.members[i].name == published.name;
        }
        if (!known) {
            picture.silent(published.name);
        }
    }
}

std::vector<Scene> load_scenes() {
    std::vector<Scene> scenes;
    std::istringstream lines(read_test_file("scenes/scenes.jsonl"));
    for (std::string line; std::getline(lines, line);) {
        Scene scene;
        scene.document = codec::parse_json(line).value();
        scene.patroni = text_of(scene.document, "patroni");
        scene.stage = text_of(scene.document, "stage");
        scene.title = scene.patroni + " " + text_of(scene.document, "name");
        for (const auto& row : *scene.document.find("members")->if_array()) {
            add_member(scene.picture, row);
        }
        if (const auto body = text_of(scene.document, "cluster"); !body.empty()) {
            auto overview = codec::decode_cluster_overview(body).value();
            add_unasked(scene.picture, overview);
            scene.picture.overview(0, std::move(overview));
        }
        for (const auto& name : *scene.document.find("primaries")->if_array()) {
            scene.primaries.push_back(*name.if_string());
        }
        scenes.push_back(std::move(scene));
    }
    return scenes;
}

const std::vector<Scene>& scenes() {
    static const std::vector<Scene> all = load_scenes();
    return all;
}

TEST(RecordedScenes, AreWhatTheyWere) {
    EXPECT_EQ(scenes().size(), 368U);
}

TEST(RecordedScenes, EveryRoleIsTheOneThatTheRecorderNoted) {
    std::size_t checked = 0;
    for (const auto& scene : scenes()) {
        SCOPED_TRACE(scene.title);
        const auto cluster = scene.picture.only();
        for (const auto& expected : *scene.document.find("members")->if_array()) {
            const auto member = row(cluster, text_of(expected, "node"));
            EXPECT_EQ(member.state, text_of(expected, "state"));
            EXPECT_EQ(member.role_source, FactSource::live);
            if (const auto role = text_of(expected, "role"); !role.empty()) {
                EXPECT_EQ(to_string(member.role), role) << member.name;
                ++checked;
            }
        }
    }
    EXPECT_GT(checked, 400U);
}

TEST(RecordedScenes, ThePrimaryIsTheOneThatTheRecorderNoted) {
    for (const auto& scene : scenes()) {
        SCOPED_TRACE(scene.title);
        bool noted = true;
        for (const auto& member : *scene.document.find("members")->if_array()) {
            noted = noted && !text_of(member, "role").empty();
        }
        if (!noted) {
            continue;
        }
        const auto cluster = scene.picture.only();
        EXPECT_EQ(cluster.primaries_seen, scene.primaries);
        EXPECT_EQ(cluster.primary,
                  scene.primaries.empty() ? std::nullopt : std::optional(scene.primaries.front()));
        EXPECT_NE(cluster.verdict, Verdict::split);
        if (!scene.primaries.empty()) {
            EXPECT_TRUE(cluster.verdict == Verdict::ok || cluster.verdict == Verdict::degraded);
        }
    }
}

TEST(RecordedScenes, NoLagIsEverNegativeOrMadeUp) {
    for (const auto& scene : scenes()) {
        SCOPED_TRACE(scene.title);
        for (const auto& member : scene.picture.only().members) {
            const bool some =
                member.lag_bytes || member.receive_lag_bytes || member.replay_lag_bytes;
            EXPECT_EQ(some, member.lag_source != FactSource::none) << member.name;
            EXPECT_LT(member.lag_bytes.value_or(0), 1U << 30) << member.name;
            if (member.lag_source == FactSource::live) {
                EXPECT_TRUE(scene.picture.only().primary) << "nothing to compare with";
            }
        }
    }
}

/// All scenes of a stage, in every version that has it.
std::vector<const Scene*> stage(std::string_view name) {
    std::vector<const Scene*> found;
    for (const auto& scene : scenes()) {
        if (scene.stage == name) {
            found.push_back(&scene);
        }
    }
    EXPECT_FALSE(found.empty()) << name;
    return found;
}

TEST(RecordedStages, SteadyMembersAreWell) {
    for (const auto* scene : stage("10-steady")) {
        SCOPED_TRACE(scene->title);
        const auto cluster = scene->picture.only();
        for (const auto& member : cluster.members) {
            EXPECT_EQ(member.healthy, !member.error) << member.name;
        }
        if (cluster.members.size() == 3 && scene->patroni == "0.90") {
            EXPECT_EQ(cluster.verdict, Verdict::ok);
            EXPECT_EQ(cluster.primary, "pg1");
        }
    }
}

TEST(RecordedStages, TheSteadyPairOfEveryVersionIsOk) {
    std::set<std::string> versions;
    for (const auto* scene : stage("10-steady")) {
        auto picture = scene->picture;  // Without the member that the recorder did not ask.
        while (!picture.observations.back().answer) {
            picture.observations.pop_back();
            picture.discovery.members.pop_back();
        }
        if (picture.observations.size() < 2) {
            continue;
        }
        SCOPED_TRACE(scene->title);
        picture.overviews.clear();
        const auto cluster = picture.only();
        EXPECT_EQ(cluster.verdict, Verdict::ok);
        for (const auto& member : cluster.members) {
            EXPECT_TRUE(member.healthy) << member.name;
            if (member.role == Role::replica) {
                EXPECT_EQ(member.lag_bytes, 0U) << member.name;
                EXPECT_EQ(member.lag_source, FactSource::live);
            }
        }
        versions.insert(scene->patroni);
    }
    EXPECT_THAT(versions, ElementsAre("0.90", "1.6.5", "3.3.11", "4.0.10", "4.1.4"));
}

TEST(RecordedStages, AKilledMasterLeavesNoLeader) {
    for (const auto* scene : stage("30-killed")) {
        auto picture = scene->picture;
        picture.silent("pg3", ErrorKind::connect_refused);
        const auto cluster = picture.only();
        EXPECT_EQ(cluster.verdict, Verdict::no_leader) << scene->title;
        EXPECT_THAT(row_names(cluster), ElementsAre("pg1", "pg2", "pg3"));
        EXPECT_THAT(row(cluster, "pg3").reasons, ElementsAre("no_answer"));
        EXPECT_EQ(row(cluster, "pg1").lag_bytes, std::nullopt);
        EXPECT_TRUE(row(cluster, "pg1").healthy) << "the survivor is not to blame";
    }
}

TEST(RecordedStages, PauseIsSeen) {
    for (const auto* scene : stage("30-pause")) {
        EXPECT_EQ(scene->picture.only().paused, true) << scene->title;
    }
}

TEST(RecordedStages, WithoutALockHolderNoZeroIsShown) {
    for (const auto* scene : stage("40-unlocked")) {
        SCOPED_TRACE(scene->title);
        const auto cluster = scene->picture.only();
        EXPECT_EQ(cluster.primary, std::nullopt);
        if (cluster.lock_holder) {
            continue;  // Just killed: the lock is still there.
        }
        EXPECT_EQ(cluster.verdict, Verdict::no_leader);
        for (const auto& member : cluster.members) {
            EXPECT_EQ(member.lag_bytes, std::nullopt) << member.name;
        }
    }
}

TEST(RecordedStages, SynchronousStandbysAreListed) {
    for (const auto* name : {"60-sync", "60-sync-2sync", "61-quorum", "61-quorum-2sync"}) {
        for (const auto* scene : stage(name)) {
            SCOPED_TRACE(scene->title);
            const auto cluster = scene->picture.only();
            if (cluster.primaries_seen.empty()) {
                continue;
            }
            ASSERT_TRUE(cluster.sync);
            EXPECT_FALSE(cluster.sync->standbys.empty());
            EXPECT_EQ(cluster.sync->quorum_mode, std::string_view(name).starts_with("61"));
        }
    }
}

TEST(RecordedStages, AStandbyClusterHasAStandbyLeaderAndNoPrimary) {
    std::size_t led = 0;
    for (const auto* scene : stage("65-standby")) {
        SCOPED_TRACE(scene->title);
        const auto cluster = scene->picture.only();
        EXPECT_EQ(cluster.primary, std::nullopt);
        EXPECT_THAT(cluster.primaries_seen, IsEmpty());
        if (cluster.standby_leader) {
            EXPECT_EQ(cluster.standby_leader, "node1");
            ++led;
        }
    }
    EXPECT_GE(led, 4U);
}

}  // namespace
}  // namespace patroni::testing
