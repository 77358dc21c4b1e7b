#include "patronictl/cluster_role.hpp"

#include "patronictl/member_api.hpp"
#include "patronictl/member_table.hpp"
#include "patronictl/prompts.hpp"
#include "patronictl/python_text.hpp"

#include <algorithm>

namespace patronictl {
namespace {

using patroni::Value;

constexpr std::chrono::seconds k_period{1};

class RoleChange {
public:
    RoleChange(Session& session, const std::string& name, const Value& standby)
        : session_(session),
          name_(name),
          standby_(standby),
          demote_(!standby.is_null()),
          verb_(demote_ ? "demot" : "promot") {}

    int run(bool force) {
        cluster_ = session_.read_cluster(name_, std::nullopt);
        if (!cluster_.has_leader()) {
            throw Fail("Cluster has no leader, " + verb_ + "ion is not possible");
        }
        old_leader_ = cluster_.leader->name;
        if (cluster_.leader->data.find("role") != nullptr &&
            *cluster_.leader->data.find("role") == Value(target())) {
            throw Fail("Cluster is already in the required state");
        }
        session_.echo("Current cluster topology");
        print_members(session_, cluster_, name_);
        if (!force && !confirm(session_.streams(),
                               "Are you sure you want to " + verb_ + "e " + name_ + " cluster?")) {
            throw Fail("Aborted cluster " + verb_ + "ion");
        }
        tell_leader();
        wait();
        print_members(session_, cluster_, name_);
        return 0;
    }

private:
    std::string target() const { return demote_ ? "standby_leader" : "primary"; }

    void tell_leader() {
        const std::string failed = "Failed to " + verb_ + "e " + name_ + " cluster: ";
        const Value body = Value::object({{"standby_cluster", standby_}});
        MemberApi api(session_);
        const auto answer = api.try_to_ask(*cluster_.leader, "PATCH", "config", &body);
        if (!answer) {
            throw Fail(failed + to_line(answer.error()));
        }
        if (answer->status != 200) {
            throw Fail(failed + failed + "/config PATCH status code=" +
                       std::to_string(answer->status) + ", (" + answer->body + ")");
        }
    }

    /// As long as it takes: only the cluster knows.
    void wait() {
        while (true) {
            const auto begun = session_.streams().now();
            cluster_ = session_.read_cluster(name_, std::nullopt);
            if (is_reached()) {
                session_.echo(session_.timestamp(0) + " cluster is successfully " + verb_ + "ed");
                return;
            }
            session_.echo(progress());
            const std::chrono::duration<double> passed = session_.streams().now() - begun;
            session_.streams().sleep(std::max(std::chrono::duration<double>(0),
                                              std::chrono::duration<double>(k_period) - passed));
        }
    }

    const Value* leader_field(std::string_view field) const {
        return cluster_.leader ? cluster_.leader->data.find(field) : nullptr;
    }

    const Value* old_leader_state() const {
        const DcsMember* member = cluster_.find(old_leader_);
        return member != nullptr ? member->data.find("state") : nullptr;
    }

    bool is_reached() const {
        const auto is = [](const Value* value, std::string_view word) {
            return value != nullptr && *value == Value(word);
        };
        return cluster_.has_leader() && is(leader_field("role"), target()) &&
               is(leader_field("state"), "running") &&
               (!demote_ || is(old_leader_state(), "running"));
    }

    std::string progress() const {
        const auto shown = [](const Value* value) {
            return value == nullptr ? std::string("None") : python_str(*value);
        };
        std::string line = session_.timestamp(0) +
                           " cluster is unlocked: " + (cluster_.has_leader() ? "False" : "True") +
                           ", leader role: " + shown(leader_field("role")) +
                           ", leader state: " + shown(leader_field("state"));
        const Value* old_state = old_leader_state();
        if (demote_ && cluster_.leader && cluster_.leader->name != old_leader_ &&
            python_truth(old_state)) {
            const std::string* text = old_state->if_string();
            line +=
                ", previous leader state: " + (text ? python_repr(*text) : python_str(*old_state));
        }
        return line;
    }

    Session& session_;
    const std::string& name_;
    const Value& standby_;
    bool demote_;
    std::string verb_;  ///< Without its last "e".
    DcsCluster cluster_;
    std::string old_leader_;
};

}  // namespace

int change_cluster_role(Session& session, const std::string& name, bool force,
                        const Value& standby) {
    return RoleChange(session, name, standby).run(force);
}

}  // namespace patronictl
