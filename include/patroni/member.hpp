#pragma once

#include <patroni/callback.hpp>
#include <patroni/member_commands.hpp>
#include <patroni/member_queries.hpp>
#include <patroni/operation.hpp>
#include <patroni/reply.hpp>
#include <patroni/result.hpp>
#include <patroni/runtime.hpp>
#include <patroni/secret.hpp>
#include <patroni/tls_settings.hpp>
#include <patroni/url.hpp>
#include <patroni/version.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace patroni {

/// How a member is spoken to.
struct MemberOptions {
    /// `restapi.authentication`; sent with what changes something. Empty user: not sent.
    std::string user = {};
    Secret password = {};
    bool authenticate_reads = false;  ///< Send them with reads too, for a proxy that asks.
    TlsSettings tls = {};             ///< For a member that is reached by https.
    /// Called with one line for each step of each request; never holds a secret.
    std::function<void(std::string_view)> trace = {};
};

/// How one call is made.
struct CallOptions {
    /// For everything, from the first name lookup to the last byte; 0: `Capability::timeout` (and
    /// for a restart its own timeout on top).
    std::chrono::milliseconds timeout{0};
    /// Reads are tried so often within the timeout, 100 to 300 ms apart, when the member refuses or
    /// loses the connection. Writes are never repeated.
    int attempts = 1;
};

/// The REST API of one member, of any Patroni from 0.90 to 4.1.
///
///     patroni::Member member{"http://10.0.0.1:8008", {.user = "admin", .password = secret}};
///     auto status = member.call(patroni::GetStatus{}).data;                  // MemberStatus
///     auto outcome = member.call(patroni::Restart{.only_if_pending = true}).data;  // Outcome
///
/// The requests are the structs of member_queries.hpp and member_commands.hpp. One request is under
/// way at a time, over a connection of its own, as Patroni's few workers want it; the next one
/// waits. The member's version is learned when a request depends on it, or when it is seen.
///
/// Blocking calls run the member's own event loop on the calling thread; `start` needs a member
/// that was made on a Runtime. A member that owns its loop may be used by several threads (calls
/// wait for each other); one on a Runtime belongs to the Runtime's thread.
class Member {
public:
    /// `host[:port]` or URL, default port 8008. Throws Failure (config) when it is none.
    explicit Member(std::string_view url, MemberOptions options = {});
    /// On a loop of the caller's, which must outlive the member.
    Member(Runtime& runtime, Origin origin, MemberOptions options = {});
    ~Member();
    Member(Member&&) noexcept;
    Member& operator=(Member&&) noexcept;

    /// Throws Failure. For a write that means that nothing was done (`delivery` is not_sent):
    /// whatever may have reached the member is an Outcome. Failure (unsupported): this version
    /// cannot do it, nothing was sent.
    template <class Request>
    Reply<typename Request::Data> call(Request request, CallOptions options = {});

    /// The same with a callback, which is called once on the Runtime's thread, never from within
    /// this call; dropped when the member is destroyed first. Cancelling a write after it was sent
    /// gives an Outcome that is unknown. Without a Runtime: throws Failure (config).
    template <class Request>
    Operation start(Request request, CallOptions options,
                    Callback<void(Result<Reply<typename Request::Data>>)> done);

    const Origin& origin() const;
    /// What the member said last; nullopt until then, and after it went away.
    std::optional<Version> version() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace patroni
