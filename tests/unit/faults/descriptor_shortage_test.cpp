// A status call with fewer and fewer file descriptors: each one that the call needs is the one
// that is missing in one run.
#include "unit/faults/fault_cell.hpp"
#include "unit/faults/fault_lab.hpp"

#include <patroni/member.hpp>

#include <boost/asio/detail/throw_error.hpp>
#include <boost/system/system_error.hpp>
#include <gtest/gtest.h>

#include <csignal>
#include <map>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace patroni::testing {
namespace {

using std::chrono::milliseconds;

constexpr Seeds::Kind k_kinds[] = {Seeds::Kind::members, Seeds::Kind::api, Seeds::Kind::etcd2,
                                   Seeds::Kind::etcd3, Seeds::Kind::registrator};

/// The FaultLab in a process of its own: the limit is one of the process, and the servers are not
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
        for (const Seeds::Kind kind : k_kinds) {
            std::string line;
            char byte = 0;
            while (::read(addresses_[0], &byte, 1) == 1 && byte != '\n') {
                line += byte;
            }
            endpoints_[kind] = line;
        }
    }
    ~OtherProcess() {
        ::close(addresses_[0]);
        ::kill(child_, SIGKILL);
        ::waitpid(child_, nullptr, 0);
    }
    OtherProcess(const OtherProcess&) = delete;
    OtherProcess& operator=(const OtherProcess&) = delete;

    Seeds seeds(Seeds::Kind kind) const {
        const std::string& endpoints = endpoints_.at(kind);
        switch (kind) {
            case Seeds::Kind::members:
                return Seeds::members(endpoints).value();
            case Seeds::Kind::api:
                return Seeds::api(endpoints).value();
            case Seeds::Kind::etcd2:
                return Seeds::etcd2(endpoints, FaultLab::scope_of(kind)).value();
            case Seeds::Kind::etcd3:
                return Seeds::etcd3(endpoints, FaultLab::scope_of(kind)).value();
            case Seeds::Kind::consul:
            case Seeds::Kind::zookeeper:
            case Seeds::Kind::registrator:
                break;
        }
        return Seeds::registrator("etcd://" + endpoints + "/dingo-8008").value();
    }

private:
    [[noreturn]] void serve() const {
        FaultLab lab;
        std::string line;
        for (const Seeds::Kind kind : k_kinds) {
            const Seeds seeds = lab.seeds(kind);
            for (const Origin& origin : seeds.endpoints) {
                line += (origin == seeds.endpoints.front() ? "" : ",") + origin.address.text();
            }
            line += "\n";
        }
        if (::write(addresses_[1], line.data(), line.size()) < 0) {
            ::_exit(1);
        }
        ::pause();
        ::_exit(0);
    }

    int addresses_[2] = {-1, -1};
    pid_t child_ = -1;
    std::map<Seeds::Kind, std::string> endpoints_;
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
    for (const Seeds::Kind kind : k_kinds) {
        SCOPED_TRACE(to_string(kind));
        const Seeds seeds = servers.seeds(kind);
        Client(seeds).status(milliseconds(10'000));  // What a process opens once is open now.
        const std::size_t open_before = open_descriptors();
        const rlim_t first = lowest_free_descriptor();
        std::size_t failures = 0;  // To begin, or to read the source.
        std::size_t partial = 0;
        bool complete = false;
        rlim_t limit = first;
        for (; !complete && limit < first + 32; ++limit) {
            SCOPED_TRACE(limit - first);
            count_cell();
            std::optional<StatusReport> report;
            std::optional<Error> thrown;
            {
                const DescriptorLimit few(limit);
                thrown = thrown_by([&] { report = Client(seeds).status(milliseconds(10'000)); });
            }
            EXPECT_EQ(open_descriptors(), open_before);
            if (thrown) {
                ++failures;
                EXPECT_EQ(thrown->kind, ErrorKind::limit) << to_line(*thrown);
                EXPECT_EQ(thrown->delivery, Delivery::not_sent);
                continue;
            }
            ASSERT_TRUE(report);
            const std::size_t failed = check_rows(*report);
            partial += failed > 0 ? 1 : 0;
            complete = failed == 0 && report->clusters.at(0).lock_source != FactSource::none;
        }
        EXPECT_TRUE(complete);
        EXPECT_GT(failures, 0U);
        EXPECT_GT(partial, 0U);
    }
}

TEST(DescriptorShortage, AWriteIsAFailureUntilItCanBeSent) {
#ifdef __SANITIZE_ADDRESS__
    GTEST_SKIP() << "UBSan's type check needs descriptors of its own";
#endif
    const OtherProcess servers;
    show_types_to_ubsan();
    const std::string url = servers.seeds(Seeds::Kind::api).endpoints.at(0).text();
    Member(url).call(Reload{});
    const std::size_t open_before = open_descriptors();
    const rlim_t first = lowest_free_descriptor();
    std::optional<Error> thrown{Error{}};
    rlim_t limit = first;
    for (; thrown && limit < first + 32; ++limit) {
        count_cell();
        Outcome outcome;
        {
            const DescriptorLimit few(limit);
            thrown = thrown_by([&] { outcome = Member(url).call(Reload{}).data; });
        }
        EXPECT_EQ(open_descriptors(), open_before);
        if (thrown) {
            EXPECT_EQ(thrown->kind, ErrorKind::limit) << to_line(*thrown);
            EXPECT_EQ(thrown->delivery, Delivery::not_sent);
        } else {
            EXPECT_EQ(outcome.kind, OutcomeKind::done) << to_line(outcome);
        }
    }
    EXPECT_FALSE(thrown);
    EXPECT_GT(limit, first + 2);
}

}  // namespace
}  // namespace patroni::testing
