#include "dcs/zookeeper/messages.hpp"

#include "dcs/zookeeper/jute.hpp"

#include <algorithm>

namespace patroni::dcs::zookeeper {
namespace {

constexpr std::int32_t k_op_ping = 11;
constexpr std::int32_t k_op_auth = 100;
constexpr std::int32_t k_op_close = -11;
constexpr std::int32_t k_op_error = -1;  ///< Instead of the operation of a part.
constexpr std::int32_t k_persistent_recursive = 1;

void put_body(JuteWriter& writer, const Request& request);

void put_parts(JuteWriter& writer, const std::vector<Request>& parts) {
    for (const Request& part : parts) {
        writer.put_int(static_cast<std::int32_t>(part.op));
        writer.put_bool(false);
        writer.put_int(-1);
        put_body(writer, part);
    }
    writer.put_int(-1);
    writer.put_bool(true);
    writer.put_int(-1);
}

void put_permissions(JuteWriter& writer, const std::vector<Permission>& permissions) {
    static const std::vector<Permission> k_everybody(1);
    const auto& list = permissions.empty() ? k_everybody : permissions;
    writer.put_int(static_cast<std::int32_t>(list.size()));
    for (const Permission& permission : list) {
        writer.put_int(permission.permissions);
        writer.put_text(permission.scheme);
        writer.put_text(permission.id);
    }
}

void put_body(JuteWriter& writer, const Request& request) {
    if (request.op == Op::multi || request.op == Op::multi_read) {
        return put_parts(writer, request.parts);
    }
    writer.put_text(request.path);
    switch (request.op) {
        case Op::create:
            writer.put_text(request.value);
            put_permissions(writer, request.permissions);
            writer.put_int(0);  // Persistent.
            break;
        case Op::set_data:
            writer.put_text(request.value);
            writer.put_int(request.version);
            break;
        case Op::remove:
        case Op::check:
            writer.put_int(request.version);
            break;
        case Op::exists:
        case Op::get_data:
        case Op::get_children:
        case Op::get_children2:
            writer.put_bool(request.watch);
            break;
        case Op::add_watch:
            writer.put_int(k_persistent_recursive);
            break;
        case Op::sync:
        case Op::multi:
        case Op::multi_read:
            break;
    }
}

Stat read_stat(JuteReader& reader) {
    Stat stat;
    stat.created_zxid = reader.read_long();
    stat.modified_zxid = reader.read_long();
    reader.read_long();  // When it was created,
    reader.read_long();  // and when it was changed: clocks of the ensemble.
    stat.version = reader.read_int();
    reader.read_int();  // Versions of the list of children
    reader.read_int();  // and of the permissions.
    stat.owner = reader.read_long();
    reader.read_int();  // Length of the value.
    stat.children = reader.read_int();
    reader.read_long();  // The last change of the list of children.
    return stat;
}

void read_body(JuteReader& reader, const Request& request, Reply& reply);

/// The parts of `multi` and `multi_read`: each behind a header of its own, in the order of the
/// request.
void read_parts(JuteReader& reader, const Request& request, Reply& reply, bool& matches) {
    for (const Request& part : request.parts) {
        const std::int32_t op = reader.read_int();
        const bool is_last = reader.read_bool();
        reader.read_int();  // The same number as in the body of an error.
        Reply answer;
        if (op == k_op_error) {
            answer.error = reader.read_int();
        } else {
            matches = matches && op == static_cast<std::int32_t>(part.op);
            read_body(reader, part, answer);
        }
        matches = matches && !is_last;
        if (reader.is_broken() || !matches) {
            return;
        }
        reply.parts.push_back(std::move(answer));
    }
    reader.read_int();
    matches = matches && reader.read_bool();
    reader.read_int();
}

void read_body(JuteReader& reader, const Request& request, Reply& reply) {
    switch (request.op) {
        case Op::create:
        case Op::sync:
            reply.value = reader.read_text();
            break;
        case Op::exists:
        case Op::set_data:
            reply.stat = read_stat(reader);
            break;
        case Op::get_data:
            reply.value = reader.read_text();
            reply.stat = read_stat(reader);
            break;
        case Op::get_children:
            reply.children = reader.read_texts();
            break;
        case Op::get_children2:
            reply.children = reader.read_texts();
            reply.stat = read_stat(reader);
            break;
        case Op::add_watch:
            reader.read_int();  // The error again.
            break;
        case Op::multi:
        case Op::multi_read:
        case Op::remove:
        case Op::check:
            break;
    }
}

std::string_view name_of(Op op) {
    switch (op) {
        case Op::create:
            return "create";
        case Op::remove:
            return "delete";
        case Op::exists:
            return "exists";
        case Op::get_data:
            return "getData";
        case Op::set_data:
            return "setData";
        case Op::get_children:
        case Op::get_children2:
            return "getChildren";
        case Op::sync:
            return "sync";
        case Op::check:
            return "check";
        case Op::multi:
            return "multi";
        case Op::multi_read:
            return "multiRead";
        case Op::add_watch:
            return "addWatch";
    }
    return "";
}

std::string frame_of(std::int32_t xid, std::int32_t op) {
    JuteWriter writer;
    writer.put_int(xid);
    writer.put_int(op);
    return writer.take();
}

}  // namespace

std::string describe(const Request& request) {
    std::string text(name_of(request.op));
    return request.parts.empty() ? text + " " + request.path
                                 : text + " of " + std::to_string(request.parts.size());
}

Error protocol_error(std::string message) {
    Error error;
    error.kind = ErrorKind::protocol;
    error.message = std::move(message);
    error.delivery = Delivery::answered;
    return error;
}

std::string encode(const ConnectRequest& request) {
    // A new session shows a password of zeros, as every client does.
    std::string password = request.password.reveal();
    if (password.empty()) {
        password.assign(16, '\0');
    }
    JuteWriter writer;
    writer.put_int(0);  // The version of the protocol.
    writer.put_long(request.last_zxid);
    writer.put_int(request.timeout_ms);
    writer.put_long(request.session);
    writer.put_text(password);
    writer.put_bool(false);  // No server that is read-only.
    return writer.take();
}

std::string encode(std::int32_t xid, const Request& request) {
    JuteWriter writer;
    writer.put_int(xid);
    writer.put_int(static_cast<std::int32_t>(request.op));
    put_body(writer, request);
    return writer.take();
}

std::string encode(const AuthPacket& packet) {
    JuteWriter writer;
    writer.put_int(k_xid_auth);
    writer.put_int(k_op_auth);
    writer.put_int(0);
    writer.put_text(packet.scheme);
    writer.put_text(packet.credential.reveal());
    return writer.take();
}

std::string encode_ping() {
    return frame_of(k_xid_ping, k_op_ping);
}

std::string encode_close(std::int32_t xid) {
    return frame_of(xid, k_op_close);
}

Result<ConnectResponse> decode_connect(std::string_view frame) {
    JuteReader reader(frame);
    reader.read_int();
    ConnectResponse response;
    response.timeout_ms = reader.read_int();
    response.session = reader.read_long();
    response.password = Secret(std::string(reader.read_text()));
    // Servers before 3.4 do not have the last field.
    response.read_only = !reader.at_end() && reader.read_bool();
    if (reader.is_broken() || !reader.at_end()) {
        return protocol_error("not ZooKeeper's answer to a client that connects");
    }
    return response;
}

Result<ReplyHeader> take_header(std::string_view& frame) {
    constexpr std::size_t k_header_bytes = 16;
    JuteReader reader(frame);
    ReplyHeader header;
    header.xid = reader.read_int();
    header.zxid = reader.read_long();
    header.error = reader.read_int();
    if (reader.is_broken()) {
        return protocol_error("an answer of ZooKeeper that ends within its head");
    }
    frame.remove_prefix(k_header_bytes);
    return header;
}

Result<Reply> decode_reply(const Request& request, const ReplyHeader& header,
                           std::string_view body) {
    Reply reply;
    reply.error = header.error;
    reply.zxid = header.zxid;
    JuteReader reader(body);
    const bool has_parts = request.op == Op::multi || request.op == Op::multi_read;
    bool matches = true;
    if (has_parts && !body.empty()) {
        read_parts(reader, request, reply, matches);  // Also when one of them failed.
    } else if (header.error == k_ok && !has_parts) {
        read_body(reader, request, reply);
    } else if (header.error == k_ok) {
        matches = request.parts.empty();
    }
    if (!matches || reader.is_broken() || !reader.at_end()) {
        return protocol_error("an answer of ZooKeeper that does not fit to its request");
    }
    return reply;
}

Result<NodeEvent> decode_event(std::string_view body) {
    JuteReader reader(body);
    NodeEvent event;
    const std::int32_t kind = reader.read_int();
    reader.read_int();  // The state of the connection, which we know better.
    event.path = reader.read_text();
    if (reader.is_broken() || !reader.at_end()) {
        return protocol_error("an event of ZooKeeper that cannot be read");
    }
    if (kind >= 1 && kind <= 4) {
        event.kind = static_cast<NodeEvent::Kind>(kind);
    }
    return event;
}

std::string code_text(std::int32_t code) {
    switch (code) {
        case k_ok:
            return "Ok";
        case k_runtime_inconsistency:
            return "RuntimeInconsistency";
        case k_unimplemented:
            return "Unimplemented";
        case k_no_node:
            return "NoNode";
        case k_no_auth:
            return "NoAuth";
        case k_bad_version:
            return "BadVersion";
        case k_no_children_for_ephemerals:
            return "NoChildrenForEphemerals";
        case k_node_exists:
            return "NodeExists";
        case k_not_empty:
            return "NotEmpty";
        case k_session_expired:
            return "SessionExpired";
        case k_invalid_acl:
            return "InvalidACL";
        case k_auth_failed:
            return "AuthFailed";
        default:
            return "error " + std::to_string(code);
    }
}

}  // namespace patroni::dcs::zookeeper
