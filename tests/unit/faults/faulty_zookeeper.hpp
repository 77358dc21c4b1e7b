#pragma once

#include "simulator/reserved_port.hpp"
#include "unit/dcs/zookeeper_server.hpp"
#include "unit/faults/served_loop.hpp"

#include <patroni/seeds.hpp>

#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace patroni::testing {

/// What goes wrong on the connections to a server that speaks no HTTP.
struct WireFault {
    enum class Kind {
        refuse,
        reset_on_accept,
        silent,   ///< Reads, and never answers.
        slow,     ///< One byte each 50 ms.
        stall,    ///< `bytes` of all that is sent, then nothing more.
        close,    ///< `bytes`, then closed in order.
        reset,    ///< `bytes`, then reset.
        garbage,  ///< Bytes that are no frame, in place of the first answer.
        endless,  ///< In place of the answer behind the welcome: a frame that is larger than any.
    };
    Kind kind = Kind::silent;
    std::size_t bytes = 0;
};

/// A ZooKeeper 3.8 that holds nodes, on a loopback port and a thread of its own.
class FaultyZookeeper {
public:
    explicit FaultyZookeeper(const std::map<std::string, std::string>& nodes);
    ~FaultyZookeeper();
    FaultyZookeeper(const FaultyZookeeper&) = delete;
    FaultyZookeeper& operator=(const FaultyZookeeper&) = delete;

    Seeds seeds() const;
    /// For connections from now on.
    void fault(std::optional<WireFault> fault);
    std::size_t connections();
    /// The most that were open at a time.
    std::size_t open_at_most();
    /// Waits until its connections have ended; false when one stays open.
    bool all_connections_ended();

private:
    class Link;

    void accept();

    ServedLoop loop_;
    ZookeeperTree tree_;
    std::optional<WireFault> fault_;
    std::optional<simulation::ReservedPort> port_;
    std::optional<boost::asio::ip::tcp::acceptor> acceptor_;
    std::list<std::weak_ptr<Link>> links_;
    std::size_t connections_ = 0;
    std::size_t open_at_most_ = 0;
};

}  // namespace patroni::testing
