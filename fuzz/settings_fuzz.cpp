#include "base/text.hpp"
#include "check.hpp"
#include "config/dcs_url.hpp"
#include "config/load.hpp"
#include "config/settings.hpp"
#include "parts.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace patroni;
using config::Dialect;

namespace {

/// An input is a file and, behind a record separator, a DCS URL.
struct Input {
    std::string_view text;
    std::string url;
};

constexpr std::string_view k_secret = "s3cret";

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

/// Whether the password of the corpus was moved to where it is none, and where an error may tell
/// it: a name, a host, a file.
bool is_told(const Value& value, std::string_view key) {
    if (const auto* object = value.if_object()) {
        return std::any_of(object->begin(), object->end(), [](const auto& field) {
            return has(field.first, k_secret) || is_told(field.second, field.first);
        });
    }
    if (const auto* array = value.if_array()) {
        return std::any_of(array->begin(), array->end(),
                           [&](const Value& item) { return is_told(item, key); });
    }
    const std::string* text = value.if_string();
    const bool is_password = has(key, "password") || key == "token" || key == "digest";
    return text != nullptr && has(*text, k_secret) && !is_password && !has(*text, ":s3cret@");
}

/// The same for a URL: a password stands behind a user and in front of a host.
bool is_told(std::string_view given) {
    const std::string url = to_lower(given);  // As a scheme is told.
    constexpr std::string_view k_as_password = ":s3cret@";
    const auto scheme = url.find("://");
    const auto begin = scheme == std::string::npos ? 0 : scheme + 3;
    const auto end = std::min(url.find('/', begin), url.size());
    const auto password = url.substr(0, end).find(k_as_password, begin);
    if (password == std::string::npos) {
        return has(url, k_secret);
    }
    return has(url.substr(0, password), k_secret) ||
           has(url.substr(password + k_as_password.size()), k_secret);
}

void check_error(const Error& error, std::string_view text, bool may_tell = false) {
    fuzz::check(error.kind == ErrorKind::config || error.kind == ErrorKind::unsupported,
                "bad settings are a config error");
    fuzz::check(may_tell || !has(to_line(error), k_secret), "an error has no password");
    if (!error.endpoint.starts_with("patroni.yml:")) {
        return;
    }
    const auto lines = static_cast<unsigned long>(std::count(text.begin(), text.end(), '\n')) + 1;
    const auto line = std::strtoul(error.endpoint.c_str() + 12, nullptr, 10);
    fuzz::check(line >= 1 && line <= text.size() + 1 &&
                    (line <= lines || text.find('\r') < text.size() ||
                     text.find('\xc2') < text.size() || text.find('\xe2') < text.size()),
                "the line is one of the file");
}

void check_seeds(const config::StoreSettings& settings) {
    const Seeds& seeds = settings.seeds;
    fuzz::check(is_store(seeds.kind), "a configuration names a store");
    fuzz::check(!seeds.endpoints.empty() || !seeds.srv_domain.empty() || !seeds.exhibitors.empty(),
                "a store has an endpoint, or is to be found");
    for (const Origin& endpoint : seeds.endpoints) {
        fuzz::check(parse_origin(endpoint.text(), 0).has_value(), "an endpoint is one");
    }
    fuzz::check(!seeds.name_space.empty(), "a namespace has a default");
    for (const auto& sentence : settings.warnings) {
        fuzz::check(std::all_of(sentence.begin(), sentence.end(),
                                [](char c) { return static_cast<unsigned char>(c) >= 0x20; }),
                    "a warning is one line");
    }
}

void check_dialect(const Input& input, Dialect dialect) {
    const auto configuration = config::load_text(input.text, "patroni.yml", dialect);
    if (!configuration) {
        fuzz::check(configuration.error().endpoint.starts_with("patroni.yml"),
                    "an error names the file");
        return check_error(configuration.error(), input.text);
    }
    const bool may_tell = is_told(configuration->value(), "");
    const auto store = config::store_settings(*configuration);
    if (store) {
        check_seeds(*store);
        fuzz::check(store->place.starts_with("patroni.yml"), "the store has a place");
    } else {
        check_error(store.error(), input.text, may_tell);
    }
    if (const auto members = config::member_settings(*configuration); !members) {
        check_error(members.error(), input.text, may_tell);
    }
    if (const auto cluster = config::cluster_settings(*configuration); !cluster) {
        check_error(cluster.error(), input.text, may_tell);
    }
    const auto again = config::store_settings(*configuration);
    fuzz::check(again.has_value() == store.has_value() &&
                    (!store || again->seeds.endpoints == store->seeds.endpoints),
                "it reads the same again");
}

void check_url(const Input& input, Dialect dialect) {
    const auto layer = config::read_dcs_url(input.url, {"--dcs-url", 0}, dialect);
    if (!layer) {
        return check_error(layer.error(), "", is_told(input.url));
    }
    const config::Configuration configuration(layer->value, layer->places, dialect);
    const auto store = config::store_settings(configuration);
    if (store) {
        check_seeds(*store);
    } else {
        check_error(store.error(), "", is_told(input.url));
    }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto parts = fuzz::parts(fuzz::text(data, size));
    const Input input{parts[0], std::string(parts.size() > 1 ? parts[1] : std::string_view())};
    for (const auto dialect : {Dialect::patctl, Dialect::patronictl}) {
        check_dialect(input, dialect);
        if (parts.size() > 1) {
            check_url(input, dialect);
        }
    }
    return 0;
}
