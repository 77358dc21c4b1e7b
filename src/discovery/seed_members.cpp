#include "discovery/seed_members.hpp"

#include "rest/member_api.hpp"

namespace patroni::discovery {
namespace {

Discovery from_overview(const Origin& seed, ClusterOverview overview) {
    Discovery discovery;
    for (const auto& published : overview.members) {
        DiscoveredMember member;
        member.name = published.name;
        member.scope = overview.scope;
        member.api = published.api;
        member.postgres = published.postgres;
        discovery.members.push_back(std::move(member));
    }
    discovery.seed = seed;
    discovery.seed_overview = std::move(overview);
    return discovery;
}

Discovery from_status(const Origin& seed, const MemberStatus& status) {
    Discovery discovery;
    DiscoveredMember member;
    member.name = status.name;
    if (!status.scope.empty()) {
        member.scope = status.scope;
    }
    member.api = seed;
    discovery.members.push_back(std::move(member));
    discovery.seed = seed;
    discovery.problems.push_back(
        {"seed_without_cluster", seed.text(),
         "Patroni " + status.patroni_version +
             " cannot name the other members (GET /cluster came with 1.6.1): only the seed itself "
             "is known; use --members, --etcd or --registrator for the others"});
    return discovery;
}

/// Keeps one round of questions alive until its callback was called.
class SeedRound : public std::enable_shared_from_this<SeedRound> {
public:
    SeedRound(transport::HttpClient& http, Request request, Callback<void(Result<Discovery>)> done)
        : http_(http), request_(std::move(request)), done_(std::move(done)) {}

    void ask_next() {
        const auto now = std::chrono::steady_clock::now();
        const auto left = request_.seeds.endpoints.size() - index_;
        rest::MemberAccess access;
        access.origin = request_.seeds.endpoints[index_];
        access.tls = request_.member_tls;
        access.deadlines.total =
            now + (request_.deadline - now) / static_cast<std::chrono::steady_clock::rep>(left);
        call_ = rest::get_cluster(http_, access,
                                  [self = shared_from_this()](Result<rest::ClusterAnswer> answer) {
                                      self->take(std::move(answer));
                                  });
    }

    void cancel() { call_.cancel(); }

private:
    void take(Result<rest::ClusterAnswer> answer) {
        const Origin& seed = request_.seeds.endpoints[index_];
        if (!answer) {
            Error error = std::move(answer).error();
            problems_.push_back({"seed_failed", seed.text(), error.message});
            if (error.kind != ErrorKind::cancelled && ++index_ < request_.seeds.endpoints.size()) {
                return ask_next();
            }
            if (problems_.size() > 1) {
                error.message += " (before: " + earlier() + ")";
            }
            return done_(std::move(error));
        }
        Discovery discovery = answer->overview ? from_overview(seed, std::move(*answer->overview))
                                               : from_status(seed, *answer->status);
        discovery.problems.insert(discovery.problems.begin(), problems_.begin(), problems_.end());
        done_(std::move(discovery));
    }

    /// What the seeds before the last one said.
    std::string earlier() const {
        std::string text;
        for (std::size_t i = 0; i + 1 < problems_.size(); ++i) {
            text += (text.empty() ? "" : "; ") + problems_[i].where + ": " + problems_[i].message;
        }
        return text;
    }

    transport::HttpClient& http_;
    Request request_;
    Callback<void(Result<Discovery>)> done_;
    std::size_t index_ = 0;
    std::vector<Problem> problems_;
    Operation call_;
};

}  // namespace

Operation ask_seeds(transport::HttpClient& http, const Request& request,
                    Callback<void(Result<Discovery>)> done) {
    auto round = std::make_shared<SeedRound>(http, request, std::move(done));
    round->ask_next();
    return Operation([weak = std::weak_ptr<SeedRound>(round)] {
        if (auto alive = weak.lock()) {
            alive->cancel();
        }
    });
}

}  // namespace patroni::discovery
