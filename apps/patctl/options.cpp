#include "patctl/options.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace patctl {
namespace {

using patroni::Error;
using patroni::ErrorKind;

std::string set_format(Options& options, const std::string& value) {
    if (value == "pretty") {
        options.format = Format::pretty;
    } else if (value == "tsv") {
        options.format = Format::tsv;
    } else if (value == "json") {
        options.format = Format::json;
    } else if (value == "yaml") {
        options.format = Format::yaml;
    } else {
        return "unknown format \"" + value + "\"; one of pretty, tsv, json, yaml";
    }
    return {};
}

std::string set_timeout(Options& options, const std::string& value) {
    double number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    const std::string_view unit(end, static_cast<std::size_t>(value.data() + value.size() - end));
    const double factor = unit.empty() || unit == "s" ? 1000 : unit == "ms" ? 1 : 0;
    if (error != std::errc() || factor == 0 || !(number * factor >= 10) ||
        number * factor > 600000) {
        return "expected seconds from 0.01 to 600, such as 2.5 or 800ms; got \"" + value + "\"";
    }
    options.timeout = std::chrono::milliseconds(static_cast<std::int64_t>(number * factor));
    options.has_timeout = true;
    return {};
}

template <std::optional<std::string> Options::* member>
std::string set_text(Options& options, const std::string& value) {
    if (value.empty()) {
        return "needs a value";
    }
    options.*member = value;
    return {};
}

template <std::string Options::* member>
std::string set_file(Options& options, const std::string& value) {
    options.*member = value;
    return {};
}

template <bool Options::* member>
std::string set_switch(Options& options, const std::string&) {
    options.*member = true;
    return {};
}

std::string more_verbose(Options& options, const std::string&) {
    ++options.verbosity;
    return {};
}

constexpr std::string_view k_source = "Where to look (one of)";
constexpr std::string_view k_access = "How to speak to it";
constexpr std::string_view k_question = "What to ask";
constexpr std::string_view k_output = "What to print";

const std::array k_rows = {
    OptionRow{0, "registrator", "URL",
              "registrator's entries: etcd://HOST:PORT/DIRECTORY, or in Consul", k_source,
              set_text<&Options::registrator>},
    OptionRow{0, "etcd3", "HOSTS", "Patroni's keys in etcd, v3 API: HOST:PORT[,HOST:PORT...]",
              k_source, set_text<&Options::etcd3>},
    OptionRow{0, "etcd", "HOSTS", "the same with etcd's v2 API", k_source,
              set_text<&Options::etcd2>},
    OptionRow{0, "consul", "HOSTS", "Patroni's keys in Consul: HOST:PORT[,HOST:PORT...]", k_source,
              set_text<&Options::consul>},
    OptionRow{0, "zookeeper", "HOSTS", "and in ZooKeeper: HOST:PORT[,HOST:PORT...][/CHROOT]",
              k_source, set_text<&Options::zookeeper>},
    OptionRow{0, "api", "URLS", "one Patroni (or several, first good one) names the others",
              k_source, set_text<&Options::api>},
    OptionRow{0, "members", "LIST", "the REST addresses themselves: HOST:PORT[,HOST:PORT...]",
              k_source, set_text<&Options::members>},
    OptionRow{'c', "config-file", "FILE",
              "patroni.yml or patronictl.yaml, or a folder (default: see below)", k_source,
              set_text<&Options::config_file>},
    OptionRow{'d', "dcs-url", "URL",
              "the store as patronictl's -d: SCHEME://HOST[:PORT][/NAMESPACE]", k_source,
              set_text<&Options::dcs_url>},
    OptionRow{0, "namespace", "NAME", "Patroni's namespace in the store (default: service)",
              k_access, set_text<&Options::name_space>},
    OptionRow{0, "cacert", "FILE", "CA for https, of the store and of members; or a folder",
              k_access, set_file<&Options::ca_file>},
    OptionRow{0, "cert", "FILE", "client certificate", k_access,
              set_file<&Options::certificate_file>},
    OptionRow{0, "key", "FILE", "its key", k_access, set_file<&Options::key_file>},
    OptionRow{0, "insecure", "", "do not verify certificates", k_access,
              set_switch<&Options::insecure>},
    OptionRow{0, "user", "NAME", "user of the store", k_access, set_text<&Options::user>},
    OptionRow{0, "password-file", "FILE", "its password, first line; - is standard input", k_access,
              set_text<&Options::password_file>},
    OptionRow{0, "token-file", "FILE", "Consul's ACL token, first line; - is standard input",
              k_access, set_text<&Options::token_file>},
    OptionRow{0, "api-user", "NAME", "user of the members' REST API, for api", k_access,
              set_text<&Options::api_user>},
    OptionRow{0, "api-password-file", "FILE", "its password, likewise", k_access,
              set_text<&Options::api_password_file>},
    OptionRow{0, "timeout", "SECONDS", "for everything (default: 2.5)", k_access, set_timeout},
    OptionRow{0, "member", "NAME", "api: the member that is asked; its name or HOST:PORT",
              k_question, set_text<&Options::member>},
    OptionRow{0, "data", "FILE", "api: the body; - is standard input", k_question,
              set_text<&Options::data>},
    OptionRow{'f', "format", "FORMAT", "pretty (terminal), tsv (elsewhere), json, yaml", k_output,
              set_format},
    OptionRow{0, "check", "", "status: exit 0 ok, 1 degraded, 2 no leader or split, 3 unknown",
              k_output, set_switch<&Options::check>},
    OptionRow{0, "all", "", "status, watch: every cluster of the namespace, from its store",
              k_output, set_switch<&Options::all>},
    OptionRow{0, "raw", "", "watch: the keys as they are", k_output, set_switch<&Options::raw>},
    OptionRow{'v', "verbose", "", "more columns; twice: a trace of every request on stderr",
              k_output, more_verbose},
    OptionRow{'h', "help", "", "this text", k_output, set_switch<&Options::help>},
};

Error usage(std::string message) {
    Error error;
    error.kind = ErrorKind::config;
    error.message = std::move(message);
    return error;
}

const OptionRow* find_row(std::string_view name) {
    const auto found = std::find_if(k_rows.begin(), k_rows.end(),
                                    [&](const OptionRow& row) { return row.name == name; });
    return found == k_rows.end() ? nullptr : &*found;
}

const OptionRow* find_letter(char letter) {
    const auto found = std::find_if(k_rows.begin(), k_rows.end(), [&](const OptionRow& row) {
        return row.letter == letter && letter != 0;
    });
    return found == k_rows.end() ? nullptr : &*found;
}

Error unknown_option(std::string_view name) {
    std::vector<std::string_view> names;
    for (const auto& row : k_rows) {
        names.push_back(row.name);
    }
    const auto close = did_you_mean(name, names);
    return usage("no such option: --" + std::string(name) +
                 (close.empty() ? std::string() : "; did you mean --" + std::string(close) + "?"));
}

/// Walks over the arguments of one command line.
class Parser {
public:
    Parser(std::span<const std::string> arguments, std::size_t words)
        : arguments_(arguments), words_(words) {}

    patroni::Result<Options> parse() {
        bool only_words = false;
        for (; index_ < arguments_.size(); ++index_) {
            const std::string& argument = arguments_[index_];
            std::string problem;
            if (only_words || argument.size() < 2 || argument[0] != '-') {
                problem = take_word(argument);
            } else if (argument == "--") {
                only_words = true;
            } else if (argument[1] == '-') {
                const auto equals = argument.find('=');
                const std::string name = argument.substr(2, equals - 2);
                const OptionRow* row = find_row(name);
                if (row == nullptr) {
                    return unknown_option(name);
                }
                problem = take(*row, equals == std::string::npos
                                         ? std::nullopt
                                         : std::optional(argument.substr(equals + 1)));
            } else {
                problem = take_letters(argument);
            }
            if (!problem.empty()) {
                return usage(std::move(problem));
            }
        }
        return std::move(options_);
    }

private:
    std::string take_word(const std::string& word) {
        if (options_.words.size() < words_) {
            options_.words.push_back(word);
            return {};
        }
        if (options_.scope) {
            return "only one SCOPE can be given: \"" + *options_.scope + "\" and \"" + word + "\"";
        }
        if (word.empty()) {
            return "the SCOPE is empty";
        }
        options_.scope = word;
        return {};
    }

    std::string take(const OptionRow& row, std::optional<std::string> value) {
        const std::string shown = "--" + std::string(row.name);
        if (row.value.empty()) {
            return value ? shown + " takes no value" : row.apply(options_, "");
        }
        if (!value) {
            if (index_ + 1 >= arguments_.size()) {
                return shown + " needs a value: " + shown + " " + std::string(row.value);
            }
            value = arguments_[++index_];
        }
        const std::string problem = row.apply(options_, *value);
        return problem.empty() ? problem : shown + ": " + problem;
    }

    /// `-v`, `-vv`, `-fjson`, `-f json`.
    std::string take_letters(const std::string& argument) {
        for (std::size_t i = 1; i < argument.size(); ++i) {
            const OptionRow* row = find_letter(argument[i]);
            if (row == nullptr) {
                return "no such option: -" + argument.substr(i, 1);
            }
            if (row->value.empty()) {
                row->apply(options_, "");
                continue;
            }
            const std::string rest = argument.substr(i + 1);
            return take(*row, rest.empty() ? std::nullopt : std::optional(rest));
        }
        return {};
    }

    std::span<const std::string> arguments_;
    std::size_t words_;  ///< Before SCOPE.
    std::size_t index_ = 0;
    Options options_;
};

/// A command with words of its own before SCOPE, and the options that no other has.
struct WordRow {
    std::string_view command;
    std::size_t words;
    std::string_view names;
};
constexpr std::array k_words = {
    WordRow{"api", 2, "METHOD and PATH"},
    WordRow{"health", 2, "MEMBER and PATH"},
};

const WordRow* find_words(std::string_view command) {
    const auto found = std::find_if(k_words.begin(), k_words.end(),
                                    [&](const WordRow& row) { return row.command == command; });
    return found == k_words.end() ? nullptr : &*found;
}

}  // namespace

std::span<const OptionRow> option_rows() {
    return k_rows;
}

patroni::Result<Options> parse_options(std::string_view command,
                                       std::span<const std::string> arguments) {
    const WordRow* row = find_words(command);
    auto options = Parser(arguments, row != nullptr ? row->words : 0).parse();
    if (options && row != nullptr && !options->help && options->words.size() < row->words) {
        return usage(std::string(command) + " needs " + std::string(row->names));
    }
    if (options && command != "api") {
        const std::pair<const char*, bool> only[] = {
            {"--member", options->member.has_value()},
            {"--data", options->data.has_value()},
            {"--api-user", options->api_user.has_value()},
            {"--api-password-file", options->api_password_file.has_value()}};
        for (const auto& [name, given] : only) {
            if (given) {
                return usage(std::string(name) + " belongs to the api command");
            }
        }
    }
    if (options && options->check && command != "status") {
        return usage("--check belongs to the status command");
    }
    if (options && options->all && command != "watch" && command != "status") {
        return usage("--all belongs to the commands status and watch");
    }
    if (options && options->raw && command != "watch") {
        return usage("--raw belongs to the watch command");
    }
    return options;
}

std::string_view did_you_mean(std::string_view word, std::span<const std::string_view> candidates) {
    std::string_view best;
    std::size_t best_distance = word.size() < 4 ? 2 : 3;
    for (const auto candidate : candidates) {
        std::vector<std::size_t> row(candidate.size() + 1);
        for (std::size_t k = 0; k < row.size(); ++k) {
            row[k] = k;
        }
        for (std::size_t i = 0; i < word.size(); ++i) {
            std::size_t diagonal = row[0]++;
            for (std::size_t k = 0; k < candidate.size(); ++k) {
                const std::size_t above = row[k + 1];
                row[k + 1] = std::min(
                    {above + 1, row[k] + 1, diagonal + (word[i] == candidate[k] ? 0U : 1U)});
                diagonal = above;
            }
        }
        if (row.back() < best_distance) {
            best_distance = row.back();
            best = candidate;
        }
    }
    return best;
}

}  // namespace patctl
