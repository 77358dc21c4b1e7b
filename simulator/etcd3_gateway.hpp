#pragma once

#include "simulator/etcd3_routes.hpp"
#include "simulator/etcd3_streams.hpp"
#include "simulator/etcd_http.hpp"
#include "simulator/etcd_quorum.hpp"

#include <patroni/timestamp.hpp>

#include <functional>

namespace patroni::simulation {

/// The HTTP face of etcd's v3 API, grpc-gateway: everything below `/v3/`.
class Etcd3Gateway {
public:
    Etcd3Gateway(Etcd3& etcd, EtcdQuorum& quorum, std::function<WallTime()> now);

    void answer(const HttpRequest& request, const HttpResponder& responder);
    Etcd3Streams& streams() { return streams_; }

private:
    void watch(const HttpRequest& request, const HttpResponder& responder);
    void carry_out(const Etcd3Route& route, const HttpRequest& request,
                   const HttpResponder& responder, const Value& document, bool in_time);

    Etcd3& etcd_;
    EtcdQuorum& quorum_;
    std::function<WallTime()> now_;
    Etcd3Streams streams_;
};

}  // namespace patroni::simulation
