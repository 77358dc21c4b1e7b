#include <patroni/secret.hpp>

#include <gtest/gtest.h>

#include <type_traits>

namespace patroni {
namespace {

TEST(Secret, MovesLeaveNothingBehind) {
    for (const std::string& text : {std::string("short"), std::string(100, 'x')}) {
        Secret first(text);
        Secret second(std::move(first));
        EXPECT_EQ(second.reveal(), text);
        EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): that is what is tested
        EXPECT_EQ(first.reveal().data()[0], '\0');
        Secret third("old");
        third = std::move(second);
        EXPECT_EQ(third.reveal(), text);
        EXPECT_TRUE(second.empty());  // NOLINT(bugprone-use-after-move)
    }
}

TEST(Secret, CopiesAndSurvivesSelfAssignment) {
    Secret secret("s3cret");
    const Secret copy = secret;
    secret = *&secret;
    EXPECT_EQ(secret.reveal(), "s3cret");
    secret = Secret("other");
    EXPECT_EQ(copy.reveal(), "s3cret");
    EXPECT_EQ(secret.reveal(), "other");
}

TEST(Secret, IsNoText) {
    EXPECT_FALSE((std::is_convertible_v<std::string, Secret>));
    EXPECT_FALSE((std::is_convertible_v<Secret, std::string>));
}

}  // namespace
}  // namespace patroni
