// Another day of a small route file.
#include "tests/bench/lockstep/other_day.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <pugixml.hpp>
#include <set>

#include "tests/support/folder.h"

namespace dispecer::bench {
namespace {

class OtherDay : public ::testing::Test {
 protected:
  void SetUp() override {
    std::ofstream routes(folder_.file("a.rou.xml"));
    routes << R"(<routes><vType id="car"/><route id="r" edges="e1 e2"/>)";
    for (int i = 0; i < kCars; ++i) {
      routes << "<vehicle id=\"c" << i << "\" type=\"car\" route=\"r\" depart=\"" << 4 * i
             << ".00\" departLane=\"best\"/>";
    }
    routes << R"(<flow id="f" begin="900" end="1800" vehsPerHour="300" route="r"/>)"
           << R"(<vehicle id="bus" route="r" depart="950"><stop busStop="s" duration="20"/>)"
           << "</vehicle></routes>";
    std::ofstream(folder_.file("a.sumocfg"))
        << "<configuration><input><net-file value=\"/n.net.xml\"/><route-files value=\""
        << folder_.file("a.rou.xml") << "\"/></input></configuration>";
  }
  // Vehicle elements of the day, in the order of the file.
  std::vector<pugi::xml_node> vehicles(unsigned day, const std::string& name,
                                       pugi::xml_document& doc) {
    const auto config = write_other_day(folder_.file("a.sumocfg"), day, folder_.file(name));
    EXPECT_TRUE(config) << config.error().message();
    pugi::xml_document written;
    EXPECT_TRUE(written.load_file(config->c_str()));
    const auto input = written.document_element().child("input");
    EXPECT_STREQ(input.child("net-file").attribute("value").as_string(), "/n.net.xml");
    EXPECT_TRUE(doc.load_file(input.child("route-files").attribute("value").as_string()));
    std::vector<pugi::xml_node> list;
    for (const auto node : doc.document_element().children("vehicle")) list.push_back(node);
    return list;
  }

  static constexpr int kCars = 400;
  test::Folder folder_{"other_day"};
};

TEST_F(OtherDay, AsManyOnTheMeanInTheOrderOfTimeAndEachWithANameOfItsOwn) {
  pugi::xml_document doc;
  const auto list = vehicles(7, "seven", doc);
  std::set<std::string> names;
  double last = 0;
  std::set<std::string> drawn;
  for (const auto& v : list) {
    const std::string id = v.attribute("id").as_string();
    EXPECT_TRUE(names.insert(id).second) << id;
    const double at = v.attribute("depart").as_double();
    EXPECT_GE(at, last);
    last = at;
    if (id == "bus") continue;
    const auto original = id.substr(0, id.find('#'));
    drawn.insert(original);
    EXPECT_LE(std::abs(at - 4 * std::stod(original.substr(1))), 150.01) << id;
    EXPECT_STREQ(v.attribute("departLane").as_string(), "best");
  }
  const auto cars = static_cast<double>(list.size() - 1);
  EXPECT_NEAR(cars, kCars, 3 * std::sqrt(kCars));
  // A Poisson draw leaves out 1/e of them.
  EXPECT_NEAR(static_cast<double>(drawn.size()), kCars * (1 - std::exp(-1.0)), 40);
}

TEST_F(OtherDay, ABusKeepsItsTimetableAndAFlowChangesItsRate) {
  pugi::xml_document doc;
  const auto list = vehicles(1, "one", doc);
  const auto bus = std::find_if(list.begin(), list.end(), [](const auto& v) {
    return std::string(v.attribute("id").as_string()) == "bus";
  });
  ASSERT_NE(bus, list.end());
  EXPECT_EQ(bus->attribute("depart").as_double(), 950);
  const auto flow = doc.document_element().child("flow");
  EXPECT_NE(flow.attribute("vehsPerHour").as_double(), 300);
  EXPECT_NEAR(flow.attribute("vehsPerHour").as_double(), 300, 150);
  EXPECT_TRUE(doc.document_element().child("vType"));
  EXPECT_TRUE(doc.document_element().child("route"));
}

TEST_F(OtherDay, TheSameNumberIsTheSameDayAndAnotherIsAnother) {
  pugi::xml_document one;
  pugi::xml_document again;
  pugi::xml_document two;
  const auto ids = [](const std::vector<pugi::xml_node>& list) {
    std::vector<std::string> out;
    for (const auto& v : list) out.emplace_back(v.attribute("id").as_string());
    return out;
  };
  const auto first = ids(vehicles(1, "one", one));
  EXPECT_EQ(first, ids(vehicles(1, "again", again)));
  EXPECT_NE(first, ids(vehicles(2, "two", two)));
}

TEST_F(OtherDay, AMissingFileIsNamed) {
  const auto missing = write_other_day(folder_.file("b.sumocfg"), 1, folder_.file("x"));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().cause, "no_config");
}

}  // namespace
}  // namespace dispecer::bench
