#pragma once

#include "dcs/store_reader.hpp"
#include "dcs/write_dialogue.hpp"

#include <functional>
#include <memory>

namespace patroni::dcs {

/// A write, and how to look what became of it.
struct WritePlan {
    StoreWrite write;
    std::unique_ptr<WriteDialogue> dialogue;
    std::function<std::unique_ptr<ReadDialogue>()> look;  ///< Reads the key or prefix.
};

/// Carries out a write at the first endpoint that takes it. An endpoint that certainly did nothing
/// (not reached, no leader) is followed by the next one. When the answer is lost, the store is read
/// at any endpoint: what is there decides, and only a write to a key that still has the revision
/// it depends on is sent a second time, once. An Error means that nothing was written. Of several
/// endpoints, one that has not said yet which store it is of (`access.identity`) is asked first.
Operation write_store(transport::HttpClient& http, StoreAccess access, WritePlan plan,
                      transport::SteadyTime deadline, Callback<void(Result<StoreOutcome>)> done);

}  // namespace patroni::dcs
