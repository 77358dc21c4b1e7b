#include "config/variables.hpp"

#include "base/text.hpp"
#include "codec/yaml.hpp"

#include <array>
#include <optional>

namespace patroni::config {
namespace {

enum class Kind { text, integer, list, map, boolean };

struct Variable {
    std::string_view suffix;
    Kind kind = Kind::text;
};

/// Of the sections of stores: which suffixes Patroni knows, whatever the store.
constexpr std::array k_store_variables = {
    Variable{"HOST"},
    Variable{"HOSTS", Kind::list},
    Variable{"PORT", Kind::integer},
    Variable{"USE_PROXIES", Kind::boolean},
    Variable{"PROTOCOL"},
    Variable{"SRV"},
    Variable{"SRV_SUFFIX"},
    Variable{"URL"},
    Variable{"PROXY"},
    Variable{"CACERT"},
    Variable{"CERT"},
    Variable{"KEY"},
    Variable{"VERIFY", Kind::boolean},
    Variable{"TOKEN"},
    Variable{"CHECKS", Kind::list},
    Variable{"DC"},
    Variable{"CONSISTENCY"},
    Variable{"REGISTER_SERVICE", Kind::boolean},
    Variable{"SERVICE_CHECK_INTERVAL"},
    Variable{"SERVICE_CHECK_TLS_SERVER_NAME"},
    Variable{"SERVICE_TAGS", Kind::list},
    Variable{"NAMESPACE"},
    Variable{"CONTEXT"},
    Variable{"USE_ENDPOINTS", Kind::boolean},
    Variable{"SCOPE_LABEL"},
    Variable{"ROLE_LABEL"},
    Variable{"POD_IP"},
    Variable{"PORTS", Kind::list},
    Variable{"LABELS", Kind::map},
    Variable{"BYPASS_API_SERVICE", Kind::boolean},
    Variable{"RETRIABLE_HTTP_CODES", Kind::list},
    Variable{"KEY_PASSWORD"},
    Variable{"USE_SSL"},  // A text: for Patroni even "false" is true.
    Variable{"SET_ACLS", Kind::map},
    Variable{"LEADER_LABEL_VALUE"},
    Variable{"FOLLOWER_LABEL_VALUE"},
    Variable{"STANDBY_LEADER_LABEL_VALUE"},
    Variable{"TMP_ROLE_LABEL"},
    Variable{"AUTH_DATA", Kind::map},
    Variable{"BOOTSTRAP_LABELS", Kind::map},
};
constexpr std::array k_citus_variables = {Variable{"GROUP", Kind::integer}, Variable{"DATABASE"}};
constexpr std::array k_ctl_variables = {Variable{"INSECURE", Kind::boolean}, Variable{"CACERT"},
                                        Variable{"CERTFILE"}, Variable{"KEYFILE"},
                                        Variable{"KEYFILE_PASSWORD"}};
constexpr std::array k_restapi_variables = {
    Variable{"LISTEN"},  Variable{"CONNECT_ADDRESS"},  Variable{"CERTFILE"},
    Variable{"KEYFILE"}, Variable{"KEYFILE_PASSWORD"}, Variable{"CAFILE"}};
constexpr std::array k_raft_variables = {Variable{"DATA_DIR"}, Variable{"SELF_ADDR"},
                                         Variable{"PARTNER_ADDRS", Kind::list},
                                         Variable{"PASSWORD"}, Variable{"BIND_ADDR"}};

constexpr std::array<std::string_view, 6> k_store_sections = {
    "consul", "etcd", "etcd3", "exhibitor", "kubernetes", "zookeeper"};

std::string upper(std::string_view text) {
    std::string result(text);
    for (char& c : result) {
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return result;
}

/// As strtol with base 0 reads it, which must be the whole text.
std::optional<std::int64_t> parse_any_integer(std::string_view text) {
    text = trim(text);
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) {
        text.remove_prefix(1);
    }
    int base = 10;
    if (text.starts_with("0x") || text.starts_with("0X")) {
        text.remove_prefix(2);
        base = 16;
    } else if (text.size() > 1 && text[0] == '0') {
        base = 8;
    }
    if (text.starts_with('-')) {
        return std::nullopt;
    }
    const auto number = parse_integer<std::int64_t>(text, base);
    return number && negative ? std::optional(-*number) : number;
}

Value parse_flow(const std::string& text) {
    auto document = codec::parse_yaml(text, "");
    return document ? std::move(document->value) : Value();
}

/// A YAML list; its brackets may be missing.
Value parse_list(const std::string& text) {
    const bool complete = trim(text).starts_with('-') || text.find('[') != std::string::npos;
    Value value = parse_flow(complete ? text : "[" + text + "]");
    if (value.if_array() == nullptr && complete && text.find("]:") != std::string::npos) {
        return parse_flow("['" + text + "']");  // One IPv6 address, which Patroni cannot read here.
    }
    return value;
}

/// A YAML map; its braces may be missing.
Value parse_map(const std::string& text) {
    return parse_flow(trim(text).starts_with('{') ? text : "{" + text + "}");
}

/// null: the text is not of this kind.
Value convert(Kind kind, const std::string& text) {
    switch (kind) {
        case Kind::integer: {
            const auto number = parse_any_integer(text);
            return number ? Value(*number) : Value();
        }
        case Kind::list:
            return parse_list(text);
        case Kind::map:
            return parse_map(text);
        case Kind::boolean: {
            const auto truth = parse_truth(text);
            return truth ? Value(*truth) : Value();
        }
        case Kind::text:
            break;
    }
    return Value(text);
}

const char* expected(Kind kind) {
    switch (kind) {
        case Kind::integer:
            return "expected a number";
        case Kind::list:
            return "expected a list such as a:1,b:2 or ['[::1]:1']";
        case Kind::map:
            return "expected a map such as name: value";
        case Kind::boolean:
            return "expected on or off (also true, yes, 1, false, no, 0)";
        case Kind::text:
            break;
    }
    return "";
}

class VariableReader {
public:
    VariableReader(const Environment& environment, Dialect dialect)
        : environment_(environment), dialect_(dialect) {}

    /// `keep_empty`: a variable that is set to nothing still makes the key, as Patroni has it for
    /// stores.
    void read(std::string_view section, const Variable& variable, bool keep_empty) {
        const std::string name = "PATRONI_" + (section.empty() ? "" : upper(section) + "_") +
                                 std::string(variable.suffix);
        const auto text = environment_.variable(name);
        if (!text || (text->empty() && !keep_empty)) {
            return;
        }
        const bool is_empty = text->empty() && variable.kind != Kind::map;
        Value value = is_empty ? Value("") : convert(variable.kind, *text);
        if (is_empty && variable.kind == Kind::boolean) {
            return;
        }
        if (value.is_null()) {
            if (dialect_ == Dialect::patctl && !error_) {
                error_.emplace();
                error_->kind = ErrorKind::config;
                error_->endpoint = name;
                error_->message = expected(variable.kind);
            }
            return;
        }
        layer_.set(section, to_lower(variable.suffix), std::move(value), Place{name, 0});
    }

    /// User and password in the section, or in its map `authentication`.
    void read_authentication(std::string_view section) {
        Value pair;
        Configuration::Places places;
        for (const auto* key : {"username", "password"}) {
            const std::string name = "PATRONI_" + upper(section) + "_" + upper(key);
            if (auto text = environment_.set(name)) {
                pair.set(key, *text);
                places[std::string(section) + ".authentication." + key] = Place{name, 0};
            }
        }
        if (!pair.is_null()) {
            const Place first = places.begin()->second;
            layer_.set(section, "authentication", std::move(pair), first);
            layer_.places.merge(places);
        }
    }

    Result<Layer> finish() && {
        if (error_) {
            return std::move(*error_);
        }
        return std::move(layer_);
    }

private:
    const Environment& environment_;
    Dialect dialect_;
    Layer layer_;
    std::optional<Error> error_;
};

}  // namespace

std::optional<bool> parse_truth(std::string_view text) {
    const std::string word = to_lower(text);
    if (word == "on" || word == "true" || word == "yes" || word == "1") {
        return true;
    }
    if (word == "off" || word == "false" || word == "no" || word == "0") {
        return false;
    }
    return std::nullopt;
}

Result<Layer> read_variables(const Environment& environment, Dialect dialect) {
    VariableReader reader(environment, dialect);
    for (const auto* name : {"NAME", "NAMESPACE", "SCOPE"}) {
        reader.read("", {name}, false);
    }
    for (const auto& variable : k_restapi_variables) {
        reader.read("restapi", variable, false);
    }
    for (const auto& variable : k_ctl_variables) {
        reader.read("ctl", variable, false);
    }
    for (const auto& variable : k_raft_variables) {
        reader.read("raft", variable, false);
    }
    for (const auto* section : {"ctl", "restapi"}) {
        reader.read_authentication(section);
    }
    for (const auto& variable : k_citus_variables) {
        reader.read("citus", variable, true);
    }
    for (const auto section : k_store_sections) {
        for (const auto& variable : k_store_variables) {
            reader.read(section, variable, true);
        }
    }
    return std::move(reader).finish();
}

void add_to_sections(const Environment& environment, Layer& configuration) {
    constexpr std::array<std::pair<const char*, const char*>, 5> more = {{
        {"etcd", "username"},
        {"etcd", "password"},
        {"etcd3", "username"},
        {"etcd3", "password"},
        {"consul", "scheme"},
    }};
    for (const auto& [section, key] : more) {
        const Value* map = configuration.value.find(section);
        const std::string name = "PATRONI_" + upper(section) + "_" + upper(key);
        auto text = environment.set(name);
        if (text && map != nullptr && map->if_object() != nullptr) {
            configuration.set(section, key, std::move(*text), Place{name, 0});
        }
    }
}

}  // namespace patroni::config
