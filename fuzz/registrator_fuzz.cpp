#include "check.hpp"
#include "dcs/etcd2/read_dialogue.hpp"
#include "discovery/registrator.hpp"
#include "parts.hpp"

#include <algorithm>
#include <set>

using namespace patroni;

namespace {

/// The keys of an answer of etcd's v2 API; none when it is refused.
dcs::Snapshot read(std::string_view body) {
    dcs::etcd2::ReadTree reading("/demo-8008", {});
    reading.start();
    protocol::Response response;
    response.status = 200;
    response.body = std::string(body);
    const dcs::Step step = reading.resume(response);
    fuzz::check(!std::holds_alternative<protocol::Request>(step), "one read is enough");
    if (const auto* refusal = std::get_if<dcs::Refusal>(&step)) {
        fuzz::check(
            refusal->error.kind == ErrorKind::decode || refusal->error.kind == ErrorKind::limit,
            "a bad answer is a decode or limit error");
        fuzz::check(refusal->error.delivery == Delivery::answered, "the store has answered");
        return {};
    }
    const auto& snapshot = std::get<dcs::Snapshot>(step);
    fuzz::check(std::is_sorted(snapshot.entries.begin(), snapshot.entries.end(),
                               [](const auto& a, const auto& b) { return a.key < b.key; }),
                "keys are sorted");
    return snapshot;
}

}  // namespace

/// The directory of the REST ports and, after a separator, that of the PostgreSQL ports.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto parts = fuzz::parts(fuzz::text(data, size));
    const dcs::Snapshot rest = read(parts[0]);
    const dcs::Snapshot postgres = parts.size() > 1 ? read(parts[1]) : dcs::Snapshot{};
    const Discovery discovery = discovery::members_of_registrator("/demo-8008", rest, postgres);
    fuzz::check(discovery.members.size() <= rest.entries.size(), "no member is invented");
    fuzz::check(discovery.members.size() + discovery.problems.size() >=
                    static_cast<std::size_t>(
                        std::count_if(rest.entries.begin(), rest.entries.end(),
                                      [](const auto& entry) {
                                          const auto identity = discovery::parse_registrator_id(
                                              entry.key.substr(entry.key.rfind('/') + 1));
                                          return !identity || identity->container_port != 5432;
                                      })),
                "every key is a member or a problem");
    std::set<HostPort> addresses;
    for (const DiscoveredMember& member : discovery.members) {
        fuzz::check(member.api && addresses.insert(member.api->address).second,
                    "every member has an address of its own");
        fuzz::check(parse_origin(member.api->text(), 0).has_value(), "its address is one");
        fuzz::check(!member.postgres || member.registrator, "its PostgreSQL is found by identity");
        fuzz::check(!member.registrator || member.name == member.registrator->container,
                    "its name is that of the container");
    }
    return 0;
}
