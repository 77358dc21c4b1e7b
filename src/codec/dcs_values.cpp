#include "codec/dcs_values.hpp"

#include "base/text.hpp"
#include "codec/fields.hpp"
#include "codec/json.hpp"

#include <algorithm>
#include <utility>

namespace patroni::codec {
namespace {

std::optional<std::string> word_field(const Value& object, std::string_view key) {
    auto text = string_field(object, key);
    return text && !text->empty() ? std::move(text) : std::nullopt;
}

/// A JSON object, or null and a problem.
Read<Value> read_object(std::string_view text) {
    auto parsed = parse_json(text);
    if (!parsed) {
        return {Value(), std::move(parsed).error().message};
    }
    if (!parsed->if_object()) {
        return {Value(), "not a JSON object"};
    }
    return {std::move(*parsed), ""};
}

/// "a, b" as names.
std::vector<std::string> split_names(std::string_view text) {
    std::vector<std::string> names;
    while (!text.empty()) {
        const std::string_view part = text.substr(0, text.find(','));
        text.remove_prefix(std::min(part.size() + 1, text.size()));
        if (const std::string_view name = trim(part); !name.empty()) {
            names.emplace_back(name);
        }
    }
    return names;
}

/// A list of texts, which on Kubernetes stands in a string.
std::vector<std::string> text_list_field(const Value& object, std::string_view key) {
    const Value* field = object.find(key);
    Value embedded;
    if (const std::string* text = field ? field->if_string() : nullptr) {
        if (auto parsed = parse_json(*text)) {
            embedded = std::move(*parsed);
        }
        field = &embedded;
    }
    std::vector<std::string> texts;
    if (const Value::Array* items = field ? field->if_array() : nullptr) {
        for (const Value& item : *items) {
            if (const std::string* text = item.if_string()) {
                texts.push_back(*text);
            }
        }
    }
    return texts;
}

std::optional<Lsn> known_lsn(const Value* value) {
    if (!value) {
        return std::nullopt;
    }
    std::optional<std::uint64_t> bytes;
    if (const std::int64_t* number = value->if_int(); number && *number > 0) {
        bytes = static_cast<std::uint64_t>(*number);
    } else if (const std::uint64_t* natural = value->if_uint()) {
        bytes = *natural;
    } else if (const std::string* text = value->if_string()) {
        bytes = parse_integer<std::uint64_t>(*text);  // An annotation on Kubernetes.
    }
    return bytes && *bytes != 0 ? std::optional(Lsn(*bytes)) : std::nullopt;
}

std::optional<HistoryEntry> history_entry(const Value& value) {
    const Value::Array* row = value.if_array();
    if (!row || row->size() < 3 || !(*row)[0].if_int()) {
        return std::nullopt;
    }
    HistoryEntry result;
    result.timeline = *(*row)[0].if_int();
    result.lsn = known_lsn(&(*row)[1]).value_or(Lsn());
    const auto text = [&](std::size_t index) {
        const std::string* word = index < row->size() ? (*row)[index].if_string() : nullptr;
        return word ? std::optional(*word) : std::nullopt;
    };
    result.reason = text(2).value_or(std::string());
    result.timestamp = text(3);
    result.new_leader = text(4);
    return result;
}

}  // namespace

Read<Value> read_config(std::string_view text) {
    return read_object(text);
}

Read<std::optional<SyncState>> read_sync(std::string_view text) {
    auto [object, problem] = read_object(text);
    auto leader = word_field(object, "leader");
    if (!leader) {
        return {std::nullopt, std::move(problem)};
    }
    SyncState state{std::move(*leader), split_names(text_field(object, "sync_standby")),
                    int_field(object, "quorum")};
    return {std::move(state), std::move(problem)};
}

Read<StatusKey> read_status(std::string_view text) {
    auto parsed = parse_json(text);
    if (!parsed) {
        return {{}, std::move(parsed).error().message};
    }
    if (parsed->if_object()) {
        return {{known_lsn(parsed->find("optime")), text_list_field(*parsed, "retain_slots")}, ""};
    }
    if (parsed->if_int() || parsed->if_uint()) {
        return {{known_lsn(&*parsed), {}}, ""};
    }
    return {{}, "neither a JSON object nor a number"};
}

Read<FailoverRequest> read_failover(std::string_view text) {
    if (trim(text).empty()) {
        return {};
    }
    auto parsed = parse_json(text);
    if (parsed && parsed->if_object()) {
        return {{word_field(*parsed, "leader"), word_field(*parsed, "member"),
                 word_field(*parsed, "scheduled_at")},
                ""};
    }
    const std::size_t colon = text.find(':');
    if (parsed || colon == std::string_view::npos || text.find_first_of("{}[]\"") < text.size()) {
        return {{}, "neither a JSON object nor leader:candidate"};
    }
    // The form of old versions, still read by new ones.
    FailoverRequest request;
    const auto word = [](std::string_view part) {
        part = trim(part);
        return part.empty() ? std::nullopt : std::optional(std::string(part));
    };
    request.leader = word(text.substr(0, colon));
    request.candidate = word(text.substr(colon + 1, text.find(':', colon + 1) - colon - 1));
    return {std::move(request), ""};
}

Read<History> read_history(std::string_view text) {
    auto parsed = parse_json(text);
    return parsed ? history_of(*parsed) : Read<History>{{}, std::move(parsed).error().message};
}

Read<History> history_of(const Value& document) {
    const Value::Array* rows = document.if_array();
    if (!rows) {
        return {{}, "not a JSON array"};
    }
    Read<History> result;
    for (const Value& value : *rows) {
        if (auto entry = history_entry(value)) {
            result.value.entries.push_back(std::move(*entry));
        } else {
            ++result.value.unreadable;
            result.problem = "a row is not [timeline, position, reason, ...]";
        }
    }
    return result;
}

Read<std::map<std::string, std::optional<Origin>>> read_failsafe(std::string_view text) {
    auto [object, problem] = read_object(text);
    auto result = failsafe_of(object);
    if (!problem.empty()) {
        result.problem = std::move(problem);
    }
    return result;
}

Read<std::map<std::string, std::optional<Origin>>> failsafe_of(const Value& document) {
    Read<std::map<std::string, std::optional<Origin>>> result;
    if (const Value::Object* fields = document.if_object()) {
        for (const auto& [name, url] : *fields) {
            auto api = api_field(Value::object({{"api_url", url}}), "api_url");
            if (!api) {
                result.problem = "an api_url is no http or https URL";
            }
            result.value.emplace(name, std::move(api));
        }
    }
    return result;
}

std::string slot_name_from_member_name(std::string_view member) {
    constexpr std::size_t max_length = 63;
    const std::string name = to_lower(member);
    std::string slot;
    for (std::size_t i = 0; i < name.size() && slot.size() < max_length;) {
        const char c = name[i];
        const std::size_t length = utf8_length(name, i);
        if ((c >= 'a' && c <= 'z') || is_digit(c) || c == '_') {
            slot += c;
        } else if (c == '-' || c == '.') {
            slot += '_';
        } else {
            const std::uint32_t point =
                length == 0 ? static_cast<unsigned char>(c) : utf8_decode(name, i, length);
            const std::string digits = std::to_string(point);
            slot += 'u';
            slot.append(4 - std::min<std::size_t>(digits.size(), 4), '0');
            slot += digits;
        }
        i += std::max<std::size_t>(length, 1);
    }
    slot.resize(std::min(slot.size(), max_length));
    return slot;
}

}  // namespace patroni::codec
