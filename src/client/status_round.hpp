#pragma once

#include "client/member_round.hpp"
#include "topology/status_report.hpp"
#include "transport/http_client.hpp"

#include <patroni/callback.hpp>
#include <patroni/result.hpp>
#include <patroni/status.hpp>

#include <chrono>
#include <memory>
#include <vector>

namespace patroni {

/// One `status`: discovery, then every member at once, then `GET /cluster` of one member for each
/// cluster that no store and no seed described, then the judgement. Keeps itself alive until its
/// callback was called.
class StatusRound : public std::enable_shared_from_this<StatusRound> {
public:
    StatusRound(transport::HttpClient& http, discovery::Request request,
                Callback<void(Result<StatusReport>)> done);

    void start();
    void cancel();
    /// Whom this round waits for: members, or the first endpoint of the source.
    std::vector<std::string> waiting_for() const { return members_->waiting_for(); }

private:
    /// One `GET /cluster` question: the members that may answer it, and whose turn it is.
    struct Question {
        std::vector<std::size_t> candidates;
        std::size_t next = 0;
    };

    void ask_clusters();
    void ask_cluster(const std::shared_ptr<Question>& question);
    void finish();

    transport::HttpClient& http_;
    transport::SteadyTime deadline_;
    Callback<void(Result<StatusReport>)> done_;
    std::chrono::steady_clock::time_point started_;
    std::shared_ptr<MemberRound> members_;
    std::vector<topology::OverviewAnswer> overviews_;
    std::size_t waiting_ = 0;
    bool cancelled_ = false;
    std::vector<Operation> calls_;
};

}  // namespace patroni
