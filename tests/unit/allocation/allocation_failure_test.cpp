// A status call in which the n-th allocation fails, for every n. std::bad_alloc may come out of a
// blocking call; then the client can be destroyed, and nothing was leaked (under LeakSanitizer).
#include <patroni/client.hpp>
#include <patroni/simulator.hpp>

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <new>
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

TEST(AllocationFailure, AtEveryIndexOfAStatusCall) {
    Simulator sim;
    sim.add_cluster({.scope = "batman", .members = {"pg1"}});
    const Seeds seeds = Seeds::members(sim.api("pg1").text()).value();
    Client(seeds).status(milliseconds(10'000));
    while (sim.traffic("pg1").open != 0) {
    }
    const std::size_t descriptors = open_descriptors();
    constexpr long k_many = 1'000'000;
    t_allocations_left = k_many;
    Client(seeds).status(milliseconds(10'000));
    const long needed = k_many - std::exchange(t_allocations_left, -1);
    long n = 0;
    while (fails_at(n, [&] { Client(seeds).status(milliseconds(10'000)); })) {
        ++n;
    }
    // How the answer is cut into pieces makes a difference of a few.
    EXPECT_GT(n, needed * 9 / 10);
    while (sim.traffic("pg1").open != 0) {
    }
    EXPECT_EQ(open_descriptors(), descriptors);
    std::printf("allocation failure: %ld indexes, a call needs %ld\n", n, needed);
}

/// A call that was left by an exception has no part in the next call of the same client.
TEST(AllocationFailure, ALaterCallIsNotDisturbed) {
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
