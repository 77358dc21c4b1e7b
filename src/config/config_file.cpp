#include "config/config_file.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace patroni::config {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t k_max_bytes = 16U * 1024 * 1024;

Error file_error(const std::string& path, std::string message, int number = 0) {
    Error error;
    error.kind = ErrorKind::config;
    error.endpoint = path;
    error.message = std::move(message);
    if (number != 0) {
        error.code = {number, std::generic_category()};
    }
    return error;
}

std::vector<std::string> yaml_files(const std::string& folder) {
    std::vector<std::string> files;
    std::error_code ignored;
    for (fs::directory_iterator it(folder, ignored), end; !ignored && it != end;
         it.increment(ignored)) {
        std::string file = it->path().string();
        if (file.ends_with(".yml") || file.ends_with(".yaml")) {
            files.push_back(std::move(file));
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

Error several(const std::string& folder, const std::vector<std::string>& files) {
    std::string message = "several configuration files; choose one with -c:";
    for (const auto& file : files) {
        message += "\n  -c " + file;
    }
    return file_error(folder, std::move(message));
}

std::string owner_and_mode(const std::string& path) {
    struct stat info{};
    if (stat(path.c_str(), &info) != 0) {
        return {};
    }
    const passwd* user = getpwuid(info.st_uid);
    const group* owners = getgrgid(info.st_gid);
    std::string mode = "0000";
    for (int digit = 3, bits = static_cast<int>(info.st_mode & 07777); digit >= 0; --digit) {
        mode[static_cast<std::size_t>(digit)] = static_cast<char>('0' + bits % 8);
        bits /= 8;
    }
    return " (owner " + (user != nullptr ? user->pw_name : std::to_string(info.st_uid)) + ":" +
           (owners != nullptr ? owners->gr_name : std::to_string(info.st_gid)) + ", mode " + mode +
           ")";
}

Error unreadable(const std::string& path, int number) {
    std::string message = "cannot be read: " + std::generic_category().message(number);
    if (number == EACCES) {
        struct stat info{};
        message += owner_and_mode(path);
        const passwd* user = stat(path.c_str(), &info) == 0 ? getpwuid(info.st_uid) : nullptr;
        message += "; try: sudo " +
                   (user != nullptr && info.st_uid != 0 ? "-u " + std::string(user->pw_name) + " "
                                                        : std::string()) +
                   "patctl ... -c " + path;
    }
    return file_error(path, std::move(message), number);
}

}  // namespace

Result<std::optional<std::string>> find_config_file(const Environment& environment,
                                                    std::vector<std::string>& looked_for) {
    std::error_code ignored;
    if (auto named = environment.set("PATRONICTL_CONFIG_FILE")) {
        return named;  // A wrong name must be seen, not skipped.
    }
    looked_for.push_back("PATRONICTL_CONFIG_FILE (not set)");
    const std::string personal = environment.personal_file();
    if (fs::exists(personal, ignored)) {
        return std::optional(personal);
    }
    looked_for.push_back(personal);
    const std::string folder = environment.etc + "/patroni";
    const auto files = yaml_files(folder);
    if (files.size() == 1) {
        return std::optional(files.front());
    }
    if (files.size() > 1) {
        return several(folder, files);
    }
    looked_for.push_back(folder + "/*.yml");
    const std::string single = environment.etc + "/patroni.yml";
    if (fs::exists(single, ignored)) {
        return std::optional(single);
    }
    looked_for.push_back(single);
    return std::optional<std::string>();
}

std::vector<std::string> config_files(const std::string& path) {
    std::error_code ignored;
    if (!fs::is_directory(path, ignored)) {
        return std::vector{path};
    }
    auto files = yaml_files(path);
    std::erase_if(files, [&](const auto& file) { return !fs::is_regular_file(file, ignored); });
    return files;
}

Result<std::string> read_config_file(const std::string& path) {
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return unreadable(path, errno);
    }
    std::string text;
    char buffer[16384];
    ssize_t count = 0;
    while ((count = read(file, buffer, sizeof buffer)) > 0 && text.size() <= k_max_bytes) {
        text.append(buffer, static_cast<std::size_t>(count));
    }
    const int number = count < 0 ? errno : 0;
    close(file);
    if (number != 0) {
        return unreadable(path, number);
    }
    if (text.size() > k_max_bytes) {
        return file_error(path, "is larger than 16 MiB");
    }
    return text;
}

}  // namespace patroni::config
