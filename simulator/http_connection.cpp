#include "simulator/http_connection.hpp"

#include <utility>

namespace patroni::simulation {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::size_t max_request_bytes = 1024 * 1024;

}  // namespace

HttpConnection::HttpConnection(asio::ip::tcp::socket socket, std::shared_ptr<HttpService> service)
    : channel_(std::move(socket), service->tls),
      service_(std::move(service)),
      timer_(channel_.executor()) {}

void HttpConnection::start() {
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

bool HttpConnection::is_held() const {
    const Fault* fault = service_->fault_for(*pending_);
    return service_->held || (fault != nullptr && fault->kind == Fault::Kind::silent);
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
    if (is_held()) {
        read();  // to notice when the client gives up
        return;
    }
    const HttpRequest request = *std::exchange(pending_, std::nullopt);
    answering_ = true;
    segment_ = 0;
    const Fault* fault = service_->fault_for(request);
    plan_ = fault != nullptr ? plan_of(service_->handler(request), *fault)
                             : plan_of(service_->handler(request));
    if (plan_.pause.count() > 0 || plan_.end == SendPlan::End::wait) {
        read();  // as above
    }
    send_next();
}

void HttpConnection::send_next() {
    if (segment_ == plan_.segments.size()) {
        finish();
        return;
    }
    channel_.write(asio::buffer(plan_.segments[segment_]),
                   [self = shared_from_this()](error_code error, std::size_t) {
                       error ? self->close() : self->sent();
                   });
}

void HttpConnection::sent() {
    ++segment_;
    if (segment_ == plan_.segments.size() && plan_.end == SendPlan::End::repeat) {
        --segment_;
    }
    if (plan_.pause.count() == 0 || segment_ == plan_.segments.size()) {
        send_next();
        return;
    }
    timer_.expires_after(plan_.pause);
    timer_.async_wait([self = shared_from_this()](error_code error) {
        if (!error) {
            self->send_next();
        }
    });
}

void HttpConnection::finish() {
    switch (plan_.end) {
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
