#include "patctl/commands.hpp"
#include "patctl/exit_code.hpp"
#include "patctl/failure.hpp"
#include "patctl/render/fleet.hpp"
#include "patctl/source.hpp"

#include <patroni/store.hpp>

namespace patctl {
namespace {

using patroni::Verdict;

/// The worst one stands first.
int check_code(const patroni::Fleet& fleet) {
    if (fleet.clusters.empty()) {
        return check_unknown;
    }
    switch (fleet.clusters.front().verdict) {
        case Verdict::ok:
            return check_ok;
        case Verdict::degraded:
            return check_degraded;
        case Verdict::no_leader:
        case Verdict::split:
            return check_no_leader;
        case Verdict::unknown:
            break;
    }
    return check_unknown;
}

int failed(const patroni::Error& error, const Options& options, Terminal& terminal,
           const std::string& tls_advice = {}) {
    const int code = report_failure(error, terminal, tls_advice);
    return options.check ? int{check_unknown} : code;
}

}  // namespace

int run_fleet(const Options& options, Terminal& terminal) {
    auto source = resolve_store(options, terminal, "--all reads");
    if (!source) {
        return failed(source.error(), options, terminal);
    }
    const auto format =
        options.format.value_or(terminal.out_is_terminal ? Format::pretty : Format::tsv);
    if (options.scope) {
        return failed(misuse("give SCOPE or --all, not both"), options, terminal);
    }
    const std::string kind(to_string(source->seeds.kind));
    try {
        patroni::Store store(std::move(source->seeds), {.trace = source->client.trace});
        const auto fleet = store.fleet(options.timeout);
        terminal.out(render::fleet_text(fleet, kind, format));
        return options.check            ? check_code(fleet)
               : fleet.clusters.empty() ? int{exit_nothing}
                                        : int{exit_done};
    } catch (const patroni::Failure& failure) {
        return failed(failure.error(), options, terminal, source->tls_advice);
    }
}

}  // namespace patctl
