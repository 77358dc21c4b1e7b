#include "unit/dcs/zookeeper_server.hpp"

namespace patroni::testing {

using namespace dcs::zookeeper;

namespace {

enum Number { k_ping = 11, k_auth = 100, k_close = -11 };

std::string parent(const std::string& path) {
    const auto slash = path.rfind('/');
    return slash == 0 ? "/" : path.substr(0, slash);
}

std::string event(std::int32_t kind, const std::string& path) {
    JuteWriter out;
    out.put_int(k_xid_event);
    out.put_long(-1);
    out.put_int(0);
    out.put_int(kind);
    out.put_int(3);
    out.put_text(path);
    return with_length(out.take());
}

std::map<std::string, std::int64_t> state_of(const ZookeeperTree& tree) {
    std::map<std::string, std::int64_t> state;
    for (const auto& [path, node] : tree.nodes) {
        state[path] = node.modified;
    }
    return state;
}

}  // namespace

void ZookeeperTree::put(const std::string& path, const std::string& value) {
    if (path != "/" && nodes.count(parent(path)) == 0) {
        put(parent(path), "");
    }
    const bool is_new = nodes.count(path) == 0;
    Node& node = nodes[path];
    node.value = value;
    node.modified = ++zxid;
    node.created = is_new ? zxid : node.created;
    node.version += is_new ? 0 : 1;
}

void ZookeeperTree::remove(const std::string& path) {
    ++zxid;
    std::erase_if(nodes, [&](const auto& node) {
        return node.first == path || node.first.starts_with(path + "/");
    });
}

std::vector<std::string> ZookeeperTree::children(const std::string& path) const {
    std::vector<std::string> names;
    for (const auto& [other, node] : nodes) {
        if (other != "/" && parent(other) == path) {
            names.insert(names.begin(), other.substr(other.rfind('/') + 1));  // In no order.
        }
    }
    return names;
}

void ZookeeperServer::connect() {
    frames_ = FrameBuffer();
    is_welcome_ = false;
    is_closed = false;
    recursive_.clear();
    once_.clear();
    lists_.clear();
}

std::string ZookeeperServer::take(std::string_view bytes) {
    frames_.append(bytes);
    std::string answers;
    for (auto frame = frames_.next().value(); frame && !is_closed; frame = frames_.next().value()) {
        answers += answer(*frame);
    }
    return answers;
}

std::string ZookeeperServer::welcome(std::string_view frame) {
    JuteReader in(frame);
    in.read_int();
    const std::int64_t zxid = in.read_long();
    const std::int32_t timeout = in.read_int();
    std::int64_t session = in.read_long();
    is_closed = lags_behind != 0 && zxid > lags_behind;
    if (is_closed) {
        return {};
    }
    is_welcome_ = true;
    bool is_over = false;
    if (session == 0) {
        session = tree_.next_session++;
        tree_.sessions.insert(session);
    } else {
        is_over = tree_.sessions.count(session) == 0;
    }
    JuteWriter out;
    out.put_int(0);
    out.put_int(is_over ? 0 : timeout);
    out.put_long(is_over ? 0 : session);
    out.put_text(std::string(16, is_over ? '\0' : 'p'));
    out.put_bool(is_read_only);
    is_closed = is_over;
    seen_ = state_of(tree_);
    return with_length(out.take());
}

bool ZookeeperServer::is_known(std::int32_t op) const {
    return !is_old ||
           (op != static_cast<int>(Op::multi_read) && op != static_cast<int>(Op::add_watch));
}

std::string ZookeeperServer::answer(std::string_view frame) {
    if (!is_welcome_) {
        return welcome(frame);
    }
    std::string told = events();
    JuteReader in(frame);
    const std::int32_t xid = in.read_int();
    const std::int32_t op = in.read_int();
    JuteWriter body;
    std::int32_t error = k_ok;
    std::string text;
    if (!is_known(op)) {
        error = k_unimplemented;
        is_closed = true;
    } else if (op == k_auth) {
        ++logins;
    } else if (op == k_close) {
        is_closed = true;
    } else if (op == static_cast<int>(Op::multi) || op == static_cast<int>(Op::multi_read)) {
        text = parts(op, in, frame.substr(8));
    } else if (op != k_ping) {
        error = carry_out(op, in, body, false);
        text = error == k_ok ? body.take() : std::string();
    }
    JuteWriter out;
    out.put_int(xid);
    out.put_long(tree_.zxid);
    out.put_int(error);
    seen_ = state_of(tree_);  // It is told of its own changes, too, but not in these tests.
    return told + with_length(out.take() + text);
}

std::string ZookeeperServer::parts(std::int32_t op, JuteReader& in, std::string_view body) {
    std::int32_t failed = k_ok;
    std::size_t failed_at = 0;
    if (op == static_cast<int>(Op::multi)) {  // All or none: first on a copy.
        ZookeeperTree copy = tree_;
        ZookeeperServer trial(copy);
        JuteReader again(body);
        for (std::size_t i = 0; failed == k_ok; ++i) {
            const std::int32_t part = again.read_int();
            const bool is_end = again.read_bool();
            again.read_int();
            if (is_end) {
                break;
            }
            JuteWriter ignored;
            failed = trial.carry_out(part, again, ignored, false);
            failed_at = i;
        }
    }
    std::string text;
    for (std::size_t i = 0;; ++i) {
        JuteWriter out;
        const std::int32_t part = in.read_int();
        const bool is_end = in.read_bool();
        in.read_int();
        if (is_end) {
            out.put_int(-1);
            out.put_bool(true);
            out.put_int(-1);
            return text + out.take();
        }
        JuteWriter result;
        std::int32_t error = carry_out(part, in, result, failed != k_ok);
        if (failed != k_ok) {
            error = i == failed_at ? failed : i < failed_at ? 0 : k_runtime_inconsistency;
        }
        const bool is_error = failed != k_ok || error != k_ok;
        out.put_int(is_error ? -1 : part);
        out.put_bool(false);
        out.put_int(error);
        if (is_error) {
            out.put_int(error);
        }
        text += out.take() + (is_error ? std::string() : result.take());
    }
}

std::int32_t ZookeeperServer::carry_out(std::int32_t op, JuteReader& in, JuteWriter& out,
                                        bool try_only) {
    const std::string path(in.read_text());
    const auto node = tree_.nodes.find(path);
    const bool exists = node != tree_.nodes.end();
    const bool is_secret = tree_.secret.count(path) != 0;
    switch (static_cast<Op>(op)) {
        case Op::sync:
            out.put_text(path);
            return k_ok;
        case Op::add_watch:
            recursive_.insert(path);
            out.put_int(k_ok);
            return k_ok;
        case Op::create: {
            const std::string value(in.read_text());
            for (std::int32_t left = in.read_int(); left > 0; --left) {
                in.read_int();
                in.read_text();
                in.read_text();
            }
            in.read_int();
            if (exists || tree_.nodes.count(parent(path)) == 0) {
                return exists ? k_node_exists : k_no_node;
            }
            if (!try_only) {
                tree_.put(path, value);
                tree_.writes.push_back("create " + path + "=" + value);
            }
            out.put_text(path);
            return k_ok;
        }
        case Op::set_data: {
            const std::string value(in.read_text());
            const std::int32_t version = in.read_int();
            if (!exists || is_secret) {
                return exists ? k_no_auth : k_no_node;
            }
            if (version >= 0 && version != node->second.version) {
                return k_bad_version;
            }
            if (!try_only) {
                tree_.put(path, value);
                tree_.writes.push_back("setData " + path + "=" + value);
            }
            put_stat(out, path);
            return k_ok;
        }
        case Op::remove: {
            const std::int32_t version = in.read_int();
            if (!exists || (version >= 0 && version != node->second.version)) {
                return exists ? k_bad_version : k_no_node;
            }
            if (!tree_.children(path).empty()) {
                return k_not_empty;
            }
            if (!try_only) {
                tree_.remove(path);
                tree_.writes.push_back("delete " + path);
            }
            return k_ok;
        }
        case Op::exists:
        case Op::get_data:
        case Op::get_children: {
            const bool wants_watch = in.read_bool();
            if (wants_watch && (exists || static_cast<Op>(op) == Op::exists)) {
                watch(path, static_cast<Op>(op) == Op::get_children);
            }
            if (!exists || is_secret) {
                return exists ? k_no_auth : k_no_node;
            }
            if (static_cast<Op>(op) == Op::get_children) {
                const auto names = tree_.children(path);
                out.put_int(static_cast<std::int32_t>(names.size()));
                for (const auto& name : names) {
                    out.put_text(name);
                }
                return k_ok;
            }
            if (static_cast<Op>(op) == Op::get_data) {
                out.put_text(node->second.value);
            }
            put_stat(out, path);
            return k_ok;
        }
        default:
            return -5;
    }
}

void ZookeeperServer::put_stat(JuteWriter& out, const std::string& path) const {
    const auto& node = tree_.nodes.at(path);
    out.put_long(node.created);
    out.put_long(node.modified);
    out.put_long(0);
    out.put_long(0);
    out.put_int(node.version);
    out.put_int(0);
    out.put_int(0);
    out.put_long(0);
    out.put_int(static_cast<std::int32_t>(node.value.size()));
    out.put_int(static_cast<std::int32_t>(tree_.children(path).size()));
    out.put_long(0);
}

void ZookeeperServer::watch(const std::string& path, bool children) {
    if (children) {
        lists_[path] = tree_.children(path);
    } else {
        const auto node = tree_.nodes.find(path);
        once_[path] = node == tree_.nodes.end() ? 0 : node->second.modified;
    }
}

std::string ZookeeperServer::events() {
    std::string told;
    const auto now = state_of(tree_);
    for (const auto& top : recursive_) {
        const auto tell = [&](std::int32_t kind, const std::string& path) {
            if (path == top || path.starts_with(top + "/")) {
                told += event(kind, path);
            }
        };
        for (const auto& [path, modified] : now) {
            const auto before = seen_.find(path);
            if (before == seen_.end() || before->second != modified) {
                tell(before == seen_.end() ? 1 : 3, path);
            }
        }
        for (const auto& [path, modified] : seen_) {
            if (now.count(path) == 0) {
                tell(2, path);
            }
        }
    }
    std::erase_if(once_, [&](const auto& watched) {
        const auto node = now.find(watched.first);
        const std::int64_t modified = node == now.end() ? 0 : node->second;
        if (modified == watched.second) {
            return false;
        }
        told += event(modified == 0 ? 2 : watched.second == 0 ? 1 : 3, watched.first);
        return true;
    });
    std::erase_if(lists_, [&](const auto& list) {
        if (tree_.children(list.first) == list.second) {
            return false;
        }
        told += event(now.count(list.first) == 0 ? 2 : 4, list.first);
        return true;
    });
    seen_ = now;
    return told;
}

}  // namespace patroni::testing
