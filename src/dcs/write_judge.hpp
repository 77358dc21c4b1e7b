#pragma once

#include "dcs/snapshot.hpp"

#include <patroni/store_write.hpp>

#include <optional>
#include <string>

namespace patroni::dcs {

/// What became of a write whose answer was lost, as far as looks at the store can tell.
class WriteJudge {
public:
    explicit WriteJudge(StoreWrite write) : write_(std::move(write)) {}

    /// The answer did not come, or did not say what was done.
    void lose(Error error);
    bool has_lost() const noexcept { return lost_.has_value(); }
    bool is_cancelled() const noexcept {
        return is_cancelled_ || (lost_ && lost_->kind == ErrorKind::cancelled);
    }
    void cancel() noexcept { is_cancelled_ = true; }

    /// Judges by what is there now; nullopt: it certainly was not carried out, and can be sent
    /// again, once.
    std::optional<StoreOutcome> judge(const Snapshot& now);
    /// Nobody can tell.
    StoreOutcome unknown(std::string message) const;
    /// The outcome of a second sending, with what the first one may have done.
    StoreOutcome settle(StoreOutcome outcome) const;

    const StoreWrite& write() const noexcept { return write_; }

private:
    Reason reason_of_loss() const;

    StoreWrite write_;
    std::optional<Error> lost_;  ///< Why the last answer is missing.
    bool is_lost_again_ = false;
    bool is_cancelled_ = false;
    std::optional<StoredKey> current_;
    bool current_known_ = false;
};

}  // namespace patroni::dcs
