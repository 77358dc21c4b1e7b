#pragma once

#include "dcs/backend.hpp"
#include "dcs/etcd3/session.hpp"
#include "dcs/read_dialogue.hpp"

#include <patroni/result.hpp>

#include <optional>
#include <string>
#include <variant>

namespace patroni::dcs::etcd3 {

/// Reads a prefix in pages at one revision, so that the server can prepare the next page while this
/// one is decoded: what the next request needs is found without reading the whole answer.
class ReadPages {
public:
    ReadPages(std::string prefix, Credentials credentials);

    /// A page came; `next` asks for the one behind it.
    struct Arrived {
        std::optional<protocol::Request> next;
    };
    using PageStep = std::variant<protocol::Request, Arrived, Refusal>;

    /// Begins, also anew at another endpoint.
    protocol::Request start();
    PageStep resume(const protocol::Response& response);
    /// The page that resume() saw arrive last, or before another request was sent.
    Result<Page> decode(const protocol::Response& response);

    std::uint64_t revision() const noexcept { return revision_; }
    /// Which store answered, by its first page.
    const std::string& store() const noexcept { return store_; }

private:
    Value page() const;
    void begin();

    std::string prefix_;
    Session session_;
    std::string next_key_;
    std::string last_key_;  ///< Of the entries that were decoded.
    std::uint64_t revision_ = 0;
    std::string store_;
    unsigned restarts_ = 0;  ///< Because the revision was compacted away.
    bool is_first_ = true;
};

}  // namespace patroni::dcs::etcd3
