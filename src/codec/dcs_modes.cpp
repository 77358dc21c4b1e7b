#include "base/text.hpp"
#include "codec/dcs_values.hpp"
#include "codec/fields.hpp"

namespace patroni::codec {
namespace {

/// What Python's `str(value).lower()` gives for a scalar.
std::string word(const Value* value) {
    if (!value) {
        return {};
    }
    if (const std::string* text = value->if_string()) {
        return to_lower(*text);
    }
    if (const bool* flag = value->if_bool()) {
        return *flag ? "true" : "false";
    }
    const std::int64_t* number = value->if_int();
    return number ? std::to_string(*number) : std::string();
}

bool is_set(const Value* value) {
    if (!value || value->is_null()) {
        return false;
    }
    if (const std::string* text = value->if_string()) {
        return !text->empty();
    }
    const std::int64_t* number = value->if_int();
    const bool* flag = value->if_bool();
    return !(number && *number == 0) && !(flag && !*flag);
}

}  // namespace

bool is_truthy(const Value* value) {
    const std::string text = word(value);
    return text == "on" || text == "true" || text == "yes" || text == "1";
}

bool is_standby_cluster(const Value& config) {
    const Value* standby = config.find("standby_cluster");
    return standby && (is_set(standby->find("host")) || is_set(standby->find("port")) ||
                       is_set(standby->find("restore_command")));
}

bool is_quorum_mode(const Value& config) {
    return word(config.find("synchronous_mode")) == "quorum";
}

bool is_synchronous(const Value& config) {
    return (is_truthy(config.find("synchronous_mode")) || is_quorum_mode(config)) &&
           !is_standby_cluster(config);
}

}  // namespace patroni::codec
