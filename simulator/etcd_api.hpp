#pragma once

#include "simulator/etcd_http.hpp"
#include "simulator/etcd_store.hpp"
#include "simulator/http_message.hpp"

#include <patroni/timestamp.hpp>
#include <patroni/value.hpp>

#include <string_view>

namespace patroni::simulation {

/// What an etcd 3.4 with `--enable-v2` answers: `GET /v2/keys/...`, `GET /v2/machines`,
/// `POST /v3/kv/range`, `GET /version`; anything else is 404.
HttpReply etcd_reply(const EtcdStore& v2, const EtcdStore& v3, const HttpRequest& request,
                     WallTime now, std::string_view own_address);

/// `GET /v2/keys` + `path` (still percent-encoded) with the target's query.
EtcdAnswer etcd2_get(const EtcdStore& store, std::string_view target, WallTime now);
/// `POST /v3/kv/range`.
EtcdAnswer etcd3_range(const EtcdStore& store, std::string_view body);

}  // namespace patroni::simulation
