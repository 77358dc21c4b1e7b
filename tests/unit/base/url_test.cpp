#include <patroni/url.hpp>

#include <gtest/gtest.h>

namespace patroni {
namespace {

TEST(HostPort, ReadsNamesAndAddresses) {
    const std::tuple<std::string_view, std::uint16_t, HostPort> rows[] = {
        {"pg1:8008", 0, {"pg1", 8008}},
        {"pg1", 8008, {"pg1", 8008}},
        {"pg1:9000", 8008, {"pg1", 9000}},
        {"10.0.0.1:1", 0, {"10.0.0.1", 1}},
        {"[::1]:65535", 0, {"::1", 65535}},
        {"[fe80::1%eth0]:8008", 0, {"fe80::1%eth0", 8008}},
        {"[2001:db8::1]", 8008, {"2001:db8::1", 8008}},
        {"2001:db8::1", 8008, {"2001:db8::1", 8008}},
        {"my_host.example.", 80, {"my_host.example.", 80}},
    };
    for (const auto& [text, port, expected] : rows) {
        const auto result = parse_host_port(text, port);
        ASSERT_TRUE(result) << text << ": " << result.error().message;
        EXPECT_EQ(*result, expected) << text;
    }
    EXPECT_EQ((HostPort{"::1", 80}).text(), "[::1]:80");
    EXPECT_EQ((HostPort{"pg1", 80}).text(), "pg1:80");
}

TEST(HostPort, RefusesWhatIsNone) {
    const std::string long_name(256, 'a');
    for (const std::string_view text : {std::string_view(""),
                                        std::string_view(":8008"),
                                        std::string_view("pg1:"),
                                        std::string_view("pg1:0"),
                                        std::string_view("pg1:65536"),
                                        std::string_view("pg1:+80"),
                                        std::string_view("pg1:080808"),
                                        std::string_view("pg1:80:80"),
                                        std::string_view("[::1"),
                                        std::string_view("[::1]8008"),
                                        std::string_view("[pg1]:80"),
                                        std::string_view("::1:"),
                                        std::string_view("pg 1:80"),
                                        std::string_view("-pg1:80"),
                                        std::string_view("a..b:80"),
                                        std::string_view("pg1\n:80"),
                                        std::string_view("p\xC3\xA4:80"),
                                        std::string_view("[]:80"),
                                        std::string_view("[::1%]:80"),
                                        std::string_view("pg1/x:80"),
                                        std::string_view(long_name),
                                        std::string_view("pg\0:80", 6),
                                        std::string_view("::1\0x", 5),
                                        std::string_view("[::1\0]:80", 9)}) {
        const auto result = parse_host_port(text, 8008);
        ASSERT_FALSE(result) << text;
        EXPECT_EQ(result.error().kind, ErrorKind::config);
    }
    EXPECT_FALSE(parse_host_port("pg1"));
    EXPECT_FALSE(parse_host_port("2001:db8::1:8008"));
}

TEST(HostPort, NeverRepeatsWhatCanBeAPassword) {
    const auto result = parse_host_port("admin:s3cret@pg1:8008");
    ASSERT_FALSE(result);
    EXPECT_EQ(to_line(result.error()).find("s3cret"), std::string::npos);
    EXPECT_NE(parse_host_port("pg1:x").error().message.find("pg1:x"), std::string::npos);
}

TEST(Url, ReadsAllParts) {
    const auto url = parse_url("HTTPS://us%40er:p%3Aw%2f@[fe80::1%25eth0]:8008/a/b?c=d?e");
    ASSERT_TRUE(url);
    EXPECT_EQ(url->scheme, "https");
    EXPECT_EQ(url->user, "us@er");
    EXPECT_EQ(url->password.reveal(), "p:w/");
    EXPECT_EQ(url->address, (HostPort{"fe80::1%eth0", 8008}));
    EXPECT_EQ(url->path, "/a/b");
    EXPECT_EQ(url->query, "c=d?e");
    EXPECT_EQ(url->text(), "https://[fe80::1%25eth0]:8008/a/b?c=d?e");
}

TEST(Url, ReadsForms) {
    const std::tuple<std::string_view, HostPort, std::string_view> rows[] = {
        {"http://pg1", {"pg1", 0}, ""},
        {"http://pg1/", {"pg1", 0}, "/"},
        {"http://pg1?x", {"pg1", 0}, ""},
        {"http://u:p@ss@pg1:80/", {"pg1", 80}, "/"},
        {"http://:pw@pg1/", {"pg1", 0}, "/"},
        {"postgres://h1:1,h2:2/db", {"h1", 1}, "/db"},
        {"postgresql://u:p@[::1],h2/db", {"::1", 0}, "/db"},
        {"postgres://replicator:rep-pass@127.0.0.1:19101/postgres",
         {"127.0.0.1", 19101},
         "/postgres"},
        {"etcd+http://etcd:2379", {"etcd", 2379}, ""},
    };
    for (const auto& [text, address, path] : rows) {
        const auto url = parse_url(text);
        ASSERT_TRUE(url) << text << ": " << url.error().message;
        EXPECT_EQ(url->address, address) << text;
        EXPECT_EQ(url->path, path) << text;
        EXPECT_EQ(url->text().find('@'), std::string::npos) << text;
    }
}

TEST(Url, RefusesWithoutRepeating) {
    for (const std::string_view text :
         {"", "pg1:8008", "://pg1", "1http://pg1", "ht tp://pg1", "http:///secret",
          "http://secret@", "http://u:secret%zz@pg1", "http://u:secret%4@pg1",
          "http://u:secret%00@pg1", "http://u:secret%0d%0a@pg1", "http://secret:x/",
          "http://pg1/secret x", "http://pg1/secret\r\nHost: x", "http://pg1/secret#x",
          "http://h1,secret:2/", "http://u:secret/pw@pg1/", "http://::1/secret"}) {
        const auto url = parse_url(text);
        ASSERT_FALSE(url) << text;
        EXPECT_EQ(url.error().kind, ErrorKind::config);
        EXPECT_EQ(to_line(url.error()).find("secret"), std::string::npos) << text;
    }
}

TEST(Origin, ReadsUrlsAndBareHosts) {
    const std::tuple<std::string_view, std::uint16_t, std::string_view> rows[] = {
        {"http://pg1:8008/patroni", 0, "http://pg1:8008"},
        {"https://pg1/patroni?x=1", 8008, "https://pg1:8008"},
        {"https://pg1/", 0, "https://pg1:443"},
        {"http://pg1", 0, "http://pg1:80"},
        {"http://u:p@pg1:1", 0, "http://pg1:1"},
        {"pg1", 8008, "http://pg1:8008"},
        {"pg1:9000/patroni", 8008, "http://pg1:9000"},
        {"[::1]:8008", 8008, "http://[::1]:8008"},
        {"http://[fe80::1%25eth0]:8008", 0, "http://[fe80::1%25eth0]:8008"},
    };
    for (const auto& [text, port, expected] : rows) {
        const auto origin = parse_origin(text, port);
        ASSERT_TRUE(origin) << text << ": " << origin.error().message;
        EXPECT_EQ(origin->text(), expected) << text;
        const auto again = parse_origin(origin->text(), 0);
        ASSERT_TRUE(again) << expected;
        EXPECT_EQ(*again, *origin);
    }
    for (const std::string_view text : {"ftp://pg1", "postgres://pg1:5432", "pg1", "", "/x"}) {
        EXPECT_FALSE(parse_origin(text, 0)) << text;
    }
}

}  // namespace
}  // namespace patroni
