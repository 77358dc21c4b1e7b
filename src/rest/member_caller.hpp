#pragma once

#include "rest/decode.hpp"
#include "rest/encode.hpp"
#include "rest/outcome.hpp"
#include "transport/http_client.hpp"

#include <patroni/reply.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace patroni::rest {

/// User and password of `restapi.authentication`; no user: none are sent.
struct Credentials {
    std::string user;
    Secret password;
    bool for_reads =
        false;  ///< Patroni asks for them on writes only; a proxy may want them always.
};

template <class Request>
constexpr bool is_write = std::is_same_v<typename Request::Data, Outcome>;

/// Whether the request may change something: then it is sent once, and what may have reached the
/// member has an Outcome.
template <class Request>
bool may_change(const Request&) {
    return is_write<Request>;
}
inline bool may_change(const RawRequest& request) {
    return !request.is_read();
}

/// Asks and tells one member, and remembers the version that it said. On the thread of the
/// HttpClient, which outlives it; what is under way outlives the caller.
class MemberCaller {
public:
    MemberCaller(transport::HttpClient& http, Origin origin,
                 std::shared_ptr<const transport::TlsSettings> tls, Credentials credentials);

    template <class Request>
    using Done = Callback<void(Result<Reply<typename Request::Data>>)>;

    /// Learns the version first where the request depends on it. `done` is called once, maybe from
    /// within this call. A write is an Error only if it certainly was not sent.
    template <class Request>
    Operation start(Request request, transport::SteadyTime deadline, Done<Request> done);

    /// Forgotten when the member refuses a connection or does not know a call of that version: it
    /// may have become another one.
    const KnownVersion& version() const { return state_->version; }
    const Origin& origin() const { return state_->origin; }

private:
    /// What went to the member, for those who read of its failure.
    struct Sent {
        std::string call;  ///< "GET /config"
        std::chrono::steady_clock::time_point begun = std::chrono::steady_clock::now();
    };
    static Sent sent_now(const protocol::Request& request);

    struct State {
        using Answer = Callback<void(Result<protocol::Response>)>;

        /// Adds credentials and forgets the version of a member that went away.
        static Operation send(const std::shared_ptr<State>& state, Encoded encoded,
                              transport::SteadyTime deadline, Answer done);
        /// GET /patroni for its version; the Error says that it was needed.
        static Operation learn(const std::shared_ptr<State>& state, transport::SteadyTime deadline,
                               Callback<void(std::optional<Error>)> done);
        void notice(const MemberStatus& status) { version = status.version; }
        void notice(const CheckHealth::Data& data) {
            if (data.status) {
                notice(*data.status);
            }
        }
        template <class Data>
        void notice(const Data&) {}
        Error located(Error error) const;
        /// An error of what was sent: with its call and how long it took, for one line that says
        /// all.
        Error described(Error error, const Sent& sent) const;

        transport::HttpClient& http;
        Origin origin;
        std::shared_ptr<const transport::TlsSettings> tls;
        Credentials credentials;
        KnownVersion version;
    };

    template <class Request>
    static Result<Reply<typename Request::Data>> read(State& state, const Request& request,
                                                      const Capability* row, const Sent& sent,
                                                      Result<protocol::Response> result);
    /// What `response`, or its absence, means; an Error only for a question.
    template <class Request>
    static Result<typename Request::Data> judged(const Request& request, const Capability* row,
                                                 const protocol::Response& response);
    static Result<RawRequest::Data> judged(const RawRequest& request, const Capability* row,
                                           const protocol::Response& response);
    static Outcome judged_without_answer(const Capability* row, Error error);
    static void put(Outcome& data, Outcome outcome) { data = std::move(outcome); }
    static void put(RawRequest::Data& data, Outcome outcome) { data.outcome = std::move(outcome); }
    template <class Data>
    static void put(Data&, Outcome) {}
    static const Outcome* outcome_of(const Outcome& data) { return &data; }
    static const Outcome* outcome_of(const RawRequest::Data& data) {
        return data.outcome ? &*data.outcome : nullptr;
    }
    template <class Data>
    static const Outcome* outcome_of(const Data&) {
        return nullptr;
    }
    template <class Request>
    static void go(const std::shared_ptr<State>& state, const std::shared_ptr<Operation>& step,
                   Request request, transport::SteadyTime deadline, Done<Request> done);

    std::shared_ptr<State> state_;
};

/// How long the call may take when nobody says: what the table says, and the time that a restart
/// may take.
template <class Request>
std::chrono::milliseconds default_timeout(const Request& request) {
    const auto encoded = encode(request, std::nullopt);
    auto timeout = encoded && encoded->capability ? encoded->capability->timeout
                                                  : std::chrono::milliseconds(10'000);
    if constexpr (std::is_same_v<Request, Restart>) {
        timeout += request.timeout.value_or(std::chrono::seconds(0));
    }
    return timeout;
}

// ---------------------------------------------------------------------------------------------

template <class Request>
Operation MemberCaller::start(Request request, transport::SteadyTime deadline, Done<Request> done) {
    const auto step = std::make_shared<Operation>();
    if (needs_version(request) && !state_->version) {
        *step = State::learn(state_, deadline,
                             [state = state_, step, request = std::move(request), deadline,
                              done = std::move(done)](std::optional<Error> error) mutable {
                                 if (error) {
                                     return done(std::move(*error));
                                 }
                                 go(state, step, std::move(request), deadline, std::move(done));
                             });
    } else {
        go(state_, step, std::move(request), deadline, std::move(done));
    }
    return Operation([step] { step->cancel(); });
}

template <class Request>
void MemberCaller::go(const std::shared_ptr<State>& state, const std::shared_ptr<Operation>& step,
                      Request request, transport::SteadyTime deadline, Done<Request> done) {
    auto encoded = encode(request, state->version);
    if (!encoded) {
        return done(state->located(std::move(encoded).error()));
    }
    const Capability* row = encoded->capability;
    auto sent = sent_now(encoded->request);
    *step = State::send(state, *std::move(encoded), deadline,
                        [state, row, sent = std::move(sent), request = std::move(request),
                         done = std::move(done)](Result<protocol::Response> result) mutable {
                            auto reply = read(*state, request, row, sent, std::move(result));
                            if (reply) {
                                reply->elapsed =
                                    std::chrono::duration_cast<std::chrono::microseconds>(
                                        std::chrono::steady_clock::now() - sent.begun);
                            }
                            done(std::move(reply));
                        });
}

template <class Request>
Result<typename Request::Data> MemberCaller::judged(const Request& request, const Capability* row,
                                                    const protocol::Response& response) {
    if constexpr (is_write<Request>) {
        return judge(*row, response);
    } else {
        return decode(request, response);
    }
}

template <class Request>
Result<Reply<typename Request::Data>> MemberCaller::read(State& state, const Request& request,
                                                         const Capability* row, const Sent& sent,
                                                         Result<protocol::Response> result) {
    Reply<typename Request::Data> reply;
    if (!result) {
        if (!may_change(request) || result.error().delivery == Delivery::not_sent) {
            return state.described(std::move(result).error(), sent);
        }
        put(reply.data,
            judged_without_answer(row, state.described(std::move(result).error(), sent)));
        return reply;
    }
    auto data = judged(request, row, *result);
    if (!data) {
        if (data.error().kind == ErrorKind::unsupported) {
            state.version.reset();
        }
        return state.described(std::move(data).error(), sent);
    }
    reply.data = *std::move(data);
    if (const Outcome* outcome = outcome_of(reply.data)) {
        if (outcome->kind == OutcomeKind::unsupported) {
            state.version.reset();
        }
    }
    state.notice(reply.data);
    reply.status = result->status;
    reply.headers = std::move(result->headers);
    reply.body = std::move(result->body);
    return reply;
}

}  // namespace patroni::rest
