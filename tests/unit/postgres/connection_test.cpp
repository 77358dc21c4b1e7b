#include "postgres/connection.hpp"

#include <gtest/gtest.h>

namespace patroni::postgres {
namespace {

TEST(Connection, TellsWhyThereIsNone) {
    const auto connection = Connection::open({{"host", "/nonexistent"},
                                              {"port", "5432"},
                                              {"user", "nobody"},
                                              {"password", "s3cret"},
                                              {"dbname", "none"}});
    if (!connection) {
        // Without the library this is what users see.
        EXPECT_EQ(connection.error().kind, ErrorKind::unsupported);
        EXPECT_NE(connection.error().message.find("libpq5"), std::string::npos);
        return;
    }
    EXPECT_FALSE(connection->is_open());
    EXPECT_EQ(connection->failure().sqlstate, "");
    EXPECT_NE(connection->failure().text.find("/nonexistent"), std::string::npos);
    EXPECT_EQ(connection->failure().text.find("s3cret"), std::string::npos);
}

TEST(Connection, RefusesAnOptionThatLibpqDoesNotKnow) {
    const auto connection = Connection::open({{"no_such_option", "1"}});
    if (!connection) {
        GTEST_SKIP() << connection.error().message;
    }
    EXPECT_FALSE(connection->is_open());
    EXPECT_NE(connection->failure().text.find("no_such_option"), std::string::npos);
}

}  // namespace
}  // namespace patroni::postgres
