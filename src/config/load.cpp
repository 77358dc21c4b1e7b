#include "config/load.hpp"

#include "codec/yaml.hpp"
#include "config/config_file.hpp"
#include "config/dcs_url.hpp"
#include "config/effective.hpp"
#include "config/layer.hpp"
#include "config/variables.hpp"

#include <filesystem>
#include <unistd.h>

namespace patroni::config {
namespace {

Error config_error(std::string endpoint, std::string message) {
    Error error;
    error.kind = ErrorKind::config;
    error.endpoint = std::move(endpoint);
    error.message = std::move(message);
    return error;
}

/// The text of one document as a layer.
Result<Layer> parse_layer(std::string_view text, const std::string& source, bool is_file) {
    auto document = codec::parse_yaml(text, source);
    if (!document) {
        return std::move(document).error();
    }
    if (document->value.if_object() == nullptr) {
        return config_error(source,
                            "not a Patroni configuration: expected keys such as scope and etcd3");
    }
    Layer layer;
    layer.value = std::move(document->value);
    layer.places[""] = Place{source, 0};
    for (const auto& [path, line] : document->lines) {
        layer.places.emplace(path, Place{source, is_file ? line : 0});
    }
    return layer;
}

Result<Layer> load_files(const std::string& path, Dialect dialect) {
    const auto files = config_files(path);
    if (files.empty() && dialect == Dialect::patctl) {
        return config_error(path, "this folder has no *.yml or *.yaml file");
    }
    Layer layer;
    layer.places[""] = Place{path, 0};
    for (const auto& file : files) {
        auto text = read_config_file(file);
        if (!text) {
            return std::move(text).error();
        }
        auto part = parse_layer(*text, file, true);
        if (!part) {
            return part;
        }
        layer.patch(*part);
    }
    return layer;
}

/// Files, or what stands for them in the environment.
Result<Layer> load_local(const std::optional<std::string>& path, const Environment& environment,
                         Dialect dialect) {
    if (!path) {
        const char* name = "PATRONI_CONFIGURATION";
        if (const auto text = environment.set(name)) {
            auto layer = parse_layer(*text, name, false);
            if (!layer || !layer->value.if_object()->empty()) {
                return layer;  // Then no other variable counts.
            }
        }
    }
    auto variables = read_variables(environment, dialect);
    if (!variables) {
        return variables;
    }
    Layer layer;
    if (path) {
        auto files = load_files(*path, dialect);
        if (!files) {
            return files;
        }
        layer = std::move(*files);
    }
    if (!path) {
        layer.places[""] = Place{"the environment", 0};
    }
    layer.patch(*variables);
    add_to_sections(environment, layer);
    return layer;
}

Result<Configuration> complete(Result<Layer> local, const Choices& choices,
                               const Environment& environment, Dialect dialect) {
    if (!local) {
        return std::move(local).error();
    }
    auto effective = make_effective(std::move(*local), dialect);
    if (!effective) {
        return std::move(effective).error();
    }
    const auto url = choices.dcs_url ? choices.dcs_url : environment.set("DCS_URL");
    // patronictl takes an empty -d for the host and the store that are used without one.
    if (url && (!url->empty() || dialect == Dialect::patronictl)) {
        const Place place{choices.dcs_url ? "--dcs-url" : "DCS_URL", 0};
        auto store = read_dcs_url(*url, place, dialect);
        if (!store) {
            return std::move(store).error();
        }
        apply_dcs_url(*store, *effective);
    }
    if (choices.insecure) {
        effective->set("ctl", "insecure", true, Place{"--insecure", 0});
    }
    return Configuration(std::move(effective->value), std::move(effective->places), dialect);
}

bool is_readable(const std::string& path) {
    return access(path.c_str(), R_OK) == 0;
}

}  // namespace

Result<Configuration> load_as_patronictl(const Choices& choices, const Environment& environment) {
    const std::string usual = environment.personal_file();
    const std::string path =
        choices.path ? *choices.path : environment.set("PATRONICTL_CONFIG_FILE").value_or(usual);
    std::optional<std::string> found(path);
    if (!is_readable(path)) {
        if (path != usual) {
            return config_error("", "Provided config file " + path +
                                        " not existing or no read rights. Check the "
                                        "-c/--config-file parameter");
        }
        found.reset();
    }
    return complete(load_local(found, environment, Dialect::patronictl), choices, environment,
                    Dialect::patronictl);
}

Result<Configuration> load_for_patctl(const Choices& choices, const Environment& environment) {
    return complete(load_local(choices.path, environment, Dialect::patctl), choices, environment,
                    Dialect::patctl);
}

Result<Configuration> load_text(std::string_view text, const std::string& file, Dialect dialect) {
    auto layer = parse_layer(text, file, true);
    if (!layer) {
        return std::move(layer).error();
    }
    Layer whole;
    whole.places[""] = Place{file, 0};
    whole.patch(*layer);
    const Environment nothing{[](const std::string&) { return std::nullopt; }, ""};
    return complete(std::move(whole), {}, nothing, dialect);
}

}  // namespace patroni::config
