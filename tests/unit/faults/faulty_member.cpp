#include "unit/faults/faulty_member.hpp"

#include "unit/faults/member_calls.hpp"

#include <boost/asio/post.hpp>

#include <chrono>
#include <future>

namespace patroni::testing {

FaultyMember::FaultyMember() {
    server_.emplace(context_, [this](const simulation::HttpRequest& request) {
        const std::string path = request.target.substr(0, request.target.find('?'));
        const std::string call = request.method + " " + path;
        if (!request.is_well_formed()) {
            return simulation::HttpReply{};  // The beginning of a TLS handshake.
        }
        ++answered_[call];
        return simulation::HttpReply{.segments = answer_segments(call)};
    });
    server_->listen(true);
    address_ = server_->address();
    thread_ = std::thread([this] { context_.run(); });
}

FaultyMember::~FaultyMember() {
    run([this] {
        server_.reset();
        work_.reset();
    });
    thread_.join();
}

void FaultyMember::run(std::function<void()> work) {
    std::promise<void> done;
    boost::asio::post(context_, [&] {
        work();
        done.set_value();
    });
    done.get_future().wait();
}

void FaultyMember::fault(std::optional<Fault> fault) {
    run([&] { server_->fault(std::move(fault)); });
}

void FaultyMember::tls(SimulatedTls certificate) {
    run([&] { server_->tls(certificates_.server(certificate)); });
}

std::string FaultyMember::ca_certificate() {
    std::string pem;
    run([&] { pem = certificates_.ca_pem(); });
    return pem;
}

std::size_t FaultyMember::answered(const std::string& call) {
    std::size_t count = 0;
    run([&] { count = answered_[call]; });
    return count;
}

std::size_t FaultyMember::requests() {
    std::size_t count = 0;
    run([&] { count = server_->traffic().requests; });
    return count;
}

bool FaultyMember::all_connections_ended() {
    const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    std::size_t open = 1;
    while (open != 0 && std::chrono::steady_clock::now() < patience) {
        run([&] { open = server_->traffic().open; });
    }
    return open == 0;
}

}  // namespace patroni::testing
