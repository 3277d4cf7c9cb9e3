// The house holds: who may include whom, words that cores must not contain, who may link the
// simulator, what a protocol may accept, which folders stand at the top.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

namespace {

namespace fs = std::filesystem;

const fs::path kRoot = DISPECER_SOURCE;

std::string read(const fs::path& file) {
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// Source files below the rooms, as paths relative to the root.
std::vector<std::string> sources() {
  std::vector<std::string> files;
  for (const auto* top : {"fusion", "controller", "adapters", "hmi", "sim"}) {
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / top)) {
      const auto ext = entry.path().extension();
      if (ext == ".h" || ext == ".cc") files.push_back(fs::relative(entry.path(), kRoot).string());
    }
  }
  return files;
}

std::vector<std::string> includes(const std::string& file) {
  std::vector<std::string> result;
  const std::string text = read(kRoot / file);
  const std::regex line("#include \"([^\"]+)\"");
  for (std::sregex_iterator it(text.begin(), text.end(), line), end; it != end; ++it)
    result.push_back((*it)[1]);
  return result;
}

bool under(const std::string& path, const std::string& folder) {
  return path.rfind(folder + "/", 0) == 0;
}
bool vocabulary(const std::string& path) {
  return under(path, "fusion/model") || under(path, "controller/plan");
}
bool app(const std::string& path) {
  return path.find("/app/") != std::string::npos;
}
bool core(const std::string& path) {
  return (under(path, "fusion") || under(path, "controller")) && !vocabulary(path) && !app(path);
}

// May `file` include `target`? The one dependency rule of the house.
bool allowed(const std::string& file, const std::string& target) {
  if (vocabulary(target)) return !under(file, "fusion/model") || under(target, "fusion/model");
  if (vocabulary(file)) return false;
  if (core(file)) {
    const auto top = file.substr(0, file.find('/'));
    return core(target) && under(target, top);
  }
  if (app(file)) return true;
  if (under(file, "adapters")) return under(target, "adapters");
  if (under(file, "hmi"))
    return under(target, "hmi") || under(target, "adapters/bus/latest.h") ||
           target == "adapters/bus/latest.h";
  if (under(file, "sim")) {
    const std::regex message("adapters/[^/]+/message/.*");
    return under(target, "sim") || under(target, "adapters/bus") ||
           under(target, "adapters/city") || under(target, "adapters/clock") ||
           under(target, "adapters/http") || std::regex_match(target, message);
  }
  return false;
}

TEST(House, EveryIncludeKeepsTheDependencyRule) {
  for (const auto& file : sources()) {
    for (const auto& target : includes(file)) {
      if (target.find('/') == std::string::npos || !fs::exists(kRoot / target)) continue;
      EXPECT_TRUE(allowed(file, target)) << file << " includes " << target;
    }
  }
}

TEST(House, TheRuleItselfRefusesWhatItShould) {
  EXPECT_FALSE(allowed("fusion/model/a.h", "controller/plan/b.h"));
  EXPECT_FALSE(allowed("fusion/traffic/a.cc", "adapters/bus/bus.h"));
  EXPECT_FALSE(allowed("adapters/rsmp/a.cc", "controller/signals/b.h"));
  EXPECT_FALSE(allowed("adapters/rsmp/a.cc", "controller/guard/guard.h"));
  EXPECT_FALSE(allowed("sim/street/a.cc", "adapters/rsmp/site.h"));
  EXPECT_FALSE(allowed("hmi/panel/a.cc", "fusion/traffic/traffic.h"));
  EXPECT_TRUE(allowed("sim/rsmp_site/a.cc", "adapters/rsmp/message/message.h"));
  EXPECT_TRUE(allowed("adapters/app/rsmp_main.cc", "controller/guard/guard.h"));
}

TEST(House, CoresAndVocabularyContainNoBannedWord) {
  const std::regex banned(
      R"((system_clock|steady_clock|random_device|\bnow\(\)|std::thread|std::mutex|<thread>|<mutex>|zmq|redis|asio|iostream))");
  for (const auto& file : sources()) {
    if (!core(file) && !vocabulary(file)) continue;
    std::istringstream text(read(kRoot / file));
    std::string line;
    for (int number = 1; std::getline(text, line); ++number) {
      const auto code = line.substr(0, line.find("//"));
      EXPECT_FALSE(std::regex_search(code, banned)) << file << ":" << number << ": " << line;
    }
  }
}

TEST(House, OnlySimAndBenchesNameTheSimulatorLibrary) {
  for (const auto& file : sources()) {
    if (under(file, "sim")) continue;
    const auto text = read(kRoot / file);
    EXPECT_EQ(text.find("<libsumo/"), std::string::npos) << file;
  }
  for (const auto* top : {"fusion", "controller", "adapters", "hmi"}) {
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / top)) {
      if (entry.path().filename() != "CMakeLists.txt") continue;
      const auto text = read(entry.path());
      EXPECT_EQ(text.find("LIBSUMO"), std::string::npos) << entry.path();
      EXPECT_EQ(text.find("LIBTRACI"), std::string::npos) << entry.path();
    }
  }
}

TEST(House, OnlyTheGuardMakesAnApprovedCommand) {
  const std::regex made(R"(ApprovedCommand\s*[({]\s*[a-z])");
  for (const auto& file : sources()) {
    if (under(file, "controller/guard") || file == "controller/plan/approved_command.h") continue;
    EXPECT_FALSE(std::regex_search(read(kRoot / file), made)) << file;
  }
  const auto header = read(kRoot / "controller/plan/approved_command.h");
  EXPECT_EQ(header.find("fields("), std::string::npos)
      << "a field listing would let a decoder make one";
}

TEST(House, TheTopLevelHasTheRoomsOfTheDesignAndNoOther) {
  const std::set<std::string> known{"controller", "fusion", "hmi",    "adapters",
                                    "sim",        "tests",  "cities", "docs"};
  for (const auto& entry : fs::directory_iterator(kRoot)) {
    const auto name = entry.path().filename().string();
    if (!entry.is_directory() || name[0] == '.' || name == "build" || name == "state") continue;
    EXPECT_TRUE(known.contains(name)) << name;
  }
}

TEST(House, NoFileIsLongerThanFiveHundredLines) {
  for (const auto& file : sources()) {
    const auto text = read(kRoot / file);
    EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 500) << file;
  }
}

}  // namespace
