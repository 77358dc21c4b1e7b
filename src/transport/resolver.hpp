#pragma once

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
};

/// The endpoint of an IPv4 or IPv6 address (with optional zone) in text form; nullopt for names,
/// which need a Resolver.
std::optional<boost::asio::ip::tcp::endpoint> numeric_endpoint(const std::string& host,
                                                               std::uint16_t port);

}  // namespace patroni::transport
