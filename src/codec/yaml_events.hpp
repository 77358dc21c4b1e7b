#pragma once

#include <patroni/result.hpp>

#include <yaml.h>

#include <optional>
#include <string>
#include <string_view>

namespace patroni::codec {

class YamlEvent {
public:
    YamlEvent() = default;
    YamlEvent(const YamlEvent&) = delete;
    YamlEvent& operator=(const YamlEvent&) = delete;
    ~YamlEvent() { yaml_event_delete(&event_); }
    yaml_event_t* get() { return &event_; }
    const yaml_event_t* operator->() const { return &event_; }

private:
    yaml_event_t event_{};
};

/// libyaml's events of a text that outlives it. The first failure is kept and ends them.
class YamlEvents {
public:
    static constexpr std::size_t max_depth = 64;

    /// `file` is the endpoint of errors.
    YamlEvents(std::string_view text, std::string_view file);
    YamlEvents(const YamlEvents&) = delete;
    YamlEvents& operator=(const YamlEvents&) = delete;
    ~YamlEvents();

    bool next(YamlEvent& event);
    /// The only document of the text: `root` is given its first event, unless it is empty.
    template <class Root>
    void document(Root root) {
        YamlEvent start;
        YamlEvent begin;
        if (!next(start) || !next(begin) || begin->type != YAML_DOCUMENT_START_EVENT) {
            return;
        }
        YamlEvent first;
        if (next(first)) {
            root(first);
        }
        if (!has_failed()) {
            end_document();
        }
    }

    void fail(std::string message, const yaml_mark_t& mark);
    /// Fails at a tag that is neither absent nor `expected`.
    bool check_tag(const yaml_char_t* tag, std::string_view expected, const yaml_mark_t& mark);
    bool has_failed() const noexcept { return error_.has_value(); }
    /// Gives away the failure.
    std::optional<Error> take_error() { return std::move(error_); }
    /// How far it was read.
    const yaml_mark_t& mark() const noexcept { return parser_.mark; }

private:
    void end_document();

    std::string file_;
    yaml_parser_t parser_{};
    bool is_ready_ = false;
    std::optional<Error> error_;
};

/// Empty where libyaml has none.
std::string_view yaml_text(const yaml_char_t* text);

}  // namespace patroni::codec
