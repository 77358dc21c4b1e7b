#include "discovery/registrator.hpp"

#include "dcs/dialogues.hpp"

#include <algorithm>
#include <charconv>
#include <map>

namespace patroni::discovery {
namespace {

constexpr std::uint16_t k_postgres_port = 5432;

std::string_view last_part(std::string_view key) {
    const auto slash = key.rfind('/');
    return slash == std::string_view::npos ? key : key.substr(slash + 1);
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc() || end != text.data() + text.size() || port == 0) {
        return std::nullopt;
    }
    return port;
}

bool is_container_name(std::string_view text) {
    const auto plain = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    };
    return text.size() >= 2 && plain(text.front()) &&
           std::all_of(text.begin(), text.end(),
                       [&](char c) { return plain(c) || c == '_' || c == '.' || c == '-'; });
}

using ContainerKey = std::pair<std::string, std::string>;

/// Published PostgreSQL addresses by host and container.
std::map<ContainerKey, HostPort> postgres_addresses(const dcs::Snapshot& snapshot) {
    std::map<ContainerKey, HostPort> addresses;
    for (const auto& entry : snapshot.entries) {
        const auto identity = parse_registrator_id(last_part(entry.key));
        auto address = parse_host_port(entry.value);
        if (identity && address) {
            addresses[{identity->host, identity->container}] = std::move(*address);
        }
    }
    return addresses;
}

struct Candidate {
    DiscoveredMember member;
    std::string key;
    std::uint64_t modified = 0;
};

/// Of several keys with one address only the newest container can own it.
void drop_older(std::vector<Candidate>& candidates, std::vector<Problem>& problems) {
    std::map<HostPort, std::size_t> newest;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        const auto [found, inserted] = newest.try_emplace(candidates[i].member.api->address, i);
        if (!inserted && candidates[i].modified > candidates[found->second].modified) {
            found->second = i;
        }
    }
    std::vector<Candidate> kept;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        const auto& address = candidates[i].member.api->address;
        if (newest.at(address) == i) {
            kept.push_back(std::move(candidates[i]));
        } else {
            problems.push_back({"stale_entry", candidates[i].key,
                                "the newer key " + candidates[newest.at(address)].key +
                                    " has the same address " + address.text()});
        }
    }
    candidates = std::move(kept);
}

}  // namespace

std::optional<RegistratorIdentity> parse_registrator_id(std::string_view id) {
    if (id.size() > 4 && id.substr(id.size() - 4) == ":udp") {
        id.remove_suffix(4);
    }
    // From the right, so that colons in the host survive.
    const auto last = id.rfind(':');
    if (last == std::string_view::npos || last == 0) {
        return std::nullopt;
    }
    const auto middle = id.rfind(':', last - 1);
    if (middle == std::string_view::npos || middle == 0) {
        return std::nullopt;
    }
    const auto port = parse_port(id.substr(last + 1));
    const auto container = id.substr(middle + 1, last - middle - 1);
    if (!port || !is_container_name(container)) {
        return std::nullopt;
    }
    return RegistratorIdentity{std::string(id.substr(0, middle)), std::string(container), *port};
}

std::optional<std::string> postgres_sibling(std::string_view directory) {
    const auto dash = directory.rfind('-');
    if (dash == std::string_view::npos) {
        return std::nullopt;
    }
    const auto port = parse_port(directory.substr(dash + 1));
    if (!port || *port == k_postgres_port) {
        return std::nullopt;
    }
    return std::string(directory.substr(0, dash + 1)) + std::to_string(k_postgres_port);
}

Discovery members_of_registrator(std::string_view directory, const dcs::Snapshot& snapshot,
                                 const dcs::Snapshot& postgres) {
    Discovery discovery;
    dcs::Snapshot beside = postgres;
    std::vector<Candidate> candidates;
    for (const auto& entry : snapshot.entries) {
        const auto identity = parse_registrator_id(last_part(entry.key));
        if (identity && identity->container_port == k_postgres_port) {
            beside.entries.push_back(entry);  // A directory above both services was given.
            continue;
        }
        auto address = parse_host_port(entry.value);
        if (!address) {
            discovery.problems.push_back(
                {"not_host_port", entry.key,
                 "the value is not host:port (" + address.error().message + ")"});
            continue;
        }
        Candidate candidate;
        candidate.key = entry.key;
        candidate.modified = entry.modified;
        candidate.member.api = Origin{false, std::move(*address)};
        candidate.member.name = identity ? identity->container : std::string(last_part(entry.key));
        candidate.member.registrator = identity;
        candidates.push_back(std::move(candidate));
    }
    drop_older(candidates, discovery.problems);
    const auto addresses = postgres_addresses(beside);
    for (auto& candidate : candidates) {
        if (const auto& identity = candidate.member.registrator) {
            const auto found = addresses.find({identity->host, identity->container});
            if (found != addresses.end()) {
                candidate.member.postgres = found->second;
            }
        }
        discovery.members.push_back(std::move(candidate.member));
    }
    if (snapshot.entries.empty()) {
        discovery.problems.push_back({"empty_directory", std::string(directory),
                                      "registrator has no entry here: no container of this service "
                                      "is running, or they have expired"});
    }
    return discovery;
}

namespace {

/// Reads the directory, then its sibling; a sibling that cannot be read is only a missing extra.
class RegistratorReading : public std::enable_shared_from_this<RegistratorReading> {
public:
    RegistratorReading(transport::HttpClient& http, Request request,
                       Callback<void(Result<Discovery>)> done)
        : http_(http), request_(std::move(request)), done_(std::move(done)) {}

    void start() {
        call_ = read(request_.seeds.directory,
                     [self = shared_from_this()](Result<dcs::Snapshot> result) {
                         self->take_directory(std::move(result));
                     });
    }

    void cancel() { call_.cancel(); }

private:
    Operation read(const std::string& path, Callback<void(Result<dcs::Snapshot>)> next) {
        return dcs::read_store(http_, dcs::access_of(request_.seeds),
                               dcs::make_registry_reader(request_.seeds, path), request_.deadline,
                               std::move(next));
    }

    void take_directory(Result<dcs::Snapshot> result) {
        if (!result) {
            return done_(std::move(result).error());
        }
        snapshot_ = std::move(*result);
        const auto sibling = postgres_sibling(request_.seeds.directory);
        if (!sibling || snapshot_.entries.empty()) {
            return finish({});
        }
        call_ = read(*sibling, [self = shared_from_this()](Result<dcs::Snapshot> postgres) {
            if (!postgres && postgres.error().kind == ErrorKind::cancelled) {
                return self->done_(std::move(postgres).error());
            }
            self->finish(postgres ? std::move(*postgres) : dcs::Snapshot{});
        });
    }

    void finish(const dcs::Snapshot& postgres) {
        done_(members_of_registrator(request_.seeds.directory, snapshot_, postgres));
    }

    transport::HttpClient& http_;
    Request request_;
    Callback<void(Result<Discovery>)> done_;
    dcs::Snapshot snapshot_;
    Operation call_;
};

}  // namespace

Operation read_registrator(transport::HttpClient& http, const Request& request,
                           Callback<void(Result<Discovery>)> done) {
    auto reading = std::make_shared<RegistratorReading>(http, request, std::move(done));
    reading->start();
    return Operation([weak = std::weak_ptr<RegistratorReading>(reading)] {
        if (auto alive = weak.lock()) {
            alive->cancel();
        }
    });
}

}  // namespace patroni::discovery
