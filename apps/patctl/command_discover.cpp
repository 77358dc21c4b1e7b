#include "patctl/commands.hpp"
#include "patctl/exit_code.hpp"
#include "patctl/failure.hpp"
#include "patctl/render/discovery.hpp"
#include "patctl/render/words.hpp"
#include "patctl/source.hpp"

#include <algorithm>

namespace patctl {
namespace {

/// A remark that takes nothing away from the list.
bool is_remark(const patroni::Problem& problem) {
    return problem.kind == "seed_without_cluster" || problem.kind == "stale_entry";
}

int exit_code(const patroni::Discovery& discovery) {
    if (discovery.members.empty()) {
        return exit_nothing;
    }
    return std::all_of(discovery.problems.begin(), discovery.problems.end(), is_remark)
               ? exit_done
               : exit_partly;
}

}  // namespace

int run_discover(const Options& options, Terminal& terminal) {
    auto source = resolve_source(options, terminal);
    if (!source) {
        return report_failure(source.error(), terminal);
    }
    const auto format =
        options.format.value_or(terminal.out_is_terminal ? Format::pretty : Format::tsv);
    const std::string kind(to_string(source->seeds.kind));
    try {
        patroni::Client client(std::move(source->seeds), std::move(source->client));
        auto discovery = client.discover(options.timeout);
        if (options.scope) {
            std::erase_if(discovery.members, [&](const patroni::DiscoveredMember& member) {
                return member.scope && *member.scope != *options.scope &&
                       member.scope->rfind(*options.scope + "/", 0) != 0;
            });
        }
        terminal.out(render::discovery_text(discovery, format));
        if (format == Format::tsv) {
            for (const auto& problem : discovery.problems) {
                terminal.err("patctl: " + render::safe(problem.where) + ": " +
                             render::safe(problem.message) + "\n");
            }
        }
        return exit_code(discovery);
    } catch (const patroni::Failure& failure) {
        if (is_document(format)) {
            patroni::Discovery nothing;
            nothing.source = kind;
            nothing.problems.push_back(problem_of(failure.error()));
            terminal.out(render::discovery_text(nothing, format));
        }
        return report_failure(failure.error(), terminal, source->tls_advice);
    }
}

}  // namespace patctl
