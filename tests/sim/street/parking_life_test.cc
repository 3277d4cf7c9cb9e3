#include "sim/street/parking_life.h"

#include <gtest/gtest.h>

#include "fusion/model/plate.h"
#include "tests/sim/controller/crossroads.h"

namespace dispecer::sim {
namespace {

city::City town() {
  city::City city;
  ParkingArea area;
  area.id = ParkingId("PA");
  area.kind = ParkingKind::off_street;
  area.position = {23.57, 47.65};
  area.capacity = 3;
  city.parking = {area};
  return city;
}

TEST(ParkingLife, GivesTheLowestFreeBayAndRefusesWhenFull) {
  const auto city = town();
  ParkingLife life(city, 1);
  for (const auto* v : {"a", "b", "c"}) EXPECT_TRUE(life.arrive(v, ParkingId("PA"), at(0)));
  EXPECT_FALSE(life.arrive("d", ParkingId("PA"), at(0)));
  EXPECT_FALSE(life.arrive("e", ParkingId("elsewhere"), at(0)));
  life.leave("b");
  EXPECT_TRUE(life.arrive("d", ParkingId("PA"), at(5)));
  const auto& list = life.at(at(10)).at(ParkingId("PA"));
  ASSERT_EQ(list.size(), 3U);
  EXPECT_EQ(list[1].id, "d");
  EXPECT_EQ(list[1].bay, 1U);
  EXPECT_EQ(list[1].since, at(5));
  EXPECT_EQ(list[1].plate, plate_of("d", 1));
}

TEST(ParkingLife, MostDriversPayWithinMinutesAndSomeNever) {
  auto city = town();
  city.parking[0].capacity = 1000;
  ParkingLife life(city, 7);
  for (int i = 0; i < 1000; ++i)
    ASSERT_TRUE(life.arrive("v" + std::to_string(i), ParkingId("PA"), at(0)));
  const auto paid = [&](double s) {
    int n = 0;
    for (const auto& v : life.at(at(s)).at(ParkingId("PA"))) n += v.paid_until ? 1 : 0;
    return n;
  };
  EXPECT_LT(paid(0), 20);
  EXPECT_GT(paid(200), 850);
  EXPECT_LT(paid(200), 950);
  EXPECT_EQ(paid(200), paid(3000));
}

TEST(Plates, AreRomanianOrForeignAndAlwaysTheSame) {
  int romanian = 0;
  for (int i = 0; i < 500; ++i) {
    const auto plate = plate_of("car_" + std::to_string(i), 3);
    EXPECT_EQ(plate, plate_of("car_" + std::to_string(i), 3));
    EXPECT_EQ(plate, normalise_plate(plate));
    romanian += romanian_plate(plate) ? 1 : 0;
  }
  EXPECT_GT(romanian, 470);
  EXPECT_LT(romanian, 500);
  EXPECT_NE(plate_of("car_1", 3), plate_of("car_1", 4));
}

}  // namespace
}  // namespace dispecer::sim
