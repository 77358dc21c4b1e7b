#pragma once

#include "simulator/certificates.hpp"
#include "simulator/clock.hpp"
#include "simulator/etcd_server.hpp"
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
        std::unique_ptr<simulation::PublishedKeys> keys;
        std::unique_ptr<simulation::HaLoop> ha;
    };
    struct Found {
        Entry& entry;
        simulation::MemberState& member;
        simulation::HttpServer& api() const { return entry.ports.find(member.name)->second->api; }
    };

    Impl()
        : etcd_port_(std::make_unique<simulation::HttpServer>(
              context_, [this](const simulation::HttpRequest& request,
                               const simulation::HttpResponder& responder) {
                  clock_.catch_up();
                  etcd_.answer(request, responder);
              })) {
        etcd_.client_url("http://" + etcd_port_->address().text());
        etcd_port_->listen(true);
        listen_to(SimulatedStore::etcd2);
        listen_to(SimulatedStore::etcd3);
        clock_.when_time_passes([this] { pass(); });
        beat();
        thread_ = std::thread([this] { context_.run(); });
    }

    ~Impl() {
        run([this] {
            clock_.stop();
            clusters_.clear();
            etcd_port_.reset();
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

    /// Changes a member as it is by what others wrote, then publishes the cluster.
    template <class Function>
    void change(std::string_view name, Function function) {
        run([&] {
            const Found found = find_member(name);
            found.entry.ha->refresh();
            function(found);
            publish(found.entry);
        });
    }

    template <class Function>
    void change_cluster(std::string_view scope, Function function) {
        run([&] {
            Entry& entry = find_cluster(scope);
            entry.ha->refresh();
            function(entry.state);
            publish(entry);
        });
    }

    WallTime now() const { return clock_.wall(); }

    /// Time has passed for the clusters and their stores.
    void pass() {
        for (auto& [scope, entry] : clusters_) {
            entry->state.time = clock_.time();
        }
        etcd_.pass();
    }

    /// What others write into some keys wakes the members at once.
    void listen_to(SimulatedStore which) {
        store(which).listen([this, which](const std::vector<simulation::EtcdChange>& changes) {
            for (auto& [scope, entry] : clusters_) {
                if (entry->state.store == which && !entry->keys->publishing()) {
                    entry->ha->hear(changes);
                }
            }
        });
    }

    /// So that in real time nothing waits much longer than it should.
    void beat() {
        clock_.after(std::chrono::seconds(1), [this] { beat(); });
    }

    simulation::EtcdStore& store(SimulatedStore which) { return etcd_.store(which); }

    /// One second later, and so on, as long as this rate counts.
    void grow_lag(Entry& entry, const std::string& name, unsigned number);

    /// The members of a new cluster begin to live.
    void begin(Entry& entry) {
        entry.keys = std::make_unique<simulation::PublishedKeys>(
            entry.state, store(entry.state.store), etcd_.leases());
        entry.ha = std::make_unique<simulation::HaLoop>(
            entry.state, clock_,
            simulation::HaLoop::Store{
                .write = [this, &entry] { publish(entry); },
                .read = [&entry] { return entry.keys->import(entry.state); }});
        if (!etcd_.has_quorum()) {
            entry.ha->store_lost();
        }
        publish(entry);
        entry.ha->wake_all();
    }

    void publish(Entry& entry) {
        if (etcd_.has_quorum()) {
            entry.keys->publish();
        }
    }

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

    boost::asio::io_context context_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
        context_.get_executor()};
    simulation::Clock clock_{context_};
    simulation::EtcdServer etcd_{clock_};
    simulation::Certificates certificates_;
    std::optional<boost::asio::ip::udp::socket> name_server_;
    std::unique_ptr<simulation::HttpServer> etcd_port_;
    std::map<std::string, std::unique_ptr<Entry>, std::less<>> clusters_;
    std::thread thread_;
};

}  // namespace patroni
