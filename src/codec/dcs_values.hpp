#pragma once

#include <patroni/cluster.hpp>
#include <patroni/history.hpp>
#include <patroni/lsn.hpp>
#include <patroni/url.hpp>
#include <patroni/value.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patroni::codec {

/// A value read from a key; never fatal: what cannot be read is empty, and `problem` says why.
template <class T>
struct Read {
    T value{};
    std::string problem;  ///< Empty when the value was as expected.
};

/// `config`: the dynamic configuration; null when it is no JSON object.
Read<Value> read_config(std::string_view text);

/// Patroni's idea of true: `on`, `true`, `yes` or `1` in any case, as text or as JSON value.
bool is_truthy(const Value* value);
/// `standby_cluster` is an object with `host`, `port` or `restore_command`.
bool is_standby_cluster(const Value& config);
/// `synchronous_mode` is on or `quorum`, and this is no standby cluster.
bool is_synchronous(const Value& config);
/// `synchronous_mode` is `quorum` in any case.
bool is_quorum_mode(const Value& config);

/// `sync`; nullopt when no leader is named (`{}` or nulls: the mode is off).
Read<std::optional<SyncState>> read_sync(std::string_view text);

/// `status`, or `optime/leader` of Patroni before 2.1.
struct StatusKey {
    std::optional<Lsn> leader_lsn;          ///< nullopt also for 0, which means unknown.
    std::vector<std::string> retain_slots;  ///< Patroni >= 4.0.0.
};
Read<StatusKey> read_status(std::string_view text);

/// `failover`: a request for a switchover or failover, or its idle value `{}`.
struct FailoverRequest {
    std::optional<std::string> leader;
    std::optional<std::string> candidate;
    std::optional<std::string> scheduled_at;

    bool active() const { return leader || candidate; }
};
Read<FailoverRequest> read_failover(std::string_view text);

/// `history`: how the timelines ended.
Read<History> read_history(std::string_view text);
/// The same of a document that was parsed already.
Read<History> history_of(const Value& document);

/// `failsafe`: the members the leader knew last, with the base of their REST API.
Read<std::map<std::string, std::optional<Origin>>> read_failsafe(std::string_view text);
/// The same of a document that was parsed already.
Read<std::map<std::string, std::optional<Origin>>> failsafe_of(const Value& document);

/// The replication slot Patroni makes for a member: lower case, `-` and `.` as `_`, any other
/// character outside `[a-z0-9_]` as `u` and its decimal code point, at most 63 characters.
std::string slot_name_from_member_name(std::string_view member);

}  // namespace patroni::codec
