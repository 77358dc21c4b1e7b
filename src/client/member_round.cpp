#include "client/member_round.hpp"

#include "dcs/find_endpoints.hpp"

namespace patroni {
namespace {

using std::chrono::microseconds;
using std::chrono::steady_clock;

// A dead source must leave time for nothing else, but a slow one must not eat everything; and a
// dead member must leave time for GET /cluster.
constexpr int k_source_percent = 60;
constexpr int k_members_percent = 80;

Error error_of(ErrorKind kind, const char* message) {
    Error error;
    error.kind = kind;
    error.message = message;
    return error;
}

}  // namespace

WallTime wall_now() {
    return std::chrono::time_point_cast<microseconds>(std::chrono::system_clock::now());
}

transport::SteadyTime part_of(transport::SteadyTime deadline, int percent) {
    const auto now = steady_clock::now();
    return now + (deadline - now) * percent / 100;
}

MemberRound::MemberRound(transport::HttpClient& http, discovery::Request request)
    : http_(http), request_(std::move(request)) {}

void MemberRound::start(std::weak_ptr<void> owner, std::function<void(std::size_t)> answered,
                        Callback<void(std::optional<Error>)> ended) {
    owner_ = std::move(owner);
    told_ = std::move(answered);
    ended_ = std::move(ended);
    auto source = request_;
    source.deadline = part_of(request_.deadline, k_source_percent);
    calls_.push_back(discovery::discover(http_, std::move(source),
                                         [this, owner = owner_.lock()](Result<Discovery> result) {
                                             take_discovery(std::move(result));
                                         }));
}

void MemberRound::cancel() {
    for (auto& call : calls_) {
        call.cancel();
    }
}

void MemberRound::drop() {
    told_ = nullptr;
    ended_ = nullptr;
    cancel();
}

std::vector<std::string> MemberRound::waiting_for() const {
    if (answered_.empty()) {
        return {dcs::first_endpoint(request_.seeds)};
    }
    std::vector<std::string> names;
    for (std::size_t index = 0; index < answered_.size(); ++index) {
        if (!answered_[index]) {
            names.push_back(discovery_.members[index].display_name());
        }
    }
    return names;
}

void MemberRound::take_discovery(Result<Discovery> result) {
    if (!result) {
        return end(std::move(result).error());
    }
    if (!ended_) {
        return;
    }
    discovery_ = std::move(*result);
    const auto count = discovery_.members.size();
    observations_.assign(count, {error_of(ErrorKind::timeout, "has not answered yet"), {}});
    answered_.resize(count);
    waiting_ = count;
    const auto deadline = part_of(request_.deadline, k_members_percent);
    for (std::size_t index = 0; index < count; ++index) {
        ask(index, deadline);
    }
    if (count == 0) {
        end(std::nullopt);
    }
}

void MemberRound::ask(std::size_t index, transport::SteadyTime deadline) {
    if (!discovery_.members[index].api) {
        return take(index, error_of(ErrorKind::config, "no address of its REST API is known"));
    }
    calls_.push_back(rest::get_status(
        http_, access(index, deadline),
        [this, owner = owner_.lock(), index](auto answer) { take(index, std::move(answer)); }));
}

rest::MemberAccess MemberRound::access(std::size_t index, transport::SteadyTime deadline) const {
    rest::MemberAccess access;
    access.origin = *discovery_.members[index].api;
    access.tls = request_.member_tls;
    access.deadlines.total = deadline;
    return access;
}

void MemberRound::take(std::size_t index, Result<MemberStatus> answer) {
    observations_[index] = {std::move(answer), wall_now()};
    answered_[index] = true;
    const bool last = --waiting_ == 0;
    if (const auto told = told_) {  // A copy: `drop` may come from within.
        told(index);
    }
    if (last) {
        end(std::nullopt);
    }
}

void MemberRound::end(std::optional<Error> error) {
    told_ = nullptr;
    if (auto ended = std::exchange(ended_, nullptr)) {
        ended(std::move(error));
    }
}

}  // namespace patroni
