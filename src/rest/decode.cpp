#include "rest/decode.hpp"

#include "base/text.hpp"
#include "codec/member_status.hpp"
#include "codec/metrics_text.hpp"
#include "codec/rest_documents.hpp"

#include <patroni/capability.hpp>

#include <optional>
#include <string>
#include <utility>

namespace patroni::rest {
namespace {

constexpr std::size_t k_max_server_text = 200;

Error answered(ErrorKind kind, std::string message, const protocol::Response& response) {
    Error error;
    error.kind = kind;
    error.message = std::move(message);
    error.http_status = response.status;
    error.delivery = Delivery::answered;
    error.server_text = response.body.substr(0, k_max_server_text);
    return error;
}

Error not_known(const Capability& row, std::string_view version,
                const protocol::Response& response) {
    Error error = answered(ErrorKind::unsupported,
                           std::string(row.method).append(" ").append(row.path) +
                               " needs Patroni " + to_string(row.since) + " or later",
                           response);
    if (!version.empty()) {
        error.message += "; this is " + escape_untrusted(version, 40);
    }
    error.server_text.clear();
    return error;
}

/// Why an answer is not the one that was asked for. `decoding` says what its text is not.
Error refusal(std::string_view path, const protocol::Response& response, Error decoding = {}) {
    const std::string what = "GET " + std::string(path);
    const std::string status = std::to_string(response.status);
    if (response.status == 401 || response.status == 403) {
        return answered(ErrorKind::unauthorized, what + ": refused with HTTP " + status, response);
    }
    if (response.status >= 300 && response.status < 400) {
        Error error =
            answered(ErrorKind::http_status,
                     what + ": HTTP " + status +
                         ", and redirects are not followed: name the member's own address",
                     response);
        error.server_text = response.header("Location").value_or("").substr(0, k_max_server_text);
        return error;
    }
    if (const Capability* row = find_capability("GET", path); row && path != "/patroni") {
        if (response.status == 501) {
            return not_known(*row, {}, response);
        }
        // A path that it does not know is a health check for Patroni, and one that fails.
        if (response.status == 503) {
            if (const auto status_document = codec::decode_member_status(response.body)) {
                return not_known(*row, status_document->patroni_version, response);
            }
        }
    }
    if (response.status != 200) {
        return answered(ErrorKind::http_status,
                        what + ": HTTP " + status +
                            " without a Patroni document: is this the REST API of a Patroni?",
                        response);
    }
    decoding.message = what + ": the answer is not Patroni's (" + decoding.message + ")";
    Error error = answered(decoding.kind, decoding.message, response);
    return error;
}

/// A document that comes with 200 only.
template <class T>
Result<T> document(std::string_view path, const protocol::Response& response,
                   Result<T> (*decode_body)(std::string_view)) {
    if (response.status != 200) {
        return refusal(path, response);
    }
    auto decoded = decode_body(response.body);
    if (!decoded) {
        return refusal(path, response, std::move(decoded).error());
    }
    return decoded;
}

/// A key that the store does not have is 502 with a page of Python's server, which says no more.
std::optional<Error> missing_key(const char* message, const protocol::Response& response) {
    if (response.status != 502 || !response.header("Server") ||
        !response.header("Content-Length")) {
        return std::nullopt;
    }
    Error error = answered(ErrorKind::not_found, message, response);
    error.server_text.clear();
    return error;
}

Result<CheckLiveness::Data> bare_check(std::string_view path, const protocol::Response& response) {
    if (response.status != 200 && response.status != 503) {
        return refusal(path, response);
    }
    if (!response.body.empty()) {
        // Patroni < 2.0.0 takes the path for a health check, which a primary passes.
        if (const auto status = codec::decode_member_status(response.body)) {
            return not_known(*find_capability("GET", path), status->patroni_version, response);
        }
        Error decoding;
        decoding.kind = ErrorKind::decode;
        decoding.message = "a status without text was expected";
        return refusal(path, response, std::move(decoding));
    }
    return CheckLiveness::Data{response.status == 200};
}

}  // namespace

Result<MemberStatus> decode(const GetStatus&, const protocol::Response& response) {
    // Patroni answers 200; an answer with the document is one, whatever the status.
    auto status = codec::decode_member_status(response.body);
    if (!status) {
        return refusal("/patroni", response, std::move(status).error());
    }
    return status;
}

Result<ClusterOverview> decode(const GetCluster&, const protocol::Response& response) {
    return document("/cluster", response, &codec::decode_cluster_overview);
}

Result<History> decode(const GetHistory&, const protocol::Response& response) {
    return document("/history", response, &codec::decode_history);
}

Result<Value> decode(const GetConfig&, const protocol::Response& response) {
    if (auto missing = missing_key("the store has no dynamic configuration", response)) {
        return std::move(*missing);
    }
    return document("/config", response, &codec::decode_config);
}

Result<Metrics> decode(const GetMetrics&, const protocol::Response& response) {
    return document("/metrics", response, &codec::decode_metrics);
}

Result<GetFailsafe::Data> decode(const GetFailsafe&, const protocol::Response& response) {
    if (auto missing = missing_key("the store has no list of failsafe members", response)) {
        return std::move(*missing);
    }
    return document("/failsafe", response, &codec::decode_failsafe);
}

Result<CheckHealth::Data> decode(const CheckHealth& request, const protocol::Response& response) {
    const bool has_body = request.method == CheckHealth::Method::get;
    if (!has_body && response.status == 501) {
        const bool is_head = request.method == CheckHealth::Method::head;
        return not_known(*find_capability(is_head ? "HEAD" : "OPTIONS", "/"), {}, response);
    }
    if (response.status != 200 && response.status != 503) {
        return refusal(path_of(request.check), response);
    }
    CheckHealth::Data data{response.status == 200, std::nullopt};
    if (!has_body) {
        return data;
    }
    auto status = codec::decode_member_status(response.body);
    if (!status) {
        return refusal(path_of(request.check), response, std::move(status).error());
    }
    data.status = std::move(*status);
    const Capability* row = find_capability("GET", path_of(request.check));
    if (!data.healthy && data.status->version && !row->works_in(*data.status->version)) {
        return not_known(*row, data.status->patroni_version, response);
    }
    return data;
}

Result<CheckLiveness::Data> decode(const CheckLiveness&, const protocol::Response& response) {
    return bare_check("/liveness", response);
}

Result<CheckReadiness::Data> decode(const CheckReadiness&, const protocol::Response& response) {
    return bare_check("/readiness", response);
}

}  // namespace patroni::rest
