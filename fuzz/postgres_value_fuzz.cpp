#include "base/text.hpp"
#include "check.hpp"
#include "codec/postgres_value.hpp"
#include "codec/python_json.hpp"
#include "codec/python_yaml.hpp"
#include "parts.hpp"

#include <string>

using namespace patroni;

/// The OID of a type, and a value of it as a server could send it.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto parts = fuzz::parts(fuzz::text(data, size));
    if (parts.size() != 2) {
        return 0;
    }
    const auto type = parse_integer<std::uint32_t>(parts[0]).value_or(0);
    const auto value = codec::postgres_value(type, parts[1]);
    if (!value) {
        fuzz::check(value.error().kind == ErrorKind::decode ||
                        value.error().kind == ErrorKind::limit ||
                        value.error().kind == ErrorKind::unsupported,
                    "what Python cannot hold or psycopg2 cannot read is an error of its kind");
        return 0;
    }
    const std::string text = codec::python_str(*value);
    fuzz::check(!codec::python_repr(*value).empty(), "every value has a repr");
    if (const auto* plain = value->if_text()) {
        fuzz::check(text == *plain, "a text is printed as it is");
    }
    if (const auto* other = value->if_other()) {
        fuzz::check(!codec::dump_python_json(*value), "JSON holds no dates and decimals");
        fuzz::check(text == other->str, "what JSON cannot hold has a text of its own");
    }
    // Either form may refuse it, and neither may break.
    static_cast<void>(codec::dump_python_json(*value));
    static_cast<void>(codec::dump_python_yaml(*value));
    return 0;
}
