#include "patctl/commands.hpp"
#include "patctl/exit_code.hpp"
#include "patctl/failure.hpp"
#include "patctl/render/status.hpp"
#include "patctl/render/words.hpp"
#include "patctl/source.hpp"

#include <algorithm>

namespace patctl {
namespace {

using patroni::StatusReport;
using patroni::Verdict;

int check_code(const StatusReport& report) {
    if (report.clusters.empty()) {
        return check_unknown;
    }
    int worst = check_ok;
    for (const auto& cluster : report.clusters) {
        int code = check_ok;
        switch (cluster.verdict) {
            case Verdict::ok:
                break;
            case Verdict::degraded:
                code = check_degraded;
                break;
            case Verdict::no_leader:
            case Verdict::split:
                return check_no_leader;
            case Verdict::unknown:
                code = check_unknown;
                break;
        }
        worst = std::max(worst, code);
    }
    return worst;
}

int exit_code(const StatusReport& report) {
    std::size_t answered = 0;
    std::size_t silent = 0;
    for (const auto& cluster : report.clusters) {
        for (const auto& member : cluster.members) {
            if (member.role == patroni::Role::gone) {
                continue;
            }
            ++(member.error ? silent : answered);
        }
    }
    if (answered == 0) {
        return exit_nothing;
    }
    const bool entries_lost =
        std::any_of(report.problems.begin(), report.problems.end(), [](const auto& problem) {
            return problem.kind == "not_host_port" || problem.kind == "seed_failed";
        });
    return silent > 0 || entries_lost ? exit_partly : exit_done;
}

}  // namespace

int run_status(const Options& options, Terminal& terminal) {
    if (options.all) {
        return run_fleet(options, terminal);
    }
    auto source = resolve_source(options, terminal);
    if (!source) {
        const int code = report_failure(source.error(), terminal);
        return options.check ? int{check_unknown} : code;
    }
    render::StatusStyle style;
    style.format = options.format.value_or(terminal.out_is_terminal ? Format::pretty : Format::tsv);
    style.color = terminal.color();
    style.details = options.verbosity > 0;
    style.source = source->described + (options.scope ? " " + *options.scope : std::string());
    if (terminal.err_is_terminal && options.verbosity < 2) {
        source->client.on_waiting = [&terminal](const std::vector<std::string>& names) {
            std::string line = "waiting for";
            for (const auto& name : names) {
                line += " " + render::safe(name);
            }
            terminal.err(line + "\n");
        };
    }
    const std::string kind(to_string(source->seeds.kind));
    try {
        patroni::Client client(std::move(source->seeds), std::move(source->client));
        auto report = client.status(options.timeout);
        if (options.scope) {
            std::erase_if(report.clusters, [&](const patroni::ClusterStatus& cluster) {
                return !cluster.scope.empty() && cluster.scope != *options.scope &&
                       cluster.scope.rfind(*options.scope + "/", 0) != 0;
            });
        }
        terminal.out(render::status_text(report, style));
        if (style.format == Format::tsv) {
            for (const auto& problem : report.problems) {
                terminal.err("patctl: " + render::safe(problem.where) + ": " +
                             render::safe(problem.message) + "\n");
            }
        }
        return options.check ? check_code(report) : exit_code(report);
    } catch (const patroni::Failure& failure) {
        if (is_document(style.format)) {
            StatusReport nothing;
            nothing.source = kind;
            nothing.observed_at = std::chrono::time_point_cast<std::chrono::microseconds>(
                std::chrono::system_clock::now());
            nothing.problems.push_back(problem_of(failure.error()));
            terminal.out(render::status_text(nothing, style));
        }
        const int code = report_failure(failure.error(), terminal, source->tls_advice);
        return options.check ? int{check_unknown} : code;
    }
}

}  // namespace patctl
