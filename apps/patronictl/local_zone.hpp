#pragma once

#include <array>
#include <chrono>
#include <string>

namespace patronictl {

/// The zone of `TZ` as Python and python-dateutil see it: two offsets, and which one holds when.
class LocalZone {
public:
    /// Of the process at that moment.
    static LocalZone at(std::chrono::system_clock::time_point now);

    const std::array<std::string, 2>& names() const { return names_; }
    /// East of Greenwich at a local time. Of a time that the clocks show twice it is the first one,
    /// or the one that `name` stands for.
    std::chrono::seconds offset(std::chrono::local_seconds time,
                                const std::string& name = {}) const;
    /// What the zone is called then.
    const std::string& name(std::chrono::local_seconds time, const std::string& name = {}) const;

private:
    bool looks_like_summer(std::chrono::local_seconds time) const;
    bool is_summer(std::chrono::local_seconds time, bool second) const;
    bool second_is_meant(std::chrono::local_seconds time, const std::string& name) const;

    std::chrono::seconds standard_{};  ///< Standard time, east of Greenwich.
    std::chrono::seconds summer_{};
    std::array<std::string, 2> names_;
};

}  // namespace patronictl
