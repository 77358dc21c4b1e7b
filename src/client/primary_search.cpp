#include "client/primary_search.hpp"

#include "topology/writable_primary.hpp"

#include <algorithm>
#include <random>

namespace patroni {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// A member that died in the middle of a round must not hold up what the next round would see.
constexpr milliseconds k_first_round{1000};
constexpr milliseconds k_longest_round{4000};
// With less time a round would only say that nobody answered, where the one before said why.
constexpr milliseconds k_shortest_round{100};

/// What asking again cannot mend.
bool is_final(ErrorKind kind) {
    return kind == ErrorKind::config || kind == ErrorKind::unauthorized ||
           kind == ErrorKind::unsupported || kind == ErrorKind::cancelled;
}

Error cancelled() {
    Error error;
    error.kind = ErrorKind::cancelled;
    error.message = "the search for the primary was cancelled";
    return error;
}

}  // namespace

PrimarySearch::PrimarySearch(boost::asio::io_context& context, transport::HttpClient& http,
                             std::weak_ptr<const void> owner, discovery::Request request,
                             std::string scope, Callback<void(Result<WritablePrimary>)> done)
    : http_(http),
      owner_(std::move(owner)),
      request_(std::move(request)),
      scope_(std::move(scope)),
      done_(std::move(done)),
      pause_(context),
      round_time_(k_first_round) {}

void PrimarySearch::start() {
    round_deadline_ = std::min(request_.deadline, steady_clock::now() + round_time_);
    round_time_ = std::min(2 * round_time_, k_longest_round);
    overviews_.clear();
    vouched_.clear();
    questions_.clear();
    open_questions_ = 0;
    all_answered_ = false;
    auto request = request_;
    request.deadline = round_deadline_;
    members_ = std::make_shared<MemberRound>(http_, std::move(request));
    members_->start(
        weak_from_this(), [this](std::size_t index) { take_answer(index); },
        [this](std::optional<Error> error) { take_end(std::move(error)); });
}

void PrimarySearch::cancel() {
    cancelled_ = true;
    pause_.cancel();
    members_->cancel();
    for (auto& question : questions_) {
        question.cancel();
    }
}

const Origin& PrimarySearch::origin(std::size_t index) const {
    return *members_->discovery().members[index].api;
}

void PrimarySearch::take_answer(std::size_t index) {
    const auto& answer = members_->observations()[index].answer;
    if (cancelled_ || !answer || answer->role != Role::primary) {
        return;
    }
    if (!ends_with(look())) {
        ask_lock(index);
    }
}

void PrimarySearch::ask_lock(std::size_t index) {
    if (!source_tells() && has_cluster(index)) {
        ask_cluster(index);
    } else {
        ask_itself(index);
    }
}

bool PrimarySearch::source_tells() const {
    const auto& discovery = members_->discovery();
    return !discovery.clusters.empty() || discovery.seed_overview;
}

bool PrimarySearch::has_cluster(std::size_t index) const {
    const auto& answer = members_->observations()[index].answer;
    return answer && answer->version && *answer->version >= rest::k_has_cluster;
}

void PrimarySearch::ask_cluster(std::size_t index) {
    ++open_questions_;
    questions_.push_back(rest::get_cluster(
        http_, members_->access(index, part_of(round_deadline_, 50)),
        [self = shared_from_this(), round = members_, index](Result<rest::ClusterAnswer> answer) {
            if (!self->done_ || round != self->members_) {
                return;
            }
            self->overviews_.push_back({index, rest::overview_of(std::move(answer))});
            if (!self->cancelled_ && !self->ends_with(self->look()) &&
                self->members_->observations()[index].answer->role == Role::primary) {
                self->ask_itself(index);
            }
            self->go_on();
        }));
}

void PrimarySearch::ask_itself(std::size_t index) {
    ++open_questions_;
    rest::MemberCaller caller(http_, origin(index), request_.member_tls, {});
    questions_.push_back(caller.start(CheckHealth{.check = HealthCheck::primary}, round_deadline_,
                                      [self = shared_from_this(), round = members_,
                                       index](Result<Reply<CheckHealth::Data>> reply) {
                                          if (!self->done_ || round != self->members_) {
                                              return;
                                          }
                                          if (reply && reply->data.healthy) {
                                              self->vouched_.push_back(self->origin(index));
                                          }
                                          self->go_on();
                                      }));
}

void PrimarySearch::go_on() {
    --open_questions_;
    if (done_ && all_answered_ && open_questions_ == 0) {
        take_end(std::nullopt);
    }
}

void PrimarySearch::take_end(std::optional<Error> error) {
    all_answered_ = true;
    if (error) {
        return end_round(std::move(*error));
    }
    if (open_questions_ == 0) {
        if (auto found = look(); !ends_with(found) && !ask_for_names()) {
            end_round(std::move(found).error());
        }
    }
}

/// No primary was seen: what `GET /cluster` of any member says makes the error a better one.
bool PrimarySearch::ask_for_names() {
    if (cancelled_ || source_tells() || !overviews_.empty()) {
        return false;
    }
    for (std::size_t index = 0; index < members_->observations().size(); ++index) {
        if (has_cluster(index)) {
            ask_cluster(index);
            return true;
        }
    }
    return false;
}

/// A lock that is known by the member's own word alone needs the word of all others, too: for a
/// moment two of them may claim it.
bool PrimarySearch::ends_with(Result<WritablePrimary> found) {
    if (!found || (found->lock_source == FactSource::live && !all_answered_)) {
        return false;
    }
    finish(std::move(found));
    return true;
}

Result<WritablePrimary> PrimarySearch::look() const {
    const auto& discovery = members_->discovery();
    auto overviews = overviews_;
    if (auto overview = topology::seed_overview(discovery)) {
        overviews.push_back(std::move(*overview));
    }
    const auto report = topology::assemble_report(discovery, members_->observations(), overviews);
    if (!all_answered_ && !topology::all_are_placed(report)) {
        return Error{};
    }
    return topology::find_writable_primary(report, scope_, vouched_);
}

void PrimarySearch::end_round(Error error) {
    const auto pause = milliseconds(150 + std::random_device()() % 200);
    const auto next_end = steady_clock::now() + pause + k_shortest_round;
    if (cancelled_ || is_final(error.kind) || next_end >= request_.deadline) {
        return finish(cancelled_ ? cancelled() : std::move(error));
    }
    pause_.expires_after(pause);
    pause_.async_wait([self = shared_from_this()](const boost::system::error_code&) {
        if (self->owner_.expired()) {
            return;  // Nobody is there to ask, or to be told.
        }
        if (self->cancelled_) {
            return self->finish(cancelled());
        }
        self->start();
    });
}

void PrimarySearch::finish(Result<WritablePrimary> result) {
    members_->drop();
    for (auto& question : questions_) {
        question.cancel();
    }
    if (auto done = std::exchange(done_, nullptr)) {
        done(std::move(result));
    }
}

}  // namespace patroni
