#include "patctl/commands.hpp"
#include "patctl/exit_code.hpp"
#include "patctl/failure.hpp"
#include "patctl/member_choice.hpp"
#include "patctl/render/call.hpp"
#include "patctl/render/words.hpp"
#include "patctl/source.hpp"

#include <patroni/capability.hpp>
#include <patroni/member.hpp>
#include <patroni/member_group.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <fstream>
#include <iostream>
#include <iterator>

namespace patctl {
namespace {

using patroni::Error;
using patroni::ErrorKind;
using patroni::Origin;
using patroni::RawRequest;
using patroni::Result;

constexpr std::size_t k_max_body = 16 * 1024 * 1024;

Error wrong(std::string message) {
    Error error;
    error.kind = ErrorKind::config;
    error.message = std::move(message);
    return error;
}

Result<std::string> read_body(const std::string& file) {
    std::string body;
    std::ifstream opened;
    if (file != "-") {
        errno = 0;
        opened.open(file, std::ios::binary);
        if (!opened) {
            return wrong("--data " + file + ": " +
                         std::generic_category().message(errno == 0 ? ENOENT : errno));
        }
    }
    std::istream& stream = file == "-" ? std::cin : opened;
    body.assign(std::istreambuf_iterator<char>(stream), {});
    if (stream.bad() || body.empty()) {  // A folder reads as nothing, too.
        return wrong("--data " + file + ": there is nothing in it");
    }
    if (body.size() > k_max_body) {
        return wrong("--data " + file + ": larger than 16 MiB");
    }
    return body;
}

Result<RawRequest> request_of(const Options& options) {
    RawRequest request;
    request.method = options.words[0];
    std::ranges::transform(request.method, request.method.begin(),
                           [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    request.target = options.words[1];
    if (!request.target.starts_with('/')) {
        return wrong("the path begins with a slash: /" + request.target);
    }
    if (options.data) {
        auto body = read_body(*options.data);
        if (!body) {
            return std::move(body).error();
        }
        request.body = *std::move(body);
    }
    return request;
}

/// What the cluster as a whole is asked or told: whichever member hears it.
bool is_of_cluster(const RawRequest& request) {
    constexpr std::array<std::string_view, 6> k_paths = {"/cluster",    "/history",  "/config",
                                                         "/switchover", "/failover", "/failsafe"};
    const auto path = std::string_view(request.target).substr(0, request.target.find('?'));
    return std::ranges::find(k_paths, path) != k_paths.end() &&
           !(path == "/failsafe" && !request.is_read());
}

/// Basic auth goes to no host by http that a host with https named.
bool is_trusted(const ResolvedSource& source, const Origin& api) {
    return source.seeds.kind != patroni::Seeds::Kind::api || api.tls ||
           std::ranges::none_of(source.seeds.endpoints, &Origin::tls);
}

int exit_code(const patroni::Reply<RawRequest::Data>& reply) {
    if (const auto& outcome = reply.data.outcome) {
        return outcome->kind == patroni::OutcomeKind::unknown ? exit_unknown
               : outcome->as_asked()                          ? exit_done
                                                              : exit_failed;
    }
    return reply.status < 400 ? exit_done : exit_failed;
}

class ApiCall {
public:
    ApiCall(const Options& options, Terminal& terminal) : options_(options), terminal_(terminal) {}

    /// Everything that can be wrong before anything is asked.
    Result<void> prepare() {
        auto request = request_of(options_);
        if (!request) {
            return std::move(request).error();
        }
        call_.request = *std::move(request);
        auto source = resolve_source(options_, terminal_);
        if (!source) {
            return std::move(source).error();
        }
        source_ = *std::move(source);
        auto how = member_options(source_, options_, terminal_);
        if (!how) {
            return std::move(how).error();
        }
        how_ = *std::move(how);
        auto members = find_members(source_, options_);
        if (!members) {
            return std::move(members).error();
        }
        members_ = *std::move(members);
        return {};
    }

    Result<void> send() {
        if (options_.member) {
            auto member = choose_member(members_, *options_.member);
            if (!member) {
                return std::move(member).error();
            }
            members_ = {*std::move(member)};
        } else if (members_.size() > 1 && !is_of_cluster(call_.request)) {
            return wrong(
                call_.request.method + " " + render::safe(call_.request.target) +
                " is about one member: name it with --member; there are: " + names_of(members_));
        }
        for (const auto& member : members_) {
            if (!call_.request.is_read() && !how_.user.empty() &&
                !is_trusted(source_, member.api)) {
                return wrong(member.api.text() +
                             " was named by a host with https and has none itself: the password "
                             "is not sent there; name it with --api to do so");
            }
        }
        try {
            return members_.size() > 1 ? send_to_any() : send_to(members_.front());
        } catch (const patroni::Failure& failure) {
            return failure.error();
        }
    }

    /// A program that reads documents gets one after a failure, too.
    int fail(const Error& error) {
        const auto format = options_.format.value_or(Format::pretty);
        if (is_document(format) && error.kind != ErrorKind::config) {
            call_.error = error;
            terminal_.out(render::call_text(call_, format));
        }
        return report_failure(error, terminal_);
    }

    int print() const {
        const auto format =
            options_.format.value_or(terminal_.out_is_terminal ? Format::pretty : Format::tsv);
        if (options_.verbosity > 0 && !is_document(format)) {
            terminal_.err(render::head_text(call_));
        }
        terminal_.out(render::call_text(call_, format));
        const auto& outcome = call_.reply.data.outcome;
        if (outcome && !is_document(format)) {
            terminal_.err(render::safe(call_.member) + ": " + to_line(*outcome) + "\n");
        } else if (call_.reply.status >= 400 && !is_document(format)) {
            terminal_.err("patctl: " + render::safe(call_.member) + ": HTTP " +
                          std::to_string(call_.reply.status) + "\n");
        }
        return exit_code(call_.reply);
    }

private:
    Result<void> send_to(const ChosenMember& chosen) {
        call_.member = chosen.name;
        call_.api = chosen.api;
        patroni::Member member(chosen.api.text(), how_);
        call_.reply = member.call(call_.request, {.timeout = timeout()});
        return {};
    }

    /// A read goes to whoever answers first; a write to one that has just answered, once.
    Result<void> send_to_any() {
        std::vector<Origin> origins;
        for (const auto& member : members_) {
            origins.push_back(member.api);
        }
        patroni::MemberGroup group(origins, how_);
        if (!call_.request.is_read()) {
            const auto alive =
                group.first_good(patroni::GetStatus{}, {.timeout = options_.timeout});
            return send_to(named(alive.member));
        }
        auto reply = group.first_good(call_.request, {.timeout = timeout()});
        const auto& chosen = named(reply.member);
        call_.member = chosen.name;
        call_.api = chosen.api;
        call_.reply = std::move(reply);
        return {};
    }

    const ChosenMember& named(const Origin& api) const {
        return *std::ranges::find(members_, api, &ChosenMember::api);
    }

    /// A write takes its time (the table knows how long) unless the user says otherwise.
    std::chrono::milliseconds timeout() const {
        return call_.request.is_read() || options_.has_timeout ? options_.timeout
                                                               : std::chrono::milliseconds(0);
    }

    const Options& options_;
    Terminal& terminal_;
    ResolvedSource source_;
    patroni::MemberOptions how_;
    std::vector<ChosenMember> members_;
    render::Call call_;
};

}  // namespace

int run_api(const Options& options, Terminal& terminal) {
    ApiCall call(options, terminal);
    if (auto prepared = call.prepare(); !prepared) {
        return call.fail(prepared.error());
    }
    if (auto sent = call.send(); !sent) {
        return call.fail(sent.error());
    }
    return call.print();
}

}  // namespace patctl
