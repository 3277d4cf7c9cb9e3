// Checks JSON values against the published JSON Schemas of RSMP: the keywords that those use, no
// more. An unknown keyword that could forbid something is reported as a fault of the schema.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <regex>
#include <string>
#include <vector>

namespace dispecer::conformance {

class Schemas {
 public:
  // `folder` holds core/<version> and tlc/<version>.
  explicit Schemas(std::string folder) : folder_(std::move(folder)) {}

  // Faults of a message against the core's and the signal list's schema, each with its place;
  // empty = valid. `core` and `sxl` are folder names ("3.2.0", "1.1.0").
  std::vector<std::string> faults(const boost::json::value& message, const std::string& core,
                                  const std::string& sxl);

 private:
  struct Place {
    std::string file;  // of the schema, for relative references
    std::string path;  // in the message
  };
  void check(const boost::json::value& value, const boost::json::value& schema, const Place& at,
             std::vector<std::string>& out);
  bool holds(const boost::json::value& value, const boost::json::value& schema, const Place& at);
  void check_object(const boost::json::value& value, const boost::json::object& schema,
                    const Place& at, std::vector<std::string>& out);
  void check_array(const boost::json::value& value, const boost::json::object& schema,
                   const Place& at, std::vector<std::string>& out);
  void check_text(const boost::json::value& value, const boost::json::object& schema,
                  const Place& at, std::vector<std::string>& out);
  const boost::json::value& load(const std::string& file);
  const boost::json::value& refer(const std::string& reference, std::string& file);

  std::string folder_;
  std::map<std::string, boost::json::value> files_;
  std::map<std::string, std::regex> patterns_;
};

}  // namespace dispecer::conformance
