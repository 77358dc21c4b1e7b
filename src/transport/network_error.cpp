#include "transport/network_error.hpp"

#include <cerrno>
#include <string>

namespace patroni::transport {
namespace {

ErrorKind kind_of(int error) {
    switch (error) {
        case ECONNREFUSED:
            return ErrorKind::connect_refused;
        case ETIMEDOUT:
            return ErrorKind::timeout;
        case ECONNRESET:
            return ErrorKind::reset;
        case EMFILE:
        case ENFILE:
        case ENOBUFS:
        case ENOMEM:
            return ErrorKind::limit;
        default:
            return ErrorKind::unreachable;
    }
}

std::string_view words_of(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::connect_refused:
            return "nothing listens there: connection refused by ";
        case ErrorKind::limit:
            return "this process or system has no room for a connection to ";
        default:
            return "no connection to ";
    }
}

}  // namespace

Error connect_error(std::error_code code, std::string_view address) {
    Error error;
    error.kind = kind_of(code.value());
    error.code = code;
    error.message = std::string(words_of(error.kind)).append(address);
    if (error.kind != ErrorKind::connect_refused) {
        error.message += " (" + code.message() + ")";
    }
    return error;
}

}  // namespace patroni::transport
