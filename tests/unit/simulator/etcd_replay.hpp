#pragma once

#include "raw_exchange.hpp"

#include <patroni/simulator.hpp>
#include <patroni/value.hpp>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace patroni::test {

/// Sends the requests of recorded exchanges (tests/data/dcs-samples) to a simulator's etcd, and
/// compares the answers with those of the real one: status, header lines in their order, and bodies
/// field by field.
class EtcdReplay {
public:
    explicit EtcdReplay(Simulator& sim) : sim_(sim) {}

    /// One sample with one exchange. A watch is asked for, then `during` is carried out, and its
    /// lines are compared. `authorization` stands in for a header that was not recorded.
    void replay(const std::string& sample, const std::function<void()>& during = {},
                const std::string& authorization = "");
    /// One exchange of a sample with several: status and body; the order of fields does not count,
    /// nor does what belongs to a cluster of its own.
    void replay_exchange(const std::string& sample, const std::string& exchange);
    /// Every request of a sample of Patroni's own requests: the status. Numbers of revisions in
    /// them are larger by `offset` than here.
    void replay_statuses(const std::string& sample, std::int64_t offset);

    /// The keys that the answers of the samples show, in the order in which they were written.
    void put_up(const std::vector<std::string>& samples);
    /// Something to a key of no interest, until the index (etcd 2) or revision is this.
    void fill(SimulatedStore store, std::int64_t index);
    /// From now on a text of the samples (a token, a lease) is this one here.
    void same(const std::string& recorded, const std::string& own) { own_[recorded] = own; }

    // Requests to put up what the samples need.
    Value put3(std::string_view key, std::string_view value, std::string_view lease = "0");
    Value post3(std::string_view call, const std::string& body);
    RawAnswer keys2(std::string_view method, std::string_view path, const std::string& form = "");

private:
    std::string to_own(std::string text) const;
    std::string to_recorded(std::string text) const;
    Value plain(const Value& value, std::string_view name = {}) const;
    void expect_same(const Value& recorded, const RawAnswer& answer) const;
    void expect_same_body(const Value& recorded, const std::string& body) const;
    void expect_same_headers(const Value& recorded, const RawAnswer& answer) const;

    Simulator& sim_;
    std::map<std::string, std::string> own_;
};

}  // namespace patroni::test
