#pragma once

#include "simulator/etcd2_api.hpp"
#include "simulator/etcd3_gateway.hpp"

#include <cstdint>
#include <string>

namespace patroni::simulation {

/// One etcd 3.4 with `--enable-v2`, without its port: both APIs, their keys, leases and watches.
/// Its time is the clock's.
class EtcdServer {
public:
    explicit EtcdServer(Clock& clock);

    void answer(const HttpRequest& request, const HttpResponder& responder);
    /// Where it says that clients find it.
    void client_url(const std::string& url);

    EtcdStore& store(SimulatedStore which) {
        return which == SimulatedStore::etcd2 ? etcd2_ : etcd3_;
    }
    EtcdLeases& leases() { return leases_; }
    EtcdAuth& auth() { return auth_; }
    /// Time has passed: what has lived long enough ends.
    void pass();

    bool has_quorum() const { return quorum_.there(); }
    /// Without a quorum nothing is written, nothing expires, and only what may be stale is read.
    void set_quorum(bool there);
    /// Cuts the connections of all watches.
    void cut_watches();

private:
    Clock& clock_;
    EtcdStore etcd2_{SimulatedStore::etcd2};
    EtcdStore etcd3_{SimulatedStore::etcd3};
    EtcdLeases leases_{etcd3_};
    EtcdAuth auth_;
    EtcdQuorum quorum_{clock_};
    Etcd3 v3_{.store = etcd3_, .leases = leases_, .auth = auth_};
    Etcd2Api api2_;
    Etcd3Gateway api3_;
};

}  // namespace patroni::simulation
