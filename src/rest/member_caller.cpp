#include "rest/member_caller.hpp"

#include "base/base64.hpp"

namespace patroni::rest {
namespace {

constexpr std::size_t k_max_target = 200;  // In a message.

bool is_gone(const Error& error) {
    return error.kind == ErrorKind::connect_refused || error.kind == ErrorKind::unreachable ||
           error.kind == ErrorKind::reset;
}

bool wants_credentials(const Encoded& encoded, const Credentials& credentials) {
    if (credentials.user.empty()) {
        return false;
    }
    const bool is_protected = encoded.capability != nullptr
                                  ? encoded.capability->access == Access::authorized
                                  : !RawRequest{.method = encoded.request.method}.is_read();
    return is_protected || credentials.for_reads;
}

}  // namespace

MemberCaller::MemberCaller(transport::HttpClient& http, Origin origin,
                           std::shared_ptr<const transport::TlsSettings> tls,
                           Credentials credentials)
    : state_(std::make_shared<State>(
          State{http, std::move(origin), std::move(tls), std::move(credentials), std::nullopt})) {}

Operation MemberCaller::State::send(const std::shared_ptr<State>& state, Encoded encoded,
                                    transport::SteadyTime deadline, Answer done) {
    transport::Call call;
    call.origin = state->origin;
    call.deadlines.total = deadline;
    call.tls = state->tls;
    if (wants_credentials(encoded, state->credentials)) {
        encoded.request.headers.emplace_back(
            "Authorization", "Basic " + encode_base64(state->credentials.user + ':' +
                                                      state->credentials.password.reveal()));
    }
    call.request = std::move(encoded.request);
    return state->http.start(std::move(call), [state, done = std::move(done)](
                                                  Result<protocol::Response> result) mutable {
        if (!result && is_gone(result.error())) {
            state->version.reset();
        }
        done(std::move(result));
    });
}

Operation MemberCaller::State::learn(const std::shared_ptr<State>& state,
                                     transport::SteadyTime deadline,
                                     Callback<void(std::optional<Error>)> done) {
    auto encoded = encode(GetStatus{}, std::nullopt);
    const auto fail = [sent = sent_now(encoded->request)](const std::shared_ptr<State>& asked,
                                                          Error error) {
        error = asked->described(std::move(error), sent);
        error.message = "the member must say its version first: " + error.message;
        error.delivery = Delivery::not_sent;  // Of what was to follow.
        return error;
    };
    return send(state, *std::move(encoded), deadline,
                [state, fail, done = std::move(done)](Result<protocol::Response> result) mutable {
                    if (!result) {
                        return done(fail(state, std::move(result).error()));
                    }
                    auto status = decode(GetStatus{}, *result);
                    if (!status) {
                        return done(fail(state, std::move(status).error()));
                    }
                    if (!status->version) {
                        Error error;
                        error.kind = ErrorKind::decode;
                        error.message = "it does not say one that can be read";
                        return done(fail(state, std::move(error)));
                    }
                    state->notice(*status);
                    done(std::nullopt);
                });
}

Result<RawRequest::Data> MemberCaller::judged(const RawRequest& request, const Capability* row,
                                              const protocol::Response& response) {
    RawRequest::Data data;
    if (!request.is_read()) {
        data.outcome =
            row != nullptr ? judge(*row, response) : judge_unlisted(request.method, response);
    }
    return data;
}

Outcome MemberCaller::judged_without_answer(const Capability* row, Error error) {
    Capability unlisted;
    unlisted.idempotent = false;
    return judge(row != nullptr ? *row : unlisted, std::move(error));
}

MemberCaller::Sent MemberCaller::sent_now(const protocol::Request& request) {
    return {request.method + ' ' + request.target.substr(0, k_max_target)};
}

Error MemberCaller::State::described(Error error, const Sent& sent) const {
    const auto elapsed = std::chrono::round<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - sent.begun);
    if (!error.message.starts_with(sent.call)) {
        error.message = sent.call + ": " + error.message;
    }
    error.message += " (after " + std::to_string(elapsed.count()) + " ms)";
    return located(std::move(error));
}

Error MemberCaller::State::located(Error error) const {
    if (error.endpoint.empty()) {
        error.endpoint = origin.text();
    }
    return error;
}

}  // namespace patroni::rest
