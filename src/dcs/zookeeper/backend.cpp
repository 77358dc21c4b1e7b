#include "dcs/zookeeper/backend.hpp"

#include "base/text.hpp"
#include "dcs/zookeeper/tree_reader.hpp"
#include "dcs/zookeeper/watching.hpp"
#include "dcs/zookeeper/writing.hpp"

#include <array>
#include <random>

namespace patroni::dcs::zookeeper {
namespace {

Error refused(ErrorKind kind, std::string message) {
    Error error;
    error.kind = kind;
    error.message = std::move(message);
    return error;
}

std::int32_t bit_of(std::string_view word) {
    constexpr std::array<std::string_view, 5> k_words = {"read", "write", "create", "delete",
                                                         "admin"};
    for (std::size_t i = 0; i < k_words.size(); ++i) {
        if (equals_ignoring_case(word, k_words[i])) {
            return 1 << i;
        }
    }
    return equals_ignoring_case(word, "all") ? 31 : 0;
}

/// As Patroni reads them: a principal without a scheme is the name in a certificate.
Result<std::vector<Permission>> permissions_of(const Seeds& seeds) {
    std::vector<Permission> permissions;
    for (const auto& [principal, words] : seeds.set_acls) {
        const auto colon = principal.find(':');
        Permission permission{0, "x509", principal};
        if (colon != std::string::npos) {
            permission.scheme = principal.substr(0, colon);
            permission.id = principal.substr(colon + 1);
        }
        for (const auto& word : words) {
            const std::int32_t bit = bit_of(word);
            if (bit == 0) {
                return refused(ErrorKind::config,
                               "zookeeper.set_acls: unknown permission '" + word +
                                   "'; one of READ, WRITE, CREATE, DELETE, ADMIN, ALL");
            }
            permission.permissions |= bit;
        }
        permissions.push_back(std::move(permission));
    }
    return permissions;
}

SessionSetup complete(SessionSetup setup, const Seeds& seeds) {
    for (const Origin& origin : seeds.endpoints) {
        setup.endpoints.push_back(origin.address.text());
    }
    for (const auto& [scheme, credential] : seeds.auth_data) {
        setup.logins.push_back({scheme, credential});
    }
    setup.chroot = seeds.chroot;
    if (!setup.random) {
        setup.random = [generator = std::mt19937_64(std::random_device()())]() mutable {
            return generator();
        };
    }
    return setup;
}

}  // namespace

Result<std::shared_ptr<Backend>> ZookeeperBackend::create(transport::HttpClient& http,
                                                          const Seeds& seeds, SessionSetup setup) {
    for (const auto& [scheme, credential] : seeds.auth_data) {
        if (equals_ignoring_case(scheme, "sasl")) {
            return refused(ErrorKind::unsupported,
                           "zookeeper: SASL is not supported; use digest (auth_data) or a client "
                           "certificate");
        }
    }
    auto permissions = permissions_of(seeds);
    if (!permissions) {
        return std::move(permissions).error();
    }
    auto session = Session::create(http, seeds, complete(std::move(setup), seeds));
    return std::shared_ptr<Backend>(std::make_shared<ZookeeperBackend>(
        http, std::move(session), *std::move(permissions)));
}

ZookeeperBackend::ZookeeperBackend(transport::HttpClient& http, std::shared_ptr<Session> session,
                                   std::vector<Permission> permissions)
    : http_(http), session_(std::move(session)), permissions_(std::move(permissions)) {}

Operation ZookeeperBackend::start_read(std::string prefix, transport::SteadyTime deadline,
                                       Callback<void(Result<Snapshot>)> done) {
    const auto reader = std::make_shared<TreeReader>(std::move(prefix));
    const auto task = session_->run(
        reader, deadline, [reader, done = std::move(done)](Result<void> result) mutable {
            if (!result) {
                return done(std::move(result).error());
            }
            if (reader->refusal()) {
                return done(*reader->refusal());
            }
            done(reader->snapshot());
        });
    return Operation([weak = std::weak_ptr(session_), task] {
        if (const auto session = weak.lock()) {
            session->cancel(task);
        }
    });
}

Operation ZookeeperBackend::start_write(StoreWrite write, transport::SteadyTime deadline,
                                        Callback<void(Result<StoreOutcome>)> done) {
    return start_writing(session_, std::move(write), permissions_, deadline, std::move(done));
}

Operation ZookeeperBackend::start_watch(WatchRequest request,
                                        Callback<void(WatchEvent)> told) {
    return start_watching(http_, session_, std::move(request), std::move(told));
}

}  // namespace patroni::dcs::zookeeper
