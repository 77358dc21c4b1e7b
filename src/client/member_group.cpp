#include "client/call_loop.hpp"
#include "client/first_good.hpp"
#include "client/runtime_impl.hpp"
#include "rest/member_caller.hpp"
#include "transport/http_client.hpp"

#include <patroni/member_group.hpp>

#include <algorithm>
#include <optional>
#include <vector>

namespace patroni {
namespace {

Error refused(const char* message) {
    Error error;
    error.kind = ErrorKind::config;
    error.message = message;
    return error;
}

template <class Data>
bool is_good(const Reply<Data>&) {
    return true;
}
bool is_good(const Reply<RawRequest::Data>& reply) {
    return reply.status >= 200 && reply.status < 300;
}

std::vector<Origin> distinct(const std::vector<Origin>& members) {
    std::vector<Origin> result;
    for (const auto& member : members) {
        if (std::ranges::find(result, member) == result.end()) {
            result.push_back(member);
        }
    }
    return result;
}

}  // namespace

class MemberGroup::Impl {
public:
    Impl(Runtime* runtime, const std::vector<Origin>& members, MemberOptions options)
        : loop_(runtime), members_(distinct(members)), options_(std::move(options)) {
        if (members_.empty()) {
            throw Failure(refused("a group needs a member"));
        }
        start_over();
    }

    CallLoop& loop() noexcept { return loop_; }

    template <class Request>
    using Done = Callback<void(Result<GroupReply<typename Request::Data>>)>;

    template <class Request>
    Operation start(Request request, GroupOptions options, Done<Request> done) {
        if (rest::may_change(request)) {
            throw Failure(refused("a write goes to one member: Member::call"));
        }
        const auto timeout =
            options.timeout.count() > 0 ? options.timeout : rest::default_timeout(request);
        const auto deadline = std::chrono::steady_clock::now() + timeout;
        return loop_.begin<GroupReply<typename Request::Data>>(
            std::move(done), [this, request = std::move(request), deadline,
                              hedge_after = options.hedge_after](Done<Request> next) {
                return begin(request, deadline, hedge_after, std::move(next));
            });
    }

    template <class Request>
    GroupReply<typename Request::Data> call(Request request, GroupOptions options) {
        return loop_.block<GroupReply<typename Request::Data>>(
            [this] { start_over(); },
            [&](Done<Request> done) { start(std::move(request), options, std::move(done)); });
    }

private:
    template <class Request>
    Operation begin(const Request& request, transport::SteadyTime deadline,
                    std::chrono::milliseconds hedge_after, Done<Request> done) {
        using Data = Reply<typename Request::Data>;
        using Search = FirstGood<Data>;
        const auto search = std::make_shared<Search>(
            loop_.runtime().impl().context, loop_.alive(), members_.size(), hedge_after,
            [this, request, deadline](std::size_t index, Callback<void(Result<Data>)> next) {
                return callers_[index].start(request, deadline, std::move(next));
            },
            [](const Data& reply) { return is_good(reply); },
            [this, done = std::move(done)](Result<typename Search::Answer> answer) mutable {
                if (!answer) {
                    return done(std::move(answer).error());
                }
                GroupReply<typename Request::Data> reply;
                static_cast<Data&>(reply) = std::move(answer->value);
                reply.member = members_[answer->index];
                reply.failures = std::move(answer->failures);
                done(std::move(reply));
            });
        search->start();
        return Operation([weak = std::weak_ptr(search)] {
            if (const auto alive = weak.lock()) {
                alive->cancel();
            }
        });
    }

    void start_over() {
        callers_.clear();
        transport::HttpClient::Options transport_options;
        transport_options.max_connections = members_.size();
        transport_options.trace = options_.trace;
        http_.emplace(loop_.runtime().impl().context, std::move(transport_options));
        const auto tls = std::make_shared<const TlsSettings>(options_.tls);
        for (const auto& member : members_) {
            callers_.emplace_back(
                *http_, member, tls,
                rest::Credentials{options_.user, options_.password, options_.authenticate_reads});
        }
    }

    CallLoop loop_;
    std::vector<Origin> members_;
    MemberOptions options_;
    std::optional<transport::HttpClient> http_;  ///< Always set.
    std::vector<rest::MemberCaller> callers_;    ///< In the order of the members.
};

MemberGroup::MemberGroup(std::vector<Origin> members, MemberOptions options)
    : impl_(std::make_unique<Impl>(nullptr, members, std::move(options))) {}
MemberGroup::MemberGroup(Runtime& runtime, std::vector<Origin> members, MemberOptions options)
    : impl_(std::make_unique<Impl>(&runtime, members, std::move(options))) {}
MemberGroup::~MemberGroup() = default;
MemberGroup::MemberGroup(MemberGroup&&) noexcept = default;
MemberGroup& MemberGroup::operator=(MemberGroup&&) noexcept = default;

template <class Request>
GroupReply<typename Request::Data> MemberGroup::first_good(Request request, GroupOptions options) {
    return impl_->call(std::move(request), options);
}

template <class Request>
Operation MemberGroup::start_first_good(
    Request request, GroupOptions options,
    Callback<void(Result<GroupReply<typename Request::Data>>)> done) {
    impl_->loop().require_runtime();
    return impl_->start(std::move(request), options, std::move(done));
}

#define PATRONI_REQUEST(Request)                                                       \
    template GroupReply<Request::Data> MemberGroup::first_good(Request, GroupOptions); \
    template Operation MemberGroup::start_first_good(                                  \
        Request, GroupOptions, Callback<void(Result<GroupReply<Request::Data>>)>);
PATRONI_REQUEST(GetStatus)
PATRONI_REQUEST(GetCluster)
PATRONI_REQUEST(GetHistory)
PATRONI_REQUEST(GetConfig)
PATRONI_REQUEST(GetFailsafe)
PATRONI_REQUEST(RawRequest)
#undef PATRONI_REQUEST

}  // namespace patroni
