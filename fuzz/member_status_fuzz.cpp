#include "check.hpp"
#include "codec/json.hpp"
#include "codec/member_status.hpp"

using namespace patroni;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto status = codec::decode_member_status(fuzz::text(data, size));
    if (!status) {
        fuzz::check(
            status.error().kind == ErrorKind::decode || status.error().kind == ErrorKind::limit,
            "a bad document is a decode or limit error");
        return 0;
    }
    const auto again = codec::decode_member_status(codec::to_json(status->document));
    fuzz::check(again && again->document == status->document, "the document is kept whole");
    fuzz::check(again->replication == status->replication && again->state == status->state &&
                    again->location == status->location,
                "a document that was written reads the same");
    fuzz::check(status->role == parse_role(status->role_reported), "the role is that of its word");
    return 0;
}
