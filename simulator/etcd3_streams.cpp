#include "simulator/etcd3_streams.hpp"

#include "simulator/etcd3_routes.hpp"
#include "simulator/etcd_http.hpp"
#include "simulator/python_json.hpp"

#include <utility>
#include <vector>

namespace patroni::simulation {

Etcd3Streams::Etcd3Streams(const Etcd3& etcd)
    : etcd_(etcd), listener_(etcd.store.listen([this](const std::vector<EtcdChange>& changes) {
          for (auto& [number, open] : open_) {
              open.watches.changed(changes);
          }
      })) {}

Etcd3Streams::~Etcd3Streams() {
    etcd_.store.unlisten(listener_);
}

void Etcd3Streams::open(const HttpResponder& responder, std::string head, std::string_view body,
                        Etcd3WatchStream::Judge judge, bool needs_leader) {
    // The head comes with the first document.
    const auto send = [responder, head = std::move(head)](const Value& document) mutable {
        responder.send(std::exchange(head, {}) + etcd_chunk(go_json(document) + "\n"));
    };
    const int number = ++last_;
    const auto place =
        open_.emplace(number, Open{.responder = responder,
                                   .needs_leader = needs_leader,
                                   .watches = Etcd3WatchStream(etcd_, std::move(judge), send)});
    responder.when_gone([this, number] { open_.erase(number); });
    while (true) {
        const NextDocument next = next_document(body);
        if (next.end || next.error) {
            return;  // what is no request is not answered at all
        }
        std::optional<GrpcError> error;
        place.first->second.watches.ask(GatewayFields(next.value, error));
    }
}

void Etcd3Streams::leader_lost() {
    const std::string last =
        etcd_chunk(go_json(etcd3_stream_error(etcd3_no_leader))) + std::string(etcd_last_chunk);
    std::erase_if(open_, [&](const auto& entry) {
        const Open& open = entry.second;
        if (open.needs_leader) {
            open.responder.when_gone(nullptr);
            open.responder.end(last);
        }
        return open.needs_leader;
    });
}

void Etcd3Streams::reset_all() {
    for (const auto& [number, open] : std::exchange(open_, {})) {
        open.responder.when_gone(nullptr);
        open.responder.reset();
    }
}

void Etcd3Streams::pass() {
    for (auto& [number, open] : open_) {
        open.watches.pass();
    }
}

Value etcd3_stream_error(const GrpcError& error) {
    const int status = http_status(error.code);
    return Value::object({{"error", Value::object({{"grpc_code", error.code},
                                                   {"http_code", status},
                                                   {"message", error.message},
                                                   {"http_status", reason_phrase(status)}})}});
}

}  // namespace patroni::simulation
