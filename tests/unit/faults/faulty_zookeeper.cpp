#include "unit/faults/faulty_zookeeper.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace patroni::testing {

using boost::asio::ip::tcp;
using Kind = WireFault::Kind;

/// One connection; it lives as long as something is under way on it.
class FaultyZookeeper::Link : public std::enable_shared_from_this<Link> {
public:
    Link(tcp::socket socket, ZookeeperTree& tree, std::optional<WireFault> fault)
        : socket_(std::move(socket)),
          timer_(socket_.get_executor()),
          server_(tree),
          fault_(std::move(fault)) {}

    void start() {
        if (is(Kind::reset_on_accept)) {
            return reset();
        }
        server_.connect();
        read();
    }
    void close() {
        boost::system::error_code ignored;
        timer_.cancel();
        socket_.close(ignored);
    }

private:
    bool is(Kind kind) const { return fault_ && fault_->kind == kind; }

    void reset() {
        boost::system::error_code ignored;
        socket_.set_option(boost::asio::socket_base::linger(true, 0), ignored);
        close();
    }

    void read() {
        socket_.async_read_some(
            boost::asio::buffer(bytes_),
            [self = shared_from_this()](boost::system::error_code code, std::size_t size) {
                if (code) {
                    return self->close();
                }
                self->answer(self->server_.take({self->bytes_.data(), size}));
                if (self->server_.is_closed) {
                    self->close();
                }
                if (self->socket_.is_open()) {
                    self->read();
                }
            });
    }

    void answer(std::string out) {
        if (out.empty() || is(Kind::silent)) {
            return;
        }
        if (is(Kind::garbage)) {
            return send("this is no frame of ZooKeeper's\n");
        }
        if (is(Kind::endless) && sent_ > 0) {
            return send(std::string("\x7f\xff\xff\xf0", 4) + std::string(1 << 20, 'x'));
        }
        if (is(Kind::slow)) {
            slow_ += out;
            return trickle();
        }
        if (!fault_ || is(Kind::refuse) || is(Kind::endless)) {
            return send(std::move(out));
        }
        out.resize(std::min(out.size(), fault_->bytes - std::min(fault_->bytes, sent_)));
        send(std::move(out));
        if (sent_ >= fault_->bytes && is(Kind::close)) {
            close();
        } else if (sent_ >= fault_->bytes && is(Kind::reset)) {
            reset();
        }
    }

    void send(std::string out) {
        boost::system::error_code code;
        sent_ += boost::asio::write(socket_, boost::asio::buffer(out), code);
        if (code) {
            close();
        }
    }

    void trickle() {
        if (slow_.empty() || !socket_.is_open() || is_trickling_) {
            return;
        }
        is_trickling_ = true;
        send(slow_.substr(0, 1));
        slow_.erase(0, 1);
        timer_.expires_after(std::chrono::milliseconds(50));
        timer_.async_wait([self = shared_from_this()](boost::system::error_code code) {
            self->is_trickling_ = false;
            if (!code) {
                self->trickle();
            }
        });
    }

    tcp::socket socket_;
    boost::asio::steady_timer timer_;
    ZookeeperServer server_;
    std::optional<WireFault> fault_;
    std::array<char, 65536> bytes_{};
    std::size_t sent_ = 0;
    std::string slow_;
    bool is_trickling_ = false;
};

FaultyZookeeper::FaultyZookeeper(const std::map<std::string, std::string>& nodes) {
    for (const auto& [path, value] : nodes) {
        tree_.put(path, value);
    }
    loop_.run([this] { port_.emplace(loop_.context); });
    fault(std::nullopt);
}

FaultyZookeeper::~FaultyZookeeper() {
    loop_.run([this] {
        acceptor_.reset();
        for (const auto& link : links_) {
            if (const auto open = link.lock()) {
                open->close();
            }
        }
    });
    all_connections_ended();
    loop_.run([this] { port_.reset(); });
    loop_.stop();
}

Seeds FaultyZookeeper::seeds() const {
    return Seeds::zookeeper(port_->address().text(), "batman").value();
}

void FaultyZookeeper::fault(std::optional<WireFault> fault) {
    loop_.run([&] {
        fault_ = std::move(fault);
        if (fault_ && fault_->kind == Kind::refuse) {
            acceptor_.reset();
        } else if (!acceptor_) {
            acceptor_.emplace(simulation::bound_acceptor(loop_.context, port_->address().port));
            acceptor_->listen();
            accept();
        }
    });
}

void FaultyZookeeper::accept() {
    acceptor_->async_accept([this](boost::system::error_code code, tcp::socket socket) {
        if (code) {
            return;
        }
        ++connections_;
        std::erase_if(links_, [](const auto& link) { return link.expired(); });
        const auto link = std::make_shared<Link>(std::move(socket), tree_, fault_);
        links_.push_back(link);
        open_at_most_ = std::max(open_at_most_, links_.size());
        link->start();
        accept();
    });
}

std::size_t FaultyZookeeper::connections() {
    std::size_t count = 0;
    loop_.run([&] { count = connections_; });
    return count;
}

std::size_t FaultyZookeeper::open_at_most() {
    std::size_t count = 0;
    loop_.run([&] { count = open_at_most_; });
    return count;
}

bool FaultyZookeeper::all_connections_ended() {
    return loop_.comes_true([this] {
        return std::ranges::all_of(links_, [](const auto& link) { return link.expired(); });
    });
}

}  // namespace patroni::testing
