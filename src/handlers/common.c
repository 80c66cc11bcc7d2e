#include <udcg/handlers/common.h>

const char *const basis_choices[] = {"stated", "derived", NULL};
const char *const qualifier_choices[] = {"exact", "about", "nearly", "more_than", "at_least",
	"up_to", NULL};
const char *const participant_kind_choices[] = {"person", "country", "organisation", "group", NULL};
const char *const role_choices[] = {"chair", "participant", "accompanying", "speaker", NULL};
const char *const attendance_status_choices[] = {"invited", "accepted", "expected", "attended",
	"declined", "absent", NULL};
const char *const mode_choices[] = {"in_person", "remote", NULL};
const char *const precision_choices[] = {"day", "month", "year", "span", "between", "unknown",
	NULL};
const char *const date_qualifier_choices[] = {"uncertain", "approximate", "both", NULL};
