#include "patctl/render/health.hpp"

#include "codec/json.hpp"
#include "codec/yaml.hpp"
#include "patctl/render/call.hpp"
#include "patctl/render/words.hpp"

#include <string_view>

namespace patctl::render {
namespace {

using patroni::HealthCondition;
using patroni::Value;

std::string_view mark(const std::optional<bool>& holds) {
    return !holds ? "?  " : *holds ? "yes" : "NO ";
}

std::string condition_line(const HealthCondition& condition, const char* indent) {
    return indent + std::string(mark(condition.holds)) + "  " + safe(condition.what) + ": " +
           safe(condition.evidence) + "\n";
}

std::string judgement(const HealthAnswer& answer) {
    const auto agrees = answer.agrees();
    if (!agrees) {
        return "what could be seen from here does not decide it\n";
    }
    if (*agrees) {
        return {};
    }
    return std::string("! by these facts it should be ") +
           (*answer.explanation.expected() ? "200" : "503") +
           ": they changed in between (ask again), or the member knows more than it says\n";
}

std::string pretty(const HealthAnswer& answer) {
    const auto& explanation = answer.explanation;
    std::string text =
        std::to_string(answer.status) + (answer.status == 200 ? "  well      " : "  not well  ") +
        safe(answer.target) + " of " + safe(answer.member) + "  (" + answer.api.text() +
        ", Patroni " + (answer.version.empty() ? "?" : safe(answer.version)) + ")\n";
    text += "asks for " + explanation.asks + "\n";
    for (const auto& alternative : explanation.any_of) {
        text += std::string(mark(alternative.holds())) + "  as " + alternative.as + "\n";
        for (const auto& condition : alternative.conditions) {
            text += condition_line(condition, "       ");
        }
    }
    for (const auto& condition : explanation.all_of) {
        text += condition_line(condition, "");
    }
    for (const auto& remark : explanation.remarks) {
        text += "- " + safe(remark) + "\n";
    }
    for (const auto& line : answer.not_known) {
        text += "- not known: " + safe(line) + "\n";
    }
    return text + judgement(answer);
}

std::string word(const std::optional<bool>& holds) {
    return !holds ? "" : *holds ? "true" : "false";
}

std::string tsv(const HealthAnswer& answer) {
    std::string text = tsv_line({"as", "condition", "holds", "evidence"});
    for (const auto& alternative : answer.explanation.any_of) {
        for (const auto& condition : alternative.conditions) {
            text += tsv_line(
                {alternative.as, condition.what, word(condition.holds), condition.evidence});
        }
    }
    for (const auto& condition : answer.explanation.all_of) {
        text += tsv_line({"", condition.what, word(condition.holds), condition.evidence});
    }
    return text;
}

Value maybe(const std::optional<bool>& value) {
    return value ? Value(*value) : Value();
}

Value conditions_of(const std::vector<HealthCondition>& conditions) {
    Value list = Value::array();
    for (const auto& condition : conditions) {
        list.push_back(Value::object({{"what", safe(condition.what)},
                                      {"holds", maybe(condition.holds)},
                                      {"evidence", safe(condition.evidence)}}));
    }
    return list;
}

Value texts(const std::vector<std::string>& lines) {
    Value list = Value::array();
    for (const auto& line : lines) {
        list.push_back(safe(line));
    }
    return list;
}

Value health_document(const HealthAnswer& answer) {
    Value any_of = Value::array();
    for (const auto& alternative : answer.explanation.any_of) {
        any_of.push_back(Value::object({{"as", alternative.as},
                                        {"holds", maybe(alternative.holds())},
                                        {"conditions", conditions_of(alternative.conditions)}}));
    }
    return Value::object(
        {{"format", "patroni.health/1"},
         {"member", safe(answer.member)},
         {"api_url", answer.api.text()},
         {"patroni_version", answer.version.empty() ? Value() : Value(safe(answer.version))},
         {"path", safe(answer.target)},
         {"status", answer.status == 0 ? Value() : Value(answer.status)},
         {"healthy", answer.status == 0 ? Value() : Value(answer.status == 200)},
         {"expected", maybe(answer.explanation.expected())},
         {"agrees", maybe(answer.agrees())},
         {"asks", answer.explanation.asks},
         {"any_of", std::move(any_of)},
         {"all_of", conditions_of(answer.explanation.all_of)},
         {"remarks", texts(answer.explanation.remarks)},
         {"error", error_value(answer.error)},
         {"not_known", texts(answer.not_known)}});
}

}  // namespace

std::string health_text(const HealthAnswer& answer, Format format) {
    switch (format) {
        case Format::pretty:
            return pretty(answer);
        case Format::tsv:
            return tsv(answer);
        case Format::json:
            return patroni::codec::to_pretty_json(health_document(answer)) + "\n";
        case Format::yaml:
            return patroni::codec::to_yaml(health_document(answer));
    }
    return {};
}

}  // namespace patctl::render
