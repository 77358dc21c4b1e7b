// Calls in which the n-th allocation fails, for every n. std::bad_alloc may come out of a
// blocking call; then the client can be destroyed, and nothing was leaked (under LeakSanitizer).
#include <patroni/client.hpp>
#include <patroni/member.hpp>
#include <patroni/simulator.hpp>
#include <patroni/store.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <new>
#include <string>
#include <unistd.h>
#include <utility>

namespace {

/// Allocations of this thread until one fails; negative: none fails. The simulator's thread has a
/// count of its own.
thread_local long t_allocations_left = -1;

void* allocate(std::size_t size, std::size_t alignment = 0) {
    if (t_allocations_left == 0) {
        t_allocations_left = -1;  // One failure: the way out may allocate.
        throw std::bad_alloc();
    }
    if (t_allocations_left > 0) {
        --t_allocations_left;
    }
    const std::size_t some = size == 0 ? 1 : size;
    void* memory = alignment == 0 ? std::malloc(some)
                                  : std::aligned_alloc(
                                        alignment, (some + alignment - 1) / alignment * alignment);
    if (memory == nullptr) {
        throw std::bad_alloc();
    }
    return memory;
}

}  // namespace

void* operator new(std::size_t size) {
    return allocate(size);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
    return allocate(size, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    try {
        return allocate(size);
    } catch (const std::bad_alloc&) {
        return nullptr;  // Counts as the failure of this run: the caller does without.
    }
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
    std::free(memory);
}

namespace patroni::testing {
namespace {

using std::chrono::milliseconds;

std::size_t open_descriptors() {
    namespace fs = std::filesystem;
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator()));
}

/// Runs the call with the n-th allocation failing. True: it failed; false: the call needs fewer.
template <class Call>
bool fails_at(long n, Call call) {
    bool thrown = false;
    t_allocations_left = n;
    try {
        call();
    } catch (const std::bad_alloc&) {
        thrown = true;
    } catch (const Failure&) {
        // The library made an Error of it.
    }
    const bool was_reached = t_allocations_left == -1;
    t_allocations_left = -1;
    EXPECT_TRUE(!thrown || was_reached);
    return was_reached;
}

/// The simulated cluster "batman" with one member, its store, and certificates.
class AllocationFailure : public ::testing::TestWithParam<bool> {
protected:
    AllocationFailure()
        : ca_file_(::testing::TempDir() + "allocation-ca-" + std::to_string(::getpid())) {
        std::ofstream(ca_file_) << sim_.ca_certificate();
        if (with_tls()) {
            tls_.ca_file = ca_file_;
        }
    }
    ~AllocationFailure() override { std::filesystem::remove(ca_file_); }

    static bool with_tls() { return GetParam(); }
    void add_cluster(SimulatedStore store) {
        sim_.add_cluster({.scope = "batman", .members = {"pg1"}, .store = store});
        if (with_tls()) {
            sim_.tls_etcd(SimulatedTls::valid);
        }
    }
    /// Only where the source does not name it with http.
    Origin member() {
        sim_.tls("pg1", with_tls() ? SimulatedTls::valid : SimulatedTls::off);
        return {with_tls(), sim_.api("pg1")};
    }
    Seeds members() {
        Seeds seeds;
        seeds.endpoints = {member()};
        return seeds;
    }
    Seeds of_store(Seeds::Kind kind) {
        Seeds seeds;
        seeds.kind = kind;
        seeds.scope = "batman";
        seeds.endpoints = {{with_tls(), sim_.etcd()}};
        seeds.tls = tls_;
        return seeds;
    }
    ClientOptions options() const {
        ClientOptions options;
        options.member_tls = tls_;
        return options;
    }
    void wait_for_the_end() {
        while (sim_.traffic("pg1").open + sim_.etcd_traffic().open != 0) {
        }
    }

    template <class Call>
    void fail_at_every_index(const char* name, Call call) {
        call();
        wait_for_the_end();
        const std::size_t descriptors = open_descriptors();
        constexpr long k_many = 1'000'000;
        t_allocations_left = k_many;
        call();
        const long needed = k_many - std::exchange(t_allocations_left, -1);
        long n = 0;
        while (fails_at(n, call)) {
            ++n;
        }
        // How the answer is cut into pieces makes a difference of a few.
        EXPECT_GT(n, needed * 9 / 10);
        wait_for_the_end();
        EXPECT_EQ(open_descriptors(), descriptors);
        std::printf("allocation failure, %s: %ld indexes, a call needs %ld\n", name, n, needed);
    }

    Simulator sim_;
    std::string ca_file_;
    TlsSettings tls_;
};

constexpr milliseconds k_ample(10'000);

TEST_P(AllocationFailure, AtEveryIndexOfAStatusCall) {
    add_cluster(SimulatedStore::etcd3);
    const Seeds seeds = members();
    fail_at_every_index("status", [&] { Client(seeds, options()).status(k_ample); });
}

TEST_P(AllocationFailure, AtEveryIndexOfAStatusCallByEtcd2) {
    add_cluster(SimulatedStore::etcd2);
    const Seeds seeds = of_store(Seeds::Kind::etcd2);
    fail_at_every_index("status by etcd2", [&] { Client(seeds, options()).status(k_ample); });
}

TEST_P(AllocationFailure, AtEveryIndexOfAStatusCallByEtcd3) {
    add_cluster(SimulatedStore::etcd3);
    const Seeds seeds = of_store(Seeds::Kind::etcd3);
    fail_at_every_index("status by etcd3", [&] { Client(seeds, options()).status(k_ample); });
}

/// Names go through c-ares, which has memory of its own.
TEST_P(AllocationFailure, AtEveryIndexOfACallByName) {
    add_cluster(SimulatedStore::etcd3);
    Seeds seeds = members();
    seeds.endpoints[0].address.host = "localhost";
    fail_at_every_index("status by name", [&] { Client(seeds, options()).status(k_ample); });
}

TEST_P(AllocationFailure, AtEveryIndexOfASearchForThePrimary) {
    add_cluster(SimulatedStore::etcd3);
    const Seeds seeds = members();
    fail_at_every_index("writable_primary",
                        [&] { Client(seeds, options()).writable_primary(k_ample); });
}

/// The key has the value, or the write was a failure; nothing is written twice.
TEST_P(AllocationFailure, AtEveryIndexOfAWriteToTheStore) {
    add_cluster(SimulatedStore::etcd3);
    const Seeds seeds = of_store(Seeds::Kind::etcd3);
    int value = 0;
    fail_at_every_index("write to etcd3", [&] {
        Store store(seeds, {.writable = true});
        store.write(StoreWrite::put("/service/batman/mine", std::to_string(++value)), k_ample);
    });
}

/// With the version asked for first; a write goes out once or not at all.
TEST_P(AllocationFailure, AtEveryIndexOfAWrite) {
    add_cluster(SimulatedStore::etcd3);
    const Origin origin = member();
    MemberOptions with;
    with.tls = tls_;
    with.user = "admin";
    with.password = Secret("secret");
    const Reinitialize request{.force = true};  // Refused by the leader: nothing changes.
    std::size_t most = 0;
    fail_at_every_index("write", [&] {
        const std::size_t before = sim_.traffic("pg1").requests;
        try {
            Member member(origin.text(), with);
            const Outcome outcome = member.call(request, {.timeout = k_ample}).data;
            EXPECT_EQ(outcome.reason, Reason::is_leader);
        } catch (...) {
            t_allocations_left = -1;
            most = std::max(most, sim_.traffic("pg1").requests - before);
            throw;
        }
        most = std::max(most, sim_.traffic("pg1").requests - before);
    });
    EXPECT_EQ(most, 2U);  // GET /patroni and the write.
}

INSTANTIATE_TEST_SUITE_P(Transport, AllocationFailure, ::testing::Bool(),
                         [](const auto& test) { return test.param ? "tls" : "plain"; });

/// A call that was left by an exception has no part in the next call of the same client.
TEST(AllocationFailureBefore, ALaterCallIsNotDisturbed) {
    Simulator sim;
    sim.add_cluster({.scope = "batman", .members = {"pg1"}});
    const Seeds seeds = Seeds::members(sim.api("pg1").text()).value();
    long n = 0;
    for (bool reached = true; reached; n += 16) {
        Client client(seeds);
        reached = fails_at(n, [&] { client.status(milliseconds(10'000)); });
        const StatusReport report = client.status(milliseconds(10'000));
        ASSERT_EQ(report.clusters.size(), 1U) << n;
        EXPECT_EQ(report.clusters[0].members.size(), 1U) << n;
    }
    EXPECT_GT(n, 100);
}

}  // namespace
}  // namespace patroni::testing
