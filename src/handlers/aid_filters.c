#include "aid.h"

#include <udcg/handlers/common.h>

const char *const aid_kind_choices[] = {"package", "cumulative", "remaining", NULL};
const char *const aid_category_choices[] = {"military", "financial", "humanitarian", "unspecified",
	NULL};
const char *const aid_verb_choices[] = {"announced", "signed", "pledged", "approved", "committed",
	"allocated", "provided", "delivered", NULL};

const struct parameter aid_filters[AID_FILTER_COUNT] = {
	{
		.name = "id",
		.type = PARAMETER_RECORD,
		.record = RECORD_AID,
		.list = true,
		.sql = "a.row IN ({})",
		.summary = "These figures",
	},
	{
		.name = "kind",
		.type = PARAMETER_CHOICE,
		.choices = aid_kind_choices,
		.list = true,
		.sql = "a.kind IN ({})",
		.summary = "One grant, a running total, or a balance",
	},
	{
		.name = "measure",
		.type = PARAMETER_SLUG,
		.vocabulary = WORDS_SHOWN("aid", "measure"),
		.list = true,
		.sql = "a.measure IN ({})",
		.sql_none = "a.measure IS NULL",
		.by_day = true,
		.summary = "Readings of this running total or balance",
	},
	{
		.name = "donor",
		.type = PARAMETER_RECORD,
		.record = RECORD_PARTICIPANT,
		.list = true,
		.sql = "a.donor IN ({})",
		.sql_none = "a.donor IS NULL",
		.by_day = true,
		.summary = "Who gives: itself, not its members",
	},
	{
		.name = "recipient",
		.type = PARAMETER_RECORD,
		.record = RECORD_PARTICIPANT,
		.list = true,
		.sql = "a.recipient IN ({})",
		.sql_none = "a.recipient IS NULL",
		.summary = "Who gets",
	},
	{
		.name = "category",
		.type = PARAMETER_CHOICE,
		.choices = aid_category_choices,
		.list = true,
		.sql = "a.category IN ({})",
		.summary = "For what",
	},
	{
		.name = "mechanism",
		.type = PARAMETER_SLUG,
		.vocabulary = WORDS_SHOWN("aid", "mechanism"),
		.list = true,
		.sql = "a.mechanism IN ({})",
		.sql_none = "a.mechanism IS NULL",
		.summary = "By which legal or financial way",
	},
	{
		.name = "currency",
		.type = PARAMETER_CURRENCY,
		.list = true,
		.sql = "a.currency IN ({})",
		.summary = "ISO 4217 code",
	},
	{
		.name = "claimant",
		.type = PARAMETER_RECORD,
		.record = RECORD_PARTICIPANT,
		.list = true,
		.sql = "a.claimant IN (" SCOPE ")",
		.sql_none = "a.claimant IS NULL",
		.summary = "Who states the figure; a country's persons count for it",
	},
	{
		.name = "meeting",
		.type = PARAMETER_RECORD,
		.record = RECORD_MEETING,
		.list = true,
		.sql = "a.meeting IN ({})",
		.sql_none = "a.meeting IS NULL",
		.summary = "Where it was announced",
	},
	{
		.name = "min_amount",
		.type = PARAMETER_INTEGER,
		.minimum = 1,
		.maximum = AMOUNT_MAX,
		.sql = "a.amount >= {}",
		.summary = "At least this amount; needs currency",
	},
	{
		.name = "max_amount",
		.type = PARAMETER_INTEGER,
		.minimum = 1,
		.maximum = AMOUNT_MAX,
		.sql = "a.amount <= {}",
		.summary = "At most this amount; needs currency",
	},
	{
		.name = "conflict_group",
		.type = PARAMETER_SLUG,
		.vocabulary = "SELECT conflict_group AS word FROM aid",
		.list = true,
		.sql = "a.conflict_group IN ({})",
		.sql_none = "a.conflict_group IS NULL",
		.summary = "Figures that contradict each other",
	},
	{
		.name = "donor_member",
		.type = PARAMETER_RECORD,
		.record = RECORD_PARTICIPANT,
		.list = true,
		.sql = "a.donor IN (SELECT \"group\" FROM group_member WHERE member IN ({}))",
		.summary = "Given by a group that has this member",
	},
};

bool aid_check_amounts(struct exchange *exchange)
{
	static choices bounds = {"min_amount", "max_amount", NULL};
	const struct given *given[2];
	bool good = true;
	for (size_t i = 0; bounds[i]; i++) {
		given[i] = parameters_find(&exchange->parameters, bounds[i]);
		if (given[i] && !parameters_find(&exchange->parameters, "currency"))
			good = exchange_refuse(exchange, bounds[i],
				"needs `currency`: amounts of different currencies do not compare");
	}
	if (given[0] && given[1] && given[0]->values[0].number > given[1]->values[0].number)
		good = exchange_refuse(exchange, "min_amount", "is more than `max_amount`");
	return good;
}
