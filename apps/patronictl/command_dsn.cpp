#include "patronictl/commands.hpp"
#include "patronictl/members.hpp"

#include <array>

namespace patronictl {
namespace {

int run_dsn(Session& session, const Parsed& parsed) {
    const auto group = Session::group(parsed);
    const auto cluster = session.read_cluster(session.scope(parsed), group);
    const auto word = parsed.text("role");
    const auto role = word ? std::optional(role_filter(*word)) : std::nullopt;
    const auto* member = any_member(session, cluster, group, role, parsed.text("member"));
    if (member == nullptr) {
        throw Fail("Can not find a suitable member");
    }
    const auto data = connection_data(*member);
    if (!data) {
        throw Fail("The key of member " + member->name + " does not say where PostgreSQL listens");
    }
    session.echo("host=" + data->host.value_or("None") + " port=" + data->port.value_or("None"));
    return 0;
}

constexpr std::array k_options{
    OptionSpec{"role", "--role,-r", OptionKind::choice, "The first member with this role", k_roles},
    OptionSpec{"member", "--member,-m", OptionKind::text, "The member of this name"},
    shared::group,
};
constexpr std::array k_arguments{shared::optional_cluster};

}  // namespace

const CommandSpec k_dsn{"dsn", "Print host and port of a member, of the leader by default",
                        k_arguments, k_options, &run_dsn};

}  // namespace patronictl
