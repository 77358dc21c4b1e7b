#include "client/call_loop.hpp"
#include "client/member_retry.hpp"
#include "client/runtime_impl.hpp"
#include "rest/member_caller.hpp"
#include "transport/http_client.hpp"

#include <patroni/member.hpp>

#include <optional>

namespace patroni {
namespace {

constexpr std::uint16_t k_default_port = 8008;

}  // namespace

class Member::Impl {
public:
    Impl(Runtime* runtime, Origin origin, MemberOptions options)
        : loop_(runtime), origin_(std::move(origin)), options_(std::move(options)) {
        start_over();
    }

    CallLoop& loop() noexcept { return loop_; }
    const Origin& origin() const noexcept { return origin_; }
    std::optional<Version> version() const { return caller_->version(); }

    template <class Request>
    Operation start(Request request, CallOptions options, rest::MemberCaller::Done<Request> done) {
        using Data = Reply<typename Request::Data>;
        const auto timeout =
            options.timeout.count() > 0 ? options.timeout : rest::default_timeout(request);
        const auto deadline = std::chrono::steady_clock::now() + timeout;
        const int attempts = rest::may_change(request) ? 1 : options.attempts;
        return loop_.begin<Data>(std::move(done), [this, request = std::move(request), deadline,
                                                   attempts](
                                                      Callback<void(Result<Data>)> next) mutable {
            return repeat<Data>(
                loop_.runtime().impl().context, loop_.alive(), attempts, deadline,
                [this, request = std::move(request), deadline](Callback<void(Result<Data>)> once) {
                    return caller_->start(request, deadline, std::move(once));
                },
                std::move(next));
        });
    }

    template <class Request>
    Reply<typename Request::Data> call(Request request, CallOptions options) {
        using Data = Reply<typename Request::Data>;
        return loop_.block<Data>([this] { start_over(); },
                                 [&](Callback<void(Result<Data>)> done) {
                                     start(std::move(request), options, std::move(done));
                                 });
    }

private:
    void start_over() {
        caller_.reset();
        transport::HttpClient::Options transport_options;
        transport_options.max_connections = 1;
        transport_options.trace = options_.trace;
        http_.emplace(loop_.runtime().impl().context, std::move(transport_options));
        caller_.emplace(
            *http_, origin_, std::make_shared<const TlsSettings>(options_.tls),
            rest::Credentials{options_.user, options_.password, options_.authenticate_reads});
    }

    CallLoop loop_;
    Origin origin_;
    MemberOptions options_;
    std::optional<transport::HttpClient> http_;  ///< Always set, as the next.
    std::optional<rest::MemberCaller> caller_;
};

Member::Member(std::string_view url, MemberOptions options)
    : impl_(std::make_unique<Impl>(nullptr, parse_origin(url, k_default_port).value(),
                                   std::move(options))) {}
Member::Member(Runtime& runtime, Origin origin, MemberOptions options)
    : impl_(std::make_unique<Impl>(&runtime, std::move(origin), std::move(options))) {}
Member::~Member() = default;
Member::Member(Member&&) noexcept = default;
Member& Member::operator=(Member&&) noexcept = default;

const Origin& Member::origin() const {
    return impl_->origin();
}

std::optional<Version> Member::version() const {
    return impl_->version();
}

template <class Request>
Reply<typename Request::Data> Member::call(Request request, CallOptions options) {
    return impl_->call(std::move(request), options);
}

template <class Request>
Operation Member::start(Request request, CallOptions options,
                        Callback<void(Result<Reply<typename Request::Data>>)> done) {
    impl_->loop().require_runtime();
    return impl_->start(std::move(request), options, std::move(done));
}

#define PATRONI_REQUEST(Request)                                      \
    template Reply<Request::Data> Member::call(Request, CallOptions); \
    template Operation Member::start(Request, CallOptions,            \
                                     Callback<void(Result<Reply<Request::Data>>)>);
PATRONI_REQUEST(GetStatus)
PATRONI_REQUEST(GetCluster)
PATRONI_REQUEST(GetHistory)
PATRONI_REQUEST(GetConfig)
PATRONI_REQUEST(GetMetrics)
PATRONI_REQUEST(GetFailsafe)
PATRONI_REQUEST(CheckHealth)
PATRONI_REQUEST(CheckLiveness)
PATRONI_REQUEST(CheckReadiness)
PATRONI_REQUEST(RawRequest)
PATRONI_REQUEST(PatchConfig)
PATRONI_REQUEST(PutConfig)
PATRONI_REQUEST(Reload)
PATRONI_REQUEST(Restart)
PATRONI_REQUEST(CancelRestart)
PATRONI_REQUEST(Reinitialize)
PATRONI_REQUEST(Switchover)
PATRONI_REQUEST(CancelSwitchover)
PATRONI_REQUEST(Failover)
PATRONI_REQUEST(AnnounceFailsafe)
PATRONI_REQUEST(NotifyCoordinator)
PATRONI_REQUEST(RequestSigterm)
#undef PATRONI_REQUEST

}  // namespace patroni
