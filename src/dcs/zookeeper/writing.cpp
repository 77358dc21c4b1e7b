#include "dcs/zookeeper/writing.hpp"

#include "dcs/write_judge.hpp"
#include "dcs/zookeeper/key_reader.hpp"
#include "dcs/zookeeper/remove_tree.hpp"
#include "dcs/zookeeper/tree_reader.hpp"
#include "dcs/zookeeper/write_key.hpp"

namespace patroni::dcs::zookeeper {
namespace {

using Kind = StoreWrite::Kind;

/// Kept alive by the task that is under way.
class Writing final : public std::enable_shared_from_this<Writing> {
public:
    Writing(std::shared_ptr<Session> session, StoreWrite write, std::vector<Permission> permissions,
            transport::SteadyTime deadline, Callback<void(Result<StoreOutcome>)> done)
        : session_(std::move(session)),
          judge_(std::move(write)),
          permissions_(std::move(permissions)),
          deadline_(deadline),
          done_(std::move(done)) {}

    void start() {
        const auto now = std::chrono::steady_clock::now();
        const auto end = now + (deadline_ - now) / 2;  // The rest is for a look.
        if (judge_.write().kind == Kind::remove_prefix) {
            begin(std::make_shared<RemoveTree>(judge_.write().key), end);
        } else {
            begin(std::make_shared<WriteKey>(judge_.write(), permissions_), end);
        }
    }

    void cancel() {
        judge_.cancel();
        session_->cancel(task_);
    }

private:
    template <class Writer>
    void begin(std::shared_ptr<Writer> writer, transport::SteadyTime end) {
        task_ = session_->run(writer, end,
                              [self = shared_from_this(), writer](const Result<void>& result) {
                                  if (result) {
                                      self->done_(self->judge_.settle(writer->outcome()));
                                  } else {
                                      self->fail(result.error());
                                  }
                              });
    }

    void fail(Error error) {
        if (error.delivery != Delivery::not_sent) {
            judge_.lose(std::move(error));
            if (judge_.is_cancelled()) {
                return done_(judge_.unknown("it was given up after it was sent"));
            }
            return look();
        }
        if (judge_.has_lost()) {
            // The first sending may still have been carried out.
            return done_(judge_.unknown("the answer was lost, and it could not be sent again"));
        }
        done_(std::move(error));
    }

    void look() {
        if (judge_.write().kind == Kind::remove_prefix) {
            const auto reader = std::make_shared<TreeReader>(judge_.write().key);
            look_with(reader, [reader]() -> Result<Snapshot> {
                return reader->refusal() ? Result<Snapshot>(*reader->refusal())
                                         : Result<Snapshot>(reader->snapshot());
            });
        } else {
            const auto reader = std::make_shared<KeyReader>(judge_.write().key);
            look_with(reader, [reader] { return reader->result(); });
        }
    }

    template <class Take>
    void look_with(std::shared_ptr<Dialogue> reader, Take take) {
        task_ = session_->run(std::move(reader), deadline_,
                              [self = shared_from_this(), take](const Result<void>& result) {
                                  self->judge(result ? take() : Result<Snapshot>(result.error()));
                              });
    }

    void judge(const Result<Snapshot>& now) {
        if (!now) {
            return done_(judge_.unknown("the answer was lost, and a look at the store failed: " +
                                        now.error().message));
        }
        if (auto outcome = judge_.judge(*now)) {
            return done_(*std::move(outcome));
        }
        start();
    }

    std::shared_ptr<Session> session_;
    WriteJudge judge_;
    std::vector<Permission> permissions_;
    transport::SteadyTime deadline_;
    Callback<void(Result<StoreOutcome>)> done_;
    std::uint64_t task_ = 0;
};

}  // namespace

Operation start_writing(std::shared_ptr<Session> session, StoreWrite write,
                        std::vector<Permission> permissions, transport::SteadyTime deadline,
                        Callback<void(Result<StoreOutcome>)> done) {
    const auto writing = std::make_shared<Writing>(
        std::move(session), std::move(write), std::move(permissions), deadline, std::move(done));
    writing->start();
    return Operation([weak = std::weak_ptr(writing)] {
        if (const auto alive = weak.lock()) {
            alive->cancel();
        }
    });
}

}  // namespace patroni::dcs::zookeeper
