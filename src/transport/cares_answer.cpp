#include "transport/cares_answer.hpp"

#include <algorithm>
#include <cstring>
#include <tuple>

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

ServiceRecords services_of(const unsigned char* message, int length) {
    ServiceRecords records;
    ares_srv_reply* list = nullptr;
    if (ares_parse_srv_reply(message, length, &list) != ARES_SUCCESS) {
        return records;
    }
    for (const ares_srv_reply* each = list; each != nullptr; each = each->next) {
        // A single "." says that the service is not offered.
        if (each->host != nullptr && each->host[0] != '\0' && each->port != 0) {
            records.push_back({each->host, each->port, each->priority, each->weight});
        }
    }
    ares_free_data(list);
    std::stable_sort(records.begin(), records.end(), [](const auto& a, const auto& b) {
        return std::tuple(a.priority, -int{a.weight}) < std::tuple(b.priority, -int{b.weight});
    });
    return records;
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
