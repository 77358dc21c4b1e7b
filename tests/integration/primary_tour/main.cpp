// primary_tour: one Client::writable_primary, for tests/integration/test_primary.py.
//   primary_tour etcd3|api|members SOURCE SCOPE TIMEOUT_MS
// Prints one JSON object. Exit 0 whatever became of the call; 2 when it could not be made.
#include "codec/json.hpp"

#include <patroni/client.hpp>

#include <chrono>
#include <iostream>
#include <string>
#include <vector>

using namespace patroni;

namespace {

Result<Seeds> seeds_of(const std::string& kind, const std::string& source,
                       const std::string& scope) {
    if (kind == "etcd3") {
        return Seeds::etcd3(source, scope);
    }
    return kind == "api" ? Seeds::api(source) : Seeds::members(source);
}

Value document_of(const WritablePrimary& primary) {
    Value others = Value::array();
    for (const auto& other : primary.other_primaries) {
        others.push_back(other);
    }
    return Value::object(
        {{"scope", primary.scope},
         {"member", primary.member},
         {"postgres", primary.postgres ? Value(primary.postgres->text()) : Value()},
         {"timeline", primary.timeline ? Value(*primary.timeline) : Value()},
         {"lock_source", to_string(primary.lock_source)},
         {"other_primaries", std::move(others)}});
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    auto seeds = words.size() == 4 ? seeds_of(words[0], words[1], words[2]) : Result<Seeds>();
    if (!seeds) {
        std::cerr << "primary_tour: see the head of its source\n";
        return 2;
    }
    const auto begun = std::chrono::steady_clock::now();
    Value document;
    try {
        Client client{*std::move(seeds)};
        document = document_of(
            client.writable_primary(std::chrono::milliseconds(std::stoi(words[3])), words[2]));
    } catch (const Failure& failure) {
        document = Value::object(
            {{"error", to_string(failure.error().kind)}, {"line", to_line(failure.error())}});
    }
    const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - begun);
    document.set("elapsed_ms", std::int64_t{elapsed.count()});
    std::cout << codec::to_json(document) << "\n";
    return 0;
}
