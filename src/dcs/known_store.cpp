#include "dcs/known_store.hpp"

namespace patroni::dcs {

KnownStore::Verdict KnownStore::meet(const std::string& id) {
    if (id.empty()) {
        return Verdict::same;
    }
    if (known_.empty() || known_ == id) {
        known_ = id;
        refused_ = 0;
        return Verdict::same;
    }
    if (++refused_ <= endpoints_) {
        return Verdict::other;
    }
    known_ = id;
    refused_ = 0;
    return Verdict::moved;
}

}  // namespace patroni::dcs
