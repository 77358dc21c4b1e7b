#include "patronictl/pretty_table.hpp"

#include "patronictl/cell_width.hpp"

#include <gtest/gtest.h>

namespace {

using patronictl::cell_width;
using patronictl::PrettyTable;

TEST(CellWidth, CountsCellsOfATerminal) {
    EXPECT_EQ(cell_width("abc"), 3);
    EXPECT_EQ(cell_width("日本"), 4);
    EXPECT_EQ(cell_width("e\u0301"), 1);
    EXPECT_EQ(cell_width("\u200b"), 0);
    EXPECT_EQ(cell_width("\x1b[31mred\x1b[0m"), 3);
    EXPECT_EQ(cell_width("a\tb"), -1);
    EXPECT_EQ(cell_width(""), 0);
}

TEST(PrettyTable, DrawsATitleOverTheRule) {
    PrettyTable table;
    table.title = " Cluster: x ";
    table.columns = {{"Member"}, {"TL", true}};
    table.rows = {{"pg1", "3"}, {"longer name", "12"}};
    EXPECT_EQ(table.text(),
              "+ Cluster: x -+----+\n"
              "| Member      | TL |\n"
              "+-------------+----+\n"
              "| pg1         |  3 |\n"
              "| longer name | 12 |\n"
              "+-------------+----+\n");
}

TEST(PrettyTable, CutsATitleThatIsTooLong) {
    PrettyTable table;
    table.title = " Cluster: ünüsüal ";
    table.columns = {{"TL"}};
    EXPECT_EQ(table.text(), "+ Cl+\n| TL |\n+----+\n+----+\n");
    table.columns = {{"Long heading"}};
    EXPECT_EQ(table.text().substr(0, 19), "+ Cluster: ünüsü");
}

TEST(PrettyTable, RulesBetweenRowsOfSeveralLines) {
    PrettyTable table;
    table.columns = {{"a"}, {"b"}};
    table.rows = {{"1", "x\ny"}, {"2", ""}};
    table.rule_between_rows = true;
    EXPECT_EQ(
        table.text(),
        "+---+---+\n| a | b |\n+---+---+\n| 1 | x |\n|   | y |\n+---+---+\n| 2 |   |\n+---+---+\n");
}

TEST(PrettyTable, WideCharactersTakeTwoCells) {
    PrettyTable table;
    table.columns = {{"n"}};
    table.rows = {{"日本"}, {"ab"}};
    EXPECT_EQ(table.text(), "+------+\n| n    |\n+------+\n| 日本 |\n| ab   |\n+------+\n");
}

}  // namespace
