#pragma once

#include "dcs/endpoint_turns.hpp"
#include "dcs/watch_dialogue.hpp"
#include "transport/http_client.hpp"
#include "transport/loop_timer.hpp"

#include <patroni/callback.hpp>
#include <patroni/operation.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>

namespace patroni::dcs {

/// Runs a WatchDialogue at one endpoint after the other, for as long as the watch lives: opens its
/// stream, asks a silent endpoint whether it is there, and goes on elsewhere when it is not.
class WatchRunner : public std::enable_shared_from_this<WatchRunner> {
public:
    WatchRunner(transport::HttpClient& http, StoreAccess access,
                std::unique_ptr<WatchDialogue> dialogue, std::chrono::milliseconds silence,
                Callback<void(WatchEvent)> told);

    void start();
    /// Ends it with `cancelled`, from the loop.
    void cancel();
    /// Ends it without a word. Nothing that the constructor got is touched any more.
    void drop();

private:
    void take_turn();
    void take_turn_after(std::chrono::milliseconds delay);
    void handle(WatchStep step);
    void tell(WatchEvent event);
    void read();
    void ask(protocol::Request request);
    void open(protocol::Request request);
    void take_ended(Result<protocol::Response> result);
    void probe();
    void heard();
    void listen_for_silence();
    void lose(Refusal refusal);
    void tell_lost(const Error& error);
    std::chrono::milliseconds pause();
    /// Ends what is under way: its answers are not wanted any more.
    void hang_up();
    void end(Error error);
    transport::Call call(protocol::Request request) const;
    StoreAccess this_endpoint() const;
    /// Wraps what is to be done with an answer: only while nothing newer was begun.
    template <class T, class Work>
    Callback<void(T)> while_current(Work work);

    transport::HttpClient& http_;
    std::unique_ptr<transport::HttpClient> stream_http_;  ///< A stream holds its host's turn.
    StoreAccess access_;
    std::unique_ptr<WatchDialogue> dialogue_;
    std::chrono::milliseconds silence_;
    Callback<void(WatchEvent)> told_;
    transport::LoopTimer turn_timer_;
    transport::LoopTimer silence_timer_;
    Operation call_;
    Operation stream_;
    Operation probe_;
    std::size_t index_ = 0;         ///< Whose turn it is.
    std::uint64_t generation_ = 0;  ///< Of what is under way; answers of older ones are ignored.
    bool stopped_ = false;
    bool dropped_ = false;
    bool served_ = false;
    bool probing_ = false;
    bool has_snapshot_ = false;
    std::size_t empty_turns_ = 0;  ///< In a row, in which nothing was told.
    std::chrono::steady_clock::time_point last_heard_{};
    std::map<std::string, std::string>
        lost_;  ///< What was told of endpoints since the last served.
    std::minstd_rand random_;
};

}  // namespace patroni::dcs
