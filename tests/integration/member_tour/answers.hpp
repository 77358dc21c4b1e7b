#pragma once

#include <patroni/member.hpp>

namespace patroni::tour {

// What the typed answers hold, as JSON that another language can compare with what it saw itself.

Value to_value(const MemberStatus& status);
Value to_value(const ClusterOverview& cluster);
Value to_value(const History& history);
Value to_value(const Metrics& metrics);
Value to_value(const GetFailsafe::Data& members);
Value to_value(const CheckHealth::Data& check);
Value to_value(const CheckLiveness::Data& check);
Value to_value(const RawRequest::Data& raw);
Value to_value(const Value& document);
Value to_value(const Outcome& outcome);
Value to_value(const Error& error);

}  // namespace patroni::tour
