#pragma once

#include "simulator/etcd3_watch.hpp"
#include "simulator/http_responder.hpp"

#include <map>
#include <string>

namespace patroni::simulation {

/// The watch requests that an etcd 3 is answering: each is one HTTP answer without an end.
class Etcd3Streams {
public:
    explicit Etcd3Streams(const Etcd3& etcd);
    ~Etcd3Streams();
    Etcd3Streams(const Etcd3Streams&) = delete;
    Etcd3Streams& operator=(const Etcd3Streams&) = delete;

    /// Begins the watches that the body asks for. `head` is that of the HTTP answer.
    void open(const HttpResponder& responder, std::string head, std::string_view body,
              Etcd3WatchStream::Judge judge, bool needs_leader);
    /// Watches that asked for a leader end: there is none.
    void leader_lost();
    /// Cuts the connections.
    void reset_all();
    /// Time has passed.
    void pass();

private:
    struct Open {
        HttpResponder responder;
        bool needs_leader;
        Etcd3WatchStream watches;
    };

    const Etcd3& etcd_;
    int listener_;
    std::map<int, Open> open_;
    int last_ = 0;
};

/// How a stream tells of an error.
Value etcd3_stream_error(const GrpcError& error);

}  // namespace patroni::simulation
