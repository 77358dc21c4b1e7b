#include "unit/transport/dns_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sstream>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace patroni::transport::test {
namespace {

constexpr std::size_t k_head_bytes = 12;

/// The name that starts at `position`; moves the position behind it.
std::string read_name(const std::string& packet, std::size_t& position) {
    std::string name;
    while (position < packet.size() && packet[position] != '\0') {
        const auto length = static_cast<std::size_t>(packet[position]);
        name += (name.empty() ? "" : ".") + packet.substr(position + 1, length);
        position += length + 1;
    }
    ++position;
    return name;
}

std::string two_bytes(unsigned long number) {
    return {static_cast<char>(number / 256), static_cast<char>(number % 256)};
}

/// "etcd1.example" as DNS writes it.
std::string labels(const std::string& name) {
    std::string bytes;
    std::istringstream parts(name);
    for (std::string part; std::getline(parts, part, '.');) {
        bytes += static_cast<char>(part.size()) + part;
    }
    return bytes + '\0';
}

/// The SRV records of "PRIORITY WEIGHT PORT HOST,...", each for the name of the question.
std::vector<std::string> service_records(const std::string& text) {
    std::vector<std::string> records;
    std::istringstream rows(text);
    for (std::string row; std::getline(rows, row, ',');) {
        std::istringstream fields(row);
        unsigned long priority = 0;
        unsigned long weight = 0;
        unsigned long port = 0;
        std::string host;
        fields >> priority >> weight >> port >> host;
        const std::string data =
            two_bytes(priority) + two_bytes(weight) + two_bytes(port) + labels(host);
        records.push_back(std::string("\xc0\x0c\0\x21\0\1\0\0\0\x3c", 10) + two_bytes(data.size()) +
                          data);
    }
    return records;
}

sockaddr* generic(sockaddr_in& address) {
    return reinterpret_cast<sockaddr*>(&address);
}

}  // namespace

DnsServer::DnsServer(Lookup lookup)
    : lookup_(std::move(lookup)), socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    ::bind(socket_, generic(address), length);
    ::getsockname(socket_, generic(address), &length);
    address_ = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    thread_ = std::thread([this] { run(); });
}

DnsServer::~DnsServer() {
    ::shutdown(socket_, SHUT_RDWR);  // Ends recvfrom().
    thread_.join();
    ::close(socket_);
}

void DnsServer::run() {
    for (;;) {
        char buffer[1024];
        sockaddr_in from{};
        socklen_t length = sizeof from;
        const ssize_t count = ::recvfrom(socket_, buffer, sizeof buffer, 0, generic(from), &length);
        if (count <= 0) {
            return;
        }
        const std::string reply = answer(std::string(buffer, static_cast<std::size_t>(count)));
        if (!reply.empty()) {
            ::sendto(socket_, reply.data(), reply.size(), 0, generic(from), length);
        }
    }
}

std::string DnsServer::answer(const std::string& question) const {
    std::size_t end = k_head_bytes;
    const std::string address = lookup_(read_name(question, end));
    if (address == "silent" || question.size() < end + 4) {
        return {};
    }
    const bool wants_v4 = question[end + 1] == 1;
    const bool is_address = address.find(' ') == std::string::npos;
    const bool has_answer = wants_v4 && is_address && !address.empty();
    const auto services = question[end + 1] == 33 && !is_address ? service_records(address)
                                                                 : std::vector<std::string>();
    std::string reply = question.substr(0, end + 4);
    reply[2] = static_cast<char>(0x81);                           // A response.
    reply[3] = static_cast<char>(address.empty() ? 0x83 : 0x80);  // NXDOMAIN or no error.
    reply.replace(4, 8,
                  std::string("\0\1", 2) + two_bytes(services.size() + (has_answer ? 1 : 0)) +
                      std::string(4, '\0'));
    for (const auto& record : services) {
        reply += record;
    }
    if (has_answer) {
        in_addr binary{};
        ::inet_pton(AF_INET, address.c_str(), &binary);
        // A pointer to the question's name, type A, class IN, 60 s, 4 bytes.
        reply += std::string("\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4", 12);
        reply.append(reinterpret_cast<const char*>(&binary), sizeof binary);
    }
    return reply;
}

}  // namespace patroni::transport::test
