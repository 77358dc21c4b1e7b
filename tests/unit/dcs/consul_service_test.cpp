// registrator's services in Consul's catalog, on recordings.
#include "dcs/consul/read_dialogue.hpp"
#include "dcs/consul/service_dialogue.hpp"
#include "support/store_samples.hpp"
#include "unit/dcs/dialogue_checks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patroni::testing {
namespace {

using dcs::Refusal;
using dcs::Snapshot;
using dcs::consul::ReadPrefix;
using dcs::consul::ReadService;
using ::testing::ElementsAre;

const std::string k_id =
    "1.cell_z1.patroni1.dingo-postgresql.bosh:cf-95520c98-efbe-4b4e-880d-"
    "14a8f2bb0ff8:8008";

TEST(ConsulService, ReadsTheEntriesOfAServiceAsKeys) {
    ReadService reading("/dingo-postgresql95-8008", {Secret("s3cret"), "dc1"});
    const auto request = reading.start();
    EXPECT_EQ(request.target, "/v1/catalog/service/dingo-postgresql95-8008?consistent=1&dc=dc1");
    EXPECT_EQ(header_of(request, "X-Consul-Token"), "s3cret");
    const auto snapshot =
        expect_step<Snapshot>(reading.resume(store_sample("registrator-consul-catalog")));
    ASSERT_THAT(keys_of(snapshot), ElementsAre("/dingo-postgresql95-8008/" + k_id));
    EXPECT_EQ(snapshot.entries[0].value, "10.244.21.8:32769");
    EXPECT_NE(snapshot.entries[0].modified, 0U);
}

TEST(ConsulService, TheSameAsItsKeysInTheStore) {
    ReadPrefix reading("/registry/dingo-postgresql95-8008/", {});
    reading.start();
    const auto snapshot =
        expect_step<Snapshot>(reading.resume(store_sample("registrator-consulkv")));
    ASSERT_THAT(keys_of(snapshot), ElementsAre("/registry/dingo-postgresql95-8008/" + k_id));
    EXPECT_EQ(snapshot.entries[0].value, "10.244.21.8:32769");
}

TEST(ConsulService, AnAddressMayBeThatOfTheNodeOrOfIPv6) {
    ReadService reading("/x", {});
    reading.start();
    const auto snapshot = expect_step<Snapshot>(reading.resume(response(
        200,
        R"([{"ServiceID":"b","Address":"10.0.0.1","ServiceAddress":"","ServicePort":8008},)"
        R"({"ServiceID":"a","ServiceAddress":"fe80::1","ServicePort":8009,"ModifyIndex":5}])")));
    ASSERT_EQ(snapshot.entries.size(), 2U);
    EXPECT_EQ(snapshot.entries[0].value, "[fe80::1]:8009");
    EXPECT_EQ(snapshot.entries[1].value, "10.0.0.1:8008");
}

TEST(ConsulService, WhatIsNoServiceIsRefused) {
    const struct {
        protocol::Response answer;
        ErrorKind kind;
    } table[] = {{response(200, "{}"), ErrorKind::decode},
                 {response(200, "[{}]"), ErrorKind::decode},
                 {response(200, "<html>"), ErrorKind::decode},
                 {response(404, "404 page not found"), ErrorKind::unsupported},
                 {store_sample("consul-acl-bad-token"), ErrorKind::unauthorized}};
    for (const auto& row : table) {
        ReadService reading("/x", {});
        reading.start();
        EXPECT_EQ(expect_step<Refusal>(reading.resume(row.answer)).error.kind, row.kind);
    }
    ReadService reading("/x", {});
    reading.start();
    EXPECT_TRUE(expect_step<Snapshot>(reading.resume(response(200, "[]"))).entries.empty());
}

TEST(ConsulService, WhatTheTokenMayNotSeeIsNotEmpty) {
    auto filtered = response(200, "[]");
    filtered.headers.emplace_back("X-Consul-Default-Acl-Policy", "deny");
    for (const auto* token : {"", "weak"}) {
        ReadService reading("/x", {Secret(token), ""});
        reading.start();
        if (*token != '\0') {
            EXPECT_TRUE(expect_step<Snapshot>(reading.resume(filtered)).entries.empty())
                << "the token sees that there is nothing";
            filtered.headers.emplace_back("X-Consul-Results-Filtered-By-Acls", "true");
        }
        EXPECT_EQ(expect_step<Refusal>(reading.resume(filtered)).error.kind,
                  ErrorKind::unauthorized)
            << token;
    }
}

}  // namespace
}  // namespace patroni::testing
