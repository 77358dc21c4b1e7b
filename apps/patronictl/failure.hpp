#pragma once

#include <stdexcept>
#include <string>

namespace patronictl {

/// Ends a command: `Error: TEXT` on standard error, exit code 1. Thrown by commands and what they
/// use, caught in program.cpp alone.
class Fail : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Ends a command in the middle of a question (end of input): `Aborted!`, exit code 1.
class Abort : public std::exception {
public:
    const char* what() const noexcept override { return "Aborted!"; }
};

}  // namespace patronictl
