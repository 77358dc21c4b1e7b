#include "rest/member_api.hpp"

#include "codec/member_status.hpp"

namespace patroni::rest {
namespace {

transport::Call get(const MemberAccess& access, std::string target) {
    transport::Call call;
    call.origin = access.origin;
    call.request.target = std::move(target);
    call.request.headers.emplace_back("Accept", "application/json");
    call.deadlines = access.deadlines;
    call.tls = access.tls;
    call.idempotent = true;
    return call;
}

/// The error of an answer that is not the document asked for.
Error refusal(const protocol::Response& response, Error decoding, const Origin& origin,
              const char* what) {
    Error error = std::move(decoding);
    error.endpoint = origin.text();
    error.http_status = response.status;
    error.delivery = Delivery::answered;
    if (response.status == 401 || response.status == 403) {
        error.kind = ErrorKind::unauthorized;
        error.message =
            std::string(what) + ": refused with HTTP " + std::to_string(response.status);
    } else if (response.status != 200) {
        error.kind = ErrorKind::http_status;
        error.message = std::string(what) + ": HTTP " + std::to_string(response.status) +
                        " without a Patroni document: is this the REST API of a Patroni?";
    } else {
        error.message = std::string(what) + ": the answer is not Patroni's (" + error.message + ")";
    }
    error.server_text = response.body.substr(0, 200);
    return error;
}

}  // namespace

Operation get_status(transport::HttpClient& http, const MemberAccess& access,
                     Callback<void(Result<MemberStatus>)> done) {
    return http.start(get(access, "/patroni"), [origin = access.origin, done = std::move(done)](
                                                   Result<protocol::Response> result) mutable {
        if (!result) {
            return done(std::move(result).error());
        }
        auto status = codec::decode_member_status(result->body);
        if (!status) {
            return done(refusal(*result, std::move(status).error(), origin, "GET /patroni"));
        }
        done(std::move(status));
    });
}

Operation get_cluster(transport::HttpClient& http, const MemberAccess& access,
                      Callback<void(Result<ClusterAnswer>)> done) {
    return http.start(get(access, "/cluster"), [origin = access.origin, done = std::move(done)](
                                                   Result<protocol::Response> result) mutable {
        if (!result) {
            Error error = std::move(result).error();
            if (error.kind == ErrorKind::reset) {
                error.message += "; a Patroni that cannot read its DCS does that";
            }
            return done(std::move(error));
        }
        auto overview = codec::decode_cluster_overview(result->body);
        if (result->status == 200 && overview) {
            return done(ClusterAnswer{std::move(*overview), std::nullopt});
        }
        // Before 1.6.1 the path is unknown, and an unknown path is a health check.
        if (auto status = codec::decode_member_status(result->body)) {
            return done(ClusterAnswer{std::nullopt, std::move(*status)});
        }
        Error decoding = overview ? Error{} : std::move(overview).error();
        done(refusal(*result, std::move(decoding), origin, "GET /cluster"));
    });
}

}  // namespace patroni::rest
