#pragma once

#include "dcs/snapshot.hpp"
#include "dcs/watch_event.hpp"
#include "dcs/zookeeper/dialogue.hpp"

#include <patroni/result.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace patroni::dcs::zookeeper {

/// Reads all nodes below a prefix, and again what a watch says has changed.
///
/// What holds: the keys of one cluster are those of one moment. They come from a single multi_read,
/// which lists the folders and reads every node in them, and counts only when the lists are those
/// that it was made from; else it is made again. (No document promises that a server carries out a
/// multi_read at one moment; every version does.) A server before 3.6 is asked for each node by
/// itself: then nothing may have changed since the first of the answers, or all is read again, up
/// to three times. Clusters of a namespace are read each at a moment of its own. The first request
/// is a sync: what was acknowledged before is seen.
///
/// A node with an empty value that has children, or could have them ("members", "optime"), is a
/// folder and no key.
class TreeReader final : public Dialogue {
public:
    enum class Watch { no, yes };

    /// `prefix` with its last slash. With `Watch::yes` every start sets the watches, too: before it
    /// reads, so that nothing is missed between.
    explicit TreeReader(std::string prefix, Watch watch = Watch::no);

    std::vector<Request> start(bool one_by_one) override;
    std::vector<Request> resume(std::vector<Reply> replies) override;

    /// Below the prefix something happened to this node: the next start reads that part only, if
    /// the last one was carried through.
    void mark(std::string_view path);
    bool is_marked() const noexcept { return !is_whole_known_ || !marked_.empty(); }
    /// The watches are gone: the next start reads everything.
    void forget();

    /// After the end. Errors: unauthorized, protocol, limit.
    const std::optional<Error>& refusal() const noexcept { return refusal_; }
    Snapshot snapshot() const;
    /// Every node, folders and that of the prefix included; a node stands before its folder.
    std::vector<std::string> nodes() const;
    /// Whether the last start read everything.
    bool was_whole() const noexcept { return was_whole_; }
    /// Else: what has changed by it.
    std::vector<Change> take_changes();
    std::uint64_t revision() const noexcept { return static_cast<std::uint64_t>(zxid_); }

private:
    /// What is read at one moment: a cluster, with its Citus groups.
    struct Unit {
        std::set<std::string> folders;
        std::map<std::string, std::vector<std::string>> lists;  ///< Sorted, of those that exist.
        std::map<std::string, Entry> entries;
        int tries = 0;  ///< With lists that did not change.
        bool is_settled = false;
    };
    using Units = std::map<std::string, Unit>;  ///< By path.
    struct Question {
        std::string unit;  ///< Empty: the list of the prefix's own folder.
        Request request;
    };

    std::vector<Request> next_round();
    std::vector<Request> end();
    void apply_mark(const std::string& path);
    void ask(const std::string& unit, Op op, const std::string& path);
    void ask_unit(const std::string& path, const Unit& unit);
    void pack(std::vector<Request>& requests) const;
    std::vector<Reply> flatten(std::vector<Reply> replies);
    void take_top(const Reply& reply);
    void set_units(const std::vector<std::string>& children);
    Unit& add_unit(const std::string& path);
    std::size_t take_unit(std::vector<Reply>& answers, std::size_t first);
    void take_round(const std::string& path, Unit& unit, std::span<Reply> answers,
                    std::span<const Question> questions);
    bool take_node(Unit& unit, const std::string& path, Reply& answer,
                   std::map<std::string, Entry>& entries);
    void replace(Unit& unit, std::map<std::string, Entry> entries);
    void refuse(std::int32_t code, const std::string& path);
    void refuse(ErrorKind kind, std::string message);

    std::string prefix_;
    std::string top_;  ///< The prefix's folder.
    Watch watch_;
    bool one_by_one_ = false;
    bool is_running_ = false;
    bool is_whole_known_ = false;  ///< Read through since the last forget().
    std::set<std::string> marked_;
    bool is_top_wanted_ = true;  ///< Read the list of the prefix's folder.
    bool has_top_ = false;
    bool was_whole_ = true;
    bool is_one_cluster_ = false;  ///< The prefix is that of a cluster.
    Units units_;
    std::vector<Question> questions_;
    std::size_t preface_ = 0;  ///< Answers before those of the questions: sync, add_watch.
    int rounds_ = 0;
    std::size_t bytes_ = 0;  ///< Of all values of the round.
    std::int64_t zxid_ = 0;
    std::vector<Change> changes_;
    std::optional<Error> refusal_;
};

}  // namespace patroni::dcs::zookeeper
