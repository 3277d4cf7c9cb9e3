#include "tests/faults/centre.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "adapters/bus/query.h"
#include "adapters/process/shell.h"
#include "fusion/model/ensure.h"

namespace dispecer::faults {
namespace {

namespace fs = std::filesystem;

// A deployment of our own: loopback ports that the launcher chooses, and the secrets.
void write_deployment(const std::string& folder) {
  const auto file = folder + "/deploy.toml";
  if (fs::exists(file)) return;
  fs::create_directories(folder + "/secrets");
  fs::permissions(folder + "/secrets", fs::perms::owner_all);
  for (const auto* name : {"rsmp_level1", "rsmp_level2", "avl", "parking_counts", "air", "anpr",
                           "scan_car", "registers", "sign", "police"}) {
    std::ofstream(folder + "/secrets/" + name) << "test-" << name << "\n";
  }
  std::ofstream out(file);
  out << "[address]\n";
  for (const auto* name : {"rsmp", "avl", "parking_counts", "air", "anpr", "scan_car", "registers",
                           "sign", "police"}) {
    out << name << " = \"127.0.0.1:0\"\n";
  }
}

}  // namespace

struct Centre::Loop {
  boost::asio::io_context io{1};
  std::unique_ptr<bus::Query> query;
};

std::string bin_dir() {
  return fs::read_symlink("/proc/self/exe").parent_path().string();
}

std::string demo_city() {
  const char* dir = std::getenv("DISPECER_DEMO_CITY");
  return dir == nullptr ? "" : dir;
}

Centre::Centre(CentreOptions options)
    : options_(std::move(options)), loop_(std::make_unique<Loop>()) {
  static int number = 0;
  world_ = "street-test" + std::to_string(::getpid()) + "x" + std::to_string(++number);
  run_dir_ = "/tmp/dispecer-test-" + std::to_string(::getpid()) + "-" + std::to_string(number);
  fs::remove_all(run_dir_);
  for (const auto& dir : {run_dir_, run_dir_ + "/bus", options_.state, options_.state + "/durable",
                          options_.state + "/log"}) {
    fs::create_directories(dir);
    fs::permissions(dir, fs::perms::owner_all);
  }
  write_deployment(options_.state);
  const auto key = bus::WorldKey::load_or_create(options_.state + "/durable.key");
  ensure(key.ok());
  durable_key_ = *key;
  bus_ = std::make_unique<bus::ZmqBus>(loop_->io, run_dir_ + "/bus", "console");
  loop_->query = std::make_unique<bus::Query>(loop_->io, run_dir_ + "/bus", "console");
  const auto city = city::read_city(options_.city);
  ensure(city.ok(), city.ok() ? "" : city.error().message());
  durable_ = std::make_unique<store::Durable>(loop_->io,
                                              store::DurableOptions{options_.state + "/durable",
                                                                    run_dir_ + "/redis.sock",
                                                                    "dispecer:" + city->name + ":",
                                                                    "console",
                                                                    {}});
  std::vector<std::string> words{bin_dir() + "/dispecer-launch",
                                 "--city",
                                 options_.city,
                                 "--world",
                                 world_,
                                 "--run-dir",
                                 run_dir_,
                                 "--state-dir",
                                 options_.state,
                                 "--no-console"};
  words.insert(words.end(), options_.words.begin(), options_.words.end());
  launcher_ = ::fork();
  if (launcher_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    const int fd =
        ::open((options_.state + "/log/launch.log").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (fd >= 0) {
      ::dup2(fd, 1);
      ::dup2(fd, 2);
    }
    std::vector<char*> argv;
    for (auto& w : words) argv.push_back(w.data());
    argv.push_back(nullptr);
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
}

Centre::~Centre() {
  if (launcher_ != 0) (void)stop();
  durable_.reset();
  bus_.reset();
  fs::remove_all(run_dir_);
}

bool Centre::launcher_alive() {
  if (launcher_ != 0 && ::waitpid(launcher_, nullptr, WNOHANG) == launcher_) launcher_ = 0;
  return launcher_ != 0;
}

bool Centre::run_until(std::chrono::seconds limit, const std::function<bool()>& done) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!done()) {
    if (std::chrono::steady_clock::now() > end || !launcher_alive()) return done();
    loop_->io.run_for(std::chrono::milliseconds(20));
    loop_->io.restart();
  }
  return true;
}

void Centre::run_for(std::chrono::milliseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < end) {
    loop_->io.run_for(std::chrono::milliseconds(20));
    loop_->io.restart();
  }
}

int Centre::stop() {
  if (launcher_ == 0) return -1;
  ::kill(launcher_, SIGINT);
  int status = 0;
  for (int i = 0; i < 600; ++i) {
    if (::waitpid(launcher_, &status, WNOHANG) == launcher_) {
      launcher_ = 0;
      return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    run_for(std::chrono::milliseconds(50));
  }
  ::kill(launcher_, SIGKILL);
  ::waitpid(launcher_, &status, 0);
  launcher_ = 0;
  return -1;
}

std::optional<pid_t> Centre::pid(const std::string& process) const {
  std::ifstream in(run_dir_ + "/pids");
  std::string name;
  pid_t number = 0;
  while (in >> name >> number) {
    if (name == process) return number;
  }
  return std::nullopt;
}

std::optional<double> Centre::kill_and_wait(const std::string& process,
                                            std::chrono::seconds limit) {
  const auto before = pid(process);
  if (!before) return std::nullopt;
  const auto begin = std::chrono::steady_clock::now();
  ::kill(*before, SIGKILL);
  const auto ready = process == "redis" ? run_dir_ + "/redis.sock" : run_dir_ + "/ready/" + process;
  const bool back = run_until(limit, [&] {
    const auto now = pid(process);
    return now && *now != *before && fs::exists(ready);
  });
  if (!back) return std::nullopt;
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void Centre::listen_to_all() {
  for (const auto* process : process::kProcesses) {
    if (std::string(process) != "console") bus_->connect_to(process);
  }
}

Result<> Centre::intend(const Intent& intent) {
  const auto payload = bus::encode(intent);
  return durable_->write(
      "intents",
      {intent.id.str(), durable_key_->seal("durable", intent.id.str(), payload) + payload});
}

void Centre::on_result(std::function<void(const IntentResult&)> handler) {
  durable_->read(
      "intent_results", false, [handler = std::move(handler)](const store::DurableRecord& record) {
        const auto result = bus::decode<IntentResult>(
            std::string_view(record.data).substr(std::min<std::size_t>(32, record.data.size())));
        if (result) handler(*result);
        return true;
      });
}

void Centre::start_streams() {
  durable_->start();
}

Result<std::string> Centre::ask(const std::string& process, const std::string& name,
                                const std::string& question) {
  std::optional<Result<std::string>> answer;
  loop_->query->ask(process, name, question, std::chrono::seconds(3),
                    [&](Result<std::string> r) { answer = std::move(r); });
  (void)run_until(std::chrono::seconds(5), [&] { return answer.has_value(); });
  if (!answer) return Error{"no_answer", "nothing came", process};
  return *answer;
}

}  // namespace dispecer::faults
