// DOCUMENT=FILE bench_decode [--benchmark_...]
//
// A recorded GET /patroni into a MemberStatus, beside a bare boost::json::parse of the same bytes.
#include "codec/json.hpp"
#include "codec/member_status.hpp"

#include <boost/json.hpp>

#include <benchmark/benchmark.h>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace {

const std::string& document() {
    static const std::string text = [] {
        const char* path = std::getenv("DOCUMENT");
        std::ifstream file(path ? path : "", std::ios::binary);
        return std::string{std::istreambuf_iterator<char>(file), {}};
    }();
    return text;
}

void boost_parse(benchmark::State& state) {
    for (auto _ : state) {
        boost::json::value value = boost::json::parse(document());
        benchmark::DoNotOptimize(value);
    }
}

void library_parse(benchmark::State& state) {
    for (auto _ : state) {
        auto value = patroni::codec::parse_json(document());
        benchmark::DoNotOptimize(value);
    }
}

void library_decode(benchmark::State& state) {
    for (auto _ : state) {
        auto status = patroni::codec::decode_member_status(document());
        if (!status) {
            state.SkipWithError("not decoded");
            break;
        }
        benchmark::DoNotOptimize(status);
    }
}

BENCHMARK(boost_parse);
BENCHMARK(library_parse);
BENCHMARK(library_decode);

}  // namespace

BENCHMARK_MAIN();
