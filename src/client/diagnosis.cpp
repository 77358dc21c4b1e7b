#include "client/diagnosis_steps.hpp"
#include "dcs/find_endpoints.hpp"
#include "dcs/make_backend.hpp"
#include "discovery/dcs_members.hpp"
#include "transport/http_client.hpp"

#include <patroni/diagnosis.hpp>

#include <boost/asio/io_context.hpp>

#include <memory>
#include <utility>

namespace patroni {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t k_who_bytes = 1024U * 1024;

/// The questions to one endpoint, one after the other.
class EndpointCheck : public std::enable_shared_from_this<EndpointCheck> {
public:
    EndpointCheck(transport::HttpClient& http, Seeds seeds, transport::SteadyTime deadline,
                  EndpointDiagnosis& told, std::function<void()> ended)
        : http_(http),
          seeds_(std::move(seeds)),
          deadline_(deadline),
          told_(told),
          ended_(std::move(ended)) {
        told_.endpoint = seeds_.endpoints.front();
    }

    void start() {
        const bool is_consul = seeds_.kind == Seeds::Kind::consul;
        if (seeds_.kind == Seeds::Kind::zookeeper) {
            return read();  // It has no question of that kind that is always allowed.
        }
        transport::Call call;
        call.origin = told_.endpoint;
        call.request.target = is_consul ? "/v1/agent/self" : "/version";
        if (is_consul && !seeds_.token.empty()) {
            call.request.headers.emplace_back("X-Consul-Token", seeds_.token.reveal());
        }
        call.deadlines.total = deadline_;
        call.limits.body_bytes = k_who_bytes;
        call.tls = std::make_shared<TlsSettings>(seeds_.tls);
        http_.start(std::move(call), [self = shared_from_this()](Result<protocol::Response> who) {
            self->take_who(std::move(who));
        });
    }

private:
    void take_who(Result<protocol::Response> who) {
        if (!who) {
            return fail(std::move(who).error());
        }
        auto product = seeds_.kind == Seeds::Kind::consul
                           ? product_of_consul(who->status, who->body)
                           : product_of_etcd(who->body);
        told_.product = std::move(product.name);
        told_.version = std::move(product.version);
        read();
    }

    void read() {
        auto made = dcs::make_backend(http_, seeds_);
        if (!made) {
            return fail(std::move(made).error());
        }
        const std::string prefix = seeds_.scope.empty()
                                       ? discovery::dcs_prefix(seeds_.name_space, "patctl-doctor")
                                       : discovery::dcs_prefix(seeds_.name_space, seeds_.scope);
        dcs::Backend& backend = **made;
        backend.start_read(
            prefix, deadline_,
            [self = shared_from_this(), kept = *std::move(made)](Result<dcs::Snapshot> snapshot) {
                if (!snapshot) {
                    return self->fail(std::move(snapshot).error());
                }
                self->told_.steps = steps_until("", self->told_.endpoint.tls);
                self->told_.store_id = std::move(snapshot->store);
                self->told_.keys = snapshot->entries.size();
            });
    }

    void fail(Error error) {
        // Who did not say that it is such a store, and refuses, is something else.
        const bool is_other = told_.product.empty() && seeds_.kind != Seeds::Kind::zookeeper &&
                              error.delivery == Delivery::answered;
        told_.steps = steps_until(is_other ? "answer" : failed_step(error), told_.endpoint.tls);
        told_.error = std::move(error);
        ended_();
    }

    transport::HttpClient& http_;
    Seeds seeds_;  ///< With this endpoint alone.
    transport::SteadyTime deadline_;
    EndpointDiagnosis& told_;
    std::function<void()> ended_;
};

Result<std::vector<Origin>> endpoints_of(boost::asio::io_context& loop, transport::HttpClient& http,
                                         const Seeds& seeds, transport::SteadyTime deadline) {
    if (!dcs::must_find_endpoints(seeds)) {
        return seeds.endpoints;
    }
    Result<std::vector<Origin>> result;
    bool found = false;
    dcs::find_endpoints(http, seeds, deadline, [&](Result<std::vector<Origin>> answer) {
        result = std::move(answer);
        found = true;
    });
    while (!found && loop.run_one() > 0) {
    }
    loop.restart();
    return result;
}

/// As registrator's keys are read: those of Patroni would be beside them.
Seeds as_store(Seeds seeds) {
    if (seeds.kind == Seeds::Kind::registrator) {
        seeds.kind = Seeds::Kind::etcd2;
        seeds.name_space = std::exchange(seeds.directory, {});
        seeds.scope.clear();
    }
    return seeds;
}

}  // namespace

Result<std::vector<EndpointDiagnosis>> diagnose_endpoints(const Seeds& seeds,
                                                          DiagnosisOptions options) {
    const Seeds store = as_store(seeds);
    if (!is_store(store.kind)) {
        Error error;
        error.kind = ErrorKind::config;
        error.message = "seeds of kind " + std::string(to_string(seeds.kind)) + " name no store";
        return error;
    }
    const auto deadline = steady_clock::now() + options.timeout;
    boost::asio::io_context loop(1);
    transport::HttpClient::Options transport_options;
    transport_options.trace = std::move(options.trace);
    transport::HttpClient http(loop, std::move(transport_options));
    auto endpoints = endpoints_of(loop, http, store, deadline);
    if (!endpoints) {
        return std::move(endpoints).error();
    }
    std::vector<EndpointDiagnosis> diagnoses(endpoints->size());
    std::size_t open = endpoints->size();
    for (std::size_t i = 0; i < endpoints->size(); ++i) {
        Seeds one = store;
        one.endpoints = {(*endpoints)[i]};
        one.srv_domain.clear();
        one.exhibitors.clear();
        std::make_shared<EndpointCheck>(http, std::move(one), deadline, diagnoses[i], [&] {
            if (--open == 0) {
                loop.stop();  // A kept connection would hold it.
            }
        })->start();
    }
    loop.run();  // Every call has its deadline.
    return diagnoses;
}

}  // namespace patroni
