#include "tests/conformance/rsmp_supervisor/program.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <thread>

namespace dispecer::conformance {
namespace {

void rest() {
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

}  // namespace

double seconds() {
  using namespace std::chrono;
  return duration<double>(steady_clock::now().time_since_epoch()).count();
}

Program::Program(std::vector<std::string> command) {
  char name[] = "/tmp/dispecer-conformance-XXXXXX";
  const int file = ::mkstemp(name);
  file_ = name;
  std::vector<char*> words;
  for (std::string& word : command) words.push_back(word.data());
  words.push_back(nullptr);
  pid_ = ::fork();
  if (pid_ == 0) {
    ::dup2(file, STDOUT_FILENO);
    ::execv(words[0], words.data());
    ::_exit(127);
  }
  ::close(file);
}

Program::~Program() {
  end();
  ::unlink(file_.c_str());
}

std::vector<boost::json::object> Program::lines() const {
  std::vector<boost::json::object> list;
  std::ifstream in(file_);
  std::string line;
  while (std::getline(in, line)) {
    if (in.eof()) break;  // not whole yet
    boost::json::error_code code;
    auto value = boost::json::parse(line, code);
    if (!code && value.is_object()) list.push_back(std::move(value.get_object()));
  }
  return list;
}

std::uint16_t Program::port(double within_s) {
  const double end = seconds() + within_s;
  while (seconds() < end) {
    for (const auto& line : lines()) {
      if (const auto* told = line.if_contains("listening")) {
        return static_cast<std::uint16_t>(told->at("port").to_number<int>());
      }
    }
    if (wait(0)) return 0;
    rest();
  }
  return 0;
}

std::optional<int> Program::wait(double within_s) {
  const double end = seconds() + within_s;
  while (!status_) {
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) == pid_) {
      status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
      break;
    }
    if (seconds() >= end) break;
    rest();
  }
  return status_;
}

void Program::end() {
  if (wait(0)) return;
  ::kill(pid_, SIGTERM);
  if (wait(10)) return;
  ::kill(pid_, SIGKILL);
  wait(5);
}

}  // namespace dispecer::conformance
