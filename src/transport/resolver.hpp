#pragma once

#include "transport/service_record.hpp"

#include <patroni/callback.hpp>
#include <patroni/operation.hpp>
#include <patroni/result.hpp>

#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace patroni::transport {

using Endpoints = std::vector<boost::asio::ip::tcp::endpoint>;

/// Host names to addresses.
class Resolver {
public:
    virtual ~Resolver() = default;

    /// The addresses in the order in which they should be tried, at least one. The callback is
    /// never called from within resolve(), and not at all after cancel() of the returned operation
    /// or after the end of the resolver. Error kind `resolve`.
    virtual Operation resolve(std::string host, std::uint16_t port,
                              Callback<void(Result<Endpoints>)> done) = 0;

    /// The SRV records of a name such as "_etcd-client._tcp.example.com", those to try first in
    /// front; none is an empty list, as is a name that does not exist. Promises as resolve()
    /// does.
    virtual Operation find_services(std::string name,
                                    Callback<void(Result<ServiceRecords>)> done) = 0;
};

/// The endpoint of an IPv4 or IPv6 address (with optional zone) in text form; nullopt for names,
/// which need a Resolver.
std::optional<boost::asio::ip::tcp::endpoint> numeric_endpoint(const std::string& host,
                                                               std::uint16_t port);

}  // namespace patroni::transport
