#include "simulator/etcd2_form.hpp"

#include "base/text.hpp"
#include "simulator/python_json.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace patroni::simulation {
namespace {

constexpr std::string_view root = "/v2/keys";

Etcd2Error wrong(int code, std::string cause) {
    return {.code = code, .cause = std::move(cause)};
}

Etcd2Error wrong_field(int code, std::string_view name) {
    return wrong(code, "invalid value for \"" + std::string(name) + "\"");
}

/// The first escape that is none, as it stands there.
std::optional<std::string> bad_escape(std::string_view text) {
    for (std::size_t at = text.find('%'); at != std::string_view::npos;
         at = text.find('%', at + 1)) {
        const std::string_view digits = text.substr(at + 1, 2);
        if (digits.size() < 2 || !parse_integer<unsigned>(digits, 16)) {
            return std::string(text.substr(at, 3));
        }
    }
    return std::nullopt;
}

/// Unlike Python's, Go's form keeps empty values.
void add_fields(Query& fields, std::string_view text) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('&'), text.size());
        const std::string_view part = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const std::size_t equals = std::min(part.find('='), part.size());
        if (!part.empty()) {
            fields.emplace_back(
                percent_decode(part.substr(0, equals), true),
                percent_decode(part.substr(std::min(equals + 1, part.size())), true));
        }
    }
}

std::string clean_path(std::string_view path) {
    std::vector<std::string_view> parts;
    while (!path.empty()) {
        const std::size_t end = std::min(path.find('/'), path.size());
        const std::string_view part = path.substr(0, end);
        path.remove_prefix(std::min(end + 1, path.size()));
        if (part == "..") {
            if (!parts.empty()) {
                parts.pop_back();
            }
        } else if (!part.empty() && part != ".") {
            parts.push_back(part);
        }
    }
    std::string clean;
    for (const std::string_view part : parts) {
        (clean += '/') += part;
    }
    return clean.empty() ? "/" : clean;
}

/// Go's strconv.ParseBool.
std::optional<bool> boolean(std::string_view text) {
    static constexpr std::array<std::string_view, 6> yes{"1", "t", "T", "true", "TRUE", "True"};
    static constexpr std::array<std::string_view, 6> no{"0", "f", "F", "false", "FALSE", "False"};
    return std::ranges::find(yes, text) != yes.end() ? std::optional(true)
           : std::ranges::find(no, text) != no.end() ? std::optional(false)
                                                     : std::nullopt;
}

struct Kind {
    int status;
    std::string_view message;
};

Kind kind_of(int code) {
    switch (code) {
        case 100:
            return {404, "Key not found"};
        case 101:
            return {412, "Compare failed"};
        case 102:
            return {403, "Not a file"};
        case 104:
            return {400, "Not a directory"};
        case 105:
            return {412, "Key already exists"};
        case 107:
            return {400, "Root is read only"};
        case 108:
            return {403, "Directory not empty"};
        case 110:
            return {401, "The request requires user authentication"};
        case 201:
            return {400, "PrevValue is Required in POST form"};
        case 202:
            return {400, "The given TTL in POST form is not a number"};
        case 203:
            return {400, "The given index in POST form is not a number"};
        case 209:
            return {400, "Invalid field"};
        case 210:
            return {400, "Invalid POST form"};
        case 211:
            return {400, "Value provided on refresh"};
        case 212:
            return {400, "A TTL must be provided on refresh"};
        case 401:
            return {400, "The event in requested index is outdated and cleared"};
        default:
            return {500, "Raft Internal Error"};
    }
}

}  // namespace

EtcdAnswer etcd2_error(const Etcd2Error& error) {
    const Kind kind = kind_of(error.code);
    const std::string index = std::to_string(error.index);
    return {.status = kind.status,
            .body = go_json(Value::object({{"errorCode", error.code},
                                           {"message", kind.message},
                                           {"cause", error.cause},
                                           {"index", error.index}})) +
                    "\n",
            .more_headers = "X-Etcd-Cluster-Id: " + std::string(etcd2_cluster_id) +
                            "\r\nX-Etcd-Index: " + index + "\r\n"};
}

std::optional<Etcd2Error> Etcd2Form::read(const HttpRequest& request) {
    std::string_view target = request.target;
    target = target.substr(0, target.find('#'));
    const std::size_t question = std::min(target.find('?'), target.size());
    path = clean_path(percent_decode(target.substr(root.size(), question - root.size()), false));
    const std::string_view query = target.substr(std::min(question + 1, target.size()));
    const bool has_form = (request.method == "PUT" || request.method == "POST") &&
                          request.header("Content-Type")
                              .value_or("")
                              .starts_with("application/x-www-form-urlencoded");
    Query fields;
    const std::string_view body = request.body;
    for (const std::string_view part : {has_form ? body : std::string_view(), query}) {
        if (const auto escape = bad_escape(part)) {
            return wrong(210, "invalid URL escape \"" + *escape + "\"");
        }
        add_fields(fields, part);
    }
    for (const auto& [name, number] :
         {std::pair{"prevIndex", &previous_index}, std::pair{"waitIndex", &wait_index}}) {
        const auto text = find_parameter(fields, name);
        const auto index = text ? parse_integer<std::int64_t>(*text) : std::nullopt;
        if (text && !text->empty() && (!index || *index < 0)) {
            return wrong_field(203, name);
        }
        *number = index.value_or(0);
    }
    for (const auto& [name, flag] :
         {std::pair{"recursive", &recursive}, std::pair{"sorted", &sorted},
          std::pair{"wait", &wait}, std::pair{"dir", &directory}, std::pair{"quorum", &quorum},
          std::pair{"stream", &stream}, std::pair{"refresh", &refresh}}) {
        if (const auto text = find_parameter(fields, name)) {
            const auto word = boolean(*text);
            if (!word) {
                return wrong_field(209, name);
            }
            *flag = *word;
        }
    }
    if (wait && request.method != "GET") {
        return wrong(209, "\"wait\" can only be used with GET requests");
    }
    const auto previous = find_parameter(fields, "prevValue");
    if (previous && previous->empty()) {
        return wrong(201, "\"prevValue\" cannot be empty");
    }
    previous_value = previous.value_or("");
    if (const auto text = find_parameter(fields, "ttl"); text && !text->empty()) {
        const auto number = parse_integer<std::uint32_t>(*text);
        if (!number) {
            return wrong_field(202, "ttl");
        }
        ttl = std::chrono::seconds(*number);
    }
    if (const auto text = find_parameter(fields, "prevExist")) {
        previous_exists = boolean(*text);
        if (!previous_exists) {
            return wrong(209, "invalid value for prevExist");
        }
    }
    value = find_parameter(fields, "value").value_or("");
    if (refresh && find_parameter(fields, "value")) {
        return wrong(211, "A value was provided on a refresh");
    }
    if (refresh && !ttl) {
        return wrong(212, "No TTL value set");
    }
    return std::nullopt;
}

}  // namespace patroni::simulation
