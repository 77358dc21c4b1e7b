#pragma once

#include "support/scripted_server.hpp"

#include <chrono>
#include <string>

namespace patroni::testing {

/// What a FakeMember answers; the rest is silence.
struct Behaviour {
    bool status = true;   ///< GET /patroni.
    bool cluster = true;  ///< GET /cluster.
};

/// A member of 4.1 (or another version) on loopback, whose answers a test can hold back.
class FakeMember {
public:
    explicit FakeMember(std::string name, std::string role = "primary", Behaviour behaviour = {},
                        std::string version = "4.1.4")
        : name_(std::move(name)),
          role_(std::move(role)),
          behaviour_(behaviour),
          version_(std::move(version)),
          server([this](const SeenRequest& request) { return answer(request); }) {}

private:
    std::optional<std::string> answer(const SeenRequest& request) const {
        if (request.target == "/cluster") {
            return behaviour_.cluster ? std::optional(http_answer(200, cluster_body()))
                                      : std::nullopt;
        }
        return behaviour_.status ? std::optional(http_answer(200, status_body())) : std::nullopt;
    }
    std::string status_body() const {
        const bool primary = role_ == "primary";
        return R"({"state":"running","role":")" + role_ + R"(","server_version":150020,"xlog":)" +
               (primary ? R"({"location":1000})"
                        : R"({"received_location":1000,"replayed_location":1000,"paused":false})") +
               (primary ? "" : R"(,"replication_state":"streaming")") +
               R"(,"timeline":1,"database_system_identifier":"1","patroni":{"version":")" +
               version_ + R"(","scope":"demo","name":")" + name_ + R"("}})";
    }
    std::string cluster_body() const {
        return R"({"members":[{"name":")" + name_ + R"(","role":")" +
               (role_ == "primary" ? "leader" : role_) +
               R"(","state":"running","api_url":"http://)" + server.text() +
               R"(/patroni","timeline":1}],"scope":"demo"})";
    }

    std::string name_, role_;
    Behaviour behaviour_;
    std::string version_;

public:
    ScriptedServer server;
};

/// Whether and when something ended.
class Stopwatch {
public:
    std::chrono::milliseconds elapsed() const {
        return std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::steady_clock::now() - started_);
    }

private:
    std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

}  // namespace patroni::testing
