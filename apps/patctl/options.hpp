#pragma once

#include <patroni/result.hpp>

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace patctl {

enum class Format { pretty, tsv, json, yaml };

/// Whether a program that reads this format expects a document also after a failure.
constexpr bool is_document(Format format) {
    return format == Format::json || format == Format::yaml;
}

/// What the options of a command line say, before anything is looked up.
struct Options {
    // Where to look; at most one of the first seven.
    std::optional<std::string> registrator;
    std::optional<std::string> etcd3;
    std::optional<std::string> zookeeper;
    std::optional<std::string> etcd2;
    std::optional<std::string> consul;
    std::optional<std::string> api;
    std::optional<std::string> members;
    std::optional<std::string> config_file;
    std::optional<std::string> dcs_url;  ///< Instead of the configured store.
    std::optional<std::string> name_space;
    std::optional<std::string> scope;
    std::vector<std::string> words;  ///< What stands before SCOPE: of `api` and `health`.
    // How to speak to it.
    std::string ca_file;
    std::string certificate_file;
    std::string key_file;
    std::optional<std::string> user;
    std::optional<std::string> password_file;
    std::optional<std::string> token_file;
    std::optional<std::string> api_user;
    std::optional<std::string> api_password_file;
    bool insecure = false;
    std::chrono::milliseconds timeout{2500};
    bool has_timeout = false;  ///< Given, not the default.
    // What to ask.
    std::optional<std::string> member;
    std::optional<std::string> data;  ///< File of the body; "-": standard input.
    // What to print.
    std::optional<Format> format;
    bool check = false;
    bool all = false;
    bool raw = false;
    int verbosity = 0;
    bool help = false;
};

/// One option: a row of the table that parser and help share.
struct OptionRow {
    char letter;             ///< 0: no short form.
    std::string_view name;   ///< Without dashes.
    std::string_view value;  ///< Name of its value in the help; empty for a switch.
    std::string_view help;
    std::string_view group;
    /// Takes the value; an Error text is what is wrong with it.
    std::string (*apply)(Options& options, const std::string& value);
};

std::span<const OptionRow> option_rows();

/// Reads the arguments after the command word: options anywhere, at most one SCOPE. Error `config`
/// says what is wrong and what was probably meant.
patroni::Result<Options> parse_options(std::string_view command,
                                       std::span<const std::string> arguments);

/// The closest of `candidates` when it is close enough to be a typing error; empty otherwise.
std::string_view did_you_mean(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace patctl
