#include "patctl/member_choice.hpp"

#include "patctl/render/words.hpp"

#include <patroni/client.hpp>

#include <algorithm>
#include <set>

namespace patctl {
namespace {

using patroni::Error;
using patroni::ErrorKind;
using patroni::Result;

Error wrong(ErrorKind kind, std::string message) {
    Error error;
    error.kind = kind;
    error.message = std::move(message);
    return error;
}

bool is_wanted(const patroni::DiscoveredMember& member, const Options& options) {
    return !options.scope || !member.scope || *member.scope == *options.scope ||
           member.scope->rfind(*options.scope + "/", 0) == 0;
}

}  // namespace

std::string names_of(const std::vector<ChosenMember>& members) {
    std::string names;
    for (const auto& member : members) {
        names += (names.empty() ? "" : ", ") + render::safe(member.name);
    }
    return names;
}

Result<std::vector<ChosenMember>> find_members(ResolvedSource& source, const Options& options) {
    patroni::Discovery discovery;
    try {
        patroni::Client client(source.seeds, source.client);
        discovery = client.discover(options.timeout);
    } catch (const patroni::Failure& failure) {
        return failure.error();
    }
    std::vector<ChosenMember> members;
    std::set<std::string> scopes;
    for (const auto& member : discovery.members) {
        if (!is_wanted(member, options)) {
            continue;
        }
        if (member.scope) {
            scopes.insert(*member.scope);
        }
        if (member.api) {
            members.push_back({member.display_name(), *member.api});
        }
    }
    if (scopes.size() > 1) {
        std::string names;
        for (const auto& scope : scopes) {
            names += (names.empty() ? "" : ", ") + render::safe(scope);
        }
        return wrong(ErrorKind::config, "the source leads to several clusters; name one: " + names);
    }
    if (members.empty()) {
        return wrong(ErrorKind::not_found, "the source names no member with an address");
    }
    return members;
}

Result<ChosenMember> choose_member(const std::vector<ChosenMember>& members,
                                   std::string_view name) {
    const auto found = std::ranges::find_if(members, [&](const ChosenMember& member) {
        return member.name == name || member.api.address.text() == name ||
               member.api.text() == name;
    });
    if (found == members.end()) {
        return wrong(ErrorKind::config,
                     "no member " + render::safe(name) + "; there are: " + names_of(members));
    }
    return *found;
}

Result<patroni::MemberOptions> member_options(const ResolvedSource& source, const Options& options,
                                              Terminal& terminal) {
    patroni::MemberOptions result;
    result.tls = source.client.member_tls;
    result.trace = source.client.trace;
    if (!options.api_user) {
        if (options.api_password_file) {
            return wrong(ErrorKind::config, "--api-password-file needs --api-user");
        }
        if (source.member_auth) {
            result.user = source.member_auth->user;
            result.password = source.member_auth->password;
        }
        return result;
    }
    result.user = *options.api_user;
    if (options.api_password_file) {
        if (*options.api_password_file == "-" && options.data == "-") {
            return wrong(ErrorKind::config,
                         "--data and --api-password-file cannot both be standard input");
        }
        auto password = read_secret("--api-password-file", *options.api_password_file);
        if (!password) {
            return std::move(password).error();
        }
        result.password = *std::move(password);
        return result;
    }
    auto answer = terminal.ask_secret("Password of " + *options.api_user + ": ");
    if (!answer) {
        return wrong(ErrorKind::config,
                     "--api-user needs --api-password-file FILE when there is no terminal to ask");
    }
    result.password = patroni::Secret(std::move(*answer));
    return result;
}

}  // namespace patctl
