/* org: regions, teams, roles, staff and their saved views. Records only; signing in is core/auth. */
#pragma once

#include "core/record/record.h"

extern const struct record region_record, team_record, role_record, user_record, view_record;
