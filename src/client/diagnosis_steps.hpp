#pragma once

#include <patroni/diagnosis.hpp>

#include <string_view>
#include <vector>

namespace patroni {

/// The step at which a request failed, as its error tells.
std::string_view failed_step(const Error& error);

/// All steps: those before `failed` are ok, those behind it skipped; empty: all are ok. Without TLS
/// there is no step of it.
std::vector<DiagnosisStep> steps_until(std::string_view failed, bool tls);

/// What answers a question that only tells who it is.
struct Product {
    std::string name;     ///< Empty: something else.
    std::string version;  ///< Empty: it does not say.
};

/// The answer of an etcd to GET /version.
Product product_of_etcd(std::string_view body);
/// The answer of a Consul to GET /v1/agent/self; without the permission it has no version.
Product product_of_consul(int status, std::string_view body);

}  // namespace patroni
