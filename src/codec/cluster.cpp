#include "codec/cluster.hpp"

#include "base/text.hpp"
#include "codec/dcs_values.hpp"
#include "codec/gone_members.hpp"
#include "codec/member_status.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace patroni::codec {
namespace {

class Decoder {
public:
    Decoder(std::string scope, std::string path, std::vector<RawKey> keys, Sources sources)
        : sources_(sources) {
        cluster_.scope = std::move(scope);
        cluster_.path = std::move(path);
        for (RawKey& key : keys) {
            keys_.insert_or_assign(std::move(key.key),
                                   StoredKey{std::move(key.value), key.revision});
        }
    }

    Cluster decode() {
        read_plain_keys();
        read_modes();
        decode_members();
        find_gone_members();
        if (sources_ == Sources::kept) {
            cluster_.keys = std::move(keys_);
        }
        return std::move(cluster_);
    }

private:
    const std::string* find(std::string_view key) const {
        const auto found = keys_.find(key);
        return found == keys_.end() ? nullptr : &found->second.value;
    }

    /// Reads a key with one of the functions of dcs_values.hpp; absent is empty and no problem.
    template <class T>
    T read(std::string_view key, Read<T> (*reader)(std::string_view)) {
        const std::string* text = find(key);
        if (!text) {
            return T{};
        }
        Read<T> result = reader(*text);
        report(key, result.problem);
        return std::move(result.value);
    }

    void report(std::string_view key, const std::string& problem) {
        if (!problem.empty()) {
            cluster_.problems.push_back({"bad_value", cluster_.path + std::string(key), problem});
        }
    }

    void read_plain_keys() {
        if (const std::string* text = find("initialize")) {
            cluster_.initialize = *text;
        }
        if (const std::string* text = find("leader"); text && !text->empty()) {
            cluster_.leader = *text;
        }
    }

    void read_modes() {
        cluster_.config = read("config", &read_config);
        sync_ = read("sync", &read_sync);
        status_ = read(find("status") ? "status" : "optime/leader", &read_status);
        cluster_.leader_lsn = status_.leader_lsn;
        if (!cluster_.config.is_null()) {
            cluster_.paused = is_truthy(cluster_.config.find("pause"));
        }
        cluster_.standby_cluster = is_standby_cluster(cluster_.config);
        if (is_synchronous(cluster_.config)) {
            cluster_.sync = sync_;
            cluster_.quorum_mode = is_quorum_mode(cluster_.config);
        }
        const FailoverRequest request = read("failover", &read_failover);
        if (request.scheduled_at) {
            cluster_.scheduled_switchover =
                ScheduledSwitchover{*request.scheduled_at, request.leader, request.candidate};
        }
    }

    void decode_members() {
        constexpr std::string_view prefix = "members/";
        std::set<std::string, std::less<>> standbys;
        if (cluster_.sync) {
            for (const std::string& name : cluster_.sync->standbys) {
                standbys.insert(to_lower(name));
            }
        }
        for (auto entry = keys_.lower_bound(prefix);
             entry != keys_.end() && entry->first.starts_with(prefix); ++entry) {
            const std::string_view name = std::string_view(entry->first).substr(prefix.size());
            if (name.empty() || name.find('/') != std::string_view::npos) {
                continue;
            }
            DecodedMember decoded = decode_published_member(name, entry->second.value);
            report(entry->first, decoded.problem);
            derive(decoded, standbys.contains(to_lower(name)));
            cluster_.members.push_back(std::move(decoded.member));
        }
    }

    /// What Patroni shows of a member depends on the lock, not on what the member says.
    void derive(DecodedMember& decoded, bool is_sync_standby) const {
        PublishedMember& member = decoded.member;
        if (cluster_.leader == member.name) {
            member.role = cluster_.standby_cluster ? Role::standby_leader : Role::primary;
            if (member.role == Role::primary) {
                member.state = decoded.server_state;
            }
            return;
        }
        const Role sync_role = cluster_.quorum_mode ? Role::quorum_standby : Role::sync_standby;
        member.role = is_sync_standby ? sync_role : Role::replica;
        member.lag = lag(member.position);
        member.receive_lag = lag(member.receive_lsn);
        member.replay_lag = lag(member.replay_lsn);
    }

    std::optional<std::uint64_t> lag(const std::optional<Lsn>& position) const {
        if (!cluster_.leader_lsn || !position) {
            return std::nullopt;
        }
        return lag_bytes(*cluster_.leader_lsn, *position);
    }

    /// First the key that says most about a member: the order decides which one is told.
    void find_gone_members() {
        GoneMembers gone(cluster_.members, cluster_.path);
        if (cluster_.leader) {
            gone.add(*cluster_.leader, "leader");
        }
        if (sync_) {
            gone.add(sync_->leader, "sync");
            for (const std::string& name : sync_->standbys) {
                gone.add(name, "sync");
            }
        }
        for (auto& [name, api] : read("failsafe", &read_failsafe)) {
            gone.add(name, "failsafe", api);
        }
        const auto history = read("history", &read_history).entries;
        if (!history.empty() && history.back().new_leader) {
            gone.add(*history.back().new_leader, "history");
        }
        for (const std::string& slot : status_.retain_slots) {
            gone.add_slot(slot, "status");
        }
        cluster_.gone = std::move(gone).take();
    }

    std::map<std::string, StoredKey, std::less<>> keys_;
    Sources sources_;
    Cluster cluster_;
    std::optional<SyncState> sync_;  ///< Also while synchronous mode is off.
    StatusKey status_;
};

}  // namespace

Cluster decode_cluster(std::string scope, std::string path, std::vector<RawKey> keys,
                       Sources sources) {
    return Decoder(std::move(scope), std::move(path), std::move(keys), sources).decode();
}

}  // namespace patroni::codec
