#include "dcs/store_identity.hpp"

namespace patroni::dcs {

bool StoreIdentity::is_foreign(const std::string& endpoint, const std::string& id) {
    if (id.empty()) {
        return false;
    }
    std::string& before = said_[endpoint];
    const bool was_of_this = !before.empty() && before == id_;
    before = id;
    if (!id_.empty() && id != id_ && !was_of_this) {
        return true;
    }
    id_ = id;
    endpoint_ = endpoint;
    return false;
}

bool StoreIdentity::is_of_this(const std::string& endpoint) const {
    const auto said = said_.find(endpoint);
    return said != said_.end() && !said->second.empty() && said->second == id_;
}

}  // namespace patroni::dcs
