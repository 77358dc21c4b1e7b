#pragma once

#include "patctl/options.hpp"
#include "patctl/source.hpp"
#include "patctl/terminal.hpp"

#include <patroni/discovery.hpp>
#include <patroni/member.hpp>
#include <patroni/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace patctl {

/// A member with an address, and what it is called.
struct ChosenMember {
    std::string name;  ///< As the source names it, else `host:port`.
    patroni::Origin api;
};

/// The members of the one cluster that is meant, found by the source. Errors: of the source; config
/// when it leads to several clusters and no SCOPE says which; not_found when nobody has an address.
patroni::Result<std::vector<ChosenMember>> find_members(ResolvedSource& source,
                                                        const Options& options);

/// The member of that name or `host:port`. Error config names those that there are.
patroni::Result<ChosenMember> choose_member(const std::vector<ChosenMember>& members,
                                            std::string_view name);

/// "pg1, pg2, pg3", for messages: escaped.
std::string names_of(const std::vector<ChosenMember>& members);

/// TLS and trace of the source, and the credentials for writes: those of --api-user, else of the
/// configuration. Error config for a password that cannot be had.
patroni::Result<patroni::MemberOptions> member_options(const ResolvedSource& source,
                                                       const Options& options, Terminal& terminal);

}  // namespace patctl
