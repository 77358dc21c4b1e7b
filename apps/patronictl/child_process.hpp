#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patronictl {

/// The file that a name stands for in the folders of `path` ("/bin:/usr/bin"), as Python's
/// shutil.which finds it; a name with a slash is the file itself.
std::optional<std::string> find_program(const std::string& name, std::string_view path);

/// Runs a program (the first word, looked for in PATH) on this terminal and waits for its end; with
/// `input` that is its standard input, and that it may not read it to the end is no failure. Ctrl-C
/// is the program's own meanwhile. Returns its exit code, or the negative number of the signal that
/// ended it. Throws Fail when it cannot be started.
int run_program(const std::vector<std::string>& words,
                const std::optional<std::string>& input = std::nullopt);

}  // namespace patronictl
