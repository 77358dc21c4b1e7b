#include "codec/json.hpp"
#include "codec/member_status.hpp"

#include <gtest/gtest.h>

namespace patroni::codec {
namespace {

TEST(PublishedMember, ReadsAModernReplica) {
    const auto decoded = decode_published_member(
        "pg2",
        R"({"conn_url":"postgres://10.0.0.2:5432/postgres","api_url":"http://10.0.0.2:8008/patroni",)"
        R"("state":"running","role":"replica","version":"4.1.4","xlog_location":67109200,)"
        R"("receive_lsn":67109200,"replay_lsn":67109100,"replication_state":"streaming",)"
        R"("timeline":3,"pending_restart":true,"tags":{"zone":"a","nofailover":true}})");
    EXPECT_EQ(decoded.problem, "");
    const PublishedMember& member = decoded.member;
    EXPECT_EQ(member.name, "pg2");
    EXPECT_EQ(member.api->text(), "http://10.0.0.2:8008");
    EXPECT_EQ(member.postgres->text(), "10.0.0.2:5432");
    EXPECT_EQ(member.state, "streaming");
    EXPECT_EQ(decoded.server_state, "running");
    EXPECT_EQ(member.role, Role::replica);
    EXPECT_EQ(member.role_reported, "replica");
    EXPECT_EQ(member.timeline, 3);
    EXPECT_EQ(member.position, Lsn(67109200));
    EXPECT_EQ(member.receive_lsn, Lsn(67109200));
    EXPECT_EQ(member.replay_lsn, Lsn(67109100));
    EXPECT_TRUE(member.pending_restart);
    EXPECT_EQ(to_json(member.tags), R"({"zone":"a","nofailover":true})");
    EXPECT_EQ(member.patroni_version, "4.1.4");
}

TEST(PublishedMember, CredentialsOf090EndHere) {
    const auto decoded = decode_published_member(
        "pg1", R"({"conn_url":"postgres://replicator:rep-pass@127.0.0.1:19101/postgres",)"
               R"("api_url":"http://127.0.0.1:19001/patroni","state":"running","role":"master",)"
               R"("xlog_location":67108960})");
    EXPECT_EQ(decoded.problem, "");
    EXPECT_EQ(decoded.member.postgres, (HostPort{"127.0.0.1", 19101}));
    EXPECT_EQ(decoded.member.role, Role::primary);
    EXPECT_EQ(decoded.member.role_reported, "master");
    EXPECT_EQ(decoded.member.patroni_version, "");
}

TEST(PublishedMember, ReadsTheUrlOfGovernor) {
    const auto decoded = decode_published_member(
        "pg1",
        "postgres://replicator:rep-pass@127.0.0.1:5433/postgres?x=1&application_name="
        "http://127.0.0.1:8008/patroni");
    EXPECT_EQ(decoded.problem, "");
    EXPECT_EQ(decoded.member.postgres, (HostPort{"127.0.0.1", 5433}));
    ASSERT_TRUE(decoded.member.api);
    EXPECT_EQ(decoded.member.api->text(), "http://127.0.0.1:8008");
    EXPECT_EQ(decoded.member.state, "");
}

TEST(PublishedMember, FindsTheAddressInEveryForm) {
    const std::pair<std::string_view, std::optional<HostPort>> rows[] = {
        {R"("conn_url":"postgres://pg1/db")", HostPort{"pg1", 5432}},
        {R"("conn_url":"postgresql://[fe80::1]:5433/db")", HostPort{"fe80::1", 5433}},
        {R"("conn_url":"postgres://h1:1,h2:2/db")", HostPort{"h1", 1}},
        {R"("conn_url":"postgres://pg1:1/a b\u00e9#?x")", HostPort{"pg1", 1}},
        {R"("conn_kwargs":{"host":"k","port":7},"conn_url":"postgres://u:1/")", HostPort{"k", 7}},
        {R"("conn_kwargs":{"host":"k","port":"7"})", HostPort{"k", 7}},
        {R"("conn_kwargs":{"host":"k"})", HostPort{"k", 5432}},
        {R"("conn_url":"http://pg1:1/")", std::nullopt},
        {R"("conn_url":"pg1:1")", std::nullopt},
        {R"("conn_url":"postgres:///db?host=/tmp")", std::nullopt},
        {R"("conn_url":5)", std::nullopt},
        {R"("conn_kwargs":{"host":"/tmp"})", std::nullopt},
        {R"("x":1)", std::nullopt},
    };
    for (const auto& [text, expected] : rows) {
        const auto decoded =
            decode_published_member("m", "{\"state\":\"running\"," + std::string(text) + "}");
        EXPECT_EQ(decoded.member.postgres, expected) << text;
        EXPECT_EQ(decoded.member.state, "running") << text;
    }
}

TEST(PublishedMember, BadDataIsAMemberWithoutData) {
    for (const std::string_view text :
         {"", "x", "5", "null", "[1]", "\"s3cret\"", "{\"state\":", "{\"password\":\"s3cret\"",
          "postgres", "postgres://u:s3cret@/x", "postgres?application_name"}) {
        const auto decoded = decode_published_member("m", text);
        EXPECT_EQ(decoded.member.name, "m");
        EXPECT_EQ(decoded.member.state, "") << text;
        EXPECT_EQ(decoded.member.role, Role::unknown) << text;
        EXPECT_NE(decoded.problem, "") << text;
        EXPECT_EQ(decoded.problem.find("s3cret"), std::string::npos) << text;
    }
    const auto decoded = decode_published_member(
        "m",
        R"({"api_url":"ftp://u:s3cret@x/","xlog_location":0,"role":7,"tags":[],"timeline":""})");
    EXPECT_EQ(decoded.problem, "api_url is no http or https URL");
    EXPECT_EQ(decoded.member.position, std::nullopt) << "0 means unknown";
    EXPECT_TRUE(decoded.member.tags.is_null());
}

}  // namespace
}  // namespace patroni::codec
