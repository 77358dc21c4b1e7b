#include "patronictl/local_zone.hpp"

#include <ctime>

namespace patronictl {
namespace {

using std::chrono::local_seconds;
using std::chrono::seconds;

constexpr std::time_t k_year = (365 * 24 + 6) * 3600;

std::tm local(std::time_t time) {
    std::tm parts{};
    tzset();
    localtime_r(&time, &parts);
    return parts;
}

}  // namespace

LocalZone LocalZone::at(std::chrono::system_clock::time_point now) {
    // As Python does it: one day in winter and one in summer of about this year.
    const std::time_t start = std::chrono::system_clock::to_time_t(now) / k_year * k_year;
    const std::tm winter = local(start);
    const std::tm summer = local(start + k_year / 2);
    const bool is_south = winter.tm_gmtoff > summer.tm_gmtoff;
    const std::tm& standard_time = is_south ? summer : winter;
    const std::tm& summer_time = is_south ? winter : summer;
    LocalZone zone;
    zone.standard_ = seconds(standard_time.tm_gmtoff);
    zone.summer_ = seconds(summer_time.tm_gmtoff);
    zone.names_ = {standard_time.tm_zone, summer_time.tm_zone};
    return zone;
}

bool LocalZone::looks_like_summer(local_seconds time) const {
    const auto utc = time.time_since_epoch() - standard_;
    return local(static_cast<std::time_t>(utc.count())).tm_isdst > 0;
}

bool LocalZone::is_summer(local_seconds time, bool second) const {
    if (standard_ == summer_) {
        return false;
    }
    const bool summer = looks_like_summer(time);
    const bool twice = !summer && looks_like_summer(time - (summer_ - standard_));
    return twice ? !second : summer;
}

/// Only a name that fits the second one alone makes it that.
bool LocalZone::second_is_meant(local_seconds time, const std::string& name) const {
    return !name.empty() && names_[is_summer(time, false) ? 1 : 0] != name &&
           names_[is_summer(time, true) ? 1 : 0] == name;
}

seconds LocalZone::offset(local_seconds time, const std::string& name) const {
    return is_summer(time, second_is_meant(time, name)) ? summer_ : standard_;
}

const std::string& LocalZone::name(local_seconds time, const std::string& name) const {
    return names_[is_summer(time, second_is_meant(time, name)) ? 1 : 0];
}

}  // namespace patronictl
