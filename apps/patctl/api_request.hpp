#pragma once

#include "patctl/options.hpp"

#include <patroni/member_queries.hpp>
#include <patroni/result.hpp>

namespace patctl {

/// The request of `api METHOD PATH [--data FILE]`; Error config.
patroni::Result<patroni::RawRequest> request_of(const Options& options);

/// What the cluster as a whole is asked or told: whichever member hears it.
bool is_of_cluster(const patroni::RawRequest& request);

}  // namespace patctl
