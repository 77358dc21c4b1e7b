#include "dcs/zookeeper/write_key.hpp"

#include "dcs/write_dialogue.hpp"
#include "dcs/zookeeper/key_reader.hpp"

#include <algorithm>

namespace patroni::dcs::zookeeper {
namespace {

using Kind = StoreWrite::Kind;

/// A key that others create and remove all the time: enough is enough.
constexpr int k_looks = 5;

}  // namespace

WriteKey::WriteKey(StoreWrite write, std::vector<Permission> permissions)
    : write_(std::move(write)), permissions_(std::move(permissions)) {}

std::vector<Request> WriteKey::start(bool) {
    looks_ = 0;
    return look();
}

std::vector<Request> WriteKey::look() {
    step_ = Step::look;
    ++looks_;
    return {{.op = Op::sync, .path = write_.key}, {.op = Op::get_data, .path = write_.key}};
}

std::vector<Request> WriteKey::resume(std::vector<Reply> replies) {
    return step_ == Step::look ? take_look(std::move(replies)) : take_written(replies);
}

std::vector<Request> WriteKey::take_look(std::vector<Reply> replies) {
    Reply& reply = replies.back();
    const bool unreadable = reply.error == k_no_auth && !write_.expected;
    if (reply.error != k_ok && reply.error != k_no_node && !unreadable) {
        return finish_refused(reply.error);
    }
    current_.reset();
    if (reply.error == k_ok && reply.stat) {
        current_ = StoredKey{std::move(reply.value),
                             static_cast<std::uint64_t>(reply.stat->modified_zxid)};
    }
    if (write_.expected && *write_.expected != (current_ ? current_->revision : 0)) {
        return finish_conflict();
    }
    if (current_ || unreadable) {
        return write_changed(write_.expected ? reply.stat->version : -1);
    }
    return write_.kind == Kind::put ? create() : finish_done(reply, 0);
}

std::vector<Request> WriteKey::write_changed(std::int32_t version) {
    step_ = Step::write;
    Request request{.op = Op::set_data, .path = write_.key, .value = write_.value};
    if (write_.kind == Kind::remove) {
        request.op = Op::remove;
        request.value.clear();
    }
    request.version = version;
    return {std::move(request)};
}

std::vector<Request> WriteKey::create() {
    step_ = Step::write;
    std::vector<Request> requests;
    for (std::size_t slash = write_.key.find('/', 1); slash != std::string::npos;
         slash = write_.key.find('/', slash + 1)) {
        requests.push_back({.op = Op::create, .path = write_.key.substr(0, slash)});
    }
    requests.push_back({.op = Op::create, .path = write_.key, .value = write_.value});
    for (Request& request : requests) {
        request.permissions = permissions_;
    }
    return requests;
}

/// Of several answers the last one counts: those before created folders, or found them.
std::vector<Request> WriteKey::take_written(const std::vector<Reply>& replies) {
    const Reply& reply = replies.back();
    if (reply.error == k_ok) {
        return finish_done(reply, write_.kind == Kind::remove ? 1 : 0);
    }
    const bool has_changed = reply.error == k_bad_version || reply.error == k_node_exists ||
                             (reply.error == k_no_node && current_);
    if (has_changed && looks_ < k_looks) {
        return look();  // Who was faster, and does it matter?
    }
    const auto first = std::find_if(replies.begin(), replies.end(), [](const Reply& folder) {
        return folder.error != k_ok && folder.error != k_node_exists;
    });
    return finish_refused(first != replies.end() ? first->error : reply.error);
}

std::vector<Request> WriteKey::finish_conflict() {
    outcome_ = {};
    outcome_.kind = OutcomeKind::rejected;
    outcome_.reason = Reason::conflict;
    outcome_.current_known = true;
    outcome_.current = current_;
    outcome_.message = conflict_message(outcome_, write_);
    return {};
}

std::vector<Request> WriteKey::finish_done(const Reply& reply, std::uint64_t removed) {
    outcome_ = {};
    outcome_.kind = OutcomeKind::done;
    outcome_.revision = static_cast<std::uint64_t>(reply.zxid);
    if (write_.kind == Kind::remove) {
        outcome_.removed = removed;
    }
    return {};
}

std::vector<Request> WriteKey::finish_refused(std::int32_t code) {
    outcome_ = rejected(
        refused_by_server(code, (write_.kind == Kind::remove ? "remove " : "write ") + write_.key));
    return {};
}

StoreOutcome rejected(Error error) {
    StoreOutcome outcome;
    outcome.kind = OutcomeKind::rejected;
    outcome.reason =
        error.kind == ErrorKind::unauthorized ? Reason::access_denied : Reason::unrecognized;
    outcome.message = error.message;
    outcome.error = std::move(error);
    return outcome;
}

}  // namespace patroni::dcs::zookeeper
