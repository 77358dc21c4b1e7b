#include "check.hpp"
#include "parts.hpp"
#include "patctl/options.hpp"

#include <string>
#include <vector>

using patctl::Options;

namespace {

/// The options as the plainest command line that says the same.
std::vector<std::string> written(const Options& options) {
    std::vector<std::string> arguments;
    const auto text = [&](const char* name, const std::optional<std::string>& value) {
        if (value) {
            arguments.push_back("--" + std::string(name) + "=" + *value);
        }
    };
    text("registrator", options.registrator);
    text("etcd3", options.etcd3);
    text("etcd", options.etcd2);
    text("api", options.api);
    text("members", options.members);
    text("config-file", options.config_file);
    text("namespace", options.name_space);
    text("user", options.user);
    text("password-file", options.password_file);
    text("cacert", options.ca_file);
    text("cert", options.certificate_file);
    text("key", options.key_file);
    text("timeout", std::to_string(options.timeout.count()) + "ms");
    constexpr const char* formats[] = {"pretty", "tsv", "json", "yaml"};
    if (options.format) {
        text("format", formats[static_cast<std::size_t>(*options.format)]);
    }
    if (options.insecure) {
        arguments.emplace_back("--insecure");
    }
    if (options.check) {
        arguments.emplace_back("--check");
    }
    if (options.help) {
        arguments.emplace_back("-h");
    }
    for (int i = 0; i < options.verbosity; ++i) {
        arguments.emplace_back("-v");
    }
    arguments.emplace_back("--");
    if (options.scope) {
        arguments.push_back(*options.scope);
    }
    return arguments;
}

}  // namespace

/// The arguments behind the command word, one in a line.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using patroni::fuzz::check;
    std::vector<std::string> arguments;
    for (const auto part : patroni::fuzz::parts(patroni::fuzz::text(data, size), '\n')) {
        arguments.emplace_back(part);
    }
    const auto options = patctl::parse_options("status", arguments);
    if (!options) {
        check(options.error().kind == patroni::ErrorKind::config, "a bad option is a config error");
        check(!options.error().message.empty(), "it says what is wrong");
        return 0;
    }
    check(options->timeout >= std::chrono::milliseconds(10) &&
              options->timeout <= std::chrono::minutes(10),
          "a timeout is bounded");
    check(!options->scope || !options->scope->empty(), "a scope is not empty");
    const auto again = patctl::parse_options("status", written(*options));
    check(again.has_value(), "options that were written can be read");
    check(written(*again) == written(*options), "options read back");
    check(again->verbosity == options->verbosity && again->timeout == options->timeout,
          "numbers read back");
    return 0;
}
