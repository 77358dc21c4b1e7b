#pragma once

#include <cstddef>
#include <string>

namespace patroni::dcs {

/// Which store a watch is of, where stores say who they are. Endpoints of another one are refused;
/// when all of them belong to another one, it was built anew, and is taken.
class KnownStore {
public:
    enum class Verdict { same, other, moved };

    explicit KnownStore(std::size_t endpoints) : endpoints_(endpoints) {}

    /// An endpoint says that it belongs to `id`; empty: it does not say.
    Verdict meet(const std::string& id);

private:
    std::size_t endpoints_;
    std::size_t refused_ = 0;  ///< In a row.
    std::string known_;
};

}  // namespace patroni::dcs
