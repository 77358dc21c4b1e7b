#include "base/text.hpp"
#include "patronictl/dcs_view.hpp"
#include "patronictl/failure.hpp"
#include "patronictl/python_text.hpp"

#include <algorithm>

namespace patronictl {
namespace {

using patroni::Value;

/// Host and port of `scheme://[user[:password]@]host[:port]/...` as Python's urlparse takes them.
ConnectionData data_of_url(std::string_view url) {
    ConnectionData data{std::nullopt, "5432"};
    const std::size_t start = url.find("//");
    if (start == std::string_view::npos) {
        return data;
    }
    url.remove_prefix(start + 2);
    url = url.substr(0, url.find_first_of("/?#"));
    if (const std::size_t at = url.rfind('@'); at != std::string_view::npos) {
        url.remove_prefix(at + 1);
    }
    std::string_view host = url.substr(0, url.find(':'));
    std::string_view rest = url.substr(host.size());
    if (const std::size_t open = url.find('['); open != std::string_view::npos) {
        host = url.substr(open + 1);
        const std::size_t close = std::min(host.find(']'), host.size());
        rest = host.substr(std::min(close + 1, host.size()));
        host = host.substr(0, close);
        rest = rest.substr(std::min(rest.find(':'), rest.size()));
    }
    if (!host.empty()) {
        const std::size_t zone = std::min(host.find('%'), host.size());
        data.host = patroni::to_lower(host.substr(0, zone)) + std::string(host.substr(zone));
    }
    if (rest.size() > 1) {
        const auto port = python_int(rest.substr(1));
        if (!port || *port < 0 || *port > 65535) {
            throw Fail("A member's conn_url has a port that is none: " +
                       std::string(rest.substr(1)));
        }
        data.port = *port == 0 ? "5432" : std::to_string(*port);
    }
    return data;
}

std::optional<std::string> text_of(const Value* value) {
    return value == nullptr || value->is_null() ? std::nullopt : std::optional(python_str(*value));
}

}  // namespace

std::optional<ConnectionData> connection_data(const DcsMember& member) {
    if (const Value* given = member.data.find("conn_kwargs"); python_truth(given)) {
        return ConnectionData{text_of(given->find("host")), text_of(given->find("port"))};
    }
    const Value* url = member.data.find("conn_url");
    if (!python_truth(url)) {
        return std::nullopt;
    }
    return data_of_url(python_str(*url));
}

}  // namespace patronictl
