#pragma once

#include "dcs/etcd3/session.hpp"
#include "dcs/line_watch.hpp"

#include <cstdint>
#include <string>

namespace patroni::dcs::etcd3 {

/// Watches a prefix through the JSON gateway: one stream, one document on each line. Goes on behind
/// the last revision that was told, at any endpoint; reads anew after a compaction, and when the
/// store has gone back.
class WatchPrefix final : public LineWatch {
public:
    WatchPrefix(std::string prefix, Credentials credentials,
                std::shared_ptr<StoreIdentity> identity = nullptr);

    WatchStep answered(const protocol::Response& response) override;
    WatchStep opened(const protocol::Response& head) override;
    std::unique_ptr<ReadDialogue> reader() const override;

private:
    WatchStep request_stream() override;
    void take_line(std::string_view line, WatchStep& step) override;
    std::unique_ptr<ReadDialogue> make_probe() const override;
    WatchStep send(protocol::Request request) const;
    void take_cancelled(const Value& result, WatchStep& step);
    bool take_events(const Value& events, WatchStep& step);
    std::string what() const { return "watch " + prefix_; }

    std::string prefix_;
    Credentials credentials_;
    Session session_;
};

}  // namespace patroni::dcs::etcd3
