#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace patroni::transport {

/// Where a service runs, as one SRV record names it.
struct ServiceRecord {
    std::string host;
    std::uint16_t port = 0;
    std::uint16_t priority = 0;  ///< Lower ones first.
    std::uint16_t weight = 0;    ///< Of the same priority: higher ones first.

    friend bool operator==(const ServiceRecord&, const ServiceRecord&) = default;
};
using ServiceRecords = std::vector<ServiceRecord>;

}  // namespace patroni::transport
