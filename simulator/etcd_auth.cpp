#include "simulator/etcd_auth.hpp"

#include "base/base64.hpp"
#include "base/text.hpp"

#include <utility>

namespace patroni::simulation {

void EtcdAuth::require(std::string user, std::string password, std::string prefix) {
    user_ = std::move(user);
    password_ = std::move(password);
    prefix_ = std::move(prefix);
}

bool EtcdAuth::grants(std::string_view from, std::string_view to) const {
    if (prefix_.empty() || !user_) {
        return true;
    }
    std::string end = prefix_;
    ++end.back();
    const bool open = to.size() == 1 && to.front() == '\0';
    return from.starts_with(prefix_) && (to.empty() || (!open && to <= end));
}

std::optional<std::string> EtcdAuth::login(std::string_view user, std::string_view password) {
    if (!user_ || user != *user_ || password != password_) {
        return std::nullopt;
    }
    std::string token = "SimulatedLogin";  // sixteen letters, as the real ones
    ++logins_;
    token += static_cast<char>('A' + logins_ / 26 % 26);
    token += static_cast<char>('A' + logins_ % 26);
    token += "." + std::to_string(1000 + logins_);
    tokens_.insert(token);
    return token;
}

EtcdAuth::Judgement EtcdAuth::judge_token(std::optional<std::string_view> authorization) const {
    if (authorization && !authorization->empty()) {
        return tokens_.contains(*authorization) ? Judgement::allowed : Judgement::bad_token;
    }
    return user_ ? Judgement::no_user : Judgement::allowed;
}

bool EtcdAuth::allows_basic(std::optional<std::string_view> authorization,
                            std::string_view path) const {
    if (!user_) {
        return true;
    }
    constexpr std::string_view scheme = "basic ";
    if (!authorization || !equals_ignoring_case(authorization->substr(0, scheme.size()), scheme)) {
        return false;
    }
    const bool known =
        decode_base64(authorization->substr(scheme.size())) == *user_ + ":" + password_;
    return known && (std::string(path) + "/").starts_with(prefix_);
}

}  // namespace patroni::simulation
