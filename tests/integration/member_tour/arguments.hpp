#pragma once

#include <patroni/timestamp.hpp>
#include <patroni/value.hpp>

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace patroni::tour {

/// The command line was wrong; the text says how.
class WrongArgument : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// `NAME=VALUE...` of the command line. Each getter takes its argument; what nobody took is wrong.
class Arguments {
public:
    explicit Arguments(const std::vector<std::string>& texts);

    std::optional<std::string> text(const std::string& name);
    std::string text_or(const std::string& name, std::string otherwise);
    bool flag(const std::string& name);  ///< `true`, else absent.
    std::optional<std::int64_t> number(const std::string& name);
    std::optional<WallTime> time(const std::string& name);
    Value json(const std::string& name);

    /// Throws WrongArgument when one was not taken.
    void expect_all_taken() const;

private:
    std::map<std::string, std::string> values_;
    std::set<std::string> taken_;
};

}  // namespace patroni::tour
