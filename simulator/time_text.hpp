#pragma once

#include <patroni/timestamp.hpp>

#include <string>

namespace patroni::simulation {

/// `2026-11-23 18:08:49.192 UTC`: PostgreSQL's to_char as Patroni used it up to 2.0.2.
std::string postgres_time(WallTime time);
/// `2026-11-23 15:02:38.318677+00:00`: Python's str(datetime). No fraction when it is 0.
std::string python_time(WallTime time);
/// `2026-11-23T15:08:34.491606+00:00`: Python's datetime.isoformat().
std::string iso_time(WallTime time);
/// `Mon, 23 Nov 2026 18:10:15 GMT`: the Date header.
std::string http_date(WallTime time);
/// `2026-11-23T18:10:34.665433Z`: etcd's expiration.
std::string go_time(WallTime time);

std::int64_t epoch_seconds(WallTime time);

}  // namespace patroni::simulation
