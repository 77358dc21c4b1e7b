#include "simulator/etcd2_streams.hpp"

#include "simulator/etcd_http.hpp"
#include "simulator/python_json.hpp"

#include <utility>
#include <vector>

namespace patroni::simulation {

Etcd2Streams::Etcd2Streams(EtcdStore& store, std::function<WallTime()> now)
    : store_(store),
      now_(std::move(now)),
      listener_(store.listen([this](const std::vector<EtcdChange>& changes) {
          for (const EtcdChange& change : changes) {
              changed(change);
          }
      })) {}

Etcd2Streams::~Etcd2Streams() {
    store_.unlisten(listener_);
}

std::string Etcd2Streams::chunk(const EtcdChange& change) const {
    return etcd_chunk(go_json(etcd2_event(change, {.wall = now_(), .time = store_.time()})) + "\n");
}

void Etcd2Streams::open(const HttpResponder& responder, const std::string& head,
                        const Etcd2Watch& watch, bool close) {
    responder.send(head);
    if (watch.since != 0) {
        if (const EtcdChange* past = watch.find_in(store_)) {
            // After an event of the past a stream is silent for ever: nobody listens for it.
            responder.send(chunk(*past));
            if (!watch.stream) {
                responder.end(std::string(etcd_last_chunk), close);
            }
            return;
        }
    }
    const int number = ++last_;
    open_.emplace(number, Open{.responder = responder, .watch = watch, .close = close});
    responder.when_gone([this, number] { open_.erase(number); });
}

void Etcd2Streams::changed(const EtcdChange& change) {
    std::erase_if(open_, [&](const auto& entry) {
        const Open& open = entry.second;
        const int times = open.watch.told_of(change);
        for (int i = 0; i < times; ++i) {
            open.responder.send(chunk(change));
        }
        const bool over = times > 0 && !open.watch.stream;
        if (over) {
            open.responder.when_gone(nullptr);
            open.responder.end(std::string(etcd_last_chunk), open.close);
        }
        return over;
    });
}

void Etcd2Streams::reset_all() {
    for (const auto& [number, open] : std::exchange(open_, {})) {
        open.responder.when_gone(nullptr);
        open.responder.reset();
    }
}

}  // namespace patroni::simulation
