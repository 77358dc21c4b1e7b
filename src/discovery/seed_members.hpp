#pragma once

#include "discovery/discover.hpp"

namespace patroni::discovery {

/// Asks the seeds in their order for `GET /cluster`; the first good answer names the members. A
/// seed of Patroni before 1.6.1 answers its own status: then it is the only member that is known.
Operation ask_seeds(transport::HttpClient& http, const Request& request,
                    Callback<void(Result<Discovery>)> done);

}  // namespace patroni::discovery
