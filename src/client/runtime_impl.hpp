#pragma once

#include <patroni/runtime.hpp>

#include <boost/asio/io_context.hpp>

namespace patroni {

class Runtime::Impl {
public:
    boost::asio::io_context context{1};
};

}  // namespace patroni
