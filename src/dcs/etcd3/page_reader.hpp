#pragma once

#include "dcs/endpoint_turns.hpp"
#include "dcs/etcd3/page_dialogue.hpp"

#include <patroni/callback.hpp>
#include <patroni/operation.hpp>

namespace patroni::dcs::etcd3 {

/// Backend::start_read_pages: the next page is on its way while one is decoded.
Operation read_pages(transport::HttpClient& http, StoreAccess access, ReadPages dialogue,
                     transport::SteadyTime deadline, Callback<void(Page)> page,
                     Callback<void(Result<std::uint64_t>)> done);

}  // namespace patroni::dcs::etcd3
