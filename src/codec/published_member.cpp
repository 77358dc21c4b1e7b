#include "base/text.hpp"
#include "codec/fields.hpp"
#include "codec/json.hpp"
#include "codec/member_status.hpp"

#include <algorithm>
#include <utility>

namespace patroni::codec {
namespace {

constexpr std::uint16_t postgres_port = 5432;

/// The address in a connection URL. User and password (Patroni 0.90 publishes those of the
/// replication user) end here.
std::optional<HostPort> postgres_address(std::string_view url) {
    // A database name of any characters follows, unescaped: only what is in front of it counts.
    const std::size_t slashes = url.find("://");
    if (slashes == std::string_view::npos) {
        return std::nullopt;
    }
    auto parsed = parse_url(url.substr(0, url.find_first_of("/?", slashes + 3)));
    if (!parsed || (parsed->scheme != "postgres" && parsed->scheme != "postgresql")) {
        return std::nullopt;
    }
    if (parsed->address.port == 0) {
        parsed->address.port = postgres_port;
    }
    return std::move(parsed->address);
}

/// Positions of 0 mean unknown, for Patroni as well.
std::optional<Lsn> known_position(const Value& data, std::string_view key) {
    const auto position = lsn_field(data, key);
    return position && position->bytes() != 0 ? position : std::nullopt;
}

std::optional<std::string> query_parameter(std::string_view query, std::string_view name) {
    while (!query.empty()) {
        const std::string_view field = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(field.size() + 1, query.size()));
        const std::size_t equals = field.find('=');
        if (equals != std::string_view::npos && field.substr(0, equals) == name) {
            return std::string(field.substr(equals + 1));
        }
    }
    return std::nullopt;
}

/// Before Patroni 0.4: `postgres://...?application_name=http://host:port/patroni`.
void read_url_form(DecodedMember& decoded, std::string_view value) {
    decoded.member.postgres = postgres_address(value);
    const std::size_t question = std::min(value.find('?'), value.size() - 1);
    const auto api = query_parameter(value.substr(question + 1), "application_name");
    if (api) {
        decoded.member.api = api_field(Value::object({{"api_url", *api}}), "api_url");
    }
    if (!decoded.member.postgres) {
        decoded.problem = "the connection URL has no usable host and port";
    }
}

void read_data(DecodedMember& decoded, const Value& data) {
    PublishedMember& member = decoded.member;
    member.api = api_field(data, "api_url");
    if (const Value* arguments = data.find("conn_kwargs"); arguments && arguments->if_object()) {
        member.postgres = address_fields(*arguments, "host", "port", postgres_port);
    } else if (const auto url = string_field(data, "conn_url")) {
        member.postgres = postgres_address(*url);
        if (!member.postgres) {
            decoded.problem = "conn_url has no usable host and port";
        }
    }
    if (const Value* url = data.find("api_url"); url && !url->is_null() && !member.api) {
        decoded.problem = "api_url is no http or https URL";
    }
    member.role_reported = text_field(data, "role");
    member.role = parse_role(member.role_reported);
    decoded.server_state = text_field(data, "state");
    const auto replication_state = string_field(data, "replication_state");
    member.state = replication_state && member.role != Role::primary ? *replication_state
                                                                     : decoded.server_state;
    member.timeline = int_field(data, "timeline");
    member.receive_lsn = known_position(data, "receive_lsn");
    member.replay_lsn = known_position(data, "replay_lsn");
    member.position = known_position(data, "xlog_location");
    member.pending_restart = flag_field(data, "pending_restart");
    member.tags = object_field(data, "tags");
    member.patroni_version = text_field(data, "version");
}

}  // namespace

DecodedMember decode_published_member(std::string_view name, std::string_view value) {
    DecodedMember decoded;
    decoded.member.name = name;
    if (value.starts_with("postgres")) {
        read_url_form(decoded, value);
        return decoded;
    }
    auto data = parse_json(value);
    if (!data) {
        decoded.problem = std::move(data).error().message;
    } else if (!data->if_object()) {
        decoded.problem = "not a JSON object";
    } else {
        read_data(decoded, *data);
    }
    return decoded;
}

}  // namespace patroni::codec
