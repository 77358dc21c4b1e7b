#pragma once

#include "dcs/zookeeper/tree_reader.hpp"

#include <patroni/store_write.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace patroni::dcs::zookeeper {

/// Removes a cluster: every node below a prefix and the prefix's own, in one transaction (a tree
/// of more than a thousand nodes in several). When members write theirs meanwhile, nothing is
/// removed, and it is tried again.
class RemoveTree final : public Dialogue {
public:
    explicit RemoveTree(std::string prefix);

    std::vector<Request> start(bool one_by_one) override;
    std::vector<Request> resume(std::vector<Reply> replies) override;
    bool is_writing() const override { return is_removing_; }

    /// After the end.
    const StoreOutcome& outcome() const noexcept { return outcome_; }

private:
    std::vector<Request> remove_all();
    std::vector<Request> take_removed(const std::vector<Reply>& replies);
    std::vector<Request> finish(OutcomeKind kind, std::string message);

    std::string prefix_;
    bool one_by_one_ = false;
    std::optional<TreeReader> reader_;
    bool is_removing_ = false;
    int tries_ = 0;
    std::uint64_t keys_ = 0;
    StoreOutcome outcome_;
};

}  // namespace patroni::dcs::zookeeper
