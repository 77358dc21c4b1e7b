#include "client/status_round.hpp"

#include "rest/member_api.hpp"

#include <algorithm>

namespace patroni {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::steady_clock;

WallTime wall_now() {
    return std::chrono::time_point_cast<microseconds>(std::chrono::system_clock::now());
}

/// The part of the time that is left, as a point in time.
steady_clock::time_point part_of(steady_clock::time_point deadline, int percent) {
    const auto now = steady_clock::now();
    return now + (deadline - now) * percent / 100;
}

// A dead source must leave time for nothing else, but a slow one must not eat everything; and a
// dead member must leave time for GET /cluster.
constexpr int k_source_percent = 60;
constexpr int k_members_percent = 80;

}  // namespace

StatusRound::StatusRound(transport::HttpClient& http, discovery::Request request,
                         Callback<void(Result<StatusReport>)> done)
    : http_(http),
      request_(std::move(request)),
      done_(std::move(done)),
      started_(steady_clock::now()) {}

void StatusRound::start() {
    auto source = request_;
    source.deadline = part_of(request_.deadline, k_source_percent);
    calls_.push_back(discovery::discover(http_, std::move(source),
                                         [self = shared_from_this()](Result<Discovery> result) {
                                             self->take_discovery(std::move(result));
                                         }));
}

void StatusRound::cancel() {
    cancelled_ = true;
    for (auto& call : calls_) {
        call.cancel();
    }
}

std::vector<std::string> StatusRound::waiting_for() const {
    if (answered_.empty()) {
        return {request_.seeds.endpoints.front().text()};
    }
    std::vector<std::string> names;
    for (std::size_t index = 0; index < answered_.size(); ++index) {
        if (!answered_[index]) {
            names.push_back(discovery_.members[index].display_name());
        }
    }
    return names;
}

void StatusRound::take_discovery(Result<Discovery> result) {
    if (!result) {
        return done_(std::move(result).error());
    }
    discovery_ = std::move(*result);
    observations_.resize(discovery_.members.size());
    answered_.resize(discovery_.members.size());
    waiting_ = discovery_.members.size();
    const auto deadline = part_of(request_.deadline, k_members_percent);
    for (std::size_t index = 0; index < discovery_.members.size(); ++index) {
        ask_member(index, deadline);
    }
    if (discovery_.members.empty()) {
        finish();
    }
}

void StatusRound::ask_member(std::size_t index, transport::SteadyTime deadline) {
    const auto& member = discovery_.members[index];
    if (!member.api) {
        Error error;
        error.kind = ErrorKind::config;
        error.message = "no address of its REST API is known";
        return take_status(index, std::move(error));
    }
    rest::MemberAccess access;
    access.origin = *member.api;
    access.tls = request_.member_tls;
    access.deadlines.total = deadline;
    calls_.push_back(
        rest::get_status(http_, access, [self = shared_from_this(), index](auto answer) {
            self->take_status(index, std::move(answer));
        }));
}

void StatusRound::take_status(std::size_t index, Result<MemberStatus> answer) {
    observations_[index] = {std::move(answer), wall_now()};
    answered_[index] = true;
    if (--waiting_ == 0) {
        ask_clusters();
    }
}

void StatusRound::ask_clusters() {
    if (cancelled_) {
        return finish();
    }
    if (discovery_.seed_overview) {
        const auto seed = std::find_if(
            discovery_.members.begin(), discovery_.members.end(),
            [this](const DiscoveredMember& member) { return member.api == discovery_.seed; });
        const auto index = seed == discovery_.members.end()
                               ? std::size_t{0}
                               : static_cast<std::size_t>(seed - discovery_.members.begin());
        overviews_.push_back({index, *discovery_.seed_overview});
        return finish();
    }
    std::vector<std::shared_ptr<Question>> questions;
    for (const auto& group : topology::group_members(discovery_, observations_)) {
        if (discovery_.clusters.contains(group.scope)) {
            continue;
        }
        auto question = std::make_shared<Question>();
        for (const std::size_t index : group.members) {
            const auto& answer = observations_[index].answer;
            if (answer && answer->version && *answer->version >= rest::k_has_cluster) {
                question->candidates.push_back(index);
            }
        }
        if (!question->candidates.empty()) {
            questions.push_back(std::move(question));
        }
    }
    waiting_ = questions.size();
    if (waiting_ == 0) {
        return finish();
    }
    for (const auto& question : questions) {
        ask_cluster(question);
    }
}

void StatusRound::ask_cluster(const std::shared_ptr<Question>& question) {
    const std::size_t index = question->candidates[question->next++];
    const auto tries = question->candidates.size() - question->next + 1;
    rest::MemberAccess access;
    access.origin = *discovery_.members[index].api;
    access.tls = request_.member_tls;
    access.deadlines.total = part_of(request_.deadline, static_cast<int>(90 / tries));
    calls_.push_back(rest::get_cluster(
        http_, access,
        [self = shared_from_this(), question, index](Result<rest::ClusterAnswer> answer) {
            Result<ClusterOverview> overview;
            if (!answer) {
                overview = std::move(answer).error();
            } else if (answer->overview) {
                overview = std::move(*answer->overview);
            } else {
                Error error;
                error.kind = ErrorKind::unsupported;
                error.message = "this Patroni does not have it";
                error.delivery = Delivery::answered;
                overview = std::move(error);
            }
            const bool again =
                !overview && !self->cancelled_ && question->next < question->candidates.size();
            self->overviews_.push_back({index, std::move(overview)});
            if (again) {
                return self->ask_cluster(question);
            }
            if (--self->waiting_ == 0) {
                self->finish();
            }
        }));
}

void StatusRound::finish() {
    if (cancelled_) {
        Error error;
        error.kind = ErrorKind::cancelled;
        error.message = "status was cancelled";
        return done_(std::move(error));
    }
    StatusReport report = topology::assemble_report(discovery_, observations_, overviews_);
    report.observed_at = wall_now();
    report.elapsed = duration_cast<microseconds>(steady_clock::now() - started_);
    done_(std::move(report));
}

}  // namespace patroni
