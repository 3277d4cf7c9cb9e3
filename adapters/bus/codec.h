// The wire codec: our own tagged compact format, described in docs/WIRE.md and driven by the field
// listings.
//
// A struct is a run of fields, each key = varint(number << 2 | kind), kind 0 varint, 1 eight bytes
// little endian, 2 block (four bytes of length, little endian, then that many bytes). Integers are
// zigzag varints; times and durations are integers of microseconds; an absent optional is not
// written; a vector is a block of its items, each as a bare value; a variant is a block that begins
// with the varint of the alternative, counted from 1.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "fusion/model/fields.h"
#include "fusion/model/ranges.h"

namespace dispecer::bus {

// What a reader of an older or newer release met.
struct DecodeNotes {
  std::uint32_t unknown_fields = 0;
  std::uint32_t unknown_enums = 0;
};

namespace wire {

enum Kind : std::uint32_t { kVarint = 0, kFixed64 = 1, kBlock = 2 };
inline constexpr int kMaxDepth = 32;

inline void put_varint(std::string& out, std::uint64_t v) {
  while (v >= 0x80) {
    out.push_back(static_cast<char>(v | 0x80));
    v >>= 7;
  }
  out.push_back(static_cast<char>(v));
}
inline std::uint64_t zigzag(std::int64_t v) {
  return (static_cast<std::uint64_t>(v) << 1) ^ static_cast<std::uint64_t>(v >> 63);
}
inline std::int64_t unzigzag(std::uint64_t v) {
  return static_cast<std::int64_t>(v >> 1) ^ -static_cast<std::int64_t>(v & 1);
}

struct Reader {
  const char* at;
  const char* end;
  bool good = true;
  int depth = 0;

  [[nodiscard]] bool done() const { return !good || at == end; }
  std::uint64_t varint() {
    std::uint64_t v = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (at == end) break;
      const auto byte = static_cast<unsigned char>(*at++);
      if (shift == 63 && byte > 1) break;
      v |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if ((byte & 0x80) == 0) return v;
    }
    good = false;
    return 0;
  }
  std::uint64_t fixed(std::size_t n) {
    if (static_cast<std::size_t>(end - at) < n) {
      good = false;
      return 0;
    }
    std::uint64_t v = 0;
    for (std::size_t i = 0; i < n; ++i)
      v |= std::uint64_t{static_cast<unsigned char>(at[i])} << (8 * i);
    at += n;
    return v;
  }
  Reader block() {
    const auto n = fixed(4);
    if (!good || static_cast<std::uint64_t>(end - at) < n || depth >= kMaxDepth) {
      good = false;
      return {end, end, false, depth};
    }
    Reader inner{at, at + n, true, depth + 1};
    at += n;
    return inner;
  }
  void skip(std::uint32_t kind) {
    if (kind == kVarint) {
      varint();
    } else if (kind == kFixed64) {
      fixed(8);
    } else if (kind == kBlock) {
      block();
    } else {
      good = false;
    }
  }
};

// Writes a block around whatever `body` appends.
template <class Body>
void put_block(std::string& out, Body&& body) {
  const auto start = out.size();
  out.append(4, '\0');
  body();
  const auto n = static_cast<std::uint32_t>(out.size() - start - 4);
  for (std::size_t i = 0; i < 4; ++i) out[start + i] = static_cast<char>(n >> (8 * i));
}

template <class T>
constexpr std::uint32_t kind_of() {
  if constexpr (trait::is_optional<T>) {
    return kind_of<typename T::value_type>();
  } else if constexpr (std::is_floating_point_v<T> || trait::is_quantity<T>) {
    return kFixed64;
  } else if constexpr (std::is_integral_v<T> || std::is_enum_v<T> || trait::is_time<T> ||
                       trait::is_duration<T>) {
    return kVarint;
  } else {
    return kBlock;
  }
}

template <class T>
void put_value(std::string& out, const T& v);

template <Payload P>
void put_fields(std::string& out, const P& payload) {
  for_each_field(payload, [&](const auto& f, const auto& value) {
    using V = std::remove_cvref_t<decltype(value)>;
    if constexpr (trait::is_optional<V>) {
      if (!value) return;
      put_varint(out, f.number << 2 | kind_of<V>());
      put_value(out, *value);
    } else {
      put_varint(out, f.number << 2 | kind_of<V>());
      put_value(out, value);
    }
  });
}

template <class T>
void put_value(std::string& out, const T& v) {
  if constexpr (std::is_same_v<T, bool>) {
    put_varint(out, v ? 2 : 0);
  } else if constexpr (std::is_enum_v<T>) {
    put_varint(out, zigzag(static_cast<std::int64_t>(v)));
  } else if constexpr (std::is_integral_v<T>) {
    put_varint(out, zigzag(static_cast<std::int64_t>(v)));
  } else if constexpr (trait::is_time<T>) {
    put_varint(out, zigzag(v.us));
  } else if constexpr (trait::is_duration<T>) {
    put_varint(out, zigzag(v.count()));
  } else if constexpr (trait::is_quantity<T>) {
    put_value(out, v.value);
  } else if constexpr (std::is_floating_point_v<T>) {
    auto bits = std::bit_cast<std::uint64_t>(static_cast<double>(v));
    for (int i = 0; i < 8; ++i, bits >>= 8) out.push_back(static_cast<char>(bits));
  } else if constexpr (std::is_same_v<T, std::string>) {
    put_block(out, [&] { out += v; });
  } else if constexpr (trait::is_id<T>) {
    put_value(out, v.str());
  } else if constexpr (trait::is_vector<T>) {
    put_block(out, [&] {
      for (const auto& item : v) put_value<typename T::value_type>(out, item);
    });
  } else if constexpr (trait::is_variant<T>) {
    put_block(out, [&] {
      put_varint(out, v.index() + 1);
      std::visit([&](const auto& a) { put_value(out, a); }, v);
    });
  } else {
    static_assert(Payload<T>, "a wire value is a payload or a plain value");
    put_block(out, [&] { put_fields(out, v); });
  }
}

template <class T>
void get_value(Reader& in, T& v, DecodeNotes& notes);

template <Payload P>
void get_fields(Reader& in, P& payload, DecodeNotes& notes) {
  while (!in.done()) {
    const auto key = in.varint();
    const auto number = static_cast<std::uint32_t>(key >> 2);
    const auto kind = static_cast<std::uint32_t>(key & 3);
    bool known = false;
    for_each_field(payload, [&](const auto& f, auto& value) {
      using V = std::remove_cvref_t<decltype(value)>;
      if (known || f.number != number || kind != kind_of<V>()) return;
      known = true;
      if constexpr (trait::is_optional<V>) {
        value.emplace();
        get_value(in, *value, notes);
      } else {
        get_value(in, value, notes);
      }
    });
    if (!known && in.good) {
      ++notes.unknown_fields;
      in.skip(kind);
    }
  }
}

template <class V, std::size_t I = 0>
bool get_alternative(Reader& in, V& v, std::uint64_t index, DecodeNotes& notes) {
  if constexpr (I < std::variant_size_v<V>) {
    if (index == I + 1) {
      std::variant_alternative_t<I, V> a{};
      get_value(in, a, notes);
      v = std::move(a);
      return true;
    }
    return get_alternative<V, I + 1>(in, v, index, notes);
  } else {
    return false;
  }
}

template <class T>
void get_value(Reader& in, T& v, DecodeNotes& notes) {
  if constexpr (std::is_same_v<T, bool>) {
    v = in.varint() != 0;
  } else if constexpr (NamedEnum<T>) {
    const auto raw = unzigzag(in.varint());
    v = T{};
    bool found = false;
    for (const auto& n : names(Tag<T>{})) {
      if (static_cast<std::int64_t>(n.value) == raw) {
        v = n.value;
        found = true;
      }
    }
    if (!found) ++notes.unknown_enums;
  } else if constexpr (std::is_integral_v<T>) {
    const auto raw = unzigzag(in.varint());
    v = static_cast<T>(raw);
    if constexpr (sizeof(T) < 8) in.good = in.good && static_cast<std::int64_t>(v) == raw;
  } else if constexpr (trait::is_time<T>) {
    v.us = unzigzag(in.varint());
  } else if constexpr (trait::is_duration<T>) {
    v = T{unzigzag(in.varint())};
  } else if constexpr (trait::is_quantity<T>) {
    get_value(in, v.value, notes);
  } else if constexpr (std::is_floating_point_v<T>) {
    v = static_cast<T>(std::bit_cast<double>(in.fixed(8)));
  } else if constexpr (std::is_same_v<T, std::string>) {
    auto block = in.block();
    v.assign(block.at, block.end);
  } else if constexpr (trait::is_id<T>) {
    std::string text;
    get_value(in, text, notes);
    v = T{std::move(text)};
  } else if constexpr (trait::is_vector<T>) {
    auto block = in.block();
    v.clear();
    while (!block.done()) {
      typename T::value_type item{};
      get_value(block, item, notes);
      v.push_back(std::move(item));
    }
    in.good = in.good && block.good;
  } else if constexpr (trait::is_variant<T>) {
    auto block = in.block();
    const auto index = block.varint();
    in.good = in.good && block.good && get_alternative(block, v, index, notes) && block.good;
  } else {
    auto block = in.block();
    get_fields(block, v, notes);
    in.good = in.good && block.good;
  }
}

}  // namespace wire

template <Payload P>
void encode_to(std::string& out, const P& payload) {
  wire::put_fields(out, payload);
}

template <Payload P>
std::string encode(const P& payload) {
  std::string out;
  encode_to(out, payload);
  return out;
}

// Causes: "torn_payload" (the bytes end early or a block is impossible), "out_of_range" (a value
// outside its field's range). Unknown fields are skipped, unknown enum values become 0; both are
// counted in `notes`.
template <Payload P>
Result<P> decode(std::string_view bytes, DecodeNotes* notes = nullptr) {
  wire::Reader in{bytes.data(), bytes.data() + bytes.size()};
  P payload{};
  DecodeNotes own;
  wire::get_fields(in, payload, notes != nullptr ? *notes : own);
  if (!in.good) return Error{"torn_payload", "the bytes end early or hold an impossible block", ""};
  if (auto r = check_ranges(payload); !r) return r.error();
  return payload;
}

}  // namespace dispecer::bus
