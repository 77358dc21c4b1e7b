// Answers of bare health checks, whose text says that they are none.
#include "rest/decode.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patroni::testing {
namespace {

using ::testing::HasSubstr;

protocol::Response answer(int status, std::string body) {
    protocol::Response response;
    response.status = status;
    response.body = std::move(body);
    return response;
}

TEST(BareCheck, IsTheStatusAlone) {
    EXPECT_TRUE(rest::decode(CheckLiveness{}, answer(200, ""))->healthy);
    EXPECT_FALSE(rest::decode(CheckLiveness{}, answer(503, ""))->healthy);
}

TEST(BareCheck, OfAnOlderPatroniIsAnotherHealthCheckWhateverItSays) {
    for (const int status : {200, 503}) {
        const auto data = rest::decode(
            CheckReadiness{}, answer(status, R"({"state": "running", "role": "master", "patroni": )"
                                             R"({"version": "1.6.5", "scope": "batman"}})"));
        ASSERT_FALSE(data);
        EXPECT_EQ(data.error().kind, ErrorKind::unsupported);
        EXPECT_THAT(data.error().message, HasSubstr("this is 1.6.5"));
    }
}

TEST(BareCheck, WithAnyOtherTextIsNotPatronis) {
    const auto data = rest::decode(CheckLiveness{}, answer(200, "<html>welcome</html>"));
    ASSERT_FALSE(data);
    EXPECT_EQ(data.error().kind, ErrorKind::decode);
    EXPECT_THAT(data.error().message, HasSubstr("without text"));
}

}  // namespace
}  // namespace patroni::testing
