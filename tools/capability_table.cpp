// The table of Patroni's calls as JSON, for tools/write_rest_api.
#include "codec/json.hpp"

#include <patroni/capability.hpp>
#include <patroni/value.hpp>

#include <cstdio>

int main() {
    using patroni::Value;
    Value rows = Value::array();
    for (const patroni::Capability& row : patroni::capabilities()) {
        Value parameters = Value::array();
        for (const patroni::Parameter& parameter : row.parameters) {
            parameters.push_back(Value::object({{"name", parameter.name},
                                                {"in_query", parameter.in_query},
                                                {"required", parameter.required},
                                                {"since", to_string(parameter.since)},
                                                {"type", parameter.type},
                                                {"meaning", parameter.meaning}}));
        }
        rows.push_back(Value::object(
            {{"method", row.method},
             {"path", row.path},
             {"aliases", row.aliases},
             {"since", to_string(row.since)},
             {"until", row.until ? Value(to_string(*row.until)) : Value()},
             {"access", to_string(row.access)},
             {"risk", to_string(row.risk)},
             {"idempotent", row.idempotent},
             {"typical_ms", std::int64_t{row.typical.count()}},
             {"timeout_ms", std::int64_t{row.timeout.count()}},
             {"answers", row.answers},
             {"meaning", row.meaning},
             {"is_health_check", row.is_health_check()},
             {"parameters", std::move(parameters)}}));
    }
    std::puts(patroni::codec::to_pretty_json(rows).c_str());
}
