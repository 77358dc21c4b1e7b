#pragma once

#include <patroni/diagnosis.hpp>
#include <patroni/error.hpp>
#include <patroni/seeds.hpp>

#include <string>

namespace patctl {

/// What to do about an endpoint of a store that failed. `place` is where it was configured.
std::string endpoint_advice(const patroni::EndpointDiagnosis& diagnosis,
                            const patroni::Seeds& seeds, const std::string& place,
                            const std::string& tls_advice);

/// What to do about a member that does not answer at the address it publishes.
std::string member_advice(const patroni::Error& error, const patroni::Origin& api);

}  // namespace patctl
