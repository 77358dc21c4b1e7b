#pragma once

#include <patroni/result.hpp>
#include <patroni/secret.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patroni::dcs::zookeeper {

// What a client and a server of ZooKeeper say to each other: one frame each, without the four
// bytes of its length.

enum class Op : std::int32_t {
    create = 1,
    remove = 2,
    exists = 3,
    get_data = 4,
    set_data = 5,
    get_children = 8,
    sync = 9,
    get_children2 = 12,  ///< With the Stat of the folder.
    check = 13,
    multi = 14,       ///< Several changes, all or none.
    multi_read = 22,  ///< Several reads, since server 3.6.
    add_watch = 106,  ///< Persistent and recursive, since server 3.6.
};

/// What the server says instead of an answer; any other number may come, too.
enum Code : std::int32_t {
    k_ok = 0,
    k_runtime_inconsistency = -2,  ///< A part of a `multi` behind the one that failed.
    k_unimplemented = -6,          ///< The server is older than the request; it hangs up.
    k_no_node = -101,
    k_no_auth = -102,
    k_bad_version = -103,
    k_no_children_for_ephemerals = -108,
    k_node_exists = -110,
    k_not_empty = -111,
    k_session_expired = -112,
    k_invalid_acl = -114,
    k_auth_failed = -115,
};

/// What the server knows about a node.
struct Stat {
    std::int64_t created_zxid = 0;
    std::int64_t modified_zxid = 0;  ///< Of the last change of the value: unique in the store.
    std::int32_t version = 0;        ///< Changes of the value since it was created.
    std::int64_t owner = 0;          ///< The session that the node ends with; 0: none.
    std::int32_t children = 0;
};

/// Who may do what with a node that is created.
struct Permission {
    std::int32_t permissions = 31;  ///< 1 read, 2 write, 4 create, 8 delete, 16 admin.
    std::string scheme = "world";
    std::string id = "anyone";
};

struct Request {
    Op op = Op::get_data;
    std::string path = {};
    std::string value = {};     ///< Of create and set_data.
    std::int32_t version = -1;  ///< Of remove, set_data and check; -1: any.
    bool watch = false;         ///< exists, get_data, get_children(2): tell once when it changes.
    std::vector<Permission> permissions = {};  ///< Of create; empty: everybody may do all.
    std::vector<Request> parts = {};           ///< Of multi and multi_read.
};

struct Reply {
    std::int32_t error = k_ok;
    std::int64_t zxid = 0;  ///< The last change that this server knew; 0 in parts.
    std::string value;      ///< Of get_data; the path of create and sync.
    std::optional<Stat> stat;
    std::vector<std::string> children;
    std::vector<Reply> parts;  ///< As many as the request has.
};

/// A change of a node that is watched; a persistent watch says `created`, `removed` and `changed`
/// of every node below its path.
struct NodeEvent {
    enum class Kind : std::int32_t { none = -1, created = 1, removed = 2, changed = 3, child = 4 };
    Kind kind = Kind::none;
    std::string path;
};

/// `digest` and `user:password`, for example.
struct AuthPacket {
    std::string scheme;
    Secret credential;
};

struct ConnectRequest {
    std::int64_t last_zxid = 0;  ///< A server that does not know it yet hangs up.
    std::int32_t timeout_ms = 0;
    std::int64_t session = 0;  ///< 0: a new one.
    Secret password;
};

struct ConnectResponse {
    std::int32_t timeout_ms = 0;  ///< 0: the session that was asked for is over.
    std::int64_t session = 0;
    Secret password;
    bool read_only = false;  ///< A server without its ensemble: it may know only old things.
};

struct ReplyHeader {
    std::int32_t xid = 0;
    std::int64_t zxid = 0;
    std::int32_t error = 0;
};

constexpr std::int32_t k_xid_event = -1;
constexpr std::int32_t k_xid_ping = -2;
constexpr std::int32_t k_xid_auth = -4;

std::string encode(const ConnectRequest& request);
std::string encode(std::int32_t xid, const Request& request);
std::string encode(const AuthPacket& packet);
std::string encode_ping();
std::string encode_close(std::int32_t xid);

/// Errors of all: `protocol`, delivery `answered`.
Result<ConnectResponse> decode_connect(std::string_view frame);
/// Reads the header and takes it away.
Result<ReplyHeader> take_header(std::string_view& frame);
/// The body of an answer to this request, without its header. An answer has no body when the
/// header has an error.
Result<Reply> decode_reply(const Request& request, const ReplyHeader& header,
                           std::string_view body);
Result<NodeEvent> decode_event(std::string_view body);

/// "NoNode", "BadVersion" ..., "error -42" for what is not known.
std::string code_text(std::int32_t code);

/// "getData /service/demo/config", "multiRead of 14", for a trace: without values.
std::string describe(const Request& request);

Error protocol_error(std::string message);

}  // namespace patroni::dcs::zookeeper
