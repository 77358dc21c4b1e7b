// The one place where the code of Asio's TLS streams is compiled (BOOST_ASIO_SEPARATE_COMPILATION);
// the library itself does without them.
#include <boost/asio/ssl/impl/src.hpp>
