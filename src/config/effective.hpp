#pragma once

#include "config/layer.hpp"

#include <patroni/result.hpp>

namespace patroni::config {

/// Makes of what was configured what is in effect for a client, as Patroni does: ttl, loop_wait and
/// retry_timeout are 30, 10 and 10; an empty value of the first level is {}; `citus` needs an
/// integer `group` and a text `database` (else it is dropped, and an Error for patctl);
/// `zookeeper.exhibitor` is `exhibitor`; `ctl.auth` and `restapi.auth` are "username:password" of
/// their `authentication`, which is wrong without one of the two.
Result<Layer> make_effective(Layer local, Dialect dialect);

}  // namespace patroni::config
