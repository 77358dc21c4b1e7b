#include "patctl/program.hpp"

#include <string>
#include <vector>

int main(int argc, char** argv) {
    auto terminal = patctl::Terminal::of_process();
    return patctl::run(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc), terminal);
}
