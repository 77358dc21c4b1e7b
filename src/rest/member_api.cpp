#include "rest/member_api.hpp"

#include "codec/member_status.hpp"
#include "rest/decode.hpp"
#include "rest/encode.hpp"

namespace patroni::rest {
namespace {

template <class Request>
transport::Call call_for(const Request& request, const MemberAccess& access) {
    transport::Call call;
    call.origin = access.origin;
    call.request = encode(request, std::nullopt).value().request;
    call.deadlines = access.deadlines;
    call.tls = access.tls;
    call.idempotent = true;
    return call;
}

template <class T>
Result<T> at(const Origin& origin, Result<T> result) {
    if (!result) {
        result.error().endpoint = origin.text();
    }
    return result;
}

}  // namespace

Operation get_status(transport::HttpClient& http, const MemberAccess& access,
                     Callback<void(Result<MemberStatus>)> done) {
    return http.start(call_for(GetStatus{}, access),
                      [origin = access.origin,
                       done = std::move(done)](Result<protocol::Response> result) mutable {
                          if (!result) {
                              return done(std::move(result).error());
                          }
                          done(at(origin, decode(GetStatus{}, *result)));
                      });
}

Operation get_cluster(transport::HttpClient& http, const MemberAccess& access,
                      Callback<void(Result<ClusterAnswer>)> done) {
    return http.start(call_for(GetCluster{}, access),
                      [origin = access.origin,
                       done = std::move(done)](Result<protocol::Response> result) mutable {
                          if (!result) {
                              Error error = std::move(result).error();
                              if (error.kind == ErrorKind::reset) {
                                  error.message += "; a Patroni that cannot read its DCS does that";
                              }
                              return done(std::move(error));
                          }
                          auto overview = at(origin, decode(GetCluster{}, *result));
                          if (overview) {
                              return done(ClusterAnswer{std::move(*overview), std::nullopt});
                          }
                          // Before 1.6.1 the path is unknown, and an unknown path is a health
                          // check.
                          if (auto status = codec::decode_member_status(result->body)) {
                              return done(ClusterAnswer{std::nullopt, std::move(*status)});
                          }
                          done(std::move(overview).error());
                      });
}

Result<ClusterOverview> overview_of(Result<ClusterAnswer> answer) {
    if (!answer) {
        return std::move(answer).error();
    }
    if (answer->overview) {
        return std::move(*answer->overview);
    }
    Error error;
    error.kind = ErrorKind::unsupported;
    error.message = "this Patroni does not have it";
    error.delivery = Delivery::answered;
    return error;
}

}  // namespace patroni::rest
