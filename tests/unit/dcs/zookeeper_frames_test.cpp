// Frames as a real ZooKeeper 3.8.0 sent and took them (dcs-samples/zookeeper-wire-frames).

#include "codec/json.hpp"
#include "dcs/zookeeper/frame_buffer.hpp"
#include "dcs/zookeeper/jute.hpp"
#include "dcs/zookeeper/messages.hpp"
#include "support/recordings.hpp"

#include <gtest/gtest.h>

#include <map>

namespace patroni::dcs::zookeeper {
namespace {

std::string from_hex(const std::string& hex) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
    }
    return bytes;
}

/// Recorded frames in their order, by who sent what.
std::vector<std::pair<std::string, std::string>> recorded() {
    const auto sample =
        codec::parse_json(testing::read_test_file("dcs-samples/zookeeper-wire-frames.json"))
            .value();
    std::vector<std::pair<std::string, std::string>> frames;
    for (const auto& frame : *sample.find("frames")->if_array()) {
        const auto text = [&](const char* name) { return *frame.find(name)->if_string(); };
        frames.emplace_back(text("conn") + " " + text("dir") + " " + text("what"),
                            from_hex(text("hex")));
    }
    return frames;
}

std::string frame(const std::string& name) {
    for (auto& [key, bytes] : recorded()) {
        if (key == name) {
            return bytes;
        }
    }
    ADD_FAILURE() << "no frame " << name;
    return {};
}

Reply reply_to(const Request& request, const std::string& name) {
    std::string bytes = frame(name);
    std::string_view rest = bytes;
    const auto header = take_header(rest);
    EXPECT_TRUE(header);
    auto reply = decode_reply(request, *header, rest);
    EXPECT_TRUE(reply) << name;
    return reply ? *reply : Reply{};
}

const std::string k_demo = "/service/demo";

Request multi_request() {
    return {.op = Op::multi,
            .parts = {
                {.op = Op::check, .path = k_demo + "/config", .version = 0},
                {.op = Op::set_data, .path = k_demo + "/failover", .value = "{}", .version = -1}}};
}

Request multi_read_request() {
    return {.op = Op::multi_read,
            .parts = {{.op = Op::get_data, .path = k_demo + "/leader"},
                      {.op = Op::get_data, .path = k_demo + "/status"},
                      {.op = Op::get_data, .path = k_demo + "/sync"},
                      {.op = Op::get_children, .path = k_demo + "/members"}}};
}

TEST(ZookeeperFrames, RequestsAreWhatAnotherClientSent) {
    ConnectRequest connect;
    connect.timeout_ms = 4000;
    EXPECT_EQ(encode(connect), frame("client > ConnectRequest"));
    connect.last_zxid = 0x17;
    connect.session = 0x10000168bc20001;
    const auto welcome = decode_connect(frame("client < ConnectResponse"));
    ASSERT_TRUE(welcome);
    connect.password = welcome->password;
    EXPECT_EQ(encode(connect), frame("client-reconnect > ConnectRequest"));

    EXPECT_EQ(encode(AuthPacket{"digest", Secret("patroni:pw")}), frame("client > auth digest"));
    EXPECT_EQ(encode_ping(), frame("client > ping"));
    EXPECT_EQ(encode(1, {.op = Op::get_children, .path = "/service"}),
              frame("client > getChildren /service"));
    EXPECT_EQ(encode(2, {.op = Op::get_children2, .path = k_demo}),
              frame("client > getChildren2 /service/demo"));
    EXPECT_EQ(encode(3, {.op = Op::get_data, .path = k_demo + "/leader"}),
              frame("client > getData leader"));
    EXPECT_EQ(encode(4, {.op = Op::sync, .path = k_demo}), frame("client > sync /service/demo"));
    EXPECT_EQ(encode(5, {.op = Op::add_watch, .path = "/service"}),
              frame("client > addWatch /service PERSISTENT_RECURSIVE"));
    EXPECT_EQ(
        encode(6, {.op = Op::set_data, .path = k_demo + "/config", .value = "{}", .version = 7}),
        frame("client > setData config version=7"));
    EXPECT_EQ(encode(8, multi_request()), frame("client > multi check+setData"));
    EXPECT_EQ(encode(9, multi_read_request()),
              frame("client > multiRead leader,status,sync,children members"));
}

TEST(ZookeeperFrames, AnswersAreRead) {
    const Request children{.op = Op::get_children2, .path = k_demo};
    const Reply list = reply_to(children, "client < reply getChildren2 /service/demo err=0");
    EXPECT_EQ(list.children.size(), 9U);
    EXPECT_EQ(list.stat->children, 9);
    EXPECT_EQ(list.zxid, 0x10);

    const Request data{.op = Op::get_data, .path = k_demo + "/leader"};
    const Reply leader = reply_to(data, "client < reply getData leader err=0");
    EXPECT_EQ(leader.value, "pg-a");
    EXPECT_EQ(leader.stat->modified_zxid, 10);
    EXPECT_EQ(leader.stat->version, 0);
    EXPECT_NE(leader.stat->owner, 0);

    reply_to({.op = Op::add_watch, .path = "/service"},
             "client < reply addWatch /service PERSISTENT_RECURSIVE err=0");
    const Reply missing = reply_to(data, "client < reply getData nosuch err=-101");
    EXPECT_EQ(missing.error, k_no_node);
    const Reply refused = reply_to({.op = Op::set_data, .path = "x"},
                                   "client < reply setData config version=7 err=-103");
    EXPECT_EQ(refused.error, k_bad_version);
}

TEST(ZookeeperFrames, AnswersOfSeveralPartsAreRead) {
    const Reply multi = reply_to(multi_request(), "client < reply multi check+setData err=0");
    ASSERT_EQ(multi.parts.size(), 2U);
    EXPECT_EQ(multi.parts[1].stat->version, 2);

    const Reply read = reply_to(
        multi_read_request(), "client < reply multiRead leader,status,sync,children members err=0");
    ASSERT_EQ(read.parts.size(), 4U);
    EXPECT_EQ(read.parts[0].value, "pg-a");
    EXPECT_EQ(read.parts[1].value, "{\"optime\":2}");
    EXPECT_EQ(read.parts[3].children, (std::vector<std::string>{"pg-b", "pg-c", "pg-a"}));
    EXPECT_EQ(read.zxid, 0x17);
}

TEST(ZookeeperFrames, AnExpiredSessionAndEventsAreRead) {
    const auto over = decode_connect(frame("expired < ConnectResponse"));
    ASSERT_TRUE(over);
    EXPECT_EQ(over->timeout_ms, 0);
    EXPECT_EQ(over->session, 0);

    for (const auto& [name, bytes] : recorded()) {
        if (name.find("WatcherEvent") == std::string::npos) {
            continue;
        }
        std::string_view rest = bytes;
        EXPECT_EQ(take_header(rest)->xid, k_xid_event);
        const auto event = decode_event(rest);
        ASSERT_TRUE(event) << name;
        EXPECT_TRUE(name.ends_with("path=" + event->path)) << name;
        EXPECT_NE(name.find("type=" + std::to_string(static_cast<int>(event->kind))),
                  std::string::npos)
            << name;
    }
}

TEST(ZookeeperFrames, AnAnswerCutAtAnyByteIsAnErrorAndNotMore) {
    const std::vector<std::pair<Request, std::string>> answers = {
        {{.op = Op::get_children2, .path = k_demo},
         "client < reply getChildren2 /service/demo err=0"},
        {{.op = Op::get_data, .path = k_demo}, "client < reply getData leader err=0"},
        {{.op = Op::sync, .path = k_demo}, "client < reply sync /service/demo err=0"},
        {multi_request(), "client < reply multi check+setData err=0"},
        {multi_read_request(),
         "client < reply multiRead leader,status,sync,children members err=0"}};
    for (const auto& [request, name] : answers) {
        const std::string whole = frame(name);
        for (std::size_t size = 0; size < whole.size(); ++size) {
            const std::string cut = whole.substr(0, size);
            std::string_view rest = cut;
            const auto header = take_header(rest);
            EXPECT_EQ(header.has_value(), size >= 16);
            // A body of nothing is that of a refusal that lost its number: no answer either.
            EXPECT_FALSE(header && decode_reply(request, *header, rest)) << name << " " << size;
        }
        std::string longer = whole + '\0';
        std::string_view rest = longer;
        const auto header = take_header(rest);
        EXPECT_FALSE(decode_reply(request, *header, rest)) << name << " and a byte more";
    }
    const std::string welcome = frame("client < ConnectResponse");
    for (std::size_t size = 0; size < welcome.size(); ++size) {
        // Servers before 3.4 do not send the last byte.
        EXPECT_EQ(decode_connect(welcome.substr(0, size)).has_value(), size + 1 == welcome.size());
    }
}

TEST(ZookeeperFrames, AStreamIsCutIntoFramesWhereverItIsCutByTheNetwork) {
    std::string stream;
    std::vector<std::string> expected;
    for (const auto& [name, bytes] : recorded()) {
        stream += with_length(bytes);
        expected.push_back(bytes);
    }
    for (const std::size_t step : {std::size_t{1}, std::size_t{3}, std::size_t{4}, std::size_t{5},
                                   std::size_t{1000}, stream.size()}) {
        FrameBuffer buffer;
        std::vector<std::string> frames;
        for (std::size_t start = 0; start < stream.size(); start += step) {
            buffer.append(std::string_view(stream).substr(start, step));
            for (auto next = buffer.next().value(); next; next = buffer.next().value()) {
                frames.emplace_back(*next);
            }
        }
        EXPECT_EQ(frames, expected) << "in steps of " << step;
    }
}

TEST(ZookeeperFrames, AnotherProtocolIsRefused) {
    FrameBuffer http;
    http.append("HTTP/1.1 400 Bad Request\r\n\r\n");
    const auto large = http.next();
    ASSERT_FALSE(large);
    EXPECT_EQ(large.error().kind, ErrorKind::limit);
    EXPECT_NE(large.error().message.find("ZooKeeper"), std::string::npos);

    FrameBuffer negative;
    negative.append("\xff\xff\xff\xff");
    ASSERT_FALSE(negative.next());
}

TEST(ZookeeperJute, AnInventedCountAllocatesNothing) {
    JuteReader reader(
        std::string_view("\x7f\xff\xff\xff"
                         "abcd",
                         8));
    EXPECT_TRUE(reader.read_texts().empty());
    EXPECT_TRUE(reader.is_broken());

    JuteReader nothing(std::string_view("\xff\xff\xff\xff", 4));
    EXPECT_EQ(nothing.read_text(), "");
    EXPECT_FALSE(nothing.is_broken());

    JuteReader negative(std::string_view("\xff\xff\xff\xfe", 4));
    EXPECT_EQ(negative.read_text(), "");
    EXPECT_TRUE(negative.is_broken());
}

}  // namespace
}  // namespace patroni::dcs::zookeeper
