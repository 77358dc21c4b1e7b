#include "codec/json.hpp"
#include "config/settings.hpp"
#include "patronictl/commands.hpp"
#include "patronictl/members.hpp"
#include "patronictl/python_json_error.hpp"
#include "patronictl/python_text.hpp"

#include <patroni/member.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace patronictl {
namespace {

using patroni::Value;

/// The release of patronictl whose words and habits these are.
constexpr std::string_view k_version = "4.1.4";

std::string server_version(std::int64_t number) {
    const std::string major = std::to_string(number / 10000);
    return number < 100000 ? major + "." + std::to_string(number / 100 % 100) + "." +
                                 std::to_string(number % 100)
                           : major + "." + std::to_string(number % 100);
}

/// Python's name of its type, quoted.
std::string type_of(const Value& value) {
    const std::string_view name = value.is_null()                ? "NoneType"
                                  : value.if_bool() != nullptr   ? "bool"
                                  : value.if_string() != nullptr ? "str"
                                  : value.if_array() != nullptr  ? "list"
                                  : value.if_object() != nullptr ? "dict"
                                  : value.if_int() != nullptr    ? "int"
                                                                 : "float";
    return "'" + std::string(name) + "'";
}

/// The field of a map, null without it; Python's words for everything that is no map.
Value get(const Value& from, std::string_view field, Value fallback = {}) {
    if (from.if_object() == nullptr) {
        throw Fail(type_of(from) + " object has no attribute 'get'");
    }
    const Value* value = from.find(field);
    return value == nullptr ? std::move(fallback) : *value;
}

/// What follows "NAME: " when the member answered with a document.
std::string versions(const Value& document) {
    const Value version = get(get(document, "patroni", Value::object()), "version");
    const Value server = get(document, "server_version");
    std::string text = "Patroni " + python_str(version);
    if (python_truth(&server)) {
        if (server.if_int() == nullptr) {
            throw Fail("'<' not supported between instances of " + type_of(server) + " and 'int'");
        }
        text += " PostgreSQL " + server_version(*server.if_int());
    }
    return text;
}

/// The address itself is asked, with the path that it has.
patroni::RawRequest request_of(std::string_view api_url) {
    const std::size_t scheme = api_url.find("//");
    const std::size_t host = scheme == std::string_view::npos ? 0 : scheme + 2;
    std::string target(api_url.substr(std::min(api_url.find('/', host), api_url.size())));
    return {.target = target.empty() ? "/" : std::move(target)};
}

/// Whatever the member answers is read, with any status.
std::string ask(const DcsMember& member, const patroni::MemberOptions& options) {
    try {
        patroni::Member api(member.api_url(), options);
        const auto reply = api.call(request_of(member.api_url()));
        auto document = patroni::codec::parse_json(reply.body);
        if (!document) {
            return "failed to get version: " +
                   python_json_error(reply.body).value_or(document.error().message);
        }
        return versions(*document);
    } catch (const patroni::Failure& failure) {
        return "failed to get version: " + to_line(failure.error());
    } catch (const Fail& failure) {
        return std::string("failed to get version: ") + failure.what();
    }
}

patroni::MemberOptions member_options(const Session& session) {
    auto settings = patroni::config::member_settings(session.config());
    if (!settings) {
        throw Fail(to_line(settings.error()));
    }
    patroni::MemberOptions options;
    options.tls = settings->tls;
    if (settings->auth) {
        options.user = settings->auth->user;
        options.password = settings->auth->password;
        options.authenticate_reads = true;
    }
    return options;
}

int run_version(Session& session, const Parsed& parsed) {
    session.echo("patronictl version " + std::string(k_version));
    const auto name = parsed.text("cluster_name");
    if (!name || name->empty()) {
        return 0;
    }
    session.echo("");
    const auto group = Session::group(parsed);
    const auto cluster = session.read_cluster(*name, group);
    const auto names = parsed.texts("member_names");
    const auto options = member_options(session);
    for (const auto* member : members_with_role(session, cluster, group, RoleFilter::any)) {
        const bool wanted =
            names.empty() || std::find(names.begin(), names.end(), member->name) != names.end();
        if (wanted && !member->api_url().empty()) {
            session.echo(member->name + ": " + ask(*member, options));
        }
    }
    return 0;
}

constexpr std::array k_options{shared::group};
constexpr std::array k_arguments{shared::optional_cluster, shared::member_names};

}  // namespace

const CommandSpec k_version_command{"version", "Show the version of this program, and of members",
                                    k_arguments, k_options, &run_version};

}  // namespace patronictl
