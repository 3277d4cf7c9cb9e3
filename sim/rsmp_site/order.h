// One command of a request, its arguments read and given to the controller. Private to this room.
#pragma once

#include <functional>
#include <map>
#include <variant>

#include "adapters/rsmp/message/tlc.h"
#include "sim/rsmp_site/status.h"

namespace dispecer::sim {

using Arguments = std::map<std::string, std::string, std::less<>>;

struct Bad {
  std::string reason;
};
// Ok = done; Bad = not understood; text = refused by the controller: `status` keeps that value.
using Done = std::variant<Ok, Bad, std::string>;

// The code of a level as it stands now, "" = none is set.
const std::string& security_code(const Cabinet& cabinet, const SiteSettings& settings, int level);

class Order {
 public:
  Order(Cabinet& cabinet, const SiteSettings& settings, const ComponentRef& at,
        const Arguments& args, UtcTime now)
      : cabinet_(cabinet), settings_(settings), at_(at), args_(args), now_(now) {}

  // `code` is in the list and its arguments are there.
  Done run(std::string_view code);

 private:
  [[nodiscard]] const std::string& text(std::string_view name) const {
    return args_.find(name)->second;
  }
  [[nodiscard]] std::optional<bool> flag(std::string_view name) const;
  [[nodiscard]] std::optional<std::uint32_t> whole(std::string_view name, std::int64_t least,
                                                   std::int64_t most) const;
  [[nodiscard]] Done bad(std::string_view name) const;
  // A refusal by the controller's rules keeps `stays`; what does not exist, or has no value that
  // could be told instead (""), is not understood.
  Done give(const Input& input, const std::string& stays = "", std::uint32_t intersection = 0);
  static Done answer(const Result<>& result);

  Done mode();
  Done plan();
  Done situation();
  Done emergency();
  Done set_input();
  Done set_inputs();
  Done force_input();
  Done force_output();
  Done force_detector();
  Done bands();
  Done offset();
  Done cycle();
  Done week_table();
  Done day_tables();
  Done sensitivity();
  Done priority();
  Done new_priority();
  Done change_code();
  Done clock();

  Cabinet& cabinet_;
  const SiteSettings& settings_;
  const ComponentRef& at_;
  const Arguments& args_;
  UtcTime now_;
};

}  // namespace dispecer::sim
