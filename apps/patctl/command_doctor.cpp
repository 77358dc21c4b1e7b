#include "patctl/checkup.hpp"
#include "patctl/commands.hpp"
#include "patctl/exit_code.hpp"
#include "patctl/failure.hpp"
#include "patctl/render/checkup.hpp"

#include <algorithm>

namespace patctl {
namespace {

/// What options say comes over the configuration.
void add_options(const Options& options, Checkup& checkup) {
    const std::pair<const char*, const std::string*> files[] = {
        {"--cacert", &options.ca_file},
        {"--cert", &options.certificate_file},
        {"--key", &options.key_file}};
    for (const auto& [option, file] : files) {
        if (!file->empty()) {
            checkup.settings.push_back({"tls", *file, option});
        }
    }
    if (options.user) {
        checkup.settings.push_back({"user", *options.user, "--user"});
        checkup.settings.push_back(
            {"password", "(set)", options.password_file ? "--password-file" : "typed"});
    }
    if (options.insecure) {
        checkup.settings.push_back({"insecure", "true", "--insecure"});
    }
    if (options.name_space) {
        checkup.settings.push_back({"namespace", *options.name_space, "--namespace"});
    }
    if (options.scope) {
        checkup.settings.push_back({"scope", *options.scope, "SCOPE"});
    }
}

int exit_code(const Checkup& checkup) {
    if (checkup.is_healthy()) {
        return exit_done;
    }
    const bool any_member = std::any_of(checkup.members.begin(), checkup.members.end(),
                                        [](const auto& member) { return member.ok; });
    return any_member ? exit_partly : exit_nothing;
}

}  // namespace

int run_doctor(const Options& options, Terminal& terminal) {
    auto source = resolve_source(options, terminal);
    if (!source) {
        return report_failure(source.error(), terminal);
    }
    const auto format =
        options.format.value_or(terminal.out_is_terminal ? Format::pretty : Format::tsv);
    try {
        Checkup checkup = examine(*source, options.timeout);
        add_options(options, checkup);
        terminal.out(render::checkup_text(checkup, format));
        return exit_code(checkup);
    } catch (const patroni::Failure& failure) {
        return report_failure(failure.error(), terminal, source->tls_advice);
    }
}

}  // namespace patctl
