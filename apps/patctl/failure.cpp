#include "patctl/failure.hpp"

#include "patctl/exit_code.hpp"

#include <utility>

namespace patctl {

patroni::Error misuse(std::string message) {
    patroni::Error error;
    error.kind = patroni::ErrorKind::config;
    error.message = std::move(message);
    return error;
}

int report_failure(const patroni::Error& error, Terminal& terminal, const std::string& tls_advice) {
    terminal.err("patctl: " + std::string(to_string(error.kind)) + ": " + to_line(error) + "\n");
    if (error.kind == patroni::ErrorKind::tls && !tls_advice.empty()) {
        terminal.err("patctl: " + tls_advice + "\n");
    }
    if (error.kind == patroni::ErrorKind::cancelled) {
        return exit_failed;  // By a signal, before anything was sent.
    }
    const bool ours = error.kind == patroni::ErrorKind::config ||
                      (error.kind == patroni::ErrorKind::unsupported &&
                       error.delivery == patroni::Delivery::not_sent);
    return ours ? exit_usage : exit_nothing;
}

patroni::Problem problem_of(const patroni::Error& error) {
    return {std::string(to_string(error.kind)), error.endpoint, error.message};
}

}  // namespace patctl
