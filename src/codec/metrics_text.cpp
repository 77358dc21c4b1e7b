#include "codec/metrics_text.hpp"

#include "base/text.hpp"

#include <patroni/error.hpp>
#include <patroni/value.hpp>

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

namespace patroni::codec {
namespace {

constexpr std::size_t k_max_samples = 65536;
constexpr std::size_t k_max_labels = 64;

constexpr bool is_name_start(char c) {
    return is_letter(c) || c == '_';
}

/// What is wrong with a line; nullptr when nothing is.
using Wrong = const char*;

/// Reads one line from left to right.
class Line {
public:
    explicit Line(std::string_view text) : rest_(text) {}

    bool empty() const { return rest_.empty(); }
    std::string_view rest() const { return rest_; }
    /// Whether there were any.
    bool skip_blanks() {
        const std::size_t count = std::min(rest_.find_first_not_of(" \t"), rest_.size());
        rest_.remove_prefix(count);
        return count > 0;
    }
    bool accept(char c) {
        if (!rest_.starts_with(c)) {
            return false;
        }
        rest_.remove_prefix(1);
        return true;
    }
    /// A name of a metric (with colons) or of a label; empty when there is none.
    std::string_view name(bool with_colons) {
        const auto allowed = [&](char c) {
            return is_name_start(c) || is_digit(c) || (with_colons && c == ':');
        };
        const auto end = std::find_if_not(rest_.begin(), rest_.end(), allowed);
        const bool starts_well = !rest_.empty() && !is_digit(rest_.front());
        return take(starts_well ? static_cast<std::size_t>(end - rest_.begin()) : 0);
    }
    /// Up to the next blank.
    std::string_view word() { return take(std::min(rest_.find_first_of(" \t"), rest_.size())); }

    /// A text up to its closing quote; nullopt without one.
    std::optional<std::string> quoted() {
        std::string text;
        for (std::size_t i = 0; i < rest_.size(); ++i) {
            if (rest_[i] == '"') {
                take(i + 1);
                return text;
            }
            if (rest_[i] == '\\' && i + 1 < rest_.size()) {
                append_escaped(text, rest_[++i]);
            } else {
                text += rest_[i];
            }
        }
        return std::nullopt;
    }

    static void append_escaped(std::string& text, char c) {
        if (c == 'n') {
            text += '\n';
        } else if (c == '\\' || c == '"') {
            text += c;
        } else {
            text += '\\';  // Patroni does not escape: a backslash of a scope.
            text += c;
        }
    }

private:
    std::string_view take(std::size_t count) {
        const std::string_view taken = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return taken;
    }

    std::string_view rest_;
};

std::string unescape_help(std::string_view text) {
    std::string help;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == 'n' || text[i + 1] == '\\')) {
            help += text[++i] == 'n' ? '\n' : '\\';
        } else {
            help += text[i];
        }
    }
    return help;
}

/// Digits, dot and exponent, with a sign.
bool is_decimal(std::string_view text) {
    std::size_t i = text.find_first_not_of("+-") == 1 ? 1 : 0;
    const auto digits = [&] {
        const std::size_t start = i;
        while (i < text.size() && is_digit(text[i])) {
            ++i;
        }
        return i - start;
    };
    std::size_t count = digits();
    if (i < text.size() && text[i] == '.') {
        ++i;
        count += digits();
    }
    if (count > 0 && i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
        ++i;
        i += i < text.size() && (text[i] == '+' || text[i] == '-') ? 1 : 0;
        count = digits();
    }
    return count > 0 && i == text.size();
}

std::optional<double> number(const MetricSample& sample) {
    const std::string_view text = sample.text;
    if (is_decimal(text)) {
        return Value::Number{std::string(text.substr(text.front() == '+' ? 1 : 0))}.as_double();
    }
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const std::string word = to_lower(text);
    if (word == "+inf" || word == "inf" || word == "-inf") {
        return word.front() == '-' ? -infinity : infinity;
    }
    // Of a pre-release Patroni writes "04000rc1".
    const bool pre_release = sample.name == "patroni_version" && !text.empty() && is_digit(text[0]);
    if (word == "nan" || text == "None" || pre_release) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    return std::nullopt;
}

class Decoder {
public:
    /// Takes a line without its end.
    Wrong take(std::string_view text) {
        Line line(text);
        line.skip_blanks();
        if (line.empty()) {
            return nullptr;
        }
        if (line.accept('#')) {
            take_comment(line);
            return nullptr;
        }
        return take_sample(line);
    }
    bool too_many() const { return too_many_; }
    Metrics result() && { return std::move(metrics_); }

private:
    /// What is neither HELP nor TYPE of a metric is for people.
    void take_comment(Line line) {
        line.skip_blanks();
        const std::string_view word = line.word();
        line.skip_blanks();
        const std::string_view name = line.name(true);
        const bool ends = line.empty() || line.rest().find_first_of(" \t") == 0;
        if ((word != "HELP" && word != "TYPE") || name.empty() || !ends) {
            return;
        }
        line.skip_blanks();
        MetricFamily& family = family_of(name);
        if (word == "HELP") {
            family.help = unescape_help(line.rest());
        } else {
            family.type = trim(line.rest());
        }
    }

    MetricFamily& family_of(std::string_view name) {
        const auto [found, is_new] = families_.emplace(name, metrics_.families.size());
        if (is_new) {
            too_many_ = too_many_ || metrics_.families.size() == k_max_samples;
            metrics_.families.push_back({std::string(name), "", ""});
        }
        return metrics_.families[found->second];
    }

    Wrong take_sample(Line line) {
        MetricSample sample;
        sample.name = line.name(true);
        if (sample.name.empty()) {
            return "a line that does not begin with the name of a metric";
        }
        const bool separate = line.skip_blanks();
        if (line.accept('{')) {
            if (const Wrong wrong = take_labels(line, sample)) {
                return wrong;
            }
            line.skip_blanks();
        } else if (!separate) {
            return "a name that is followed by something else";
        }
        sample.text = line.word();
        const auto value = number(sample);
        if (!value) {
            return sample.text.empty() ? "a metric without a value" : "a value that is no number";
        }
        sample.value = *value;
        line.skip_blanks();
        if (const std::string_view time = line.word(); !time.empty()) {
            sample.timestamp_ms = parse_integer<std::int64_t>(time);
            line.skip_blanks();
            if (!sample.timestamp_ms || !line.empty()) {
                return "something after the value that is no time";
            }
        }
        too_many_ = too_many_ || metrics_.samples.size() == k_max_samples;
        metrics_.samples.push_back(std::move(sample));
        return nullptr;
    }

    Wrong take_labels(Line& line, MetricSample& sample) {
        line.skip_blanks();
        while (!line.accept('}')) {
            const std::string_view name = line.name(false);
            line.skip_blanks();
            const bool assigned = !name.empty() && line.accept('=');
            line.skip_blanks();
            auto value = assigned && line.accept('"') ? line.quoted() : std::nullopt;
            if (!value) {
                return "labels that are not NAME=\"TEXT\"";
            }
            if (sample.labels.size() == k_max_labels) {
                too_many_ = true;
                return "too many labels";
            }
            sample.labels.emplace_back(name, std::move(*value));
            line.skip_blanks();
            const bool more = line.accept(',');
            line.skip_blanks();
            if (!more && !line.rest().starts_with('}')) {
                return "labels without an end";
            }
        }
        return nullptr;
    }

    Metrics metrics_;
    std::map<std::string, std::size_t, std::less<>> families_;
    bool too_many_ = false;
};

// The text is never repeated: it comes from the server.
Error wrong_text(ErrorKind kind, std::string message, std::size_t line) {
    Error error;
    error.kind = kind;
    error.message = "line " + std::to_string(line) + " of the metrics: " + std::move(message);
    return error;
}

}  // namespace

Result<Metrics> decode_metrics(std::string_view body) {
    Decoder decoder;
    std::size_t number = 0;
    while (!body.empty()) {
        ++number;
        const std::size_t end = body.find('\n');
        if (end == std::string_view::npos) {
            // The answer has no length: so ends one that was cut.
            return wrong_text(ErrorKind::decode, "ends without a line end", number);
        }
        std::string_view line = body.substr(0, end);
        body.remove_prefix(end + 1);
        line.remove_suffix(line.ends_with('\r') ? 1 : 0);
        const Wrong wrong = decoder.take(line);
        if (decoder.too_many()) {
            return wrong_text(ErrorKind::limit, "too many samples, names or labels", number);
        }
        if (wrong) {
            return wrong_text(ErrorKind::decode, wrong, number);
        }
    }
    Metrics metrics = std::move(decoder).result();
    if (metrics.samples.empty()) {
        Error error;
        error.kind = ErrorKind::decode;
        error.message = "the answer has no metrics";
        return error;
    }
    return metrics;
}

}  // namespace patroni::codec
