#include "check.hpp"
#include "codec/member_status.hpp"

#include <algorithm>

using namespace patroni;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto overview = codec::decode_cluster_overview(fuzz::text(data, size));
    if (!overview) {
        return 0;
    }
    fuzz::check(
        std::is_sorted(overview->members.begin(), overview->members.end(),
                       [](const auto& left, const auto& right) { return left.name < right.name; }),
        "members are sorted");
    for (const PublishedMember& member : overview->members) {
        fuzz::check(!member.name.empty(), "every member has a name");
        fuzz::check(!member.postgres || parse_host_port(member.postgres->text()),
                    "an address that was accepted is one");
        fuzz::check(!member.api || parse_origin(member.api->text(), 0),
                    "an origin that was accepted is one");
        fuzz::check(member.tags.is_null() || member.tags.if_object(), "tags are an object");
    }
    return 0;
}
