#include "patronictl/config_diff.hpp"

#include "patronictl/child_process.hpp"
#include "patronictl/difflib.hpp"
#include "patronictl/failure.hpp"
#include "patronictl/marked_diff.hpp"

#include <optional>
#include <string>
#include <vector>

namespace patronictl {
namespace {

/// A `$PAGER` with arguments is not found, and so left out.
std::vector<std::string> pager_of(const Streams& streams) {
    const auto variable = [&](const char* name) { return streams.environment.variable(name); };
    const std::string path = variable("PATH").value_or("/bin:/usr/bin");
    for (const auto& name : {variable("PAGER"), std::optional<std::string>("less"),
                             std::optional<std::string>("more")}) {
        if (!name || !find_program(*name, path)) {
            continue;
        }
        std::string base = name->substr(name->rfind('/') + 1);
        if (base == "less" && variable("LESS").value_or("").empty()) {
            return {base, "-FRSX", "--shift 1"};
        }
        return {base};
    }
    throw Fail(
        "No pager could be found. Either set PAGER environment variable with your pager or "
        "install either \"less\" or \"more\" in the host.");
}

}  // namespace

void show_diff(const Session& session, std::string_view before, std::string_view after) {
    const std::vector<std::string> diff = unified_diff(before, after);
    if (session.streams().out_is_terminal) {
        run_program(pager_of(session.streams()), marked_diff(diff));
        return;
    }
    for (const std::string& line : diff) {
        session.echo(line);
    }
}

}  // namespace patronictl
