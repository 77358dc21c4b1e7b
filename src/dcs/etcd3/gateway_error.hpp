#pragma once

#include "dcs/read_dialogue.hpp"

#include <string>

namespace patroni::dcs::etcd3 {

/// Why the gateway refused, in the words of any release from 3.2 to 3.7.
Refusal explain(const protocol::Response& response, const std::string& prefix);

/// Whether a login failed only because this etcd knows no users.
bool authentication_is_off(const protocol::Response& response);

}  // namespace patroni::dcs::etcd3
