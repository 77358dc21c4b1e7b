#pragma once

#include "raw_exchange.hpp"

#include <patroni/value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace patroni::test {

/// One distinct answer of a real member, with the requests that it answered; see
/// tests/data/exchanges.
struct RecordedAnswer {
    struct Request {
        std::string method;
        std::string target;
        std::string authorization;  ///< Empty: no such header.
        std::string body;
    };
    std::vector<Request> requests;
    bool empty_reply = false;
    RawAnswer answer;  ///< `text` is not filled; the Date header has no value.
};

/// The answers of one member in one stage; `role` as the recording names it. Throws when there are
/// none.
std::vector<RecordedAnswer> recorded(std::string_view version, std::string_view stage,
                                     std::string_view node, std::string_view role,
                                     std::string_view label = "");

/// Keys (in their order) and types of a JSON value, recursively; of an array the distinct shapes of
/// its elements. An object under the key "tags" counts as it is.
std::string shape_of(const Value& value);

/// The same with the keys of all objects in order: a dynamic configuration has the order that the
/// user gave it.
Value sorted_keys(Value value);

/// Checks that the server answers each of the requests as the real one did: status, HTTP version,
/// headers, and the body: JSON by its shape, metrics by their names, everything else byte for byte.
/// Returns how many requests were sent.
std::size_t expect_same(const HostPort& server, const std::vector<RecordedAnswer>& answers);

}  // namespace patroni::test
