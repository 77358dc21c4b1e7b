#include "check.hpp"
#include "codec/json.hpp"
#include "codec/yaml.hpp"

using namespace patroni;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto document = codec::parse_yaml(fuzz::text(data, size), "input");
    if (!document) {
        fuzz::check(document.error().kind == ErrorKind::config, "bad YAML is a config error");
        return 0;
    }
    for (const auto& [path, line] : document->lines) {
        fuzz::check(line >= 1 && line <= size + 1, "a line is one of the text");
    }
    const std::string yaml = codec::to_yaml(document->value);
    const auto again = codec::parse_yaml(yaml, "dump");
    fuzz::check(again.has_value(), "YAML that was written can be read");
    fuzz::check(again->value == document->value, "YAML reads back");
    return 0;
}
