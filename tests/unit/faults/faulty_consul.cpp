#include "unit/faults/faulty_consul.hpp"

#include <utility>

namespace patroni::testing {
namespace {

simulation::HttpReply reply_of(const protocol::Response& response) {
    std::string head =
        "HTTP/1.1 " + std::to_string(response.status) + " X\r\nContent-Type: application/json\r\n";
    for (const auto& header : response.headers) {
        head += header.first + ": " + header.second + "\r\n";
    }
    head += "Content-Length: " + std::to_string(response.body.size()) + "\r\n\r\n";
    return {.segments = {head, response.body}, .close = false};
}

}  // namespace

FaultyConsul::FaultyConsul(const std::map<std::string, std::string>& keys) {
    for (const auto& [key, value] : keys) {
        model_.put(key, value);
    }
    loop_.run([this] {
        server_.emplace(loop_.context, [this](const simulation::HttpRequest& seen,
                                              simulation::HttpResponder responder) {
            protocol::Request request;
            request.target = seen.target;
            if (model_.answers(request)) {
                responder.reply(reply_of(model_.answer(request)));
            } else {
                waiting_.push_back(std::move(responder));
            }
        });
        server_->listen(true);
        address_ = server_->address();
    });
}

FaultyConsul::~FaultyConsul() {
    loop_.run([this] { server_.reset(); });
    loop_.stop();
}

Seeds FaultyConsul::seeds() const {
    return Seeds::consul(address_.text(), "batman").value();
}

void FaultyConsul::fault(std::optional<Fault> fault) {
    loop_.run([&] { server_->fault(std::move(fault)); });
}

SimulatedTraffic FaultyConsul::traffic() {
    SimulatedTraffic traffic;
    loop_.run([&] { traffic = server_->traffic(); });
    return traffic;
}

bool FaultyConsul::all_connections_ended() {
    return loop_.comes_true([this] { return server_->traffic().open == 0; });
}

}  // namespace patroni::testing
