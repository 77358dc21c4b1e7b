#pragma once

#include "raw_exchange.hpp"

#include <patroni/simulator.hpp>
#include <patroni/value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace patroni::test {

/// A client of a simulator's etcd that watches all keys below a prefix. What it was told is there
/// when the call that changed something has returned.
class EtcdWatcher {
public:
    /// Ready when it returns. `more_headers` are lines with their ends; `more_fields` belong to
    /// etcd 3's create_request and begin with a comma.
    EtcdWatcher(const Simulator& sim, SimulatedStore store, std::string_view prefix,
                std::string_view more_headers = "", std::string_view more_fields = "");

    /// The next message, a document of a line; null when none comes.
    Value next();
    /// What came until now, in short: "PUT leader=pg1", "DELETE leader DELETE members/pg1" (events
    /// of one message in one text), in etcd 2 "create leader=pg1", "expire members/pg1". JSON is
    /// told by its state and role: "PUT members/pg1=running,primary".
    std::vector<std::string> told();
    /// Whether the connection has ended.
    bool ended();

private:
    bool read(std::chrono::milliseconds patience);
    std::string take_line();
    std::string short_text(const Value& message) const;

    const Simulator& sim_;
    SimulatedStore store_;
    std::string prefix_;
    RawConnection connection_;
    std::string received_;
    std::size_t taken_ = 0;  ///< Of the body without its chunks.
    bool ended_ = false;
};

}  // namespace patroni::test
