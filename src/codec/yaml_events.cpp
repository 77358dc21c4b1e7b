#include "codec/yaml_events.hpp"

namespace patroni::codec {

YamlEvents::YamlEvents(std::string_view text, std::string_view file) : file_(file) {
    is_ready_ = yaml_parser_initialize(&parser_) == 1;
    if (is_ready_) {
        yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()),
                                     text.size());
    }
}

YamlEvents::~YamlEvents() {
    if (is_ready_) {
        yaml_parser_delete(&parser_);
    }
}

void YamlEvents::fail(std::string message, const yaml_mark_t& mark) {
    if (error_) {
        return;
    }
    error_.emplace();
    error_->kind = ErrorKind::config;
    error_->endpoint = file_;
    error_->message = "line " + std::to_string(mark.line + 1) + ", column " +
                      std::to_string(mark.column + 1) + ": " + std::move(message);
}

bool YamlEvents::next(YamlEvent& event) {
    if (error_ || !is_ready_) {
        fail("out of memory", {});
        return false;
    }
    if (yaml_parser_parse(&parser_, event.get()) == 1) {
        return true;
    }
    // libyaml's own words never repeat the text.
    const bool in_reader = parser_.error == YAML_READER_ERROR;
    fail(parser_.problem ? parser_.problem : "invalid YAML",
         in_reader ? parser_.mark : parser_.problem_mark);
    return false;
}

void YamlEvents::end_document() {
    YamlEvent end;
    YamlEvent after;
    if (next(end) && next(after) && after->type != YAML_STREAM_END_EVENT) {
        fail("expected a single document, found another one", after->start_mark);
    }
}

bool YamlEvents::check_tag(const yaml_char_t* tag, std::string_view expected,
                           const yaml_mark_t& mark) {
    const std::string_view name = yaml_text(tag);
    if (!name.empty() && name != "!" && name != expected) {
        fail("a tag that plain YAML does not know", mark);
    }
    return !error_;
}

std::string_view yaml_text(const yaml_char_t* text) {
    return text ? std::string_view(reinterpret_cast<const char*>(text)) : std::string_view();
}

}  // namespace patroni::codec
