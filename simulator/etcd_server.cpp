#include "simulator/etcd_server.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace patroni::simulation {
namespace {

// Until watches that need a leader are told that there is none.
constexpr std::chrono::seconds until_noticed{4};

EtcdAnswer health(bool good) {
    EtcdAnswer answer = etcd_text_answer(503, R"({"health":"false"})");
    return good ? EtcdAnswer{.body = R"({"health":"true"})",
                             .content_type = "text/plain; charset=utf-8",
                             .guessed_type = true}
                : answer;
}

/// As Go's `cleanPath`: without empty parts, "." and "..".
std::string clean_path(std::string_view path) {
    std::vector<std::string_view> parts;
    const bool slash = path.ends_with('/') && path.size() > 1;
    while (!path.empty()) {
        const std::size_t end = std::min(path.find('/'), path.size());
        const std::string_view part = path.substr(0, end);
        path.remove_prefix(std::min(end + 1, path.size()));
        if (part == ".." && !parts.empty()) {
            parts.pop_back();
        } else if (!part.empty() && part != "." && part != "..") {
            parts.push_back(part);
        }
    }
    std::string clean;
    for (const std::string_view part : parts) {
        (clean += '/') += part;
    }
    return clean + (slash || clean.empty() ? "/" : "");
}

EtcdAnswer moved(const std::string& path, std::string_view target, std::string_view method) {
    const std::size_t query = std::min(target.find('?'), target.size());
    const std::string location = path + std::string(target.substr(query));
    EtcdAnswer answer{.status = 301,
                      .more_headers = "Location: " + location + "\r\n",
                      .content_type = "text/html; charset=utf-8"};
    if (method == "GET") {
        answer.body = "<a href=\"" + location + "\">Moved Permanently</a>.\n\n";
    }
    return answer;
}

}  // namespace

EtcdServer::EtcdServer(Clock& clock)
    : clock_(clock),
      api2_(etcd2_, auth_, quorum_, [this] { return clock_.wall(); }),
      api3_(v3_, quorum_, [this] { return clock_.wall(); }) {}

void EtcdServer::answer(const HttpRequest& request, const HttpResponder& responder) {
    if (request.version.empty() || !request.is_well_formed()) {
        responder.reply({});  // etcd takes it for no protocol of its own
        return;
    }
    const std::string_view target = request.target;
    const std::string_view path = target.substr(0, target.find('?'));
    if (request.method == "OPTIONS") {
        EtcdAnswer nothing;
        nothing.content_type = {};
        responder.reply(etcd_reply(nothing, request, clock_.wall()));
        return;
    }
    if (const std::string clean = clean_path(path); clean != path) {
        responder.reply(etcd_reply(moved(clean, target, request.method), request, clock_.wall()));
        return;
    }
    if (path.starts_with("/v3/") || path.starts_with("/v3beta/")) {
        api3_.answer(request, responder);
        return;
    }
    if (path.starts_with("/v2/")) {
        api2_.answer(request, responder);
        return;
    }
    const bool get = request.method == "GET" || request.method == "HEAD";
    EtcdAnswer answer = etcd_text_answer(404, "404 page not found");
    if (path == "/version") {
        answer = get ? EtcdAnswer{.body = R"({"etcdserver":"3.4.23","etcdcluster":"3.4.0"})"}
                     : etcd_wrong_method("GET");
    } else if (path == "/health") {
        answer = get ? health(quorum_.there()) : etcd_wrong_method("GET");
    }
    responder.reply(etcd_reply(answer, request, clock_.wall()));
}

void EtcdServer::client_url(const std::string& url) {
    v3_.client_url = url;
    api2_.client_url(url);
}

void EtcdServer::pass() {
    etcd2_.set_time(clock_.time());
    etcd3_.set_time(clock_.time());
    if (quorum_.there()) {
        etcd2_.end_lifetimes();
        leases_.end_lifetimes();
    }
    api3_.streams().pass();
}

void EtcdServer::set_quorum(bool there) {
    if (there == quorum_.there()) {
        return;
    }
    v3_.quorum = there;
    if (there) {
        // An election: its winner gives all leases their full time.
        api2_.term(++v3_.term);
        leases_.renew_all();
    }
    quorum_.set(there);
    if (!there) {
        quorum_.if_lost_for(until_noticed, [this] { api3_.streams().leader_lost(); });
    }
}

void EtcdServer::cut_watches() {
    api2_.streams().reset_all();
    api3_.streams().reset_all();
}

}  // namespace patroni::simulation
