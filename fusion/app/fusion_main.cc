// dispecer-fusion: what is going on. Observations in; each second one picture of the city out, each
// bus at once when it is heard, and the alarms. This file only wires.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <future>
#include <iterator>
#include <map>
#include <optional>

#include "adapters/bus/codec.h"
#include "adapters/process/replacement.h"
#include "adapters/process/shell.h"
#include "fusion/app/setup.h"

namespace dispecer {
namespace {

// What survives a restart: what other processes found wrong, and what people said about it.
struct KeptBoot {
  std::string process;
  std::uint32_t boot = 0;
  bool operator==(const KeptBoot&) const = default;
};
constexpr auto fields(Tag<KeptBoot>) {
  return std::tuple{field(1, "process", &KeptBoot::process), field(2, "boot", &KeptBoot::boot)};
}
struct Kept {
  std::vector<alarms::KeptAlarm> alarms;
  std::vector<KeptBoot> boots;
  std::vector<IntentResult> results;
  bool operator==(const Kept&) const = default;
};
constexpr auto fields(Tag<Kept>) {
  return std::tuple{field(1, "alarms", &Kept::alarms), field(2, "boots", &Kept::boots),
                    field(3, "results", &Kept::results)};
}

constexpr std::uint64_t kKeepEvery = 12;  // steps of the outlook: an hour
constexpr std::uint64_t kPieceBytes = 1 << 20;
constexpr std::uint64_t kPiecesMost = 200;  // all within one step of the outlook, five minutes

class Main {
 public:
  Main()
      : shell_({.name = "fusion",
                .about = "Makes one picture of the city from everything that is observed",
                .journals = true,
                .durable = true}) {}

  int run(int argc, char** argv) {
    if (auto code = shell_.start(argc, argv)) return *code;
    auto loaded = fusion::load(shell_.city(), UtcTime{});
    state_.emplace(fusion::make_fusion(loaded.setup));
    found_ = std::move(loaded.alarms);
    for (const auto& event : shell_.city().quarantined) found_.push_back(event);
    read_back();
    wire();
    shell_.on_tick([this](const ClockTick& tick) { on_tick(tick); });
    shell_.on_stop([this] {
      keep();
      if (state_->outlook.made > 0) keep_outlook();
    });
    return shell_.run();
  }

 private:
  template <class T>
  void feed() {
    shell_.on<T>([this](const bus::Envelope&, const typename T::Payload& payload) {
      fusion::apply(*state_, payload);
    });
  }

  void wire() {
    feed<topic::Detectors>();
    feed<topic::Signals>();
    feed<topic::ParkingCounts>();
    feed<topic::Air>();
    feed<topic::Signs>();
    feed<topic::CityBook>();
    shell_.on<topic::Avl>([this](const bus::Envelope& e, const VehiclePosition& position) {
      const auto bus = fusion::apply(*state_, position);
      if (bus) shell_.publish<topic::Buses>(*bus, e.t_measured, bus->quality);
    });
    shell_.on<topic::AlarmEvents>([this](const bus::Envelope& e, const AlarmEvent& event) {
      note_boot(e);
      fusion::apply(*state_, event, e.source);
    });
    shell_.on<topic::Health>([this](const bus::Envelope& e, const ProcessHealth& health) {
      note_boot(e);
      fusion::apply(*state_, health);
    });
    shell_.on_durable<stream::Intents>([this](const Intent& intent) {
      const auto result = fusion::apply(*state_, intent, shell_.input_time());
      if (!result) return true;  // answered by another process
      keep();
      const auto r = shell_.durable_publish<stream::IntentResults>(result->intent.str(), *result);
      if (!r) shell_.count("fusion.result_" + r.error().cause);
      return r.ok();
    });
  }

  void note_boot(const bus::Envelope& e) {
    auto& boot = boots_[e.source];
    if (boot != 0 && boot != e.boot) {
      alarms::restarted(state_->alarms, e.source, state_->now);
      shell_.count("fusion.restart_seen." + e.source);
    }
    boot = e.boot;
  }

  void on_tick(const ClockTick& tick) {
    if (const auto days = fusion::keep_days(*state_, shell_.city().timezone, tick.now); !days) {
      shell_.degrade(days.error().message());
    }
    for (auto& event : found_) {
      event.t = tick.now;
      fusion::apply(*state_, event, "city");
    }
    found_.clear();
    if (const auto taken = fusion::take_over(*state_); !taken) {
      shell_.count("fusion." + taken.error().cause);
    }
    const auto picture = fusion::step(*state_, tick);
    shell_.publish<topic::Picture>(picture, tick.now);
    shell_.publish<topic::Alarms>(fusion::alarm_list(*state_), tick.now);
    tell_forecast(tick.now);
    keep_some();
    shell_.set_counters("", fusion::counters(*state_));
    keep();
  }

  // When it is new, and each minute for those who came later.
  void tell_forecast(UtcTime now) {
    const auto& told = state_->outlook.told;
    const bool minute = now.us / 1'000'000 % 60 == 0;
    if (!told.places.empty() && (state_->forecast_new || minute)) {
      shell_.publish<topic::Forecast>(told, told.t);
    }
  }

  // What was learnt of days and weeks, once an hour, some of it with each tick: all of it would
  // hold up the picture, and so would a slow disk, which has a thread of its own. A kill loses at
  // most an hour; the file is the old one until the new one is whole.
  void keep_some() {
    if (disk_.valid()) {
      if (disk_.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return;
      const bool written = disk_.get();
      if (!written) shell_.count("fusion.kept_not_written");
      if (!written || saving_->done) {
        draft_.reset();
        saving_.reset();
      }
    }
    if (state_->forecast_new && state_->outlook.made % kKeepEvery == 0) begin_keeping();
    if (!saving_) return;
    auto piece = fusion::go_on(state_->outlook, *saving_,
                               std::max(kPieceBytes, saving_->whole / kPiecesMost));
    if (!piece) {
      shell_.count("fusion.outlook_kept_anew");
      return begin_keeping();
    }
    disk_ = std::async(std::launch::async,
                       [&draft = draft_, bytes = std::move(*piece), last = saving_->done] {
                         return draft && draft->write(bytes) && (!last || draft->finish());
                       });
  }

  void begin_keeping() {
    saving_ = fusion::begin_save(state_->outlook);
    draft_.reset();
    if (auto draft = process::Replacement::begin(outlook_file()); draft) {
      draft_.emplace(std::move(*draft));
    }
  }

  void keep_outlook() {
    if (disk_.valid()) disk_.wait();
    draft_.reset();
    saving_.reset();
    if (!process::replace_file(outlook_file(), fusion::save(state_->outlook))) {
      shell_.count("fusion.kept_not_written");
    }
  }
  [[nodiscard]] std::string outlook_file() const { return shell_.state_dir() + "/fusion.outlook"; }

  [[nodiscard]] std::string kept_file() const { return shell_.state_dir() + "/fusion.kept"; }

  // Renamed into place, so that a kill leaves the old or the new one. Not forced to the disk: after
  // a power cut the processes say anew what is wrong.
  void keep() {
    Kept kept{alarms::snapshot(state_->alarms), {}, state_->results};
    for (const auto& [process, boot] : boots_) kept.boots.push_back({process, boot});
    if (kept == kept_) return;
    if (!write_file(kept_file(), bus::encode(kept))) return;
    kept_ = std::move(kept);
  }

  bool write_file(const std::string& file, const std::string& bytes) {
    const auto draft = file + ".new";
    {
      std::ofstream out(draft, std::ios::binary | std::ios::trunc);
      out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
      if (!out) {
        shell_.count("fusion.kept_not_written");
        return false;
      }
    }
    if (std::rename(draft.c_str(), file.c_str()) != 0) {
      shell_.count("fusion.kept_not_written");
      return false;
    }
    return true;
  }

  void read_back() {
    if (std::ifstream outlook(outlook_file(), std::ios::binary); outlook) {
      state_->kept_outlook.assign(std::istreambuf_iterator<char>(outlook), {});
      shell_.checkpoint(state_->kept_outlook);
    }
    std::ifstream in(kept_file(), std::ios::binary);
    if (!in) return;
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    auto kept = bus::decode<Kept>(bytes);
    if (!kept) {
      shell_.count("fusion.kept_unreadable");
      return;
    }
    // What the city folder says is found anew with each start.
    std::erase_if(kept->alarms, [](const auto& a) { return a.source == "city"; });
    alarms::restore(state_->alarms, kept->alarms);
    for (const auto& row : kept->boots) boots_[row.process] = row.boot;
    state_->results = kept->results;
    kept_ = std::move(*kept);
  }

  process::Shell shell_;
  std::optional<fusion::FusionState> state_;
  std::vector<AlarmEvent> found_;  // in the city's own files, before the first tick
  std::map<std::string, std::uint32_t> boots_;
  Kept kept_;
  std::optional<fusion::Saving> saving_;  // under way
  std::optional<process::Replacement> draft_;
  std::future<bool> disk_;  // writes a piece of the draft; valid() = not asked yet how it went
};

}  // namespace
}  // namespace dispecer

int main(int argc, char** argv) {
  return dispecer::Main().run(argc, argv);
}
