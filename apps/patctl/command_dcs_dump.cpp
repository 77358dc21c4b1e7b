#include "patctl/commands.hpp"
#include "patctl/exit_code.hpp"
#include "patctl/failure.hpp"
#include "patctl/render/store_event.hpp"
#include "patctl/source.hpp"

#include <patroni/store.hpp>

namespace patctl {

int run_dcs_dump(const Options& options, Terminal& terminal) {
    auto source = resolve_store(options, terminal, "dcs dump reads");
    if (!source) {
        return report_failure(source.error(), terminal);
    }
    const auto format =
        options.format.value_or(terminal.out_is_terminal ? Format::pretty : Format::tsv);
    patroni::Seeds& seeds = source->seeds;
    if (seeds.scope.empty()) {
        return report_failure(misuse("name the cluster: patctl dcs dump SCOPE"), terminal);
    }
    const std::string scope = seeds.scope;
    const std::string kind(to_string(seeds.kind));
    const std::string endpoint = seeds.endpoints.empty() ? "" : seeds.endpoints.front().text();
    try {
        patroni::Store store(std::move(seeds), {.trace = source->client.trace});
        const std::string prefix = store.path(scope);
        const auto keys = store.snapshot(prefix, options.timeout);
        if (keys.empty()) {
            patroni::Error error = misuse("no keys below " + prefix);
            error.kind = patroni::ErrorKind::not_found;
            error.endpoint = endpoint;
            error.delivery = patroni::Delivery::answered;
            if (is_document(format)) {
                terminal.out(render::dump_text(prefix, kind, keys, format));
            }
            return report_failure(error, terminal);
        }
        terminal.out(render::dump_text(prefix, kind, keys, format));
        return exit_done;
    } catch (const patroni::Failure& failure) {
        return report_failure(failure.error(), terminal, source->tls_advice);
    }
}

}  // namespace patctl
