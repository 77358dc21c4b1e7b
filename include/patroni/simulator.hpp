#pragma once

#include <patroni/timestamp.hpp>
#include <patroni/url.hpp>
#include <patroni/value.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patroni {

/// The key-value stores that a Simulator plays, both at `Simulator::etcd()`. As in a real etcd 3.4
/// with `--enable-v2`, the two APIs see disjoint data.
enum class SimulatedStore { etcd2, etcd3 };

/// Synchronous replication of a simulated cluster; `quorum` since Patroni 4.0.
enum class SimulatedSync { off, sync, quorum };

/// One member of a SimulatedCluster: a name, or a name with tags.
struct SimulatedMember {
    SimulatedMember(const char* member_name) : name(member_name) {}
    SimulatedMember(std::string member_name, Value member_tags = {})
        : name(std::move(member_name)), tags(std::move(member_tags)) {}

    std::string name;
    /// An object, or null. `noloadbalance`, `nosync`, `replicatefrom` and (3.3) `nostream` act.
    Value tags;
};

/// How long a simulated PostgreSQL takes for each step, in simulated time.
struct SimulatedTimings {
    std::chrono::milliseconds stop{1000};
    std::chrono::milliseconds start{1000};
    std::chrono::milliseconds promotion{1000};  ///< Between the lock and the end of recovery.
    std::chrono::milliseconds connect{1000};    ///< A standby finds a new leader to stream from.
    std::chrono::milliseconds copy{5000};       ///< A replica is created.
};

/// What `Simulator::add_cluster` starts.
struct SimulatedCluster {
    std::string scope = "batman";
    /// A line ("0.90", "1.6", "2.1", "3.0", "3.3", "4.0", "4.1": its last version), or one of its
    /// versions; see `Simulator::versions` and `Simulator::is_verified`.
    std::string patroni_version = "4.1.4";
    /// The first one starts as the primary.
    std::vector<SimulatedMember> members = {"pg1", "pg2", "pg3"};
    /// nullopt: etcd2 for 0.90 and 1.6, which know no other, etcd3 for the later ones.
    std::optional<SimulatedStore> store = std::nullopt;
    /// Makes it a standby cluster (1.6 and later) of that server, which need not exist: the first
    /// member is the standby leader, and `write` is what comes from there.
    std::optional<HostPort> standby_of = std::nullopt;
    std::string name_space = "service";      ///< First part of the keys.
    std::chrono::seconds ttl{30};            ///< How long the keys of a dead member stay.
    std::chrono::seconds loop_wait{10};      ///< From one HA loop of a member to the next.
    std::chrono::seconds retry_timeout{10};  ///< How long members try to reach the store.
    /// Whether members take a free leader lock by themselves, and publish once a loop as real ones
    /// do. Without it they publish at once, and lead only when `promote` or a switchover asks for
    /// it. nullopt: with real time only.
    std::optional<bool> automatic_failover = std::nullopt;
    /// What calls that change something must show (basic authentication); no user: nothing.
    std::string rest_user = {};
    std::string rest_password = {};
    SimulatedTimings timings = {};
};

/// How time passes for simulated clusters: when `Simulator::advance` says so, or as it does.
enum class SimulatedTime { manual, real };

/// What came in at one REST API; see `Simulator::traffic`.
struct SimulatedTraffic {
    std::size_t connections = 0;   ///< Accepted since the start.
    std::size_t open = 0;          ///< Open now.
    std::size_t open_at_most = 0;  ///< The most that were open at one time.
    std::size_t requests = 0;      ///< Complete requests, answered or not.
    std::size_t unused = 0;        ///< Connections that ended before a complete request came.
};

/// What a simulated server does wrong, as data: made by the functions below, given to
/// `Simulator::fault`. It stays until it is replaced or cleared.
///
///     sim.fault("pg2", patroni::Fault::slow(1, std::chrono::milliseconds(50)));
///     sim.fault("pg3", patroni::Fault::truncate(400).on("/cluster"));
///     sim.clear_fault("pg2");
struct Fault {
    enum class Kind {
        refuse,               ///< Connections are refused, those that are open go on.
        silent,               ///< Requests are read and not answered until the fault is cleared.
        reset_on_accept,      ///< Reset before the request was read.
        reset_after_request,  ///< Reset in place of the answer.
        empty_reply,          ///< Closed in order, without a byte.
        slow,                 ///< `bytes` of the answer each `interval`.
        stall,                ///< `bytes` of the answer, then nothing more, connection open.
        truncate,             ///< `bytes` of the answer, then closed in order.
        reset_within,         ///< `bytes` of the answer, then reset.
        garbage,              ///< Bytes that are no HTTP, then closed.
        double_response,      ///< The answer twice.
        endless_head,         ///< A head that never ends.
        endless_body,         ///< A body that never ends.
        many_headers,         ///< The answer with `bytes` header lines more.
    };
    Kind kind = Kind::silent;
    std::size_t bytes = 0;
    std::chrono::milliseconds interval{0};
    /// Only requests whose target begins so are hit; empty: all. `refuse` and `reset_on_accept`
    /// come before any request: they hit all. With a blank it begins with the method.
    std::string path = {};
    /// How many requests are hit before all is well again; 0: all. Not for `refuse` and `silent`.
    std::size_t times = 0;

    static Fault refuse() { return {.kind = Kind::refuse}; }
    static Fault silent() { return {.kind = Kind::silent}; }
    static Fault reset_on_accept() { return {.kind = Kind::reset_on_accept}; }
    static Fault reset_after_request() { return {.kind = Kind::reset_after_request}; }
    static Fault empty_reply() { return {.kind = Kind::empty_reply}; }
    static Fault slow(std::size_t bytes, std::chrono::milliseconds interval) {
        return {.kind = Kind::slow, .bytes = bytes, .interval = interval};
    }
    static Fault stall(std::size_t after) { return {.kind = Kind::stall, .bytes = after}; }
    static Fault truncate(std::size_t after) { return {.kind = Kind::truncate, .bytes = after}; }
    static Fault reset_within(std::size_t after) {
        return {.kind = Kind::reset_within, .bytes = after};
    }
    static Fault garbage() { return {.kind = Kind::garbage}; }
    static Fault double_response() { return {.kind = Kind::double_response}; }
    static Fault endless_head() { return {.kind = Kind::endless_head}; }
    static Fault endless_body() { return {.kind = Kind::endless_body}; }
    static Fault many_headers(std::size_t lines = 10'000) {
        return {.kind = Kind::many_headers, .bytes = lines};
    }

    /// The same for requests to one path only: "/cluster", "/v3/kv", "PUT /v2/keys".
    Fault on(std::string_view target) const {
        Fault fault = *this;
        fault.path = target;
        return fault;
    }
    /// The same for one request. A reply that is lost after the write was carried out:
    /// `Fault::reset_after_request().on("/v3/kv/txn").once()`.
    Fault once() const {
        Fault fault = *this;
        fault.times = 1;
        return fault;
    }
};

/// The certificate that a simulated server shows, or `off` for plain HTTP (what a client with an
/// https URL then sees is a port without TLS).
enum class SimulatedTls {
    off,
    valid,       ///< For 127.0.0.1 and localhost, of `Simulator::ca_certificate`.
    expired,     ///< The same, since an hour.
    wrong_name,  ///< Of the same CA, for another host.
    unknown_ca,  ///< Of another CA.
};

/// Patroni clusters and their etcd on loopback ports of this process, for tests of programs that
/// talk to Patroni: REST APIs that answer byte for byte as the real ones do (HTTP/1.0, no
/// Content-Length, one request for each connection; from 3.3.9, 4.0.8 and 4.1.1 on five workers, so
/// that five silent connections stop everything), and an etcd to read, write and watch with
/// Patroni's and registrator's keys, each as that version of Patroni writes them; see `versions`
/// and `is_verified`.
///
///     patroni::Simulator sim;
///     sim.add_cluster({.scope = "batman", .patroni_version = "0.90"});
///     patroni::Client client{"http://" + sim.api("pg1").text()};
///     sim.kill("pg1");       // connections to its REST API are refused
///     sim.expire();          // its keys and the leader lock are gone
///     sim.promote("pg2");    // takes the lock, starts a new timeline, pg3 follows
///
/// There is no PostgreSQL: its ports are reserved and refuse connections. Time stands still for the
/// clusters unless `advance` moves it, and then nobody becomes the leader by itself, and members
/// publish to the store at once. With real time the clusters live: see
/// `SimulatedCluster::automatic_failover`.
///
///     patroni::Simulator sim{{.time = patroni::SimulatedTime::real, .time_scale = 20}};
///     sim.add_cluster({});
///     sim.kill("pg1");       // two seconds later another member leads
///
/// Requests that change something (switchover, restart, configuration, ...) are carried out and
/// answered when they are done: in manual time not before `advance` has let enough time pass.
///
/// All functions may be called from any thread, and their effect is complete when they return.
/// A member is named by its name, or by "scope/name" where two clusters have one of that name; a
/// scope can be left out while there is one cluster. Unknown names throw std::invalid_argument,
/// what the real cluster could not do throws std::logic_error.
class Simulator {
public:
    struct Options {
        SimulatedTime time = SimulatedTime::manual;
        double time_scale = 1;  ///< Simulated seconds in a real one, with real time.
    };

    Simulator();
    explicit Simulator(Options options);
    ~Simulator();  ///< Closes all connections and ends the thread.
    Simulator(const Simulator&) = delete;
    Simulator& operator=(const Simulator&) = delete;

    /// The lines of versions that it plays, the oldest first.
    static std::vector<std::string> versions();
    /// Whether the answers of a line's last version, or of exactly this version, were compared with
    /// recordings of real servers: not so for the other versions of a line, which follow Patroni's
    /// sources. Answers to what changes something were not compared for 2.1 and 3.0.
    static bool is_verified(std::string_view patroni_version);

    /// Starts a healthy cluster: one primary, the others stream from it. Throws
    /// std::invalid_argument for another Patroni version, a scope that exists, or no members.
    void add_cluster(SimulatedCluster options);
    /// Adds a member that is "creating replica"; `start` completes it. Not for 0.90.
    void add_member(SimulatedMember member, std::string_view scope = {});

    /// Where the member's REST API listens (or did, when it was killed).
    HostPort api(std::string_view member) const;
    /// The member's PostgreSQL address: nothing listens there.
    HostPort postgres(std::string_view member) const;
    /// Where etcd 3.4 answers: `/v2/keys`, `/v2/machines` and `/v2/members`; `/v3/` with keys,
    /// transactions, leases, watches, login and status; `/version` and `/health`. Members act upon
    /// what is written there as upon `put` and `remove`.
    HostPort etcd() const;
    /// Who holds the leader lock, dead or alive.
    std::optional<std::string> leader(std::string_view scope = {}) const;
    SimulatedTraffic traffic(std::string_view member) const;
    SimulatedTraffic etcd_traffic() const;

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

    /// What the member's REST API, or etcd, does wrong from the next connection or request on.
    void fault(std::string_view member, const Fault& fault);
    void fault_etcd(const Fault& fault);
    /// Well again; what was held back is answered.
    void clear_fault(std::string_view member);
    void clear_etcd_fault();
    /// TLS for new connections to a REST API, or to etcd; with faults inside of it. What members
    /// publish stays http: name them with https URLs.
    void tls(std::string_view member, SimulatedTls certificate);
    void tls_etcd(SimulatedTls certificate);
    /// PEM, for a file that `TlsSettings::ca_file` names.
    std::string ca_certificate() const;
    /// A name server (UDP) that takes every question and never answers.
    HostPort silent_name_server();

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
    /// Replaces the tags of a living member, as a reload of its configuration does.
    void tags(std::string_view member, Value tags);
    /// Maintenance mode (`patronictl pause` and `resume`). Not for 0.90.
    void maintenance(bool on = true, std::string_view scope = {});

    /// PostgreSQL dies under a living Patroni, which starts it again in its next loop.
    void crash_postgres(std::string_view member);
    /// PostgreSQL cannot start any more ("start failed"), until it is switched off.
    void fail_starts(std::string_view member, bool on = true);
    /// The member does not reach the store any more; its REST API and PostgreSQL are reached as
    /// before. A leader steps down when `retry_timeout` is over, unless failsafe mode keeps it.
    void partition(std::string_view member);
    void heal(std::string_view member);
    /// The member's HA loop hangs, or goes on: PostgreSQL and REST API work as before, but its keys
    /// expire, and `GET /liveness` answers 503 when the ttl (a replica: twice) is over. Nobody
    /// takes the lock of a primary that hangs, as long as it answers.
    void hang(std::string_view member, bool on = true);
    /// In the next so many writes that compare before they set (`PATCH /config`, `DELETE
    /// /switchover`), members find that somebody was faster: they answer 409.
    void conflict(unsigned times = 1, std::string_view scope = {});
    /// A parameter has changed that needs a restart. The next restart of PostgreSQL ends that.
    void pending_restart(std::string_view member, std::string_view parameter = "max_connections",
                         std::string_view old_value = "100", std::string_view new_value = "200");
    /// The lag of a replica grows by so many bytes in each second, or (negative) shrinks down to
    /// 0, which ends it. 0 keeps it as it is.
    void lag_rate(std::string_view member, std::int64_t bytes_per_second);

    /// Lets time pass, with all that happens in it: loops of the members, keys that expire,
    /// what switchovers and restarts take. In real time this comes on top.
    void advance(std::chrono::milliseconds time);
    /// From now on time passes by itself, so many seconds in a real one.
    void run_real_time(double scale = 1);
    /// Only `advance` moves the time again.
    void stop_time();
    /// The date and time of the clusters.
    WallTime now() const;
    /// Waits until the condition holds, and says whether it does. In real time `timeout` is real;
    /// in manual time it is simulated, and passes in steps of 100 ms.
    bool wait_until(const std::function<bool()>& condition,
                    std::chrono::milliseconds timeout = std::chrono::seconds(60));
    /// Lets the keys of all members expire now that do not renew them, and the locks they hold.
    void expire();

    /// Whether etcd has a quorum. Without one writes and quorum reads fail when seven seconds have
    /// passed, nothing expires, watches hear nothing (those with `Grpc-Metadata-hasleader` end
    /// after four seconds), and members lose their store as by `partition`. Regained, it has a new
    /// term, and leases start anew.
    void etcd_quorum(bool there);
    /// etcd 3 forgets all revisions before the present one, etcd 2 all events: who watches from an
    /// earlier one must read anew.
    void compact_etcd();
    /// From now on etcd asks for this user (v3: a token, v2: basic authentication), who may have
    /// the keys below the prefix, such as "/service/".
    void require_etcd_login(std::string_view user, std::string_view password,
                            std::string_view key_prefix = {});
    /// Tokens are not known any more: v3 clients have to log in again. Open watches go on.
    void forget_etcd_tokens();
    /// Resets the connections of all open watches. For other faults of a watch: `fault_etcd`, with
    /// `Fault::silent().on("/v3/watch")` also for those that are open.
    void cut_etcd_watches();

    /// Writes what registrator would for the cluster's members, each in a container of its own:
    /// `/IMAGE-8008/HOST:CONTAINER:8008` and `/IMAGE-5432/HOST:CONTAINER:5432`, the container
    /// named as the member. They stay when a member dies.
    void register_in_etcd(std::string_view image, std::string_view scope = {});
    /// Writes or deletes any key, under or outside of a cluster, as a client without a login. The
    /// simulated cluster writes a key again when its content changes, or is missing in the next
    /// loop of who keeps it. Throws std::logic_error without a quorum.
    void put(SimulatedStore store, std::string_view key, std::string_view value);
    void remove(SimulatedStore store, std::string_view key);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace patroni
