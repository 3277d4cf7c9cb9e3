// A file that takes the place of another one whole: written to FILE.new, on the disk before it gets
// the name, and the name on the disk before finish() returns. A kill or a power cut leaves the old
// file or the new one, never a part of it.
#pragma once

#include <string>
#include <string_view>

#include "fusion/model/result.h"

namespace dispecer::process {

class Replacement {
 public:
  // Creates FILE.new (0600), empty. Cause: not_written.
  static Result<Replacement> begin(const std::string& file);

  Replacement(Replacement&& other) noexcept;
  Replacement& operator=(Replacement&& other) noexcept;
  ~Replacement();  // what was not finished never gets the name

  // Appends and waits until the disk has it, so that the last piece does not wait for all before it.
  // Cause: not_written.
  Result<> write(std::string_view bytes);
  // Gives it the name. Nothing may be written after it. Cause: not_written.
  Result<> finish();

 private:
  Replacement(std::string file, int fd) : file_(std::move(file)), fd_(fd) {}
  std::string file_;
  int fd_ = -1;
};

// All at once.
Result<> replace_file(const std::string& file, std::string_view bytes);

}  // namespace dispecer::process
