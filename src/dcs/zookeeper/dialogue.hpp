#pragma once

#include "dcs/zookeeper/messages.hpp"

#include <vector>

namespace patroni::dcs::zookeeper {

/// Something that is done with a few requests, without any I/O. What came of it, the dialogue
/// itself tells after its end.
class Dialogue {
public:
    virtual ~Dialogue() = default;
    /// The first requests, which are sent together; also starts over on another connection.
    /// `one_by_one`: the server is older than 3.6, without multi_read and add_watch.
    virtual std::vector<Request> start(bool one_by_one) = 0;
    /// Takes the answers, as many as there were requests. The next requests; none: it has ended.
    virtual std::vector<Request> resume(std::vector<Reply> replies) = 0;
    /// Whether the requests that were given last change the store: then nobody knows what became
    /// of them when their answers are lost, and they are not sent again.
    virtual bool is_writing() const { return false; }
};

}  // namespace patroni::dcs::zookeeper
