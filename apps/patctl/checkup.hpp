#pragma once

#include "patctl/source.hpp"

#include <patroni/diagnosis.hpp>
#include <patroni/status.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace patctl {

/// What `doctor` found out.
struct Checkup {
    /// A value that is used, and where it was said.
    struct Setting {
        std::string key;
        std::string value;  ///< Of a secret: "(set)".
        std::string place;
    };
    struct Endpoint {
        patroni::EndpointDiagnosis diagnosis;
        std::string advice;  ///< Empty: nothing to do.
    };
    struct Member {
        std::string scope, name;
        std::string api_url;  ///< Empty: the store names none.
        bool ok = false;
        std::string message;  ///< What it is, or why it does not answer.
        std::string error;    ///< Kind of the failure; empty: it answered.
        std::string advice;
    };
    struct Scope {
        std::string name;  ///< Empty: every cluster was asked for.
        std::string name_space;
        std::optional<bool> found;          ///< nullopt: nobody could say.
        std::vector<std::string> clusters;  ///< What there is in the namespace.
        std::string message;
        std::string advice;
    };

    std::string source;  ///< Kind of the source.
    std::vector<Setting> settings;
    std::vector<Endpoint> endpoints;
    std::string store_message;  ///< Of all endpoints together; empty: nothing to say.
    std::string store_advice;
    Scope scope;
    std::vector<Member> members;

    bool is_store_read() const;
    bool is_healthy() const;
};

/// Looks at the store, the scope and the members, each within the timeout.
Checkup examine(const ResolvedSource& source, std::chrono::milliseconds timeout);

/// The values that a source uses, of the sections that count; secrets are not shown.
std::vector<Checkup::Setting> used_settings(const patroni::config::Configuration& configuration,
                                            const std::string& store);

}  // namespace patctl
