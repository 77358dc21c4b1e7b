#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace patroni::simulation {

/// Who may use an etcd: everybody, or one user who may read and write the keys below a prefix.
class EtcdAuth {
public:
    enum class Judgement { allowed, no_user, bad_token };

    /// `prefix` empty: all keys. Tokens from before stay good, as in the real one.
    void require(std::string user, std::string password, std::string prefix);
    bool enabled() const { return user_.has_value(); }
    /// A new token; nullopt: wrong user or password.
    std::optional<std::string> login(std::string_view user, std::string_view password);
    /// etcd 3: by the Authorization header, which is the token itself.
    Judgement judge_token(std::optional<std::string_view> authorization) const;
    /// Whether a range of keys is the user's as a whole ("\0" as the end means from the key on,
    /// none means this key).
    bool grants(std::string_view from, std::string_view to) const;
    /// etcd 2: HTTP's basic authentication, for this path.
    bool allows_basic(std::optional<std::string_view> authorization, std::string_view path) const;
    /// As after a restart, or when they expire: everybody has to log in again.
    void forget_tokens() { tokens_.clear(); }

private:
    std::optional<std::string> user_;
    std::string password_;
    std::string prefix_;
    std::set<std::string, std::less<>> tokens_;
    unsigned logins_ = 0;
};

}  // namespace patroni::simulation
