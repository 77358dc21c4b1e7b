// The screen and the lines of `patctl discover`.
#include "patctl/render/discovery.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patroni::testing {
namespace {

using ::patctl::Format;
using ::patctl::render::discovery_text;
using ::testing::HasSubstr;
using ::testing::Not;

DiscoveredMember container(const std::string& name, const std::string& host) {
    DiscoveredMember member;
    member.name = name;
    member.api = Origin{false, {host, 32769}};
    member.postgres = HostPort{host, 32768};
    member.registrator = RegistratorIdentity{"0.cell_z1", name, 8008};
    return member;
}

DiscoveredMember bare(const std::string& host) {
    DiscoveredMember member;
    member.api = Origin{false, {host, 8008}};
    return member;
}

TEST(DiscoverScreen, OfRegistrator) {
    Discovery discovery;
    discovery.members = {container("cf-49a9", "10.244.21.7"), container("cf-9552", "10.244.21.8")};
    EXPECT_EQ("\n" + discovery_text(discovery, Format::pretty), R"(
MEMBER   REST API                  POSTGRESQL         HOST
cf-49a9  http://10.244.21.7:32769  10.244.21.7:32768  0.cell_z1
cf-9552  http://10.244.21.8:32769  10.244.21.8:32768  0.cell_z1
)");
}

TEST(DiscoverScreen, OfAListHasOnlyWhatIsKnown) {
    Discovery discovery;
    discovery.members = {bare("10.0.0.1"), bare("::1")};
    EXPECT_EQ("\n" + discovery_text(discovery, Format::pretty), R"(
MEMBER         REST API
10.0.0.1:8008  http://10.0.0.1:8008
[::1]:8008     http://[::1]:8008
)");
}

TEST(DiscoverScreen, OfAStoreWithAMemberWithoutAddressAndAProblem) {
    auto known = bare("10.0.0.1");
    known.name = "pg1";
    known.scope = "batman";
    DiscoveredMember nowhere;
    nowhere.name = "pg2";
    nowhere.scope = "batman";
    Discovery discovery;
    discovery.members = {known, nowhere};
    discovery.problems = {{"bad_value", "/service/batman/members/pg2", "no JSON"}};
    EXPECT_EQ("\n" + discovery_text(discovery, Format::pretty), R"(
MEMBER  REST API              SCOPE
pg1     http://10.0.0.1:8008  batman
pg2     ?                     batman
! /service/batman/members/pg2: no JSON
)");
}

TEST(DiscoverScreen, OfNothing) {
    Discovery discovery;
    discovery.problems = {{"empty_directory", "/d-8008", "no entry"}};
    EXPECT_EQ(discovery_text(discovery, Format::pretty), "no member found\n! /d-8008: no entry\n");
}

TEST(DiscoverTsv, HasAHeadingAndEveryColumn) {
    Discovery discovery;
    discovery.members = {container("cf-49a9", "10.244.21.7"), bare("10.0.0.1")};
    EXPECT_EQ(discovery_text(discovery, Format::tsv),
              "name\tscope\tapi_url\thost\tport\tpostgres_host\tpostgres_port\tregistrator_host\t"
              "container\tcontainer_port\n"
              "cf-49a9\t\thttp://10.244.21.7:32769\t10.244.21.7\t32769\t10.244.21.7\t32768\t"
              "0.cell_z1\tcf-49a9\t8008\n"
              "10.0.0.1:8008\t\thttp://10.0.0.1:8008\t10.0.0.1\t8008\t\t\t\t\t\n");
}

TEST(DiscoverScreen, HostileNamesStayInTheirPlace) {
    auto evil = bare("10.0.0.1");
    evil.name = "a\x1b[31mb\n\tc\xe2\x80\xae";
    evil.scope = "\x1b]0;title\x07";
    Discovery discovery;
    discovery.members = {evil};
    discovery.problems = {{"x", "k\x1b[1m", "m\n2"}};
    const auto pretty = discovery_text(discovery, Format::pretty);
    EXPECT_THAT(pretty, Not(HasSubstr("\x1b")));
    EXPECT_THAT(pretty, Not(HasSubstr("\xe2\x80\xae")));
    EXPECT_EQ(std::count(pretty.begin(), pretty.end(), '\n'), 3);
    const auto tsv = discovery_text(discovery, Format::tsv);
    EXPECT_EQ(std::count(tsv.begin(), tsv.end(), '\n'), 2);
    EXPECT_EQ(std::count(tsv.begin(), tsv.end(), '\t'), 18);
}

}  // namespace
}  // namespace patroni::testing
