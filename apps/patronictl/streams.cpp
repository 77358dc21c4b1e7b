#include "patronictl/streams.hpp"

#include "patronictl/hidden_input.hpp"

#include <cerrno>
#include <fcntl.h>
#include <string>
#include <thread>
#include <unistd.h>

namespace patronictl {
namespace {

/// A closed pipe ends the program without a word, as a full disk does.
void write_all(int file, std::string_view text) {
    while (!text.empty()) {
        const ssize_t count = write(file, text.data(), text.size());
        if (count > 0) {
            text.remove_prefix(static_cast<std::size_t>(count));
        } else if (errno != EINTR) {
            _exit(1);
        }
    }
}

/// Lines of standard input end as in Python: with "\n", "\r" or both.
std::optional<std::string> next_line() {
    static bool behind_return = false;
    std::string line;
    char c = 0;
    while (true) {
        const ssize_t count = read(STDIN_FILENO, &c, 1);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return line.empty() ? std::nullopt : std::optional(line);
        }
        const bool second_half = c == '\n' && behind_return;
        behind_return = c == '\r';
        if (c == '\r' || (c == '\n' && !second_half)) {
            return line;
        }
        if (!second_half) {
            line += c;
        }
    }
}

std::string rest_of_input() {
    std::string text;
    char buffer[4096];
    while (true) {
        const ssize_t count = read(STDIN_FILENO, buffer, sizeof buffer);
        if (count > 0) {
            text.append(buffer, static_cast<std::size_t>(count));
        } else if (count == 0 || errno != EINTR) {
            return text;
        }
    }
}

/// As Python's getpass: from the terminal, else from standard input after a warning.
std::optional<std::string> ask_without_echo(std::string_view prompt) {
    const int tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (tty < 0) {
        write_all(STDERR_FILENO, "Warning: Password input may be echoed.\n");
        write_all(STDERR_FILENO, prompt);
        return next_line();
    }
    auto line = read_hidden(tty, prompt);
    close(tty);
    return line;
}

}  // namespace

Streams Streams::of_process() {
    Streams streams;
    streams.out = [](std::string_view text) { write_all(STDOUT_FILENO, text); };
    streams.err = [](std::string_view text) { write_all(STDERR_FILENO, text); };
    streams.read_line = &next_line;
    streams.read_all = &rest_of_input;
    streams.ask_hidden = &ask_without_echo;
    streams.sleep = [](std::chrono::duration<double> time) { std::this_thread::sleep_for(time); };
    streams.now = [] { return std::chrono::system_clock::now(); };
    streams.in_is_terminal = isatty(STDIN_FILENO) == 1;
    streams.out_is_terminal = isatty(STDOUT_FILENO) == 1;
    return streams;
}

}  // namespace patronictl
