#include "origin.h"
#include "render.h"
#include "service_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <udcg/base/build_id.h>
#include <udcg/store/migrations.h>
#include <udcg/store/verification.h>
#include <unistd.h>

struct workshop {
	const struct service *service;
	const char *path; /* of the database that is being built; NULL: in memory */
	char *staging;
	struct database *database;
	struct verification *verification; /* runs beside rendering */
	struct faults faults;
	struct origin origin; /* how the file looked before it was read */
	struct dataset *dataset;
	struct strbuf *reason;
};

static void append_faults(const struct faults *faults, struct strbuf *reason)
{
	for (size_t i = 0; i < faults->count; i++) {
		const struct fault *fault = &faults->items[i];
		if (i)
			strbuf_append_char(reason, '\n');
		strbuf_append_format(reason, "line %zu: %s: %s", fault->line,
			fault->pointer[0] ? fault->pointer : "/", fault->detail);
	}
	if (faults->total > faults->count)
		strbuf_append_format(reason, "\n… and %zu more", faults->total - faults->count);
}

static void append_way_out(struct workshop *shop)
{
	if (shop->path)
		return;
	strbuf_append_format(shop->reason,
		"; the timeline takes more than %zu bytes of memory: keep it in a file with "
		"--db FILE, or raise --memory-db-max",
		shop->service->memory_database_max);
}

static enum service_status store_failed(struct workshop *shop, enum store_status status,
	const char *doing)
{
	strbuf_append_format(shop->reason, "%s: %s", doing, store_status_text(status));
	const char *message = shop->database ? database_message(shop->database) : NULL;
	if (message && *message)
		strbuf_append_format(shop->reason, " (%s)", message);
	if (status == STORE_FULL)
		append_way_out(shop);
	return SERVICE_SYSTEM;
}

static enum store_status limit_memory(struct workshop *shop)
{
	char sql[64];
	snprintf(sql, sizeof(sql), "PRAGMA max_page_count = %zu",
		shop->service->memory_database_max / 4096 + 1);
	return shop->path ? STORE_OK : database_execute(shop->database, sql);
}

static enum service_status load_rows(struct workshop *shop)
{
	const struct timeline_options options = {
		.staging_path = shop->staging,
		.build = build_id,
		.progress = shop->service->progress,
		.progress_context = shop->service->progress_context,
	};
	enum timeline_status status = timeline_load(shop->service->timeline, shop->database,
		&options, &shop->dataset->card, &shop->faults);
	switch (status) {
	case TIMELINE_OK:
		return SERVICE_OK;
	case TIMELINE_REFUSED:
		append_faults(&shop->faults, shop->reason);
		return SERVICE_REFUSED;
	case TIMELINE_NO_MEMORY:
		return store_failed(shop, STORE_NO_MEMORY, "loading");
	case TIMELINE_CANCELLED:
	case TIMELINE_IO:
		break;
	}
	/* That of a file names it. */
	strbuf_append_text(shop->reason,
		shop->faults.system ? shop->faults.system : "the timeline cannot be loaded");
	if (shop->faults.full)
		append_way_out(shop);
	return SERVICE_SYSTEM;
}

static enum service_status fill(struct workshop *shop)
{
	if (!origin_look(shop->service->timeline, &shop->origin)) {
		strbuf_append_format(shop->reason, "%s: %m", shop->service->timeline);
		return SERVICE_SYSTEM;
	}
	enum store_status status = database_create(shop->path, &shop->database);
	if (status == STORE_OK)
		status = limit_memory(shop);
	if (status == STORE_OK)
		status = migrations_apply(shop->database, MIGRATION_TABLES);
	if (status != STORE_OK)
		return store_failed(shop, status, "making the database");
	enum service_status loaded = load_rows(shop);
	if (loaded != SERVICE_OK)
		return loaded;
	status = migrations_apply(shop->database, migrations_latest());
	if (status == STORE_OK)
		status = verification_start(shop->database, &shop->verification);
	if (status != STORE_OK)
		return store_failed(shop, status, "deriving");
	status = dataset_render(shop->database);
	/* A file that changed while it was read is not noted, and so never trusted by its looks. */
	struct origin origin;
	if (status == STORE_OK && shop->path && origin_read(shop->service->timeline, &origin)
		&& origin_looks_like(&origin, &shop->origin))
		status = origin_note(shop->database, &origin);
	if (status == STORE_OK && shop->path)
		status = database_seal(shop->database);
	return status == STORE_OK ? SERVICE_OK : store_failed(shop, status, "rendering");
}

static void close_database(struct workshop *shop)
{
	verification_free(shop->verification);
	database_free(shop->database);
	shop->verification = NULL;
	shop->database = NULL;
}

/* Makes of the finished database what sessions open; a file still has to get its name. */
static enum service_status deliver(struct workshop *shop)
{
	enum store_status status = verification_finish(shop->verification);
	if (status != STORE_OK)
		return store_failed(shop, status, "verifying");
	if (!shop->path) {
		status = database_image_take(shop->database, &shop->dataset->image);
		return status == STORE_OK ? SERVICE_OK
					  : store_failed(shop, status, "keeping in memory");
	}
	status = database_sync(shop->database);
	if (status != STORE_OK)
		return store_failed(shop, status, "writing");
	close_database(shop);
	shop->dataset->path = strdup(shop->service->database_path);
	return shop->dataset->path ? SERVICE_OK : store_failed(shop, STORE_NO_MEMORY, "writing");
}

static enum service_status open_workshop(struct workshop *shop)
{
	const char *database_path = shop->service->database_path;
	shop->dataset = dataset_create();
	if (!shop->dataset)
		return store_failed(shop, STORE_NO_MEMORY, "loading");
	if (!database_path)
		return SERVICE_OK;
	shop->path = shop->service->unfinished;
	if (asprintf(&shop->staging, "%s.staging", database_path) < 0)
		shop->staging = NULL;
	if (!shop->staging)
		return store_failed(shop, STORE_NO_MEMORY, "loading");
	unlink(shop->path);
	unlink(shop->staging);
	return SERVICE_OK;
}

static void close_workshop(struct workshop *shop, bool good)
{
	close_database(shop);
	if (shop->staging)
		unlink(shop->staging);
	if (!good && shop->path)
		unlink(shop->path);
	if (!good)
		dataset_release(shop->dataset);
	faults_free(&shop->faults);
	free(shop->staging);
}

enum service_status dataset_build(const struct service *service, struct strbuf *reason,
	struct dataset **ret_dataset)
{
	struct workshop shop = {.service = service, .reason = reason};
	enum service_status status = open_workshop(&shop);
	if (status == SERVICE_OK)
		status = fill(&shop);
	if (status == SERVICE_OK)
		status = deliver(&shop);
	if (status == SERVICE_OK)
		*ret_dataset = shop.dataset;
	close_workshop(&shop, status == SERVICE_OK);
	return status;
}
