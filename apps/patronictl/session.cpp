#include "patronictl/session.hpp"

#include "base/text.hpp"
#include "config/settings.hpp"
#include "patronictl/python_text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <utility>

namespace patronictl {
namespace {

using patroni::ErrorKind;

constexpr auto k_retry_pause = std::chrono::seconds(5);
constexpr std::chrono::seconds k_patience{600};

int level_number(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, int>, 8> levels{{{"CRITICAL", 50},
                                                                      {"FATAL", 50},
                                                                      {"ERROR", 40},
                                                                      {"WARNING", 30},
                                                                      {"WARN", 30},
                                                                      {"INFO", 20},
                                                                      {"DEBUG", 10},
                                                                      {"NOTSET", 0}}};
    for (const auto& [word, number] : levels) {
        if (word == name) {
            return number;
        }
    }
    return -1;
}

std::string local_time(std::chrono::system_clock::time_point now) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
    std::tm parts{};
    localtime_r(&seconds, &parts);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts);
    return text;
}

std::string fraction(std::chrono::system_clock::time_point now, int digits) {
    const auto since = now.time_since_epoch() % std::chrono::seconds(1);
    char text[16];
    std::snprintf(text, sizeof text, "%06d",
                  static_cast<int>(std::chrono::floor<std::chrono::microseconds>(since).count()));
    return std::string(text).substr(0, static_cast<std::size_t>(digits));
}

/// Whether the store may answer later.
bool may_come_back(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::resolve:
        case ErrorKind::connect_refused:
        case ErrorKind::unreachable:
        case ErrorKind::timeout:
        case ErrorKind::reset:
            return true;
        default:
            return false;
    }
}

/// The path of a cluster of which that of group 0 is known.
std::string above_groups(const std::string& path) {
    return path.substr(0, path.size() - 2);
}

}  // namespace

bool is_log_level(std::string_view name) {
    return level_number(name) >= 0;
}

Session::Session(Streams& streams, patroni::config::Configuration config,
                 std::string_view log_level, KeyReader keys)
    : streams_(streams),
      config_(std::move(config)),
      log_level_(level_number(log_level)),
      keys_(std::move(keys)) {
    citus_ = configured_group().has_value();
    if (!keys_) {
        keys_ = [this](const std::string& prefix) { return store().snapshot(prefix); };
    }
}

Session::~Session() = default;

std::string Session::scope(const Parsed& parsed, std::string_view key) const {
    if (auto typed = parsed.text(key)) {
        return std::move(*typed);
    }
    const auto* configured = config_.find("scope");
    if (configured != nullptr && !configured->is_null()) {
        return python_str(*configured);  // `scope: 12` is the cluster "12".
    }
    throw Fail(
        "No cluster name was given: neither as an argument nor as scope in the configuration");
}

std::optional<int> Session::group(const Parsed& parsed) {
    const auto number = parsed.integer("group");
    return number ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

std::optional<int> Session::configured_group() const {
    const auto* configured = config_.find("citus.group");
    const auto* number = configured == nullptr ? nullptr : configured->if_int();
    return number == nullptr ? std::nullopt : std::optional(static_cast<int>(*number));
}

std::optional<int> Session::group_or_configured(const Parsed& parsed) const {
    const auto typed = group(parsed);
    return typed ? typed : configured_group();
}

patroni::Store& Session::store() {
    if (!store_) {
        auto settings = patroni::config::store_settings(config_);
        if (!settings) {
            throw Fail(to_line(settings.error()));
        }
        for (const auto& warning : settings->warnings) {
            warn(warning);
        }
        try {
            store_ = std::make_unique<patroni::Store>(std::move(settings->seeds),
                                                      patroni::StoreOptions{.writable = true});
        } catch (const patroni::Failure& failure) {
            throw Fail(to_line(failure.error()));
        }
    }
    return *store_;
}

patroni::Seeds Session::seeds() const {
    auto settings = patroni::config::store_settings(config_);
    if (!settings) {
        throw Fail(to_line(settings.error()));
    }
    return std::move(settings->seeds);
}

std::string Session::path(std::string_view scope, std::optional<int> group) const {
    const auto* configured = config_.find("namespace");
    const auto* name_space = configured == nullptr ? nullptr : configured->if_string();
    if (configured != nullptr && !configured->is_null() && name_space == nullptr) {
        throw Fail("namespace in the configuration is no text");  // Also an empty one.
    }
    std::string path = "/" + (name_space == nullptr ? "service" : *name_space) + "/";
    path += scope;
    // Slashes that follow each other are one; below the name of the cluster they stay.
    path.erase(
        std::unique(path.begin(), path.end(), [](char a, char b) { return a == '/' && b == '/'; }),
        path.end());
    path += "/";
    if (!group && citus_) {
        group = configured_group().value_or(0);
    }
    return group ? path + std::to_string(*group) + "/" : path;
}

std::chrono::milliseconds Session::patience() const {
    const auto text = streams_.environment.variable("PATRONICTL_TIMEOUT");
    if (!text || text->empty()) {
        return k_patience;
    }
    const auto number = python_float(*text);
    constexpr double longest = 30.0 * 24 * 3600;
    if (!number || !(*number > 0) || *number > longest) {
        throw Fail("PATRONICTL_TIMEOUT must be a number of seconds, not '" +
                   patroni::escape_untrusted(*text, 64) + "'");
    }
    return std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::duration<double>(*number));
}

DcsCluster Session::read_cluster(std::string_view scope, std::optional<int> group) {
    citus_ = citus_ || group.has_value();
    const bool all_groups = citus_ && !group;
    // With all groups: what stands above them.
    const std::string prefix = all_groups ? above_groups(path(scope, 0)) : path(scope, group);
    const auto give_up = streams_.now() + patience();
    while (true) {
        try {
            const auto keys = keys_(prefix);
            read_once_ = true;
            return view_of(keys, prefix, group, all_groups);
        } catch (const patroni::Failure& failure) {
            if (read_once_ || !may_come_back(failure.error().kind)) {
                throw Fail(to_line(failure.error()));
            }
            log("ERROR", "The store cannot be read: " + to_line(failure.error()));
            if (streams_.now() + k_retry_pause > give_up) {
                throw Fail("The store did not answer in time (PATRONICTL_TIMEOUT=SECONDS): " +
                           to_line(failure.error()));
            }
            log("INFO", "waiting on DCS");
            streams_.sleep(k_retry_pause);
        }
    }
}

void Session::echo(std::string_view line) const {
    streams_.out(std::string(line) + "\n");
}

void Session::log(std::string_view level, std::string_view message) const {
    if (level_number(level) < log_level_) {
        return;
    }
    const auto now = streams_.now();
    streams_.err(local_time(now) + "," + fraction(now, 3) + " - " + std::string(level) + " - " +
                 std::string(message) + "\n");
}

std::string Session::timestamp(int digits) const {
    const auto now = streams_.now();
    return digits == 0 ? local_time(now) : local_time(now) + "." + fraction(now, digits);
}

}  // namespace patronictl
