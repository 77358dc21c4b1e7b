#include "patctl/api_request.hpp"

#include "patctl/failure.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string_view>
#include <system_error>

namespace patctl {
namespace {

using patroni::Error;
using patroni::ErrorKind;
using patroni::RawRequest;
using patroni::Result;

constexpr std::size_t k_max_body = 16 * 1024 * 1024;

Result<std::string> read_body(const std::string& file) {
    std::string body;
    std::ifstream opened;
    if (file != "-") {
        errno = 0;
        opened.open(file, std::ios::binary);
        if (!opened) {
            return misuse("--data " + file + ": " +
                          std::generic_category().message(errno == 0 ? ENOENT : errno));
        }
    }
    std::istream& stream = file == "-" ? std::cin : opened;
    body.assign(std::istreambuf_iterator<char>(stream), {});
    if (stream.bad() || body.empty()) {  // A folder reads as nothing, too.
        return misuse("--data " + file + ": there is nothing in it");
    }
    if (body.size() > k_max_body) {
        return misuse("--data " + file + ": larger than 16 MiB");
    }
    return body;
}

}  // namespace

Result<RawRequest> request_of(const Options& options) {
    RawRequest request;
    request.method = options.words[0];
    std::ranges::transform(request.method, request.method.begin(),
                           [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    request.target = options.words[1];
    if (!request.target.starts_with('/')) {
        return misuse("the path begins with a slash: /" + request.target);
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

bool is_of_cluster(const RawRequest& request) {
    constexpr std::array<std::string_view, 6> k_paths = {"/cluster",    "/history",  "/config",
                                                         "/switchover", "/failover", "/failsafe"};
    const auto path = std::string_view(request.target).substr(0, request.target.find('?'));
    return std::ranges::find(k_paths, path) != k_paths.end() &&
           !(path == "/failsafe" && !request.is_read());
}

}  // namespace patctl
