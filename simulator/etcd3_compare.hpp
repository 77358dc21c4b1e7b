#pragma once

#include "simulator/etcd3_fields.hpp"
#include "simulator/etcd_store.hpp"

#include <cstdint>
#include <string>

namespace patroni::simulation {

/// One condition of a transaction: a property of a key, or of all keys of a range.
class Etcd3Compare {
public:
    explicit Etcd3Compare(const GatewayFields& fields);

    bool has_key() const { return !key_.empty(); }
    bool holds_in(const EtcdStore& store) const;

private:
    bool holds_for(const EtcdEntry* entry) const;

    std::string key_;
    std::string range_end_;
    std::string value_;
    std::int64_t result_;
    std::int64_t target_;
    std::int64_t number_ = 0;
};

}  // namespace patroni::simulation
