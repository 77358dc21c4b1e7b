#include "dcs/watch_dialogue.hpp"

namespace patroni::dcs {

Refusal other_store() {
    Refusal refusal;
    refusal.error.kind = ErrorKind::config;
    refusal.error.delivery = Delivery::answered;
    refusal.error.message =
        "this endpoint belongs to another cluster of the store than those before: its revisions "
        "mean something else";
    refusal.try_next = true;
    return refusal;
}

Refusal stream_ended() {
    Refusal refusal;
    refusal.error.kind = ErrorKind::reset;
    refusal.error.delivery = Delivery::answered;
    refusal.error.message = "the server ended the stream of changes";
    refusal.try_next = true;
    return refusal;
}

}  // namespace patroni::dcs
