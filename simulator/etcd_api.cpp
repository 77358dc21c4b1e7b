#include "simulator/etcd_api.hpp"

namespace patroni::simulation {
namespace {

EtcdAnswer not_found() {
    return etcd_text_answer(404, "404 page not found");
}

EtcdAnswer wrong_method() {
    return etcd_text_answer(405, "Method Not Allowed");
}

EtcdAnswer answer_to(const EtcdStore& v2, const EtcdStore& v3, const HttpRequest& request,
                     WallTime now, std::string_view own_address) {
    const std::string_view target = request.target;
    const std::string_view path = target.substr(0, target.find('?'));
    const bool get = request.method == "GET";
    if (path == "/v2/keys" || path.starts_with("/v2/keys/")) {
        return get ? etcd2_get(v2, target, now) : wrong_method();
    }
    if (path == "/v2/machines" && get) {
        return {.body = "http://" + std::string(own_address),
                .content_type = "text/plain; charset=utf-8"};
    }
    if (path == "/v3/kv/range") {
        return get ? wrong_method() : etcd3_range(v3, request.body);
    }
    if (path == "/version" && get) {
        return {.body = R"({"etcdserver":"3.4.23","etcdcluster":"3.4.0"})"};
    }
    return not_found();
}

}  // namespace

HttpReply etcd_reply(const EtcdStore& v2, const EtcdStore& v3, const HttpRequest& request,
                     WallTime now, std::string_view own_address) {
    return etcd_reply(answer_to(v2, v3, request, now, own_address), request, now);
}

}  // namespace patroni::simulation
