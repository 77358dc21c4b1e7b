#pragma once

#include "simulator/etcd2_streams.hpp"
#include "simulator/etcd_auth.hpp"
#include "simulator/etcd_quorum.hpp"

#include <functional>
#include <string>

namespace patroni::simulation {

/// The HTTP face of etcd's v2 API: everything below `/v2/`.
class Etcd2Api {
public:
    /// `now` is the date and time of the store's.
    Etcd2Api(EtcdStore& store, EtcdAuth& auth, EtcdQuorum& quorum, std::function<WallTime()> now);

    void answer(const HttpRequest& request, const HttpResponder& responder);
    void client_url(std::string url) { client_url_ = std::move(url); }
    void term(std::int64_t term) { term_ = term; }
    Etcd2Streams& streams() { return streams_; }

private:
    EtcdAnswer answer_to(const HttpRequest& request) const;
    void keys(const HttpRequest& request, const HttpResponder& responder);
    void watch(const HttpRequest& request, const HttpResponder& responder, const Etcd2Form& form);
    Etcd2 etcd() const { return {.store = store_, .now = now_(), .term = term_}; }
    void reply(const EtcdAnswer& answer, const HttpRequest& request,
               const HttpResponder& responder) const;

    EtcdStore& store_;
    EtcdAuth& auth_;
    EtcdQuorum& quorum_;
    std::function<WallTime()> now_;
    std::string client_url_;
    std::int64_t term_ = 2;
    Etcd2Streams streams_;
};

}  // namespace patroni::simulation
