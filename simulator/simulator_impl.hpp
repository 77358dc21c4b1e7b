#pragma once

#include "simulator/certificates.hpp"
#include "simulator/clock.hpp"
#include "simulator/etcd_api.hpp"
#include "simulator/ha_loop.hpp"
#include "simulator/http_server.hpp"
#include "simulator/published_keys.hpp"
#include "simulator/reserved_port.hpp"
#include "simulator/rest_api.hpp"
#include "simulator/transitions.hpp"

#include <patroni/simulator.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/post.hpp>

#include <chrono>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>

namespace patroni {

/// The thread with its servers, and what they answer from.
class Simulator::Impl {
public:
    /// One cluster, its servers and its keys.
    struct Entry {
        struct Ports {
            simulation::HttpServer api;
            simulation::ReservedPort postgres;
        };
        simulation::ClusterState state;
        std::map<std::string, std::unique_ptr<Ports>, std::less<>> ports;
        simulation::PublishedKeys keys;
        std::unique_ptr<simulation::HaLoop> ha;
    };
    struct Found {
        Entry& entry;
        simulation::MemberState& member;
        simulation::HttpServer& api() const { return entry.ports.find(member.name)->second->api; }
    };

    Impl()
        : etcd_(std::make_unique<simulation::HttpServer>(
              context_,
              [this](const simulation::HttpRequest& request) { return answer_etcd(request); })) {
        etcd_->listen(true);
        clock_.when_time_passes([this] { pass(); });
        beat();
        thread_ = std::thread([this] { context_.run(); });
    }

    ~Impl() {
        run([this] {
            clock_.stop();
            clusters_.clear();
            etcd_.reset();
            name_server_.reset();
            work_.reset();
        });
        thread_.join();
    }

    /// Runs the function on the thread of the servers and waits for it; what it throws comes here.
    template <class Function>
    auto run(Function function) -> std::invoke_result_t<Function&> {
        std::packaged_task<std::invoke_result_t<Function&>()> task{std::move(function)};
        auto result = task.get_future();
        boost::asio::post(context_, [this, &task] {
            clock_.catch_up();
            task();
        });
        return result.get();
    }

    /// Changes a member, then publishes the cluster.
    template <class Function>
    void change(std::string_view name, Function function) {
        run([&] {
            const Found found = find_member(name);
            function(found);
            publish(found.entry);
        });
    }

    template <class Function>
    void change_cluster(std::string_view scope, Function function) {
        run([&] {
            Entry& entry = find_cluster(scope);
            function(entry.state);
            publish(entry);
        });
    }

    WallTime now() const { return clock_.wall(); }

    /// Time has passed for the clusters.
    void pass() {
        for (auto& [scope, entry] : clusters_) {
            entry->state.time = clock_.time();
        }
    }

    /// So that in real time nothing waits much longer than it should.
    void beat() {
        clock_.after(std::chrono::seconds(1), [this] { beat(); });
    }

    simulation::EtcdStore& store(SimulatedStore which) {
        return which == SimulatedStore::etcd2 ? etcd2_ : etcd3_;
    }

    /// One second later, and so on, as long as this rate counts.
    void grow_lag(Entry& entry, const std::string& name, unsigned number);

    /// The members of a new cluster begin to live.
    void begin(Entry& entry) {
        entry.ha = std::make_unique<simulation::HaLoop>(
            entry.state, clock_,
            simulation::HaLoop::Store{.write = [this, &entry] { publish(entry); },
                                      .read =
                                          [this, &entry] {
                                              return entry.keys.import(entry.state,
                                                                       store(entry.state.store));
                                          }});
        entry.ha->wake_all();
    }

    void publish(Entry& entry) { entry.keys.publish(entry.state, store(entry.state.store)); }

    void open_ports(Entry& entry, simulation::MemberState& member) {
        auto handler = [this, &entry, name = member.name](
                           const simulation::HttpRequest& request,
                           const simulation::HttpResponder& responder) {
            clock_.catch_up();
            entry.ha->refresh();
            simulation::answer_rest(*entry.ha, *entry.state.find(name), request, responder);
        };
        auto ports = std::unique_ptr<Entry::Ports>(new Entry::Ports{
            .api = {context_, handler}, .postgres = simulation::ReservedPort{context_}});
        member.api = ports->api.address();
        member.postgres = ports->postgres.address();
        if (entry.state.has(simulation::Feature::worker_pool)) {
            ports->api.workers(5);  // before, a thread for each connection
        }
        ports->api.listen(true);
        entry.ports.emplace(member.name, std::move(ports));
    }

    Entry& find_cluster(std::string_view scope) {
        if (scope.empty() && clusters_.size() == 1) {
            return *clusters_.begin()->second;
        }
        const auto found = clusters_.find(scope);
        if (found == clusters_.end()) {
            throw std::invalid_argument("patroni::Simulator: no cluster '" + std::string(scope) +
                                        "'");
        }
        return *found->second;
    }

    Found find_member(std::string_view name) {
        Entry* holder = nullptr;
        simulation::MemberState* member = nullptr;
        for (auto& [scope, entry] : clusters_) {
            const bool qualified =
                name.size() > scope.size() && name.starts_with(scope) && name[scope.size()] == '/';
            simulation::MemberState* match =
                entry->state.find(qualified ? name.substr(scope.size() + 1) : name);
            if (match != nullptr) {
                if (member != nullptr) {
                    throw std::invalid_argument("patroni::Simulator: two clusters have a member '" +
                                                std::string(name) + "': say \"scope/name\"");
                }
                holder = entry.get();
                member = match;
            }
        }
        if (member == nullptr) {
            throw std::invalid_argument("patroni::Simulator: no member '" + std::string(name) +
                                        "'");
        }
        return {*holder, *member};
    }

    simulation::HttpReply answer_etcd(const simulation::HttpRequest& request) {
        clock_.catch_up();
        return simulation::etcd_reply(etcd2_, etcd3_, request, now(), etcd_->address().text());
    }

    boost::asio::io_context context_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
        context_.get_executor()};
    simulation::Clock clock_{context_};
    simulation::EtcdStore etcd2_{SimulatedStore::etcd2};
    simulation::EtcdStore etcd3_{SimulatedStore::etcd3};
    simulation::Certificates certificates_;
    std::optional<boost::asio::ip::udp::socket> name_server_;
    std::unique_ptr<simulation::HttpServer> etcd_;
    std::map<std::string, std::unique_ptr<Entry>, std::less<>> clusters_;
    std::thread thread_;
};

}  // namespace patroni
