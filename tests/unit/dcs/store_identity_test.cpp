// Endpoints of one configuration that belong to different stores.
#include "dcs/store_identity.hpp"

#include "dcs/make_backend.hpp"
#include "support/event_loop.hpp"
#include "support/scripted_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

namespace patroni::testing {
namespace {

using dcs::StoreIdentity;
using std::chrono::milliseconds;
using ::testing::AllOf;
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

}  // namespace
}  // namespace patroni::testing
