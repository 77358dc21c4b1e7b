#include "patctl/commands.hpp"
#include "patctl/exit_code.hpp"
#include "patctl/failure.hpp"
#include "patctl/render/store_event.hpp"
#include "patctl/source.hpp"
#include "patctl/stop_signals.hpp"

#include <patroni/store.hpp>

#include <chrono>
#include <optional>

namespace patctl {

int run_watch(const Options& options, Terminal& terminal) {
    auto source = resolve_store(options, terminal, "watch needs");
    if (!source) {
        return report_failure(source.error(), terminal);
    }
    const auto format =
        options.format.value_or(terminal.out_is_terminal ? Format::pretty : Format::tsv);
    patroni::Seeds& seeds = source->seeds;
    if (options.all == options.scope.has_value() && (options.all || seeds.scope.empty())) {
        return report_failure(misuse(options.all ? "give SCOPE or --all, not both"
                                                 : "name the cluster, or give --all"),
                              terminal);
    }
    if (format == Format::yaml) {
        return report_failure(misuse("a watch prints lines: pretty, tsv or json"), terminal);
    }
    const std::string scope = options.all ? std::string() : seeds.scope;
    try {
        patroni::Runtime runtime;
        patroni::Store store(runtime, std::move(seeds), {.trace = source->client.trace});
        std::optional<patroni::Error> end;
        if (format == Format::tsv) {
            terminal.out(render::event_columns());
        }
        const auto operation =
            store.start_watch(scope, {.raw = options.raw}, [&](const patroni::StoreEvent& event) {
                const auto now = std::chrono::time_point_cast<std::chrono::microseconds>(
                    std::chrono::system_clock::now());
                terminal.out(render::event_line(event, now, format));
                if (event.kind == patroni::StoreEvent::Kind::ended) {
                    end = event.error;
                    runtime.stop();
                }
            });
        {
            const StopSignals signals(runtime, [&] { runtime.stop(); });
            runtime.run();
        }
        return end ? report_failure(*end, terminal, source->tls_advice) : int{exit_done};
    } catch (const patroni::Failure& failure) {
        return report_failure(failure.error(), terminal, source->tls_advice);
    }
}

}  // namespace patctl
