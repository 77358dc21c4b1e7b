#include "codec/rest_documents.hpp"

#include "codec/json.hpp"
#include "support/recordings.hpp"

#include <gtest/gtest.h>

#include <map>

namespace patroni::codec {
namespace {

TEST(RestDocuments, EveryRecordedAnswerIsRead) {
    std::map<std::string, int> seen;
    for (const auto& answer : testing::recorded_answers("other")) {
        SCOPED_TRACE(answer.patroni + " " + answer.name);
        ++seen[answer.path];
        const Value document = parse_json(answer.body).value();
        if (answer.path == "/config") {
            EXPECT_EQ(decode_config(answer.body).value(), document);
        } else if (answer.path == "/history") {
            const History history = decode_history(answer.body).value();
            EXPECT_EQ(history.unreadable, 0U);
            EXPECT_EQ(history.entries.size(), document.if_array()->size());
        } else {
            const auto members = decode_failsafe(answer.body).value();
            EXPECT_EQ(members.size(), document.if_object()->size());
            for (const auto& [name, url] : *document.if_object()) {
                EXPECT_EQ(members.at(name).value().text() + "/patroni", *url.if_string());
            }
        }
    }
    EXPECT_GT(seen["/config"], 0);
    EXPECT_GT(seen["/history"], 0);
    EXPECT_GT(seen["/failsafe"], 0);
}

/// What a version without the endpoint answers to it.
TEST(RestDocuments, AStatusDocumentIsNoneOfThem) {
    for (const auto& answer : testing::recorded_answers("status")) {
        EXPECT_FALSE(decode_history(answer.body));
        EXPECT_FALSE(decode_failsafe(answer.body));
    }
}

TEST(RestDocuments, AMemberMayBeCalledPatroni) {
    const auto members = decode_failsafe(R"({"patroni":"http://10.0.0.1:8008/patroni","x":5})");
    EXPECT_EQ(members.value().at("patroni")->text(), "http://10.0.0.1:8008");
    EXPECT_EQ(members->at("x"), std::nullopt);
}

TEST(RestDocuments, OtherTextsAreDecodeErrors) {
    for (const std::string_view text : {"", "{", "null", "5", "\"x\"", "<html>", "{}x"}) {
        SCOPED_TRACE(text);
        const auto config = decode_config(text);
        const auto history = decode_history(text);
        const auto failsafe = decode_failsafe(text);
        ASSERT_TRUE(!config && !history && !failsafe);
        EXPECT_EQ(config.error().kind, ErrorKind::decode);
        EXPECT_EQ(history.error().kind, ErrorKind::decode);
        EXPECT_EQ(failsafe.error().kind, ErrorKind::decode);
    }
    EXPECT_FALSE(decode_config("[]"));
    EXPECT_FALSE(decode_history("{}"));
    EXPECT_FALSE(decode_failsafe("[]"));
    EXPECT_EQ(decode_history("[[1,2],[3,4,\"x\"]]").value().unreadable, 1U);
}

}  // namespace
}  // namespace patroni::codec
