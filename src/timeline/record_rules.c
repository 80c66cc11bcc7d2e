#include "record_rules.h"

#include <stdlib.h>
#include <string.h>
#include <udcg/base/iso.h>
#include <udcg/store/statement.h>

#include "traits.h"

/* Figures of one measure agree in these. */
static const char *const measure_fields[] = {"kind", "donor", "recipient", "currency"};
enum { MEASURE_FIELDS = sizeof(measure_fields) / sizeof(measure_fields[0]) };

static const char schema[] =
	"CREATE TABLE measure (id TEXT PRIMARY KEY, kind TEXT, donor TEXT, recipient TEXT,"
	" currency TEXT, line INTEGER) STRICT, WITHOUT ROWID;"
	"CREATE TABLE superseded (id TEXT PRIMARY KEY, line INTEGER) STRICT, WITHOUT ROWID;";

static const char sql_measure[] =
	"SELECT kind, donor, recipient, currency, line FROM measure WHERE id = ?1";
static const char sql_add_measure[] =
	"INSERT INTO measure (id, kind, donor, recipient, currency, line)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
static const char sql_superseded[] = "SELECT line FROM superseded WHERE id = ?1";
static const char sql_add_superseded[] = "INSERT INTO superseded (id, line) VALUES (?1, ?2)";

struct ledger {
	struct staging *staging;
	struct statement *measure, *add_measure, *superseded, *add_superseded;
	int64_t *
		packages; /* sum of their amounts, by the currency's index; -1 once it is too big */
};

enum timeline_status ledger_open(struct staging *staging, struct ledger **ret_ledger)
{
	_cleanup_ledger_ struct ledger *ledger = calloc(1, sizeof(*ledger));
	if (!ledger)
		return TIMELINE_NO_MEMORY;
	ledger->staging = staging;
	ledger->packages = calloc(iso_currency_count(), sizeof(ledger->packages[0]));
	if (!ledger->packages)
		return TIMELINE_NO_MEMORY;
	const struct {
		const char *sql;
		struct statement **statement;
	} statements[] = {
		{.sql = sql_measure, .statement = &ledger->measure},
		{.sql = sql_add_measure, .statement = &ledger->add_measure},
		{.sql = sql_superseded, .statement = &ledger->superseded},
		{.sql = sql_add_superseded, .statement = &ledger->add_superseded},
	};
	struct database *database = staging_database(staging);
	enum store_status status = database_execute(database, schema);
	for (size_t i = 0; status == STORE_OK && i < sizeof(statements) / sizeof(statements[0]);
		i++)
		status = statement_prepare(database, bytes_of(statements[i].sql),
			statements[i].statement);
	if (status != STORE_OK)
		return staging_result(staging, status);
	*ret_ledger = ledger;
	ledger = NULL;
	return TIMELINE_OK;
}

void ledger_free(struct ledger *ledger)
{
	if (!ledger)
		return;
	statement_free(ledger->measure);
	statement_free(ledger->add_measure);
	statement_free(ledger->superseded);
	statement_free(ledger->add_superseded);
	free(ledger->packages);
	free(ledger);
}

void ledger_freep(struct ledger **ledger)
{
	ledger_free(*ledger);
}

static bool is(struct bytes text, const char *word)
{
	return bytes_equal(text, bytes_of(word));
}

static void check_source(struct check *check, const struct object *source)
{
	bool dated = object_has(source, "header_date");
	bool judged = object_has(source, "header_date_trusted");
	if (dated && !judged)
		check_fault(check, source->path, "header_date_trusted",
			"is missing: true or false is needed beside header_date");
	if (judged && !dated)
		check_fault(check, source->path, "header_date_trusted",
			"is there without a header_date: leave it out");
}

static void check_country(struct check *check, const struct object *participant)
{
	struct bytes id = object_text(participant, "id");
	struct bytes country = object_text(participant, "country");
	if (!object_has(participant, "country"))
		check_fault(check, participant->path, "country",
			"is missing: a country has its ISO 3166-1 alpha-2 code here");
	else if (id.data && country.data && !(id.length == 2 && bytes_equal_nocase(id, country)))
		check_fault(check, participant->path, "id",
			"\"%.*s\": the id of a country is its code in lower case (country is %.*s)",
			(int)id.length, id.data, (int)country.length, country.data);
}

static void check_participant(struct check *check, const struct object *participant)
{
	struct bytes kind = object_text(participant, "kind");
	if (is(kind, "country"))
		check_country(check, participant);
	if (kind.data && !is(kind, "group") && object_has(participant, "members"))
		check_fault(check, participant->path, "members",
			"is there, but only a group has members: this is of kind %.*s",
			(int)kind.length, kind.data);
}

static void bind_measure(struct ledger *ledger, const struct object *aid, size_t line)
{
	statement_bind_text_at(ledger->add_measure, 1, object_text(aid, "measure"));
	for (int i = 0; i < MEASURE_FIELDS; i++)
		statement_bind_text_at(ledger->add_measure, i + 2,
			object_text(aid, measure_fields[i]));
	statement_bind_integer_at(ledger->add_measure, MEASURE_FIELDS + 2, (int64_t)line);
}

/* A field that is wrong, or missing where it must be there, was called so already. */
static bool is_wrong(const struct object *object, const char *key)
{
	bool required = object->shape->fields[shape_index(object->shape, key)].required;
	return (required || object_has(object, key)) && !object_value(object, key);
}

static void compare_measure(struct check *check, struct ledger *ledger, const struct object *aid)
{
	struct bytes measure = object_text(aid, "measure");
	for (int i = 0; i < MEASURE_FIELDS; i++) {
		const char *key = measure_fields[i];
		struct bytes here = object_text(aid, key);
		struct bytes there = statement_text(ledger->measure, i);
		if (bytes_equal(here, there) || is_wrong(aid, key))
			continue;
		check_fault(check, aid->path, key,
			"%.*s: another figure of the measure \"%.*s\" (line %lld) has %.*s; "
			"figures of one measure have the same kind, donor, recipient and currency",
			here.data ? (int)here.length : 4, here.data ? here.data : "null",
			(int)measure.length, measure.data,
			(long long)statement_integer(ledger->measure, MEASURE_FIELDS),
			there.data ? (int)there.length : 4, there.data ? there.data : "null");
	}
}

static enum timeline_status check_measure(struct check *check, struct ledger *ledger,
	const struct object *aid)
{
	bool row = false;
	statement_reset(ledger->measure);
	statement_bind_text_at(ledger->measure, 1, object_text(aid, "measure"));
	enum store_status status = statement_step(ledger->measure, &row);
	if (status == STORE_OK && row)
		compare_measure(check, ledger, aid);
	bool sure = true;
	for (int i = 0; i < MEASURE_FIELDS; i++)
		sure = sure && !is_wrong(aid, measure_fields[i]);
	if (status == STORE_OK && !row && sure) {
		bind_measure(ledger, aid, check->place.line);
		status = statement_run(ledger->add_measure);
	}
	return staging_result(ledger->staging, status);
}

static enum timeline_status check_supersedes(struct check *check, struct ledger *ledger,
	const struct object *aid)
{
	struct bytes id = object_text(aid, "supersedes");
	bool row = false;
	statement_reset(ledger->superseded);
	statement_bind_text_at(ledger->superseded, 1, id);
	enum store_status status = statement_step(ledger->superseded, &row);
	if (status == STORE_OK && row) {
		check_fault(check, aid->path, "supersedes",
			"\"%.*s\" is superseded by another record already (line %lld): at most one "
			"may do so",
			(int)id.length, id.data,
			(long long)statement_integer(ledger->superseded, 0));
	} else if (status == STORE_OK) {
		statement_bind_text_at(ledger->add_superseded, 1, id);
		statement_bind_integer_at(ledger->add_superseded, 2, (int64_t)check->place.line);
		status = statement_run(ledger->add_superseded);
	}
	return staging_result(ledger->staging, status);
}

static size_t currency_index(struct bytes code)
{
	size_t low = 0, high = iso_currency_count();
	while (low + 1 < high) {
		size_t middle = (low + high) / 2;
		if (bytes_compare(code, bytes_of(iso_currency_at(middle)->code)) < 0)
			high = middle;
		else
			low = middle;
	}
	return low;
}

/* Whatever is added up later can then be added up. */
static void add_package(struct check *check, struct ledger *ledger, const struct object *aid)
{
	struct bytes currency = object_text(aid, "currency");
	const json_t *amount = object_value(aid, "amount");
	if (!currency.data || !amount)
		return;
	int64_t *sum = &ledger->packages[currency_index(currency)];
	if (*sum < 0)
		return;
	*sum += json_integer_value(amount);
	if (*sum > INTEGER_MAX) {
		*sum = -1;
		check_fault(check, aid->path, "amount",
			"takes the packages in %.*s past 9007199254740991 (2^53-1) together: they "
			"must add up to no more",
			(int)currency.length, currency.data);
	}
}

static enum timeline_status check_aid(struct check *check, struct ledger *ledger,
	const struct object *aid)
{
	struct bytes kind = object_text(aid, "kind");
	bool measured = object_has(aid, "measure");
	enum timeline_status status = TIMELINE_OK;
	if (is(kind, "package") && measured)
		check_fault(check, aid->path, "measure",
			"is there, but a package is no reading of a measure: leave it out");
	if (kind.data && !is(kind, "package") && !measured)
		check_fault(check, aid->path, "measure",
			"is missing: a %.*s figure names the measure that it is a reading of",
			(int)kind.length, kind.data);
	if (is(kind, "package"))
		add_package(check, ledger, aid);
	if (!is(kind, "package") && object_value(aid, "measure"))
		status = check_measure(check, ledger, aid);
	if (status == TIMELINE_OK && object_value(aid, "supersedes"))
		status = check_supersedes(check, ledger, aid);
	return status;
}

enum timeline_status record_rules_check(struct check *check, struct ledger *ledger,
	const struct object *object)
{
	switch (check->kind) {
	case RECORD_SOURCE:
		check_source(check, object);
		return TIMELINE_OK;
	case RECORD_PARTICIPANT:
		check_participant(check, object);
		return TIMELINE_OK;
	case RECORD_AID:
		return check_aid(check, ledger, object);
	case RECORD_MEETING:
	case RECORD_CLAIM:
		break;
	}
	return TIMELINE_OK;
}

static int64_t kind_trait(const struct object *object, const char *code)
{
	size_t index = shape_index(object->shape, "kind");
	struct bytes name = object_text(object, "kind");
	if (!name.data)
		return 0;
	return trait_of(choice_find(object->shape->fields[index].choices, name),
		object_text(object, code));
}

int64_t record_trait(enum record_kind kind, const struct object *object)
{
	switch (kind) {
	case RECORD_SOURCE:
		return json_integer_value(object_value(object, "bytes"));
	case RECORD_PARTICIPANT:
		return kind_trait(object, "country");
	case RECORD_AID:
		return is_wrong(object, "currency") ? 0 : kind_trait(object, "currency");
	case RECORD_MEETING:
	case RECORD_CLAIM:
		break;
	}
	return 0;
}
