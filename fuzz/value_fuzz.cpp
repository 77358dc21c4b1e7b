#include "check.hpp"
#include "codec/json.hpp"
#include "codec/yaml.hpp"

using namespace patroni;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto value = codec::parse_json(fuzz::text(data, size));
    if (!value) {
        return 0;
    }
    const auto line = codec::parse_json(codec::to_json(*value));
    fuzz::check(line && *line == *value, "JSON on one line reads back");
    const auto pretty = codec::parse_json(codec::to_pretty_json(*value));
    fuzz::check(pretty && *pretty == *value, "pretty JSON reads back");
    const std::string yaml = codec::to_yaml(*value);
    const auto document = codec::parse_yaml(yaml, "dump");
    fuzz::check(document.has_value(), "YAML that was written can be read");
    fuzz::check(codec::to_yaml(document->value) == yaml, "YAML reads back");
    return 0;
}
