#include "client/diagnosis_steps.hpp"

#include "codec/fields.hpp"
#include "codec/json.hpp"

#include <array>

namespace patroni {
namespace {

constexpr std::array<std::string_view, 6> k_steps = {"name",   "tcp",  "tls",
                                                     "answer", "auth", "read"};

/// A limit in time that passed: the name, the connection, the handshake or the answer? The words
/// are the transport's own.
std::string_view step_of_timeout(const Error& error) {
    if (error.delivery != Delivery::not_sent) {
        return "answer";
    }
    if (error.message.find("was not resolved") != std::string::npos) {
        return "name";
    }
    return error.message.find("no TLS handshake") != std::string::npos ? "tls" : "tcp";
}

}  // namespace

std::string_view to_string(DiagnosisStep::State state) noexcept {
    switch (state) {
        case DiagnosisStep::State::ok:
            return "ok";
        case DiagnosisStep::State::failed:
            return "failed";
        case DiagnosisStep::State::skipped:
            return "skipped";
    }
    return "";
}

std::string_view failed_step(const Error& error) {
    switch (error.kind) {
        case ErrorKind::resolve:
            return "name";
        case ErrorKind::connect_refused:
        case ErrorKind::unreachable:
            return "tcp";
        case ErrorKind::timeout:
            return step_of_timeout(error);
        case ErrorKind::tls:
        case ErrorKind::config:  // A file of a certificate.
            return error.delivery == Delivery::answered ? "read" : "tls";
        case ErrorKind::reset:
        case ErrorKind::protocol:
        case ErrorKind::decode:
        case ErrorKind::unsupported:
            return "answer";
        case ErrorKind::unauthorized:
            // Who may not read was known.
            return error.http_status == 403 ? "read" : "auth";
        default:
            return "read";
    }
}

std::vector<DiagnosisStep> steps_until(std::string_view failed, bool tls) {
    using State = DiagnosisStep::State;
    std::vector<DiagnosisStep> steps;
    State state = State::ok;
    for (const auto name : k_steps) {
        DiagnosisStep step{std::string(name), name == "tls" && !tls ? State::skipped : state};
        if (name == failed) {
            step.state = State::failed;
            state = State::skipped;
        }
        steps.push_back(std::move(step));
    }
    return steps;
}

Product product_of_etcd(std::string_view body) {
    const auto document = codec::parse_json(body);
    const std::string* version = document ? codec::find_text(*document, "etcdserver") : nullptr;
    return version != nullptr ? Product{"etcd", *version} : Product{};
}

Product product_of_consul(int status, std::string_view body) {
    const auto document = codec::parse_json(body);
    const Value* config = document ? document->find("Config") : nullptr;
    const std::string* version = config != nullptr ? codec::find_text(*config, "Version") : nullptr;
    if (version != nullptr) {
        return {"Consul", *version};
    }
    const bool is_refusal = status == 403 && (body.starts_with("Permission denied") ||
                                              body.starts_with("ACL not found"));
    return is_refusal ? Product{"Consul", ""} : Product{};
}

}  // namespace patroni
