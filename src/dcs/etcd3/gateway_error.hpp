#pragma once

#include "dcs/read_dialogue.hpp"

#include <string>
#include <string_view>

namespace patroni::dcs::etcd3 {

/// Why the gateway refused, in the words of any release from 3.2 to 3.7. `what` was asked for:
/// "read /service/demo/".
Refusal explain(const protocol::Response& response, std::string_view what);

/// Whether a write with this answer, which is no success, may have been carried out all the same:
/// the node waited in vain for the others, or it was no etcd that answered.
bool may_have_acted(const protocol::Response& response);

/// Whether a login failed only because this etcd knows no users.
bool authentication_is_off(const protocol::Response& response);

/// Whether the token has ended, or is older than the last change of users and roles.
bool token_is_stale(const protocol::Response& response);

/// Whether the revision that was asked for is gone: a reading in pages has to begin anew.
bool is_compacted(const protocol::Response& response);
/// How often a reading begins anew because of that.
constexpr unsigned k_max_restarts = 3;

}  // namespace patroni::dcs::etcd3
