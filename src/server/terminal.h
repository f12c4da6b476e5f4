// What commands print for people and programs.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace penstock::server {

// "penstock: open list.ndjson: No such file or directory (not_found)" on standard error; returns 1.
int PrintFailure(const Error& error);

// Columns as wide as their widest cell, two spaces apart; the first row is the heading.
void PrintTable(const std::vector<std::vector<std::string>>& rows);

}  // namespace penstock::server
