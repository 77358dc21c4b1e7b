#pragma once

#include "dcs/snapshot.hpp"

#include <patroni/store_write.hpp>

namespace patroni::dcs {

/// What a look at the store says about a write of which the answer was lost.
enum class Trace {
    carried_out,  ///< The store is as the write wanted it.
    untouched,    ///< The key still has the revision the write expected: it can be sent again.
    changed,      ///< Neither: carried out and changed since, or not carried out.
};

/// `now` holds the keys below the key of the write, at least.
Trace find_trace(const StoreWrite& write, const Snapshot& now);

/// The key of the write; nullptr when there is none.
const Entry* find_key(const Snapshot& snapshot, const std::string& key);

}  // namespace patroni::dcs
