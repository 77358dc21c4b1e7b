#pragma once

#include "dcs/zookeeper/session_machine.hpp"
#include "unit/dcs/zookeeper_server.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace patroni::testing {

/// Runs a SessionMachine against servers, with a clock of its own and a network that breaks on
/// demand.
class ZookeeperDriver {
public:
    using Machine = dcs::zookeeper::SessionMachine;
    enum class Fault { none, lose_request, lose_answer, silence };

    explicit ZookeeperDriver(std::size_t count = 1, dcs::zookeeper::SessionSetup setup = {})
        : machine(with_names(std::move(setup), count)) {
        for (std::size_t i = 0; i < count; ++i) {
            servers.emplace_back(tree);
        }
        down.resize(count);
    }

    ZookeeperTree tree;
    std::vector<ZookeeperServer> servers;
    std::vector<bool> down;
    /// Before the request with this number (from 1: the handshake) something happens.
    std::size_t fault_at = 0;
    Fault fault = Fault::none;
    std::size_t requests = 0;  ///< That were sent.
    std::vector<Machine::Notice> notices;
    std::function<void(ZookeeperDriver&)> between = nullptr;  ///< Before each request is answered.
    dcs::zookeeper::Time now{std::chrono::seconds(1000)};
    Machine machine;

    /// Carries bytes until nothing moves any more.
    void settle() {
        for (int turns = 0; turns < 1000; ++turns) {
            auto orders = machine.take_orders();
            for (auto& notice : machine.take_notices()) {
                notices.push_back(std::move(notice));
            }
            const bool sends = !orders.output.empty() && connected_ && !silent_ && !has_ended_;
            if (sends) {
                send(orders.output);
            }
            if (orders.close) {
                connected_.reset();
                has_ended_ = false;
            }
            if (orders.open) {
                open(*orders.open);
            } else if (has_ended_ && !sends) {
                connected_.reset();
                has_ended_ = false;
                machine.ended(broken(), now);
            } else if (!sends && !orders.close) {
                return;
            }
        }
        ADD_FAILURE() << "it never rests";
    }

    /// Lets time pass, in steps of what the machine waits for.
    void pass(std::chrono::milliseconds time) {
        const auto end = now + time;
        settle();
        while (machine.next_tick() <= end) {
            now = std::max(now, machine.next_tick());
            machine.tick(now);
            settle();
        }
        now = end;
        machine.tick(now);
        settle();
    }

    /// What others change is told.
    void tell_events() {
        if (connected_) {
            machine.received(servers[*connected_].events(), now);
            settle();
        }
    }

    void cut() {
        connected_.reset();
        machine.ended(broken(), now);
        settle();
    }
    void freeze() { silent_ = true; }
    bool is_connected() const { return connected_.has_value(); }
    std::size_t server() const { return connected_.value_or(99); }

    /// Runs a dialogue to its end.
    Result<void> run(const std::shared_ptr<dcs::zookeeper::Dialogue>& dialogue,
                     std::chrono::milliseconds limit = std::chrono::milliseconds(10000)) {
        const auto task = machine.run(dialogue, now + limit, now);
        for (int turns = 0; turns < 500; ++turns) {
            settle();
            for (const auto& notice : notices) {
                const auto* finished = std::get_if<Machine::Finished>(&notice);
                if (finished != nullptr && finished->task == task) {
                    return finished->result;
                }
            }
            pass(std::chrono::milliseconds(50));
        }
        ADD_FAILURE() << "the dialogue does not end";
        return {};
    }

private:
    static dcs::zookeeper::SessionSetup with_names(dcs::zookeeper::SessionSetup setup,
                                                   std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            setup.endpoints.push_back("zk" + std::to_string(i + 1) + ":2181");
        }
        return setup;
    }

    static Error broken() {
        Error error;
        error.kind = ErrorKind::reset;
        error.message = "the server closed the connection";
        return error;
    }

    void open(std::size_t endpoint) {
        silent_ = false;
        if (down[endpoint]) {
            Error error;
            error.kind = ErrorKind::connect_refused;
            error.message = "nothing listens there";
            machine.ended(std::move(error), now);
            return;
        }
        connected_ = endpoint;
        has_ended_ = false;
        servers[endpoint].connect();
        machine.opened(now);
    }

    void send(const std::string& bytes) {
        ZookeeperServer& server = servers[*connected_];
        const bool strikes = ++requests == fault_at;
        if (between) {
            between(*this);
        }
        if (strikes && fault == Fault::silence) {
            silent_ = true;
            return;
        }
        std::string answer;
        if (!strikes || fault != Fault::lose_request) {
            answer = server.take(bytes);
        }
        if (!strikes) {
            machine.received(answer, now);
        }
        has_ended_ = (strikes && fault != Fault::none) || server.is_closed;
    }

    std::optional<std::size_t> connected_;
    bool silent_ = false;
    bool has_ended_ = false;  ///< The other side has closed; that is told after its last bytes.
};

}  // namespace patroni::testing
