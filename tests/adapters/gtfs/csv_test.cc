#include "adapters/gtfs/csv.h"

#include <gtest/gtest.h>

namespace dispecer::gtfs {
namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows rows_of(std::string_view text, std::vector<std::string> columns) {
  CsvTable table("t.txt", text);
  Rows rows;
  while (table.next()) {
    std::vector<std::string> row;
    for (const auto& c : columns) row.push_back(table.cell(table.column(c)));
    rows.push_back(std::move(row));
  }
  return rows;
}

TEST(Csv, AByteOrderMarkIsNotPartOfTheFirstName) {
  EXPECT_EQ(rows_of("\xEF\xBB\xBFid,name\n1,x\n", {"id", "name"}), (Rows{{"1", "x"}}));
}

TEST(Csv, LineEndsOfEveryKindSeparateRowsAndBlankLinesAreNone) {
  EXPECT_EQ(rows_of("id,n\r\n1,a\r\n\r\n2,b\n3,c\r4,d", {"id", "n"}),
            (Rows{{"1", "a"}, {"2", "b"}, {"3", "c"}, {"4", "d"}}));
}

TEST(Csv, QuotesMayHoldCommasQuotesAndLineBreaks) {
  EXPECT_EQ(rows_of("id,n\n1,\"Piața, \"\"mare\"\"\"\n2,\"two\nlines\"\n3,\"\"\n", {"id", "n"}),
            (Rows{{"1", "Piața, \"mare\""}, {"2", "two\nlines"}, {"3", ""}}));
}

TEST(Csv, AQuoteInsideAnUnquotedCellIsText) {
  EXPECT_EQ(rows_of("id,n\n1,5\" pipe\n", {"id", "n"}), (Rows{{"1", "5\" pipe"}}));
}

TEST(Csv, BlanksAroundCellsAreTakenAwayButNotInsideQuotes) {
  EXPECT_EQ(rows_of(" id , n\n 1 ,\" a \" \n", {"id", "n"}), (Rows{{"1", " a "}}));
}

TEST(Csv, ShortRowsHaveEmptyCellsAndLongOnesLoseNothingNamed) {
  EXPECT_EQ(rows_of("id,n,m\n1\n2,a,b,c\n", {"id", "n", "m", "absent"}),
            (Rows{{"1", "", "", ""}, {"2", "a", "b", ""}}));
}

TEST(Csv, ARowThatEndsWithinQuotesIsTorn) {
  CsvTable table("t.txt", "id,n\n1,\"never closed\n2,b\n");
  ASSERT_TRUE(table.next());
  EXPECT_TRUE(table.torn());
  EXPECT_FALSE(table.next());
}

TEST(Csv, ARowKnowsItsLine) {
  CsvTable table("stops.txt", "id,n\r\n1,\"a\nb\"\r\n\r\n2,c\r\n");
  ASSERT_TRUE(table.next());
  EXPECT_EQ(table.where(), "stops.txt:2");
  ASSERT_TRUE(table.next());
  EXPECT_EQ(table.where(), "stops.txt:5");
}

TEST(Csv, AnEmptyTextIsATableWithoutColumns) {
  CsvTable table("t.txt", "");
  EXPECT_FALSE(table.column("id"));
  EXPECT_FALSE(table.next());
}

TEST(Csv, ClockTimesMayGoBeyondMidnightAndMayLackALeadingZero) {
  EXPECT_EQ(to_clock("00:00:00"), 0);
  EXPECT_EQ(to_clock("7:05:09"), 7 * 3600 + 5 * 60 + 9);
  EXPECT_EQ(to_clock("25:30:00"), 25 * 3600 + 1800);
  for (const auto* bad : {"", "7:5:9", "24:60:00", "24:00:60", "-1:00:00", "07:00", "07:00:00 ",
                          "100:00:00", "aa:bb:cc"})
    EXPECT_FALSE(to_clock(bad)) << bad;
}

TEST(Csv, NumbersAreWholeCellsOnly) {
  EXPECT_EQ(to_number("+47.5"), 47.5);
  EXPECT_EQ(to_count("12"), 12U);
  for (const auto* bad : {"", "12x", "nan", "inf", "1,5", "1e999"})
    EXPECT_FALSE(to_number(bad)) << bad;
  for (const auto* bad : {"", "-1", "1.0", "99999999999"}) EXPECT_FALSE(to_count(bad)) << bad;
}

}  // namespace
}  // namespace dispecer::gtfs
