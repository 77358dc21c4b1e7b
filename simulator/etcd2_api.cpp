#include "simulator/etcd2_api.hpp"

#include "simulator/python_json.hpp"

#include <utility>

namespace patroni::simulation {
namespace {

constexpr std::string_view member_id = "628170c800dbcee";

EtcdAnswer carry_out(const Etcd2& etcd, const HttpRequest& request, const Etcd2Form& form) {
    if (request.method == "PUT") {
        return etcd2_put(etcd, form);
    }
    if (request.method == "POST") {
        return etcd2_post(etcd, form);
    }
    return request.method == "DELETE" ? etcd2_delete(etcd, form) : etcd2_read(etcd, form);
}

bool is_known(std::string_view method) {
    return method == "GET" || method == "HEAD" || method == "PUT" || method == "POST" ||
           method == "DELETE";
}

}  // namespace

Etcd2Api::Etcd2Api(EtcdStore& store, EtcdAuth& auth, EtcdQuorum& quorum,
                   std::function<WallTime()> now)
    : store_(store), auth_(auth), quorum_(quorum), now_(std::move(now)), streams_(store, now_) {}

void Etcd2Api::reply(const EtcdAnswer& answer, const HttpRequest& request,
                     const HttpResponder& responder) const {
    responder.reply(etcd_reply(answer, request, now_()));
}

void Etcd2Api::answer(const HttpRequest& request, const HttpResponder& responder) {
    const std::string_view target = request.target;
    const std::string_view path = target.substr(0, target.find('?'));
    if (path == "/v2/keys" || path.starts_with("/v2/keys/")) {
        keys(request, responder);
    } else {
        reply(answer_to(request), request, responder);
    }
}

EtcdAnswer Etcd2Api::answer_to(const HttpRequest& request) const {
    const std::string_view target = request.target;
    const std::string_view path = target.substr(0, target.find('?'));
    const bool get = request.method == "GET" || request.method == "HEAD";
    if (path == "/v2/machines") {
        return get ? EtcdAnswer{.body = client_url_,
                                .content_type = "text/plain; charset=utf-8",
                                .guessed_type = true}
                   : etcd_wrong_method("GET,HEAD");
    }
    if ((path == "/v2/members" || path == "/v2/members/") && get) {
        Value peers = Value::array();
        peers.push_back("http://127.0.0.1:2380");
        Value clients = Value::array();
        clients.push_back(client_url_);
        Value members = Value::array();
        members.push_back(Value::object({{"id", member_id},
                                         {"name", "simulated"},
                                         {"peerURLs", std::move(peers)},
                                         {"clientURLs", std::move(clients)}}));
        return {.body = go_json(Value::object({{"members", std::move(members)}})) + "\n",
                .more_headers = "X-Etcd-Cluster-Id: " + std::string(etcd2_cluster_id) + "\r\n"};
    }
    return etcd_text_answer(404, "404 page not found");
}

void Etcd2Api::keys(const HttpRequest& request, const HttpResponder& responder) {
    if (!is_known(request.method)) {
        reply(etcd_wrong_method("HEAD,GET,PUT,POST,DELETE"), request, responder);
        return;
    }
    Etcd2Form form;
    if (const auto error = form.read(request)) {
        reply(etcd2_error(*error), request, responder);
        return;
    }
    if (!auth_.allows_basic(request.header("Authorization"), form.path)) {
        reply(etcd2_error({.code = 110, .cause = "Insufficient credentials"}), request, responder);
        return;
    }
    const bool reads = request.method == "GET" || request.method == "HEAD";
    if (reads && form.wait && !form.quorum) {
        watch(request, responder, form);
        return;
    }
    const auto act = [this, request, responder, form](bool in_time) {
        reply(in_time ? carry_out(etcd(), request, form)
                      : etcd2_error({.code = 300, .cause = "etcdserver: request timed out"}),
              request, responder);
    };
    if (reads && !form.quorum) {
        act(true);
    } else {
        quorum_.wait(act);
    }
}

void Etcd2Api::watch(const HttpRequest& request, const HttpResponder& responder,
                     const Etcd2Form& form) {
    const Etcd2Watch watch{.path = form.path,
                           .recursive = form.recursive,
                           .stream = form.stream,
                           .since = form.wait_index};
    const std::int64_t first = etcd2_first_index(store_);
    if (watch.since != 0 && watch.since < first) {
        reply(etcd2_error({.code = 401,
                           .cause = "the requested history has been cleared [" +
                                    std::to_string(first) + "/" + std::to_string(watch.since) + "]",
                           .index = store_.index()}),
              request, responder);
        return;
    }
    const EtcdAnswer answer{.more_headers = etcd2_headers(etcd())};
    streams_.open(responder, etcd_stream_head(answer, request, now_()), watch,
                  etcd_closes(request));
}

}  // namespace patroni::simulation
