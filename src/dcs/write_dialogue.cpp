#include "dcs/write_dialogue.hpp"

namespace patroni::dcs {

std::string conflict_message(const StoreOutcome& outcome, const StoreWrite& write) {
    const std::string what = "nothing was written: " + write.key;
    if (write.expected == 0) {
        return what + " exists already";
    }
    if (!outcome.current_known) {
        return what + " was changed by somebody else";
    }
    if (!outcome.current) {
        return what + " does not exist any more";
    }
    return what + " was changed by somebody else, in revision " +
           std::to_string(outcome.current->revision);
}

}  // namespace patroni::dcs
