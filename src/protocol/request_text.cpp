#include "protocol/request_text.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

#ifndef PATRONI_VERSION
#define PATRONI_VERSION "0.1.0"
#endif

namespace patroni::protocol {
namespace {

bool is_token_character(char c) {
    constexpr std::string_view k_extra = "!#$%&'*+-.^_`|~";
    return is_digit(c) || is_letter(c) || k_extra.find(c) != std::string_view::npos;
}

bool is_token(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, is_token_character);
}

bool is_target(std::string_view text) {
    const bool has_form = text == "*" || (!text.empty() && text.front() == '/');
    return has_form && std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

bool is_field_value(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte == '\t' || (byte >= ' ' && byte != 0x7f);
    });
}

bool is_ours(std::string_view name) {
    constexpr std::array<std::string_view, 5> k_ours = {"Content-Length", "Transfer-Encoding",
                                                        "Connection", "Keep-Alive", "Expect"};
    return std::ranges::any_of(k_ours, [&](auto ours) { return equals_ignoring_case(ours, name); });
}

bool has_header(const Request& request, std::string_view name) {
    return std::ranges::any_of(request.headers, [&](const Header& header) {
        return equals_ignoring_case(header.first, name);
    });
}

Error refused(std::string message) {
    Error error;
    error.kind = ErrorKind::config;
    error.message = std::move(message);
    return error;
}

void append_header(std::string& text, std::string_view name, std::string_view value) {
    text.append(name).append(": ").append(value).append("\r\n");
}

/// Patroni answers 411 to a POST without Content-Length.
bool needs_length(const Request& request) {
    return !request.body.empty() || request.method == "POST" || request.method == "PUT" ||
           request.method == "PATCH";
}

}  // namespace

Result<std::string> request_text(const Request& request, std::string_view host, bool keep_alive) {
    if (!is_token(request.method)) {
        return refused("the HTTP method is not a word");
    }
    if (!is_target(request.target)) {
        return refused(
            "the request path does not start with '/' or holds a space, control or "
            "non-ASCII character");
    }
    if (host.empty() || !is_target("/" + std::string(host))) {
        return refused("the host name holds a space, control or non-ASCII character");
    }
    for (const auto& [name, value] : request.headers) {
        if (!is_token(name)) {
            return refused("a request header has a name that is not a word");
        }
        if (!is_field_value(value)) {
            return refused("the request header " + name + " holds a control character");
        }
        if (is_ours(name)) {
            return refused("the request header " + name + " cannot be set by the caller");
        }
    }

    std::string text;
    text.reserve(256 + request.target.size() + request.body.size());
    text.append(request.method).append(" ").append(request.target).append(" HTTP/1.1\r\n");
    if (!has_header(request, "Host")) {
        append_header(text, "Host", host);
    }
    if (!has_header(request, "User-Agent")) {
        append_header(text, "User-Agent", "libpatroni/" PATRONI_VERSION);
    }
    append_header(text, "Connection", keep_alive ? "keep-alive" : "close");
    for (const auto& [name, value] : request.headers) {
        append_header(text, name, value);
    }
    if (needs_length(request)) {
        append_header(text, "Content-Length", std::to_string(request.body.size()));
    }
    text.append("\r\n").append(request.body);
    return text;
}

std::string host_header(const HostPort& address) {
    std::string text = address.text();
    if (const auto zone = text.find('%'); zone != std::string::npos) {
        text.erase(zone, text.find(']') - zone);
    }
    return text;
}

}  // namespace patroni::protocol
