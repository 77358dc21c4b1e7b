#include "simulator/send_plan.hpp"

#include <algorithm>
#include <utility>

namespace patroni::simulation {
namespace {

using End = SendPlan::End;

constexpr std::size_t block_bytes = 16 * 1024;

std::string whole(const std::vector<std::string>& segments) {
    std::string text;
    for (const std::string& segment : segments) {
        text += segment;
    }
    return text;
}

SendPlan one(std::string text, End end) {
    SendPlan plan{.segments = {}, .end = end};
    if (!text.empty()) {
        plan.segments.push_back(std::move(text));
    }
    return plan;
}

SendPlan slowed(std::string_view text, const Fault& fault, End end) {
    SendPlan plan{.segments = {}, .pause = fault.interval, .end = end};
    const std::size_t size = std::max<std::size_t>(1, fault.bytes);
    for (; !text.empty(); text.remove_prefix(std::min(size, text.size()))) {
        plan.segments.emplace_back(text.substr(0, size));
    }
    return plan;
}

/// Not one of them can be the start of an HTTP answer or of a TLS record.
std::string garbage() {
    std::string text;
    for (int i = 0; i < 64; ++i) {
        text += "\xde\xad\xbe\xef";
    }
    return text;
}

std::string with_headers(std::string text, std::size_t count) {
    std::string lines;
    for (std::size_t i = 0; i < count; ++i) {
        lines += "X-Filler-" + std::to_string(i) + ": x\r\n";
    }
    const std::size_t line_end = text.find("\r\n");
    return line_end == std::string::npos ? text : text.insert(line_end + 2, lines);
}

SendPlan endless(std::string start, std::string block) {
    return {.segments = {std::move(start), std::move(block)}, .end = End::repeat};
}

}  // namespace

SendPlanner::SendPlanner(std::optional<Fault> fault) : fault_(std::move(fault)) {}

SendPlan SendPlanner::next(std::vector<std::string> segments, End end) {
    if (!fault_) {
        return {.segments = std::move(segments), .end = end};
    }
    std::string text = whole(segments);
    const std::size_t size = text.size();
    SendPlan plan = spoiled(std::move(text), end);
    passed_ += size;
    return plan;
}

SendPlan SendPlanner::spoiled(std::string text, End end) {
    const bool first = passed_ == 0;
    switch (fault_->kind) {
        case Fault::Kind::empty_reply:
            return one({}, End::close);
        case Fault::Kind::reset_after_request:
            return one({}, End::reset);
        case Fault::Kind::slow:
            return slowed(text, *fault_, end);
        case Fault::Kind::stall:
            return limited(std::move(text), end, End::wait);
        case Fault::Kind::truncate:
            return limited(std::move(text), end, End::close);
        case Fault::Kind::reset_within:
            return limited(std::move(text), end, End::reset);
        case Fault::Kind::garbage:
            return one(garbage(), End::close);
        case Fault::Kind::double_response:
            // Of an answer in pieces the first was sent already.
            return first && end != End::more ? one(text + text, end) : one(std::move(text), end);
        case Fault::Kind::many_headers:
            return one(first ? with_headers(std::move(text), fault_->bytes) : std::move(text), end);
        case Fault::Kind::endless_head:
            return endless("HTTP/1.1 200 OK\r\n", "X-Filler: " + std::string(1024, 'x') + "\r\n");
        case Fault::Kind::endless_body:
            return endless(
                "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n{\"filler\": \"",
                std::string(block_bytes, 'x'));
        case Fault::Kind::refuse:
        case Fault::Kind::silent:
        case Fault::Kind::reset_on_accept:
            break;
    }
    return one(std::move(text), end);
}

/// `bytes` of the answer, then `after`; also when it ends before.
SendPlan SendPlanner::limited(std::string text, End end, End after) {
    const std::size_t left = fault_->bytes - std::min(fault_->bytes, passed_);
    const bool over = end != End::more || text.size() >= left;
    text.resize(std::min(text.size(), left));
    return one(std::move(text), over ? after : End::more);
}

}  // namespace patroni::simulation
