#include "dcs/zookeeper/key_reader.hpp"

namespace patroni::dcs::zookeeper {

std::vector<Request> KeyReader::start(bool) {
    return {{.op = Op::sync, .path = key_}, {.op = Op::get_data, .path = key_}};
}

std::vector<Request> KeyReader::resume(std::vector<Reply> replies) {
    for (Reply& reply : replies) {
        if (reply.error != k_ok && reply.error != k_no_node) {
            result_ = refused_by_server(reply.error, "read " + key_);
            return {};
        }
    }
    Snapshot snapshot;
    Reply& data = replies.back();
    snapshot.revision = static_cast<std::uint64_t>(data.zxid);
    if (data.error == k_ok && data.stat) {
        Entry entry{key_, std::move(data.value)};
        entry.modified = static_cast<std::uint64_t>(data.stat->modified_zxid);
        snapshot.entries.push_back(std::move(entry));
    }
    result_ = std::move(snapshot);
    return {};
}

Error refused_by_server(std::int32_t code, const std::string& what) {
    Error error;
    error.kind = code == k_no_auth ? ErrorKind::unauthorized : ErrorKind::protocol;
    error.delivery = Delivery::answered;
    error.message = "ZooKeeper does not permit to " + what + " (" + code_text(code) + ")";
    if (code == k_no_auth) {
        error.message += ": it wants another login, or one at all (auth_data)";
    }
    return error;
}

}  // namespace patroni::dcs::zookeeper
