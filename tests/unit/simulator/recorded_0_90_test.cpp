#include "recorded_exchanges.hpp"

#include <patroni/simulator.hpp>

#include <gtest/gtest.h>

namespace patroni::test {
namespace {

std::vector<RecordedAnswer> old(std::string_view stage, std::string_view node,
                                std::string_view role, std::string_view label = "") {
    return recorded("v0.90", stage, node, role, label);
}

class Recorded090 : public testing::Test {
protected:
    Recorded090() {
        sim.add_cluster({.scope = "batman",
                         .patroni_version = "0.90",
                         .rest_user = "admin",
                         .rest_password = "of the laboratory"});
    }

    Simulator sim;
};

TEST_F(Recorded090, steady) {
    EXPECT_EQ(expect_same(sim.api("pg1"), old("10-steady", "pg1", "master")), 20U);
    expect_same(sim.api("pg2"), old("10-steady", "pg2", "replica"));
    expect_same(sim.api("pg3"), old("10-steady", "pg3", "replica"));
}

TEST_F(Recorded090, writes_without_credentials) {
    for (const char* label : {"no-auth", "wrong", "bearer"}) {
        expect_same(sim.api("pg2"), old("11-auth", "pg2", "replica", label));
    }
}

TEST_F(Recorded090, switchover) {
    sim.promote("pg2");
    expect_same(sim.api("pg1"), old("22-switchover", "pg1", "replica"));
    expect_same(sim.api("pg2"), old("22-switchover", "pg2", "master"));
    expect_same(sim.api("pg3"), old("22-switchover", "pg3", "replica"));
}

TEST_F(Recorded090, master_killed_and_replaced) {
    sim.promote("pg3");
    sim.kill("pg3");
    EXPECT_FALSE(accepts(sim.api("pg3")));
    expect_same(sim.api("pg1"), old("30-killed", "pg1", "replica"));
    expect_same(sim.api("pg2"), old("30-killed", "pg2", "replica"));

    sim.expire();
    sim.promote("pg2");
    expect_same(sim.api("pg1"), old("31-new-master", "pg1", "replica"));
    expect_same(sim.api("pg2"), old("31-new-master", "pg2", "master"));
}

}  // namespace
}  // namespace patroni::test
