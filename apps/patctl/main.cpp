#include "patctl/program.hpp"
#include "patronictl/program.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace {

std::string_view base_name(std::string_view path) {
    return path.substr(path.rfind('/') + 1);  // npos + 1 is 0.
}

}  // namespace

/// Called as patronictl, or with --compat in front, the program is a drop-in for Patroni's own.
int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
    const std::string_view name = argc > 0 ? base_name(argv[0]) : std::string_view();
    if (name.starts_with("patronictl")) {
        return patronictl::run_process(name, arguments);
    }
    if (!arguments.empty() && arguments.front() == "--compat") {
        return patronictl::run_process("patronictl", {arguments.begin() + 1, arguments.end()});
    }
    auto terminal = patctl::Terminal::of_process();
    return patctl::run(arguments, terminal);
}
