#include "transport/cares_answer.hpp"

#include <cstring>

namespace patroni::transport {

Endpoints endpoints_of(const ares_addrinfo& answer) {
    Endpoints result;
    for (const ares_addrinfo_node* node = answer.nodes; node != nullptr; node = node->ai_next) {
        boost::asio::ip::tcp::endpoint endpoint;
        if (node->ai_addrlen <= endpoint.capacity()) {
            std::memcpy(endpoint.data(), node->ai_addr, node->ai_addrlen);
            endpoint.resize(node->ai_addrlen);
            result.push_back(endpoint);
        }
    }
    return result;
}

Error resolve_error(const std::string& host, int status) {
    Error error;
    error.kind = ErrorKind::resolve;
    switch (status) {
        case ARES_ENOTFOUND:
            error.message = "the host name " + host + " is not known";
            break;
        case ARES_ENODATA:
            error.message = "the host name " + host + " has no address";
            break;
        case ARES_ETIMEOUT:
        case ARES_ECONNREFUSED:
        case ARES_ESERVFAIL:
            error.message = "no name server gave an answer for the host name " + host;
            break;
        default:
            error.message = "the host name " + host + " cannot be resolved";
    }
    error.message += std::string(" (") + ares_strerror(status) + ")";
    return error;
}

}  // namespace patroni::transport
