// The founding story: two containers in registrator's directory, and what Patroni 0.90 in them
// says.
#include "codec/member_status.hpp"
#include "dcs/etcd2/read_dialogue.hpp"
#include "discovery/registrator.hpp"
#include "support/store_samples.hpp"
#include "unit/topology/picture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patroni::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* k_master = "cf-49a91b69-264b-4df9-a836-523072b2f778";
constexpr const char* k_replica = "cf-95520c98-efbe-4b4e-880d-14a8f2bb0ff8";

const std::string k_master_answer =
    R"({"postmaster_start_time": "2016-07-08 06:01:31.704 UTC", "role": "master",)"
    R"( "state": "running", "xlog": {"location": 100663392}, "server_version": 90503,)"
    R"( "database_system_identifier": "6304927594834931783",)"
    R"( "patroni": {"version": "0.90", "scope": "dingo"}})";
const std::string k_replica_answer =
    R"({"postmaster_start_time": "2016-07-08 06:03:11.407 UTC", "role": "replica",)"
    R"( "state": "running", "xlog": {"received_location": 100663296,)"
    R"( "replayed_location": 100663392, "replayed_timestamp": null, "paused": false},)"
    R"( "server_version": 90503, "database_system_identifier": "6304927594834931783",)"
    R"( "patroni": {"version": "0.90", "scope": "dingo"}})";

dcs::Snapshot recorded(const std::string& sample) {
    dcs::etcd2::ReadTree tree("/x", {});
    tree.start();
    return std::get<dcs::Snapshot>(tree.resume(store_sample(sample)));
}

/// The two recorded containers, each answering as given.
StatusReport story(const Result<MemberStatus>& of_21_7, const Result<MemberStatus>& of_21_8) {
    Picture picture;
    auto discovery = discovery::members_of_registrator("/dingo-postgresql95-8008",
                                                       recorded("registrator-etcd2-8008"),
                                                       recorded("registrator-etcd2-5432"));
    EXPECT_EQ(discovery.members.size(), 2U);
    for (auto& member : discovery.members) {
        const bool first = member.api->address.host == "10.244.21.7";
        picture.add(std::move(member), first ? of_21_7 : of_21_8);
    }
    return picture.report();
}

TEST(FoundingStory, TheMasterAndItsReplicaComeOutRight) {
    const auto report = story(codec::decode_member_status(k_master_answer),
                              codec::decode_member_status(k_replica_answer));
    ASSERT_EQ(report.clusters.size(), 1U);
    const auto& cluster = report.clusters[0];
    EXPECT_EQ(cluster.scope, "dingo");
    EXPECT_EQ(cluster.system_identifier, "6304927594834931783");
    EXPECT_EQ(cluster.verdict, Verdict::ok);
    EXPECT_EQ(cluster.primary, k_master);
    EXPECT_THAT(cluster.problems, IsEmpty());
    EXPECT_THAT(row_names(cluster), ElementsAre(k_master, k_replica));

    const auto master = row(cluster, k_master);
    EXPECT_EQ(master.role, Role::primary);
    EXPECT_EQ(master.role_reported, "master");
    EXPECT_EQ(master.lsn->text(), "0/6000060");
    EXPECT_EQ(master.postgres, (HostPort{"10.244.21.7", 32768}));
    EXPECT_EQ(master.discovered.api, (Origin{false, {"10.244.21.7", 32769}}));
    EXPECT_EQ(master.server_version, 90503);
    EXPECT_EQ(master.timeline, std::nullopt) << "0.90 does not tell";
    EXPECT_EQ(master.holds_lock, std::nullopt);
    EXPECT_TRUE(master.healthy);

    const auto replica = row(cluster, k_replica);
    EXPECT_EQ(replica.role, Role::replica);
    EXPECT_EQ(replica.received_lsn->text(), "0/6000000");
    EXPECT_EQ(replica.replayed_lsn->text(), "0/6000060");
    EXPECT_EQ(replica.lag_bytes, 0U) << "against the further of both positions";
    EXPECT_EQ(replica.receive_lag_bytes, 96U);
    EXPECT_EQ(replica.replay_lag_bytes, 0U);
    EXPECT_EQ(replica.lag_source, FactSource::live);
    EXPECT_FALSE(replica.replayed_at);
    EXPECT_EQ(replica.replay_paused, false);
    EXPECT_TRUE(replica.healthy);
}

TEST(FoundingStory, WithoutTheMasterTheReplicaIsNotBlamed) {
    Error refused;
    refused.kind = ErrorKind::connect_refused;
    refused.message = "refused";
    const auto report = story(refused, codec::decode_member_status(k_replica_answer));
    ASSERT_EQ(report.clusters.size(), 1U);
    const auto& cluster = report.clusters[0];
    EXPECT_EQ(cluster.verdict, Verdict::no_leader);
    EXPECT_THAT(row_names(cluster), ElementsAre(k_master, k_replica)) << "nobody vanishes";
    EXPECT_THAT(row(cluster, k_master).reasons, ElementsAre("no_answer"));
    EXPECT_EQ(row(cluster, k_master).postgres, (HostPort{"10.244.21.7", 32768}));
    EXPECT_TRUE(row(cluster, k_replica).healthy);
    EXPECT_EQ(row(cluster, k_replica).lag_bytes, std::nullopt);
}

TEST(FoundingStory, NobodyAnswersAndNobodyVanishes) {
    Error silent;
    silent.kind = ErrorKind::timeout;
    const auto report = story(silent, silent);
    ASSERT_EQ(report.clusters.size(), 1U);
    EXPECT_EQ(report.clusters[0].verdict, Verdict::unknown);
    EXPECT_THAT(row_names(report.clusters[0]), ElementsAre(k_master, k_replica));
}

}  // namespace
}  // namespace patroni::testing
