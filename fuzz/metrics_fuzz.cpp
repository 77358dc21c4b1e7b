#include "check.hpp"
#include "codec/metrics_text.hpp"

#include <algorithm>
#include <cmath>

using namespace patroni;

namespace {

std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '\n') {
            out += "\\n";
        } else {
            out += c == '\\' || c == '"' ? std::string("\\") + c : std::string(1, c);
        }
    }
    return out;
}

/// The same samples in the plainest form of the format.
std::string written(const Metrics& metrics) {
    std::string text;
    for (const MetricSample& sample : metrics.samples) {
        text += sample.name + '{';
        for (const auto& [name, value] : sample.labels) {
            text += name + "=\"" + escaped(value) + "\",";
        }
        text += "} " + sample.text;
        text += sample.timestamp_ms ? ' ' + std::to_string(*sample.timestamp_ms) : "";
        text += '\n';
    }
    return text;
}

bool same(const MetricSample& left, const MetricSample& right) {
    return left.name == right.name && left.labels == right.labels && left.text == right.text &&
           left.timestamp_ms == right.timestamp_ms &&
           (left.value == right.value || (std::isnan(left.value) && std::isnan(right.value)));
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzz::text(data, size);
    const auto metrics = codec::decode_metrics(text);
    if (!metrics) {
        const Error& error = metrics.error();
        fuzz::check(error.kind == ErrorKind::decode || error.kind == ErrorKind::limit,
                    "bad metrics are a decode or limit error");
        const std::size_t lines =
            static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
        if (error.message.starts_with("line ")) {
            const unsigned long line = std::strtoul(error.message.c_str() + 5, nullptr, 10);
            fuzz::check(line >= 1 && line <= lines + 1, "the line is one of the text");
        } else {
            fuzz::check(error.message == "the answer has no metrics", "an error names the line");
        }
        return 0;
    }
    fuzz::check(text.ends_with('\n'), "a text without its last line end is refused");
    fuzz::check(!metrics->samples.empty(), "an answer has samples");
    const auto again = codec::decode_metrics(written(*metrics));
    fuzz::check(again && again->samples.size() == metrics->samples.size(), "samples read back");
    for (std::size_t i = 0; i < metrics->samples.size(); ++i) {
        fuzz::check(same(metrics->samples[i], again->samples[i]), "a sample reads back");
    }
    const MemberMetrics member = metrics->member();
    const MemberMetrics read_back = again->member();
    fuzz::check(member.version == read_back.version && member.location == read_back.location &&
                    member.dcs_last_seen == read_back.dcs_last_seen &&
                    member.postgres_state == read_back.postgres_state,
                "the facts read back");
    if (member.postmaster_start_time) {
        fuzz::check(to_iso(*member.postmaster_start_time).size() == 24, "a time has four digits");
    }
    return 0;
}
