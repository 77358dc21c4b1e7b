#pragma once

// For programs whose own loop is Boost.Asio's: completion tokens over Client, Member and Store.
// The only public header that needs Boost (1.81 or newer); CMake target patroni::asio.
//
//     boost::asio::awaitable<void> watch(patroni::AsioMember& member) {
//         auto reply = co_await member.async_call(patroni::GetStatus{}, {},
//                                                 boost::asio::use_awaitable);
//         if (reply) { use(reply->data.state); } else { log(to_line(reply.error())); }
//     }
//     ...
//     boost::asio::io_context io;
//     patroni::AsioLoop loop;  // a thread that libpatroni's own work is done on
//     patroni::AsioMember member(io.get_executor(), loop, origin, options);
//     boost::asio::co_spawn(io, watch(member), boost::asio::detached);
//     io.run();
//
// How it works. No Boost type crosses the library's ABI: libpatroni keeps its own event loop, on
// the thread of an AsioLoop. An operation is handed over there, and its handler is posted back to
// the handler's executor (the object's executor when it has none). So the program and the library
// may be built with different Boost versions as long as libpatroni is shared; a static one wants
// the same Boost and the same BOOST_ASIO_ macros.
//
// Completion. `void(Result<T>)`: callbacks, use_future, use_awaitable, deferred and any other
// token. A handler is called exactly once, through its executor, never from within the function
// that starts the operation, and counts as work of its executor until then.
//
// Cancellation. A handler's cancellation slot cancels its operation: the Result is then an Error of
// kind `cancelled`, or for a write that was sent an Outcome that is `unknown`. Reads heed every
// cancellation type. Writes heed `terminal` and `partial` only, because they may be carried out all
// the same.
//
// Threads and lifetimes. Operations may be started from any thread. Constructors and destructors
// wait for the loop's thread, which never waits for anybody. When an object goes, its operations
// end with Error kind `cancelled` (delivery may_have_been_sent: nobody knows). After its destructor
// nothing of it is on the loop's thread; the handlers were posted, so the executor's context must
// live until they have run. An AsioLoop may go before the objects that were made on it. Traces and
// other functions in options are called on the loop's thread: they must not call back.
//
// Coroutines and GCC 12. That compiler destroys an aggregate with strings twice when it is made
// within a `co_await` expression. Requests that own memory are therefore taken by lvalue only: give
// them a name on the line before. (The same holds for aggregates of your own.)

#include <patroni/callback.hpp>
#include <patroni/client.hpp>
#include <patroni/error.hpp>
#include <patroni/member.hpp>
#include <patroni/operation.hpp>
#include <patroni/result.hpp>
#include <patroni/runtime.hpp>
#include <patroni/store.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <chrono>
#include <exception>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace patroni {

namespace asio_detail {

/// A Runtime and the thread that runs it.
class Thread {
public:
    Thread() : thread_([this] { run(); }) {}
    Thread(const Thread&) = delete;
    Thread& operator=(const Thread&) = delete;
    ~Thread() {
        runtime_.post([this] {
            stopping_ = true;
            runtime_.stop();
        });
        thread_.join();
    }

    Runtime& runtime() noexcept { return runtime_; }

    /// Calls `work` on the thread and waits for it; what it throws comes out here.
    template <class Work>
    void call(Work work) {
        if (runtime_.running_in_this_thread()) {
            return work();
        }
        std::promise<void> done;
        runtime_.post([&work, &done] {
            try {
                work();
                done.set_value();
            } catch (...) {
                done.set_exception(std::current_exception());
            }
        });
        done.get_future().get();
    }

private:
    void run() {
        while (!stopping_) {
            try {
                runtime_.run_until_stopped();
            } catch (const std::exception&) {
                // Out of memory: the operation that it hit was dropped, and told so.
                continue;
            }
        }
    }

    Runtime runtime_;
    bool stopping_ = false;  ///< On the thread.
    std::thread thread_;
};

/// One operation under way: the handler, and how to cancel what it waits for.
template <class T, class Handler, class Executor>
class Pending : public std::enable_shared_from_this<Pending<T, Handler, Executor>> {
public:
    Pending(Handler handler, const Executor& executor)
        : handler_(std::move(handler)), work_(executor) {}

    // On the loop's thread.

    /// `start` throws a Failure for what it refuses; `told` is the callback.
    template <class Start, class Told>
    void start(Start& start, Told told) {
        starting_ = true;
        try {
            operation_ = start(Callback<void(Result<T>)>(std::move(told)));
        } catch (const Failure& failure) {
            return complete(failure.error());
        } catch (const std::exception&) {
            return complete(error_of(ErrorKind::limit, "no memory to start it"));
        }
        starting_ = false;
        if (dropped_) {
            drop();
        }
    }
    void cancel() { operation_.cancel(); }
    /// The callback went away without a call.
    void drop() {
        dropped_ = true;
        if (!starting_) {
            auto error = error_of(ErrorKind::cancelled, "what it was started on went away");
            error.delivery = Delivery::may_have_been_sent;
            complete(std::move(error));
        }
    }
    void complete(Result<T> result) {
        operation_ = Operation();
        boost::asio::post(work_.get_executor(),
                          [self = this->shared_from_this(), result = std::move(result)]() mutable {
                              self->finish(std::move(result));
                          });
    }

private:
    static Error error_of(ErrorKind kind, const char* message) {
        Error error;
        error.kind = kind;
        error.message = message;
        return error;
    }

    /// On the handler's executor.
    void finish(Result<T> result) {
        if (auto slot = boost::asio::get_associated_cancellation_slot(handler_);
            slot.is_connected()) {
            slot.clear();
        }
        Handler handler(std::move(handler_));
        work_.reset();
        std::move(handler)(std::move(result));
    }

    Handler handler_;
    boost::asio::executor_work_guard<Executor> work_;
    Operation operation_;
    bool starting_ = false;
    bool dropped_ = false;
};

/// The callback of an operation, which is told of its end even when the callback is dropped.
template <class T, class State>
class Told {
public:
    explicit Told(std::shared_ptr<State> state) : state_(std::move(state)) {}
    Told(Told&&) noexcept = default;
    Told& operator=(Told&&) = delete;
    ~Told() {
        if (state_ != nullptr) {
            state_->drop();
        }
    }

    void operator()(Result<T> result) {
        std::exchange(state_, nullptr)->complete(std::move(result));
    }

private:
    std::shared_ptr<State> state_;
};

/// Hands an operation over to the loop's thread: what async_initiate calls.
template <class T>
class Initiation {
public:
    using executor_type = boost::asio::any_io_executor;

    Initiation(std::shared_ptr<Thread> thread, executor_type executor, bool may_change)
        : thread_(std::move(thread)), executor_(std::move(executor)), may_change_(may_change) {}

    executor_type get_executor() const noexcept { return executor_; }

    /// `start(callback) -> Operation` runs on the loop's thread.
    template <class Handler, class Start>
    void operator()(Handler&& handler, Start start) const {
        using Kept = std::decay_t<Handler>;
        const auto executor = boost::asio::get_associated_executor(handler, executor_);
        using State = Pending<T, Kept, std::decay_t<decltype(executor)>>;
        auto slot = boost::asio::get_associated_cancellation_slot(handler);
        const auto state = std::make_shared<State>(std::forward<Handler>(handler), executor);
        if (slot.is_connected()) {
            listen(slot, state);
        }
        thread_->runtime().post(
            [state, start = std::move(start), told = Told<T, State>(state)]() mutable {
                state->start(start, std::move(told));
            });
    }

private:
    template <class Slot, class State>
    void listen(Slot& slot, const std::shared_ptr<State>& state) const {
        slot.assign([thread = std::weak_ptr(thread_), may_change = may_change_,
                     weak = std::weak_ptr(state)](boost::asio::cancellation_type type) {
            using boost::asio::cancellation_type;
            auto heeded = cancellation_type::terminal | cancellation_type::partial;
            if (!may_change) {
                heeded = heeded | cancellation_type::total;
            }
            const auto alive = thread.lock();
            if (alive == nullptr || (type & heeded) == cancellation_type::none) {
                return;
            }
            alive->runtime().post([weak] {
                if (const auto pending = weak.lock()) {
                    pending->cancel();
                }
            });
        });
    }

    std::shared_ptr<Thread> thread_;
    executor_type executor_;
    bool may_change_;
};

/// An object that lives on the thread of an AsioLoop.
template <class Object>
class Hosted {
public:
    using executor_type = boost::asio::any_io_executor;

    template <class... Arguments>
    Hosted(executor_type executor, std::shared_ptr<Thread> thread, Arguments&&... arguments)
        : thread_(std::move(thread)), executor_(std::move(executor)) {
        thread_->call([&] {
            object_ =
                std::make_unique<Object>(thread_->runtime(), std::forward<Arguments>(arguments)...);
        });
    }
    Hosted(const Hosted&) = delete;
    Hosted& operator=(const Hosted&) = delete;
    ~Hosted() {
        thread_->call([this] { object_.reset(); });
    }

    executor_type get_executor() const noexcept { return executor_; }

    /// `start(object, callback) -> Operation`.
    template <class T, class Start, class Token>
    auto launch(bool may_change, Start start, Token&& token) {
        return boost::asio::async_initiate<Token, void(Result<T>)>(
            Initiation<T>(thread_, executor_, may_change), token,
            [object = object_.get(),
             start = std::move(start)](Callback<void(Result<T>)> done) mutable {
                return start(*object, std::move(done));
            });
    }

private:
    std::shared_ptr<Thread> thread_;
    executor_type executor_;
    std::unique_ptr<Object> object_;
};

template <class Request>
bool may_change(const Request&) {
    return std::is_same_v<typename Request::Data, Outcome>;
}
inline bool may_change(const RawRequest& request) {
    return !request.is_read();
}

}  // namespace asio_detail

/// The event loop of libpatroni on a thread of its own. A handle: copies share the thread, which
/// ends with the last of them and of the objects that were made on it.
class AsioLoop {
public:
    AsioLoop() : thread_(std::make_shared<asio_detail::Thread>()) {}

private:
    friend class AsioMember;
    friend class AsioClient;
    friend class AsioStore;

    std::shared_ptr<asio_detail::Thread> thread_;
};

/// A Member for completion tokens.
class AsioMember {
public:
    using executor_type = boost::asio::any_io_executor;

    /// `executor`: where handlers without an executor of their own are called. Throws as Member.
    AsioMember(executor_type executor, const AsioLoop& loop, Origin origin,
               MemberOptions options = {})
        : hosted_(std::move(executor), loop.thread_, std::move(origin), std::move(options)) {}

    executor_type get_executor() const noexcept { return hosted_.get_executor(); }

    /// `Member::start`: void(Result<Reply<typename Request::Data>>).
    template <class Request, class Token>
    auto async_call(const Request& request, CallOptions options, Token&& token) {
        using Data = Reply<typename Request::Data>;
        return hosted_.template launch<Data>(
            asio_detail::may_change(request),
            [request, options](Member& member, Callback<void(Result<Data>)> done) mutable {
                return member.start(std::move(request), options, std::move(done));
            },
            std::forward<Token>(token));
    }
    /// See above: not with GCC 12's coroutines. Give the request a name.
    template <class Request, class Token>
        requires(!std::is_reference_v<Request> && !std::is_trivially_destructible_v<Request>)
    void async_call(Request&& request, CallOptions options, Token&& token) = delete;

private:
    asio_detail::Hosted<Member> hosted_;
};

/// A Client for completion tokens.
class AsioClient {
public:
    using executor_type = boost::asio::any_io_executor;

    /// `executor`: where handlers without an executor of their own are called. Throws as Client.
    AsioClient(executor_type executor, const AsioLoop& loop, Seeds seeds,
               ClientOptions options = {})
        : hosted_(std::move(executor), loop.thread_, std::move(seeds), std::move(options)) {}

    executor_type get_executor() const noexcept { return hosted_.get_executor(); }

    /// `Client::start_discover`: void(Result<Discovery>).
    template <class Token>
    auto async_discover(std::chrono::milliseconds timeout, Token&& token) {
        return hosted_.template launch<Discovery>(
            false,
            [timeout](Client& client, Callback<void(Result<Discovery>)> done) {
                return client.start_discover(timeout, std::move(done));
            },
            std::forward<Token>(token));
    }

    /// `Client::start_status`: void(Result<StatusReport>).
    template <class Token>
    auto async_status(std::chrono::milliseconds timeout, Token&& token) {
        return hosted_.template launch<StatusReport>(
            false,
            [timeout](Client& client, Callback<void(Result<StatusReport>)> done) {
                return client.start_status(timeout, std::move(done));
            },
            std::forward<Token>(token));
    }

    /// `Client::start_writable_primary`: void(Result<WritablePrimary>). An empty scope: the only
    /// cluster.
    template <class Token>
    auto async_writable_primary(std::chrono::milliseconds timeout, std::string_view scope,
                                Token&& token) {
        return hosted_.template launch<WritablePrimary>(
            false,
            [timeout, scope = std::string(scope)](Client& client,
                                                  Callback<void(Result<WritablePrimary>)> done) {
                return client.start_writable_primary(timeout, scope, std::move(done));
            },
            std::forward<Token>(token));
    }

private:
    asio_detail::Hosted<Client> hosted_;
};

/// A Store for completion tokens.
class AsioStore {
public:
    using executor_type = boost::asio::any_io_executor;

    /// `executor`: where handlers without an executor of their own are called. Throws as Store.
    AsioStore(executor_type executor, const AsioLoop& loop, Seeds seeds, StoreOptions options = {})
        : hosted_(std::move(executor), loop.thread_, std::move(seeds), std::move(options)) {}

    executor_type get_executor() const noexcept { return hosted_.get_executor(); }

    /// `Store::start_clusters`: void(Result<std::vector<Cluster>>).
    template <class Token>
    auto async_clusters(std::string_view scope, std::chrono::milliseconds timeout, Token&& token) {
        return hosted_.template launch<std::vector<Cluster>>(
            false,
            [scope = std::string(scope), timeout](
                Store& store, Callback<void(Result<std::vector<Cluster>>)> done) {
                return store.start_clusters(scope, timeout, std::move(done));
            },
            std::forward<Token>(token));
    }

    /// `Store::start_write`: void(Result<StoreOutcome>). What `start_write` throws is the Error of
    /// the Result.
    template <class Token>
    auto async_write(const StoreWrite& write, std::chrono::milliseconds timeout, Token&& token) {
        return hosted_.template launch<StoreOutcome>(
            true,
            [write, timeout](Store& store, Callback<void(Result<StoreOutcome>)> done) mutable {
                return store.start_write(std::move(write), timeout, std::move(done));
            },
            std::forward<Token>(token));
    }
    /// See above: not with GCC 12's coroutines. Give the write a name.
    template <class Token>
    void async_write(StoreWrite&& write, std::chrono::milliseconds timeout, Token&& token) = delete;

private:
    asio_detail::Hosted<Store> hosted_;
};

}  // namespace patroni
