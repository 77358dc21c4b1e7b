#pragma once

#include <patroni/error.hpp>
#include <patroni/result.hpp>
#include <patroni/seeds.hpp>
#include <patroni/url.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patroni {

/// One step on the way to an answer.
struct DiagnosisStep {
    enum class State {
        ok,
        failed,
        skipped,  ///< One before it failed, or it does not apply.
    };
    /// In this order: "name" (of the host), "tcp", "tls", "answer" (something that speaks the
    /// store's protocol), "auth", "read" (Patroni's keys, in a state that a quorum agrees on).
    std::string name;
    State state = State::skipped;
};

/// "ok", "failed", "skipped".
std::string_view to_string(DiagnosisStep::State state) noexcept;

/// How one endpoint of a store answers.
struct EndpointDiagnosis {
    Origin endpoint;
    std::vector<DiagnosisStep> steps;  ///< All six.
    std::optional<Error> error;        ///< Of the step that failed.
    std::string product;               ///< What answers: "etcd", "Consul"; empty: not known.
    std::string version;               ///< Untrusted; empty: not known.
    std::string store_id;              ///< etcd: its cluster id, untrusted; empty: not known.
    std::size_t keys = 0;              ///< How many were read.
};

/// What endpoints of a store are asked with.
struct DiagnosisOptions {
    std::chrono::milliseconds timeout{2500};  ///< For all of them together.
    /// Called with one line for each step of each request; never holds a secret.
    std::function<void(std::string_view)> trace = {};
};

/// Asks every endpoint of a store at once, each by itself: who it is, and for the keys of the scope
/// (without a scope: for a place in the namespace where none are). Endpoints that DNS or Exhibitor
/// names are found first; the Error is that of the search, or `config` for seeds that are no store.
/// Blocks for the timeout at most.
Result<std::vector<EndpointDiagnosis>> diagnose_endpoints(const Seeds& seeds,
                                                          DiagnosisOptions options = {});

}  // namespace patroni
