#pragma once

#include "config/configuration.hpp"
#include "patronictl/dcs_view.hpp"
#include "patronictl/failure.hpp"
#include "patronictl/grammar.hpp"
#include "patronictl/streams.hpp"

#include <patroni/seeds.hpp>
#include <patroni/store.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace patronictl {

/// Whether Python's logging knows a level of this name.
bool is_log_level(std::string_view name);

/// What all of one run shares: the configuration, the store, the streams.
class Session {
public:
    /// Reads all keys below a prefix: the store's, or those of a test. Throws patroni::Failure.
    using KeyReader =
        std::function<std::map<std::string, patroni::StoredKey>(const std::string& prefix)>;

    Session(Streams& streams, patroni::config::Configuration config, std::string_view log_level,
            KeyReader keys = {});
    ~Session();

    const Streams& streams() const noexcept { return streams_; }
    /// The effective configuration: files, environment and -d, as section 1.5 of patronictl makes
    /// it.
    const patroni::config::Configuration& config() const noexcept { return config_; }

    /// The argument, else `scope` of the configuration. Throws Fail without both.
    std::string scope(const Parsed& parsed, std::string_view key = "cluster_name") const;
    /// `--group` as typed.
    static std::optional<int> group(const Parsed& parsed);
    /// `--group`, else `citus.group` of the configuration.
    std::optional<int> group_or_configured(const Parsed& parsed) const;
    /// Citus mode: a `citus` section, or a group was used to read (then for the rest of the run).
    bool is_citus() const noexcept { return citus_; }

    /// Reads one cluster; missing keys are an empty one. While no store answers it is tried again
    /// every 5 s, as long as patience(), with a line in the log. Throws Fail.
    DcsCluster read_cluster(std::string_view scope, std::optional<int> group);
    /// How long is waited for one answer of a member, and for the store at the start: 600 s, or
    /// what PATRONICTL_TIMEOUT says. Throws Fail.
    std::chrono::milliseconds patience() const;
    /// The store, made at its first use; writable. Throws Fail.
    patroni::Store& store();
    /// Where that store is. Throws Fail.
    patroni::Seeds seeds() const;
    /// "/service/batman/" or "/service/batman/1/"; without a group in Citus mode that of
    /// `citus.group`.
    std::string path(std::string_view scope, std::optional<int> group) const;

    /// A line and its end on standard output, written at once.
    void echo(std::string_view line) const;
    /// "YYYY-MM-DD HH:MM:SS,mmm - LEVEL - message" on standard error, when the level is logged.
    void log(std::string_view level, std::string_view message) const;
    void warn(std::string_view message) const { log("WARNING", message); }

    /// Local time as patronictl prints it: "2026-07-24 15:03:35.80812" (5 digits), or with 0
    /// "2026-07-24 15:03:35".
    std::string timestamp(int digits = 5) const;

private:
    std::optional<int> configured_group() const;

    Streams& streams_;
    patroni::config::Configuration config_;
    int log_level_;
    bool citus_ = false;
    bool read_once_ = false;
    KeyReader keys_;
    std::unique_ptr<patroni::Store> store_;
};

}  // namespace patronictl
