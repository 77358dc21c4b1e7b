#pragma once

#include <patroni/client.hpp>
#include <patroni/simulator.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace patroni::testing {

/// Two simulated clusters with all sources that lead to them: "batman" has its keys in etcd v3,
/// "robin" in etcd v2 and in registrator's tree.
class FaultLab {
public:
    FaultLab();

    Simulator sim;

    Seeds seeds(Seeds::Kind kind);
    /// The scope that these seeds lead to.
    static std::string scope_of(Seeds::Kind kind);
    /// "batman/pg2": the member as those seeds lead to it.
    static std::string member(Seeds::Kind kind, const std::string& name) {
        return scope_of(kind) + "/" + name;
    }
    /// Every fault away.
    void heal();
    /// Waits until the servers saw all connections end; false when one stays open.
    bool all_connections_ended();
    /// The same for the members alone: a store's connection is kept for the next call.
    bool only_etcd_is_connected();

private:
    std::size_t open_at_members();
};

/// Open descriptors of this process.
std::size_t open_descriptors();

/// How long something took on the calling thread, without the time in which the thread could have
/// run and the machine gave the processor to others: what remains is the program's own doing.
class LoopTime {
public:
    LoopTime();
    std::chrono::milliseconds elapsed() const;

private:
    std::chrono::steady_clock::time_point started_;
    std::chrono::nanoseconds kept_waiting_;
};

/// The failure that the blocking call throws; nullopt when it throws none.
template <class Call>
std::optional<Error> thrown_by(Call call) {
    try {
        call();
    } catch (const Failure& failure) {
        return failure.error();
    }
    return std::nullopt;
}

}  // namespace patroni::testing
