#include "adapters/city/files.h"

#include <sodium.h>
#include <unistd.h>

#include <cctype>
#include <fstream>
#include <sstream>

namespace dispecer::city {

Error in_file(Error e, const std::string& name) {
  e.where = e.where.empty() ? name : name + ": " + e.where;
  return e;
}

Result<std::string> read_text(const fs::path& path, const std::string& name) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  if (!in || !fs::is_regular_file(path)) {
    return Error{"no_file", "the file is not there or cannot be read", name};
  }
  text << in.rdbuf();
  return std::move(text).str();
}

Result<> write_text(const fs::path& path, const std::string& text) {
  std::error_code ec;
  fs::create_directories(path.parent_path(), ec);
  auto half = path;
  half += ".part" + std::to_string(getpid());  // several processes may keep the same version
  {
    std::ofstream out(half, std::ios::binary | std::ios::trunc);
    out << text;
    out.flush();
    if (!out) return Error{"cannot_write", "the file cannot be written", path.string()};
  }
  fs::rename(half, path, ec);
  if (ec) return Error{"cannot_write", ec.message(), path.string()};
  return Ok{};
}

Result<Value> read_tree(const fs::path& folder, const std::string& name) {
  auto text = read_text(folder / name, name);
  if (!text) return text.error();
  auto tree = name.ends_with(".toml") ? parse_toml(*text) : parse_json(*text);
  if (!tree) return in_file(tree.error(), name);
  return tree;
}

std::string file_name(const std::string& id) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : id) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || c == '-' || c == '_') {
      out += c;
    } else {
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
  }
  // File names end at 255 bytes; a long id keeps its head and a digest of the whole.
  if (out.size() <= 150) return out;
  unsigned char digest[crypto_hash_sha256_BYTES];
  crypto_hash_sha256(digest, reinterpret_cast<const unsigned char*>(id.data()), id.size());
  out = out.substr(0, 120) + "%";
  for (std::size_t i = 0; i < 12; ++i) {
    out += kHex[digest[i] >> 4];
    out += kHex[digest[i] & 15];
  }
  return out;
}

Result<std::string> hash_folder(const std::string& folder) {
  std::error_code ec;
  std::map<std::string, fs::path> files;
  for (fs::recursive_directory_iterator it(folder, ec), end; !ec && it != end; it.increment(ec)) {
    if (it->is_regular_file())
      files[fs::relative(it->path(), folder).generic_string()] = it->path();
  }
  if (ec) return Error{"no_file", ec.message(), folder};
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  const auto feed = [&](const std::string& bytes) {
    crypto_hash_sha256_update(&state, reinterpret_cast<const unsigned char*>(bytes.data()),
                              bytes.size());
  };
  for (const auto& [name, path] : files) {
    auto text = read_text(path, name);
    if (!text) return text.error();
    feed(name + '\0' + std::to_string(text->size()) + '\0');
    feed(*text);
  }
  unsigned char digest[crypto_hash_sha256_BYTES];
  crypto_hash_sha256_final(&state, digest);
  char hex[2 * crypto_hash_sha256_BYTES + 1];
  sodium_bin2hex(hex, sizeof hex, digest, sizeof digest);
  return std::string(hex);
}

}  // namespace dispecer::city
