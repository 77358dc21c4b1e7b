#include "base/percent.hpp"
#include "base/text.hpp"
#include "rest/encode.hpp"
#include "rest/gate.hpp"

#include <algorithm>

namespace patroni::rest {
namespace {

void add_parameter(std::string& target, std::string_view name, std::string_view value) {
    target += target.find('?') == std::string::npos ? '?' : '&';
    target.append(percent_encode_query(name)).append("=").append(percent_encode_query(value));
}

/// The row of what Patroni does with a target: beside the paths of health checks it looks at the
/// first part of the path alone, so that `/restart/x` and `//restart` restart.
const Capability* row_of_target(std::string_view method, std::string_view target) {
    const std::string_view path = target.substr(0, target.find('?'));
    if (const Capability* row = find_capability(method, path)) {
        return row;
    }
    const auto begin = path.find_first_not_of('/');
    if (begin == std::string_view::npos) {
        return nullptr;
    }
    const std::string_view part = path.substr(begin, path.find('/', begin) - begin);
    const Capability* row = find_capability(method, "/" + std::string(part));
    return row != nullptr && row->is_health_check() ? nullptr : row;
}

/// A target with a query; refused for a server that would ignore a parameter.
class QueryText {
public:
    QueryText(Result<Encoded> encoded, const KnownVersion& version)
        : encoded_(std::move(encoded)), version_(version) {}

    void add(std::string_view name, std::string_view value, const Version& since) {
        if (!encoded_) {
            return;
        }
        if (auto refusal = refuse_before(since, version_, "the parameter " + std::string(name))) {
            encoded_ = std::move(*refusal);
            return;
        }
        add_parameter(encoded_->request.target, name, value);
    }
    Result<Encoded> take() { return std::move(encoded_); }

private:
    Result<Encoded> encoded_;
    const KnownVersion& version_;
};

}  // namespace

Result<Encoded> encode(const GetStatus&, const KnownVersion& version) {
    return encode_plain("GET", "/patroni", version);
}
Result<Encoded> encode(const GetCluster&, const KnownVersion& version) {
    return encode_plain("GET", "/cluster", version);
}
Result<Encoded> encode(const GetHistory&, const KnownVersion& version) {
    return encode_plain("GET", "/history", version);
}
Result<Encoded> encode(const GetConfig&, const KnownVersion& version) {
    return encode_plain("GET", "/config", version);
}
Result<Encoded> encode(const GetMetrics&, const KnownVersion& version) {
    return encode_plain("GET", "/metrics", version);
}
Result<Encoded> encode(const GetFailsafe&, const KnownVersion& version) {
    return encode_plain("GET", "/failsafe", version);
}
Result<Encoded> encode(const CheckLiveness&, const KnownVersion& version) {
    return encode_plain("GET", "/liveness", version);
}

Result<Encoded> encode(const CheckHealth& request, const KnownVersion& version) {
    auto encoded = encode_plain("GET", path_of(request.check), version);
    if (encoded && request.method != CheckHealth::Method::get) {
        const bool is_head = request.method == CheckHealth::Method::head;
        auto bare = encode_plain(is_head ? "HEAD" : "OPTIONS", "/", version);
        if (bare) {
            bare->request.target = path_of(request.check);
        }
        encoded = std::move(bare);
    }
    QueryText query(std::move(encoded), version);
    if (request.max_lag_bytes) {
        // Anything but a plain number is misread or ignored by some version.
        query.add("lag", std::to_string(*request.max_lag_bytes), {2, 0, 0});
    }
    for (const auto& [name, value] : request.tags) {
        if (name.empty() || value.empty()) {
            return refuse(ErrorKind::config,
                          "a tag needs a name and a value: Patroni ignores empty ones");
        }
        query.add("tag_" + name, value, {2, 1, 0});
    }
    return query.take();
}

Result<Encoded> encode(const CheckReadiness& request, const KnownVersion& version) {
    QueryText query(encode_plain("GET", "/readiness", version), version);
    if (request.max_lag_bytes) {
        query.add("lag", std::to_string(*request.max_lag_bytes), {4, 1, 0});
    }
    if (request.mode == CheckReadiness::Mode::write) {
        query.add("mode", "write", {4, 1, 0});
    }
    return query.take();
}

Result<Encoded> encode(const RawRequest& request, const KnownVersion&) {
    if (request.is_read() && !request.body.empty()) {
        return refuse(ErrorKind::config, request.method + " takes no body");
    }
    Encoded encoded;
    encoded.capability = row_of_target(request.method, request.target);
    encoded.request.method = request.method;
    encoded.request.target = request.target;
    encoded.request.body = request.body;
    encoded.request.headers = request.headers;
    const bool has_type = std::ranges::any_of(request.headers, [](const auto& header) {
        return equals_ignoring_case(header.first, "Content-Type");
    });
    if (!request.body.empty() && !has_type) {
        encoded.request.headers.emplace_back("Content-Type", "application/json");
    }
    return encoded;
}

bool needs_version(const CheckHealth& request) {
    // Before their time these are answered as the check that their name contains.
    return request.max_lag_bytes || !request.tags.empty() ||
           request.method != CheckHealth::Method::get || request.check == HealthCheck::leader ||
           request.check == HealthCheck::standby_leader ||
           request.check == HealthCheck::read_only_sync ||
           request.check == HealthCheck::read_only_quorum;
}

bool needs_version(const CheckReadiness& request) {
    return request.max_lag_bytes || request.mode != CheckReadiness::Mode::apply;
}

bool needs_version(const RawRequest&) {
    return false;
}

}  // namespace patroni::rest
