#include "dcs/zookeeper/watching.hpp"

#include "dcs/zookeeper/tree_watch.hpp"
#include "transport/loop_timer.hpp"

namespace patroni::dcs::zookeeper {
namespace {

constexpr std::chrono::milliseconds k_read_limit{30000};
constexpr std::chrono::milliseconds k_refused_pause{2000};

/// Keeps itself until the watch has ended.
class Watching final : public SessionListener, public std::enable_shared_from_this<Watching> {
public:
    Watching(transport::HttpClient& http, std::shared_ptr<Session> session,
             const WatchRequest& request, Callback<void(WatchEvent)> told)
        : http_(http),
          session_(std::move(session)),
          watch_(request.prefix),
          timer_(http.context()),
          told_(std::move(told)) {}

    void start() {
        self_ = shared_from_this();
        session_->add(*this);
    }

    void cancel() {
        if (!self_) {
            return;
        }
        stop();
        transport::post(http_.context(), [self = std::exchange(self_, nullptr)] {
            Error error;
            error.kind = ErrorKind::cancelled;
            error.message = "cancelled";
            self->told_(WatchEnded{std::move(error)});
        });
    }

    void on_ready(const std::string& endpoint) override {
        watch_.on_ready(endpoint);
        go_on();
    }
    void on_lost(const Error& error) override {
        watch_.on_lost(error);
        go_on();
    }
    void on_event(const NodeEvent& event) override {
        watch_.on_event(event);
        go_on();
    }
    void on_dropped() override {
        const auto self = shared_from_this();
        stop();
        self_.reset();
    }

private:
    void go_on() {
        const auto self = shared_from_this();
        for (auto& event : watch_.take_told()) {
            if (!self_) {
                return;  // Cancelled by what was told before.
            }
            told_(std::move(event));
        }
        if (watch_.has_ended() && self_) {
            stop();
            self_.reset();
        }
        if (!self_) {
            return;
        }
        if (watch_.is_waiting() && !std::exchange(is_timer_set_, true)) {
            timer_.start(k_refused_pause, [weak = weak_from_this()] {
                if (const auto alive = weak.lock()) {
                    alive->is_timer_set_ = false;
                    alive->watch_.try_again();
                    alive->go_on();
                }
            });
        }
        if (watch_.wants_read()) {
            read();
        }
    }

    void read() {
        watch_.on_started();
        const auto deadline = std::chrono::steady_clock::now() + k_read_limit;
        task_ = session_->run(watch_.reader(), deadline,
                              [weak = weak_from_this()](const Result<void>& result) {
                                  if (const auto self = weak.lock(); self && self->self_) {
                                      self->task_ = 0;
                                      self->watch_.on_read(result);
                                      self->go_on();
                                  }
                              });
    }

    void stop() {
        timer_.stop();
        session_->remove(*this);
        if (task_ != 0) {
            session_->cancel(std::exchange(task_, 0));
        }
    }

    transport::HttpClient& http_;
    std::shared_ptr<Session> session_;
    TreeWatch watch_;
    transport::LoopTimer timer_;
    Callback<void(WatchEvent)> told_;
    std::uint64_t task_ = 0;
    bool is_timer_set_ = false;
    std::shared_ptr<Watching> self_;
};

}  // namespace

Operation start_watching(transport::HttpClient& http, std::shared_ptr<Session> session,
                         WatchRequest request, Callback<void(WatchEvent)> told) {
    const auto watching =
        std::make_shared<Watching>(http, std::move(session), request, std::move(told));
    watching->start();
    return Operation([weak = std::weak_ptr(watching)] {
        if (const auto alive = weak.lock()) {
            alive->cancel();
        }
    });
}

}  // namespace patroni::dcs::zookeeper
