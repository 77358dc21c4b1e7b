#include "client/status_round.hpp"

#include <algorithm>

namespace patroni {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::steady_clock;

}  // namespace

StatusRound::StatusRound(transport::HttpClient& http, discovery::Request request,
                         Callback<void(Result<StatusReport>)> done)
    : http_(http),
      deadline_(request.deadline),
      done_(std::move(done)),
      started_(steady_clock::now()),
      members_(std::make_shared<MemberRound>(http, std::move(request))) {}

void StatusRound::start() {
    members_->start(weak_from_this(), nullptr, [this](std::optional<Error> error) {
        if (error) {
            return done_(std::move(*error));
        }
        ask_clusters();
    });
}

void StatusRound::cancel() {
    cancelled_ = true;
    members_->cancel();
    for (auto& call : calls_) {
        call.cancel();
    }
}

void StatusRound::ask_clusters() {
    if (cancelled_) {
        return finish();
    }
    const auto& discovery = members_->discovery();
    if (auto overview = topology::seed_overview(discovery)) {
        overviews_.push_back(std::move(*overview));
        return finish();
    }
    std::vector<std::shared_ptr<Question>> questions;
    for (const auto& group : topology::group_members(discovery, members_->observations())) {
        if (discovery.clusters.contains(group.scope)) {
            continue;
        }
        auto question = std::make_shared<Question>();
        for (const std::size_t index : group.members) {
            const auto& answer = members_->observations()[index].answer;
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
    const auto access = members_->access(index, part_of(deadline_, static_cast<int>(90 / tries)));
    calls_.push_back(rest::get_cluster(
        http_, access,
        [self = shared_from_this(), question, index](Result<rest::ClusterAnswer> answer) {
            auto overview = rest::overview_of(std::move(answer));
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
    StatusReport report =
        topology::assemble_report(members_->discovery(), members_->observations(), overviews_);
    report.observed_at = wall_now();
    report.elapsed = duration_cast<microseconds>(steady_clock::now() - started_);
    done_(std::move(report));
}

}  // namespace patroni
