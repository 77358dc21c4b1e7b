// Writing and removing, and what is done when an answer is lost.

#include "dcs/write_judge.hpp"
#include "dcs/zookeeper/key_reader.hpp"
#include "dcs/zookeeper/remove_tree.hpp"
#include "dcs/zookeeper/write_key.hpp"
#include "unit/dcs/zookeeper_driver.hpp"

#include <gtest/gtest.h>

namespace patroni::dcs::zookeeper {
namespace {

using Driver = testing::ZookeeperDriver;
const std::string k_config = "/service/demo/config";

std::uint64_t revision_of(const Driver& driver, const std::string& path) {
    return static_cast<std::uint64_t>(driver.tree.nodes.at(path).modified);
}

StoreOutcome write(Driver& driver, StoreWrite change) {
    const auto writer = std::make_shared<WriteKey>(std::move(change), std::vector<Permission>());
    EXPECT_TRUE(driver.run(writer));
    return writer->outcome();
}

TEST(ZookeeperWrite, ComparesAndSets) {
    Driver driver;
    driver.tree.put(k_config, "old");
    const auto before = revision_of(driver, k_config);
    const auto done = write(driver, StoreWrite::put_if(k_config, "new", before));
    EXPECT_EQ(done.kind, OutcomeKind::done);
    EXPECT_EQ(done.revision, revision_of(driver, k_config));
    EXPECT_EQ(driver.tree.nodes[k_config].value, "new");

    const auto conflict = write(driver, StoreWrite::put_if(k_config, "newer", before));
    EXPECT_EQ(conflict.kind, OutcomeKind::rejected);
    EXPECT_TRUE(conflict.conflict());
    ASSERT_TRUE(conflict.current);
    EXPECT_EQ(conflict.current->value, "new");
    EXPECT_EQ(driver.tree.nodes[k_config].value, "new");
}

/// The count of changes begins anew with the node: a cluster that was removed and made again.
TEST(ZookeeperWrite, ANodeThatWasMadeAgainIsAnotherOne) {
    Driver driver;
    driver.tree.put(k_config, "old");
    const auto before = revision_of(driver, k_config);
    driver.tree.remove(k_config);
    driver.tree.put(k_config, "of the new cluster");
    EXPECT_TRUE(write(driver, StoreWrite::put_if(k_config, "new", before)).conflict());
    EXPECT_EQ(driver.tree.nodes[k_config].value, "of the new cluster");
}

TEST(ZookeeperWrite, SomebodyIsFasterBetweenLookAndWrite) {
    Driver driver;
    driver.tree.put(k_config, "old");
    const auto before = revision_of(driver, k_config);
    driver.between = [](Driver& at) {
        if (at.requests == 3) {  // Handshake, look, write.
            at.tree.put(k_config, "other");
        }
    };
    const auto outcome = write(driver, StoreWrite::put_if(k_config, "mine", before));
    EXPECT_TRUE(outcome.conflict());
    EXPECT_EQ(outcome.current->value, "other");
    EXPECT_TRUE(driver.tree.writes.empty());
}

TEST(ZookeeperWrite, CreatesFoldersToo) {
    Driver driver;
    const auto done = write(driver, StoreWrite::create("/service/demo/failover", "{}"));
    EXPECT_EQ(done.kind, OutcomeKind::done);
    EXPECT_EQ(driver.tree.writes,
              (std::vector<std::string>{"create /service=", "create /service/demo=",
                                        "create /service/demo/failover={}"}));
    const auto again = write(driver, StoreWrite::create("/service/demo/failover", "{\"a\":1}"));
    EXPECT_TRUE(again.conflict());
    EXPECT_EQ(again.current->value, "{}");
}

TEST(ZookeeperWrite, InAnyCase) {
    Driver driver;
    EXPECT_EQ(write(driver, StoreWrite::put(k_config, "1")).kind, OutcomeKind::done);
    EXPECT_EQ(write(driver, StoreWrite::put(k_config, "2")).kind, OutcomeKind::done);
    EXPECT_EQ(driver.tree.nodes[k_config].value, "2");
    const auto removed = write(driver, StoreWrite::remove(k_config));
    EXPECT_EQ(removed.removed, 1U);
    const auto nothing = write(driver, StoreWrite::remove(k_config));
    EXPECT_EQ(nothing.kind, OutcomeKind::done);
    EXPECT_EQ(nothing.removed, 0U);
}

TEST(ZookeeperWrite, RemovesOnlyWhatItKnows) {
    Driver driver;
    driver.tree.put(k_config, "1");
    const auto before = revision_of(driver, k_config);
    driver.tree.put(k_config, "2");
    EXPECT_TRUE(write(driver, StoreWrite::remove_if(k_config, before)).conflict());
    EXPECT_EQ(write(driver, StoreWrite::remove_if(k_config, revision_of(driver, k_config))).kind,
              OutcomeKind::done);
    EXPECT_EQ(driver.tree.nodes.count(k_config), 0U);
}

TEST(ZookeeperWrite, WithoutPermissionItIsRejected) {
    Driver driver;
    driver.tree.put(k_config, "1");
    driver.tree.secret = {k_config};
    const auto outcome = write(driver, StoreWrite::put(k_config, "2"));
    EXPECT_EQ(outcome.kind, OutcomeKind::rejected);
    EXPECT_EQ(outcome.reason, Reason::access_denied);
}

/// A write is never repeated by the session: what was sent ends with `may_have_been_sent`.
TEST(ZookeeperWrite, AFailureAtEachStepLeavesNoDoubt) {
    for (const auto fault : {Driver::Fault::lose_request, Driver::Fault::lose_answer}) {
        for (std::size_t at = 1; at <= 3; ++at) {
            Driver driver(2);
            driver.tree.put(k_config, "old");
            driver.fault = fault;
            driver.fault_at = at;
            const StoreWrite change =
                StoreWrite::put_if(k_config, "new", revision_of(driver, k_config));
            const auto writer = std::make_shared<WriteKey>(change, std::vector<Permission>());
            const auto result = driver.run(writer);
            if (at < 3) {
                EXPECT_TRUE(result) << at;
                EXPECT_EQ(writer->outcome().kind, OutcomeKind::done);
                continue;
            }
            ASSERT_FALSE(result);
            EXPECT_EQ(result.error().delivery, Delivery::may_have_been_sent);
            WriteJudge judge(change);
            judge.lose(result.error());
            const auto look = std::make_shared<KeyReader>(k_config);
            ASSERT_TRUE(driver.run(look));
            const auto verdict = judge.judge(look->result().value());
            if (fault == Driver::Fault::lose_answer) {
                ASSERT_TRUE(verdict);
                EXPECT_EQ(verdict->kind, OutcomeKind::done);
            } else {
                EXPECT_FALSE(verdict) << "it can be sent again";
            }
            EXPECT_LE(driver.tree.writes.size(), 1U);
        }
    }
}

StoreOutcome remove_all(Driver& driver) {
    const auto remover = std::make_shared<RemoveTree>("/service/demo/");
    EXPECT_TRUE(driver.run(remover));
    return remover->outcome();
}

void fill(Driver& driver) {
    driver.tree.put(k_config, "{}");
    driver.tree.put("/service/demo/leader", "a");
    driver.tree.put("/service/demo/members/a", "{}");
    driver.tree.put("/service/demo2/config", "{}");
}

TEST(ZookeeperRemove, AClusterInOneTransactionAndNothingElse) {
    for (const bool is_old : {false, true}) {
        Driver driver(1, {.one_by_one = is_old});
        fill(driver);
        const auto outcome = remove_all(driver);
        EXPECT_EQ(outcome.kind, OutcomeKind::done) << outcome.message;
        EXPECT_EQ(outcome.removed, 3U);
        EXPECT_EQ(driver.tree.nodes.count("/service/demo"), 0U);
        EXPECT_EQ(driver.tree.nodes.count("/service/demo2/config"), 1U);
        EXPECT_EQ(remove_all(driver).removed, 0U);
    }
}

TEST(ZookeeperRemove, AMemberThatWritesMeanwhileIsRemovedInTheNextTry) {
    Driver driver;
    fill(driver);
    driver.between = [](Driver& at) {
        if (at.requests == 4) {
            at.tree.put("/service/demo/members/b", "{}");
        }
    };
    EXPECT_EQ(remove_all(driver).kind, OutcomeKind::done);
    EXPECT_EQ(driver.tree.nodes.count("/service/demo"), 0U);
}

TEST(ZookeeperRemove, MembersThatAlwaysWriteAreNamedAsTheReason) {
    Driver driver;
    fill(driver);
    driver.between = [](Driver& at) {
        if (at.requests % 3 == 1) {
            at.tree.put("/service/demo/members/m" + std::to_string(at.requests), "{}");
        }
    };
    const auto outcome = remove_all(driver);
    EXPECT_TRUE(outcome.kind == OutcomeKind::done || outcome.conflict());
    EXPECT_TRUE(outcome.kind == OutcomeKind::done || !driver.tree.writes.size());
}

}  // namespace
}  // namespace patroni::dcs::zookeeper
