#include "dcs/read_dialogue.hpp"

namespace patroni::dcs {

Error answered_error(ErrorKind kind, const protocol::Response& response, std::string message) {
    Error error;
    error.kind = kind;
    error.http_status = response.status;
    error.message = std::move(message);
    error.delivery = Delivery::answered;
    return error;
}

}  // namespace patroni::dcs
