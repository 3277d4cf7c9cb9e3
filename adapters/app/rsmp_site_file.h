// A site described in one small file, for a supervisor that runs alone: no city, no bus.
#pragma once

#include <string_view>

#include "adapters/rsmp/config.h"
#include "adapters/rsmp/walk.h"

namespace dispecer {

struct LoneSite {
  rsmp::SiteConfig site;  // one junction, named as the site; its lever is the bands'
  rsmp::WalkSettings walk;
  bool test_only = false;  // never to be commanded by a listener that others can reach
};

// The file that ships with the program.
std::string_view reference_site();

// Keys: test_only, site_id, component, nts_id, code1, code2, tls, groups, detectors, stages, plans,
// walk. Causes: bad_text, missing_key, wrong_kind, bad_value, each naming the key.
Result<LoneSite> read_lone_site(std::string_view toml);

}  // namespace dispecer
