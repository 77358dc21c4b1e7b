#pragma once

#include "patctl/options.hpp"

#include <patroni/error.hpp>
#include <patroni/health_explanation.hpp>
#include <patroni/url.hpp>

#include <optional>
#include <string>
#include <vector>

namespace patctl::render {

/// What a member answered to a health check, and why it should have.
struct HealthAnswer {
    std::string member;
    patroni::Origin api;
    std::string version;  ///< Patroni's, as the member says it.
    std::string target;
    int status = 0;                       ///< 0: there was no answer.
    std::optional<patroni::Error> error;  ///< Why.
    patroni::HealthExplanation explanation;
    std::vector<std::string> not_known;  ///< Why facts are missing: one line each.

    /// nullopt: the facts do not decide.
    std::optional<bool> agrees() const {
        const auto expected = explanation.expected();
        return expected && status != 0 ? std::optional(*expected == (status == 200)) : std::nullopt;
    }
};

std::string health_text(const HealthAnswer& answer, Format format);

}  // namespace patctl::render
