#pragma once

#include "config/section.hpp"
#include "config/settings.hpp"

namespace patroni::config {

// What each store's section says, in Patroni's reading; `settings.seeds` has scope and namespace
// already. Errors stay in the section.

void read_etcd(Section& section, StoreSettings& settings);
void read_consul(Section& section, StoreSettings& settings);
void read_zookeeper(Section& section, StoreSettings& settings);
void read_exhibitor(Section& section, StoreSettings& settings);

}  // namespace patroni::config
