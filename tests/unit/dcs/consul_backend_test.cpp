// Consul behind the interface of stores, on loopback: agents that are lost, watches that end.
#include "dcs/consul/backend.hpp"
#include "dcs/make_backend.hpp"
#include "support/event_loop.hpp"
#include "support/scripted_server.hpp"
#include "unit/dcs/consul_model.hpp"
#include "unit/dcs/dialogue_checks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <thread>

namespace patroni::testing {
namespace {

using dcs::WatchConnected;
using dcs::WatchEnded;
using dcs::WatchEvent;
using dcs::WatchLost;
using dcs::WatchSnapshot;
using std::chrono::milliseconds;
using ::testing::HasSubstr;

std::string consul_answer(int status, const std::string& body, std::uint64_t index) {
    return "HTTP/1.1 " + std::to_string(status) + " X\r\nX-Consul-Index: " + std::to_string(index) +
           "\r\nX-Consul-Default-Acl-Policy: allow\r\nConnection: close\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// An agent: the model on a port.
class Agent {
public:
    void put(const std::string& key, const std::string& value) {
        const std::lock_guard lock(mutex_);
        model_.put(key, value);
    }
    void fail(std::optional<std::string> answer) {
        const std::lock_guard lock(mutex_);
        failure_ = std::move(answer);
        fails_ = true;
    }
    Origin origin() const { return {false, server_.address()}; }
    std::vector<std::string> targets() const { return server_.targets(); }

private:
    std::optional<std::string> answer(const SeenRequest& seen) {
        protocol::Request request;
        request.target = seen.target;
        const auto end = std::chrono::steady_clock::now() + milliseconds(150);
        while (true) {
            {
                const std::lock_guard lock(mutex_);
                if (fails_) {
                    return failure_;
                }
                if (model_.answers(request) || std::chrono::steady_clock::now() > end) {
                    const auto response = model_.answer(request);
                    return consul_answer(response.status, response.body,
                                         model_.index_of("service/demo/"));
                }
            }
            std::this_thread::sleep_for(milliseconds(1));
        }
    }

    std::mutex mutex_;
    ConsulModel model_;
    bool fails_ = false;
    std::optional<std::string> failure_;
    ScriptedServer server_{[this](const SeenRequest& seen) { return answer(seen); }};
};

/// A watch of /service/demo/, and what it told.
class Watched {
public:
    explicit Watched(std::vector<Origin> agents) {
        dcs::StoreAccess access;
        access.endpoints = std::move(agents);
        backend =
            std::make_shared<dcs::consul::ConsulBackend>(loop.http, access, dcs::consul::Access{});
        dcs::WatchRequest request;
        request.prefix = "/service/demo/";
        request.silence = milliseconds(100);
        operation = backend->start_watch(request, [this](WatchEvent event) {
            events.push_back(std::move(event));
            if (destroys) {
                backend.reset();
            }
            if (cancels) {
                operation.cancel();
            }
        });
    }

    /// Runs until a number of events was told.
    void wait(std::size_t number) {
        const auto end = EventLoop::in(std::chrono::seconds(10));
        while (events.size() < number && std::chrono::steady_clock::now() < end) {
            loop.context.restart();
            loop.context.run_one_until(end);
        }
        ASSERT_GE(events.size(), number) << "not told in ten seconds";
    }
    void run_for(milliseconds time) {
        loop.context.restart();
        loop.context.run_for(time);
    }

    template <class T>
    T event(std::size_t number) {
        if (number < events.size() && std::holds_alternative<T>(events[number])) {
            return std::get<T>(events[number]);
        }
        ADD_FAILURE() << "event " << number << " is another one";
        return T{};
    }

    EventLoop loop;
    std::shared_ptr<dcs::consul::ConsulBackend> backend;
    std::vector<WatchEvent> events;
    bool destroys = false;
    bool cancels = false;
    Operation operation;
};

TEST(ConsulBackend, AWatchTellsTheStateAndWhatBecomesOfIt) {
    Agent agent;
    agent.put("service/demo/leader", "a");
    Watched watched({agent.origin()});
    watched.wait(2);
    EXPECT_EQ(watched.event<WatchConnected>(0).endpoint, agent.origin().text());
    EXPECT_EQ(value_of(watched.event<WatchSnapshot>(1).now, "/service/demo/leader"), "a");
    agent.put("service/demo/leader", "b");
    watched.wait(3);
    EXPECT_EQ(value_of(watched.event<WatchSnapshot>(2).now, "/service/demo/leader"), "b");
    EXPECT_FALSE(watched.event<WatchSnapshot>(2).gap);
    watched.run_for(milliseconds(400));
    EXPECT_EQ(watched.events.size(), 3U) << "answers without a change are not told";
    EXPECT_GT(agent.targets().size(), 4U);
}

TEST(ConsulBackend, AWatchGoesOnAtTheNextAgent) {
    Agent first;
    Agent second;
    first.put("service/demo/leader", "a");
    second.put("service/demo/leader", "b");
    Watched watched({first.origin(), second.origin()});
    watched.wait(2);
    first.fail(consul_answer(500, "No cluster leader", 0));
    first.put("service/demo/leader", "c");
    watched.wait(5);
    EXPECT_THAT(watched.event<WatchLost>(2).error.message, HasSubstr("no cluster leader"));
    EXPECT_EQ(watched.event<WatchLost>(2).error.endpoint, first.origin().text());
    EXPECT_EQ(watched.event<WatchConnected>(3).endpoint, second.origin().text());
    EXPECT_TRUE(watched.event<WatchSnapshot>(4).gap);
    EXPECT_EQ(value_of(watched.event<WatchSnapshot>(4).now, "/service/demo/leader"), "b");
}

TEST(ConsulBackend, ALossIsToldOnceUntilAnAgentServesAgain) {
    Agent agent;
    agent.put("service/demo/leader", "a");
    agent.fail("");
    Watched watched({agent.origin()});
    watched.wait(1);
    watched.run_for(milliseconds(300));
    EXPECT_EQ(watched.events.size(), 1U);
    EXPECT_EQ(watched.event<WatchLost>(0).error.kind, ErrorKind::reset);
    EXPECT_GT(agent.targets().size(), 2U);
    EXPECT_LT(agent.targets().size(), 20U) << "pauses grow";
}

TEST(ConsulBackend, AWatchThatCanNeverSucceedEnds) {
    Agent agent;
    agent.fail("HTTP/1.1 403 Forbidden\r\nContent-Length: 13\r\n\r\nACL not found");
    Watched watched({agent.origin()});
    watched.wait(1);
    EXPECT_EQ(watched.event<WatchEnded>(0).error.kind, ErrorKind::unauthorized);
    watched.run_for(milliseconds(200));
    EXPECT_EQ(watched.events.size(), 1U);
    EXPECT_EQ(agent.targets().size(), 1U);
}

TEST(ConsulBackend, ATokenThatIsDeletedLater) {
    Agent agent;
    agent.put("service/demo/leader", "a");
    Watched watched({agent.origin()});
    watched.wait(2);
    agent.fail("HTTP/1.1 403 Forbidden\r\nContent-Length: 13\r\n\r\nACL not found");
    watched.wait(3);
    EXPECT_EQ(watched.event<WatchLost>(2).error.kind, ErrorKind::unauthorized)
        << "it may be allowed again";
}

TEST(ConsulBackend, ACancelledWatchEndsOnce) {
    Agent agent;
    Watched watched({agent.origin()});
    watched.wait(2);
    watched.operation.cancel();
    EXPECT_EQ(watched.events.size(), 2U) << "not from within the call";
    watched.wait(3);
    EXPECT_EQ(watched.event<WatchEnded>(2).error.kind, ErrorKind::cancelled);
    watched.operation.cancel();
    watched.run_for(milliseconds(200));
    EXPECT_EQ(watched.events.size(), 3U);
}

TEST(ConsulBackend, ItsCallbackMayCancelIt) {
    Agent agent;
    Watched watched({agent.origin()});
    watched.cancels = true;
    watched.wait(2);
    watched.run_for(milliseconds(300));
    ASSERT_EQ(watched.events.size(), 2U);
    EXPECT_EQ(watched.event<WatchEnded>(1).error.kind, ErrorKind::cancelled);
    EXPECT_EQ(agent.targets().size(), 1U);
}

TEST(ConsulBackend, AWatchIsDroppedWithItsBackend) {
    Agent agent;
    Watched watched({agent.origin()});
    watched.wait(2);
    watched.backend.reset();
    agent.put("service/demo/leader", "b");
    watched.run_for(milliseconds(300));
    EXPECT_EQ(watched.events.size(), 2U);
    watched.operation.cancel();
}

TEST(ConsulBackend, ItsCallbackMayDestroyIt) {
    Agent agent;
    Watched watched({agent.origin()});
    watched.destroys = true;
    watched.wait(1);
    watched.run_for(milliseconds(300));
    EXPECT_EQ(watched.events.size(), 1U);
}

TEST(ConsulBackend, HoldsRemovalsBackThatANewSessionMakes) {
    Agent agent;
    Watched watched({agent.origin()});
    EXPECT_GE(watched.backend->removal_hold().leader, milliseconds(50));
    EXPECT_GE(watched.backend->removal_hold().member, milliseconds(50));
}

// ------------------------------------------------------------------- writes

StoreOutcome write_to(std::vector<HostPort> agents, StoreWrite write) {
    EventLoop loop;
    Seeds seeds;
    seeds.kind = Seeds::Kind::consul;
    seeds.token = Secret("s3cret");
    for (auto& address : agents) {
        seeds.endpoints.push_back({false, std::move(address)});
    }
    auto backend = dcs::make_backend(loop.http, seeds);
    EXPECT_TRUE(backend);
    std::optional<Result<StoreOutcome>> slot;
    (*backend)->start_write(std::move(write), EventLoop::in(std::chrono::seconds(3)),
                            [&](Result<StoreOutcome> outcome) { slot = std::move(outcome); });
    loop.wait(slot);
    EXPECT_TRUE(*slot) << slot->error().message;
    return *slot ? **slot : StoreOutcome{};
}

std::ptrdiff_t writes_of(const ScriptedServer& server) {
    const auto requests = server.requests();
    return std::count_if(requests.begin(), requests.end(),
                         [](const SeenRequest& seen) { return seen.method == "PUT"; });
}

TEST(ConsulBackend, AWriteIsDoneAlsoWhenTheLookBehindItFails) {
    ScriptedServer server([](const SeenRequest& seen) -> std::optional<std::string> {
        return seen.method == "PUT" ? http_answer(200, "true\n") : std::string();
    });
    const auto outcome =
        write_to({server.address()}, StoreWrite::put_if("/service/demo/config", "{}", 7));
    EXPECT_EQ(outcome.kind, OutcomeKind::done);
    EXPECT_EQ(outcome.revision, 0U);
    EXPECT_EQ(writes_of(server), 1);
    EXPECT_THAT(server.requests()[0].head, HasSubstr("X-Consul-Token: s3cret"));
}

TEST(ConsulBackend, ALostAnswerIsResolvedByALook) {
    ScriptedServer server([](const SeenRequest& seen) -> std::optional<std::string> {
        return seen.method == "PUT"
                   ? std::string()
                   : consul_answer(
                         200, R"([{"Key":"service/demo/config","ModifyIndex":9,"Value":"e30="}])",
                         9);
    });
    const auto outcome =
        write_to({server.address()}, StoreWrite::put_if("/service/demo/config", "{}", 7));
    EXPECT_EQ(outcome.kind, OutcomeKind::done);
    EXPECT_EQ(outcome.revision, 9U);
    EXPECT_EQ(writes_of(server), 1);
}

TEST(ConsulBackend, AnAgentWithoutALeaderIsFollowedByTheNext) {
    ScriptedServer first([](const SeenRequest&) { return http_answer(500, "No cluster leader"); });
    ScriptedServer second([](const SeenRequest&) { return http_answer(200, "true"); });
    const auto outcome =
        write_to({first.address(), second.address()}, StoreWrite::remove("/service/demo/sync"));
    EXPECT_EQ(outcome.kind, OutcomeKind::done);
    EXPECT_EQ(first.requests().size(), 1U);
    EXPECT_EQ(second.requests().size(), 1U);
}

TEST(ConsulBackend, ADeniedWriteIsRejected) {
    ScriptedServer server([](const SeenRequest&) {
        return std::optional<std::string>(
            "HTTP/1.1 403 Forbidden\r\nContent-Length: 17\r\n\r\nPermission denied");
    });
    const auto outcome = write_to({server.address()}, StoreWrite::put("/service/demo/x", "1"));
    EXPECT_EQ(outcome.kind, OutcomeKind::rejected);
    EXPECT_EQ(outcome.reason, Reason::access_denied);
}

}  // namespace
}  // namespace patroni::testing
