#include "dcs/zookeeper/remove_tree.hpp"

#include "dcs/zookeeper/key_reader.hpp"
#include "dcs/zookeeper/write_key.hpp"

#include <algorithm>

namespace patroni::dcs::zookeeper {
namespace {

constexpr int k_tries = 10;
constexpr std::size_t k_parts = 1000;

/// The first answer that says why a transaction was not carried out.
std::int32_t reason_of(const Reply& reply) {
    for (const Reply& part : reply.parts) {
        if (part.error != k_ok && part.error != k_runtime_inconsistency) {
            return part.error;
        }
    }
    return reply.error;
}

}  // namespace

RemoveTree::RemoveTree(std::string prefix) : prefix_(std::move(prefix)) {}

std::vector<Request> RemoveTree::start(bool one_by_one) {
    one_by_one_ = one_by_one;
    is_removing_ = false;
    reader_.emplace(prefix_);
    return reader_->start(one_by_one);
}

std::vector<Request> RemoveTree::resume(std::vector<Reply> replies) {
    if (is_removing_) {
        return take_removed(replies);
    }
    auto requests = reader_->resume(std::move(replies));
    if (!requests.empty()) {
        return requests;
    }
    if (reader_->refusal()) {
        outcome_ = rejected(*reader_->refusal());
        return {};
    }
    return remove_all();
}

std::vector<Request> RemoveTree::remove_all() {
    const auto nodes = reader_->nodes();
    keys_ = reader_->snapshot().entries.size();
    if (nodes.empty()) {
        return finish(OutcomeKind::done, {});
    }
    is_removing_ = true;
    std::vector<Request> requests;
    for (const std::string& node : nodes) {
        if (requests.empty() || requests.back().parts.size() == k_parts) {
            requests.push_back({.op = Op::multi});
        }
        requests.back().parts.push_back({.op = Op::remove, .path = node});
    }
    return requests;
}

std::vector<Request> RemoveTree::take_removed(const std::vector<Reply>& replies) {
    const auto failed = std::find_if(replies.begin(), replies.end(),
                                     [](const Reply& reply) { return reason_of(reply) != k_ok; });
    if (failed == replies.end()) {
        outcome_.revision = static_cast<std::uint64_t>(replies.back().zxid);
        return finish(OutcomeKind::done, {});
    }
    const std::int32_t code = reason_of(*failed);
    const bool has_changed = code == k_no_node || code == k_not_empty;
    if (!has_changed) {
        outcome_ = rejected(refused_by_server(code, "remove " + prefix_));
        return {};
    }
    if (++tries_ < k_tries) {
        return start(one_by_one_);
    }
    return finish(OutcomeKind::rejected, "members write their keys below " + prefix_ +
                                             " all the time; stop them, then remove it");
}

std::vector<Request> RemoveTree::finish(OutcomeKind kind, std::string message) {
    outcome_.kind = kind;
    outcome_.message = std::move(message);
    if (kind == OutcomeKind::done) {
        outcome_.removed = keys_;
    } else {
        outcome_.reason = Reason::conflict;
    }
    return {};
}

}  // namespace patroni::dcs::zookeeper
