// bench_curl close|keep PORT ADDRESSES REQUESTS
//
// What bench_exchange does, with libcurl: curl_multi_socket_action on epoll.
#include "bench/report.hpp"

#include <cstdio>
#include <cstdlib>
#include <curl/curl.h>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <vector>

namespace {

int poll_fd = -1;
long timeout_ms = -1;

std::size_t on_body(char* data, std::size_t, std::size_t size, void* body) {
    static_cast<std::string*>(body)->append(data, size);
    return size;
}

int on_socket(CURL*, curl_socket_t fd, int what, void*, void*) {
    epoll_event event{};
    event.data.fd = fd;
    event.events = (what & CURL_POLL_IN ? EPOLLIN : 0u) | (what & CURL_POLL_OUT ? EPOLLOUT : 0u);
    if (what == CURL_POLL_REMOVE) {
        ::epoll_ctl(poll_fd, EPOLL_CTL_DEL, fd, nullptr);
    } else if (::epoll_ctl(poll_fd, EPOLL_CTL_MOD, fd, &event) != 0) {
        ::epoll_ctl(poll_fd, EPOLL_CTL_ADD, fd, &event);
    }
    return 0;
}

int on_timer(CURLM*, long milliseconds, void*) {
    timeout_ms = milliseconds;
    return 0;
}

struct Transfer {
    CURL* easy = nullptr;
    std::string body;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc != 5) {
        std::fputs("bench_curl close|keep PORT ADDRESSES REQUESTS\n", stderr);
        return 2;
    }
    const bool keep_alive = std::string_view(argv[1]) == "keep";
    const int addresses = std::atoi(argv[3]);
    const long requests = std::atol(argv[4]);
    poll_fd = ::epoll_create1(0);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    CURLM* multi = curl_multi_init();
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, static_cast<long>(addresses) + 1);

    std::vector<Transfer> transfers(static_cast<std::size_t>(addresses));
    long left = requests;
    long done = 0;
    long failed = 0;
    for (int index = 0; index < addresses && left > 0; ++index, --left) {
        Transfer& transfer = transfers[static_cast<std::size_t>(index)];
        transfer.easy = curl_easy_init();
        const std::string url =
            "http://" + patroni::bench::address_of(index) + ':' + argv[2] + "/patroni";
        curl_easy_setopt(transfer.easy, CURLOPT_URL, url.c_str());
        curl_easy_setopt(transfer.easy, CURLOPT_WRITEFUNCTION, on_body);
        curl_easy_setopt(transfer.easy, CURLOPT_WRITEDATA, &transfer.body);
        curl_easy_setopt(transfer.easy, CURLOPT_PRIVATE, &transfer);
        curl_easy_setopt(transfer.easy, CURLOPT_TIMEOUT_MS, 10000L);
        curl_easy_setopt(transfer.easy, CURLOPT_FORBID_REUSE, keep_alive ? 0L : 1L);
        curl_multi_add_handle(multi, transfer.easy);
    }

    int running = 1;
    while (done + failed < requests) {
        epoll_event events[256];
        const int count = ::epoll_wait(poll_fd, events, 256, static_cast<int>(timeout_ms));
        for (int i = 0; i < count; ++i) {
            const int flags = (events[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
                              (events[i].events & ~EPOLLOUT ? CURL_CSELECT_IN : 0);
            curl_multi_socket_action(multi, events[i].data.fd, flags, &running);
        }
        if (count == 0 || timeout_ms == 0) {
            timeout_ms = -1;
            curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running);
        }
        int queued = 0;
        while (CURLMsg* message = curl_multi_info_read(multi, &queued)) {
            CURL* easy = message->easy_handle;
            const CURLcode code = message->data.result;
            long status = 0;
            curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
            ++(code == CURLE_OK && status == 200 ? done : failed);
            Transfer* transfer = nullptr;
            curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
            transfer->body.clear();
            curl_multi_remove_handle(multi, easy);
            if (left-- > 0) {
                curl_multi_add_handle(multi, easy);
            }
        }
    }
    patroni::bench::print_report(done, failed);
}
