// The panels without a window: ImGui with no renderer, the mouse and keys moved by hand.
#include <gtest/gtest.h>
#include <imgui.h>

#include "hmi/panel/frame.h"
#include "hmi/shell/screen.h"
#include "hmi/shell/short_keys.h"
#include "hmi/view_model/format.h"
#include "tests/support/city_fixture.h"

namespace dispecer::hmi {
namespace {

class Panels : public ::testing::Test {
 protected:
  void SetUp() override {
    ImGui::CreateContext();
    auto& io = ImGui::GetIO();
    io.DisplaySize = {1600, 900};
    io.DeltaTime = 0.1F;
    io.BackendFlags |= ImGuiBackendFlags_RendererHasVtxOffset;
    ASSERT_TRUE(set_style(1.0).ok());
    unsigned char* pixels = nullptr;
    int w = 0;
    int h = 0;
    io.Fonts->GetTexDataAsRGBA32(&pixels, &w, &h);
    Network n;
    n.junctions = {{JunctionId{"J1"},
                    "Bd. Unirii / Str. Culturii",
                    {23.58, 47.66},
                    true,
                    Provenance::approximate},
                   {JunctionId{"J2"}, "Ștefan", {23.59, 47.665}, false, Provenance::invented}};
    n.links = {{LinkId{"L"},
                "Bd. Unirii",
                JunctionId{"J1"},
                JunctionId{"J2"},
                {{23.58, 47.66}, {23.59, 47.665}},
                Metres{900},
                2,
                MetresPerSecond{13.9},
                Flow{3600},
                false,
                false,
                true,
                Provenance::approximate}};
    city_ = std::make_unique<CityView>(make_city_view(
        "Baia Mare", {23.58, 47.66}, n, {{JunctionId{"J1"}, test::crossroads()}}, {}, {}, {}, {}));
    CityPicture p;
    SignalObservation s;
    s.junction = JunctionId{"J1"};
    s.link = CommLink::connected;
    s.mode = ControlMode::control;
    s.holder = Holder::centre;
    s.groups = {Aspect::green, Aspect::red, Aspect::green};
    s.stage = 1;
    p.signals = {s};
    snapshot_.clock = {UtcTime{1'772'366'405'000'000}, 1, 0};
    snapshot_.picture = std::make_shared<const CityPicture>(p);
    snapshot_.picture_received = mono_;
    Alarm a;
    a.id = AlarmId{"a1"};
    a.kind = "no_communication";
    a.subject = "J1";
    a.priority = AlarmPriority::high;
    a.state = AlarmState::unacknowledged;
    snapshot_.alarms = {a};
  }
  void TearDown() override { ImGui::DestroyContext(); }

  void frame() {
    ImGui::NewFrame();
    Frame f{*city_, snapshot_, console_, sign_in_, mono_, 120, 3};
    draw_console(f);
    ImGui::Render();
  }
  // One event a frame, as a person's hand gives them.
  void click(const std::string& name) {
    frame();
    frame();  // tabs know their width from the second frame on
    const auto box = marked(name);
    ASSERT_TRUE(box.has_value()) << name;
    auto& io = ImGui::GetIO();
    io.MousePos = {(box->x0 + box->x1) / 2, (box->y0 + box->y1) / 2};
    frame();
    io.MouseDown[0] = true;
    frame();
    io.MouseDown[0] = false;
    frame();
  }

  std::unique_ptr<CityView> city_;
  Snapshot snapshot_;
  Console console_{WorkplaceId{"seat"}};
  SignIn sign_in_;
  MonoTime mono_{1000};
};

TEST_F(Panels, EveryTabOpensInBothLanguagesWithAndWithoutAPicture) {
  const std::vector<std::pair<std::string, Tab>> tabs{
      {"###junction", Tab::junction},   {"###buses", Tab::buses},
      {"###emergency", Tab::emergency}, {"###book", Tab::book},
      {"###parking", Tab::parking},     {"###cases", Tab::cases},
      {"###alarms", Tab::alarms},       {"###sources", Tab::sources}};
  for (const auto& [name, tab] : tabs) {
    click(name);
    frame();
    EXPECT_EQ(console_.tab, tab);
    const auto before = console_.language;
    click("language");
    EXPECT_NE(console_.language, before);
    EXPECT_EQ(console_.tab, tab) << "the tab stays open when the language changes";
  }
  snapshot_ = {};
  for (const auto& [name, tab] : tabs) {
    click(name);
    frame();
    EXPECT_EQ(console_.tab, tab);
  }
}

TEST_F(Panels, AClickOnAJunctionInTheMapSelectsIt) {
  frame();
  const auto canvas = marked("canvas");
  ASSERT_TRUE(canvas.has_value());
  const auto at = console_.map.to_screen(city_->junctions[0].at);
  auto& io = ImGui::GetIO();
  io.MousePos = {canvas->x0 + static_cast<float>(at.x), canvas->y0 + static_cast<float>(at.y)};
  frame();
  io.MouseDown[0] = true;
  frame();
  io.MouseDown[0] = false;
  frame();
  EXPECT_EQ(console_.selected.junction, JunctionId{"J1"});
}

TEST_F(Panels, DraggingPansAndTheWheelZooms) {
  frame();
  const auto centre = console_.map.centre;
  const auto scale = console_.map.scale;
  auto& io = ImGui::GetIO();
  io.MousePos = {300, 400};
  frame();
  io.MouseDown[0] = true;
  frame();
  io.MousePos = {360, 400};
  frame();
  frame();
  io.MouseDown[0] = false;
  frame();
  EXPECT_LT(console_.map.centre.x, centre.x);
  io.MouseWheel = 1;
  frame();
  EXPECT_GT(console_.map.scale, scale);
}

TEST_F(Panels, NobodyCommandsWithoutSigningInAndACommandTakesTwoClicks) {
  console_.selected.junction = JunctionId{"J1"};
  click("release");
  EXPECT_FALSE(console_.armed().has_value()) << "not signed in";
  console_.sign_in({PersonId{"ana"}, Role::op, {}});
  click("release");
  ASSERT_TRUE(console_.armed().has_value());
  click("execute");
  EXPECT_TRUE(console_.take_outbox().empty()) << "no reason given";
  console_.armed()->reason = "works";
  click("execute");
  const auto out = console_.take_outbox();
  ASSERT_EQ(out.size(), 1U);
  EXPECT_TRUE(std::holds_alternative<ReleaseJunction>(out[0].action));
}

TEST_F(Panels, AClickOnAnAlarmShowsItsJunctionOnTheMap) {
  click("###alarms");
  click("alarm:a1");
  EXPECT_EQ(console_.selected.junction, JunctionId{"J1"});
}

TEST(ShortKeys, AStrokeBetweenTwoFramesIsSeenInOneFrame) {
  bool down[8] = {};
  ShortKeys keys;
  keys.pressed(3);  // and up again at once
  keys.pressed(5);
  down[5] = true;  // still down
  keys.begin_frame(down);
  EXPECT_TRUE(down[3]);
  EXPECT_TRUE(down[5]);
  keys.end_frame(down);
  EXPECT_FALSE(down[3]);
  EXPECT_TRUE(down[5]) << "its own release ends it";
  keys.begin_frame(down);
  EXPECT_FALSE(down[3]) << "once is enough";
}

TEST_F(Panels, AnAlarmIsAcknowledgedInTwoSteps) {
  console_.sign_in({PersonId{"ana"}, Role::op, {}});
  click("###alarms");
  click("ack:a1");
  ASSERT_TRUE(console_.armed().has_value());
  console_.armed()->reason = "seen";
  click("execute");
  const auto out = console_.take_outbox();
  ASSERT_EQ(out.size(), 1U);
  EXPECT_EQ(std::get<AcknowledgeAlarm>(out[0].action).alarm, AlarmId{"a1"});
}

TEST_F(Panels, ACorridorIsOpenedFromTheMapsSelectionInTwoSteps) {
  console_.sign_in({PersonId{"ana"}, Role::op, {}});
  click("###emergency");
  click("corridor_open");
  EXPECT_FALSE(console_.armed().has_value()) << "neither a vehicle nor a place to set out from";
  console_.selected.link = LinkId{"L"};
  click("take:from");
  EXPECT_EQ(console_.corridor.from, LinkId{"L"});
  click("take:to");
  click("clear:to");
  EXPECT_TRUE(console_.corridor.to.empty());
  click("errand:fire");
  click("corridor_open");
  ASSERT_TRUE(console_.armed().has_value());
  click("execute");
  EXPECT_TRUE(console_.take_outbox().empty()) << "no reason was given";
  console_.armed()->reason = "incendiu";
  click("execute");
  const auto out = console_.take_outbox();
  ASSERT_EQ(out.size(), 1U);
  const auto& open = std::get<OpenCorridor>(out[0].action);
  EXPECT_EQ(open.corridor, RequestId{"ana/1772366405"});
  EXPECT_EQ(open.kind, EmergencyKind::fire);
  EXPECT_EQ(open.from, LinkId{"L"});
  EXPECT_TRUE(open.vehicle.empty());
  EXPECT_EQ(open.until, snapshot_.clock.now + std::chrono::minutes(30));
  EXPECT_EQ(out[0].reason, "incendiu");
}

TEST_F(Panels, ARunningCorridorIsShownAndEndedInTwoSteps) {
  Ingest ingest;
  PriorityRequest leg;
  leg.id = RequestId{"leg"};
  leg.kind = RequestKind::emergency;
  leg.vehicle = VehicleId{"MM-112"};
  leg.junction = JunctionId{"J1"};
  leg.state = RequestState::granted;
  leg.reason.rule = "opened";
  leg.reason.inputs = {{"corridor", "c"}, {"kind", "ambulance"}};
  ingest.priority(leg);
  snapshot_.corridors = ingest.now().corridors;
  click("###emergency");
  click("corridor_next:c");
  EXPECT_EQ(console_.selected.junction, JunctionId{"J1"});
  click("corridor_end:c");
  EXPECT_FALSE(console_.armed().has_value()) << "not signed in";
  console_.sign_in({PersonId{"ana"}, Role::supervisor, {}});
  click("corridor_end:c");
  ASSERT_TRUE(console_.armed().has_value());
  console_.armed()->reason = "a ajuns";
  click("execute");
  const auto out = console_.take_outbox();
  ASSERT_EQ(out.size(), 1U);
  EXPECT_EQ(std::get<EndCorridor>(out[0].action).corridor, RequestId{"c"});
}

BookEntry works(const char* id, UtcTime begin, UtcTime end) {
  BookEntry e;
  e.id = BookEntryId{id};
  e.kind = BookKind::works;
  e.title = "Conductă";
  e.owner = "ion";
  e.begin = begin;
  e.end = end;
  e.links = {LinkId{"L"}};
  e.lanes_lost = 1;
  return e;
}

TEST_F(Panels, AnEntryOfTheBookIsFilledInCheckedAndSavedInTwoSteps) {
  const auto now = snapshot_.clock.now;
  click("###book");
  EXPECT_FALSE(marked("book_save").has_value()) << "the book was not told yet";
  snapshot_.book =
      std::make_shared<const Book>(Book{{works("w", now, now + std::chrono::hours(5))}});
  click("book_save");
  EXPECT_FALSE(console_.armed().has_value()) << "not signed in";
  console_.sign_in({PersonId{"ana"}, Role::op, {}});
  console_.selected.link = LinkId{"L"};
  click("book_take:links");
  EXPECT_EQ(console_.book.links, std::vector<LinkId>{LinkId{"L"}});
  console_.book.title = "Marcaje";
  console_.book.lanes_lost = 2;
  click("book_save");
  EXPECT_FALSE(console_.armed().has_value()) << "it has no end";
  console_.book.end = "01.03.2026 16:00";
  frame();
  EXPECT_TRUE(marked("book_contradictions").has_value());
  click("book_save");
  EXPECT_FALSE(console_.armed().has_value()) << "it takes all lanes";
  console_.book.lanes_lost = 1;
  frame();
  EXPECT_TRUE(marked("book_contradictions").has_value()) << "together with the other";
  click("book_save");
  ASSERT_TRUE(console_.armed().has_value()) << "a warning may be saved";
  console_.armed()->reason = "anunț";
  click("execute");
  const auto out = console_.take_outbox();
  ASSERT_EQ(out.size(), 1U);
  const auto& entry = std::get<SaveBookEntry>(out[0].action).entry;
  EXPECT_EQ(entry.owner, "ana");
  EXPECT_EQ(entry.begin, now);
  EXPECT_EQ(date_time(entry.end, 120), "01.03.2026 16:00:00");
  EXPECT_EQ(entry.lanes_lost, 1U);
  EXPECT_TRUE(console_.book.title.empty()) << "the form is empty again";
}

TEST_F(Panels, AnEntryThatRunsIsChangedAndEnded) {
  const auto now = snapshot_.clock.now;
  snapshot_.book =
      std::make_shared<const Book>(Book{{works("w", now, now + std::chrono::hours(5)),
                                         works("over", {}, now - std::chrono::hours(1))}});
  console_.sign_in({PersonId{"ana"}, Role::supervisor, {}});
  click("###book");
  EXPECT_FALSE(marked("book_end:over").has_value());
  click("book_change:w");
  EXPECT_EQ(console_.book.id, BookEntryId{"w"});
  EXPECT_EQ(console_.book.end, "01.03.2026 19:00");
  frame();
  EXPECT_FALSE(marked("book_contradictions").has_value()) << "with itself there are none";
  click("book_kind:detour");
  EXPECT_EQ(console_.book.kind, BookKind::detour);
  click("book_end:w");
  ASSERT_TRUE(console_.armed().has_value());
  console_.armed()->reason = "gata";
  click("execute");
  const auto out = console_.take_outbox();
  ASSERT_EQ(out.size(), 1U);
  EXPECT_EQ(std::get<EndBookEntry>(out[0].action).entry, BookEntryId{"w"});
}

TEST_F(Panels, CasesAreShownOnlyToThoseWithTheRight) {
  Case c;
  c.id = CaseId{"c1"};
  c.plate = "MM12ABC";
  snapshot_.cases = {c};
  click("###cases");
  EXPECT_FALSE(marked("case:c1").has_value());
  console_.sign_in({PersonId{"ion"}, Role::police, {}});
  frame();
  EXPECT_TRUE(marked("case:c1").has_value());
  click("case:c1");
  click("approve");
  ASSERT_TRUE(console_.armed().has_value());
  EXPECT_TRUE(std::get<ReviewCase>(console_.armed()->action).approve);
}

TEST_F(Panels, AllLettersOfBothLanguagesAreInTheFont) {
  frame();
  const auto* font = ImGui::GetFont();
  for (const int c : {0x103,  0xE2,   0xEE,   0x219,  0x21B, 0x102, 0xC2, 0xCE,   0x218,  0x21A,
                      0x2192, 0x25A0, 0x25B2, 0x25CF, 0xB1,  0xB5,  0xB3, 0x2265, 0x2082, 0x2083}) {
    EXPECT_NE(font->FindGlyphNoFallback(static_cast<ImWchar>(c)), nullptr) << std::hex << c;
  }
}

}  // namespace
}  // namespace dispecer::hmi
