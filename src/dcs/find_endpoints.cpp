#include "dcs/find_endpoints.hpp"

#include "codec/json.hpp"
#include "transport/loop_timer.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>

namespace patroni::dcs {
namespace {

using std::chrono::steady_clock;

/// What may stand behind "_etcd", best first. The last two name the port between etcd's members,
/// where the list of them is to be had.
constexpr std::array<std::string_view, 6> k_services = {"-client-ssl", "-client", "-ssl", "",
                                                        "-server-ssl", "-server"};
constexpr std::size_t k_first_peer_service = 4;
constexpr std::size_t k_body_bytes = 1024U * 1024;

bool is_tls(std::size_t service) {
    return k_services[service].ends_with("-ssl");
}

Error nothing_found(std::string message) {
    Error error;
    error.kind = ErrorKind::resolve;
    error.message = std::move(message);
    return error;
}

/// One search; keeps itself alive until it has called back.
class Search : public std::enable_shared_from_this<Search> {
public:
    using Done = Callback<void(Result<std::vector<Origin>>)>;

    Search(transport::HttpClient& http, const Seeds& seeds, transport::SteadyTime deadline,
           Done done)
        : http_(http),
          seeds_(seeds),
          deadline_(deadline),
          timer_(http.context()),
          done_(std::move(done)) {}

    void start() {
        // The questions keep the search alive, not the timer: without an HttpClient it ends.
        timer_.start(deadline_, [weak = weak_from_this()] {
            if (const auto self = weak.lock()) {
                Error error = nothing_found("nobody said in time where the store is");
                error.kind = ErrorKind::timeout;
                self->last_error_ = std::move(error);
                self->give_up();
            }
        });
        if (!seeds_.srv_domain.empty()) {
            return ask_dns();
        }
        for (const auto& exhibitor : seeds_.exhibitors) {
            asked_.push_back(exhibitor);
        }
        ask_next("/exhibitor/v1/cluster/list");
    }

    void cancel() {
        if (done_) {
            Error error = nothing_found("cancelled");
            error.kind = ErrorKind::cancelled;
            transport::post(http_.context(),
                            [self = shared_from_this(), error] { self->finish(error); });
        }
    }

private:
    void ask_dns() {
        const auto names = srv_names(seeds_);
        open_ = names.size();
        records_.resize(names.size());
        for (std::size_t i = 0; i < names.size(); ++i) {
            http_.find_services(
                names[i], [self = shared_from_this(), i](Result<transport::ServiceRecords> found) {
                    if (found) {
                        self->records_[i] = std::move(*found);
                    } else {
                        self->last_error_ = std::move(found).error();
                    }
                    if (--self->open_ == 0 && self->done_) {
                        self->choose_service();
                    }
                });
        }
    }

    void choose_service() {
        for (std::size_t i = 0; i < k_first_peer_service; ++i) {
            if (!records_[i].empty()) {
                return finish(origins(i));
            }
        }
        for (std::size_t i = k_first_peer_service; i < records_.size(); ++i) {
            const auto peers = origins(i);
            asked_.insert(asked_.end(), peers.begin(), peers.end());
        }
        if (asked_.empty()) {
            if (!last_error_) {
                last_error_ =
                    nothing_found("DNS has no SRV record of etcd for " + seeds_.srv_domain +
                                  " (asked for " + srv_names(seeds_).front() + " and others)");
            }
            return give_up();
        }
        ask_next("/members");
    }

    std::vector<Origin> origins(std::size_t service) const {
        std::vector<Origin> result;
        for (const auto& record : records_[service]) {
            result.push_back({is_tls(service), {record.host, record.port}});
        }
        return result;
    }

    /// Asks one after the other; each gets a fair part of the time, Exhibitor 3 s at most.
    void ask_next(const std::string& path) {
        if (asked_.empty()) {
            return give_up();
        }
        transport::Call call;
        call.origin = asked_.front();
        asked_.erase(asked_.begin());
        call.request.target = path;
        const auto now = steady_clock::now();
        const auto share = (deadline_ - now) / static_cast<steady_clock::rep>(asked_.size() + 1);
        // Before the end of the whole search: then it is known who did not answer.
        call.deadlines.total =
            now + std::min<steady_clock::duration>(share * 9 / 10, std::chrono::seconds(3));
        call.limits.body_bytes = k_body_bytes;
        // Between its members etcd has certificates that clients cannot verify, nor does Patroni.
        auto tls = std::make_shared<TlsSettings>();
        tls->verify = false;
        call.tls = std::move(tls);
        const std::string asked = call.origin.text() + path;
        call_ = http_.start(std::move(call), [self = shared_from_this(), path,
                                              asked](Result<protocol::Response> response) {
            self->take(path, asked, std::move(response));
        });
    }

    void take(const std::string& path, const std::string& asked,
              Result<protocol::Response> response) {
        if (!done_) {
            return;
        }
        if (!response) {
            last_error_ = std::move(response).error();
            last_error_->endpoint = asked;
            return ask_next(path);
        }
        const bool is_exhibitor = !seeds_.exhibitors.empty();
        auto found = is_exhibitor ? exhibited(response->body, seeds_.exhibitor_names_tls)
                                  : client_urls(response->body);
        if (response->status == 200 && !found.empty()) {
            return finish(std::move(found));
        }
        Error error = nothing_found("gave no list of servers (HTTP " +
                                    std::to_string(response->status) + ")");
        error.kind = ErrorKind::decode;
        error.endpoint = asked;
        error.http_status = response->status;
        error.delivery = Delivery::answered;
        last_error_ = std::move(error);
        ask_next(path);
    }

    /// What the configuration names beside is better than nothing.
    void give_up() {
        if (!seeds_.endpoints.empty()) {
            return finish(seeds_.endpoints);
        }
        Error error = last_error_ ? std::move(*last_error_)
                                  : nothing_found("nobody knows where the store is");
        if (error.endpoint.empty()) {
            error.endpoint = first_endpoint(seeds_);
        }
        finish(std::move(error));
    }

    void finish(Result<std::vector<Origin>> result) {
        if (auto done = std::exchange(done_, nullptr)) {
            timer_.stop();
            call_.cancel();
            done(std::move(result));
        }
    }

    transport::HttpClient& http_;
    Seeds seeds_;
    transport::SteadyTime deadline_;
    transport::LoopTimer timer_;
    Done done_;
    std::vector<transport::ServiceRecords> records_;  ///< As k_services.
    std::size_t open_ = 0;                            ///< Questions to DNS without an answer yet.
    std::vector<Origin> asked_;                       ///< Who is still to be asked over HTTP.
    Operation call_;
    std::optional<Error> last_error_;
};

void add_origin(std::vector<Origin>& origins, Result<Origin> origin) {
    if (origin && std::find(origins.begin(), origins.end(), *origin) == origins.end()) {
        origins.push_back(std::move(*origin));
    }
}

}  // namespace

bool must_find_endpoints(const Seeds& seeds) {
    return !seeds.srv_domain.empty() || !seeds.exhibitors.empty();
}

std::string first_endpoint(const Seeds& seeds) {
    if (!seeds.srv_domain.empty()) {
        return "SRV records of " + seeds.srv_domain;
    }
    const auto& origins = seeds.exhibitors.empty() ? seeds.endpoints : seeds.exhibitors;
    return origins.empty() ? std::string() : origins.front().text();
}

std::vector<std::string> srv_names(const Seeds& seeds) {
    std::vector<std::string> names;
    for (const auto service : k_services) {
        names.push_back("_etcd" + std::string(service) +
                        (seeds.srv_suffix.empty() ? "" : "-" + seeds.srv_suffix) + "._tcp." +
                        seeds.srv_domain);
    }
    return names;
}

std::vector<Origin> client_urls(std::string_view body) {
    std::vector<Origin> origins;
    const auto document = codec::parse_json(body);
    const auto* members = document ? document->if_array() : nullptr;
    if (members == nullptr) {
        return origins;
    }
    for (const auto& member : *members) {
        const Value* urls = member.find("clientURLs");
        const auto* list = urls != nullptr ? urls->if_array() : nullptr;
        for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
            if (const auto* url = (*list)[i].if_string()) {
                add_origin(origins, parse_origin(*url, 2379));
            }
        }
    }
    return origins;
}

std::vector<Origin> exhibited(std::string_view body, bool tls) {
    std::vector<Origin> origins;
    const auto document = codec::parse_json(body);
    const Value* servers = document ? document->find("servers") : nullptr;
    const Value* port = document ? document->find("port") : nullptr;
    const auto* list = servers != nullptr ? servers->if_array() : nullptr;
    const auto* number = port != nullptr ? port->if_int() : nullptr;
    if (list == nullptr || number == nullptr || *number < 1 || *number > 65535) {
        return origins;
    }
    for (const auto& server : *list) {
        const auto* name = server.if_string();
        auto address = name != nullptr ? parse_host_port(*name, static_cast<std::uint16_t>(*number))
                                       : Result<HostPort>();
        if (address) {
            add_origin(origins, Origin{tls, std::move(*address)});
        }
    }
    std::sort(origins.begin(), origins.end());
    return origins;
}

Operation find_endpoints(transport::HttpClient& http, const Seeds& seeds,
                         transport::SteadyTime deadline,
                         Callback<void(Result<std::vector<Origin>>)> done) {
    auto search = std::make_shared<Search>(http, seeds, deadline, std::move(done));
    search->start();
    return Operation([weak = std::weak_ptr<Search>(search)] {
        if (const auto alive = weak.lock()) {
            alive->cancel();
        }
    });
}

}  // namespace patroni::dcs
