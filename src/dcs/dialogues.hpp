#pragma once

#include "dcs/read_dialogue.hpp"
#include "dcs/store_reader.hpp"
#include "dcs/store_writer.hpp"
#include "dcs/watch_dialogue.hpp"

#include <patroni/seeds.hpp>

#include <memory>
#include <string>

namespace patroni::dcs {

// The dialogues of the store that seeds name (kinds registrator, etcd2, etcd3; the first two speak
// etcd's v2 API).

StoreAccess access_of(const Seeds& seeds);

/// Reads all keys below a prefix (with a last slash), or those that begin with the name of a key,
/// itself included.
std::unique_ptr<ReadDialogue> make_reader(const Seeds& seeds, const std::string& prefix);

/// Watches all keys below a prefix (with a last slash).
std::unique_ptr<WatchDialogue> make_watcher(const Seeds& seeds, const std::string& prefix,
                                            std::shared_ptr<StoreIdentity> identity);

/// Reads what registrator wrote for one service: a directory of its store, or a service of Consul's
/// catalog, of which each entry looks like a key.
std::unique_ptr<ReadDialogue> make_registry_reader(const Seeds& seeds, const std::string& path);

WritePlan make_writer(const Seeds& seeds, StoreWrite write);

}  // namespace patroni::dcs
