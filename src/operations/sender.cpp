#include "operations/sender.hpp"

#include "base/base64.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <utility>

namespace patroni::operations {
namespace {

bool is_redirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool is_read(std::string_view method) {
    return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

/// One request until its answer, whatever it takes.
class Sending : public std::enable_shared_from_this<Sending> {
public:
    Sending(transport::HttpClient& http, const Requester& requester, Origin origin,
            protocol::Request request, transport::SteadyTime deadline,
            Callback<void(Result<protocol::Response>)> done)
        : http_(http),
          requester_(requester),
          home_(origin),
          origin_(std::move(origin)),
          request_(std::move(request)),
          deadline_(deadline),
          left_(requester.manners.more_attempts),
          done_(std::move(done)) {}

    void start() {
        transport::Call call;
        call.origin = origin_;
        call.request = request_;
        add_headers(call.request);
        call.deadlines.total = deadline_;
        call.deadlines.connect = requester_.manners.connect;
        call.tls = requester_.tls;
        call_ = http_.start(std::move(call),
                            [self = shared_from_this()](Result<protocol::Response> result) {
                                self->take(std::move(result));
                            });
    }

    void cancel() {
        left_ = 0;
        call_.cancel();
    }

private:
    void add_headers(protocol::Request& request) const {
        const Manners& manners = requester_.manners;
        if (!manners.user_agent.empty()) {
            request.headers.emplace_back("User-Agent", manners.user_agent);
        }
        const bool wanted = manners.always_authenticate || !is_read(request.method);
        if (wanted && !requester_.user.empty() && origin_ == home_) {
            request.headers.emplace_back(
                "Authorization",
                "Basic " + encode_base64(requester_.user + ':' + requester_.password.reveal()));
        }
    }

    void take(Result<protocol::Response> result) {
        if (result) {
            return is_redirect(result->status) && requester_.manners.follow_redirects
                       ? follow(*std::move(result))
                       : done_(std::move(result));
        }
        Error& error = result.error();
        farthest_ = std::max(farthest_, error.delivery);
        if (left_ > 0 && may_repeat(error)) {
            --left_;
            return start();
        }
        error.delivery = farthest_;
        done_(std::move(result));
    }

    /// Nothing was sent, or doing it twice is the same as doing it once.
    bool may_repeat(const Error& error) const {
        if (error.kind == ErrorKind::connect_refused || error.kind == ErrorKind::unreachable ||
            error.kind == ErrorKind::resolve) {
            return error.delivery == Delivery::not_sent;
        }
        return error.kind == ErrorKind::reset &&
               (is_read(request_.method) || request_.method == "DELETE");
    }

    void follow(protocol::Response response) {
        const std::string location(response.header("Location").value_or(""));
        if (location.empty()) {
            return done_(std::move(response));
        }
        Origin target = origin_;
        std::string path = location;
        if (!location.starts_with('/') || location.starts_with("//")) {
            const auto origin = parse_origin(location, 0);
            const auto url = parse_url(location);
            if (!origin || !url) {
                return fail("a redirect to what is no URL");
            }
            target = *origin;
            path = url->path.empty() ? "/" : url->path;
            path += url->query.empty() ? "" : "?" + url->query;
        }
        if (left_ <= 0) {
            return fail("too many redirects");
        }
        if (origin_.tls && !target.tls) {
            return fail("a redirect from https to http");
        }
        --left_;
        if (response.status == 303) {
            request_.method = "GET";
            request_.body.clear();
        }
        origin_ = std::move(target);
        request_.target = path.substr(0, path.find('#'));
        start();
    }

    void fail(std::string message) {
        Error error;
        error.kind = ErrorKind::protocol;
        error.message = std::move(message);
        error.endpoint = origin_.text();
        error.delivery = Delivery::answered;
        done_(std::move(error));
    }

    transport::HttpClient& http_;
    Requester requester_;
    Origin home_;  ///< Whom the credentials are for.
    Origin origin_;
    protocol::Request request_;
    transport::SteadyTime deadline_;
    int left_;
    Delivery farthest_ = Delivery::not_sent;
    Callback<void(Result<protocol::Response>)> done_;
    Operation call_;
};

}  // namespace

Operation send_to_member(transport::HttpClient& http, const Requester& requester, Origin origin,
                         protocol::Request request, transport::SteadyTime deadline,
                         Callback<void(Result<protocol::Response>)> done) {
    auto sending = std::make_shared<Sending>(http, requester, std::move(origin), std::move(request),
                                             deadline, std::move(done));
    sending->start();
    return Operation([weak = std::weak_ptr(sending)] {
        if (const auto alive = weak.lock()) {
            alive->cancel();
        }
    });
}

}  // namespace patroni::operations
