#pragma once

#include "patctl/options.hpp"

#include <patroni/status.hpp>

#include <string>

namespace patctl::render {

/// How a status is shown.
struct StatusStyle {
    Format format = Format::pretty;
    bool color = false;
    bool details = false;  ///< -v: more columns, and a table for each of several clusters.
    std::string source;    ///< Options that lead to this source again, for the closing hint.
};

std::string status_text(const patroni::StatusReport& report, const StatusStyle& style);

/// The first line: verdict, scope, who leads, how many replicas are well.
std::string headline(const patroni::ClusterStatus& cluster);

}  // namespace patctl::render
