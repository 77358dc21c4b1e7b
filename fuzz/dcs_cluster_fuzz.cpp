#include "check.hpp"
#include "codec/cluster.hpp"

#include <algorithm>

using namespace patroni;

namespace {

/// Lines of `key=value`.
std::vector<codec::RawKey> keys(std::string_view text) {
    std::vector<codec::RawKey> result;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        const std::size_t equals = std::min(line.find('='), line.size());
        result.push_back({std::string(line.substr(0, equals)),
                          std::string(line.substr(std::min(equals + 1, line.size())))});
    }
    return result;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Cluster cluster =
        codec::decode_cluster("demo", "/service/demo/", keys(fuzz::text(data, size)));
    const auto by_name = [](const auto& left, const auto& right) { return left.name < right.name; };
    fuzz::check(std::is_sorted(cluster.members.begin(), cluster.members.end(), by_name),
                "members are sorted");
    fuzz::check(std::is_sorted(cluster.gone.begin(), cluster.gone.end(), by_name),
                "gone members are sorted");
    for (const GoneMember& member : cluster.gone) {
        fuzz::check(!member.name.empty() && !cluster.find(member.name),
                    "a gone member has a name and no key");
        fuzz::check(member.named_by.starts_with("/service/demo/"), "the key is a whole one");
    }
    for (const PublishedMember& member : cluster.members) {
        const bool leads = cluster.leader == member.name;
        fuzz::check(leads == (member.role == Role::primary || member.role == Role::standby_leader),
                    "the lock decides who leads");
        fuzz::check(!leads || !member.lag, "a leader has no lag");
        fuzz::check(!member.postgres || parse_host_port(member.postgres->text()),
                    "an address that was accepted is one");
    }
    fuzz::check(!cluster.leader || !cluster.leader->empty(), "an empty lock is no lock");
    return 0;
}
