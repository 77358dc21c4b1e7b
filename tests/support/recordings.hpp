#pragma once

#include <patroni/value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace patroni::testing {

/// One recorded answer of a real Patroni.
struct RecordedAnswer {
    std::string patroni;  ///< Version, such as "4.1.4".
    std::string name;     ///< Stage, member and request: for messages.
    std::string path;
    int status = 0;
    std::string body;
};

/// `file` is "status", "cluster" or "other". Ends the program when the data is not readable.
const std::vector<RecordedAnswer>& recorded_answers(std::string_view file);

/// The lines of recordings/writes.jsonl; the fields are told in tests/data/README.md.
const std::vector<Value>& recorded_writes();

/// The lines of recordings/health.jsonl; the fields are told in tests/data/README.md.
const std::vector<Value>& recorded_health();

/// The lines of recordings/dcs.jsonl; the fields are told in tests/data/README.md.
const std::vector<Value>& recorded_dcs();

/// The text of a file under tests/data.
std::string read_test_file(std::string_view path);

}  // namespace patroni::testing
