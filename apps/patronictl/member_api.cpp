#include "patronictl/member_api.hpp"

#include "base/text.hpp"
#include "codec/ascii_json.hpp"
#include "config/settings.hpp"

namespace patronictl {
namespace {

using patroni::Value;

constexpr std::chrono::seconds k_connect_timeout{10};
constexpr int k_more_attempts = 3;

/// Python sends user and password as Latin-1.
std::string latin1(std::string_view text) {
    std::string bytes;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = patroni::utf8_length(text, i);
        const char32_t code = length == 0 ? static_cast<unsigned char>(text[i])
                                          : patroni::utf8_decode(text, i, length);
        if (code > 0xff) {
            throw Fail("user and password of the REST API can only have characters of Latin-1");
        }
        bytes += static_cast<char>(code);
        i += length == 0 ? 1 : length;
    }
    return bytes;
}

patroni::Operations make_operations(Session& session) {
    auto settings = patroni::config::member_settings(session.config());
    if (!settings) {
        throw Fail(to_line(settings.error()));
    }
    patroni::OperationsOptions options;
    options.member.tls = std::move(settings->tls);
    if (settings->auth) {
        options.member.user = latin1(settings->auth->user);
        options.member.password = patroni::Secret(latin1(settings->auth->password.reveal()));
    }
    options.member.authenticate_reads = true;
    options.member_timeout = session.patience();
    options.connect_timeout = k_connect_timeout;
    options.more_attempts = k_more_attempts;
    options.follow_redirects = true;
    options.user_agent = "Patroni/4.1.4 libpatroni";
    try {
        return patroni::Operations(session.seeds(), std::move(options));
    } catch (const patroni::Failure& failure) {
        throw Fail(to_line(failure.error()));
    }
}

}  // namespace

MemberApi::MemberApi(Session& session) : session_(session), operations_(make_operations(session)) {}

patroni::Result<MemberApi::Answer> MemberApi::try_to_ask(const DcsMember& member,
                                                         const std::string& method,
                                                         const std::string& endpoint,
                                                         const Value* body) {
    auto origin = patroni::parse_origin(member.api_url(), 0);
    if (!origin) {
        auto error = std::move(origin).error();
        error.message = "no usable api_url of the member " +
                        patroni::escape_untrusted(member.name, 128) + ": " + error.message;
        return error;
    }
    patroni::RawRequest request;
    request.method = method;
    request.target = "/" + endpoint;
    request.body = body == nullptr ? std::string() : patroni::codec::to_python_json(*body);
    try {
        auto reply = operations_.ask(*origin, request);
        return Answer{reply.status, shown(std::move(reply.body))};
    } catch (const patroni::Failure& failure) {
        return failure.error();
    }
}

MemberApi::Answer MemberApi::ask(const DcsMember& member, const std::string& method,
                                 const std::string& endpoint, const Value* body) {
    auto answer = try_to_ask(member, method, endpoint, body);
    if (!answer) {
        throw Fail(to_line(answer.error()));
    }
    return *std::move(answer);
}

patroni::LeaderResult MemberApi::change_leader(patroni::LeaderRequest request,
                                               const DcsMember* member) {
    if (member != nullptr) {
        auto origin = patroni::parse_origin(member->api_url(), 0);
        request.api = origin ? std::optional(*std::move(origin)) : std::nullopt;
    }
    try {
        auto result = operations_.change_leader(std::move(request));
        result.body = shown(std::move(result.body));
        return result;
    } catch (const patroni::Failure& failure) {
        throw Fail(to_line(failure.error()));
    }
}

std::string MemberApi::shown(std::string text) const {
    return session_.streams().out_is_terminal ? patroni::escape_untrusted(text) : text;
}

}  // namespace patronictl
