#include "transport/http_client.hpp"

#include "transport/client_core.hpp"
#include "transport/resolver.hpp"

#include <utility>

namespace patroni::transport {

HttpClient::HttpClient(boost::asio::io_context& context) : HttpClient(context, Options()) {}

HttpClient::HttpClient(boost::asio::io_context& context, Options options)
    : impl_(std::make_shared<Impl>(context, std::move(options))) {}

HttpClient::~HttpClient() {
    impl_->close();
}

Operation HttpClient::start(Call call, Callback<void(Result<protocol::Response>)> done) {
    return impl_->start(std::move(call), std::move(done));
}

void HttpClient::add(std::weak_ptr<Companion> companion) {
    impl_->add(std::move(companion));
}

std::unique_ptr<HttpClient> HttpClient::another() const {
    return std::make_unique<HttpClient>(impl_->context(), impl_->options());
}

boost::asio::io_context& HttpClient::context() const {
    return impl_->context();
}

Operation HttpClient::find_services(std::string name, Callback<void(Result<ServiceRecords>)> done) {
    return impl_->resolver()->find_services(std::move(name), std::move(done));
}

}  // namespace patroni::transport
