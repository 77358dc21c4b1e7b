#pragma once

#include "transport/http_client.hpp"

#include <patroni/callback.hpp>
#include <patroni/operation.hpp>
#include <patroni/result.hpp>
#include <patroni/seeds.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace patroni::dcs {

/// Whether the endpoints of a store are not known before somebody is asked for them.
bool must_find_endpoints(const Seeds& seeds);

/// The first endpoint for a message, or who is asked for it: "http://h:2379", "SRV records of D".
std::string first_endpoint(const Seeds& seeds);

/// Asks DNS (`srv_domain`) or Exhibitor (`exhibitors`) where the store is. When they know nothing,
/// it is the endpoints that the seeds name, if any; else the Error says what was asked.
Operation find_endpoints(transport::HttpClient& http, const Seeds& seeds,
                         transport::SteadyTime deadline,
                         Callback<void(Result<std::vector<Origin>>)> done);

/// What is asked of DNS, in the order in which answers count: "_etcd-client-ssl._tcp.DOMAIN", ...
std::vector<std::string> srv_names(const Seeds& seeds);

/// `clientURLs` of the list that an etcd gives on its peer port. Empty: it is no such list.
std::vector<Origin> client_urls(std::string_view body);

/// What Exhibitor's cluster list names: {"servers":["zk1"],"port":2181}. Empty: it is no such list.
std::vector<Origin> exhibited(std::string_view body, bool tls);

}  // namespace patroni::dcs
