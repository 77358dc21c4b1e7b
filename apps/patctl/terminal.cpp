#include "patctl/terminal.hpp"

#include "patronictl/hidden_input.hpp"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

namespace patctl {
namespace {

/// A full disk or a closed pipe must not look like success.
void write_all(int file, std::string_view text) {
    while (!text.empty()) {
        const ssize_t count = write(file, text.data(), text.size());
        if (count > 0) {
            text.remove_prefix(static_cast<std::size_t>(count));
        } else if (errno != EINTR) {
            _exit(errno == EPIPE ? 0 : 1);
        }
    }
}

std::optional<std::string> ask_on_tty(std::string_view prompt) {
    const int tty = open("/dev/tty", O_RDWR | O_CLOEXEC);
    if (tty < 0) {
        return std::nullopt;
    }
    auto line = patronictl::read_hidden(tty, prompt);
    close(tty);
    return line;
}

}  // namespace

bool Terminal::color() const {
    const auto no_color = environment.variable("NO_COLOR");
    const auto term = environment.variable("TERM");
    return out_is_terminal && (!no_color || no_color->empty()) && term != "dumb";
}

Terminal Terminal::of_process() {
    Terminal terminal;
    terminal.out = [](std::string_view text) { write_all(STDOUT_FILENO, text); };
    terminal.err = [](std::string_view text) { write_all(STDERR_FILENO, text); };
    terminal.ask_secret = ask_on_tty;
    terminal.out_is_terminal = isatty(STDOUT_FILENO) == 1;
    terminal.err_is_terminal = isatty(STDERR_FILENO) == 1;
    return terminal;
}

}  // namespace patctl
