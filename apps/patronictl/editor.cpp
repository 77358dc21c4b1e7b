#include "patronictl/editor.hpp"

#include "patronictl/child_process.hpp"
#include "patronictl/failure.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace patronictl {
namespace {

constexpr std::string_view k_suffix = ".yaml";

std::string editor_of(const Streams& streams) {
    if (auto named = streams.environment.variable("EDITOR"); named && !named->empty()) {
        return std::move(*named);
    }
    const std::string path = streams.environment.variable("PATH").value_or("/bin:/usr/bin");
    for (const char* name : {"editor", "vi"}) {
        if (auto found = find_program(name, path)) {
            return std::move(*found);
        }
    }
    throw Fail("EDITOR environment variable is not set. editor or vi are not available");
}

/// Where Python's tempfile makes its files.
std::string temporary_folder(const Streams& streams) {
    for (const char* name : {"TMPDIR", "TEMP", "TMP"}) {
        const auto folder = streams.environment.variable(name);
        if (folder && !folder->empty() && access(folder->c_str(), W_OK | X_OK) == 0) {
            return *folder;
        }
    }
    return "/tmp";
}

class TemporaryFile {
public:
    TemporaryFile(const std::string& folder, std::string_view scope, std::string_view text) {
        std::string safe(scope);
        std::replace(safe.begin(), safe.end(), '/', '_');
        name_ = folder + '/' + safe + "-config-XXXXXXXX" + std::string(k_suffix);
        const int file = mkstemps(name_.data(), static_cast<int>(k_suffix.size()));
        if (file < 0) {
            fail("make");
        }
        while (!text.empty()) {
            const ssize_t count = ::write(file, text.data(), text.size());
            if (count < 0 && errno != EINTR) {
                const int error = errno;
                close(file);
                unlink(name_.c_str());
                errno = error;
                fail("write");
            }
            text.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
        }
        close(file);
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    ~TemporaryFile() { unlink(name_.c_str()); }

    const std::string& name() const { return name_; }

    /// By name: many editors write a new file.
    std::string read() const {
        std::ifstream file(name_, std::ios::binary);
        std::ostringstream text;
        if (!file || !(text << file.rdbuf() || file.peek() == std::ifstream::traits_type::eof())) {
            fail("read");
        }
        return std::move(text).str();
    }

private:
    [[noreturn]] void fail(std::string_view what) const {
        throw Fail("Cannot " + std::string(what) + ' ' + name_ + ": " + std::strerror(errno));
    }

    std::string name_;
};

}  // namespace

std::string edit_text(const Streams& streams, std::string_view text, std::string_view scope) {
    const std::string editor = editor_of(streams);
    const TemporaryFile file(temporary_folder(streams), scope, text);
    const int code = run_program({editor, file.name()});
    if (code == -SIGINT) {
        throw Abort();
    }
    if (code != 0) {
        throw Fail("Editor exited with return code " + std::to_string(code));
    }
    return file.read();
}

}  // namespace patronictl
