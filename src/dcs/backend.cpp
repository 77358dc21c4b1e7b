#include "dcs/backend.hpp"

namespace patroni::dcs {

Operation Backend::start_read_pages(std::string prefix, transport::SteadyTime deadline,
                                    Callback<void(Page)> page,
                                    Callback<void(Result<std::uint64_t>)> done) {
    return start_read(
        std::move(prefix), deadline,
        [page = std::move(page), done = std::move(done)](Result<Snapshot> snapshot) mutable {
            if (!snapshot) {
                return done(std::move(snapshot).error());
            }
            page({std::move(snapshot->entries), true});
            done(snapshot->revision);
        });
}

}  // namespace patroni::dcs
