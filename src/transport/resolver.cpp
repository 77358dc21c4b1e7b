#include "transport/resolver.hpp"

#include <boost/asio/ip/address.hpp>

namespace patroni::transport {

std::optional<boost::asio::ip::tcp::endpoint> numeric_endpoint(const std::string& host,
                                                               std::uint16_t port) {
    boost::system::error_code ec;
    const auto address = boost::asio::ip::make_address(host, ec);
    if (ec) {
        return std::nullopt;
    }
    return boost::asio::ip::tcp::endpoint(address, port);
}

}  // namespace patroni::transport
