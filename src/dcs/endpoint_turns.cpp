#include "dcs/endpoint_turns.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <chrono>

namespace patroni::dcs {

void EndpointTurns::begin(transport::SteadyTime deadline) {
    index_ = 0;
    failed_.clear();
    deadline_ = deadline;
    share_time();
}

void EndpointTurns::share_time() {
    const auto now = std::chrono::steady_clock::now();
    const auto left = access_.endpoints.size() - index_;
    end_of_turn_ = now + (deadline_ - now) / static_cast<std::chrono::steady_clock::rep>(left);
}

bool EndpointTurns::next(Refusal& refusal) {
    Error& error = refusal.error;
    error.endpoint = name();
    if (refusal.try_next && index_ + 1 < access_.endpoints.size()) {
        failed_ += (failed_.empty() ? "" : "; ") + error.endpoint + ": " + error.message;
        ++index_;
        share_time();
        return true;
    }
    if (!failed_.empty()) {
        error.message += " (before: " + failed_ + ")";
    }
    return false;
}

void EndpointTurns::put_last() {
    auto& endpoints = access_.endpoints;
    const auto behind = endpoints.begin() + static_cast<std::ptrdiff_t>(index_) + 1;
    std::rotate(endpoints.begin(), behind, endpoints.end());
}

StoreAccess EndpointTurns::this_endpoint() const {
    StoreAccess access = access_;
    access.endpoints = {access_.endpoints[index_]};
    return access;
}

std::optional<Refusal> EndpointTurns::refuse_foreign(const std::string& store,
                                                     const protocol::Response& response) const {
    const auto& identity = access_.identity;
    if (!identity || !identity->is_foreign(name(), store)) {
        return std::nullopt;
    }
    constexpr std::size_t k_max_id = 40;
    std::string message = "belongs to another store (cluster id " +
                          escape_untrusted(store, k_max_id) + ") than " + identity->endpoint() +
                          " (" + escape_untrusted(identity->id(), k_max_id) +
                          "): name the endpoints of one store only";
    return Refusal{answered_error(ErrorKind::config, response, std::move(message)), true};
}

transport::Call EndpointTurns::call(protocol::Request request) const {
    transport::Call call;
    call.origin = access_.endpoints[index_];
    call.request = std::move(request);
    call.deadlines.total = end_of_turn_;
    call.deadlines.first_byte = access_.first_byte;
    call.tls = access_.tls;
    return call;
}

}  // namespace patroni::dcs
