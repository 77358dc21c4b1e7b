#include "check.hpp"
#include "config/settings.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>

using namespace patroni;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzz::text(data, size);
    const auto settings = config::parse_settings(text, "patroni.yml");
    if (!settings) {
        const Error& error = settings.error();
        fuzz::check(error.kind == ErrorKind::config || error.kind == ErrorKind::unsupported,
                    "bad settings are a config error");
        fuzz::check(error.endpoint.starts_with("patroni.yml"), "an error names the file");
        if (error.endpoint.size() > 11) {
            const auto lines =
                static_cast<unsigned long>(std::count(text.begin(), text.end(), '\n')) + 1;
            const auto line = std::strtoul(error.endpoint.c_str() + 12, nullptr, 10);
            fuzz::check(line >= 1 && line <= size + 1 &&
                            (line <= lines || text.find('\r') < size || text.find('\xc2') < size ||
                             text.find('\xe2') < size),
                        "the line is one of the file");
        }
        fuzz::check(to_line(error).find("s3cret") == std::string::npos, "an error has no password");
        return 0;
    }
    const Seeds& seeds = settings->seeds;
    fuzz::check(seeds.kind == Seeds::Kind::etcd2 || seeds.kind == Seeds::Kind::etcd3,
                "a configuration names a store");
    fuzz::check(!seeds.endpoints.empty(), "a store has an endpoint");
    for (const Origin& endpoint : seeds.endpoints) {
        fuzz::check(parse_origin(endpoint.text(), 0).has_value(), "an endpoint is one");
    }
    fuzz::check(!seeds.name_space.empty(), "a namespace has a default");
    fuzz::check(settings->store_place.starts_with("patroni.yml:"), "the store has a place");
    const auto again = config::parse_settings(text, "patroni.yml");
    fuzz::check(again && again->seeds.endpoints == seeds.endpoints, "it reads the same again");
    return 0;
}
