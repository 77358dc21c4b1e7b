#include "protocol/http_message.hpp"

#include "base/text.hpp"

namespace patroni::protocol {
std::optional<std::string_view> Response::header(std::string_view name) const {
    for (const Header& header : headers) {
        if (equals_ignoring_case(header.first, name)) {
            return header.second;
        }
    }
    return std::nullopt;
}

}  // namespace patroni::protocol
