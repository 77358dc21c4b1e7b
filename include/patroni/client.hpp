#pragma once

#include <patroni/callback.hpp>
#include <patroni/discovery.hpp>
#include <patroni/operation.hpp>
#include <patroni/result.hpp>
#include <patroni/runtime.hpp>
#include <patroni/seeds.hpp>
#include <patroni/status.hpp>
#include <patroni/tls_settings.hpp>
#include <patroni/writable_primary.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

namespace patroni {

/// What a Client may be told beyond its seeds.
struct ClientOptions {
    /// For members that are reached by https.
    TlsSettings member_tls;
    /// Connections in all; one member or store endpoint never gets more than one at a time.
    std::size_t max_connections = 256;
    /// Called with one line for each step of each request; never holds a secret.
    std::function<void(std::string_view)> trace;
    /// Called once when an answer takes longer than `waiting_after`: with the names of the members,
    /// or the endpoint of the source, that are waited for.
    std::function<void(const std::vector<std::string>&)> on_waiting;
    std::chrono::milliseconds waiting_after{300};
};

/// Finds the members of PostgreSQL clusters under Patroni and asks them how they are.
///
///     patroni::Client client{"http://10.0.0.1:8008"};
///     patroni::StatusReport report = client.status(std::chrono::seconds(2));
///
/// Blocking functions run the client's own event loop on the calling thread; `start_` functions
/// need a client that was made on a Runtime. A client that owns its loop may be used by several
/// threads (calls wait for each other); one on a Runtime belongs to the Runtime's thread.
///
/// Out of file descriptors: Failure (limit), or `limit` at the members that got none. Out of
/// memory: std::bad_alloc comes out of a blocking function, which can be called again.
class Client {
public:
    /// REST URLs, comma-separated: `Seeds::api`. Throws Failure (config) when they are none.
    explicit Client(std::string_view seed_urls, ClientOptions options = {});
    explicit Client(Seeds seeds, ClientOptions options = {});
    /// On a loop of the caller's, which must outlive the client.
    Client(Runtime& runtime, Seeds seeds, ClientOptions options = {});
    ~Client();
    Client(Client&&) noexcept;
    Client& operator=(Client&&) noexcept;

    /// Lists the members' REST APIs without asking them (a seed answers `GET /cluster`).
    /// Throws Failure when the source cannot be read: resolve connect_refused unreachable timeout
    /// reset tls protocol decode unauthorized not_found unsupported limit config.
    Discovery discover(std::chrono::milliseconds timeout = std::chrono::milliseconds(2500));

    /// Discovers, asks every member concurrently (`GET /patroni`, and `GET /cluster` once for each
    /// cluster that no store describes) and judges. A member that does not answer is a row with
    /// its error. Throws as `discover`; takes at most `timeout`.
    StatusReport status(std::chrono::milliseconds timeout = std::chrono::milliseconds(2500));

    /// The member of the cluster `scope` (empty: of the only one) that takes writes, with the
    /// evidence. Asks again, at most every 150 ms, until there is one or `timeout` has passed: a
    /// switchover or failover under way is waited for. Does not wait for silent members once the
    /// primary and its lock are known.
    /// Throws Failure: as `discover`; not_found (nobody leads, or a standby cluster) and conflict
    /// (several primaries, and the lock does not decide) name every member with its reason; config
    /// when the source has several clusters and no scope was given.
    WritablePrimary writable_primary(
        std::chrono::milliseconds timeout = std::chrono::milliseconds(10'000),
        std::string_view scope = {});

    /// The same with a callback, which is called once on the Runtime's thread, never from within
    /// these calls. The client must live until then, or until it was cancelled; when the client is
    /// destroyed first, the callback is dropped. Without a Runtime: Failure (config).
    Operation start_discover(std::chrono::milliseconds timeout,
                             Callback<void(Result<Discovery>)> done);
    Operation start_status(std::chrono::milliseconds timeout,
                           Callback<void(Result<StatusReport>)> done);
    Operation start_writable_primary(std::chrono::milliseconds timeout, std::string_view scope,
                                     Callback<void(Result<WritablePrimary>)> done);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace patroni
