#include "unit/faults/fault_lab.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

namespace patroni::testing {
namespace {

using std::chrono::steady_clock;

constexpr const char* k_scopes[] = {"batman", "robin"};
constexpr const char* k_names[] = {"pg1", "pg2", "pg3"};

/// The second number of schedstat: nanoseconds in which the thread was ready and did not run.
std::chrono::nanoseconds time_on_run_queue() {
    std::ifstream file("/proc/thread-self/schedstat");
    long long ran = 0;
    long long waited = 0;
    file >> ran >> waited;
    return std::chrono::nanoseconds(waited);
}

template <class Condition>
bool comes_true(Condition condition) {
    const auto patience = steady_clock::now() + std::chrono::seconds(10);
    while (!condition()) {
        if (steady_clock::now() > patience) {
            return false;
        }
        std::this_thread::yield();
    }
    return true;
}

}  // namespace

FaultLab::FaultLab() {
    sim.add_cluster({.scope = "batman", .store = SimulatedStore::etcd3});
    sim.add_cluster({.scope = "robin", .store = SimulatedStore::etcd2});
    sim.register_in_etcd("dingo", "robin");
}

std::string FaultLab::scope_of(Seeds::Kind kind) {
    return kind == Seeds::Kind::etcd2 || kind == Seeds::Kind::registrator ? "robin" : "batman";
}

Seeds FaultLab::seeds(Seeds::Kind kind) {
    const std::string etcd = sim.etcd().text();
    switch (kind) {
        case Seeds::Kind::registrator:
            return Seeds::registrator("etcd://" + etcd + "/dingo-8008").value();
        case Seeds::Kind::etcd2:
            return Seeds::etcd2(etcd, scope_of(kind)).value();
        case Seeds::Kind::etcd3:
            return Seeds::etcd3(etcd, scope_of(kind)).value();
        case Seeds::Kind::api:
            return Seeds::api(sim.api(member(kind, "pg1")).text()).value();
        case Seeds::Kind::consul:
        case Seeds::Kind::zookeeper:
        case Seeds::Kind::members:
            break;
    }
    std::string list;
    for (const auto* name : k_names) {
        list += sim.api(member(kind, name)).text() + ",";
    }
    return Seeds::members(list).value();
}

void FaultLab::heal() {
    for (const auto* scope : k_scopes) {
        for (const auto* name : k_names) {
            sim.clear_fault(std::string(scope) + "/" + name);
            sim.tls(std::string(scope) + "/" + name, SimulatedTls::off);
        }
    }
    sim.clear_etcd_fault();
    sim.tls_etcd(SimulatedTls::off);
}

std::size_t FaultLab::open_at_members() {
    std::size_t open = 0;
    for (const auto* scope : k_scopes) {
        for (const auto* name : k_names) {
            open += sim.traffic(std::string(scope) + "/" + name).open;
        }
    }
    return open;
}

bool FaultLab::only_etcd_is_connected() {
    return comes_true([this] { return open_at_members() == 0; });
}

bool FaultLab::all_connections_ended() {
    return comes_true([this] { return open_at_members() + sim.etcd_traffic().open == 0; });
}

std::size_t open_descriptors() {
    // The iteration holds one descriptor itself, each time.
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator("/proc/self/fd"),
                      std::filesystem::directory_iterator()));
}

LoopTime::LoopTime() : started_(steady_clock::now()), kept_waiting_(time_on_run_queue()) {}

std::chrono::milliseconds LoopTime::elapsed() const {
    const auto wall = steady_clock::now() - started_;
    return std::chrono::duration_cast<std::chrono::milliseconds>(
        wall - (time_on_run_queue() - kept_waiting_));
}

}  // namespace patroni::testing
