// The state of one seat: who is signed in, what is selected, what is being commanded. Pure; the
// panels draw it and call it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fusion/model/intent.h"
#include "hmi/view_model/book_form.h"
#include "hmi/view_model/city_view.h"
#include "hmi/view_model/snapshot.h"
#include "hmi/view_model/text.h"

namespace dispecer::hmi {

enum class Tab : std::uint8_t { junction, buses, emergency, book, parking, cases, alarms, sources };

// One selection for map, lists and details.
struct Selection {
  JunctionId junction;
  LinkId link;
  VehicleId bus;
  ParkingId parking;
  CaseId subject;
};

// What an emergency corridor is asked for with, while it is being filled in.
struct CorridorForm {
  EmergencyKind kind = EmergencyKind::ambulance;
  std::string vehicle;  // "" = one that tells no position; then `from` is needed
  LinkId from;
  LinkId to;  // empty = straight on
  int minutes = 30;
};

// A command between its two steps. It lapses by itself.
struct Armed {
  IntentAction action;
  MonoTime at;
  std::string reason;
};

struct SentIntent {
  Intent intent;
  std::optional<IntentResult> result;
};

class Console {
 public:
  explicit Console(WorkplaceId workplace) : workplace_(std::move(workplace)) {}

  Language language = Language::ro;
  Tab tab = Tab::junction;
  MapView map;
  bool fitted = false;
  Selection selected;
  std::string search;
  int override_minutes = 15;
  CorridorForm corridor;
  BookForm book;
  BookJudge judge;

  [[nodiscard]] const char* t(Text text) const { return tr(language, text); }

  void sign_in(Actor actor) { actor_ = std::move(actor); }
  void sign_out();
  [[nodiscard]] const std::optional<Actor>& actor() const { return actor_; }
  [[nodiscard]] bool may_command() const;
  [[nodiscard]] bool may_see_cases() const;

  // Why a command cannot be given now, absent = it can. The receiving process checks the right
  // again.
  [[nodiscard]] std::optional<Text> interlock() const;
  // The same for opening the corridor of the form, and for ending one.
  [[nodiscard]] std::optional<Text> corridor_interlock() const;
  [[nodiscard]] std::optional<Text> corridor_end_interlock() const;
  // The same for writing the city's book.
  [[nodiscard]] std::optional<Text> book_interlock() const;
  void arm(IntentAction action, MonoTime now);
  void disarm() { armed_.reset(); }
  [[nodiscard]] std::optional<Armed>& armed() { return armed_; }
  // Drops an armed command that nobody executed in time.
  void tick(MonoTime now);
  // Second step. Makes the intent (it waits in the outbox) where a person is signed in, a command
  // is armed and a reason was given.
  std::optional<Text> execute(UtcTime now, std::uint32_t epoch, const std::string& unique);
  std::vector<Intent> take_outbox();
  void results(const std::vector<IntentResult>& results);
  [[nodiscard]] const std::vector<SentIntent>& sent() const { return sent_; }
  [[nodiscard]] bool matches_search(const std::string& text) const;

 private:
  WorkplaceId workplace_;
  std::optional<Actor> actor_;
  std::optional<Armed> armed_;
  std::vector<Intent> outbox_;
  std::vector<SentIntent> sent_;
};

inline constexpr Duration kArmedFor = std::chrono::seconds(30);
inline constexpr Duration kIntentLife = std::chrono::minutes(2);

}  // namespace dispecer::hmi
