#pragma once

#include "patctl/options.hpp"

#include <patroni/error.hpp>
#include <patroni/member_queries.hpp>
#include <patroni/reply.hpp>
#include <patroni/url.hpp>

#include <optional>
#include <string>

namespace patctl::render {

/// What one call of `patctl api` was, and what came of it.
struct Call {
    std::string member;
    patroni::Origin api;
    patroni::RawRequest request;
    patroni::Reply<patroni::RawRequest::Data> reply;
    std::optional<patroni::Error> error;  ///< Why there is no reply.
};

/// The `error` field of a document; null without an error.
patroni::Value error_value(const std::optional<patroni::Error>& error);

/// json and yaml: the document. pretty: the body, escaped, with a line end. tsv: the body as it
/// came.
std::string call_text(const Call& call, Format format);

/// "HTTP/1.0 200" and the headers, escaped: for -v.
std::string head_text(const Call& call);

}  // namespace patctl::render
