#include "check.hpp"
#include "codec/config_patch.hpp"
#include "codec/json.hpp"
#include "codec/python_json.hpp"
#include "codec/python_yaml.hpp"
#include "parts.hpp"

#include <string>

using namespace patroni;
using codec::PythonValue;

namespace {

/// YAML folds these line ends into others.
bool has_other_line_ends(const std::string& text) {
    return text.find("\xc2\x85") != std::string::npos ||
           text.find("\xe2\x80\xa8") != std::string::npos ||
           text.find("\xe2\x80\xa9") != std::string::npos;
}

std::string dumped(const PythonValue& value, const codec::PythonYamlStyle& style = {}) {
    auto text = codec::dump_python_yaml(value, style);
    fuzz::check(text.has_value(), "what was read from YAML can be written as YAML");
    return *text;
}

/// What is written reads as the same again, in every style.
void check_round_trip(const PythonValue& value) {
    const std::string text = dumped(value);
    for (const codec::PythonYamlStyle& style :
         {codec::PythonYamlStyle{}, {.flow = true}, {.width = 20, .sort_keys = false}}) {
        const std::string written = dumped(value, style);
        if (has_other_line_ends(written)) {
            return;
        }
        const auto again = codec::load_python_yaml(written, "again");
        fuzz::check(again.has_value(), "what is written can be read");
        fuzz::check(dumped(*again) == text, "what is written reads as the same");
    }
}

/// JSON holds it as the library's own reader has it.
void check_json(const PythonValue& value) {
    const auto json = codec::dump_python_json(value, true);
    if (!json) {
        fuzz::check(json.error().kind == ErrorKind::unsupported,
                    "only types can be unfit for JSON");
        return;
    }
    if (const auto parsed = codec::parse_json(*json); parsed && value.if_dict()) {
        const auto again = codec::dump_python_json(PythonValue(*parsed), true);
        const auto second = codec::parse_json(again ? *again : std::string());
        fuzz::check(second && *second == *parsed, "JSON reads as the same");
    }
}

void check_patch(const PythonValue& before, const PythonValue& patch) {
    PythonValue config = before.unshared_copy();
    codec::patch_config(*config.if_dict(), *patch.if_dict());
    for (const auto& [key, value] : patch.if_dict()->items) {
        const PythonValue* now = config.if_dict()->find(key);
        fuzz::check((now == nullptr) == value.is_none() || key.if_real(),
                    "a null removes, anything else is there");
    }
    check_round_trip(config);
    // Nulls inside of new maps go with the next patch; then nothing is left to do.
    PythonValue twice = config.unshared_copy();
    codec::patch_config(*twice.if_dict(), *patch.if_dict());
    PythonValue thrice = twice.unshared_copy();
    codec::patch_config(*thrice.if_dict(), *patch.if_dict());
    fuzz::check(dumped(twice.unshared_copy()) == dumped(thrice), "a patch has an end");
}

}  // namespace

/// A configuration, a patch, and KEY=VALUE pairs.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto parts = fuzz::parts(fuzz::text(data, size));
    auto config = codec::load_python_yaml(parts[0], "config");
    if (!config) {
        fuzz::check(config.error().kind == ErrorKind::config, "bad YAML is a config error");
        return 0;
    }
    check_round_trip(*config);
    check_json(*config);
    if (!config->if_dict() || parts.size() < 2) {
        return 0;
    }
    const auto patch = codec::load_python_yaml(parts[1], "patch");
    if (patch && patch->if_dict()) {
        check_patch(*config, *patch);
    }
    PythonValue changed = config->deep_copy();
    for (std::size_t i = 2; i < parts.size(); ++i) {
        const auto set = codec::set_config_pair(*changed.if_dict(), parts[i]);
        fuzz::check(set || set.error().kind == ErrorKind::config, "a bad pair is a config error");
    }
    check_round_trip(changed);
    return 0;
}
