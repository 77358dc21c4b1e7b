#include "simulator/http_connection.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace patroni::simulation {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// Enough for the etcd to say itself that a request is too large.
constexpr std::size_t max_request_bytes = 4 * 1024 * 1024;

}  // namespace

const Fault* HttpService::fault_for(const HttpRequest& request) const {
    if (!fault) {
        return nullptr;
    }
    const bool with_method = fault->path.find(' ') != std::string::npos;
    return (with_method ? request.method + " " + request.target : request.target)
                   .starts_with(fault->path)
               ? &*fault
               : nullptr;
}

void HttpService::spend_fault() {
    if (!fault || fault->times == 0) {
        return;  // For any number of requests.
    }
    --fault->times;
    if (fault->times == 0) {
        fault.reset();
    }
}

void HttpService::start_waiting() {
    while (!waiting.empty() && (workers == 0 || busy < workers)) {
        const auto next = waiting.front().lock();
        waiting.pop_front();
        if (next && connections.contains(next)) {
            ++busy;
            next->start();
        }
    }
}

HttpConnection::HttpConnection(asio::ip::tcp::socket socket, std::shared_ptr<HttpService> service)
    : channel_(std::move(socket), service->tls),
      service_(std::move(service)),
      timer_(channel_.executor()) {}

void HttpConnection::start() {
    has_worker_ = true;
    channel_.open(
        [self = shared_from_this()](error_code error) { error ? self->close() : self->read(); });
}

void HttpConnection::read() {
    if (std::exchange(reading_, true)) {
        return;
    }
    channel_.read_some(asio::buffer(chunk_),
                       [self = shared_from_this()](error_code error, std::size_t size) {
                           self->reading_ = false;
                           if (error || self->received_.size() > max_request_bytes) {
                               self->close();
                               return;
                           }
                           self->received_.append(self->chunk_.data(), size);
                           self->answering_ ? self->read() : self->take();
                       });
}

bool HttpConnection::is_held(const HttpRequest& request) const {
    const Fault* fault = service_->fault_for(request);
    return service_->held || (fault != nullptr && fault->kind == Fault::Kind::silent);
}

void HttpConnection::resume() {
    if (pending_) {
        take();
    } else if (answering_) {
        send_next();
    }
}

void HttpConnection::take() {
    if (!pending_) {
        pending_ = take_request(received_);
        if (!pending_) {
            read();
            return;
        }
        used_ = true;
        ++service_->traffic.requests;
    }
    if (is_held(*pending_)) {
        read();  // to notice when the client gives up
        return;
    }
    current_ = *std::exchange(pending_, std::nullopt);
    answering_ = true;
    over_ = false;
    end_ = SendPlan::End::more;
    gone_ = nullptr;
    ++answer_;
    const Fault* fault = service_->fault_for(current_);
    planner_ = SendPlanner(fault == nullptr ? std::nullopt : std::optional(*fault));
    if (fault != nullptr) {
        service_->spend_fault();
    }
    service_->handler(current_, HttpResponder(weak_from_this(), answer_));
    if (!over_ || pause_.count() > 0 || end_ == SendPlan::End::wait) {
        read();  // as above
    }
}

void HttpConnection::answer(std::uint64_t answer, std::vector<std::string> segments,
                            SendPlan::End end) {
    if (!answers(answer)) {
        return;
    }
    SendPlan plan = planner_.next(std::move(segments), end);
    over_ = plan.end != SendPlan::End::more;
    end_ = plan.end;
    pause_ = plan.pause;
    std::ranges::move(plan.segments, std::back_inserter(segments_));
    send_next();
}

void HttpConnection::send_next() {
    if (sending_) {
        return;
    }
    if (segments_.empty()) {
        finish();
        return;
    }
    if (is_held(current_)) {
        return;
    }
    sending_ = true;
    channel_.write(asio::buffer(segments_.front()),
                   [self = shared_from_this()](error_code error, std::size_t) {
                       error ? self->close() : self->sent();
                   });
}

void HttpConnection::sent() {
    if (segments_.size() > 1 || end_ != SendPlan::End::repeat) {
        segments_.pop_front();
    }
    if (pause_.count() == 0 || segments_.empty()) {
        sending_ = false;
        send_next();
        return;
    }
    timer_.expires_after(pause_);
    timer_.async_wait([self = shared_from_this()](error_code error) {
        if (!error) {
            self->sending_ = false;
            self->send_next();
        }
    });
}

void HttpConnection::finish() {
    switch (end_) {
        case SendPlan::End::keep:
            answering_ = false;
            take();
            return;
        case SendPlan::End::close:
            channel_.end([self = shared_from_this()] { self->close(); });
            return;
        case SendPlan::End::reset:
            reset();
            return;
        case SendPlan::End::more:
        case SendPlan::End::wait:
        case SendPlan::End::repeat:
            return;
    }
}

void HttpConnection::leave() {
    timer_.cancel();
    if (service_->connections.erase(shared_from_this()) != 0) {
        --service_->traffic.open;
        service_->traffic.unused += used_ ? 0 : 1;
        const bool unfinished = answering_ && !over_;
        over_ = true;
        answering_ = false;
        if (auto gone = std::exchange(gone_, nullptr); gone && unfinished) {
            asio::post(channel_.executor(), std::move(gone));  // who answers may be in the middle
        }
        if (has_worker_) {
            --service_->busy;
            service_->start_waiting();
        }
    }
}

void HttpConnection::close() {
    // The socket first: whoever sees the connection gone from the count finds it closed.
    channel_.close();
    leave();
}

void HttpConnection::reset() {
    channel_.reset();
    leave();
}

}  // namespace patroni::simulation
