#include "discovery/discover.hpp"

#include "dcs/make_backend.hpp"
#include "discovery/dcs_members.hpp"
#include "discovery/registrator.hpp"
#include "discovery/seed_members.hpp"

#include <algorithm>
#include <tuple>

namespace patroni::discovery {
namespace {

void sort_members(Discovery& discovery) {
    std::sort(discovery.members.begin(), discovery.members.end(),
              [](const DiscoveredMember& a, const DiscoveredMember& b) {
                  return std::make_tuple(a.scope.value_or(""), a.display_name(), a.api) <
                         std::make_tuple(b.scope.value_or(""), b.display_name(), b.api);
              });
}

Discovery static_members(const Seeds& seeds) {
    Discovery discovery;
    for (const auto& origin : seeds.endpoints) {
        DiscoveredMember member;
        member.api = origin;
        discovery.members.push_back(std::move(member));
    }
    return discovery;
}

Operation read_dcs(transport::HttpClient& http, const Request& request,
                   Callback<void(Result<Discovery>)> done) {
    const auto& seeds = request.seeds;
    auto made = dcs::make_backend(http, seeds);
    if (!made) {
        done(std::move(made).error());
        return Operation();
    }
    dcs::Backend& backend = **made;
    return backend.start_read(dcs_prefix(seeds.name_space, seeds.scope), request.deadline,
                              [seeds, kept = *std::move(made),
                               done = std::move(done)](Result<dcs::Snapshot> snapshot) mutable {
                                  if (!snapshot) {
                                      return done(std::move(snapshot).error());
                                  }
                                  done(members_of_snapshot(seeds, *snapshot));
                              });
}

}  // namespace

Operation discover(transport::HttpClient& http, Request request,
                   Callback<void(Result<Discovery>)> done) {
    auto finish = [source = std::string(to_string(request.seeds.kind)),
                   done = std::move(done)](Result<Discovery> result) mutable {
        if (result) {
            result->source = source;
            sort_members(*result);
        }
        done(std::move(result));
    };
    switch (request.seeds.kind) {
        case Seeds::Kind::registrator:
            return read_registrator(http, request, std::move(finish));
        case Seeds::Kind::etcd2:
        case Seeds::Kind::etcd3:
        case Seeds::Kind::consul:
        case Seeds::Kind::zookeeper:
            return read_dcs(http, request, std::move(finish));
        case Seeds::Kind::api:
            return ask_seeds(http, request, std::move(finish));
        case Seeds::Kind::members:
            break;
    }
    finish(static_members(request.seeds));
    return Operation();
}

}  // namespace patroni::discovery
