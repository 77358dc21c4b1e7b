#include "simulator/etcd3_gateway.hpp"

#include "base/text.hpp"
#include "simulator/python_json.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace patroni::simulation {
namespace {

EtcdAnswer document(const Value& value) {
    return {.body = go_json(value),
            .more_headers = "Grpc-Metadata-Content-Type: application/grpc\r\n"};
}

EtcdAnswer refused(const GrpcError& error) {
    EtcdAnswer answer{
        .status = http_status(error.code),
        .body = go_json(Value::object(
            {{"error", error.message}, {"message", error.message}, {"code", error.code}}))};
    if (!error.by_gateway) {
        answer.more_headers = "Trailer: Grpc-Trailer-Content-Type\r\n";
        answer.trailer = "Grpc-Trailer-Content-Type: application/grpc";
    }
    return answer;
}

bool is_other_service(std::string_view path) {
    return std::ranges::any_of(
        std::array<std::string_view, 5>{"auth/", "cluster/", "election/", "lock/", "maintenance/"},
        [&](std::string_view service) { return path.starts_with(service); });
}

bool needs_leader(const HttpRequest& request) {
    return equals_ignoring_case(request.header("Grpc-Metadata-hasleader").value_or(""), "true");
}

}  // namespace

Etcd3Gateway::Etcd3Gateway(Etcd3& etcd, EtcdQuorum& quorum, std::function<WallTime()> now)
    : etcd_(etcd), quorum_(quorum), now_(std::move(now)), streams_(etcd) {}

void Etcd3Gateway::answer(const HttpRequest& request, const HttpResponder& responder) {
    std::string_view path = request.target;
    path = path.substr(0, path.find('?'));
    path.remove_prefix(path.find('/', 1) + 1);  // "/v3/" or its old name
    const Etcd3Route* route = Etcd3Route::find(path);
    const auto reply = [&](const EtcdAnswer& answer) {
        responder.reply(etcd_reply(answer, request, now_()));
    };
    if (route == nullptr && path != "watch") {
        reply(is_other_service(path)
                  ? refused({.code = 12, .message = "not simulated: " + std::string(path)})
                  : etcd_text_answer(404, "Not Found"));
        return;
    }
    if (request.method != "POST") {
        reply(etcd_text_answer(405, "Method Not Allowed"));
        return;
    }
    if (route == nullptr) {
        watch(request, responder);
        return;
    }
    std::string_view body = request.body;
    NextDocument next = next_document(body);
    if (next.error) {
        next.error->code = route->stream ? 2 : next.error->code;
        reply(refused(*next.error));
        return;
    }
    const Value value = next.end ? Value::object() : std::move(next.value);
    std::optional<GrpcError> error;
    const GatewayFields fields(value, error);
    if (error || quorum_.there() || needs_leader(request) || !route->needs_quorum(fields)) {
        carry_out(*route, request, responder, value, true);
        return;
    }
    quorum_.wait([this, route, request, responder, value](bool in_time) {
        carry_out(*route, request, responder, value, in_time);
    });
}

void Etcd3Gateway::carry_out(const Etcd3Route& route, const HttpRequest& request,
                             const HttpResponder& responder, const Value& value, bool in_time) {
    std::optional<GrpcError> error;
    const GatewayFields fields(value, error);
    std::optional<GrpcError> refusal = etcd3_judge(etcd_, request, route.access, fields);
    if (error) {
        refusal = error;
    } else if (needs_leader(request) && !quorum_.there()) {
        refusal = etcd3_no_leader;  // At once, whatever is asked.
    } else if (!in_time) {
        refusal = route.too_late(fields);
    }
    const Etcd3Answer result =
        refusal ? Etcd3Answer(*std::move(refusal)) : route.function(etcd_, fields);
    if (!route.stream) {
        const auto* failure = std::get_if<GrpcError>(&result);
        responder.reply(
            etcd_reply(failure != nullptr ? refused(*failure) : document(std::get<Value>(result)),
                       request, now_()));
        return;
    }
    EtcdAnswer answer;
    if (const auto* failure = std::get_if<GrpcError>(&result)) {
        if (failure->by_gateway) {
            responder.reply(etcd_reply(refused(*failure), request, now_()));
            return;
        }
        answer = {.status = http_status(failure->code),
                  .body = go_json(etcd3_stream_error(*failure))};
    } else {
        answer = document(std::get<Value>(result));
        answer.body += "\n";
    }
    responder.send(etcd_stream_head(answer, request, now_()) + etcd_chunk(answer.body));
    responder.end(std::string(etcd_last_chunk), etcd_closes(request));
}

void Etcd3Gateway::watch(const HttpRequest& request, const HttpResponder& responder) {
    if (needs_leader(request) && !quorum_.there()) {
        const EtcdAnswer answer{.status = http_status(etcd3_no_leader.code)};
        responder.send(etcd_stream_head(answer, request, now_()) +
                       etcd_chunk(go_json(etcd3_stream_error(etcd3_no_leader))));
        responder.end(std::string(etcd_last_chunk), etcd_closes(request));
        return;
    }
    std::string_view body = request.body;
    NextDocument first = next_document(body);
    if (first.error) {
        first.error->code = 2;
        responder.reply(etcd_reply(refused(*first.error), request, now_()));
        return;
    }
    std::optional<GrpcError> error;
    const GatewayFields fields(first.value, error);
    const auto anybody = [](const GatewayFields&) { return std::string(); };
    Etcd3WatchStream(etcd_, anybody, [](const Value&) {}).ask(fields);  // to see what it says
    if (error) {
        error->code = 2;
        responder.reply(etcd_reply(refused(*error), request, now_()));
        return;
    }
    const auto judge = [this, request](const GatewayFields& create) {
        const auto refusal = etcd3_judge(etcd_, request, Etcd3Route::Access::watcher, create);
        return refusal ? "rpc error: code = " + std::string(grpc_name(refusal->code)) +
                             " desc = " + refusal->message
                       : std::string();
    };
    streams_.open(responder, etcd_stream_head(document({}), request, now_()), request.body, judge,
                  needs_leader(request));
}

}  // namespace patroni::simulation
