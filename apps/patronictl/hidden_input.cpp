#include "patronictl/hidden_input.hpp"

#include <cerrno>
#include <csignal>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

namespace patronictl {
namespace {

volatile std::sig_atomic_t g_interrupted = 0;

/// While it lives, Ctrl-C only ends a wait. Then it is sent again, to what handled it before.
class HeldInterrupt {
public:
    HeldInterrupt() {
        g_interrupted = 0;
        struct sigaction action{};
        action.sa_handler = [](int) { g_interrupted = 1; };
        sigemptyset(&action.sa_mask);
        sigaction(SIGINT, &action, &before_);
        sigset_t interrupt;
        sigemptyset(&interrupt);
        sigaddset(&interrupt, SIGINT);
        pthread_sigmask(SIG_BLOCK, &interrupt, &mask_);
    }
    HeldInterrupt(const HeldInterrupt&) = delete;
    HeldInterrupt& operator=(const HeldInterrupt&) = delete;
    ~HeldInterrupt() {
        sigaction(SIGINT, &before_, nullptr);
        pthread_sigmask(SIG_SETMASK, &mask_, nullptr);
        if (g_interrupted != 0) {
            std::raise(SIGINT);
        }
    }

    /// Until there is something to read: false after Ctrl-C, also one that came before the wait.
    bool wait(int file) const {
        pollfd input{file, POLLIN, 0};
        while (ppoll(&input, 1, nullptr, &mask_) < 0 && g_interrupted == 0) {
        }
        return g_interrupted == 0;
    }

private:
    struct sigaction before_{};
    sigset_t mask_{};
};

class Silence {
public:
    explicit Silence(int tty) : tty_(tty), is_terminal_(tcgetattr(tty, &before_) == 0) {
        if (is_terminal_) {
            termios silent = before_;
            silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
            tcsetattr(tty_, TCSAFLUSH, &silent);
        }
    }
    Silence(const Silence&) = delete;
    Silence& operator=(const Silence&) = delete;
    ~Silence() {
        if (is_terminal_) {
            tcsetattr(tty_, TCSAFLUSH, &before_);
        }
    }

private:
    int tty_;
    termios before_{};
    bool is_terminal_;
};

void show(int tty, std::string_view text) {
    [[maybe_unused]] const auto count = write(tty, text.data(), text.size());
}

}  // namespace

std::optional<std::string> read_hidden(int tty, std::string_view prompt) {
    const HeldInterrupt held;
    const Silence silence(tty);
    show(tty, prompt);
    std::string line;
    char c = 0;
    while (held.wait(tty)) {
        const ssize_t count = read(tty, &c, 1);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0 && line.empty()) {
            return std::nullopt;
        }
        if (count <= 0 || c == '\n') {
            show(tty, "\n");
            return line;
        }
        line += c;
    }
    return std::nullopt;
}

}  // namespace patronictl
