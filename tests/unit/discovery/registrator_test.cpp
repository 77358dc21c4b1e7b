// registrator's keys: identities, addresses, and what is wrong with them.
#include "discovery/registrator.hpp"

#include "dcs/etcd2/read_dialogue.hpp"
#include "support/store_samples.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patroni::testing {
namespace {

using dcs::Snapshot;
using discovery::members_of_registrator;
using discovery::parse_registrator_id;
using discovery::postgres_sibling;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Snapshot recorded(const std::string& sample) {
    dcs::etcd2::ReadTree tree("/x", {});
    tree.start();
    return std::get<Snapshot>(tree.resume(store_sample(sample)));
}

std::vector<std::string> rows(const Discovery& discovery) {
    std::vector<std::string> found;
    for (const auto& member : discovery.members) {
        found.push_back(member.display_name() + " " + (member.api ? member.api->text() : "-") +
                        (member.postgres ? " " + member.postgres->text() : ""));
    }
    std::sort(found.begin(), found.end());
    return found;
}

std::vector<std::string> kinds(const Discovery& discovery) {
    std::vector<std::string> found;
    for (const auto& problem : discovery.problems) {
        found.push_back(problem.kind + " " + problem.where);
    }
    return found;
}

struct IdRow {
    const char* id;
    std::optional<RegistratorIdentity> identity;
};

TEST(RegistratorId, HasThreePartsReadFromTheRight) {
    const IdRow table[] = {
        {"host:cf-1:8008", RegistratorIdentity{"host", "cf-1", 8008}},
        {"1.cell_z1.patroni1.dingo-postgresql.bosh:cf-95520c98-efbe-4b4e-880d-14a8f2bb0ff8:8008",
         RegistratorIdentity{"1.cell_z1.patroni1.dingo-postgresql.bosh",
                             "cf-95520c98-efbe-4b4e-880d-14a8f2bb0ff8", 8008}},
        {"fe80::1:patroni_1:8008", RegistratorIdentity{"fe80::1", "patroni_1", 8008}},
        {"host:dns.one:53:udp", RegistratorIdentity{"host", "dns.one", 53}},
        {"host:cf-1:65535", RegistratorIdentity{"host", "cf-1", 65535}},
        {"my-own-id", std::nullopt},
        {"host:8008", std::nullopt},
        {"host:cf-1:", std::nullopt},
        {"host:cf-1:0", std::nullopt},
        {"host:cf-1:65536", std::nullopt},
        {"host:cf-1:80a", std::nullopt},
        {"host:-bad:8008", std::nullopt},
        {"host:x:8008", std::nullopt},  // A container's name has two characters.
        {":cf-1:8008", std::nullopt},
        {"host::8008", std::nullopt},
        {"::", std::nullopt},
        {":udp", std::nullopt},
        {"", std::nullopt},
    };
    for (const auto& row : table) {
        EXPECT_EQ(parse_registrator_id(row.id), row.identity) << row.id;
    }
}

TEST(RegistratorSibling, IsTheServiceOfPostgresPort) {
    EXPECT_EQ(postgres_sibling("/dingo-postgresql95-8008"), "/dingo-postgresql95-5432");
    EXPECT_EQ(postgres_sibling("/a/b-8008"), "/a/b-5432");
    EXPECT_EQ(postgres_sibling("/dingo-postgresql95-5432"), std::nullopt);
    EXPECT_EQ(postgres_sibling("/dingo-postgresql"), std::nullopt);
    EXPECT_EQ(postgres_sibling("/dingo"), std::nullopt);
}

TEST(Registrator, TheRecordedServiceGivesItsContainersWithBothAddresses) {
    const auto discovery =
        members_of_registrator("/dingo-postgresql95-8008", recorded("registrator-etcd2-8008"),
                               recorded("registrator-etcd2-5432"));
    EXPECT_THAT(rows(discovery),
                ElementsAre("cf-49a91b69-264b-4df9-a836-523072b2f778 http://10.244.21.7:32769 "
                            "10.244.21.7:32768",
                            "cf-95520c98-efbe-4b4e-880d-14a8f2bb0ff8 http://10.244.21.8:32769 "
                            "10.244.21.8:32768"));
    EXPECT_THAT(discovery.problems, IsEmpty());
    for (const auto& member : discovery.members) {
        ASSERT_TRUE(member.registrator);
        EXPECT_THAT(member.registrator->host, HasSubstr(".cell_z1.patroni1.dingo-postgresql.bosh"));
        EXPECT_EQ(member.registrator->container_port, 8008);
        EXPECT_EQ(member.scope, std::nullopt) << "the directory is not a cluster";
    }
}

TEST(Registrator, WithoutTheSiblingTheRestIsKnown) {
    const auto discovery =
        members_of_registrator("/dingo-postgresql95-8008", recorded("registrator-etcd2-8008"), {});
    EXPECT_EQ(discovery.members.size(), 2U);
    EXPECT_THAT(discovery.problems, IsEmpty());
}

TEST(Registrator, AnOpaqueIdIsAMemberByThatName) {
    const auto discovery =
        members_of_registrator("/s-8008", {{{"/s-8008/my-own-id", "10.0.0.1:8008", 3}}}, {});
    EXPECT_THAT(rows(discovery), ElementsAre("my-own-id http://10.0.0.1:8008"));
    EXPECT_EQ(discovery.members[0].registrator, std::nullopt);
}

TEST(Registrator, AValueMayBeIpv6) {
    const auto discovery =
        members_of_registrator("/s-8008", {{{"/s-8008/h:cf-1:8008", "[fe80::1]:8008", 3}}}, {});
    EXPECT_THAT(rows(discovery), ElementsAre("cf-1 http://[fe80::1]:8008"));
}

TEST(Registrator, AValueThatIsNoHostAndPortIsAProblemAndTheOthersAreRead) {
    const auto discovery = members_of_registrator("/s-8008",
                                                  {{{"/s-8008/h:cf-1:8008", "10.0.0.1:8008", 3},
                                                    {"/s-8008/h:cf-2:8008", "not an address", 4},
                                                    {"/s-8008/h:cf-3:8008", "", 5},
                                                    {"/s-8008/h:cf-4:8008", "10.0.0.4", 6},
                                                    {"/s-8008/h:cf-5:8008", "10.0.0.5:99999", 7}}},
                                                  {});
    EXPECT_THAT(rows(discovery), ElementsAre("cf-1 http://10.0.0.1:8008"));
    EXPECT_THAT(
        kinds(discovery),
        ElementsAre("not_host_port /s-8008/h:cf-2:8008", "not_host_port /s-8008/h:cf-3:8008",
                    "not_host_port /s-8008/h:cf-4:8008", "not_host_port /s-8008/h:cf-5:8008"));
}

TEST(Registrator, OfAReCreatedContainerTheNewerKeyOwnsTheAddress) {
    for (const bool newer_first : {true, false}) {
        Snapshot snapshot{{{"/s-8008/h:cf-a:8008", "10.0.0.1:8008", newer_first ? 9U : 3U},
                           {"/s-8008/h:cf-b:8008", "10.0.0.1:8008", newer_first ? 3U : 9U},
                           {"/s-8008/h:cf-c:8008", "10.0.0.3:8008", 5}}};
        const auto discovery = members_of_registrator("/s-8008", snapshot, {});
        EXPECT_THAT(rows(discovery), ElementsAre(newer_first ? "cf-a http://10.0.0.1:8008"
                                                             : "cf-b http://10.0.0.1:8008",
                                                 "cf-c http://10.0.0.3:8008"));
        ASSERT_EQ(discovery.problems.size(), 1U);
        EXPECT_EQ(discovery.problems[0].kind, "stale_entry");
        EXPECT_EQ(discovery.problems[0].where,
                  newer_first ? "/s-8008/h:cf-b:8008" : "/s-8008/h:cf-a:8008");
    }
}

TEST(Registrator, ADirectoryAboveTheServicesHoldsBothOfThem) {
    const Snapshot snapshot{{{"/apps/pg-5432/h:cf-1:5432", "10.0.0.1:32768", 3},
                             {"/apps/pg-8008/h:cf-1:8008", "10.0.0.1:32769", 4}}};
    const auto discovery = members_of_registrator("/apps", snapshot, {});
    EXPECT_THAT(rows(discovery), ElementsAre("cf-1 http://10.0.0.1:32769 10.0.0.1:32768"));
}

TEST(Registrator, AnEmptyDirectoryIsAProblem) {
    const auto discovery = members_of_registrator("/s-8008", {}, {});
    EXPECT_THAT(discovery.members, IsEmpty());
    EXPECT_THAT(kinds(discovery), ElementsAre("empty_directory /s-8008"));
}

TEST(Registrator, PostgresAddressesBelongToTheSameHostAndContainer) {
    const Snapshot rest{{{"/s-8008/h1:cf-1:8008", "10.0.0.1:8008", 3},
                         {"/s-8008/h2:cf-1:8008", "10.0.0.2:8008", 3}}};
    const Snapshot postgres{
        {{"/s-5432/h2:cf-1:5432", "10.0.0.2:5432", 3}, {"/s-5432/h3:cf-1:5432", "rubbish", 3}}};
    EXPECT_THAT(
        rows(members_of_registrator("/s-8008", rest, postgres)),
        ElementsAre("cf-1 http://10.0.0.1:8008", "cf-1 http://10.0.0.2:8008 10.0.0.2:5432"));
}

}  // namespace
}  // namespace patroni::testing
