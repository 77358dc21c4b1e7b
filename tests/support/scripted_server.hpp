#pragma once

#include <patroni/url.hpp>

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace patroni::testing {

/// A request as it came in.
struct SeenRequest {
    std::string method;
    std::string target;
    std::string head;  ///< Request line and headers.
    std::string body;
};

/// An HTTP server on a loopback port of its own thread that answers each connection once with the
/// bytes that a function returns, then closes; nullopt: it never answers.
class ScriptedServer {
public:
    using Script = std::function<std::optional<std::string>(const SeenRequest& request)>;

    explicit ScriptedServer(Script script);
    ~ScriptedServer();
    ScriptedServer(const ScriptedServer&) = delete;
    ScriptedServer& operator=(const ScriptedServer&) = delete;

    HostPort address() const { return {"127.0.0.1", port_}; }
    std::string text() const { return address().text(); }
    std::vector<SeenRequest> requests() const;
    /// The targets of `requests()`.
    std::vector<std::string> targets() const;

private:
    void serve();
    bool serve_one(int connection);

    Script script_;
    int listener_ = -1;
    int stop_pipe_[2] = {-1, -1};
    std::uint16_t port_ = 0;
    mutable std::mutex mutex_;
    std::vector<SeenRequest> requests_;
    std::vector<int> silent_;
    std::thread thread_;
};

/// A complete HTTP answer with a JSON body.
std::string http_answer(int status, std::string_view body);

/// As Python's server writes it: HTTP/1.0, no length, the end of the connection is the end.
std::string python_answer(int status, std::string_view body,
                          std::string_view type = "application/json");

/// A loopback port on which nothing listens.
HostPort closed_port();

}  // namespace patroni::testing
