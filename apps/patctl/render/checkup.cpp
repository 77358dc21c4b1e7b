#include "patctl/render/checkup.hpp"

#include "codec/json.hpp"
#include "codec/yaml.hpp"
#include "patctl/render/table.hpp"
#include "patctl/render/words.hpp"

namespace patctl::render {
namespace {

using patroni::DiagnosisStep;
using patroni::Value;

std::string failed_step(const Checkup::Endpoint& endpoint) {
    for (const auto& step : endpoint.diagnosis.steps) {
        if (step.state == DiagnosisStep::State::failed) {
            return step.name;
        }
    }
    return {};
}

/// The Error without its endpoint, which stands before it.
std::string reason(const patroni::Error& error) {
    patroni::Error bare = error;
    bare.endpoint.clear();
    return to_line(bare);
}

std::string describe(const Checkup::Endpoint& endpoint) {
    const auto& diagnosis = endpoint.diagnosis;
    if (diagnosis.error) {
        return failed_step(endpoint) + ": " + reason(*diagnosis.error);
    }
    std::string text = diagnosis.product.empty() ? std::string("answers") : diagnosis.product;
    if (!diagnosis.version.empty()) {
        text += " " + safe(diagnosis.version);
    }
    if (!diagnosis.store_id.empty()) {
        text += ", cluster id " + safe(diagnosis.store_id);
    }
    return text;
}

std::string advice_line(const std::string& advice) {
    return advice.empty() ? std::string() : "       -> " + safe(advice) + "\n";
}

std::string result_line(bool ok, const std::string& subject, const std::string& message,
                        const std::string& advice) {
    return std::string(ok ? "  ok   " : "  FAIL ") + subject +
           (message.empty() ? std::string() : "  " + message) + "\n" + advice_line(advice);
}

std::string settings_lines(const Checkup& checkup) {
    if (checkup.settings.empty()) {
        return {};
    }
    Table table;
    table.add_column("KEY");
    table.add_column("VALUE");
    table.add_column("FROM");
    for (const auto& setting : checkup.settings) {
        table.add_row({safe(setting.key), safe(setting.value), safe(setting.place)});
    }
    return "Configuration\n" + table.text("  ") + "\n";
}

std::string store_lines(const Checkup& checkup) {
    std::string text;
    for (const auto& endpoint : checkup.endpoints) {
        text += result_line(!endpoint.diagnosis.error, endpoint.diagnosis.endpoint.text(),
                            describe(endpoint), endpoint.advice);
    }
    if (!checkup.store_message.empty()) {
        text += result_line(false, safe(checkup.store_message), "", checkup.store_advice);
    }
    return text.empty() ? text : "Store (" + checkup.source + ")\n" + text + "\n";
}

std::string cluster_names(const Checkup::Scope& scope) {
    constexpr std::size_t k_most = 20;
    std::string names;
    for (std::size_t i = 0; i < scope.clusters.size() && i < k_most; ++i) {
        names += (names.empty() ? "" : ", ") + safe(scope.clusters[i]);
    }
    return scope.clusters.size() > k_most
               ? names + " and " + std::to_string(scope.clusters.size() - k_most) + " more"
               : names;
}

std::string scope_lines(const Checkup& checkup) {
    const auto& scope = checkup.scope;
    if (!scope.found && scope.message.empty()) {
        return {};
    }
    const bool ok = scope.found.value_or(false) && scope.message.empty();
    std::string subject = scope.name.empty() ? "every cluster" : safe(scope.name);
    std::string message = safe(scope.message);
    if (!scope.clusters.empty() && !(ok && !scope.name.empty())) {
        message += (message.empty() ? "" : "; ") + ("there is: " + cluster_names(scope));
    }
    return "Scope (namespace " + safe(scope.name_space) + ")\n" +
           result_line(ok, subject, message, scope.advice) + "\n";
}

std::string member_lines(const Checkup& checkup) {
    std::string text;
    for (const auto& member : checkup.members) {
        text += result_line(
            member.ok,
            safe(member.name) + "  " + (member.api_url.empty() ? std::string("?") : member.api_url),
            safe(member.message), member.advice);
    }
    return text.empty() ? text : "Members, as seen from here\n" + text + "\n";
}

std::string pretty(const Checkup& checkup) {
    return settings_lines(checkup) + store_lines(checkup) + scope_lines(checkup) +
           member_lines(checkup) +
           (checkup.is_healthy() ? "OK  everything answers\n"
                                 : "FAIL  begin with the first line that is not ok\n");
}

std::string tsv(const Checkup& checkup) {
    std::string text = tsv_line({"part", "subject", "state", "step", "message", "advice", "place"});
    for (const auto& setting : checkup.settings) {
        text += tsv_line({"configuration", setting.key, "", "", setting.value, "", setting.place});
    }
    for (const auto& endpoint : checkup.endpoints) {
        const bool failed = endpoint.diagnosis.error.has_value();
        text += tsv_line({"store", endpoint.diagnosis.endpoint.text(), failed ? "failed" : "ok",
                          failed_step(endpoint), describe(endpoint), endpoint.advice, ""});
    }
    if (!checkup.store_message.empty()) {
        text +=
            tsv_line({"store", "", "failed", "", checkup.store_message, checkup.store_advice, ""});
    }
    if (const auto& scope = checkup.scope; scope.found || !scope.message.empty()) {
        const bool ok = scope.found.value_or(false) && scope.message.empty();
        text += tsv_line(
            {"scope", scope.name, ok ? "ok" : "failed", "", scope.message, scope.advice, ""});
    }
    for (const auto& member : checkup.members) {
        text += tsv_line({"member", member.name, member.ok ? "ok" : "failed", member.error,
                          member.message, member.advice, member.api_url});
    }
    return text;
}

Value text_or_null(const std::string& text) {
    return text.empty() ? Value() : Value(text);
}

Value endpoint_value(const Checkup::Endpoint& endpoint) {
    const auto& diagnosis = endpoint.diagnosis;
    Value steps = Value::object();
    for (const auto& step : diagnosis.steps) {
        steps.set(step.name, to_string(step.state));
    }
    return Value::object(
        {{"endpoint", diagnosis.endpoint.text()},
         {"ok", !diagnosis.error.has_value()},
         {"steps", std::move(steps)},
         {"product", text_or_null(diagnosis.product)},
         {"version", text_or_null(diagnosis.version)},
         {"store_id", text_or_null(diagnosis.store_id)},
         {"error", diagnosis.error ? Value(to_string(diagnosis.error->kind)) : Value()},
         {"message", diagnosis.error ? Value(reason(*diagnosis.error)) : Value()},
         {"advice", text_or_null(endpoint.advice)}});
}

Value document(const Checkup& checkup) {
    Value settings = Value::array();
    for (const auto& setting : checkup.settings) {
        settings.push_back(Value::object({{"key", setting.key},
                                          {"value", setting.value},
                                          {"place", text_or_null(setting.place)}}));
    }
    Value endpoints = Value::array();
    for (const auto& endpoint : checkup.endpoints) {
        endpoints.push_back(endpoint_value(endpoint));
    }
    Value clusters = Value::array();
    for (const auto& name : checkup.scope.clusters) {
        clusters.push_back(name);
    }
    const auto& scope = checkup.scope;
    Value members = Value::array();
    for (const auto& member : checkup.members) {
        members.push_back(Value::object({{"name", member.name},
                                         {"scope", text_or_null(member.scope)},
                                         {"api_url", text_or_null(member.api_url)},
                                         {"ok", member.ok},
                                         {"error", text_or_null(member.error)},
                                         {"message", text_or_null(member.message)},
                                         {"advice", text_or_null(member.advice)}}));
    }
    return Value::object(
        {{"format", "patroni.doctor/1"},
         {"healthy", checkup.is_healthy()},
         {"source", checkup.source},
         {"configuration", std::move(settings)},
         {"endpoints", std::move(endpoints)},
         {"store", Value::object({{"message", text_or_null(checkup.store_message)},
                                  {"advice", text_or_null(checkup.store_advice)}})},
         {"scope", Value::object({{"name", text_or_null(scope.name)},
                                  {"namespace", scope.name_space},
                                  {"found", scope.found ? Value(*scope.found) : Value()},
                                  {"clusters", std::move(clusters)},
                                  {"message", text_or_null(scope.message)},
                                  {"advice", text_or_null(scope.advice)}})},
         {"members", std::move(members)}});
}

}  // namespace

std::string checkup_text(const Checkup& checkup, Format format) {
    switch (format) {
        case Format::pretty:
            return pretty(checkup);
        case Format::tsv:
            return tsv(checkup);
        case Format::json:
            return patroni::codec::to_pretty_json(document(checkup)) + "\n";
        case Format::yaml:
            return patroni::codec::to_yaml(document(checkup));
    }
    return {};
}

}  // namespace patctl::render
