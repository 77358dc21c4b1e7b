#pragma once

#include <patroni/result.hpp>
#include <patroni/secret.hpp>
#include <patroni/tls_settings.hpp>
#include <patroni/url.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patroni {

/// Where to look for the members of a cluster, or of several.
struct Seeds {
    enum class Kind {
        registrator,  ///< registrator's `host:port` entries, see `Registry`.
        etcd2,        ///< Patroni's own keys in etcd, v2 API.
        etcd3,        ///< Patroni's own keys in etcd, v3 API.
        consul,       ///< Patroni's own keys in Consul's key-value store.
        zookeeper,    ///< Patroni's own keys in ZooKeeper.
        api,          ///< `GET /cluster` of one Patroni names the others (Patroni >= 1.6.1).
        members,      ///< The REST addresses themselves.
    };

    /// What registrator writes to.
    enum class Registry {
        etcd2,           ///< etcd, v2 API.
        consul_kv,       ///< The key-value store of Consul.
        consul_catalog,  ///< The services of Consul.
    };

    Kind kind = Kind::members;
    Registry registry = Registry::etcd2;  ///< registrator.
    /// Of the store, or of REST APIs; tried in this order.
    std::vector<Origin> endpoints;
    /// registrator: the directory, such as "/dingo-postgresql95-8008"; in the catalog the service.
    std::string directory;
    /// Of a store: Patroni's namespace; slashes around it do not matter.
    std::string name_space = "service";
    /// Of a store: one cluster; empty: every cluster of the namespace.
    std::string scope;
    /// For the store; never sent to members.
    std::string user;
    Secret password;
    Secret token;            ///< Consul: of the ACL; empty: anonymous.
    std::string datacenter;  ///< Consul: empty: that of the agent.
    std::string chroot;      ///< zookeeper: the node that counts as the root, such as "/patroni".
    /// zookeeper: what is presented after connecting, by scheme: {"digest", "user:password"}.
    std::vector<std::pair<std::string, Secret>> auth_data;
    /// zookeeper: permissions (letters of "rwcda") of the nodes that a write makes, by "scheme:id";
    /// empty: everybody may do everything.
    std::vector<std::pair<std::string, std::string>> acl;
    /// etcd2, etcd3: the domain whose SRV records name the endpoints; those above are used when it
    /// has none.
    std::string srv_domain;
    std::string srv_suffix;  ///< "NAME" asks for _etcd-client-NAME instead of _etcd-client.
    /// zookeeper: Exhibitor's REST APIs, which name the endpoints; those above are used when none
    /// of them answers.
    std::vector<Origin> exhibitors;
    std::chrono::seconds exhibitor_poll_interval{300};
    bool exhibitor_names_tls = false;  ///< ZooKeeper at the endpoints that Exhibitor names has TLS.
    /// For a store with https; members and seeds use `ClientOptions::member_tls`.
    TlsSettings tls;

    /// `etcd://[user:password@]host:port[,host:port...]/DIRECTORY`, `consulkv://.../PREFIX/SERVICE`
    /// or `consul://.../SERVICE` (`etcd-tls://`, `consulkv-tls://`, `consul-tls://` for TLS).
    static Result<Seeds> registrator(std::string_view url);
    /// Comma-separated `host[:port]` or URLs, default port 2379.
    static Result<Seeds> etcd2(std::string_view hosts, std::string_view scope = {});
    static Result<Seeds> etcd3(std::string_view hosts, std::string_view scope = {});
    /// Comma-separated `host[:port]` or URLs, default port 8500.
    static Result<Seeds> consul(std::string_view hosts, std::string_view scope = {});
    /// Comma-separated `host[:port]`, default port 2181; a chroot may follow the last one:
    /// "zk1,zk2:2181/patroni".
    static Result<Seeds> zookeeper(std::string_view hosts, std::string_view scope = {});
    /// Comma-separated `host[:port]` or URLs, default port 8008.
    static Result<Seeds> api(std::string_view urls);
    static Result<Seeds> members(std::string_view list);
};

/// "registrator", "etcd2", "etcd3", "consul", "zookeeper", "api", "members".
std::string_view to_string(Seeds::Kind kind) noexcept;

/// Whether a kind is a store with Patroni's own keys: what a `Store` can be made of.
bool is_store(Seeds::Kind kind) noexcept;

}  // namespace patroni
