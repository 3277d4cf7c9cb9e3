// How the things of a city folder are named in its files. Payloads use their own field listing; the
// rest is listed here.
#pragma once

#include "adapters/city/city.h"
#include "fusion/model/fields.h"

namespace dispecer {

template <class P>
constexpr auto city_layout(Tag<P>) requires Payload<P> {
  return fields(Tag<P>{});
}
constexpr auto city_layout(Tag<WeekWindow>) {
  using P = WeekWindow;
  return std::tuple{field(1, "weekdays", &P::weekdays, "", {0, 127}),
                    field(2, "from_minute", &P::from_minute, "min", {0, 1440}),
                    field(3, "to_minute", &P::to_minute, "min", {0, 1440})};
}
constexpr auto city_layout(Tag<Interval>) {
  using P = Interval;
  return std::tuple{field(1, "begin", &P::begin), field(2, "end", &P::end)};
}
constexpr auto city_layout(Tag<LegalBasis>) {
  using P = LegalBasis;
  return std::tuple{field(1, "authority", &P::authority), field(2, "decision", &P::decision),
                    field(3, "text", &P::text), field(4, "validity", &P::validity),
                    field(5, "demonstration", &P::demonstration)};
}
constexpr auto city_layout(Tag<ExemptWindow>) {
  using P = ExemptWindow;
  return std::tuple{field(1, "kind", &P::kind), field(2, "windows", &P::windows)};
}
constexpr auto city_layout(Tag<Zone>) {
  using P = Zone;
  return std::tuple{field(1, "id", &P::id),
                    field(2, "name", &P::name),
                    field(3, "version", &P::version),
                    field(4, "polygon", &P::polygon),
                    field(5, "legal", &P::legal),
                    field(6, "active", &P::active),
                    field(7, "exempt", &P::exempt),
                    field(8, "grace", &P::grace, "s", {0, 7200}),
                    field(9, "provenance", &P::provenance)};
}
constexpr auto city_layout(Tag<Gate>) {
  using P = Gate;
  return std::tuple{field(1, "id", &P::id),
                    field(2, "name", &P::name),
                    field(3, "zone", &P::zone),
                    field(4, "link", &P::link),
                    field(5, "along", &P::along, "m", {0, 100000}),
                    field(6, "position", &P::position),
                    field(7, "reader", &P::reader),
                    field(8, "sign", &P::sign),
                    field(9, "provenance", &P::provenance)};
}

namespace city {

constexpr auto names(Tag<StreetKind>) {
  using E = StreetKind;
  return std::array{Name<E>{E::real, "real"}, Name<E>{E::simulated, "simulated"},
                    Name<E>{E::off, "off"}};
}
constexpr auto city_layout(Tag<DeviceRow>) {
  using P = DeviceRow;
  return std::tuple{field(1, "id", &P::id),
                    field(2, "kind", &P::kind),
                    field(3, "protocol", &P::protocol),
                    field(4, "address", &P::address),
                    field(5, "secret", &P::secret),
                    field(6, "street", &P::street),
                    field(7, "settings", &P::settings)};
}
constexpr auto city_layout(Tag<RsmpMapping>) {
  using P = RsmpMapping;
  return std::tuple{field(1, "controller", &P::controller),
                    field(2, "junction", &P::junction),
                    field(3, "site_id", &P::site_id),
                    field(4, "main_component", &P::main_component),
                    field(5, "group_components", &P::group_components),
                    field(6, "detector_components", &P::detector_components)};
}

}  // namespace city
}  // namespace dispecer
