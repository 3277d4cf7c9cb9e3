// Words for the stable keys of rules, inputs, alarms and states that come over the bus.
#include <map>

#include "hmi/view_model/text.h"

namespace dispecer::hmi {
namespace {

struct Pair {
  const char* en;
  const char* ro;
};

// clang-format off
const std::map<std::string_view, Pair> kKeys{
    // Rules of the signal decision.
    {"max_red", {"maximum red is due", "roșu maxim ajuns la termen"}},
    {"max_red_reserve", {"leaves room for a maximum red", "rezervă pentru un roșu maxim"}},
    {"min_green", {"minimum green", "verde minim"}},
    {"serving", {"serves its queue", "servește coada"}},
    {"least_cost", {"least waiting over the next minute", "cea mai mică așteptare în minutul următor"}},
    {"plan_pace", {"keeps the plan's order and lengths: saturated", "păstrează ordinea și duratele programului: saturat"}},
    {"no_demand", {"no demand elsewhere", "nicio altă cerere"}},
    {"rest", {"rests in the main stage", "rămâne în faza principală"}},
    {"early_start", {"people on foot and cycles start first", "pietonii și bicicliștii pornesc primii"}},
    {"changing", {"change is under way", "schimbarea este în curs"}},
    {"change_ordered", {"change was ordered", "schimbarea a fost comandată"}},
    {"between_stages", {"between stages", "între faze"}},
    {"in_intergreen", {"between stages", "între faze"}},
    {"spillback", {"full link downstream", "tronson plin în aval"}},
    {"spillback_end", {"ends: the link downstream is full", "se încheie: tronsonul din aval este plin"}},
    {"spillback_hold", {"waits: the link downstream is full", "așteaptă: tronsonul din aval este plin"}},
    {"bus_priority", {"bus priority", "prioritate pentru autobuz"}},
    {"bus_extension", {"green extended for a bus", "verde prelungit pentru autobuz"}},
    {"bus_early_green", {"early green for a bus", "verde devansat pentru autobuz"}},
    {"bus_stage_order", {"stage order changed for a bus", "ordinea fazelor schimbată pentru autobuz"}},
    {"cycle_layer", {"splits of the cycle: no fresh detectors", "repartiția ciclului: detectori fără date noi"}},
    {"cycle_join", {"joins the cycle", "se încadrează în ciclu"}},
    {"plan_runs", {"its plan runs", "programul rulează"}},
    {"own_plan", {"back to its own plan", "revine la programul propriu"}},
    {"plan_selected", {"plan with less waiting", "program cu mai puțină așteptare"}},
    {"plan_offset", {"offset moved for the platoons", "decalaj mutat pentru plutoane"}},
    {"library_plan", {"usual plan of this hour: data are stale", "programul obișnuit al orei: date învechite"}},
    {"bands_split", {"green shared anew within the cycle", "verdele reîmpărțit în cadrul ciclului"}},
    {"bands_hold", {"split is kept", "repartiția se păstrează"}},
    {"bands_repeat", {"split is told again", "repartiția se transmite din nou"}},
    {"bands_join", {"waits for the begin of the cycle", "așteaptă începutul ciclului"}},
    {"no_plan", {"has no plan", "nu are program"}},
    {"no_allowed_way", {"no allowed transition", "nicio tranziție permisă"}},
    {"operator_hold", {"held by an operator", "menținut de dispecer"}},
    {"operator_release", {"released by an operator", "predat de dispecer"}},
    {"operator_plan", {"plan chosen by an operator", "program ales de dispecer"}},
    {"operator_plan_ended", {"chosen plan has ended", "programul ales s-a încheiat"}},
    {"emergency_green", {"green for an emergency vehicle", "verde pentru un vehicul de urgență"}},
    {"emergency_hold", {"green held for an emergency vehicle", "verde menținut pentru un vehicul de urgență"}},
    {"emergency_reserve", {"keeps ready for an emergency vehicle", "rămâne pregătită pentru un vehicul de urgență"}},
    {"max_red_before_emergency", {"serves a long red before an emergency vehicle comes", "servește un roșu lung înaintea unui vehicul de urgență"}},
    {"emergency_route", {"the controller's own emergency route", "ruta de urgență a automatului"}},
    {"emergency_route_over", {"the controller's own emergency route ends", "ruta de urgență a automatului se încheie"}},
    {"centre_stops", {"the centre stops", "dispeceratul se oprește"}},
    // The city's book.
    {"book_local", {"the city's book leaves it to its own plan", "registrul orașului o lasă pe programul propriu"}},
    {"book_plan", {"the city's book names a plan", "registrul orașului indică un program"}},
    {"book_ended", {"an entry of the city's book has ended", "o înscriere din registrul orașului s-a încheiat"}},
    {"book_entry", {"entry", "înscriere"}},
    // Why nothing is sent.
    {"never_observed", {"never observed", "neobservată încă"}},
    {"observation_stale", {"observation is stale", "observație învechită"}},
    {"data_stale", {"data are stale", "date învechite"}},
    {"stale_picture", {"picture is stale", "imagine învechită"}},
    {"no_communication", {"no communication", "fără comunicație"}},
    {"holder", {"held by another", "comanda o are altcineva"}},
    {"commissioning", {"commissioning", "punere în funcțiune"}},
    {"mode", {"mode", "regim"}},
    {"lever", {"lever", "mod de comandă"}},
    // Inputs of a decision.
    {"stage_ran_s", {"stage has run, s", "faza durează de, s"}},
    {"offset_s", {"offset, s", "decalaj, s"}},
    {"offset_wanted_s", {"wanted offset, s", "decalaj dorit, s"}},
    {"bands_s", {"bands, s", "benzi dinamice, s"}},
    {"bands_new_s", {"new bands, s", "benzi dinamice noi, s"}},
    {"stay_cost_veh_s", {"staying costs, veh s", "dacă rămâne costă, veh s"}},
    {"green_ends_s", {"green ends in, s", "verdele se termină în, s"}},
    {"target_stage", {"best other stage", "cea mai bună altă fază"}},
    {"target_cost_veh_s", {"changing costs, veh s", "dacă schimbă costă, veh s"}},
    {"group", {"signal group", "grup de semnal"}},
    {"bus_gain_s", {"buses gain, s", "autobuzele câștigă, s"}},
    {"others_loss_veh_s", {"others lose, veh s", "ceilalți pierd, veh s"}},
    {"red_left_s", {"until its maximum red, s", "până la roșul maxim, s"}},
    {"min_green_left_s", {"minimum green left, s", "verde minim rămas, s"}},
    {"split_s", {"split, s", "repartiție, s"}},
    {"plan", {"plan", "program"}},
    {"stage", {"stage", "fază"}},
    {"buses", {"buses asking", "autobuze care cer"}},
    {"eta_s", {"arrival in, s", "sosire în, s"}},
    {"lateness_s", {"lateness, s", "întârziere, s"}},
    {"fix_age_s", {"age of the position, s", "vechimea poziției, s"}},
    {"data_age_s", {"age of the data, s", "vechimea datelor, s"}},
    {"not_sent", {"not sent", "netrimis"}},
    {"inputs_left_behind", {"inputs left set", "intrări rămase activate"}},
    // An emergency corridor at a junction.
    {"opened", {"asked for", "cerută"}},
    {"ahead", {"still ahead", "încă înainte"}},
    {"outranked", {"another vehicle goes first", "alt vehicul are întâietate"}},
    {"stalled", {"does not move on: others are served", "nu înaintează: sunt serviți ceilalți"}},
    {"passed", {"has passed", "a trecut"}},
    {"passed_without_grant", {"passed without being given green", "a trecut fără verde acordat"}},
    {"assumed_passed", {"taken to have passed", "considerat trecut"}},
    {"corridor_over", {"corridor is over", "coridor încheiat"}},
    {"own_route", {"by the controller's own route", "prin ruta automatului"}},
    {"left_route", {"left its way", "a părăsit traseul"}},
    {"no_way", {"no way there", "nu există traseu"}},
    {"no_position", {"no position any more", "fără poziție"}},
    {"ended", {"ended by a word", "încheiat la cerere"}},
    {"end_time", {"its end time has come", "a ajuns la termen"}},
    {"ended_by", {"ended by", "încheiat de"}},
    {"corridor", {"emergency corridor", "coridor de urgență"}},
    {"corridors", {"corridors at once", "coridoare simultane"}},
    {"lead_s", {"change must begin before arrival by, s", "schimbarea începe înaintea sosirii cu, s"}},
    {"queue_before_veh", {"queue before it, veh", "coadă în fața sa, veh"}},
    {"queue_left_veh", {"queue left behind, veh", "coadă rămasă în urmă, veh"}},
    {"kind", {"kind", "tip"}},
    {"ambulance", {"ambulance", "ambulanță"}},
    {"fire", {"fire brigade", "pompieri"}},
    {"other", {"other", "alt serviciu"}},
    // The wait that is promised to people on foot.
    {"walk_called", {"somebody wants to cross", "cineva vrea să traverseze"}},
    {"walk_promise_kept", {"served within the promised wait", "servită în așteptarea promisă"}},
    {"walk_promise_broken", {"waits longer than promised", "așteaptă mai mult decât s-a promis"}},
    {"no_signal", {"its lamps are out", "semaforul nu funcționează"}},
    {"crossing", {"crossing", "trecere"}},
    {"promise_s", {"promised wait, s", "așteptare promisă, s"}},
    {"wait_s", {"wait, s", "așteptare, s"}},
    {"waits", {"waits so far", "așteptări până acum"}},
    {"kept_pct", {"kept, %", "respectate, %"}},
    {"longest_wait_s", {"longest wait, s", "cea mai lungă așteptare, s"}},
    {"queue", {"queue", "coadă"}},
    {"demand", {"demand", "cerere"}},
    {"pedestrian_wait", {"people on foot wait", "pietonii așteaptă"}},
    // What otherwise would have been done.
    {"hold", {"hold", "menține"}},
    {"extend", {"extend", "prelungește"}},
    {"change", {"change", "schimbă"}},
    {"hand_back", {"hand back", "predă"}},
    // Alarms.
    {"redis_gone", {"Redis is gone", "Redis nu răspunde"}},
    {"book_contradiction", {"the city's book: two entries do not go together", "registrul orașului: două înscrieri nu se potrivesc"}},
    {"early_start_no_stage", {"early start: no stage of the controller leads", "pornire în avans: automatul nu are o fază pentru ea"}},
    {"detour_unmatched", {"line detour fits no way of its lines", "devierea nu se potrivește cu traseul liniilor"}},
    {"quarantined", {"quarantined: last accepted version in use", "în carantină: se folosește ultima versiune acceptată"}},
    {"order_deviated", {"order not followed", "comandă neurmată"}},
    {"source_silent", {"source is silent", "sursa nu transmite"}},
    {"line_blocked", {"stopped vehicle blocks its line", "vehicul oprit care blochează linia"}},
    {"unconfirmed", {"not yet seen to move along its trip", "încă nevăzut în mers pe cursa sa"}},
    {"duplicate", {"another vehicle is on that trip", "alt vehicul este pe acea cursă"}},
    {"wrong_trip", {"not on the trip it tells", "nu este pe cursa anunțată"}},
    {"frozen", {"its position stands still", "poziția sa nu se mai schimbă"}},
    {"depot", {"in the depot", "în depou"}},
    {"reader_silent", {"plate reader is silent", "cititorul de numere nu transmite"}},
    {"register_down", {"register does not answer", "registrul nu răspunde"}},
    {"sign_fault", {"sign fault", "panou defect"}},
    {"clock_error", {"controller's clock is wrong", "ceasul automatului este greșit"}},
    {"controller_fault", {"controller reports a fault", "automatul raportează un defect"}},
    {"watchdog_missing", {"controller is silent", "automatul nu dă semn de viață"}},
    {"parameters_changed", {"controller's parameters changed", "parametrii automatului s-au schimbat"}},
    {"sign_mismatch", {"sign does not show what holds at its gate", "panoul nu arată ce este valabil la intrare"}},
    {"sign_unknown", {"sign tells nothing", "panoul nu transmite nimic"}},
    {"detector_fault", {"detector fault", "detector defect"}},
    {"incident", {"incident on the road", "incident în trafic"}},
    {"dead_source", {"source does not answer", "sursa nu răspunde"}},
    {"stale_source", {"source sends only old data", "sursa trimite doar date vechi"}},
    {"bad_device_row", {"device is not configured well", "echipament configurat greșit"}},
    {"no_timetable", {"timetable cannot be read", "orarul nu poate fi citit"}},
    {"process_degraded", {"process works with limits", "proces cu limitări"}},
    {"accepted_not_kept", {"accepted version could not be kept", "versiunea acceptată nu a putut fi păstrată"}},
    {"outbox_failed", {"lead could not be kept", "sesizarea nu a putut fi păstrată"}},
    {"lead_not_delivered", {"lead not delivered to the police", "sesizare nelivrată poliției"}},
    {"demonstration_lead_refused", {"demonstration lead kept from a real receiver", "sesizare demonstrativă oprită de la un destinatar real"}},
    {"demonstration_to_real_receiver", {"demonstration would reach a real receiver", "o demonstrație ar ajunge la un destinatar real"}},
    // Alarms that a signal controller tells by a code of the signal list for traffic light controllers.
    {"field.A0001", {"serious hardware fault", "defect grav al echipamentului"}},
    {"field.A0002", {"hardware fault", "defect al echipamentului"}},
    {"field.A0003", {"serious configuration error", "eroare gravă de configurare"}},
    {"field.A0004", {"configuration error", "eroare de configurare"}},
    {"field.A0005", {"synchronisation lost", "sincronizare pierdută"}},
    {"field.A0006", {"safety error", "eroare de siguranță"}},
    {"field.A0007", {"communication error", "eroare de comunicație"}},
    {"field.A0008", {"deadlock", "blocare internă"}},
    {"field.A0009", {"other error", "altă eroare"}},
    {"field.A0010", {"door is open", "ușa este deschisă"}},
    {"field.A0101", {"push button fault", "buton defect"}},
    {"field.A0201", {"serious lamp fault", "defect grav de lampă"}},
    {"field.A0202", {"lamp fault", "defect de lampă"}},
    {"field.A0301", {"detector hardware fault", "defect hardware al detectorului"}},
    {"field.A0302", {"detector logic fault", "semnal neplauzibil al detectorului"}},
    {"field.A0303", {"serious detector hardware fault", "defect hardware grav al detectorului"}},
    {"field.A0304", {"serious detector logic fault", "semnal neplauzibil grav al detectorului"}},
    // Sources.
    {"signals", {"signal controllers", "automate de semaforizare"}},
    {"detectors", {"detectors", "detectoare"}},
    {"avl", {"bus positions", "pozițiile autobuzelor"}},
    {"parking_counts", {"parking counts", "numărători în parcări"}},
    {"air", {"air stations", "stații de aer"}},
    {"signs", {"variable signs", "panouri variabile"}},
    {"no2", {"NO₂", "NO₂"}},
    {"o3", {"O₃", "O₃"}},
    {"so2", {"SO₂", "SO₂"}},
    {"pm10", {"PM10", "PM10"}},
    {"pm25", {"PM2.5", "PM2,5"}},
    // What a case rests on.
    {"two_reads_no_right", {"seen twice, no right found", "văzut de două ori, niciun drept găsit"}},
    {"no_right", {"no right found", "niciun drept găsit"}},
    {"apart_s", {"between the two reads, s", "între cele două citiri, s"}},
    {"distance_m", {"distance between the reads, m", "distanța dintre citiri, m"}},
    {"position_sd_m", {"uncertainty of the position, m", "incertitudinea poziției, m"}},
    {"confidence", {"confidence of the weaker read", "siguranța citirii mai slabe"}},
    {"rule_version", {"version of the rule", "versiunea regulii"}},
    {"sign_shows", {"the sign shows", "panoul arată"}},
    {"sign_demand", {"the sign must show", "panoul trebuie să arate"}},
    {"restricted", {"restricted", "acces restricționat"}},
    {"open", {"open", "deschis"}},
    {"clock_error_s", {"error of the reader's clock, s", "eroarea ceasului cititorului, s"}},
    {"register_age_s", {"age of the register, s", "vechimea registrului, s"}},
    {"activation", {"activation", "activare"}},
    // Levers and commissioning.
    {"none", {"none", "niciunul"}},
    {"observe", {"observe only", "doar observare"}},
    {"bands", {"bands", "benzi dinamice"}},
    {"imported", {"imported", "importată"}},
    {"checked", {"checked", "verificată"}},
    {"bench", {"on the bench", "pe banc de probă"}},
    {"shadow", {"shadow: decides, never sends", "în umbră: decide, nu trimite"}},
    {"supervised", {"supervised", "supravegheată"}},
    {"live", {"live", "în exploatare"}},
    {"unknown", {"unknown", "necunoscut"}},
    // Holders and modes.
    {"panel", {"panel", "panou"}},
    {"police_key", {"police key", "cheia poliției"}},
    {"maintenance", {"maintenance", "mentenanță"}},
    {"other_supervisor", {"another supervisor", "alt supervizor"}},
    {"op", {"operator", "dispecer"}},
    {"operator", {"operator", "dispecer"}},
    {"startup", {"start-up", "pornire"}},
    {"standby", {"standby", "așteptare"}},
    {"failure", {"failure", "avarie"}},
    {"test", {"test", "test"}},
    {"yellow_flash", {"yellow flash", "galben intermitent"}},
    {"dark", {"dark", "stins"}},
    {"all_red", {"all red", "roșu integral"}},
    // What a person asks for.
    {"release_junction", {"Hand to the local plan", "Predă programului local"}},
    {"hold_stage", {"Hold the stage", "Menține faza"}},
    {"select_plan", {"Choose a plan", "Alege programul"}},
    {"end_override", {"End the override", "Încheie intervenția"}},
    {"set_commissioning", {"Commissioning", "Punere în funcțiune"}},
    {"acknowledge_alarm", {"Acknowledge the alarm", "Confirmă alarma"}},
    {"shelve_alarm", {"Shelve the alarm", "Amână alarma"}},
    {"review_case", {"Review the case", "Verifică sesizarea"}},
    {"open_corridor", {"Open an emergency corridor", "Deschide un coridor de urgență"}},
    {"end_corridor", {"End the emergency corridor", "Încheie coridorul de urgență"}},
    {"save_book_entry", {"Write into the city's book", "Scrie în registrul orașului"}},
    {"end_book_entry", {"End the entry of the book", "Încheie înscrierea din registru"}},
    // Contradictions of the book, and what else it refuses.
    {"end_before_begin", {"the end is not after the begin", "termenul nu este după început"}},
    {"all_lanes_lost", {"takes all lanes: that would be a closure", "ocupă toate benzile: ar fi o închidere"}},
    {"plan_and_local", {"a plan and local operation at once", "program și regim local deodată"}},
    {"no_junctions", {"no junction is named for its plan", "nicio intersecție pentru program"}},
    {"two_plans", {"two plans at one junction at one time", "două programe la aceeași intersecție în același timp"}},
    {"all_lanes_together", {"together they take all lanes", "împreună ocupă toate benzile"}},
    {"two_ways", {"a line is led two ways", "o linie este dusă pe două trasee"}},
    {"closed_way", {"the detour leads over a closed section", "traseul ocolitor trece printr-un tronson închis"}},
    {"cut_off", {"together they cut streets off", "împreună izolează străzi"}},
    {"missing_key", {"something is missing", "lipsește ceva"}},
    {"bad_value", {"a value cannot be", "o valoare nu este posibilă"}},
    {"out_of_range", {"a value is out of range", "o valoare este în afara limitelor"}},
    {"unknown_reference", {"names something that the city does not have", "numește ceva ce orașul nu are"}},
    {"unknown_entry", {"no such entry that could be ended", "nicio astfel de înscriere de încheiat"}},
    {"book_full", {"the book is full", "registrul este plin"}},
    {"activate_zone", {"Switch the zone", "Comută zona"}},
    {"settings_deviate", {"settings differ from what the centre holds", "setări diferite de cele ținute de dispecerat"}},
    // Roles.
    {"viewer", {"viewer", "vizualizator"}},
    {"supervisor", {"shift supervisor", "șef de tură"}},
    {"police", {"police", "poliție"}},
    {"maintainer", {"maintainer", "mentenanță"}},
    {"admin", {"administrator", "administrator"}},
    // Refusals of an intent.
    {"right", {"not your right", "nu aveți acest drept"}},
    {"until", {"its end is not allowed", "termen nepermis"}},
    {"state", {"state not allowed", "stare nepermisă"}},
    {"expired", {"came too late", "a ajuns prea târziu"}},
    {"no_override", {"nothing to end", "nimic de încheiat"}},
    {"unknown_junction", {"unknown junction", "intersecție necunoscută"}},
    {"unknown_stage", {"unknown stage", "fază necunoscută"}},
    {"unknown_plan", {"unknown plan", "program necunoscut"}},
    {"unknown_link", {"unknown link", "tronson necunoscut"}},
    {"unknown_corridor", {"no such corridor is open", "niciun astfel de coridor deschis"}},
    {"no_vehicle", {"neither a vehicle nor a place to set out from", "fără vehicul și fără loc de plecare"}},
    {"no_signals", {"no signal stands on that way", "niciun semafor pe acel traseu"}},
    {"known", {"a corridor of that name is open", "există deja un coridor cu acest nume"}},
};
// clang-format on

std::string words(Language language, const Pair& pair) {
  return language == Language::ro ? pair.ro : pair.en;
}

}  // namespace

bool has_words(std::string_view key) {
  return kKeys.contains(key);
}

std::string key_text(Language language, std::string_view key) {
  if (const auto it = kKeys.find(key); it != kKeys.end()) return words(language, it->second);
  // "mode_dark": why, and which.
  for (const std::string_view prefix : {"commissioning_", "holder_", "mode_", "lever_"}) {
    if (!key.starts_with(prefix)) continue;
    const auto what = kKeys.find(prefix.substr(0, prefix.size() - 1));
    return words(language, what->second) + ": " + key_text(language, key.substr(prefix.size()));
  }
  std::string text(key);
  for (auto& c : text) {
    if (c == '_') c = ' ';
  }
  return text;
}

std::string value_text(Language language, std::string_view value) {
  std::string text(value);
  const bool number = !text.empty() && text.find_first_not_of("-0123456789.") == std::string::npos;
  if (!number) return key_text(language, value);
  if (const auto point = text.find('.'); language == Language::ro && point != std::string::npos)
    text[point] = ',';
  return text;
}

}  // namespace dispecer::hmi
