// Every visible string, in English and Romanian. A string that lacks a translation does not
// compile.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace dispecer::hmi {

enum class Language : std::uint8_t { en, ro };

// clang-format off
#define DISPECER_TEXTS(X) \
  X(app_title, "Dispecer control room", "Dispecerat") \
  X(junction, "Junction", "Intersecție") \
  X(junctions, "Junctions", "Intersecții") \
  X(buses, "Buses", "Autobuze") \
  X(parking, "Parking", "Parcări") \
  X(cases, "Cases", "Sesizări") \
  X(alarms, "Alarms", "Alarme") \
  X(sources, "Sources", "Surse") \
  X(commands, "Commands", "Comenzi") \
  X(emergency, "Emergency", "Urgențe") \
  X(errand, "Errand", "Misiune") \
  X(errand_ambulance, "ambulance", "ambulanță") \
  X(errand_fire, "fire brigade", "pompieri") \
  X(errand_police, "police", "poliție") \
  X(errand_other, "other service", "alt serviciu") \
  X(sets_out, "Sets out from", "Pleacă de pe") \
  X(destination, "Destination", "Destinație") \
  X(where_it_is, "where the vehicle is", "unde se află vehiculul") \
  X(straight_on, "straight on", "drept înainte") \
  X(take_selected, "Selected section", "Tronsonul ales") \
  X(clear, "Clear", "Șterge") \
  X(corridor_open, "Open corridor", "Deschide coridorul") \
  X(corridor_end, "End", "Încheie") \
  X(corridors_running, "Running corridors", "Coridoare active") \
  X(no_corridors, "No corridor is open", "Niciun coridor deschis") \
  X(corridor_needs, "Name a vehicle, or the section it sets out from", "Indicați vehiculul sau tronsonul de plecare") \
  X(next_junction, "Next junction", "Următoarea intersecție") \
  X(book, "Book", "Registru") \
  X(book_in_force, "In force and to come", "În vigoare și viitoare") \
  X(book_empty, "The book is empty", "Registrul este gol") \
  X(book_unheard, "The book has not been told yet", "Registrul nu a fost încă transmis") \
  X(book_runs, "in force", "în vigoare") \
  X(book_to_come, "to come", "urmează") \
  X(book_new, "New entry", "Înscriere nouă") \
  X(book_change, "Change", "Modifică") \
  X(book_save, "Save", "Salvează") \
  X(book_end, "End", "Încheie") \
  X(book_title, "Title", "Titlu") \
  X(book_owner, "Owner", "Titular") \
  X(book_when, "From → to", "De la → până la") \
  X(book_begin, "From (dd.mm.yyyy hh:mm, empty = now)", "De la (zz.ll.aaaa hh:mm, gol = acum)") \
  X(book_until, "To (dd.mm.yyyy hh:mm)", "Până la (zz.ll.aaaa hh:mm)") \
  X(book_hours, "Daily hours (hh:mm, empty = all day)", "Orele zilei (hh:mm, gol = toată ziua)") \
  X(book_days, "(none = daily)", "(niciuna = zilnic)") \
  X(monday, "Mo", "Lu") \
  X(tuesday, "Tu", "Ma") \
  X(wednesday, "We", "Mi") \
  X(thursday, "Th", "Jo") \
  X(friday, "Fr", "Vi") \
  X(saturday, "Sa", "Sâ") \
  X(sunday, "Su", "Du") \
  X(book_links, "Sections", "Tronsoane") \
  X(book_junctions, "Junctions", "Intersecții") \
  X(book_way, "Way of the detour, with its first and last section", "Traseul ocolitor, cu primul și ultimul tronson") \
  X(book_lines, "Lines", "Linii") \
  X(book_lanes, "Lanes lost", "Benzi pierdute") \
  X(book_flow, "Flow left, %", "Flux rămas, %") \
  X(book_plan, "Plan (0 = none)", "Program (0 = niciunul)") \
  X(book_local, "own night programme", "programul propriu de noapte") \
  X(take_selected_junction, "Selected junction", "Intersecția aleasă") \
  X(book_contradictions, "Contradictions", "Contradicții") \
  X(book_refuses, "cannot be saved", "nu se poate salva") \
  X(book_warns, "look before saving", "verificați înainte de salvare") \
  X(book_needs_title, "A title is needed", "Este nevoie de un titlu") \
  X(book_needs_end, "An end is needed: dd.mm.yyyy hh:mm", "Este nevoie de un termen: zz.ll.aaaa hh:mm") \
  X(book_bad_begin, "The begin is not a moment", "Începutul nu este un moment valid") \
  X(book_end_first, "The end lies before the begin or has passed", "Termenul este înaintea începutului sau a trecut") \
  X(book_bad_hours, "Hours are hh:mm, both or neither", "Orele se scriu hh:mm, ambele sau niciuna") \
  X(book_needs_place, "Name sections or junctions", "Indicați tronsoane sau intersecții") \
  X(book_needs_way, "A detour needs lines and at least two sections", "Ocolirea cere linii și cel puțin două tronsoane") \
  X(kind_works, "works", "lucrări") \
  X(kind_closure, "closure", "închidere") \
  X(kind_event, "event", "eveniment") \
  X(kind_holiday, "holiday", "sărbătoare") \
  X(kind_school, "school", "școală") \
  X(kind_weather, "rain or ice", "ploaie sau gheață") \
  X(kind_detour, "line detour", "deviere de linie") \
  X(kind_night, "night operation", "regim de noapte") \
  X(search, "Search", "Căutare") \
  X(sign_in, "Sign in", "Autentificare") \
  X(sign_out, "Sign out", "Ieșire") \
  X(person, "Name", "Nume") \
  X(password, "Password", "Parolă") \
  X(wrong_password, "Name or password is wrong", "Numele sau parola sunt greșite") \
  X(checking, "Checking...", "Se verifică...") \
  X(not_signed_in, "Not signed in: looking only", "Neautentificat: doar vizualizare") \
  X(nothing_selected, "Select a junction on the map or in the list", "Alegeți o intersecție pe hartă sau din listă") \
  X(waiting_for_city, "Waiting for the city", "Se așteaptă orașul") \
  X(live, "live", "în direct") \
  X(stale, "stale", "învechit") \
  X(unknown, "unknown", "necunoscut") \
  X(substituted, "substituted", "înlocuit") \
  X(implausible, "implausible", "neplauzibil") \
  X(no_communication, "no communication", "fără comunicație") \
  X(connected, "connected", "conectat") \
  X(connecting, "connecting", "se conectează") \
  X(holder, "Holder", "Comanda o are") \
  X(holder_local_plan, "local plan", "program local") \
  X(holder_centre, "centre", "dispecerat") \
  X(holder_operator, "operator", "dispecer") \
  X(holder_panel, "panel", "panou") \
  X(holder_police_key, "police key", "cheia poliției") \
  X(holder_maintenance, "maintenance", "mentenanță") \
  X(holder_other, "another supervisor", "alt supervizor") \
  X(mode, "Mode", "Regim") \
  X(mode_control, "control", "dirijare") \
  X(mode_startup, "start-up", "pornire") \
  X(mode_standby, "standby", "așteptare") \
  X(mode_failure, "failure", "avarie") \
  X(mode_test, "test", "test") \
  X(mode_yellow_flash, "yellow flash", "galben intermitent") \
  X(mode_dark, "dark", "stins") \
  X(mode_all_red, "all red", "roșu integral") \
  X(stage, "Stage", "Fază") \
  X(between_stages, "between stages", "între faze") \
  X(plan, "Plan", "Program") \
  X(lever, "Lever", "Mod de comandă") \
  X(commissioning, "Commissioning", "Punere în funcțiune") \
  X(signal_groups, "Signal groups", "Grupuri de semnal") \
  X(last_decision, "Last decision", "Ultima decizie") \
  X(rule, "Rule", "Regulă") \
  X(otherwise, "Otherwise", "Altfel") \
  X(inputs, "Inputs", "Date de intrare") \
  X(action_hold, "hold", "menține") \
  X(action_extend, "extend", "prelungește") \
  X(action_change, "change", "schimbă") \
  X(action_hand_back, "hand back", "predă programului local") \
  X(action_none, "none", "niciuna") \
  X(age, "Age", "Vechime") \
  X(line, "Line", "Linie") \
  X(vehicle, "Vehicle", "Vehicul") \
  X(lateness, "Lateness", "Întârziere") \
  X(phase, "State", "Stare") \
  X(bus_running, "running", "în mers") \
  X(bus_at_stop, "at stop", "în stație") \
  X(bus_layover, "layover", "la capăt") \
  X(bus_off_route, "off route", "în afara traseului") \
  X(bus_no_trip, "no trip", "fără cursă") \
  X(bus_frozen, "frozen position", "poziție înghețată") \
  X(bus_depot, "in the depot", "în depou") \
  X(to_stop_line, "To stop line", "Până la linia de oprire") \
  X(priority, "Priority", "Prioritate") \
  X(priority_received, "received", "primită") \
  X(priority_queued, "requested", "cerută") \
  X(priority_granted, "granted", "acordată") \
  X(priority_served, "served", "servită") \
  X(priority_refused, "refused", "refuzată") \
  X(priority_timed_out, "timed out", "expirată") \
  X(priority_cancelled, "cancelled", "anulată") \
  X(area, "Area", "Zonă") \
  X(free_places, "Free places", "Locuri libere") \
  X(occupied, "Occupied", "Ocupate") \
  X(capacity, "Capacity", "Capacitate") \
  X(provenance, "Provenance", "Proveniență") \
  X(prov_sourced, "sourced", "din sursă") \
  X(prov_approximate, "approximate", "aproximativ") \
  X(prov_invented, "invented", "inventat") \
  X(prov_derived, "derived", "derivat") \
  X(queue, "Queue", "Coadă") \
  X(flow, "Flow", "Flux") \
  X(speed, "Speed", "Viteză") \
  X(link, "Street section", "Tronson") \
  X(occupancy, "Storage used", "Spațiu ocupat") \
  X(spillback, "Spillback", "Blocaj în amonte") \
  X(air, "Air quality", "Calitatea aerului") \
  X(forecast, "Forecast", "Prognoză") \
  X(parking_taken, "Bays taken", "Locuri ocupate") \
  X(ahead, "Ahead", "În avans") \
  X(places, "Places", "Locuri măsurate") \
  X(bays, "bays", "locuri") \
  X(mean_error, "Mean error", "Eroare medie") \
  X(usual_day_error, "of the usual day", "a zilei obișnuite") \
  X(in_interval, "In the interval", "În interval") \
  X(zone, "Access zone", "Zonă cu acces limitat") \
  X(take_release, "Hand to local plan", "Predă programului local") \
  X(take_hold, "Hold this stage", "Menține această fază") \
  X(end_override, "End override", "Încheie intervenția") \
  X(until, "Until", "Până la") \
  X(minutes, "min", "min") \
  X(reason, "Reason", "Motiv") \
  X(execute, "Execute", "Execută") \
  X(cancel, "Cancel", "Renunță") \
  X(arm_hint, "Second step: give a reason and execute", "Pasul doi: dați un motiv și executați") \
  X(needs_sign_in, "Sign in to command", "Autentificați-vă pentru comenzi") \
  X(needs_right, "Your role may not do this", "Rolul dumneavoastră nu permite") \
  X(needs_reason, "A reason is needed", "Este nevoie de un motiv") \
  X(requested, "requested", "cerută") \
  X(accepted, "accepted", "acceptată") \
  X(refused, "refused", "refuzată") \
  X(done, "done", "executată") \
  X(expired, "expired", "expirată") \
  X(place, "Place", "Loc") \
  X(plate, "Plate", "Număr de înmatriculare") \
  X(opened, "Opened", "Deschisă") \
  X(kind, "Kind", "Fel") \
  X(case_parking_unpaid, "parking, no payment", "parcare neplătită") \
  X(case_special_bay, "special bay", "loc rezervat") \
  X(case_access, "access zone", "acces interzis") \
  X(to_review, "to review", "de verificat") \
  X(approve, "Approve", "Aprobă") \
  X(reject, "Reject", "Respinge") \
  X(demonstration, "DEMONSTRATION: rests on an invented decision", "DEMONSTRAȚIE: se sprijină pe o hotărâre inventată") \
  X(evidence, "Evidence", "Probe") \
  X(no_cases, "No case waits for review", "Nicio sesizare de verificat") \
  X(cases_need_right, "Cases are shown to operators, supervisors and police", "Sesizările se arată dispecerilor, șefilor de tură și poliției") \
  X(raised, "Raised", "Activă din") \
  X(alarm_returned_at, "Returned", "Revenită la") \
  X(alarm_shelved_until, "Shelved until", "Amânată până la") \
  X(acknowledge, "Acknowledge", "Confirmă") \
  X(shelve, "Shelve 30 min", "Amână 30 min") \
  X(no_alarms, "No alarms", "Nicio alarmă") \
  X(alarm_unack, "unacknowledged", "neconfirmată") \
  X(alarm_ack, "acknowledged", "confirmată") \
  X(alarm_returned, "returned, unacknowledged", "revenită, neconfirmată") \
  X(alarm_shelved, "shelved", "amânată") \
  X(alarm_suppressed, "suppressed", "suprimată") \
  X(alarm_out_of_service, "out of service", "scoasă din uz") \
  X(high, "high", "mare") \
  X(medium, "medium", "medie") \
  X(low, "low", "mică") \
  X(process, "Process", "Proces") \
  X(state, "State", "Stare") \
  X(memory, "Memory", "Memorie") \
  X(note, "Note", "Notă") \
  X(devices, "Devices", "Echipamente") \
  X(counters, "Counters", "Contoare") \
  X(starting, "starting", "pornește") \
  X(ready, "ready", "gata") \
  X(degraded, "degraded", "cu limitări") \
  X(stopping, "stopping", "se oprește") \
  X(picture_age, "Picture age", "Vechimea imaginii") \
  X(frame, "Frame", "Cadru") \
  X(simulated_time, "City time", "Ora orașului") \
  X(legend, "Legend", "Legendă") \
  X(fit, "Whole city", "Tot orașul") \
  X(group_vehicle, "vehicles", "vehicule") \
  X(group_bus, "bus", "autobuz") \
  X(group_pedestrian, "pedestrians", "pietoni") \
  X(group_cycle, "cyclists", "bicicliști") \
  X(group_tram, "tram", "tramvai") \
  X(aspect_red, "red", "roșu") \
  X(aspect_red_amber, "red-amber", "roșu-galben") \
  X(aspect_green, "green", "verde") \
  X(aspect_amber, "amber", "galben") \
  X(aspect_green_flash, "flashing green", "verde intermitent") \
  X(aspect_dark, "dark", "stins")
// clang-format on

enum class Text : std::uint16_t {
#define DISPECER_TEXT(key, en, ro) key,
  DISPECER_TEXTS(DISPECER_TEXT)
#undef DISPECER_TEXT
      count
};

const char* tr(Language language, Text text);

// "1 alarm", "20 de alarme": Romanian wants "de" from 20 on, but not for 101 to 119.
std::string alarms_text(Language language, std::uint64_t n);

// Words for stable keys of rules, inputs, alarms and states ("bus_extension"); an unknown key is
// shown with its underscores as spaces, so that nothing is ever hidden.
std::string key_text(Language language, std::string_view key);
bool has_words(std::string_view key);
// A value beside such a key: a number as the language writes it, otherwise the words of a key.
std::string value_text(Language language, std::string_view value);

// ASCII lower case without diacritics, for search; knows comma-below and the legacy cedilla
// letters.
std::string fold(std::string_view text);

}  // namespace dispecer::hmi
