// The supervisor alone: no bus, no city. It serves the site of one small file, with its guard, and
// writes every message as a line of JSON.
#pragma once

namespace dispecer {

// Is the program asked to run alone (--listen)?
bool wants_alone(int argc, char** argv);
// 0 = stopped, or walked with no refusal that was not planned; 1 = the walk found fault; 2 = could
// not start.
int run_alone(int argc, char** argv);

}  // namespace dispecer
