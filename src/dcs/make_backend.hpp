#pragma once

#include "dcs/backend.hpp"

#include <patroni/result.hpp>
#include <patroni/seeds.hpp>

#include <memory>

namespace patroni::dcs {

/// The store that seeds name, of a kind for which is_store() holds. `http` lends its loop, names,
/// TLS contexts and trace to stores that do not speak HTTP, too, and outlives the backend.
/// Error `unsupported`: not by this build; `config`: the seeds cannot be used.
Result<std::shared_ptr<Backend>> make_backend(transport::HttpClient& http, const Seeds& seeds);

}  // namespace patroni::dcs
