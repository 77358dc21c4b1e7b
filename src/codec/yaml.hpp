#pragma once

#include <patroni/result.hpp>
#include <patroni/value.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace patroni::codec {

/// A YAML document with the place of every node.
struct YamlDocument {
    Value value;
    /// Line (from 1) of each key, by path: "etcd3", "etcd3.hosts", "etcd3.hosts[0]".
    std::map<std::string, std::size_t, std::less<>> lines;
};

/// Reads one YAML 1.1 document as PyYAML's safe_load does (yes/no/on/off are booleans, 0o and 0
/// prefixes, sexagesimal numbers, null forms, merge keys). Aliases are bounded. Error `config`
/// names line and column, `file` is used as its endpoint.
Result<YamlDocument> parse_yaml(std::string_view text, std::string_view file);

/// Writes a value as YAML in block style, as PyYAML's safe_dump(default_flow_style=False,
/// sort_keys=False, allow_unicode=True, width=1000000) does.
std::string to_yaml(const Value& value);

}  // namespace patroni::codec
