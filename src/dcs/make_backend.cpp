#include "dcs/make_backend.hpp"

#include "dcs/consul/backend.hpp"
#include "dcs/dialogues.hpp"
#include "dcs/find_endpoints.hpp"
#include "dcs/http_backend.hpp"
#include "dcs/located_backend.hpp"
#include "dcs/zookeeper/backend.hpp"

namespace patroni::dcs {
namespace {

Error refused(ErrorKind kind, std::string message) {
    Error error;
    error.kind = kind;
    error.message = std::move(message);
    return error;
}

}  // namespace

Result<std::shared_ptr<Backend>> make_backend(transport::HttpClient& http, const Seeds& seeds) {
    if (must_find_endpoints(seeds)) {
        return std::shared_ptr<Backend>(std::make_shared<LocatedBackend>(
            http, seeds, [&http](const Seeds& located) { return make_backend(http, located); }));
    }
    if (seeds.endpoints.empty()) {
        return refused(ErrorKind::config, "the seeds name no endpoint");
    }
    switch (seeds.kind) {
        case Seeds::Kind::etcd2:
        case Seeds::Kind::etcd3:
            return std::shared_ptr<Backend>(std::make_shared<HttpBackend>(http, seeds));
        case Seeds::Kind::consul:
            return std::shared_ptr<Backend>(std::make_shared<consul::ConsulBackend>(
                http, access_of(seeds), consul::Access{seeds.token, seeds.datacenter}));
        case Seeds::Kind::zookeeper:
            return zookeeper::ZookeeperBackend::create(http, seeds);
        case Seeds::Kind::registrator:
        case Seeds::Kind::api:
        case Seeds::Kind::members:
            break;
    }
    return refused(ErrorKind::config, "seeds of kind " + std::string(to_string(seeds.kind)) +
                                          " name no store with Patroni's keys");
}

}  // namespace patroni::dcs
