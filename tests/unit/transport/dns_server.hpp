#pragma once

#include <functional>
#include <string>
#include <thread>

namespace patroni::transport::test {

/// A name server on 127.0.0.1 (UDP) that knows one address for each A question it likes, and some
/// services for an SRV question.
class DnsServer {
public:
    /// The IPv4 address of a name ("192.0.2.1"), "" for NXDOMAIN, "silent" for no answer, for a
    /// name with SRV records "PRIORITY WEIGHT PORT HOST", separated by commas.
    using Lookup = std::function<std::string(const std::string& name)>;

    explicit DnsServer(Lookup lookup);
    ~DnsServer();
    DnsServer(const DnsServer&) = delete;
    DnsServer& operator=(const DnsServer&) = delete;

    /// As CaresResolver takes it.
    std::string address() const { return address_; }

private:
    void run();
    std::string answer(const std::string& question) const;

    Lookup lookup_;
    int socket_;
    std::string address_;
    std::thread thread_;
};

}  // namespace patroni::transport::test
