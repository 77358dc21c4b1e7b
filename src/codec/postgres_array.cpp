#include "codec/postgres_array.hpp"

#include "base/text.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace patroni::codec {
namespace {

/// PostgreSQL has at most 6.
constexpr std::size_t max_dimensions = 16;

class Reader {
public:
    using Item = std::function<Result<PythonValue>(std::string_view)>;

    Reader(std::string_view text, const Item& item) : rest_(text), item_(item) {
        if (rest_.starts_with('[')) {
            // The bounds of its indexes.
            const std::size_t equals = rest_.find('=');
            rest_ =
                equals == std::string_view::npos ? std::string_view() : rest_.substr(equals + 1);
        }
    }

    Result<PythonValue> read() {
        if (!skip('{')) {
            return invalid();
        }
        auto list = read_list(1);
        return list && !rest_.empty() ? invalid() : std::move(list);
    }

private:
    static Error invalid() {
        Error error;
        error.kind = ErrorKind::decode;
        error.message = "malformed array";
        return error;
    }

    bool skip(char c) {
        if (!rest_.starts_with(c)) {
            return false;
        }
        rest_.remove_prefix(1);
        return true;
    }

    /// Behind the opening brace.
    Result<PythonValue> read_list(std::size_t depth) {
        PythonValue::List items;
        while (depth <= max_dimensions && !skip('}')) {
            if (!items.empty() && !skip(',')) {
                return invalid();
            }
            auto item = skip('{') ? read_list(depth + 1) : read_item();
            if (!item) {
                return item;
            }
            items.push_back(std::move(*item));
        }
        return depth <= max_dimensions ? Result<PythonValue>(PythonValue(std::move(items)))
                                       : invalid();
    }

    Result<PythonValue> read_item() {
        std::string text;
        const bool quoted = skip('"');
        while (!rest_.empty() &&
               (quoted ? rest_.front() != '"' : rest_.front() != ',' && rest_.front() != '}')) {
            skip('\\');
            if (!rest_.empty()) {
                text += rest_.front();
                rest_.remove_prefix(1);
            }
        }
        if (rest_.empty() || (quoted && !skip('"'))) {
            return invalid();
        }
        if (!quoted && equals_ignoring_case(text, "NULL")) {
            return PythonValue();
        }
        return item_(text);
    }

    std::string_view rest_;
    const Item& item_;
};

}  // namespace

Result<PythonValue> postgres_array(
    std::string_view text, const std::function<Result<PythonValue>(std::string_view)>& item) {
    return Reader(text, item).read();
}

}  // namespace patroni::codec
