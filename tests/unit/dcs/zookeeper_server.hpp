#pragma once

#include "dcs/zookeeper/frame_buffer.hpp"
#include "dcs/zookeeper/jute.hpp"
#include "dcs/zookeeper/messages.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace patroni::testing {

/// The nodes of an ensemble: what all its servers share.
struct ZookeeperTree {
    struct Node {
        std::string value;
        std::int64_t created = 0;
        std::int64_t modified = 0;
        std::int32_t version = 0;
    };

    std::map<std::string, Node> nodes{{"/", {}}};
    std::int64_t zxid = 100;
    std::set<std::int64_t> sessions;
    std::int64_t next_session = 7;
    std::set<std::string> secret;     ///< Nobody may read or write these.
    std::vector<std::string> writes;  ///< "setData /a=b", in order.

    void put(const std::string& path, const std::string& value);
    void remove(const std::string& path);
    std::vector<std::string> children(const std::string& path) const;
};

/// One server of it, for one connection at a time: frames in, frames out, as ZooKeeper 3.8 does,
/// or with `is_old` as 3.5.
class ZookeeperServer {
public:
    explicit ZookeeperServer(ZookeeperTree& tree) : tree_(tree) {}

    bool is_old = false;
    bool is_read_only = false;
    std::int64_t lags_behind = 0;  ///< A client that knows a newer zxid is hung up on; 0: none is.

    void connect();
    /// What it answers; events first. `is_closed` after it hung up.
    std::string take(std::string_view bytes);
    /// What others have changed since.
    std::string events();
    bool is_closed = false;
    int logins = 0;

private:
    std::string answer(std::string_view frame);
    std::string welcome(std::string_view frame);
    bool is_known(std::int32_t op) const;
    std::int32_t carry_out(std::int32_t op, dcs::zookeeper::JuteReader& in,
                           dcs::zookeeper::JuteWriter& out, bool try_only);
    std::string parts(std::int32_t op, dcs::zookeeper::JuteReader& in, std::string_view body);
    void put_stat(dcs::zookeeper::JuteWriter& out, const std::string& path) const;
    void watch(const std::string& path, bool children);

    ZookeeperTree& tree_;
    dcs::zookeeper::FrameBuffer frames_;
    bool is_welcome_ = false;
    std::set<std::string> recursive_;
    std::map<std::string, std::int64_t> once_;  ///< By path: what it was when it was read.
    std::map<std::string, std::vector<std::string>> lists_;
    std::map<std::string, std::int64_t> seen_;  ///< What the events told until now.
};

}  // namespace patroni::testing
