#pragma once

#include <map>
#include <string>

namespace patroni::dcs {

/// Which store the endpoints of a configuration are of, where stores say who they are: an address
/// of another one is a mistake, and what it says must not be taken for the truth. An endpoint that
/// was of this store and now says otherwise was built anew, and is believed.
class StoreIdentity {
public:
    /// Whether an endpoint that says it is of store `id` is of another one; empty: it does not say.
    bool is_foreign(const std::string& endpoint, const std::string& id);

    /// Whether an endpoint said last that it is of this store.
    bool is_of_this(const std::string& endpoint) const;

    /// Empty: nobody has said it yet.
    const std::string& id() const noexcept { return id_; }
    /// Who said it last.
    const std::string& endpoint() const noexcept { return endpoint_; }

private:
    std::string id_;
    std::string endpoint_;
    std::map<std::string, std::string> said_;  ///< By endpoint.
};

}  // namespace patroni::dcs
