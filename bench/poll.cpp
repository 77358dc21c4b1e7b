// bench_poll members|report PORT MEMBERS SECONDS
//
// Polls every member once a second. "members": GET /patroni and its decoding, spread over the
// second. "report": StatusRound, all members at once, with GET /cluster of each cluster and the
// judgement.
#include "bench/report.hpp"
#include "client/status_round.hpp"
#include "rest/member_api.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string_view>
#include <vector>

namespace {

using namespace patroni;
using Clock = std::chrono::steady_clock;
using std::chrono::seconds;

struct Plan {
    std::vector<Origin> members;
    int rounds;
};

struct Tally {
    long requests = 0;
    long failed = 0;
};

std::vector<Origin> members(int count, std::uint16_t port) {
    std::vector<Origin> list;
    for (int index = 0; index < count; ++index) {
        list.push_back({false, {bench::address_of(index), port}});
    }
    return list;
}

/// One member after the other, at even distances in time.
class MemberPoll {
public:
    MemberPoll(boost::asio::io_context& context, transport::HttpClient& http, Plan plan)
        : timer_(context), http_(http), plan_(std::move(plan)), begin_(Clock::now()) {}

    void next() {
        const long count = static_cast<long>(plan_.members.size());
        // Whatever is due by now, as a program would that was held up.
        while (started_ < count * plan_.rounds && Clock::now() >= due()) {
            ask(plan_.members[static_cast<std::size_t>(started_++ % count)]);
        }
        if (started_ == count * plan_.rounds) {
            return;
        }
        timer_.expires_at(due());
        timer_.async_wait([this](const boost::system::error_code&) { next(); });
    }
    const Tally& tally() const { return tally_; }

private:
    Clock::time_point due() const {
        return begin_ + seconds(1) * started_ / static_cast<long>(plan_.members.size());
    }
    void ask(const Origin& origin) {
        rest::MemberAccess access;
        access.origin = origin;
        access.deadlines.total = Clock::now() + std::chrono::milliseconds(2500);
        rest::get_status(http_, access, [this](Result<MemberStatus> status) {
            ++tally_.requests;
            tally_.failed += status && status->role == Role::unknown ? 1 : status ? 0 : 1;
        });
    }

    boost::asio::steady_timer timer_;
    transport::HttpClient& http_;
    Plan plan_;
    Clock::time_point begin_;
    long started_ = 0;
    Tally tally_;
};

/// A whole report of all members, once a second.
class ReportPoll {
public:
    ReportPoll(boost::asio::io_context& context, transport::HttpClient& http, Plan plan)
        : timer_(context), http_(http), plan_(std::move(plan)), begin_(Clock::now()) {}

    void next() {
        if (round_ == plan_.rounds) {
            return;
        }
        timer_.expires_at(begin_ + seconds(round_++));
        timer_.async_wait([this](const boost::system::error_code&) { ask(); });
    }
    const Tally& tally() const { return tally_; }

private:
    void ask() {
        discovery::Request request;
        request.seeds.kind = Seeds::Kind::members;
        request.seeds.endpoints = plan_.members;
        request.deadline = Clock::now() + seconds(5);
        std::make_shared<StatusRound>(http_, std::move(request), [this](auto report) {
            count(report);
            next();
        })->start();
    }
    void count(const Result<StatusReport>& report) {
        const long asked = static_cast<long>(plan_.members.size());
        if (!report) {
            tally_.failed += asked;
            return;
        }
        tally_.requests += asked + static_cast<long>(report->clusters.size());
        for (const auto& cluster : report->clusters) {
            for (const auto& member : cluster.members) {
                tally_.failed += member.observed_at ? 0 : 1;
            }
        }
    }

    boost::asio::steady_timer timer_;
    transport::HttpClient& http_;
    Plan plan_;
    Clock::time_point begin_;
    int round_ = 0;
    Tally tally_;
};

template <class Poll>
Tally run(Plan plan) {
    boost::asio::io_context context(1);
    transport::HttpClient http(context);
    Poll poll(context, http, std::move(plan));
    poll.next();
    context.run();
    return poll.tally();
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 5) {
        std::fputs("bench_poll members|report PORT MEMBERS SECONDS\n", stderr);
        return 2;
    }
    const Plan plan{members(std::atoi(argv[3]), static_cast<std::uint16_t>(std::atoi(argv[2]))),
                    std::atoi(argv[4])};
    const bool report = std::string_view(argv[1]) == "report";
    const Tally tally = report ? run<ReportPoll>(plan) : run<MemberPoll>(plan);
    bench::print_report(tally.requests, tally.failed);
}
