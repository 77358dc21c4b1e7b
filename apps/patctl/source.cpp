#include "patctl/source.hpp"

#include "config/config_file.hpp"
#include "config/load.hpp"
#include "config/settings.hpp"
#include "patctl/failure.hpp"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <unistd.h>

namespace patctl {
namespace {

using patroni::Error;
using patroni::ErrorKind;
using patroni::Result;
using patroni::Secret;
using patroni::Seeds;

struct Choice {
    const char* option;
    const std::optional<std::string>* value;
};

Result<Choice> choose(const Options& options) {
    const Choice choices[] = {{"--registrator", &options.registrator},
                              {"--etcd3", &options.etcd3},
                              {"--etcd", &options.etcd2},
                              {"--consul", &options.consul},
                              {"--zookeeper", &options.zookeeper},
                              {"--api", &options.api},
                              {"--members", &options.members},
                              {"--config-file", &options.config_file}};
    Choice chosen{nullptr, nullptr};
    for (const auto& choice : choices) {
        if (!*choice.value) {
            continue;
        }
        if (chosen.option != nullptr) {
            return misuse(std::string(chosen.option) + " and " + choice.option +
                          " are two sources; give one");
        }
        chosen = choice;
    }
    return chosen;
}

Result<Seeds> seeds_of(const Choice& choice, const Options& options) {
    const std::string& value = **choice.value;
    if (choice.value == &options.registrator) {
        return Seeds::registrator(value);
    }
    if (choice.value == &options.etcd3) {
        return Seeds::etcd3(value);
    }
    if (choice.value == &options.etcd2) {
        return Seeds::etcd2(value);
    }
    if (choice.value == &options.consul) {
        return Seeds::consul(value);
    }
    if (choice.value == &options.zookeeper) {
        return Seeds::zookeeper(value);
    }
    return choice.value == &options.api ? Seeds::api(value) : Seeds::members(value);
}

Error no_source(const std::vector<std::string>& looked_for) {
    std::string message =
        "no source: nothing says where the cluster is. Give one of --registrator, --etcd3, --etcd, "
        "--consul, --zookeeper, --api, --members, --dcs-url or -c FILE. Looked for a configuration "
        "file:";
    for (const auto& place : looked_for) {
        message += "\n  " + place;
    }
    return misuse(std::move(message));
}

/// A file name that is wrong must be told before anything is asked.
Result<void> check_readable(const char* option, const std::string& file) {
    if (!file.empty() && access(file.c_str(), R_OK) != 0) {
        return misuse(std::string(option) + " " + file + ": " +
                      std::generic_category().message(errno));
    }
    return {};
}

bool is_consul(const Seeds& seeds) {
    return seeds.kind == Seeds::Kind::consul ||
           (seeds.kind == Seeds::Kind::registrator && seeds.registry != Seeds::Registry::etcd2);
}

Result<void> apply_token(const Options& options, Seeds& seeds) {
    if (!options.token_file) {
        return {};
    }
    if (!is_consul(seeds)) {
        return misuse("--token-file is for Consul (--consul, or the consul section of -c FILE)");
    }
    auto token = read_secret("--token-file", *options.token_file);
    if (!token) {
        return std::move(token).error();
    }
    seeds.token = std::move(*token);
    return {};
}

/// User, password and TLS of the options come over those of the source.
Result<void> apply_access(const Options& options, Terminal& terminal, ResolvedSource& source) {
    auto& seeds = source.seeds;
    const bool members_only = seeds.kind == Seeds::Kind::api || seeds.kind == Seeds::Kind::members;
    if (members_only && (options.user || options.password_file)) {
        return misuse(
            "--user and --password-file are for sources that are a store; Patroni answers "
            "reading requests to everybody");
    }
    if (is_consul(seeds) && (options.user || options.password_file)) {
        return misuse("Consul has no users: its ACL token is given with --token-file");
    }
    if (options.user) {
        seeds.user = *options.user;
        seeds.password = Secret();
        if (!options.password_file) {
            auto answer = terminal.ask_secret("Password of " + *options.user + ": ");
            if (!answer) {
                return misuse("--user needs --password-file FILE when there is no terminal to ask");
            }
            seeds.password = Secret(std::move(*answer));
        }
    }
    if (options.password_file) {
        if (seeds.user.empty()) {
            return misuse("--password-file needs --user");
        }
        auto password = read_secret("--password-file", *options.password_file);
        if (!password) {
            return std::move(password).error();
        }
        seeds.password = std::move(*password);
    }
    if (auto given = apply_token(options, seeds); !given) {
        return given;
    }
    const std::pair<const char*, const std::string*> files[] = {
        {"--cacert", &options.ca_file},
        {"--cert", &options.certificate_file},
        {"--key", &options.key_file}};
    for (const auto& [option, file] : files) {
        if (auto readable = check_readable(option, *file); !readable) {
            return readable;
        }
    }
    std::error_code ignored;
    const bool is_folder = std::filesystem::is_directory(options.ca_file, ignored);
    for (auto* tls : {&seeds.tls, &source.client.member_tls}) {
        if (!options.ca_file.empty()) {
            tls->ca_file = is_folder ? "" : options.ca_file;
            tls->ca_directory = is_folder ? options.ca_file : "";
        }
        if (!options.certificate_file.empty()) {
            tls->certificate_file = options.certificate_file;
            tls->key_file = options.key_file;
        }
        if (options.insecure) {
            tls->verify = false;
        }
    }
    if (!options.key_file.empty() && options.certificate_file.empty()) {
        return misuse("--key needs --cert");
    }
    return {};
}

/// The file that -c names, or the one that is found. A store that is named otherwise needs none.
Result<std::optional<std::string>> choose_file(const Options& options, Terminal& terminal,
                                               std::vector<std::string>& looked_for) {
    if (options.config_file) {
        return options.config_file;
    }
    auto found = patroni::config::find_config_file(terminal.environment, looked_for);
    if (!found && options.dcs_url) {
        return std::optional<std::string>();
    }
    return found;
}

void warn_of_password(Terminal& terminal) {
    terminal.err(
        "patctl: warning: a password in an argument can be read by every user of this machine; use "
        "--user and --password-file\n");
}

Result<ResolvedSource> from_config(const Options& options, Terminal& terminal) {
    std::vector<std::string> looked_for;
    auto file = choose_file(options, terminal, looked_for);
    if (!file) {
        return std::move(file).error();
    }
    auto configuration = patroni::config::load_for_patctl(
        {.path = *file, .dcs_url = options.dcs_url}, terminal.environment);
    if (!configuration) {
        return std::move(configuration).error();
    }
    auto members = patroni::config::member_settings(*configuration);
    if (!members) {
        return std::move(members).error();
    }
    auto store = patroni::config::store_settings(*configuration);
    if (!store) {
        const bool nothing = !*file && configuration->places().size() <= 1;
        return nothing ? no_source(looked_for) : std::move(store).error();
    }
    for (const auto& sentence : store->warnings) {
        terminal.err("patctl: warning: " + sentence + "\n");
    }
    ResolvedSource source;
    source.seeds = std::move(store->seeds);
    source.client.member_tls = std::move(members->tls);
    source.member_auth = std::move(members->auth);
    source.tls_advice = std::move(store->tls_advice);
    source.configuration = std::move(*configuration);
    if (options.config_file) {
        source.described = " -c " + *options.config_file;
    }
    if (options.dcs_url) {
        const bool has_user = options.dcs_url->find('@') != std::string::npos;
        source.described += " -d " + (has_user ? std::string("...") : *options.dcs_url);
        if (has_user) {
            warn_of_password(terminal);
        }
    }
    return source;
}

Result<ResolvedSource> from_option(const Choice& choice, const Options& options,
                                   Terminal& terminal) {
    auto seeds = seeds_of(choice, options);
    if (!seeds) {
        Error error = std::move(seeds).error();
        error.message = std::string(choice.option) + ": " + error.message;
        return error;
    }
    ResolvedSource source;
    source.described = " " + std::string(choice.option) + " ";
    if (!seeds->user.empty() || !seeds->password.empty()) {
        warn_of_password(terminal);
        source.described += "...";
    } else {
        source.described += **choice.value;
    }
    source.seeds = std::move(*seeds);
    return source;
}

}  // namespace

Result<Secret> read_secret(const std::string& option, const std::string& file) {
    std::string line;
    if (file == "-") {
        char c = 0;
        while (read(STDIN_FILENO, &c, 1) == 1 && c != '\n' && line.size() < 4096) {
            line += c;
        }
    } else {
        errno = 0;
        std::ifstream stream(file);
        if (!stream) {
            return misuse(option + " " + file + ": " +
                          std::generic_category().message(errno == 0 ? ENOENT : errno));
        }
        std::getline(stream, line);
    }
    if (!line.empty() && line.back() == '\r') {
        line.pop_back();
    }
    if (line.empty()) {  // A folder reads as nothing, too.
        return misuse(option + " " + file + ": there is no password in its first line");
    }
    return Secret(std::move(line));
}

Result<ResolvedSource> resolve_source(const Options& options, Terminal& terminal) {
    auto choice = choose(options);
    if (!choice) {
        return std::move(choice).error();
    }
    const bool configured = choice->option == nullptr || choice->value == &options.config_file;
    if (!configured && options.dcs_url) {
        return misuse(std::string(choice->option) + " and --dcs-url are two sources; give one");
    }
    auto source =
        configured ? from_config(options, terminal) : from_option(*choice, options, terminal);
    if (!source) {
        return source;
    }
    if (options.name_space) {
        if (!is_store(source->seeds.kind)) {
            return misuse(
                "--namespace is for sources that are a store (--etcd3, --etcd, --consul, -c)");
        }
        source->seeds.name_space = *options.name_space;
        source->described += " --namespace " + *options.name_space;
    }
    if (options.scope && is_store(source->seeds.kind)) {
        source->seeds.scope = *options.scope;
    }
    if (auto applied = apply_access(options, terminal, *source); !applied) {
        return std::move(applied).error();
    }
    if (options.verbosity > 1) {
        source->client.trace = [&terminal](std::string_view line) {
            terminal.err("trace: " + std::string(line) + "\n");
        };
    }
    return source;
}

Result<ResolvedSource> resolve_store(const Options& options, Terminal& terminal,
                                     const std::string& what) {
    auto source = resolve_source(options, terminal);
    if (source && !is_store(source->seeds.kind)) {
        return misuse(what + " a store: give --etcd3, --etcd, --consul, --zookeeper or -c");
    }
    return source;
}

}  // namespace patctl
