#include "transport/client_core.hpp"

#include "protocol/request_text.hpp"
#include "transport/cares_resolver.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace patroni::transport {

HttpClient::Impl::Impl(boost::asio::io_context& context, Options options)
    : context_(context), options_(std::move(options)), kept_(context, options_.idle_limit) {
    options_.max_connections = std::max<std::size_t>(1, options_.max_connections);
}

Operation HttpClient::Impl::start(Call call, Callback<void(Result<protocol::Response>)> done) {
    auto exchange = protocol::HttpExchange::create(
        call.request, protocol::host_header(call.origin.address), call.keep_alive, call.limits);
    if (!exchange) {
        refuse(std::move(exchange).error(), call.origin, std::move(done));
        return {};
    }
    const HostPort address = call.origin.address;
    const auto started = std::make_shared<HttpCall>(*this, weak_from_this(), std::move(call),
                                                    *std::move(exchange), std::move(done));
    Host& host = hosts_[address];
    host.waiting.push_back(started);
    started->wait_for_turn();
    make_ready(address, host);
    pump();
    return Operation([weak = std::weak_ptr(started)] {
        if (const auto waiting = weak.lock()) {
            waiting->cancel();
        }
    });
}

void HttpClient::Impl::refuse(Error error, const Origin& origin,
                              Callback<void(Result<protocol::Response>)> done) {
    error.endpoint = origin.text();
    boost::asio::post(context_, [weak = weak_from_this(), error = std::move(error),
                                 done = std::move(done)]() mutable {
        const auto self = weak.lock();
        if (self && !self->is_closed_) {
            done(std::move(error));
        }
    });
}

void HttpClient::Impl::make_ready(const HostPort& address, Host& host) {
    if (!host.active && !host.is_ready && !host.waiting.empty()) {
        host.is_ready = true;
        ready_.push_back(address);
    }
}

void HttpClient::Impl::pump() {
    if (is_pumping_) {
        return;  // A call that ends at once comes back here: the loop below goes on.
    }
    is_pumping_ = true;
    while (!ready_.empty() && active_ < options_.max_connections) {
        const HostPort address = std::move(ready_.front());
        ready_.pop_front();
        const auto found = hosts_.find(address);
        Host& host = found->second;
        host.is_ready = false;
        if (host.waiting.empty()) {
            hosts_.erase(found);
            continue;
        }
        host.active = std::move(host.waiting.front());
        host.waiting.pop_front();
        ++active_;
        const std::shared_ptr<HttpCall> call = host.active;
        auto stream = kept_.take(call->call());
        kept_.shrink_to(options_.max_connections - active_);
        call->run(std::move(stream));
    }
    is_pumping_ = false;
}

void HttpClient::Impl::on_call_ended(HttpCall& call, std::unique_ptr<Stream> reusable) {
    const HostPort& address = call.call().origin.address;
    const auto found = hosts_.find(address);
    if (found == hosts_.end()) {
        return;
    }
    Host& host = found->second;
    if (host.active.get() == &call) {
        host.active.reset();
        --active_;
        if (reusable) {
            kept_.put(call.call(), std::move(reusable));
        }
    } else {
        std::erase_if(host.waiting, [&](const auto& other) { return other.get() == &call; });
    }
    make_ready(address, host);
    if (!host.active && !host.is_ready) {
        hosts_.erase(found);
    }
    pump();
    if (active_ == 0) {
        kept_.rest();
    }
}

void HttpClient::Impl::add(std::weak_ptr<Companion> companion) {
    std::erase_if(companions_, [](const auto& other) { return other.expired(); });
    companions_.push_back(std::move(companion));
}

void HttpClient::Impl::close() {
    is_closed_ = true;
    for (const auto& companion : std::exchange(companions_, {})) {
        if (const auto alive = companion.lock()) {
            alive->on_client_end();
        }
    }
    for (auto& [address, host] : std::exchange(hosts_, {})) {
        if (host.active) {
            host.active->abandon();
        }
        for (const auto& call : host.waiting) {
            call->abandon();
        }
    }
    ready_.clear();
    kept_.clear();
    kept_.rest();
    options_.resolver.reset();
}

std::shared_ptr<Resolver> HttpClient::Impl::resolver() {
    if (!options_.resolver) {
        options_.resolver = std::make_shared<CaresResolver>(context_);
    }
    return options_.resolver;
}

std::span<char> HttpClient::Impl::read_buffer() {
    constexpr std::size_t k_read_bytes = 32 * 1024;
    read_buffer_.resize(k_read_bytes);
    return read_buffer_;
}

}  // namespace patroni::transport
