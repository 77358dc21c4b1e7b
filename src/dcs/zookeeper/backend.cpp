#include "dcs/zookeeper/backend.hpp"

#include "base/text.hpp"
#include "dcs/zookeeper/tree_reader.hpp"
#include "dcs/zookeeper/watching.hpp"
#include "dcs/zookeeper/writing.hpp"

#include <random>

namespace patroni::dcs::zookeeper {
namespace {

Error refused(ErrorKind kind, std::string message) {
    Error error;
    error.kind = kind;
    error.message = std::move(message);
    return error;
}

/// "scheme:id" and letters of "rwcda", as ZooKeeper's own shell writes them.
Result<std::vector<Permission>> permissions_of(const Seeds& seeds) {
    constexpr std::string_view k_letters = "rwcda";
    std::vector<Permission> permissions;
    for (const auto& [who, letters] : seeds.acl) {
        const auto colon = who.find(':');
        if (colon == std::string::npos) {
            return refused(ErrorKind::config, "zookeeper: '" + who + "' is no scheme:id");
        }
        Permission permission{0, who.substr(0, colon), who.substr(colon + 1)};
        for (const char letter : letters) {
            const auto bit = k_letters.find(letter);
            if (bit == std::string_view::npos) {
                return refused(
                    ErrorKind::config,
                    "zookeeper: permissions are letters of rwcda, not '" + letters + "'");
            }
            permission.permissions |= 1 << bit;
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
    if (!seeds.user.empty()) {
        setup.logins.push_back({"digest", Secret(seeds.user + ":" + seeds.password.reveal())});
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
    return std::shared_ptr<Backend>(
        std::make_shared<ZookeeperBackend>(http, std::move(session), *std::move(permissions)));
}

ZookeeperBackend::ZookeeperBackend(transport::HttpClient& http, std::shared_ptr<Session> session,
                                   std::vector<Permission> permissions)
    : http_(http), session_(std::move(session)), permissions_(std::move(permissions)) {}

Operation ZookeeperBackend::start_read(std::string prefix, transport::SteadyTime deadline,
                                       Callback<void(Result<Snapshot>)> done) {
    const auto reader = std::make_shared<TreeReader>(std::move(prefix));
    const auto task = session_->run(reader, deadline,
                                    [reader, weak = std::weak_ptr(session_),
                                     done = std::move(done)](Result<void> result) mutable {
                                        if (!result) {
                                            return done(std::move(result).error());
                                        }
                                        if (reader->refusal()) {
                                            Error error = *reader->refusal();
                                            if (const auto session = weak.lock()) {
                                                error.endpoint = session->endpoint();
                                            }
                                            return done(std::move(error));
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

Operation ZookeeperBackend::start_watch(WatchRequest request, Callback<void(WatchEvent)> told) {
    return start_watching(http_, session_, std::move(request), std::move(told));
}

}  // namespace patroni::dcs::zookeeper
