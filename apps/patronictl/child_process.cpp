#include "patronictl/child_process.hpp"

#include "patronictl/failure.hpp"
#include "patronictl/python_text.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace patronictl {
namespace {

bool is_program(const std::string& file) {
    struct stat status{};
    return stat(file.c_str(), &status) == 0 && !S_ISDIR(status.st_mode) &&
           access(file.c_str(), X_OK) == 0;
}

/// Ctrl-C goes to every program of the terminal: this one lets the other decide.
class IgnoredInterrupt {
public:
    IgnoredInterrupt() {
        struct sigaction ignore{};
        ignore.sa_handler = SIG_IGN;
        sigaction(SIGINT, &ignore, &before_);
    }
    IgnoredInterrupt(const IgnoredInterrupt&) = delete;
    IgnoredInterrupt& operator=(const IgnoredInterrupt&) = delete;
    ~IgnoredInterrupt() { sigaction(SIGINT, &before_, nullptr); }

private:
    struct sigaction before_{};
};

/// How the program is started: with the signals of a fresh process, and with `input` as file 0.
class Start {
public:
    explicit Start(int input) {
        posix_spawn_file_actions_init(&files_);
        posix_spawnattr_init(&attributes_);
        if (input >= 0) {
            posix_spawn_file_actions_adddup2(&files_, input, STDIN_FILENO);
        }
        sigset_t signals;
        sigemptyset(&signals);
        sigaddset(&signals, SIGINT);
        sigaddset(&signals, SIGPIPE);
        posix_spawnattr_setsigdefault(&attributes_, &signals);
        posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF);
    }
    Start(const Start&) = delete;
    Start& operator=(const Start&) = delete;
    ~Start() {
        posix_spawn_file_actions_destroy(&files_);
        posix_spawnattr_destroy(&attributes_);
    }

    pid_t run(const std::vector<std::string>& words) {
        std::vector<char*> arguments;
        for (const std::string& word : words) {
            arguments.push_back(const_cast<char*>(word.c_str()));
        }
        arguments.push_back(nullptr);
        pid_t child = -1;
        const int error = posix_spawnp(&child, arguments.front(), &files_, &attributes_,
                                       arguments.data(), environ);
        if (error != 0) {
            throw Fail("Cannot run " + python_repr(std::string_view(words.front())) + ": " +
                       std::strerror(error));
        }
        return child;
    }

private:
    posix_spawn_file_actions_t files_{};
    posix_spawnattr_t attributes_{};
};

void write_all(int file, std::string_view text) {
    while (!text.empty()) {
        const ssize_t count = write(file, text.data(), text.size());
        if (count > 0) {
            text.remove_prefix(static_cast<std::size_t>(count));
        } else if (errno != EINTR) {
            return;
        }
    }
}

int wait_for(pid_t child) {
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

std::optional<std::string> find_program(const std::string& name, std::string_view path) {
    if (name.find('/') != std::string::npos) {
        return is_program(name) ? std::optional(name) : std::nullopt;
    }
    while (!name.empty()) {
        const std::size_t end = std::min(path.find(':'), path.size());
        std::string folder(path.substr(0, end));
        if (!folder.empty() && is_program(folder + '/' + name)) {
            return folder + '/' + name;
        }
        if (end == path.size()) {
            break;
        }
        path.remove_prefix(end + 1);
    }
    return std::nullopt;
}

int run_program(const std::vector<std::string>& words, const std::optional<std::string>& input) {
    const IgnoredInterrupt ignored;
    if (!input) {
        return wait_for(Start(-1).run(words));
    }
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw Fail(std::string("Cannot make a pipe: ") + std::strerror(errno));
    }
    pid_t child = -1;
    try {
        child = Start(ends[0]).run(words);
    } catch (const Fail&) {
        close(ends[0]);
        close(ends[1]);
        throw;
    }
    close(ends[0]);
    write_all(ends[1], *input);
    close(ends[1]);
    return wait_for(child);
}

}  // namespace patronictl
