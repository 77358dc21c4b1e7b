// store_tour: one call of patroni::Store, for tests/integration/test_store.py.
//   store_tour etcd2|etcd3|consul|zookeeper HOST:PORT[,HOST:PORT] USER PASSWORD CALL [ARGUMENT...]
// Consul has no users: PASSWORD is the token.
// CALL: clusters SCOPE | put KEY VALUE | put_if KEY VALUE REVISION | create KEY VALUE |
//       remove KEY | remove_if KEY REVISION | remove_cluster SCOPE [GROUP]
// Prints one JSON object. Exit 0 whatever became of the call; 2 when it could not be made.
#include "codec/json.hpp"

#include <patroni/store.hpp>

#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

using namespace patroni;

namespace {

/// STORE_TOUR_MS, or 1.5 s.
std::chrono::milliseconds time_limit() {
    const char* wanted = std::getenv("STORE_TOUR_MS");
    return std::chrono::milliseconds(wanted != nullptr ? std::atoi(wanted) : 1500);
}

Value current_of(const std::optional<StoredKey>& key) {
    return key ? Value::object({{"value", key->value}, {"revision", key->revision}}) : Value();
}

Value document_of(const StoreOutcome& outcome) {
    return Value::object({{"kind", to_string(outcome.kind)},
                          {"reason", to_string(outcome.reason)},
                          {"message", outcome.message},
                          {"revision", outcome.revision},
                          {"removed", outcome.removed ? Value(*outcome.removed) : Value()},
                          {"current_known", outcome.current_known},
                          {"current", current_of(outcome.current)}});
}

Value document_of(const std::vector<Cluster>& clusters) {
    Value list = Value::array();
    for (const Cluster& cluster : clusters) {
        Value keys = Value::object();
        for (const auto& [name, key] : cluster.keys) {
            keys.set(name, current_of(key));
        }
        list.push_back(Value::object({{"path", cluster.path},
                                      {"group", cluster.group ? Value(*cluster.group) : Value()},
                                      {"leader", cluster.leader ? Value(*cluster.leader) : Value()},
                                      {"keys", std::move(keys)}}));
    }
    return Value::object({{"clusters", std::move(list)}});
}

Value call(Store& store, const std::vector<std::string>& words) {
    const auto revision = [](const std::string& text) {
        return std::strtoull(text.c_str(), nullptr, 10);
    };
    const std::string& name = words.at(0);
    if (name == "clusters") {
        return document_of(store.clusters(words.at(1), time_limit()));
    }
    if (name == "remove_cluster") {
        std::optional<int> group;
        if (words.size() > 2) {
            group = std::stoi(words[2]);
        }
        return document_of(store.remove_cluster(words.at(1), group, time_limit()));
    }
    StoreWrite write = StoreWrite::remove(words.at(1));
    if (name == "put") {
        write = StoreWrite::put(words[1], words.at(2));
    } else if (name == "put_if") {
        write = StoreWrite::put_if(words[1], words.at(2), revision(words.at(3)));
    } else if (name == "create") {
        write = StoreWrite::create(words[1], words.at(2));
    } else if (name == "remove_if") {
        write = StoreWrite::remove_if(words[1], revision(words.at(2)));
    }
    return document_of(store.write(std::move(write), time_limit()));
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words.size() < 6) {
        std::cerr << "store_tour: see the head of its source\n";
        return 2;
    }
    auto seeds = words[0] == "etcd2"       ? Seeds::etcd2(words[1])
                 : words[0] == "consul"    ? Seeds::consul(words[1])
                 : words[0] == "zookeeper" ? Seeds::zookeeper(words[1])
                                           : Seeds::etcd3(words[1]);
    if (!seeds) {
        std::cerr << to_line(seeds.error()) << "\n";
        return 2;
    }
    seeds->user = words[2];
    seeds->password = Secret(words[3]);
    seeds->token = Secret(words[3]);
    try {
        Store store{*std::move(seeds), {.writable = true}};
        std::cout << codec::to_json(call(store, {words.begin() + 4, words.end()})) << "\n";
    } catch (const Failure& failure) {
        std::cout << codec::to_json(
                         Value::object({{"error", to_string(failure.error().kind)},
                                        {"delivery", to_string(failure.error().delivery)},
                                        {"line", to_line(failure.error())}}))
                  << "\n";
    }
    return 0;
}
