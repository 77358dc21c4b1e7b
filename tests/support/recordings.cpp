#include "support/recordings.hpp"

#include "codec/json.hpp"

#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>

namespace patroni::testing {
namespace {

[[noreturn]] void give_up(const std::string& why) {
    std::fprintf(stderr, "test data: %s\n", why.c_str());
    std::abort();
}

std::vector<Value> read_lines(const std::string& path) {
    const std::string text = read_test_file(path);
    std::vector<Value> documents;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = text.find('\n', begin);
        auto document = codec::parse_json(std::string_view(text).substr(begin, end - begin));
        if (!document) {
            give_up(path + ": " + document.error().message);
        }
        documents.push_back(std::move(*document));
        begin = end == std::string::npos ? text.size() : end + 1;
    }
    if (documents.empty()) {
        give_up(path + " is empty");
    }
    return documents;
}

std::string text(const Value& document, std::string_view key) {
    const Value* field = document.find(key);
    if (!field || !field->if_string()) {
        give_up("no text in field " + std::string(key));
    }
    return *field->if_string();
}

}  // namespace

std::string read_test_file(std::string_view path) {
    const std::string full = std::string(PATRONI_TEST_DATA "/") + std::string(path);
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(full.c_str(), "rb"),
                                                               &std::fclose);
    if (!file) {
        give_up("cannot open " + full);
    }
    std::string content;
    char buffer[65536];
    while (const std::size_t size = std::fread(buffer, 1, sizeof buffer, file.get())) {
        content.append(buffer, size);
    }
    return content;
}

const std::vector<RecordedAnswer>& recorded_answers(std::string_view file) {
    static std::map<std::string, std::vector<RecordedAnswer>, std::less<>> loaded;
    if (const auto found = loaded.find(file); found != loaded.end()) {
        return found->second;
    }
    std::vector<RecordedAnswer> answers;
    for (const Value& line : read_lines("recordings/" + std::string(file) + ".jsonl")) {
        answers.push_back({text(line, "patroni"), text(line, "name"), text(line, "path"),
                           static_cast<int>(*line.find("status")->if_int()), text(line, "body")});
    }
    return loaded.emplace(file, std::move(answers)).first->second;
}

const std::vector<Value>& recorded_writes() {
    static const std::vector<Value> documents = read_lines("recordings/writes.jsonl");
    return documents;
}

const std::vector<Value>& recorded_health() {
    static const std::vector<Value> documents = read_lines("recordings/health.jsonl");
    return documents;
}

const std::vector<Value>& recorded_dcs() {
    static const std::vector<Value> documents = read_lines("recordings/dcs.jsonl");
    return documents;
}

}  // namespace patroni::testing
