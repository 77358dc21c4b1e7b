#pragma once

#include "simulator/ha_loop.hpp"
#include "simulator/http_responder.hpp"
#include "simulator/python_replies.hpp"

#include <patroni/value.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace patroni::simulation {

/// A request to one member's REST API, and how to answer it.
struct RestCall {
    HaLoop& ha;
    MemberState& member;
    const HttpRequest& request;
    HttpResponder responder;
    Replies replies;

    ClusterState& cluster() const { return ha.cluster(); }
    bool has(Feature feature) const { return cluster().has(feature); }
    void text(int status, std::string_view body) const {
        responder.reply(replies.text(status, body));
    }
    void error(int status) const { responder.reply(replies.error(status)); }
    /// The handler failed: the connection is closed without a byte.
    void nothing() const { responder.reply({}); }
    /// The member cannot read the store: it tries for a while, then its handler fails. Whether that
    /// is so (then there is nothing more to answer).
    bool fails_without_store() const;
};

/// `_read_json_content`: an object; nullopt: the request has been answered with 411 or 400. The
/// body may be missing or empty where that is said.
std::optional<Value> read_object(const RestCall& call, bool optional_body = false);
/// As above without an answer: the page for what is wrong instead.
std::optional<Value> read_object(const RestCall& call, bool optional_body, HttpReply& refusal);

/// Python's str(value), as Patroni compares values by it.
std::string python_text(const Value& value);
/// The value of a key as text; empty when it is false for Python.
std::string true_text(const Value& object, std::string_view key);

// The handlers of what changes something; access has been checked.
void patch_config(const RestCall& call);
void put_config(const RestCall& call);
void post_restart(const RestCall& call);
void delete_restart(const RestCall& call);
void post_reinitialize(const RestCall& call);
void post_failover(const RestCall& call, std::string action);
void delete_switchover(const RestCall& call);
void post_failsafe(const RestCall& call);
void post_mpp(const RestCall& call);

/// `parse_schedule`
struct Schedule {
    int status = 0;  ///< 0: it is good.
    std::string error = {};
    WallTime at{};
    std::string text = {};
};
Schedule parse_schedule(const RestCall& call, const Value& wanted, const std::string& action);

}  // namespace patroni::simulation
