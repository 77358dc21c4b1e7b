#include "check.hpp"
#include "codec/json.hpp"
#include "codec/rest_documents.hpp"

using namespace patroni;

namespace {

template <class T>
void check_error(const Result<T>& result, const Result<Value>& document) {
    if (!result) {
        const ErrorKind kind = result.error().kind;
        fuzz::check(kind == ErrorKind::decode || kind == ErrorKind::limit,
                    "a bad document is a decode or limit error");
    } else {
        fuzz::check(document.has_value(), "only JSON is accepted");
    }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzz::text(data, size);
    const auto document = codec::parse_json(text);
    const auto config = codec::decode_config(text);
    const auto history = codec::decode_history(text);
    const auto failsafe = codec::decode_failsafe(text);
    check_error(config, document);
    check_error(history, document);
    check_error(failsafe, document);
    fuzz::check(!history || (!config && !failsafe), "an array is no object");
    if (config) {
        fuzz::check(*config == *document && document->if_object(), "the document is kept whole");
    }
    if (history) {
        fuzz::check(history->entries.size() + history->unreadable == document->if_array()->size(),
                    "every row is read or counted");
        for (std::size_t i = 0; i < history->entries.size(); ++i) {
            const HistoryEntry& entry = history->entries[i];
            Value row = Value::array();
            row.push_back(entry.timeline);
            row.push_back(entry.lsn.bytes());
            row.push_back(entry.reason);
            row.push_back(entry.timestamp ? Value(*entry.timestamp) : Value());
            row.push_back(entry.new_leader ? Value(*entry.new_leader) : Value());
            const auto again = codec::decode_history("[" + codec::to_json(row) + "]");
            fuzz::check(again && again->entries.size() == 1 && again->entries[0] == entry,
                        "a row reads back");
        }
    }
    if (failsafe) {
        fuzz::check(failsafe->size() == document->if_object()->size(), "every member is kept");
        for (const auto& [name, api] : *failsafe) {
            fuzz::check(!api || parse_origin(api->text(), 0), "an origin that was accepted is one");
        }
    }
    return 0;
}
