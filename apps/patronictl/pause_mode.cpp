#include "patronictl/pause_mode.hpp"

#include "base/text.hpp"
#include "patronictl/member_api.hpp"
#include "patronictl/members.hpp"
#include "patronictl/python_text.hpp"

#include <algorithm>
#include <map>

namespace patronictl {
namespace {

using patroni::Value;

/// The members that are waited for, with the revision that their keys had.
using Awaited = std::map<std::string, std::uint64_t>;

/// As Python compares: true is 1.
bool has_mode(const DcsMember& member, bool on) {
    const Value* value = member.data.find("pause");
    if (value == nullptr) {
        return !on;
    }
    if (const bool* flag = value->if_bool()) {
        return *flag == on;
    }
    const std::int64_t* number = value->if_int();
    return number != nullptr && *number == (on ? 1 : 0);
}

/// Number and text of `loop_wait` in the configuration.
std::pair<double, std::string> loop_wait(const DcsCluster& cluster) {
    const Value* value = cluster.config.find("loop_wait");
    if (!python_truth(value)) {
        return {10, "10"};
    }
    const auto number = value->if_string() ? std::nullopt : python_float(python_str(*value));
    if (!number) {
        throw Fail("loop_wait of the cluster is no number");
    }
    return {*number, python_str(*value)};
}

/// Waits for all members; the text that tells how it ended.
std::string wait_for(Session& session, const std::string& name, std::optional<int> group,
                     const DcsCluster& before, bool on) {
    const auto [seconds, text] = loop_wait(before);
    Awaited awaited;
    for (const DcsMember& member : before.members) {
        if (!member.api_url().empty()) {
            awaited.emplace(member.name, member.revision);
        }
    }
    const auto& streams = session.streams();
    const auto end = streams.now() + std::chrono::duration<double>(seconds + 1);
    DcsCluster now;
    do {
        now = session.read_cluster(name, group);
        if (std::ranges::all_of(now.members, [&](const DcsMember& member) {
                return !awaited.contains(member.name) || has_mode(member, on);
            })) {
            return {};
        }
        streams.sleep(std::chrono::seconds(1));
    } while (streams.now() < end);
    std::string late;
    for (const DcsMember& member : now.members) {
        const auto old = awaited.find(member.name);
        if (old != awaited.end() && !has_mode(member, on) && old->second != member.revision) {
            late += (late.empty() ? "" : ", ") + member.name;
        }
    }
    return late.empty()
               ? late
               : late + " members didn't recognized pause state after " + text + " seconds";
}

}  // namespace

int set_pause(Session& session, const Parsed& parsed, bool on) {
    const std::string name = session.scope(parsed);
    const auto group = session.group_or_configured(parsed);
    const auto cluster = session.read_cluster(name, group);
    if (cluster.paused() == on) {
        throw Fail(on ? "Cluster is already paused" : "Cluster is not paused");
    }
    const std::string verb = on ? "pause" : "resume";
    const Value body = Value::object({{"pause", on ? Value(true) : Value()}});
    MemberApi api(session);
    for (const DcsMember* member : leader_first(cluster)) {
        const auto answer = api.try_to_ask(*member, "PATCH", "config", &body);
        if (!answer) {
            session.warn(to_line(answer.error()));
            session.warn("Member " + patroni::escape_untrusted(member->name) +
                         " is not accessible");
            continue;
        }
        if (answer->status != 200) {
            session.echo("Failed: " + verb + " cluster management status code=" +
                         std::to_string(answer->status) + ", (" + answer->body + ")");
            return 0;
        }
        std::string late;
        if (parsed.flag("wait")) {
            session.echo("'" + verb +
                         "' request sent, waiting until it is recognized by all nodes");
            late = wait_for(session, name, group, cluster, on);
        }
        session.echo(late.empty() ? "Success: cluster management is " +
                                        std::string(on ? "paused" : "resumed")
                                  : late);
        return 0;
    }
    throw Fail("Can not find accessible cluster member");
}

}  // namespace patronictl
