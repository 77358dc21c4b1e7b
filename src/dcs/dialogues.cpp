#include "dcs/dialogues.hpp"

#include "dcs/consul/read_dialogue.hpp"
#include "dcs/consul/service_dialogue.hpp"
#include "dcs/etcd2/read_dialogue.hpp"
#include "dcs/etcd2/watch_dialogue.hpp"
#include "dcs/etcd2/write_dialogue.hpp"
#include "dcs/etcd3/read_dialogue.hpp"
#include "dcs/etcd3/watch_dialogue.hpp"
#include "dcs/etcd3/write_dialogue.hpp"

namespace patroni::dcs {

StoreAccess access_of(const Seeds& seeds) {
    return {seeds.endpoints, std::make_shared<TlsSettings>(seeds.tls), {}, nullptr};
}

namespace {

/// The v2 API names a directory without its trailing slash.
std::string directory(const std::string& prefix) {
    return prefix.substr(0, prefix.size() - (prefix.ends_with('/') ? 1 : 0));
}

}  // namespace

std::unique_ptr<ReadDialogue> make_reader(const Seeds& seeds, const std::string& prefix) {
    Credentials credentials{seeds.user, seeds.password};
    if (seeds.kind == Seeds::Kind::etcd3) {
        return std::make_unique<etcd3::ReadPrefix>(prefix, std::move(credentials));
    }
    return std::make_unique<etcd2::ReadTree>(directory(prefix), std::move(credentials),
                                             etcd2::Missing::empty);
}

std::unique_ptr<WatchDialogue> make_watcher(const Seeds& seeds, const std::string& prefix,
                                            std::shared_ptr<StoreIdentity> identity) {
    Credentials credentials{seeds.user, seeds.password};
    if (seeds.kind == Seeds::Kind::etcd3) {
        return std::make_unique<etcd3::WatchPrefix>(prefix, std::move(credentials),
                                                    std::move(identity));
    }
    return std::make_unique<etcd2::WatchTree>(directory(prefix), std::move(credentials),
                                              std::move(identity));
}

std::unique_ptr<ReadDialogue> make_registry_reader(const Seeds& seeds, const std::string& path) {
    switch (seeds.registry) {
        case Seeds::Registry::consul_kv:
            return std::make_unique<consul::ReadPrefix>(
                path + "/", consul::Access{seeds.token, seeds.datacenter});
        case Seeds::Registry::consul_catalog:
            return std::make_unique<consul::ReadService>(
                path, consul::Access{seeds.token, seeds.datacenter});
        case Seeds::Registry::etcd2:
            break;
    }
    return std::make_unique<etcd2::ReadTree>(path, Credentials{seeds.user, seeds.password});
}

WritePlan make_writer(const Seeds& seeds, StoreWrite write) {
    Credentials credentials{seeds.user, seeds.password};
    WritePlan plan;
    plan.look = [seeds, key = write.key] { return make_reader(seeds, key); };
    plan.write = write;
    if (seeds.kind == Seeds::Kind::etcd3) {
        plan.dialogue = std::make_unique<etcd3::WriteKey>(std::move(write), std::move(credentials));
    } else {
        plan.dialogue = std::make_unique<etcd2::WriteKey>(std::move(write), std::move(credentials));
    }
    return plan;
}

}  // namespace patroni::dcs
