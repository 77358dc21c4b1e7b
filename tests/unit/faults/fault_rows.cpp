#include "unit/faults/fault_rows.hpp"

#include <utility>

namespace patroni::testing {
namespace {

using std::chrono::milliseconds;

FaultRow both(const char* name, Fault fault, Expected expected) {
    return {name, std::move(fault), expected, expected};
}

}  // namespace

void PrintTo(const FaultRow& row, std::ostream* out) {
    *out << row.name;
}

// 10 bytes are a part of the status line, 40 a part of the head, 400 a part of the body.
const std::vector<FaultRow>& fault_rows() {
    // 256 MiB are allowed from a store: slow machines do not get there in time.
    static constexpr Expected flood{.kind = ErrorKind::timeout,
                                    .delivery = k_answered,
                                    .or_kind = ErrorKind::limit,
                                    .by_deadline = true};
    static const std::vector<FaultRow> table = {
        both("refuse", Fault::refuse(), ends(ErrorKind::connect_refused, k_not_sent)),
        both("silent", Fault::silent(), times_out(k_perhaps)),
        both("slow", Fault::slow(1, milliseconds(50)), times_out(k_perhaps)),
        both("stall", Fault::stall(400), times_out(k_answered)),
        both("reset_on_accept", Fault::reset_on_accept(), k_reset_at_once),
        both("reset_after_request", Fault::reset_after_request(),
             ends(ErrorKind::reset, k_perhaps)),
        both("empty_reply", Fault::empty_reply(), ends(ErrorKind::reset, k_perhaps)),
        both("cut_in_status_line", Fault::truncate(10), ends(ErrorKind::reset, k_perhaps)),
        both("cut_in_head", Fault::truncate(40), ends(ErrorKind::reset, k_answered)),
        // Without a length, an answer that ends in order is complete, and then it is no document.
        {"cut_in_body", Fault::truncate(400), ends(ErrorKind::decode, k_answered),
         ends(ErrorKind::reset, k_answered)},
        both("reset_in_status_line", Fault::reset_within(10), ends(ErrorKind::reset, k_perhaps)),
        both("reset_in_head", Fault::reset_within(40), ends(ErrorKind::reset, k_answered)),
        both("reset_in_body", Fault::reset_within(400), ends(ErrorKind::reset, k_answered)),
        both("garbage", Fault::garbage(), ends(ErrorKind::protocol, k_perhaps)),
        {"double_response", Fault::double_response(), ends(ErrorKind::decode, k_answered),
         Expected{}},
        both("endless_head", Fault::endless_head(), ends(ErrorKind::limit, k_answered)),
        {"endless_body", Fault::endless_body(), ends(ErrorKind::limit, k_answered), flood},
        both("many_headers", Fault::many_headers(), ends(ErrorKind::limit, k_answered)),
    };
    return table;
}

}  // namespace patroni::testing
