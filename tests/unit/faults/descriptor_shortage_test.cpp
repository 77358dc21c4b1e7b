// A status call with fewer and fewer file descriptors: each one that the call needs is the one
// that is missing in one run.
#include "unit/faults/fault_lab.hpp"

#include <patroni/member.hpp>

#include <boost/asio/detail/throw_error.hpp>
#include <boost/system/system_error.hpp>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdio>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace patroni::testing {
namespace {

using std::chrono::milliseconds;

/// The simulator in a process of its own: the limit is one of the process, and the servers are not
/// to run out of descriptors themselves.
class OtherProcess {
public:
    OtherProcess() {
        EXPECT_EQ(::pipe(addresses_), 0);
        child_ = ::fork();
        if (child_ == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            serve();
        }
        ::close(addresses_[1]);
        char byte = 0;
        while (::read(addresses_[0], &byte, 1) == 1 && byte != '\n') {
            members += byte;
        }
    }
    ~OtherProcess() {
        ::close(addresses_[0]);
        ::kill(child_, SIGKILL);
        ::waitpid(child_, nullptr, 0);
    }
    OtherProcess(const OtherProcess&) = delete;
    OtherProcess& operator=(const OtherProcess&) = delete;

    std::string members;  ///< As Seeds::members takes them.

private:
    [[noreturn]] void serve() const {
        Simulator sim;
        sim.add_cluster({.scope = "batman"});
        std::string line;
        for (const auto* name : {"pg1", "pg2", "pg3"}) {
            line += sim.api(name).text() + ",";
        }
        line += "\n";
        if (::write(addresses_[1], line.data(), line.size()) < 0) {
            ::_exit(1);
        }
        ::pause();
        ::_exit(0);
    }

    int addresses_[2] = {-1, -1};
    pid_t child_ = -1;
};

/// The one that the next open() gets. (Others above it may be in use: inherited ones.)
rlim_t lowest_free_descriptor() {
    const int descriptor = ::dup(STDERR_FILENO);
    ::close(descriptor);
    return static_cast<rlim_t>(descriptor);
}

class DescriptorLimit {
public:
    explicit DescriptorLimit(rlim_t limit) {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        rlimit lower = before_;
        lower.rlim_cur = limit;
        ::setrlimit(RLIMIT_NOFILE, &lower);
    }
    ~DescriptorLimit() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    DescriptorLimit(const DescriptorLimit&) = delete;
    DescriptorLimit& operator=(const DescriptorLimit&) = delete;

private:
    rlimit before_{};
};

/// Rows that ended with an error; each must say that there is no room.
std::size_t check_rows(const StatusReport& report) {
    std::size_t failed = 0;
    for (const auto& cluster : report.clusters) {
        for (const auto& member : cluster.members) {
            if (member.error) {
                ++failed;
                EXPECT_EQ(member.error->kind, ErrorKind::limit) << to_line(*member.error);
                EXPECT_EQ(member.error->delivery, Delivery::not_sent);
            }
        }
    }
    return failed;
}

/// UBSan looks at a type for the first time through a pipe, and calls an object wrong when it gets
/// none: so it has to know what this test meets before.
void show_types_to_ubsan() {
    const auto code = boost::system::errc::make_error_code(boost::system::errc::invalid_argument);
    EXPECT_THROW(boost::asio::detail::throw_error(code, "x"), boost::system::system_error);
    EXPECT_TRUE(thrown_by([] { Client(""); }));
    Client(Seeds::members("127.0.0.1:1").value()).status(milliseconds(10'000));  // refused
}

TEST(DescriptorShortage, AMemberSaysThatThereIsNoRoomForItsLoop) {
#ifdef __SANITIZE_ADDRESS__
    GTEST_SKIP() << "UBSan's type check needs descriptors of its own";
#endif
    std::optional<Error> thrown;
    {
        const DescriptorLimit few(lowest_free_descriptor());
        thrown = thrown_by([] { Member("127.0.0.1:1"); });
    }
    ASSERT_TRUE(thrown);
    EXPECT_EQ(thrown->kind, ErrorKind::limit) << to_line(*thrown);
}

TEST(DescriptorShortage, EachMissingDescriptorIsACleanError) {
#ifdef __SANITIZE_ADDRESS__
    GTEST_SKIP() << "UBSan's type check needs descriptors of its own";
#endif
    const OtherProcess servers;
    show_types_to_ubsan();
    const Seeds seeds = Seeds::members(servers.members).value();
    Client(seeds).status(milliseconds(10'000));  // What a process opens once is open now.
    const std::size_t open_before = open_descriptors();
    const rlim_t first = lowest_free_descriptor();
    std::size_t failures_to_begin = 0;
    std::size_t partial = 0;
    bool complete = false;
    rlim_t limit = first;
    for (; !complete && limit < first + 32; ++limit) {
        SCOPED_TRACE(limit - first);
        std::optional<StatusReport> report;
        std::optional<Error> thrown;
        {
            const DescriptorLimit few(limit);
            thrown = thrown_by([&] { report = Client(seeds).status(milliseconds(10'000)); });
        }
        EXPECT_EQ(open_descriptors(), open_before);
        if (thrown) {
            ++failures_to_begin;
            EXPECT_EQ(thrown->kind, ErrorKind::limit) << to_line(*thrown);
            continue;
        }
        ASSERT_TRUE(report);
        const std::size_t failed = check_rows(*report);
        partial += failed > 0 ? 1 : 0;
        complete = failed == 0 && report->clusters.at(0).lock_known;
    }
    EXPECT_TRUE(complete);
    EXPECT_GT(failures_to_begin, 0U);
    EXPECT_GT(partial, 0U);
    std::printf("descriptor shortage: %zu limits\n", static_cast<std::size_t>(limit - first));
}

}  // namespace
}  // namespace patroni::testing
