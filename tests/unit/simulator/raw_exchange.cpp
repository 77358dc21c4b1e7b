#include "raw_exchange.hpp"

#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace patroni::test {

RawConnection::RawConnection(const HostPort& address) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in peer{};
    peer.sin_family = AF_INET;
    peer.sin_port = htons(address.port);
    ::inet_pton(AF_INET, address.host.c_str(), &peer.sin_addr);
    const auto* plain = reinterpret_cast<const sockaddr*>(&peer);
    connected_ = ::connect(socket_, plain, sizeof peer) == 0;
}

RawConnection::~RawConnection() {
    ::close(socket_);
}

void RawConnection::send(std::string_view bytes) const {
    [[maybe_unused]] const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

std::string RawConnection::read_some(std::chrono::milliseconds patience) {
    std::string text;
    timed_out_ = false;
    read_some(text, patience);
    return text;
}

bool RawConnection::read_some(std::string& into, std::chrono::milliseconds patience) {
    pollfd wait{.fd = socket_, .events = POLLIN, .revents = 0};
    if (::poll(&wait, 1, static_cast<int>(patience.count())) <= 0) {
        timed_out_ = true;
        return false;
    }
    std::array<char, 4096> buffer{};
    const auto size = ::recv(socket_, buffer.data(), buffer.size(), 0);
    if (size <= 0) {
        return false;
    }
    into.append(buffer.data(), static_cast<std::size_t>(size));
    return true;
}

std::string RawConnection::read_all(std::chrono::milliseconds patience) {
    std::string text;
    while (read_some(text, patience)) {
    }
    return text;
}

std::string RawConnection::read_until(std::string_view end) {
    return read_until(
        [end](const std::string& text) { return text.find(end) != std::string::npos; });
}

std::string RawConnection::read_until(const std::function<bool(const std::string&)>& enough) {
    std::string text;
    while (!enough(text) && read_some(text, std::chrono::seconds(10))) {
    }
    return text;
}

std::string RawAnswer::header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
        if (key == name) {
            return value;
        }
    }
    return {};
}

RawAnswer parse_answer(std::string text) {
    RawAnswer answer;
    answer.text = std::move(text);
    const std::string& all = answer.text;
    const std::size_t end = all.find("\r\n\r\n");
    std::size_t line_end = all.find("\r\n");
    // Patroni 1.x ends the head of OPTIONS by closing.
    const bool bare_line = end == std::string::npos && line_end + 2 == all.size();
    if (!all.starts_with("HTTP/") || (end == std::string::npos && !bare_line)) {
        return answer;
    }
    answer.http_version = all.substr(5, 3);
    answer.status = std::stoi(all.substr(9, 3));
    answer.reason = all.substr(13, line_end - 13);
    if (bare_line) {
        return answer;
    }
    while (line_end < end) {
        const std::size_t start = line_end + 2;
        line_end = all.find("\r\n", start);
        const std::string line = all.substr(start, line_end - start);
        const std::size_t colon = line.find(": ");
        answer.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    }
    answer.body = all.substr(end + 4);
    return answer;
}

std::string without_chunks(const std::string& chunked) {
    std::string body;
    std::size_t at = 0;
    while (true) {
        const std::size_t end = chunked.find("\r\n", at);
        if (end == std::string::npos) {
            return body;
        }
        const auto size = std::stoul(chunked.substr(at, end - at), nullptr, 16);
        if (size == 0 || chunked.size() < end + 2 + size) {
            return body;
        }
        body += chunked.substr(end + 2, size);
        at = end + 2 + size + 2;
    }
}

RawAnswer ask(const HostPort& address, std::string_view method, std::string_view target,
              std::string_view more_headers, std::string_view body) {
    std::string request = std::string(method) + " " + std::string(target) +
                          " HTTP/1.1\r\nHost: " + address.text() + "\r\nConnection: close\r\n" +
                          std::string(more_headers);
    if (!body.empty()) {
        request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    }
    RawConnection connection{address};
    connection.send(request + "\r\n" + std::string(body));
    return parse_answer(connection.read_all());
}

bool accepts(const HostPort& address) {
    return RawConnection{address}.connected();
}

}  // namespace patroni::test
