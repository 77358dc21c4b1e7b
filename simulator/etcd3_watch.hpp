#pragma once

#include "simulator/etcd3_calls.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace patroni::simulation {

/// The watches of one stream, without the stream: what a client asks goes in, documents for it
/// come out, one a line.
class Etcd3WatchStream {
public:
    using Send = std::function<void(const Value&)>;
    /// What a watch is canceled with at once, as gRPC prints an error; empty: it may be.
    using Judge = std::function<std::string(const GatewayFields& create_request)>;

    /// `etcd` outlives the stream.
    Etcd3WatchStream(const Etcd3& etcd, Judge judge, Send send);

    /// A create_request, cancel_request or progress_request; anything else does nothing.
    void ask(const GatewayFields& fields);
    /// What has changed in one transaction.
    void changed(const std::vector<EtcdChange>& changes);
    /// Time has passed: watches that want to hear of progress do so after ten quiet minutes.
    void pass();

private:
    struct Watch {
        std::string from;
        std::string to;
        std::int64_t start = 0;  ///< 0: all that comes.
        bool puts = true;
        bool deletes = true;
        bool with_previous = false;
        bool progress = false;
        EtcdStore::Time told{0};  ///< When it was told something the last time.
    };

    void create(const GatewayFields& fields);
    /// Sends what has happened since the watch's start.
    void catch_up(std::int64_t id, Watch& watch);
    void send_events(std::int64_t id, Value events, std::int64_t revision);
    Value message(std::int64_t id, Value header) const;
    void refuse(std::string reason);

    const Etcd3& etcd_;
    Judge judge_;
    Send send_;
    std::map<std::int64_t, Watch> watches_;
    std::int64_t next_id_ = 0;
};

}  // namespace patroni::simulation
