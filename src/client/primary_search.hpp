#pragma once

#include "client/member_round.hpp"
#include "rest/member_caller.hpp"
#include "topology/status_report.hpp"

#include <patroni/writable_primary.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <list>
#include <memory>
#include <string>
#include <vector>

namespace patroni {

/// Looks for the writable primary, round after round until the deadline. A round ends as soon as a
/// member says that it is the primary and the leader lock is known to be its; nobody waits for
/// silent members then. Keeps itself alive until its callback was called, or until `owner` (of the
/// HttpClient) is gone.
class PrimarySearch : public std::enable_shared_from_this<PrimarySearch> {
public:
    PrimarySearch(boost::asio::io_context& context, transport::HttpClient& http,
                  std::weak_ptr<const void> owner, discovery::Request request, std::string scope,
                  Callback<void(Result<WritablePrimary>)> done);

    void start();
    void cancel();

private:
    void take_answer(std::size_t index);
    void take_end(std::optional<Error> error);
    /// Asks a member that runs as a primary for the lock, where no source knows it.
    void ask_lock(std::size_t index);
    void ask_cluster(std::size_t index);
    void ask_itself(std::size_t index);
    bool ask_for_names();
    /// Whether store or seed tell of the lock.
    bool source_tells() const;
    bool has_cluster(std::size_t index) const;
    /// One question about the lock has ended.
    void go_on();
    bool ends_with(Result<WritablePrimary> found);
    Result<WritablePrimary> look() const;
    void end_round(Error error);
    void finish(Result<WritablePrimary> result);
    const Origin& origin(std::size_t index) const;

    transport::HttpClient& http_;
    std::weak_ptr<const void> owner_;
    discovery::Request request_;
    std::string scope_;
    Callback<void(Result<WritablePrimary>)> done_;
    boost::asio::steady_timer pause_;
    std::chrono::milliseconds round_time_;
    transport::SteadyTime round_deadline_;

    // Of one round.
    std::shared_ptr<MemberRound> members_;
    std::vector<topology::OverviewAnswer> overviews_;
    std::vector<Origin> vouched_;
    std::vector<Operation> questions_;
    std::size_t open_questions_ = 0;
    bool all_answered_ = false;
    bool cancelled_ = false;
};

}  // namespace patroni
