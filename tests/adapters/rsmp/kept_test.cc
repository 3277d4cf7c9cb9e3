// What is set at a controller outlives a kill of the supervisor.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "adapters/app/rsmp_kept.h"
#include "adapters/bus/codec.h"
#include "tests/adapters/rsmp/street.h"

namespace dispecer::rsmp {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// Everything set that can be set, each until ten minutes from the start.
std::vector<FieldWrite> overrides() {
  return {OutputOrder{2, true, true},   DetectorOrder{DetectorId("d1"), true, true},
          EmergencyRouteOrder{3, true}, SituationOrder{2, true},
          FixedTimeOrder{true},         ForceInputOrder{7, true, true},
          InputOrder{6, true},          PlanOrder{1}};
}

// Tells its state: nothing of ours at the inputs, these bands.
void settle(Street& s, const std::string& bands = "") {
  s.update("S0020", {{"intersection", "0"}, {"controlmode", "control"}});
  s.update("S0007", {{"intersection", "0"}, {"status", "True"}});
  s.lamps("1B", "1");
  s.update("S0023", {{"status", bands}});
  s.update("S0003", {{"inputstatus", "00000000"}});
  s.update("S0029", {{"status", "00000000"}});
}

// The next start of the process: nothing in memory but what was on the disk.
std::unique_ptr<Street> after_kill(const Kept& kept, UtcTime now, const std::string& bands = "") {
  auto s = std::make_unique<Street>();
  s->now.utc = now;
  s->supervisor->restore(kept, now);
  s->connect();
  settle(*s, bands);
  return s;
}

TEST(RsmpKept, WhatWillBeSetIsKnownBeforeItIsSent) {
  Street s;
  s.run();
  settle(s);
  for (const FieldWrite& write : overrides()) {
    Proposal next;
    next.junction = JunctionId("j1");
    next.write = write;
    next.actor = {PersonId("anna"), Role::maintainer, {}};
    next.operator_confirmed = true;
    next.until = s.now.utc + from_seconds(600);
    const Kept kept = s.supervisor->kept(&next);
    ASSERT_THAT(kept.overrides, SizeIs(1));
    EXPECT_EQ(kept.overrides[0],
              (KeptOverride{JunctionId("j1"), *taking_back(write), next.actor, true, *next.until}));
  }
  EXPECT_THAT(s.supervisor->kept().overrides, IsEmpty()) << "nothing was sent";
}

TEST(RsmpKept, AfterAKillOverridesGoOnToTheirEndsAndAreThenTakenBack) {
  Street s;
  s.run();
  settle(s);
  for (const FieldWrite& write : overrides()) {
    s.lamps("1B", "1");
    ASSERT_EQ(s.order(write), "");
    s.obey();
  }
  const Kept kept = s.supervisor->kept();
  ASSERT_THAT(kept.overrides, SizeIs(overrides().size()));
  const UtcTime end = kept.overrides[0].until;
  const auto next = after_kill(kept, end - from_seconds(60));
  EXPECT_EQ(next->supervisor->kept(), kept);
  next->pass(50);
  EXPECT_THAT(next->returns, IsEmpty()) << "they go on";
  next->pass(11);
  std::vector<FieldWrite> back;
  for (const ReturnDue& due : next->returns) {
    back.push_back(due.write);
    EXPECT_EQ(due.actor.person, PersonId("anna"));
    EXPECT_TRUE(due.confirmed);
  }
  std::vector<FieldWrite> expected;
  for (const FieldWrite& write : overrides()) expected.push_back(*taking_back(write));
  EXPECT_THAT(back, testing::UnorderedElementsAreArray(expected));
}

TEST(RsmpKept, AnEndThatCameWhileNobodyWasThereIsKeptAtTheFirstConnection) {
  Kept kept;
  kept.overrides = {{JunctionId("j1"),
                     OutputOrder{2, false, false},
                     {PersonId("anna"), Role::maintainer, {}},
                     true,
                     kStart}};
  const auto next = after_kill(kept, kStart + from_seconds(5000));
  Street& s = *next;
  s.pass(0.5);
  ASSERT_THAT(s.returns, SizeIs(1));
  EXPECT_EQ(s.returns[0].write, (FieldWrite{OutputOrder{2, false, false}}));
  s.lamps("1B", "1");
  ASSERT_EQ(s.order(OutputOrder{2, false, false}), "");
  s.obey();
  s.update("S0030", {{"status", "00000000"}});
  s.pass(0.5);
  EXPECT_THAT(s.supervisor->kept().overrides, IsEmpty());
}

TEST(RsmpKept, AnEndOfAnotherClockIsDueAtOnceAndUnknownJunctionsArePassedOver) {
  Kept kept;
  const Actor actor{PersonId("anna"), Role::maintainer, {}};
  kept.overrides = {
      {JunctionId("j1"), SituationOrder{2, false}, actor, true, kStart + from_seconds(1e6)},
      {JunctionId("gone"), SituationOrder{1, false}, actor, true, kStart}};
  kept.bands = {{JunctionId("gone"), 1, 1, 0, 5, 5}};
  const auto next = after_kill(kept, kStart);
  next->pass(0.5);
  ASSERT_THAT(next->returns, SizeIs(1));
  EXPECT_EQ(next->returns[0].write, (FieldWrite{SituationOrder{2, false}}));
}

TEST(RsmpKept, BandsOfBeforeTheKillAreGivenTheirEarlierExtensions) {
  Street s;
  s.run();
  settle(s);
  s.update("S0023", {{"status", "1-1-3"}});
  ASSERT_EQ(s.order(BandsOrder{1, {{1, {10}}}, 5}), "");
  const Kept kept = s.supervisor->kept();
  EXPECT_THAT(kept.bands, ElementsAre(KeptBand{JunctionId("j1"), 1, 1, 3, 10, 5}));
  const auto gone = after_kill(kept, kStart + from_seconds(30), "1-1-0");
  EXPECT_THAT(gone->returns, IsEmpty()) << "the controller has dropped them by itself";
  EXPECT_TRUE(gone->state.inputs_clean);
  EXPECT_THAT(gone->supervisor->kept().bands, IsEmpty());
  const auto next = after_kill(kept, kStart + from_seconds(30), "1-1-10");
  EXPECT_FALSE(next->state.inputs_clean) << "first of all";
  ASSERT_THAT(next->returns, SizeIs(1));
  EXPECT_EQ(next->returns[0].write, (FieldWrite{BandsOrder{1, {{1, Seconds{3}}}, 5}}));
}

std::string scratch() {
  const auto folder =
      std::filesystem::temp_directory_path() / ("dispecer_kept_" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  return folder.string();
}

TEST(RsmpKept, TheFileIsReadBackAsItWasWrittenAndFaultsAreNamed) {
  const auto folder = scratch();
  const auto file = folder + "/rsmp.kept";
  EXPECT_EQ(*read_kept(file), Kept{}) << "nothing was kept yet";
  Kept kept;
  for (const FieldWrite& write : overrides()) {
    kept.overrides.push_back({JunctionId("j1"),
                              *taking_back(write),
                              {PersonId("anna"), Role::maintainer, WorkplaceId("desk 1")},
                              true,
                              kStart + from_seconds(600)});
  }
  kept.bands = {{JunctionId("j1"), 1, 1, std::nullopt, 10, 5}, {JunctionId("j1"), 1, 2, 0, 3, 5}};
  ASSERT_TRUE(write_kept(file, kept).ok());
  EXPECT_EQ(*read_kept(file), kept);
  EXPECT_FALSE(std::filesystem::exists(file + ".new"));
  struct stat info {};
  ASSERT_EQ(::stat(file.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0077, 0U) << "for nobody else's eyes";
  const auto bytes = bus::encode(kept);
  std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes.substr(0, bytes.size() / 2);
  const auto torn = read_kept(file);
  ASSERT_FALSE(torn);
  EXPECT_EQ(torn.error().cause, "unreadable");
  EXPECT_THAT(torn.error().where, HasSubstr(file));
  const auto nowhere = write_kept(folder + "/none/rsmp.kept", kept);
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().cause, "not_written");
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace dispecer::rsmp
