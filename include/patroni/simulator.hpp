#pragma once

#include <patroni/url.hpp>
#include <patroni/value.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patroni {

/// The key-value stores that a Simulator plays, both at `Simulator::etcd()`. As in a real etcd 3.4
/// with `--enable-v2`, the two APIs see disjoint data.
enum class SimulatedStore { etcd2, etcd3 };

/// Synchronous replication of a simulated cluster (Patroni >= 4.1 here).
enum class SimulatedSync { off, sync, quorum };

/// One member of a SimulatedCluster: a name, or a name with tags.
struct SimulatedMember {
    SimulatedMember(const char* member_name) : name(member_name) {}
    SimulatedMember(std::string member_name, Value member_tags = {})
        : name(std::move(member_name)), tags(std::move(member_tags)) {}

    std::string name;
    Value tags;  ///< An object, or null.
};

/// What `Simulator::add_cluster` starts.
struct SimulatedCluster {
    std::string scope = "batman";
    /// "0.90" or "4.1.N": the versions whose answers were compared with recordings.
    std::string patroni_version = "4.1.4";
    /// The first one starts as the primary.
    std::vector<SimulatedMember> members = {"pg1", "pg2", "pg3"};
    /// nullopt: etcd2 for 0.90, etcd3 for the others, as in the recordings.
    std::optional<SimulatedStore> store = std::nullopt;
    std::string name_space = "service";  ///< First part of the keys.
    std::chrono::seconds ttl{30};        ///< How long the keys of a dead member stay.
};

/// What came in at one REST API; see `Simulator::traffic`.
struct SimulatedTraffic {
    std::size_t connections = 0;   ///< Accepted since the start.
    std::size_t open = 0;          ///< Open now.
    std::size_t open_at_most = 0;  ///< The most that were open at one time.
    std::size_t requests = 0;      ///< Complete requests, answered or not.
};

/// Patroni clusters and their etcd on loopback ports of this process, for tests of programs that
/// talk to Patroni: REST APIs that answer byte for byte as the real ones do (HTTP/1.0, no
/// Content-Length, one request for each connection), and an etcd with Patroni's and registrator's
/// keys.
///
///     patroni::Simulator sim;
///     sim.add_cluster({.scope = "batman", .patroni_version = "0.90"});
///     patroni::Client client{"http://" + sim.api("pg1").text()};
///     sim.kill("pg1");       // connections to its REST API are refused
///     sim.expire();          // its keys and the leader lock are gone
///     sim.promote("pg2");    // takes the lock, starts a new timeline, pg3 follows
///
/// There is no PostgreSQL: its ports are reserved and refuse connections. Time stands still for the
/// clusters unless `advance` moves it, and nothing fails over by itself. Members publish to the
/// store at once, not a loop later. Requests that would change something are refused with 401, as
/// by a server with `restapi.authentication`.
///
/// All functions may be called from any thread, and their effect is complete when they return.
/// A member is named by its name, or by "scope/name" where two clusters have one of that name; a
/// scope can be left out while there is one cluster. Unknown names throw std::invalid_argument,
/// what the real cluster could not do throws std::logic_error.
class Simulator {
public:
    Simulator();
    ~Simulator();  ///< Closes all connections and ends the thread.
    Simulator(const Simulator&) = delete;
    Simulator& operator=(const Simulator&) = delete;

    /// Starts a healthy cluster: one primary, the others stream from it. Throws
    /// std::invalid_argument for another Patroni version, a scope that exists, or no members.
    void add_cluster(SimulatedCluster options);
    /// Adds a member that is "creating replica"; `start` completes it. Not for 0.90.
    void add_member(SimulatedMember member, std::string_view scope = {});

    /// Where the member's REST API listens (or did, when it was killed).
    HostPort api(std::string_view member) const;
    /// The member's PostgreSQL address: nothing listens there.
    HostPort postgres(std::string_view member) const;
    /// Where etcd answers `/v2/keys/...` (GET), `/v3/kv/range` (POST) and `/version` (GET).
    HostPort etcd() const;
    /// Who holds the leader lock, dead or alive.
    std::optional<std::string> leader(std::string_view scope = {}) const;
    SimulatedTraffic traffic(std::string_view member) const;

    /// Patroni and PostgreSQL die at once: connections are reset, later ones refused. Keys and the
    /// leader lock stay until `expire` or until `advance` has passed the ttl.
    void kill(std::string_view member);
    /// Brings back a killed or stopped member. It leads again if it still holds the lock, follows
    /// if another member leads, and else waits as a replica.
    void start(std::string_view member);
    /// Makes a running replica the leader on a new timeline: a switchover when the leader lives
    /// (it becomes a replica), a failover when it does not (its keys expire).
    void promote(std::string_view member);
    /// Patroni's server accepts connections and does not answer, as with all its threads busy.
    /// Switched off again, it answers what has waited.
    void silence(std::string_view member, bool on = true);
    /// Stops PostgreSQL under a living Patroni. Only in maintenance: else Patroni starts it again.
    void stop_postgres(std::string_view member);

    /// Keeps a replica this far behind the primary, from now on; 0 lets it catch up. Positions
    /// never go back: where the distance is not there yet, the primary writes what is missing.
    /// Replay is behind by the larger of both numbers.
    void lag(std::string_view member, std::uint64_t receive_bytes, std::uint64_t replay_bytes = 0);
    /// As `pg_wal_replay_pause()`: the replica receives, but replays nothing.
    void pause_replay(std::string_view member, bool on = true);
    /// The primary writes so many bytes and commits; replicas follow as far as their lag allows.
    void write(std::uint64_t bytes, std::string_view scope = {});
    /// Sets `synchronous_mode`; the primary picks the standbys. Not for 0.90.
    void sync_mode(SimulatedSync mode, std::string_view scope = {});
    /// Maintenance mode (`patronictl pause` and `resume`). Not for 0.90.
    void maintenance(bool on = true, std::string_view scope = {});

    /// Lets time pass: dead members' keys are gone once their ttl has passed.
    void advance(std::chrono::seconds time);
    /// Lets the keys of all dead members expire now, and the locks that they hold.
    void expire();

    /// Writes what registrator would for the cluster's members, each in a container of its own:
    /// `/IMAGE-8008/HOST:CONTAINER:8008` and `/IMAGE-5432/HOST:CONTAINER:5432`, the container
    /// named as the member. They stay when a member dies.
    void register_in_etcd(std::string_view image, std::string_view scope = {});
    /// Writes or deletes any key, under or outside of a cluster. The simulated cluster writes a
    /// key again only when its content changes.
    void put(SimulatedStore store, std::string_view key, std::string_view value);
    void remove(SimulatedStore store, std::string_view key);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace patroni
