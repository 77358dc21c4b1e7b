// Endpoints of one configuration that belong to different stores.
#include "dcs/store_identity.hpp"

#include "dcs/make_backend.hpp"
#include "support/event_loop.hpp"
#include "support/scripted_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace patroni::testing {
namespace {

using dcs::StoreIdentity;
using std::chrono::milliseconds;
using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(StoreIdentity, AnEndpointOfAnotherStoreIsForeign) {
    StoreIdentity identity;
    EXPECT_FALSE(identity.is_foreign("a", "")) << "nobody says who it is";
    EXPECT_EQ(identity.id(), "");
    EXPECT_FALSE(identity.is_foreign("a", "1"));
    EXPECT_FALSE(identity.is_foreign("b", "1"));
    EXPECT_TRUE(identity.is_foreign("c", "2"));
    EXPECT_TRUE(identity.is_foreign("c", "2")) << "it does not become right by repetition";
    EXPECT_FALSE(identity.is_foreign("b", ""));
    EXPECT_EQ(identity.id(), "1");
    EXPECT_EQ(identity.endpoint(), "b");
}

TEST(StoreIdentity, AStoreThatWasBuiltAnewIsBelieved) {
    StoreIdentity identity;
    EXPECT_FALSE(identity.is_foreign("a", "1"));
    EXPECT_FALSE(identity.is_foreign("b", "1"));
    EXPECT_FALSE(identity.is_foreign("a", "2"));
    EXPECT_EQ(identity.id(), "2");
    EXPECT_TRUE(identity.is_foreign("c", "1"));
    EXPECT_FALSE(identity.is_foreign("b", "2"));
}

ScriptedServer::Script etcd3(const std::string& id, const std::atomic<bool>& is_well) {
    return [id, &is_well](const SeenRequest&) -> std::optional<std::string> {
        return is_well
                   ? http_answer(200, R"({"header":{"cluster_id":")" + id + R"(","revision":"5"}})")
                   : http_answer(503, R"({"code":14,"message":"etcdserver: no leader"})");
    };
}

TEST(StoreIdentity, AFallbackToAnotherClusterIsRefused) {
    std::atomic<bool> is_well = true;
    const std::atomic<bool> always = true;
    ScriptedServer ours(etcd3("7001", is_well));
    ScriptedServer foreign(etcd3("7002", always));
    EventLoop loop;
    const auto seeds = Seeds::etcd3(ours.text() + "," + foreign.text()).value();
    auto backend = dcs::make_backend(loop.http, seeds);
    ASSERT_TRUE(backend);
    const auto read = [&] {
        std::optional<Result<dcs::Snapshot>> slot;
        (*backend)->start_read("/service/", EventLoop::in(milliseconds(2000)),
                               [&](Result<dcs::Snapshot> result) { slot = std::move(result); });
        loop.wait(slot);
        return std::move(*slot);
    };
    ASSERT_TRUE(read());
    is_well = false;
    for (int i = 0; i < 4; ++i) {
        const auto refused = read();
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().kind, ErrorKind::config);
        EXPECT_EQ(refused.error().endpoint, "http://" + foreign.text());
        EXPECT_THAT(refused.error().message,
                    AllOf(HasSubstr("7002"), HasSubstr("7001"), HasSubstr(ours.text())));
    }
    is_well = true;
    EXPECT_TRUE(read());
}

/// What was asked of a server, without "/v3/kv/".
std::vector<std::string> asked(const ScriptedServer& server) {
    std::vector<std::string> names;
    for (const auto& target : server.targets()) {
        names.push_back(target.substr(target.rfind('/') + 1));
    }
    return names;
}

class StoreIdentityOfWrites : public ::testing::Test {
protected:
    void use(const std::string& endpoints) {
        backend_ = dcs::make_backend(loop_.http, Seeds::etcd3(endpoints).value()).value();
    }
    Result<StoreOutcome> put() {
        std::optional<Result<StoreOutcome>> slot;
        backend_->start_write(StoreWrite::put("/service/demo/failover", "{}"),
                              EventLoop::in(milliseconds(4000)),
                              [&](Result<StoreOutcome> result) { slot = std::move(result); });
        loop_.wait(slot);
        return std::move(*slot);
    }
    Result<std::uint64_t> read_pages() {
        std::optional<Result<std::uint64_t>> slot;
        backend_->start_read_pages(
            "/service/", EventLoop::in(milliseconds(4000)), [](dcs::Page) {},
            [&](Result<std::uint64_t> result) { slot = std::move(result); });
        loop_.wait(slot);
        return std::move(*slot);
    }

    std::atomic<bool> ours_is_well_ = true;
    std::atomic<bool> always_ = true;
    ScriptedServer ours_{etcd3("7001", ours_is_well_)};
    ScriptedServer twin_{etcd3("7001", always_)};
    ScriptedServer foreign_{etcd3("7002", always_)};
    EventLoop loop_;
    std::shared_ptr<dcs::Backend> backend_;
};

TEST_F(StoreIdentityOfWrites, AFallbackToAnotherClusterWritesNothing) {
    use(ours_.text() + "," + foreign_.text());
    ASSERT_TRUE(put());
    EXPECT_THAT(asked(ours_), ElementsAre("range", "put")) << "first it says who it is";
    ASSERT_TRUE(put());
    EXPECT_THAT(asked(ours_), ElementsAre("range", "put", "put")) << "and once is enough";
    ours_is_well_ = false;
    for (int i = 0; i < 3; ++i) {
        const auto refused = put();
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().kind, ErrorKind::config);
        EXPECT_EQ(refused.error().delivery, Delivery::not_sent);
        EXPECT_THAT(refused.error().message, AllOf(HasSubstr("7002"), HasSubstr("7001")));
    }
    EXPECT_THAT(asked(foreign_), Each("range"));
}

TEST_F(StoreIdentityOfWrites, AForeignOneInBetweenIsPassedOver) {
    use(ours_.text() + "," + foreign_.text() + "," + twin_.text());
    ASSERT_TRUE(read_pages());
    ours_is_well_ = false;
    const auto outcome = put();
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->kind, OutcomeKind::done);
    EXPECT_THAT(asked(foreign_), ElementsAre("range"));
    EXPECT_THAT(asked(twin_), ElementsAre("range", "put"));
}

TEST_F(StoreIdentityOfWrites, ASingleEndpointIsNotAsked) {
    use(ours_.text());
    ASSERT_TRUE(put());
    EXPECT_THAT(asked(ours_), ElementsAre("put"));
}

TEST_F(StoreIdentityOfWrites, PagesAreOfOneClusterToo) {
    use(ours_.text() + "," + foreign_.text());
    ASSERT_TRUE(read_pages());
    ours_is_well_ = false;
    const auto refused = read_pages();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::config);
}

}  // namespace
}  // namespace patroni::testing
