#pragma once

#include "transport/resolver.hpp"

#include <memory>
#include <optional>
#include <string>

namespace boost::asio {
class io_context;
}

namespace patroni::transport {

class CaresChannel;

/// Names through c-ares: the hosts file and DNS, as /etc/nsswitch.conf orders them. (Asio's own
/// resolver blocks a thread in getaddrinfo, and the end of the program with it.)
///
/// c-ares is set up at the first name and taken down when no question is open, so that a change of
/// /etc/resolv.conf is seen and nothing keeps io_context::run() busy.
class CaresResolver final : public Resolver {
public:
    /// `servers`: "address[:port],..." instead of those of /etc/resolv.conf; empty: the system's.
    explicit CaresResolver(boost::asio::io_context& context, std::string servers = {});
    ~CaresResolver() override;

    Operation resolve(std::string host, std::uint16_t port,
                      Callback<void(Result<Endpoints>)> done) override;
    Operation find_services(std::string name, Callback<void(Result<ServiceRecords>)> done) override;

private:
    /// nullopt: a channel can be asked.
    std::optional<Error> prepare();
    Operation cancel_next();

    boost::asio::io_context& context_;
    std::string servers_;
    std::shared_ptr<CaresChannel> channel_;
};

}  // namespace patroni::transport
