#pragma once

#include "transport/resolver.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <map>
#include <string>
#include <utility>

namespace patroni::transport::test {

/// Knows the names it was told, and never answers for others.
class FakeResolver final : public Resolver {
public:
    explicit FakeResolver(boost::asio::io_context& context) : context_(context) {}

    void add(const std::string& host, Endpoints endpoints) {
        endpoints_[host] = std::move(endpoints);
    }

    Operation resolve(std::string host, std::uint16_t,
                      Callback<void(Result<Endpoints>)> done) override {
        const auto found = endpoints_.find(host);
        if (found == endpoints_.end()) {
            silent_ = std::move(done);
            return Operation([this] { silent_ = {}; });
        }
        boost::asio::post(context_, [done = std::move(done), answer = found->second]() mutable {
            done(std::move(answer));
        });
        return {};
    }

    void add_services(const std::string& name, ServiceRecords records) {
        services_[name] = std::move(records);
    }

    Operation find_services(std::string name,
                            Callback<void(Result<ServiceRecords>)> done) override {
        boost::asio::post(context_, [done = std::move(done), answer = services_[name]]() mutable {
            done(std::move(answer));
        });
        return {};
    }

private:
    boost::asio::io_context& context_;
    std::map<std::string, ServiceRecords> services_;
    std::map<std::string, Endpoints> endpoints_;
    Callback<void(Result<Endpoints>)> silent_;
};

}  // namespace patroni::transport::test
