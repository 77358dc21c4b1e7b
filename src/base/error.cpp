#include "base/text.hpp"

#include <patroni/error.hpp>

namespace patroni {

std::string_view to_string(ErrorKind kind) noexcept {
    switch (kind) {
        case ErrorKind::resolve:
            return "resolve";
        case ErrorKind::connect_refused:
            return "connect_refused";
        case ErrorKind::unreachable:
            return "unreachable";
        case ErrorKind::timeout:
            return "timeout";
        case ErrorKind::reset:
            return "reset";
        case ErrorKind::tls:
            return "tls";
        case ErrorKind::protocol:
            return "protocol";
        case ErrorKind::decode:
            return "decode";
        case ErrorKind::http_status:
            return "http_status";
        case ErrorKind::unauthorized:
            return "unauthorized";
        case ErrorKind::not_found:
            return "not_found";
        case ErrorKind::conflict:
            return "conflict";
        case ErrorKind::cancelled:
            return "cancelled";
        case ErrorKind::config:
            return "config";
        case ErrorKind::unsupported:
            return "unsupported";
        case ErrorKind::limit:
            return "limit";
        case ErrorKind::internal:
            return "internal";
    }
    return "internal";
}

std::string_view to_string(Delivery delivery) noexcept {
    switch (delivery) {
        case Delivery::not_sent:
            return "not_sent";
        case Delivery::may_have_been_sent:
            return "may_have_been_sent";
        case Delivery::answered:
            return "answered";
    }
    return "not_sent";
}

std::string to_line(const Error& error) {
    std::string line;
    if (!error.endpoint.empty()) {
        // An endpoint can carry a name that a server chose.
        line += escape_untrusted(error.endpoint) + ": ";
    }
    line += error.message.empty() ? std::string(to_string(error.kind)) : error.message;
    if (!error.server_text.empty()) {
        constexpr std::size_t max_server_text = 1024;
        line += ": \"" + escape_untrusted(error.server_text, max_server_text) + '"';
    }
    if (error.delivery == Delivery::may_have_been_sent) {
        line += " (the request may have been sent)";
    }
    return line;
}

}  // namespace patroni
