#pragma once

#include "config/layer.hpp"

#include <patroni/result.hpp>

#include <string>

namespace patroni::config {

/// Reads `[SCHEME://]HOST[:PORT][/NAMESPACE]` into the section of a store that Patroni makes of it
/// (without a scheme that of the port, else `etcd`), and the namespace, if it names one. Error
/// `config` with Patroni's text for an unknown scheme. patctl takes a user and a password, too,
/// which Patroni drops. `place`: the option or variable that it comes from.
Result<Layer> read_dcs_url(const std::string& url, const Place& place, Dialect dialect);

/// Puts the store of a URL in the place of all that a URL can name.
void apply_dcs_url(const Layer& store, Layer& configuration);

}  // namespace patroni::config
