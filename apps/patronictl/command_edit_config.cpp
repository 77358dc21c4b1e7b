#include "codec/config_patch.hpp"
#include "codec/python_json.hpp"
#include "codec/python_yaml.hpp"
#include "config/config_file.hpp"
#include "patronictl/commands.hpp"
#include "patronictl/config_diff.hpp"
#include "patronictl/editor.hpp"
#include "patronictl/failure.hpp"
#include "patronictl/prompts.hpp"
#include "patronictl/session.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace patronictl {
namespace {

using patroni::codec::PythonValue;

constexpr std::string_view k_standard_input = "-";

/// A configuration as it is to be, with its text.
struct Edited {
    PythonValue config;
    std::string text;
};

template <class T>
T value_of(patroni::Result<T> result) {
    if (!result) {
        throw Fail(result.error().endpoint.empty() ? result.error().message
                                                   : to_line(result.error()));
    }
    return std::move(*result);
}

std::string yaml_of(const PythonValue& config) {
    return value_of(patroni::codec::dump_python_yaml(config));
}

/// Whatever replaces a configuration has to be one.
void require_map(const PythonValue& config, const std::string& source) {
    if (!config.if_dict()) {
        throw Fail(source + (config.is_none() ? " is empty: a configuration is a map of settings"
                                              : " is not a map of settings"));
    }
}

std::string read_file(const Streams& streams, std::string name) {
    return name == k_standard_input ? streams.read_all()
                                    : value_of(patroni::config::read_config_file(name));
}

PythonValue patched(const PythonValue& config, const Session& session, const std::string& file) {
    const std::string text = read_file(session.streams(), file);
    const std::string source = file == k_standard_input ? "Standard input" : file;
    const PythonValue patch = value_of(patroni::codec::load_python_yaml(text, source));
    require_map(patch, source);
    PythonValue result = config.unshared_copy();
    patroni::codec::patch_config(*result.if_dict(), *patch.if_dict());
    return result;
}

/// What the options ask for; nullopt when they ask for nothing.
std::optional<PythonValue> changed_by_options(const PythonValue& stored, const Session& session,
                                              const Parsed& parsed) {
    std::optional<PythonValue> changed;
    const auto given = [](const std::optional<std::string>& file) {
        return file && !file->empty();
    };
    if (const auto file = parsed.text("replace_filename"); given(file)) {
        changed = patched(PythonValue(PythonValue::Dict{}), session, *file);
    }
    if (const auto file = parsed.text("apply_filename"); given(file)) {
        changed = patched(changed ? *changed : stored, session, *file);
    }
    std::vector<std::string> pairs = parsed.texts("kvpairs");
    for (const std::string& pair : parsed.texts("pgkvpairs")) {
        const std::size_t start = std::min(pair.find_first_not_of(" \t\n\r\v\f"), pair.size());
        pairs.push_back("postgresql.parameters." + pair.substr(start));
    }
    if (!pairs.empty()) {
        changed = (changed ? *changed : stored).deep_copy();
    }
    for (const std::string& pair : pairs) {
        if (const auto set = patroni::codec::set_config_pair(*changed->if_dict(), pair); !set) {
            throw Fail(set.error().endpoint.empty() ? set.error().message : to_line(set.error()));
        }
    }
    return changed;
}

Edited edited(const PythonValue& stored, const std::string& before, const Session& session,
              const Parsed& parsed, const std::string& scope) {
    if (auto changed = changed_by_options(stored, session, parsed)) {
        std::string text = yaml_of(*changed);
        return {std::move(*changed), std::move(text)};
    }
    std::string text = edit_text(session.streams(), before, scope);
    PythonValue config = value_of(patroni::codec::load_python_yaml(text, "the edited text"));
    require_map(config, "The edited text");
    return {std::move(config), std::move(text)};
}

/// Carried out only while the key is as it was read.
void write_config(Session& session, const std::string& key, const std::string& text,
                  std::uint64_t revision) {
    patroni::StoreOutcome outcome;
    try {
        outcome = session.store().write(patroni::StoreWrite::put_if(key, text, revision));
    } catch (const patroni::Failure& failure) {
        session.log("ERROR", "The configuration was not written: " + to_line(failure.error()));
        throw Fail("Config modification aborted due to concurrent changes");
    }
    if (outcome.kind == patroni::OutcomeKind::done) {
        return;
    }
    if (outcome.kind == patroni::OutcomeKind::unknown && !outcome.conflict()) {
        throw Fail(
            "The store did not tell whether it changed the configuration: look at it with "
            "show-config");
    }
    if (!outcome.conflict()) {
        session.log("ERROR", "The store refused the configuration: " + outcome.message);
    }
    throw Fail("Config modification aborted due to concurrent changes");
}

int run_edit_config(Session& session, const Parsed& parsed) {
    const std::string scope = session.scope(parsed);
    const auto group = session.group_or_configured(parsed);
    const DcsCluster cluster = session.read_cluster(scope, group);
    if (cluster.config.is_null()) {
        throw Fail("The config key does not exist in the cluster " + scope);
    }
    const bool quiet = parsed.flag("quiet");
    const PythonValue stored(cluster.config);
    const std::string before = yaml_of(stored);
    const Edited after = edited(stored, before, session, parsed, scope);
    if (after.config == stored) {
        if (!quiet) {
            session.echo("Not changed");
        }
        return 0;
    }
    if (!quiet) {
        show_diff(session, before, after.text);
    }
    const bool from_input = parsed.text("apply_filename") == k_standard_input ||
                            parsed.text("replace_filename") == k_standard_input;
    if (from_input && !parsed.flag("force")) {
        session.echo("Use --force option to apply changes");
        return 0;
    }
    if (!parsed.flag("force") && !confirm(session.streams(), "Apply these changes?")) {
        return 0;
    }
    const std::string text = value_of(patroni::codec::dump_python_json(after.config, true));
    write_config(session, cluster.path + "config", text, cluster.revision("config"));
    session.echo("Configuration changed");
    return 0;
}

constexpr std::array k_options{
    shared::group,
    OptionSpec{"quiet", "--quiet,-q", OptionKind::flag, "Do not show what changes"},
    OptionSpec{"kvpairs", "--set,-s", OptionKind::texts,
               "Set one value: KEY=VALUE, as often as needed"},
    OptionSpec{"pgkvpairs", "--pg,-p", OptionKind::texts,
               "Set one parameter of PostgreSQL: -s postgresql.parameters.NAME=VALUE in short"},
    OptionSpec{"apply_filename", "--apply", OptionKind::text,
               "Put the settings of a file over the configuration; - is standard input"},
    OptionSpec{"replace_filename", "--replace", OptionKind::text,
               "Replace the configuration by a file; - is standard input"},
    shared::force};
constexpr std::array k_arguments{shared::optional_cluster};

}  // namespace

const CommandSpec k_edit_config{"edit-config", "Change the dynamic configuration of a cluster",
                                k_arguments, k_options, &run_edit_config};

}  // namespace patronictl
