#include "rest/health_conditions.hpp"

#include "base/byte_size.hpp"
#include "codec/dcs_values.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace patroni::rest {
namespace {

std::string quoted(std::string_view text) {
    return "\"" + std::string(text) + "\"";
}

std::string role_text(const MemberStatus& status) {
    return status.role_reported.empty() ? "it says no role" : "its role is " + status.role_reported;
}

/// A tag that Patroni's code takes for set.
bool is_true(const Value* tag) {
    if (tag == nullptr || tag->is_null()) {
        return false;
    }
    if (const bool* flag = tag->if_bool()) {
        return *flag;
    }
    if (const std::int64_t* number = tag->if_int()) {
        return *number != 0;
    }
    const std::string* text = tag->if_string();
    return text == nullptr || !text->empty();
}

/// The text that a `tag_` parameter is compared with: Python's, in lower case.
std::optional<std::string> tag_text(const Value& tag) {
    if (const bool* flag = tag.if_bool()) {
        return *flag ? "true" : "false";
    }
    if (const std::int64_t* number = tag.if_int()) {
        return std::to_string(*number);
    }
    if (const Value::Number* number = tag.if_number()) {
        return number->text;
    }
    const std::string* text = tag.if_string();
    return text == nullptr ? std::nullopt : std::optional(*text);
}

std::optional<bool> both_not(std::optional<bool> a, std::optional<bool> b) {
    if ((a && *a) || (b && *b)) {
        return false;
    }
    return a && b ? std::optional(true) : std::nullopt;
}

}  // namespace

HealthConditions::HealthConditions(const HealthFacts& facts, Version version)
    : facts_(facts), version_(version) {}

std::string HealthConditions::own_name() const {
    return facts_.name.empty() ? facts_.status.name.value_or("") : facts_.name;
}

const PublishedMember* HealthConditions::own_row() const {
    if (!facts_.cluster) {
        return nullptr;
    }
    const auto& members = facts_.cluster->members;
    const auto row = std::ranges::find(members, own_name(), &PublishedMember::name);
    return row == members.end() ? nullptr : &*row;
}

HealthCondition HealthConditions::holds_lock() const {
    HealthCondition condition{"it holds the leader lock", std::nullopt, {}};
    const bool runs_as_primary = facts_.status.role == Role::primary;
    if (facts_.cluster) {
        const PublishedMember* leader = facts_.cluster->leader();
        if (leader != nullptr && own_name().empty()) {
            condition.evidence =
                "GET /cluster: " + leader->name + " leads; this one's name is not known";
            return condition;
        }
        condition.holds = leader != nullptr && leader->name == own_name();
        condition.evidence = leader == nullptr ? "GET /cluster: nobody leads"
                                               : "GET /cluster: " + leader->name + " leads";
        return condition;
    }
    if (facts_.status.failsafe_mode_is_active && runs_as_primary) {
        condition.holds = true;
        condition.evidence = "failsafe mode is active, and it runs as a primary";
        return condition;
    }
    const bool leads = runs_as_primary || facts_.status.role == Role::standby_leader;
    if (facts_.dcs_lost && leads) {
        condition.evidence =
            "it cannot reach its DCS; the lock counts for a ttl after it was renewed the last time";
        return condition;
    }
    if (facts_.status.role == Role::unknown) {
        condition.evidence = "nobody says who leads";
        return condition;
    }
    condition.holds = leads;
    condition.evidence = role_text(facts_.status) +
                         (facts_.dcs_lost ? std::string() : "; nobody else says who leads");
    return condition;
}

HealthCondition HealthConditions::is_standby_cluster(bool wanted) const {
    HealthCondition condition{
        wanted ? "the cluster is a standby cluster" : "the cluster is no standby cluster",
        std::nullopt,
        {}};
    std::optional<bool> standby;
    if (facts_.config.if_object() != nullptr) {
        standby = codec::is_standby_cluster(facts_.config);
        condition.evidence = standby && *standby ? "GET /config: standby_cluster is set"
                                                 : "GET /config: no standby_cluster";
    } else if (facts_.cluster && facts_.cluster->leader() != nullptr) {
        standby = facts_.cluster->leader()->role == Role::standby_leader;
        condition.evidence = "GET /cluster: the role of " + facts_.cluster->leader()->name;
    } else if (facts_.status.role == Role::standby_leader || facts_.status.role == Role::primary) {
        standby = facts_.status.role == Role::standby_leader;
        condition.evidence = role_text(facts_.status);
    } else {
        condition.evidence = "GET /config and GET /cluster were not answered";
    }
    if (standby) {
        condition.holds = *standby == wanted;
    }
    return condition;
}

HealthCondition HealthConditions::runs() const {
    return {"PostgreSQL is running", facts_.status.state == "running",
            "its state is " + facts_.status.state};
}

HealthCondition HealthConditions::has_role(std::vector<Role> roles, std::string what) const {
    const bool holds = std::ranges::find(roles, facts_.status.role) != roles.end();
    return {std::move(what), holds, role_text(facts_.status)};
}

HealthCondition HealthConditions::knows_cluster() const {
    HealthCondition condition{"it has a view of its DCS", std::nullopt, {}};
    if (facts_.dcs_lost) {
        condition.holds = false;
        condition.evidence = "GET /cluster got no answer: it cannot reach its DCS";
    } else if (facts_.cluster) {
        condition.holds = true;
        condition.evidence = "it answers GET /cluster";
    } else {
        condition.evidence = "GET /cluster was not asked";
    }
    return condition;
}

HealthCondition HealthConditions::is_balanced() const {
    const bool tagged = is_true(facts_.status.tags.find("noloadbalance"));
    return {"it has no tag noloadbalance", !tagged,
            tagged ? "its tags hold noloadbalance" : "its tags do not hold it"};
}

/// Whether it is in `/sync`, by its flag, or before Patroni had the flag by `GET /cluster`.
std::optional<bool> HealthConditions::in_set(Role role, bool flag,
                                             const Version& flag_since) const {
    if (version_ >= flag_since) {
        return flag;
    }
    if (const PublishedMember* row = own_row()) {
        return row->role == role;
    }
    return std::nullopt;
}

HealthCondition HealthConditions::is_synchronous() const {
    return {"it is a synchronous standby",
            in_set(Role::sync_standby, facts_.status.sync_standby, {3, 0, 2}),
            version_ >= Version{3, 0, 2} ? "its flag sync_standby" : "its role in GET /cluster"};
}

HealthCondition HealthConditions::counts_for_quorum() const {
    return {"it counts for the quorum", facts_.status.quorum_standby, "its flag quorum_standby"};
}

HealthCondition HealthConditions::is_neither() const {
    return {version_ >= Version{4, 0, 0} ? "it is neither a synchronous standby nor one of a quorum"
                                         : "it is no synchronous standby",
            both_not(is_synchronous().holds, facts_.status.quorum_standby),
            is_synchronous().evidence};
}

HealthCondition HealthConditions::streams() const {
    const auto& state = facts_.status.replication_state;
    return {"it streams from another member", state == "streaming",
            state ? "its replication_state is " + *state : "it says no replication_state"};
}

std::optional<Lsn> HealthConditions::leader_position() const {
    std::optional<Lsn> position = facts_.leader_position;
    if (facts_.cluster && facts_.cluster->leader() != nullptr) {
        const auto& published = facts_.cluster->leader()->position;
        position = position && published ? std::max(position, published)
                                         : (position ? position : published);
    }
    const PublishedMember* row = own_row();
    if (const auto reached = facts_.status.standby_position();
        !position && row && row->lag && reached) {
        return Lsn((row->position ? *row->position : *reached).bytes() + *row->lag);
    }
    return position;
}

HealthCondition HealthConditions::is_near(std::int64_t limit, bool by_received) const {
    HealthCondition condition{
        std::string(by_received ? "it has received all but " : "it has replayed all but ") +
            (limit < 0 ? std::to_string(limit) + " B"
                       : byte_size_text(static_cast<std::uint64_t>(limit))) +
            " of the leader's log",
        std::nullopt,
        {}};
    const auto own =
        by_received ? facts_.status.received_location : facts_.status.replayed_location;
    const auto leader = leader_position();
    if (!own) {
        condition.evidence = "it says no position";
    } else if (facts_.dcs_lost && version_ < Version{4, 1, 0}) {
        condition.holds = true;
        condition.evidence = "without its DCS it knows no position of the leader: no limit";
    } else if (leader) {
        const auto lag =
            static_cast<std::int64_t>(leader->bytes()) - static_cast<std::int64_t>(own->bytes());
        condition.holds = lag <= limit;
        condition.evidence =
            "it is " + byte_size_text(static_cast<std::uint64_t>(std::max<std::int64_t>(lag, 0))) +
            " behind";
    } else {
        condition.evidence = "the leader's position is not known";
    }
    return condition;
}

HealthCondition HealthConditions::knows_leader_position() const {
    HealthCondition condition{
        "the leader's position is known, or failsafe mode is active", std::nullopt, {}};
    if (facts_.status.failsafe_mode_is_active) {
        condition.holds = true;
        condition.evidence = "failsafe mode is active";
    } else if (facts_.cluster || leader_position()) {
        condition.holds = true;
        condition.evidence = "it answers GET /cluster";
    } else {
        condition.evidence = "only its WAL receiver can know it now";
    }
    return condition;
}

HealthCondition HealthConditions::has_tag(const std::string& name, const std::string& value) const {
    constexpr std::array<std::string_view, 5> k_standard{"clonefrom", "nofailover", "noloadbalance",
                                                         "nosync", "nostream"};
    HealthCondition condition{"its tag " + name + " is " + quoted(value), false, {}};
    const Value* tag = facts_.status.tags.find(name);
    if (tag == nullptr) {
        condition.evidence = "it has no tag " + name;
        return condition;
    }
    const bool is_standard = std::ranges::find(k_standard, name) != k_standard.end();
    if (name == "nosync" || name == "sync_priority") {
        // Shown while Patroni sets it by itself; the check knows what the file says alone.
        condition.holds = tag_text(*tag) == value ? std::nullopt : std::optional(false);
        condition.evidence = "Patroni may have set it by itself, and then it does not count";
        return condition;
    }
    const auto text = is_standard && !is_true(tag) ? std::nullopt : tag_text(*tag);
    condition.holds = text == value;
    condition.evidence = text ? "its tag " + name + " is " + quoted(*text)
                              : "its tag " + name + " is nothing that can be compared";
    return condition;
}

HealthCondition HealthConditions::loop_runs() const {
    HealthCondition condition{"Patroni's loop ran within the ttl (twice it for a replica)",
                              std::nullopt, "no other answer tells when it ran"};
    if (version_ < Version{2, 1, 5}) {
        condition.holds = true;
        condition.evidence = "Patroni before 2.1.5 does not look";
    } else if (facts_.status.paused) {
        condition.holds = true;
        condition.evidence = "in maintenance mode Patroni does not look";
    }
    return condition;
}

bool HealthConditions::is_on_its_own() const {
    return version_ >= Version{1, 5, 1} && facts_.dcs_lost && facts_.status.paused;
}

std::int64_t HealthConditions::failover_lag() const {
    const Value* lag = facts_.config.find("maximum_lag_on_failover");
    const std::int64_t* number = lag != nullptr ? lag->if_int() : nullptr;
    const std::string* text = lag != nullptr ? lag->if_string() : nullptr;
    constexpr std::int64_t k_default = 1048576;
    return number != nullptr ? *number
           : text != nullptr ? parse_size(*text).value_or(k_default)
                             : k_default;
}

}  // namespace patroni::rest
