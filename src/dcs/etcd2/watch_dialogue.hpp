#pragma once

#include "dcs/line_watch.hpp"

#include <patroni/value.hpp>

#include <cstdint>
#include <string>

namespace patroni::dcs::etcd2 {

/// Watches a directory through etcd's v2 API: a stream, one document on each line. etcd remembers
/// the last 1,000 events of the whole store; when the cursor is older it reads anew.
class WatchTree final : public LineWatch {
public:
    /// `path` is absolute and without its last slash: "/service/demo".
    WatchTree(std::string path, Credentials credentials,
              std::shared_ptr<StoreIdentity> identity = nullptr);

    WatchStep answered(const protocol::Response& response) override;
    WatchStep opened(const protocol::Response& head) override;
    std::unique_ptr<ReadDialogue> reader() const override;

private:
    WatchStep request_stream() override;
    void take_line(std::string_view line, WatchStep& step) override;
    std::unique_ptr<ReadDialogue> make_probe() const override;
    bool take_event(const Value& document, WatchStep& step);

    std::string path_;
    Credentials credentials_;
    std::uint64_t opened_at_ = 0;  ///< The store's index when the stream was opened.
};

}  // namespace patroni::dcs::etcd2
