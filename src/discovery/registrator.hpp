#pragma once

#include "dcs/snapshot.hpp"
#include "discovery/discover.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace patroni::discovery {

/// The identity in the last part of a registrator key, `HOST:CONTAINER:PORT[:udp]`. nullopt for an
/// opaque id (SERVICE_ID was set).
std::optional<RegistratorIdentity> parse_registrator_id(std::string_view id);

/// Members of a registrator directory. `postgres` holds the keys of the sibling service, with the
/// published PostgreSQL addresses of the same containers; it may be empty. Two keys with one
/// address (a container was re-created) give one member, the newer one.
Discovery members_of_registrator(std::string_view directory, const dcs::Snapshot& snapshot,
                                 const dcs::Snapshot& postgres);

/// The directory of the PostgreSQL port beside that of the REST port: "/name-8008" gives
/// "/name-5432"; nullopt when the name does not end with a port.
std::optional<std::string> postgres_sibling(std::string_view directory);

/// Reads the directory of `request.seeds` and its sibling.
Operation read_registrator(transport::HttpClient& http, const Request& request,
                           Callback<void(Result<Discovery>)> done);

}  // namespace patroni::discovery
