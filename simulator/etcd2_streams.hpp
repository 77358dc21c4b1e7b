#pragma once

#include "simulator/etcd2_keys.hpp"
#include "simulator/etcd2_watch.hpp"
#include "simulator/http_responder.hpp"

#include <functional>
#include <map>
#include <string>

namespace patroni::simulation {

/// The requests with `wait=true` that an etcd 2 has not answered yet.
class Etcd2Streams {
public:
    /// `now` is the date and time of the store's.
    Etcd2Streams(EtcdStore& store, std::function<WallTime()> now);
    ~Etcd2Streams();
    Etcd2Streams(const Etcd2Streams&) = delete;
    Etcd2Streams& operator=(const Etcd2Streams&) = delete;

    /// Begins a watch whose index is not too old; `head` is that of its HTTP answer. `close`:
    /// the connection ends with it.
    void open(const HttpResponder& responder, const std::string& head, const Etcd2Watch& watch,
              bool close);
    /// Cuts the connections.
    void reset_all();

private:
    struct Open {
        HttpResponder responder;
        Etcd2Watch watch;
        bool close;
    };

    std::string chunk(const EtcdChange& change) const;
    void changed(const EtcdChange& change);

    EtcdStore& store_;
    std::function<WallTime()> now_;
    int listener_;
    std::map<int, Open> open_;
    int last_ = 0;
};

}  // namespace patroni::simulation
