#pragma once

#include "dcs/read_dialogue.hpp"

#include <patroni/value.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace patroni::dcs::etcd3 {

/// What a request to the gateway needs around it: the URL prefix that this release serves, a login
/// before it, and another login when the token is not accepted any more.
class Session {
public:
    explicit Session(Credentials credentials) : credentials_(std::move(credentials)) {}

    /// Asks at another endpoint, which may be of another version: what was learned is forgotten.
    /// `path` is behind the prefix: "/kv/range".
    protocol::Request start(std::string_view path, Value body);
    /// Asks at the same endpoint.
    protocol::Request next(std::string_view path, Value body);

    /// What an answer leads to when it is none to the request itself.
    using Detour = std::variant<protocol::Request, Refusal>;
    /// nullopt: `response` is the answer to the request itself. `what` is what is asked for, such
    /// as "read /service/demo/".
    std::optional<Detour> take(const protocol::Response& response, std::string_view what);

    /// Another login, for an answer that take() does not see: that of a stream. nullopt when there
    /// is no user, or it was tried already.
    std::optional<protocol::Request> renew();

    /// Whether the request that was given last is a login.
    bool is_login() const noexcept { return is_login_; }

private:
    protocol::Request begin();
    protocol::Request login();
    protocol::Request request();
    Detour take_token(const protocol::Response& response, std::string_view what);
    bool may_fall_back(const protocol::Response& response) const;

    Credentials credentials_;
    std::string path_;
    Value body_;
    Secret token_;
    std::size_t gateway_ = 0;  ///< Index of the URL prefix that is tried.
    bool settled_ = false;     ///< The prefix has answered.
    bool is_login_ = false;
    bool renewed_ = false;
};

/// 64-bit integers are JSON strings in the gateway; 0 when it is none.
std::uint64_t number_of(const Value& row, std::string_view field);
/// Error `decode`: not an answer of the gateway.
Error undecodable(const protocol::Response& response, const std::string& detail);

}  // namespace patroni::dcs::etcd3
