#include "simulator/rest_call.hpp"

#include "base/text.hpp"
#include "codec/json.hpp"
#include "simulator/python_json.hpp"
#include "simulator/schedule_time.hpp"

#include <utility>

namespace patroni::simulation {

bool RestCall::fails_without_store() const {
    if (member.reaches_store) {
        return false;
    }
    ha.clock().after(cluster().retry_timeout, [responder = responder] { responder.reply({}); });
    return true;
}

std::optional<Value> read_object(const RestCall& call, bool optional_body, HttpReply& refusal) {
    const auto length = call.request.header("Content-Length");
    if (!length) {
        if (optional_body) {
            return Value::object();
        }
        refusal = call.replies.error(411);
        return std::nullopt;
    }
    if (parse_integer<long>(*length) == 0 && optional_body) {
        return Value::object();
    }
    Result<Value> body = codec::parse_json(call.request.body);
    const Value::Object* fields = body ? body->if_object() : nullptr;
    if (!parse_integer<long>(*length) || fields == nullptr || (fields->empty() && !optional_body)) {
        refusal = call.replies.error(400);
        return std::nullopt;
    }
    return *std::move(body);
}

std::optional<Value> read_object(const RestCall& call, bool optional_body) {
    HttpReply refusal;
    auto object = read_object(call, optional_body, refusal);
    if (!object) {
        call.responder.reply(std::move(refusal));
    }
    return object;
}

std::string python_text(const Value& value) {
    if (const bool* flag = value.if_bool()) {
        return *flag ? "True" : "False";
    }
    if (const std::string* text = value.if_string()) {
        return *text;
    }
    return value.is_null() ? "None" : python_json(value);
}

std::string true_text(const Value& object, std::string_view key) {
    const Value* value = object.find(key);
    const bool is_false = value == nullptr || value->is_null() || *value == Value(false) ||
                          *value == Value(0) || *value == Value("");
    return is_false ? std::string() : python_text(*value);
}

Schedule parse_schedule(const RestCall& call, const Value& wanted, const std::string& action) {
    const bool named = call.has(Feature::restart_filters);
    const std::string* text = wanted.if_string();
    const auto time = text == nullptr ? std::nullopt : parse_schedule_time(*text);
    if (!time) {
        return {.status = 422,
                .error =
                    "Unable to parse scheduled timestamp. It should be in an unambiguous "
                    "format, e.g. ISO 8601"};
    }
    if (!time->has_zone) {
        return {.status = 400,
                .error = "Timezone information is mandatory for " +
                         (named ? "the scheduled " + action : std::string("scheduled_at"))};
    }
    if (time->time < call.ha.clock().wall()) {
        return {.status = 422, .error = "Cannot schedule " + action + " in the past"};
    }
    return {.at = time->time, .text = time->text};
}

}  // namespace patroni::simulation
