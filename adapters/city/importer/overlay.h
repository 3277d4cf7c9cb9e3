// Hand-written files of a town, laid over what was derived from its network. The keys are those of
// the files themselves (cities/baia_mare is the example); what is missing is left as derived.
#pragma once

#include "adapters/city/importer/derive.h"

namespace dispecer::city {

class Overlay {
 public:
  // `folder` empty = no overlay. Causes: no_file, bad_text, wrong_type, missing_key.
  static Result<Overlay> open(const std::string& folder);

  // city.toml: name, id, version, valid_from, timezone, [map] centre and bounds.
  Result<> head(City& city);
  // crossings.toml: which crossings have push buttons, what is promised there, an early start.
  // Before detectors are derived.
  Result<> crossings(const sumo::Net& net, City& city, Findings& findings);
  // zones.toml, parking.toml, air.toml, calendar.toml, emergency.toml, progressions.toml,
  // devices.toml, provenance.toml.
  Result<> rest(City& city, Findings& findings);

  [[nodiscard]] bool empty() const { return folder_.empty(); }
  [[nodiscard]] const std::string& folder() const { return folder_; }

 private:
  struct Files;
  std::string folder_;
  std::shared_ptr<Files> files_;
  bool demonstration_ = false;
};

}  // namespace dispecer::city
