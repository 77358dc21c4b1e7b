#include "client/call_loop.hpp"
#include "client/primary_search.hpp"
#include "client/runtime_impl.hpp"
#include "client/status_round.hpp"
#include "dcs/find_endpoints.hpp"
#include "discovery/discover.hpp"
#include "transport/http_client.hpp"

#include <patroni/client.hpp>

#include <boost/asio/steady_timer.hpp>

#include <optional>

namespace patroni {
namespace {

Error misuse(const char* message) {
    Error error;
    error.kind = ErrorKind::config;
    error.message = message;
    return error;
}

transport::HttpClient::Options transport_options(std::size_t max_connections,
                                                 std::function<void(std::string_view)> trace) {
    transport::HttpClient::Options options;
    options.max_connections = max_connections;
    options.trace = std::move(trace);
    return options;
}

}  // namespace

class Client::Impl {
public:
    Impl(Runtime* runtime, Seeds seeds, ClientOptions options)
        : loop_(runtime),
          seeds_(std::move(seeds)),
          member_tls_(std::make_shared<TlsSettings>(std::move(options.member_tls))),
          on_waiting_(std::move(options.on_waiting)),
          waiting_after_(options.waiting_after),
          waiting_timer_(loop_.runtime().impl().context),
          transport_options_(transport_options(options.max_connections, std::move(options.trace))) {
        http_.emplace(loop_.runtime().impl().context, transport_options_);
        if (seeds_.endpoints.empty() && !dcs::must_find_endpoints(seeds_)) {
            throw Failure(misuse("the seeds name no endpoint"));
        }
    }

    CallLoop& loop() noexcept { return loop_; }

    Operation discover(std::chrono::milliseconds timeout, Callback<void(Result<Discovery>)> done) {
        return start<Discovery>(
            timeout, std::move(done),
            [this](discovery::Request request, Callback<void(Result<Discovery>)> next) {
                return discovery::discover(*http_, std::move(request), std::move(next));
            });
    }

    Operation status(std::chrono::milliseconds timeout, Callback<void(Result<StatusReport>)> done) {
        return start<StatusReport>(
            timeout, std::move(done),
            [this](discovery::Request request, Callback<void(Result<StatusReport>)> next) {
                auto round = std::make_shared<StatusRound>(*http_, std::move(request),
                                                           watched(std::move(next)));
                tell_when_waiting(round);
                round->start();
                return Operation([weak = std::weak_ptr<StatusRound>(round)] {
                    if (auto alive = weak.lock()) {
                        alive->cancel();
                    }
                });
            });
    }

    Operation writable_primary(std::chrono::milliseconds timeout, std::string_view scope,
                               Callback<void(Result<WritablePrimary>)> done) {
        return start<WritablePrimary>(
            timeout, std::move(done),
            [this, scope = std::string(scope)](discovery::Request request,
                                               Callback<void(Result<WritablePrimary>)> next) {
                const auto search = std::make_shared<PrimarySearch>(
                    loop_.runtime().impl().context, *http_, loop_.alive(), std::move(request),
                    scope, std::move(next));
                search->start();
                return Operation([weak = std::weak_ptr<PrimarySearch>(search)] {
                    if (const auto alive = weak.lock()) {
                        alive->cancel();
                    }
                });
            });
    }

    template <class T, class Start>
    T block(Start start_operation) {
        return loop_.block<T>(
            [this] { http_.emplace(loop_.runtime().impl().context, transport_options_); },
            std::move(start_operation));
    }

private:
    using StatusCallback = Callback<void(Result<StatusReport>)>;

    /// The callback, which also ends the wait for telling whom we wait for.
    StatusCallback watched(StatusCallback next) {
        if (!on_waiting_) {
            return next;
        }
        return [this, next = std::move(next)](Result<StatusReport> result) mutable {
            waiting_timer_.cancel();
            next(std::move(result));
        };
    }

    void tell_when_waiting(const std::weak_ptr<StatusRound>& round) {
        if (!on_waiting_) {
            return;
        }
        waiting_timer_.expires_after(waiting_after_);
        waiting_timer_.async_wait([this, round](const boost::system::error_code& error) {
            const auto waiting = round.lock();
            if (error || !waiting) {
                return;
            }
            if (const auto names = waiting->waiting_for(); !names.empty()) {
                on_waiting_(names);
            }
        });
    }

    template <class T, class Begin>
    Operation start(std::chrono::milliseconds timeout, Callback<void(Result<T>)> done,
                    Begin begin) {
        discovery::Request request{seeds_, member_tls_, std::chrono::steady_clock::now() + timeout};
        return loop_.begin<T>(std::move(done), [request = std::move(request),
                                                begin](Callback<void(Result<T>)> next) mutable {
            return begin(std::move(request), std::move(next));
        });
    }

    CallLoop loop_;
    Seeds seeds_;
    std::shared_ptr<const TlsSettings> member_tls_;
    std::function<void(const std::vector<std::string>&)> on_waiting_;
    std::chrono::milliseconds waiting_after_;
    boost::asio::steady_timer waiting_timer_;
    transport::HttpClient::Options transport_options_;
    std::optional<transport::HttpClient> http_;  ///< Always set.
};

Client::Client(std::string_view seed_urls, ClientOptions options)
    : Client(Seeds::api(seed_urls).value(), std::move(options)) {}

Client::Client(Seeds seeds, ClientOptions options)
    : impl_(std::make_unique<Impl>(nullptr, std::move(seeds), std::move(options))) {}

Client::Client(Runtime& runtime, Seeds seeds, ClientOptions options)
    : impl_(std::make_unique<Impl>(&runtime, std::move(seeds), std::move(options))) {}

Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

Discovery Client::discover(std::chrono::milliseconds timeout) {
    return impl_->block<Discovery>(
        [&](Callback<void(Result<Discovery>)> done) { impl_->discover(timeout, std::move(done)); });
}

StatusReport Client::status(std::chrono::milliseconds timeout) {
    return impl_->block<StatusReport>([&](Callback<void(Result<StatusReport>)> done) {
        impl_->status(timeout, std::move(done));
    });
}

WritablePrimary Client::writable_primary(std::chrono::milliseconds timeout,
                                         std::string_view scope) {
    return impl_->block<WritablePrimary>([&](Callback<void(Result<WritablePrimary>)> done) {
        impl_->writable_primary(timeout, scope, std::move(done));
    });
}

Operation Client::start_discover(std::chrono::milliseconds timeout,
                                 Callback<void(Result<Discovery>)> done) {
    impl_->loop().require_runtime();
    return impl_->discover(timeout, std::move(done));
}

Operation Client::start_status(std::chrono::milliseconds timeout,
                               Callback<void(Result<StatusReport>)> done) {
    impl_->loop().require_runtime();
    return impl_->status(timeout, std::move(done));
}

Operation Client::start_writable_primary(std::chrono::milliseconds timeout, std::string_view scope,
                                         Callback<void(Result<WritablePrimary>)> done) {
    impl_->loop().require_runtime();
    return impl_->writable_primary(timeout, scope, std::move(done));
}

}  // namespace patroni
