#pragma once

#include <patroni/url.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patroni::test {

/// A plain TCP connection, without any of the library's own HTTP.
class RawConnection {
public:
    explicit RawConnection(const HostPort& address);
    ~RawConnection();
    RawConnection(const RawConnection&) = delete;
    RawConnection& operator=(const RawConnection&) = delete;

    bool connected() const { return connected_; }
    void send(std::string_view bytes) const;
    /// What came until the peer closed; `timed_out` when it did not.
    std::string read_all(std::chrono::milliseconds patience = std::chrono::seconds(10));
    /// What came until the text was seen.
    std::string read_until(std::string_view text);
    /// What came until it was enough, or the peer closed, or nothing came for ten seconds.
    std::string read_until(const std::function<bool(const std::string&)>& enough);
    /// What comes next; empty when the peer closed, or (`timed_out`) nothing came.
    std::string read_some(std::chrono::milliseconds patience);
    /// Whether the last read has ended so.
    bool timed_out() const { return timed_out_; }

private:
    bool read_some(std::string& into, std::chrono::milliseconds patience);

    int socket_ = -1;
    bool connected_ = false;
    bool timed_out_ = false;
};

/// An answer taken apart with nothing but line ends.
struct RawAnswer {
    std::string text;  ///< All bytes.
    std::string http_version;
    int status = 0;
    std::string reason;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;

    std::string header(std::string_view name) const;
};

RawAnswer parse_answer(std::string text);

/// A body without its chunks, as far as it has come; what follows the last one is left out.
std::string without_chunks(const std::string& chunked);

/// One request on a connection of its own, read to its end.
RawAnswer ask(const HostPort& address, std::string_view method, std::string_view target,
              std::string_view more_headers = "", std::string_view body = "");

/// Whether something accepts connections there.
bool accepts(const HostPort& address);

}  // namespace patroni::test
